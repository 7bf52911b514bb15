/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rank room: each fusion method against its formula written plainly, the arithmetic of an
 * explanation, the total order, the bound on trust, and the weights table.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "rank/fuse.h"

static plurum_weights weights;
static plurum_error error;

static void setup(void)
{
    pli_weights_init(&weights);
}

static double random_unit(unsigned *seed)
{
    return rand_r(seed) / (double)RAND_MAX;
}

/* Candidates as two legs would give them: some without a vector, some without a term. */
static size_t random_candidates(pli_candidate *c, size_t most, unsigned *seed)
{
    size_t n = 1 + (size_t)rand_r(seed) % most;
    for (size_t i = 0; i < n; i++) {
        memset(&c[i], 0, sizeof c[i]);
        c[i].id = (uint32_t)(i * 3 + 1);
        c[i].text = rand_r(seed) % 4 ? 10.0 * random_unit(seed) : 0.0;
        c[i].text_rank = c[i].text > 0 && rand_r(seed) % 2 ? 1 + (uint32_t)rand_r(seed) % 100 : 0;
        c[i].cosine = rand_r(seed) % 5 ? 2.0 * random_unit(seed) - 1.0 : NAN;
        c[i].similarity = isnan(c[i].cosine) ? NAN : fmax(0.0, c[i].cosine);
        c[i].vector_rank =
            !isnan(c[i].cosine) && rand_r(seed) % 2 ? 1 + (uint32_t)rand_r(seed) % 100 : 0;
        c[i].tools_share = (double)(rand_r(seed) % 3) / 2.0;
        c[i].trust.boost = 1.0 / 3.0 + 2.0 / 3.0 * random_unit(seed);
    }
    return n;
}

/* What the definitions say, computed from all candidates again each time. */
typedef struct world {
    const pli_candidate *all;
    size_t n;
    const pli_fusion_input *in;
} world;

static double wt(const world *w, double text)
{
    return !w->in->text_active ? 0 : !w->in->vector_active ? 1 : text;
}

static double highest_text(const world *w)
{
    double high = 0;
    for (size_t i = 0; i < w->n; i++) high = fmax(high, w->all[i].text);
    return high;
}

static double text_share(const world *w, const pli_candidate *c)
{
    return highest_text(w) > 0 ? c->text / highest_text(w) : 0;
}

static double cosine_share(const world *w, const pli_candidate *c)
{
    double low = 9, high = -9;
    for (size_t i = 0; i < w->n; i++)
        low = fmin(low, w->all[i].cosine), high = fmax(high, w->all[i].cosine);
    return isnan(c->cosine) ? 0 : high == low ? 1 : (c->cosine - low) / (high - low);
}

static void moments(const world *w, int vector, double *mean, double *sd)
{
    double sum = 0, squares = 0, n = 0;
    for (size_t i = 0; i < w->n; i++) {
        double x = vector ? w->all[i].cosine : w->all[i].text;
        if (!isnan(x)) sum += x, n++;
    }
    *mean = n > 0 ? sum / n : 0;
    for (size_t i = 0; i < w->n; i++) {
        double x = vector ? w->all[i].cosine : w->all[i].text;
        if (!isnan(x)) squares += (x - *mean) * (x - *mean);
    }
    *sd = n > 0 ? sqrt(squares / n) : 0;
}

static double plain_minmax(const world *w, const pli_candidate *c)
{
    double t = wt(w, 1 - w->in->alpha);
    return t * text_share(w, c) + (1 - t) * cosine_share(w, c);
}

static double plain_rrf(const world *w, const pli_candidate *c)
{
    double k = weights.value[PLI_W_RRF_K], sum = 0;
    double text = w->in->text_active ? weights.value[PLI_W_RRF_TEXT] : 0;
    double vector = w->in->vector_active ? weights.value[PLI_W_RRF_VECTOR] : 0;
    if (c->text_rank) sum += text / (k + c->text_rank);
    if (c->vector_rank) sum += vector / (k + c->vector_rank);
    return sum / ((text + vector) / (k + 1));
}

static double plain_tmm(const world *w, const pli_candidate *c)
{
    double t = wt(w, 1 - w->in->alpha);
    return t * text_share(w, c) + (1 - t) * (isnan(c->cosine) ? 0 : (c->cosine + 1) / 2);
}

