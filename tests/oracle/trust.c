/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trust, by replay.
 */
#include <config.h>

#include "tests/oracle/world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/fusion.h"

static int by_seq(const void *a, const void *b)
{
    const report *const *x = a, *const *y = b;
    return (*x)->seq < (*y)->seq ? -1 : 1;
}

plurum_trust_score trust_of(const reference *r, int key, double floor, double noise, int64_t now)
{
    const document *d = &r->documents[key];
    plurum_trust_config config;
    plurum_trust_state state;
    plurum_trust_score score;
    const report *rows[2 * AGENTS];
    int n = 0;
    const made *m = make_document(key, d->made);
    for (int i = 0; i < AGENTS; i++) {
        if (d->outcomes[i].seq && d->outcomes[i].counted) rows[n++] = &d->outcomes[i];
        if (d->votes[i].seq && d->votes[i].counted) rows[n++] = &d->votes[i];
    }
    qsort(rows, (size_t)n, sizeof *rows, by_seq);
    plurum_trust_config_init(&config);
    config.floor = floor;
    config.noise = noise;
    config.quarantine_margin = r->settings.quarantine_margin;
    plurum_trust_init(&state, m->document.confidence);
    for (int i = 0; i < n; i++) {
        int is_vote = rows[i] >= d->votes && rows[i] < d->votes + AGENTS;
        if (is_vote)
            plurum_trust_vote(&state, 0, rows[i]->value);
        else
            plurum_trust_outcome(&state, &config, rows[i]->value, rows[i]->at,
                                 rows[i]->weight);
    }
    plurum_trust_score_at(&score, &state, &config, now);
    return score;
}

double noise_now(const reference *r)
{
    int successes[KEYS] = {0}, failures[KEYS] = {0};
    for (int k = 0; k < KEYS; k++)
        for (int a = 0; a < AGENTS && r->documents[k].there; a++) {
            const report *o = &r->documents[k].outcomes[a];
            if (!o->seq || !o->counted) continue;
            *(o->value ? &successes[k] : &failures[k]) += 1;
        }
    return noise_of(successes, failures, KEYS);
}

static int bits(int facts)
{
    return (facts & 1) + (facts >> 1 & 1) + (facts >> 2 & 1);
}

static double share_here(const report *o, const query_step *q)
{
    return q->environment ? bits(o->environment & q->environment) / (double)bits(q->environment) : 0;
}

static void round_to_codes(double code[DIM], float v[DIM])
{
    double most = 0;
    normalise(v);
    for (int i = 0; i < DIM; i++) most = fmax(most, fabs(v[i]));
    for (int i = 0; i < DIM; i++) code[i] = nearbyint(127 * (v[i] / most));
}

/* By 8-bit codes of both vectors, else by words; NAN: not to be compared. */
static double share_alike(const report *o, const query_step *q)
{
    char asked[400], other[400];
    float a[DIM], b[DIM];
    double x[DIM], y[DIM], xy = 0, xx = 0, yy = 0;
    int has_a, has_b;
    if (!o->asked || q->alike_weight >= 1e6) return NAN;
    make_query(asked, a, &has_a, q->made);
    make_query(other, b, &has_b, o->asked);
    if (!has_a || !has_b || q->mode == PLURUM_MODE_TEXT) return strcmp(asked, other) == 0 ? 1 : NAN;
    round_to_codes(x, a);
    round_to_codes(y, b);
    for (int i = 0; i < DIM; i++) xy += x[i] * y[i], xx += x[i] * x[i], yy += y[i] * y[i];
    return fmax(0, (similarity_of(xy / sqrt(xx * yy)) - 0.55) / 0.45);
}

/* Moves trust by what outcomes say that have something in common with what is asked. */
static double hear_those(double trust, const document *d, const query_step *q, double k,
                         double (*share)(const report *, const query_step *), int64_t now)
{
    double heard[2] = {0, 0}; /* failures, successes */
    int64_t newest = INT64_MIN;
    for (int i = 0; i < AGENTS; i++) {
        const report *o = &d->outcomes[i];
        if (o->seq && o->counted && share(o, q) > 0 && o->at > newest) newest = o->at;
    }
    for (int i = 0; i < AGENTS; i++) {
        const report *o = &d->outcomes[i];
        if (!o->seq || !o->counted || !(share(o, q) > 0)) continue;
        double age = (double)((now > newest ? now : newest) - o->at);
        heard[o->value] += o->weight * share(o, q) * exp2(-age / (90.0 * 86400));
    }
    return (k * trust + heard[1]) / (k + heard[0] + heard[1]);
}

/* Reports that say what was asked count less where something else is. */
static double discount(const plurum_trust_score *t, const document *d, const query_step *q)
{
    double told = 0, all = 0, prior = t->prior_alpha / (t->prior_alpha + t->prior_beta);
    for (int i = 0; i < AGENTS; i++) {
        const report *o = &d->outcomes[i];
        if (!o->seq || !o->counted) continue;
        all += o->weight;
        if (!isnan(share_alike(o, q))) told += o->weight;
    }
    if (told <= 0) return t->trust;
    return prior + (1 - told / all * (1 - q->told_weight)) * (t->trust - prior);
}

void hear(plurum_trust_score *t, const document *d, const query_step *q, double noise, int64_t now)
{
    double trust = discount(t, d, q);
    trust = hear_those(trust, d, q, q->environment_weight, share_here, now);
    trust = hear_those(trust, d, q, q->alike_weight, share_alike, now);
    t->boost = q->floor + (1 - q->floor) * ((1 - noise) * trust + noise / 2);
}
