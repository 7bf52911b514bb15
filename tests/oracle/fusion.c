/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "tests/oracle/fusion.h"

#include <math.h>

#include "tests/oracle/world.h"

static double highest_text(const fusion *f)
{
    double high = 0;
    for (int i = 0; i < f->count; i++) high = fmax(high, f->hits[i]->text_score);
    return high;
}

static double text_share(const fusion *f, const answer_hit *h)
{
    double high = highest_text(f);
    return high > 0 ? h->text_score / high : 0;
}

static double cosine_share(const fusion *f, const answer_hit *h)
{
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < f->count; i++) {
        low = fmin(low, f->hits[i]->cosine); /* fmin and fmax pass NAN over */
        high = fmax(high, f->hits[i]->cosine);
    }
    return isnan(h->cosine) ? 0 : high - low > 1e-6 ? (h->cosine - low) / (high - low) : 1;
}

static double rank_share(double k, uint32_t rank)
{
    return rank ? (k + 1) / (k + rank) : 0;
}

static void set_parts(const fusion *f, answer_hit *h, double weight, double text, double vector)
{
    double text_weight = 1 - weight;
    if (!f->text_on) text_weight = 0, weight = f->vector_on;
    if (!f->vector_on) weight = 0, text_weight = f->text_on;
    h->text = text_weight * text;
    h->vector = weight * vector;
}

/* ---- the adaptive method ---- */

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static double above_floor(const fusion *f, double cosine, double high)
{
    double low = (1 - exp(-f->background_count / 60.0)) *
                 (f->background_mean + 2 * f->background_sd);
    return isnan(cosine) ? 0 : fmax(-0.5, (cosine - low) / fmax(high - low, 0.1));
}

static double entropy(const fusion *f)
{
    double sum = 0, result = 0;
    for (int i = 0; i < f->count; i++) sum += exp(cosine_share(f, f->hits[i]) / 0.1);
    for (int i = 0; i < f->count; i++) {
        double p = exp(cosine_share(f, f->hits[i]) / 0.1) / sum;
        result -= p * log(p) / log(f->count < 2 ? 2 : f->count < 100 ? f->count : 100);
    }
    return result;
}

static int unit(double v[DIM])
{
    double sum = 0;
    for (int i = 0; i < DIM; i++) sum += v[i] * v[i];
    for (int i = 0; i < DIM && sum > 0; i++) v[i] /= sqrt(sum);
    return sum > 0;
}

/* The query moved towards the ten best by x; 0: they have no direction. */
static int moved_query(const fusion *f, const double x[KEYS], float out[DIM])
{
    double sum[DIM] = {0}, high = -INFINITY;
    for (int i = 0; i < f->count; i++) high = fmax(high, x[i]);
    for (int i = 0; i < f->count; i++) {
        int better = 0;
        for (int j = 0; j < f->count; j++)
            better += x[j] > x[i] || (x[j] == x[i] && f->hits[j]->id < f->hits[i]->id);
        if (better >= 10 || isnan(f->hits[i]->cosine)) continue;
        for (int d = 0; d < DIM; d++) sum[d] += exp((x[i] - high) / 0.05) * f->vectors[i][d];
    }
    if (!unit(sum)) return 0;
    for (int d = 0; d < DIM; d++) sum[d] = f->asked[d] + 0.5 * sum[d];
    if (!unit(sum)) return 0;
    for (int d = 0; d < DIM; d++) out[d] = (float)sum[d];
    return 1;
}

static void adapt(const fusion *f)
{
    double text[KEYS], vector[KEYS], again[KEYS], x[KEYS], high = -INFINITY, h = 0, weight = 0;
    float moved[DIM];
    for (int i = 0; i < f->count; i++) high = fmax(high, f->hits[i]->cosine);
    for (int i = 0; i < f->count; i++) {
        text[i] = text_share(f, f->hits[i]);
        vector[i] = above_floor(f, f->hits[i]->cosine, high);
    }
    if (f->text_on && f->vector_on) {
        h = entropy(f);
        double first = logistic(f->query->lean - 2 * h);
        weight = logistic(f->query->feedback_lean - 1.25 * h);
        for (int i = 0; i < f->count; i++) x[i] = (1 - first) * text[i] + first * vector[i];
        int has_moved = moved_query(f, x, moved);
        high = -INFINITY;
        for (int i = 0; i < f->count && has_moved; i++) {
            again[i] = isnan(f->hits[i]->cosine) ? NAN : cosine_of_units(f->vectors[i], moved);
            high = fmax(high, again[i]);
        }
        for (int i = 0; i < f->count && has_moved; i++) vector[i] = above_floor(f, again[i], high);
    }
    for (int i = 0; i < f->count; i++) {
        answer_hit *hit = f->hits[i];
        set_parts(f, hit, weight, text[i], vector[i]);
        if (hit->text + hit->vector < 0) hit->vector = -hit->text;
    }
}

/* ---- methods by the spread of the scores ---- */

static double score_of(const fusion *f, int hit, int text)
{
    return text ? f->hits[hit]->text_score : f->hits[hit]->cosine;
}