static double plain_dbsf(const world *w, const pli_candidate *c)
{
    double t = wt(w, 1 - w->in->alpha), sum = 0;
    for (int vector = 0; vector < 2; vector++) {
        double mean, sd, x = vector ? c->cosine : c->text, weight = vector ? 1 - t : t;
        moments(w, vector, &mean, &sd);
        double d = isnan(x) ? 0 : sd <= 0 ? .5 : fmin(1, fmax(0, (x - mean + 3 * sd) / (6 * sd)));
        sum += weight * d;
    }
    return sum;
}

static double plain_z_score(const world *w, const pli_candidate *c)
{
    double t = wt(w, 1 - w->in->alpha), sum = 0;
    for (int vector = 0; vector < 2; vector++) {
        double mean, sd, x = vector ? c->cosine : c->text, weight = vector ? 1 - t : t;
        moments(w, vector, &mean, &sd);
        sum += weight * (isnan(x) ? -3 : sd > 0 ? (x - mean) / sd : 0);
    }
    return 1 / (1 + exp(-sum));
}

static double odds(double p)
{
    p = fmin(.99, fmax(.01, p));
    return log(p / (1 - p));
}

static double plain_log_odds(const world *w, const pli_candidate *c)
{
    double t = wt(w, 1 - w->in->alpha);
    return 1 / (1 + exp(-(t * odds(text_share(w, c)) + (1 - t) * odds(cosine_share(w, c)))));
}

/* ---- the adaptive method, on vectors of the test's own ---- */

enum { DIM = 6, IDS = 200 };
static float vectors[IDS][DIM], query_vector[DIM];

static const float *vector_of(const void *payload, uint32_t id)
{
    (void)payload;
    return vectors[id];
}

static double cosine_with(const void *payload, uint32_t id, const float *query)
{
    (void)payload;
    double sum = 0;
    for (int i = 0; i < DIM; i++) sum += (double)vectors[id][i] * query[i];
    return sum;
}

static void cosines_with(double *out, const void *payload, const uint32_t *ids, size_t count,
                         const float *query)
{
    for (size_t i = 0; i < count; i++) out[i] = cosine_with(payload, ids[i], query);
}

static void random_direction(float v[DIM], unsigned *seed)
{
    double sum = 0;
    for (int i = 0; i < DIM; i++) v[i] = (float)(2 * random_unit(seed) - 1), sum += v[i] * v[i];
    for (int i = 0; i < DIM; i++) v[i] = (float)(v[i] / sqrt(sum));
}

static double floor_at(const world *w)
{
    return (1 - exp(-(double)w->in->background_count / 60)) *
           (w->in->background_mean + 2 * w->in->background_sd);
}

static double above(const world *w, double cosine, double high)
{
    return isnan(cosine) ? 0 : fmax(-.5, (cosine - floor_at(w)) / fmax(high - floor_at(w), .1));
}

static double first_mix(const world *w, const pli_candidate *c, double weight)
{
    double high = -9;
    for (size_t i = 0; i < w->n; i++) high = fmax(high, w->all[i].cosine);
    return (1 - weight) * text_share(w, c) + weight * above(w, c->cosine, high);
}

static double plain_adaptive(const world *w, const pli_candidate *c)
{
    double high = -9, sum = 0, entropy = 0, moved[DIM] = {0}, norm = 0;
    for (size_t i = 0; i < w->n; i++) high = fmax(high, w->all[i].cosine);
    if (!w->in->text_active) return fmax(0, above(w, c->cosine, high));
    if (!w->in->vector_active) return text_share(w, c);
    for (size_t i = 0; i < w->n; i++) sum += exp(cosine_share(w, &w->all[i]) / .1);
    for (size_t i = 0; i < w->n; i++) {
        double p = exp(cosine_share(w, &w->all[i]) / .1) / sum;
        entropy -= p * log(p) / log(w->n < 2 ? 2 : w->n < 100 ? (double)w->n : 100);
    }
    double first = 1 / (1 + exp(-(w->in->lean - 2 * entropy)));
    double second = 1 / (1 + exp(-(w->in->feedback_lean - 1.25 * entropy)));
    for (size_t i = 0; i < w->n; i++) {
        size_t better = 0;
        double x = first_mix(w, &w->all[i], first);
        for (size_t j = 0; j < w->n; j++) {
            double y = first_mix(w, &w->all[j], first);
            better += y > x || (y == x && w->all[j].id < w->all[i].id);
        }
        if (better >= 10 || isnan(w->all[i].cosine)) continue;
        for (int k = 0; k < DIM; k++) moved[k] += exp(x / .05) * vectors[w->all[i].id][k];
    }
    for (int k = 0; k < DIM; k++) norm += moved[k] * moved[k];
    if (norm <= 0) return fmax(0, first_mix(w, c, second));
    double length = 0;
    float again[DIM];
    for (int k = 0; k < DIM; k++) moved[k] = query_vector[k] + .5 * moved[k] / sqrt(norm);
    for (int k = 0; k < DIM; k++) length += moved[k] * moved[k];
    for (int k = 0; k < DIM; k++) again[k] = (float)(moved[k] / sqrt(length));
    high = -9;
    for (size_t i = 0; i < w->n; i++)
        if (!isnan(w->all[i].cosine)) high = fmax(high, cosine_with(NULL, w->all[i].id, again));
    double d = isnan(c->cosine) ? 0 : above(w, cosine_with(NULL, c->id, again), high);
    return fmax(0, (1 - second) * text_share(w, c) + second * d);
}

