/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trust, by replay.
 */
#include <config.h>

#include "tests/oracle/world.h"

#include <math.h>
#include <stdlib.h>

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

void hear_locals(plurum_trust_score *t, const document *d, const query_step *q, double noise,
                 int64_t now)
{
    double heard[2] = {0, 0}, k = q->environment_weight; /* failures, successes */
    int64_t newest = INT64_MIN;
    for (int i = 0; i < AGENTS; i++) {
        const report *o = &d->outcomes[i];
        int is_local = o->seq && o->counted && (o->environment & q->environment);
        if (is_local && o->at > newest) newest = o->at;
    }
    for (int i = 0; i < AGENTS; i++) {
        const report *o = &d->outcomes[i];
        if (!o->seq || !o->counted || !(o->environment & q->environment)) continue;
        double age = (double)((now > newest ? now : newest) - o->at);
        heard[o->value] += o->weight * bits(o->environment & q->environment) /
                           (double)bits(q->environment) * exp2(-age / (90.0 * 86400));
    }
    if (heard[0] + heard[1] == 0) return;
    double here = (k * t->trust + heard[1]) / (k + heard[0] + heard[1]);
    t->boost = q->floor + (1 - q->floor) * ((1 - noise) * here + noise / 2);
}