/* Standard deviations from the mean of the candidates; NAN where there is no score or no spread. */
static double deviation(const fusion *f, int hit, int text)
{
    double sum = 0, squares = 0, n = 0, low = INFINITY, high = -INFINITY;
    for (int i = 0; i < f->count; i++) {
        if (!isnan(score_of(f, i, text))) sum += score_of(f, i, text), n++;
        low = fmin(low, score_of(f, i, text));
        high = fmax(high, score_of(f, i, text));
    }
    if (!text && !(high - low > 1e-6)) return NAN; /* rounding alone */
    for (int i = 0; i < f->count; i++)
        if (!isnan(score_of(f, i, text))) squares += pow(score_of(f, i, text) - sum / n, 2);
    return squares > 0 ? (score_of(f, hit, text) - sum / n) / sqrt(squares / n) : NAN;
}

static double dbsf(const fusion *f, int hit, int text)
{
    if (isnan(score_of(f, hit, text))) return 0;
    double z = deviation(f, hit, text);
    return isnan(z) ? 0.5 : fmin(1, fmax(0, (z + 3) / 6));
}

static double z_score(const fusion *f, int hit, int text)
{
    if (isnan(score_of(f, hit, text))) return -3;
    double z = deviation(f, hit, text);
    return isnan(z) ? 0 : z;
}

static double log_odds(double share)
{
    double p = fmin(0.99, fmax(0.01, share));
    return log(p / (1 - p));
}

/* Parts of a sum on the logistic scale: what each leg adds, before and after the other. */
static void set_logistic(const fusion *f, answer_hit *h, double text, double vector)
{
    set_parts(f, h, f->query->alpha, 1, 1); /* the weights */
    double text_weight = h->text, both = logistic(h->text * text + h->vector * vector);
    double t = logistic(h->text * text), v = logistic(h->vector * vector);
    h->text = (t - 0.5 + both - v) / 2 + text_weight / 2;
    h->vector = both - h->text;
}

static void fuse_one(const fusion *f, int i)
{
    const query_step *q = f->query;
    answer_hit *h = f->hits[i];
    double sum = q->rrf_text + q->rrf_vector;
    switch (q->fusion) {
    case FUSION_MINMAX: set_parts(f, h, q->alpha, text_share(f, h), cosine_share(f, h)); break;
    case FUSION_RRF:
        set_parts(f, h, sum > 0 ? q->rrf_vector / sum : 0.5, rank_share(q->rrf_k, h->text_rank),
                  rank_share(q->rrf_k, h->vector_rank));
        break;
    case FUSION_TMM:
        set_parts(f, h, q->alpha, text_share(f, h), isnan(h->cosine) ? 0 : (1 + h->cosine) / 2);
        break;
    case FUSION_DBSF: set_parts(f, h, q->alpha, dbsf(f, i, 1), dbsf(f, i, 0)); break;
    case FUSION_Z_SCORE: set_logistic(f, h, z_score(f, i, 1), z_score(f, i, 0)); break;
    default: set_logistic(f, h, log_odds(text_share(f, h)), log_odds(cosine_share(f, h))); break;
    }
}

void fuse_all(fusion *f)
{
    if (f->query->fusion == FUSION_ADAPTIVE) {
        adapt(f);
        return;
    }
    for (int i = 0; i < f->count; i++) fuse_one(f, i);
}

/* ---- signal or noise ---- */

/* Of successes and failures in a given order, one draw after another (Pólya's urn). */
static double log_urn(double good, double bad, int successes, int failures)
{
    double sum = 0;
    for (int i = 0; i < successes; i++) sum += log((good + i) / (good + bad + i));
    for (int i = 0; i < failures; i++) sum += log((bad + i) / (good + bad + successes + i));
    return sum;
}

double noise_of(const int *successes, const int *failures, int count)
{
    static const int WIDTHS[] = {2, 4, 8};
    int all_successes = 0, all_failures = 0;
    for (int i = 0; i < count; i++) {
        all_successes += successes[i];
        all_failures += failures[i];
    }
    double noise = log_urn(1, 1, all_successes, all_failures), ratio = 0;
    for (int w = 0; w < 3; w++)
        for (int j = 1; j <= 19; j++) {
            double signal = 0, mean = j / 20.0;
            for (int i = 0; i < count; i++)
                signal += log_urn(WIDTHS[w] * mean, WIDTHS[w] * (1 - mean), successes[i], failures[i]);
            ratio += exp(signal - noise) / 57;
        }
    return 1 / (1 + ratio);
}

/* One over the share of a softmax that is the hit's: all rivals, and nothing at all, over it. */
static double rivalry(const fusion *f, int hit, int text, double width, double nothing)
{
    double sum = 0, own = text ? f->hits[hit]->text_score : f->hits[hit]->cosine;
    for (int i = 0; i < f->count; i++) {
        double score = text ? f->hits[i]->text_score : f->hits[i]->cosine;
        if (!isnan(score)) sum += exp((score - own) / width);
    }
    return log(sum + exp((nothing - own) / width));
}

void calibrate_all(fusion *f)
{
    double high = 0, sd = fmax(f->background_sd, 0.02);
    for (int i = 0; i < f->count; i++) high = fmax(high, f->hits[i]->text_score);
    for (int i = 0; i < f->count; i++) {
        int vector = f->vector_on && !isnan(f->hits[i]->cosine);
        double t = f->text_on ? rivalry(f, i, 1, 0.1 * high, 0.1 * f->text_most) : 0;
        double v = vector ? rivalry(f, i, 0, 0.3 * sd, 0.4) : 0;
        double odds = f->text_on && vector ? 1.10 - 0.23 * v - 0.65 * t
                      : f->text_on         ? 0.74 - 1.01 * t
                                           : 0.04 - 0.72 * v;
        f->hits[i]->relevant = f->text_on || vector ? 1 / (1 + exp(-odds)) : 0;
    }
}