typedef double plain(const world *w, const pli_candidate *c);
static plain *const PLAIN[PLI_FUSION_COUNT] = {plain_minmax,  plain_rrf,      plain_tmm, plain_dbsf,
                                               plain_z_score, plain_log_odds, plain_adaptive};

/* Cosines that are those of the test's vectors. */
static void give_vectors(pli_candidate *c, size_t n, unsigned *seed)
{
    random_direction(query_vector, seed);
    for (size_t i = 0; i < n; i++) {
        random_direction(vectors[c[i].id], seed);
        if (rand_r(seed) % 4 == 0) memcpy(vectors[c[i].id], vectors[c[0].id], sizeof vectors[0]);
        if (!isnan(c[i].cosine)) c[i].cosine = cosine_with(NULL, c[i].id, query_vector);
    }
}

/* What a query asks of every method, with both legs active. */
static pli_fusion_input random_input(unsigned *seed)
{
    return (pli_fusion_input){.weights = &weights,
                              .alpha = random_unit(seed),
                              .text_active = 1,
                              .vector_active = 1,
                              .tools_asked = rand_r(seed) % 2,
                              .lean = 2 * random_unit(seed) - 1,
                              .feedback_lean = 2 * random_unit(seed) - 1,
                              .background_mean = random_unit(seed) - .5,
                              .background_sd = .3 * random_unit(seed),
                              .background_count = (uint32_t)rand_r(seed) % 500,
                              .dim = DIM,
                              .query = query_vector,
                              .vector = vector_of,
                              .cosines = cosines_with};
}

START_TEST(every_method_equals_its_definition_and_explains_itself)
{
    unsigned seed = 11;
    static pli_candidate c[60], before[60];
    for (int round = 0; round < 3000; round++) {
        int adaptive = round % PLI_FUSION_COUNT == 6; /* whose plain form takes the fourth power */
        size_t n = random_candidates(c, adaptive ? 16 : 60, &seed);
        give_vectors(c, n, &seed);
        memcpy(before, c, n * sizeof *c);
        pli_fusion_input in = random_input(&seed);
        in.text_active = rand_r(&seed) % 4 > 0;
        if (in.text_active) in.vector_active = rand_r(&seed) % 4 > 0;
        weights.value[PLI_W_FUSION] = round % PLI_FUSION_COUNT;
        weights.value[PLI_W_RRF_TEXT] = .5 + random_unit(&seed);
        weights.value[PLI_W_RRF_VECTOR] = .5 + random_unit(&seed);
        pli_rank(c, n, &in);
        const world w = {before, n, &in};
        for (size_t i = 0; i < n; i++) {
            const plurum_explain *e = &c[i].explain;
            double tools = in.tools_asked ? .2 : 0;
            double fused = PLAIN[round % PLI_FUSION_COUNT](&w, &c[i]);
            double relevance = (fused + tools * c[i].tools_share) / (1 + tools);
            ck_assert_double_eq_tol(c[i].relevance, relevance, 1e-9);
            ck_assert_double_eq_tol(e->text + e->vector + e->tools, c[i].relevance, 1e-12);
            ck_assert_double_eq_tol(e->text + e->vector + e->tools + e->trust, c[i].score, 1e-12);
            ck_assert_double_ge(c[i].relevance, 0);
            ck_assert_double_le(c[i].relevance, 1 + 1e-12);
            if (i) ck_assert_int_lt(pli_rank_compare(&c[i - 1], &c[i]), 0);
        }
    }
}
END_TEST

/* As identical vectors give, which are rounded to single precision with the query. */
START_TEST(rounding_alone_does_not_tell_documents_apart)
{
    enum { COUNT = 5 };
    for (int method = 0; method < PLI_FUSION_COUNT; method++) {
        if (method == 1) continue; /* ranks are what it goes by */
        pli_candidate c[COUNT];
        unsigned seed = 3;
        memset(c, 0, sizeof c);
        pli_fusion_input in = random_input(&seed);
        in.text_active = 0;
        weights.value[PLI_W_FUSION] = method;
        for (uint32_t i = 0; i < COUNT; i++) {
            c[i].id = i + 1;
            c[i].cosine = 0.7 + 1e-8 * i;
            c[i].trust.boost = 1;
            memcpy(vectors[c[i].id], query_vector, sizeof query_vector);
        }
        pli_score(c, COUNT, &in);
        for (int i = 1; i < COUNT; i++)
            ck_assert_double_eq_tol(c[i].relevance, c[0].relevance, 1e-6);
    }
}
END_TEST

START_TEST(ties_are_broken_by_similarity_then_text_then_id)
{
    pli_candidate c[5];
    memset(c, 0, sizeof c);
    for (int i = 0; i < 5; i++) c[i].score = 1, c[i].id = (uint32_t)i + 1, c[i].similarity = .5;
    c[0].similarity = NAN;
    c[1].text = 1;
    c[2].text = 2;
    ck_assert_int_gt(pli_rank_compare(&c[0], &c[1]), 0); /* none comes last */
    ck_assert_int_gt(pli_rank_compare(&c[1], &c[2]), 0);
    ck_assert_int_lt(pli_rank_compare(&c[3], &c[4]), 0);
    ck_assert_int_eq(pli_rank_compare(&c[3], &c[3]), 0);
    c[0].score = 2;
    ck_assert_int_lt(pli_rank_compare(&c[0], &c[2]), 0);
}
END_TEST

/* A boost of any trust, gate and exploration, and of any reports from the asked environment. */
static void boost_at_random(pli_candidate *c, double noise, unsigned *seed)
{
    c->trust.trust = random_unit(seed);
    c->trust.sd = .5 * random_unit(seed);
    c->here_successes = rand_r(seed) % 3 ? 20 * random_unit(seed) : 0;
    c->alike_successes = rand_r(seed) % 3 ? 20 * random_unit(seed) : 0;
    c->alike_failures = rand_r(seed) % 3 ? 20 * random_unit(seed) : 0;
    c->told = rand_r(seed) % 3 ? random_unit(seed) : 0;
    c->prior = random_unit(seed);
    c->here_failures = rand_r(seed) % 3 ? 20 * random_unit(seed) : 0;
    pli_boost(c, &weights, noise);
    ck_assert_double_ge(c->trust.boost, weights.value[PLI_W_FLOOR] - 1e-12);
    ck_assert_double_le(c->trust.boost, 1 + 1e-12);
}

START_TEST(trust_never_lifts_over_more_than_one_over_a)
{
    unsigned seed = 5;
    static pli_candidate c[60];
    for (int round = 0; round < 3000; round++) {
        size_t n = random_candidates(c, 60, &seed);
        double noise = round % 4 ? random_unit(&seed) : (double)(round / 4 % 2);
        weights.value[PLI_W_FLOOR] = round % 3 ? .05 + .95 * random_unit(&seed) : 2.0 / 3.0;
        weights.value[PLI_W_EXPLORE] = round % 5 ? 10 * random_unit(&seed) : 0;
        weights.value[PLI_W_GATE] = random_unit(&seed);
        weights.value[PLI_W_ENVIRONMENT] = .1 + 20 * random_unit(&seed);
        for (size_t i = 0; i < n; i++) boost_at_random(&c[i], noise, &seed);
        give_vectors(c, n, &seed);
        pli_fusion_input in = random_input(&seed);
        weights.value[PLI_W_FUSION] = round % PLI_FUSION_COUNT;
        pli_rank(c, n, &in);
        double least = c[0].relevance; /* of those before */
        for (size_t i = 0; i < n; i++) {
            ck_assert_double_le(c[i].relevance * weights.value[PLI_W_FLOOR], least + 1e-12);
            least = fmin(least, c[i].relevance);
        }
    }
}
END_TEST

/* Where nothing is known of noise and places, the boost is a + (1 - a)·min(1, trust + e·sd). */
START_TEST(a_boost_is_of_what_was_reported)
{
    pli_candidate c = {.trust = {.trust = .9, .sd = .1}};
    weights.value[PLI_W_FLOOR] = .6;
    pli_boost(&c, &weights, 0);
    ck_assert_double_eq_tol(c.trust.boost, .6 + .4 * .9, 1e-12);
    weights.value[PLI_W_EXPLORE] = .5;
    pli_boost(&c, &weights, 0);
    ck_assert_double_eq_tol(c.trust.boost, .6 + .4 * .95, 1e-12);
    weights.value[PLI_W_EXPLORE] = 3;
    pli_boost(&c, &weights, 0);
    ck_assert_double_eq_tol(c.trust.boost, 1, 1e-12);
    weights.value[PLI_W_EXPLORE] = 0;
    weights.value[PLI_W_GATE] = .5;
    pli_boost(&c, &weights, .4); /* a fifth counts as one half */
    ck_assert_double_eq_tol(c.trust.boost, .6 + .4 * (.8 * .9 + .2 * .5), 1e-12);
    c.here_failures = 8; /* as many as the trust of all counts for */
    weights.value[PLI_W_ENVIRONMENT] = 8;
    pli_boost(&c, &weights, 0);
    ck_assert_double_eq_tol(c.trust.boost, .6 + .4 * .45, 1e-12);
    ck_assert_double_eq_tol(c.explain.here_trust, .45, 1e-12);
}
END_TEST

START_TEST(weights_are_set_by_name_and_within_their_range)
{
    double value;
    ck_assert_int_eq(plurum_weights_set(&weights, "rrf_k", 10, &error), PLURUM_OK);
    ck_assert_int_eq(plurum_weights_get(&weights, "rrf_k", &value, &error), PLURUM_OK);
    ck_assert_double_eq(value, 10);
    ck_assert_int_eq(plurum_weights_set(&weights, "rrf_k", -1, &error), PLURUM_INVALID);
    ck_assert_str_eq(error.text, "rrf_k: -1, allowed are 0 to 1000");
    ck_assert_int_eq(plurum_weights_set(&weights, "rrf_k", NAN, &error), PLURUM_INVALID);
    ck_assert_int_eq(plurum_weights_set(&weights, "alpha", NAN, &error), PLURUM_OK);
    ck_assert_int_eq(plurum_weights_set(&weights, "candidates", 2.5, &error), PLURUM_INVALID);
    ck_assert_int_eq(plurum_weights_set(&weights, "nonsense", 1, &error), PLURUM_NOTFOUND);
    ck_assert_int_eq(plurum_weights_set_text(&weights, "fusion", "rrf", &error), PLURUM_OK);
    ck_assert_double_eq(weights.value[PLI_W_FUSION], 1);
    ck_assert_int_eq(plurum_weights_set_text(&weights, "fusion", "magic", &error), PLURUM_INVALID);
    ck_assert_str_eq(error.text, "fusion: \"magic\", minmax, rrf, tmm, dbsf, z-score, "
                                 "log-odds or adaptive expected");
    ck_assert_int_eq(plurum_weights_set_text(&weights, "tools", ".3", &error), PLURUM_INVALID);
    ck_assert_double_eq(weights.value[PLI_W_TOOLS], .2);
}
END_TEST

START_TEST(a_weights_file_is_read_whole_or_not_at_all)
{
    static const char GOOD[] = "# mine\n\n fusion = rrf # comment\nalpha=0.25\r\nfloor = 5e-1";
    ck_assert_int_eq(plurum_weights_parse(&weights, GOOD, sizeof GOOD - 1, &error), PLURUM_OK);
    ck_assert_double_eq(weights.value[PLI_W_ALPHA], .25);
    ck_assert_double_eq(weights.value[PLI_W_FLOOR], .5);
    static const char MARKED[] = "\xEF\xBB\xBF" "fusion = tmm\n"; /* as some editors write UTF-8 */
    ck_assert_int_eq(plurum_weights_parse(&weights, MARKED, sizeof MARKED - 1, &error), PLURUM_OK);
    ck_assert_double_eq(weights.value[PLI_W_FUSION], 2);
    static const char BAD[] = "alpha = 0.5\nalpha 0.7\n";
    ck_assert_int_eq(plurum_weights_parse(&weights, BAD, sizeof BAD - 1, &error), PLURUM_INVALID);
    ck_assert_uint_eq(error.position, 2);
    ck_assert_double_eq(weights.value[PLI_W_ALPHA], .25);
}
END_TEST

START_TEST(printed_weights_read_back_the_same)
{
    unsigned seed = 3;
    for (int round = 0; round < 50; round++) {
        plurum_weights back;
        pli_weights_init(&back);
        weights.value[PLI_W_ALPHA] = round ? random_unit(&seed) : NAN;
        weights.value[PLI_W_FLOOR] = random_unit(&seed);
        weights.value[PLI_W_FUSION] = round % PLI_FUSION_COUNT;
        char *text;
        ck_assert_int_eq(plurum_weights_print(&text, &weights, &error), PLURUM_OK);
        ck_assert_int_eq(plurum_weights_parse(&back, text, strlen(text), &error), PLURUM_OK);
        for (size_t i = 0; i < PLI_WEIGHT_COUNT; i++)
            ck_assert(weights.value[i] == back.value[i] ||
                      (isnan(weights.value[i]) && isnan(back.value[i])));
        plurum_text_free(text);
    }
}
END_TEST

START_TEST(a_tuned_file_has_what_was_changed_and_says_where_it_is_from)
{
    static const char WANTED[] =
        "# tuned on a and b\n"
        "#\n"
        "# gain +.01\n"
        "# how the two legs' scores become one relevance [choice]: minmax, rrf, tmm, dbsf, z-score, "
        "log-odds, adaptive; default adaptive\n"
        "fusion = rrf\n"
        "# rank constant of reciprocal rank fusion [rank]: 0.0 to 1000.0; default 60.0\n"
        "rrf_k = 17.5\n";
    char *text;
    weights.value[PLI_W_FUSION] = 1;
    weights.value[PLI_W_RRF_K] = 17.5;
    ck_assert_int_eq(plurum_weights_print_changed(&text, &weights, "tuned on a and b\n\ngain +.01",
                                                  &error), PLURUM_OK);
    ck_assert_str_eq(text, WANTED);
    pli_free(text);
}
END_TEST

START_TEST(weights_are_read_from_a_file)
{
    char path[] = "/tmp/plurum-weights-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    fputs("# a comment\nalpha = .3\n", file);
    fclose(file);
    ck_assert_int_eq(plurum_weights_read(&weights, path, &error), PLURUM_INVALID);
    ck_assert_uint_eq(error.position, 2);
    file = fopen(path, "w");
    fputs("alpha = 0.3 # a comment\n", file);
    fclose(file);
    ck_assert_int_eq(plurum_weights_read(&weights, path, &error), PLURUM_OK);
    ck_assert_double_eq(weights.value[PLI_W_ALPHA], .3);
    file = fopen(path, "w");
    for (int i = 0; i < 10000; i++) fputs("alpha = 0.4\n", file);
    fclose(file);
    ck_assert_int_eq(plurum_weights_read(&weights, path, &error), PLURUM_LIMIT);
    ck_assert_double_eq(weights.value[PLI_W_ALPHA], .3);
    unlink(path);
    ck_assert_int_eq(plurum_weights_read(&weights, path, &error), PLURUM_NOTFOUND);
}
END_TEST

START_TEST(every_weight_is_described)
{
    for (size_t i = 0; i < plurum_weight_count(); i++) {
        const plurum_weight_info *info = plurum_weight_info_at(i);
        ck_assert(info->name && info->unit && info->meaning && info->min < info->max);
    }
    ck_assert_ptr_null(plurum_weight_info_at(plurum_weight_count()));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rank");
    TCase *tc = tcase_create("rank");
    tcase_add_checked_fixture(tc, setup, NULL);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, every_method_equals_its_definition_and_explains_itself);
    tcase_add_test(tc, rounding_alone_does_not_tell_documents_apart);
    tcase_add_test(tc, ties_are_broken_by_similarity_then_text_then_id);
    tcase_add_test(tc, trust_never_lifts_over_more_than_one_over_a);
    tcase_add_test(tc, a_boost_is_of_what_was_reported);
    tcase_add_test(tc, weights_are_set_by_name_and_within_their_range);
    tcase_add_test(tc, a_weights_file_is_read_whole_or_not_at_all);
    tcase_add_test(tc, printed_weights_read_back_the_same);
    tcase_add_test(tc, a_tuned_file_has_what_was_changed_and_says_where_it_is_from);
    tcase_add_test(tc, weights_are_read_from_a_file);
    tcase_add_test(tc, every_weight_is_described);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
