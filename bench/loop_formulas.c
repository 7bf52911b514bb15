/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine is compared with, as formulas over a query's candidates and what was said of
 * them: relevance alone, the running service in two readings, and rivals that let outcomes move a
 * result.
 */
#include <config.h>

#include "bench/loop.h"

#include <math.h>
#include <stdlib.h>

/* Lower end of Wilson's interval, 95 %; 0 without data. */
static double wilson(double good, double all)
{
    const double z = 1.96;
    if (all <= 0.0) return 0.0;
    double p = good / all, z2 = z * z;
    return (p + z2 / (2 * all) - z * sqrt((p * (1 - p) + z2 / (4 * all)) / all)) / (1 + z2 / all);
}

static double service_quality(const loop_counts *c)
{
    return 0.7 * wilson(c->successes, (double)c->successes + c->failures) +
           0.3 * wilson(c->up, (double)c->up + c->down);
}

static double relevance_only(const loop_row *r, const loop_counts *c, int day)
{
    (void)c;
    (void)day;
    return r->relevance;
}

/* Reciprocal rank fusion; what has three failures and no success is hidden. */
static double service(const loop_row *r, const loop_counts *c, int day)
{
    (void)day;
    return c->failures >= 3 && !c->successes ? -INFINITY : r->rrf;
}

static double service_as_factor(const loop_row *r, const loop_counts *c, int day)
{
    return service(r, c, day) < 0 ? -INFINITY : r->relevance * service_quality(c);
}

/* Starts at .5, +.1 a confirmation up to 1, -.15 a flag down to 0. */
static double confidence(const loop_row *r, const loop_counts *c, int day)
{
    (void)day;
    double x = 0.5 + 0.1 * c->successes - 0.15 * c->failures;
    return r->relevance * fmin(1.0, fmax(0.0, x));
}

/* A text search's negative score, less half a point a confirmation, plus a tenth a day of age. */
static double confirmations(const loop_row *r, const loop_counts *c, int day)
{
    return r->text > 0.0 ? r->text + 0.5 * c->successes - 0.1 * (day - c->day) : -INFINITY;
}

/* .7 cosine + .3 lower end of Beta(1 + s, 1 + f), z = 1.645 */
static double lower_bound(const loop_row *r, const loop_counts *c, int day)
{
    (void)day;
    double a = 1.0 + c->successes, b = 1.0 + c->failures, n = a + b;
    double bound = a / n - 1.645 * sqrt(a * b / (n * n * (n + 1.0)));
    return 0.7 * (isnan(r->cosine) ? 0.0 : r->cosine) + 0.3 * fmax(0.0, bound);
}

static const struct {
    const char *name;
    double (*score)(const loop_row *row, const loop_counts *counts, int day);
} FORMULAS[LOOP_FORMULA_COUNT] = {
    {"relevance only", relevance_only},
    {"service: rrf, filter", service},
    {"service: as factor", service_as_factor},
    {"confidence +.1 -.15", confidence},
    {"bm25 + confirmations", confirmations},
    {"cosine + beta bound", lower_bound},
};

static size_t rank(learner *l, const loop_query *q, uint32_t out[LOOP_TOP])
{
    double best[LOOP_TOP];
    size_t n = 0, which = 0;
    while (FORMULAS[which].name != l->name) which++;
    for (size_t i = 0; i < q->row_count; i++) {
        const loop_row *r = &q->rows[i]; /* by relevance: the tie-break */
        double x = FORMULAS[which].score(r, &l->counts[r->document], l->day);
        if (x == -INFINITY) continue;
        size_t at = n < LOOP_TOP ? n++ : LOOP_TOP;
        for (; at > 0 && best[at - 1] < x; at--)
            if (at < LOOP_TOP) best[at] = best[at - 1], out[at] = out[at - 1];
        if (at < LOOP_TOP) best[at] = x, out[at] = r->document;
    }
    return n;
}

static int begin(learner *l)
{
    (void)l;
    return 0;
}

static int hear(learner *l, const loop_event *event)
{
    (void)l; /* the loop counts */
    (void)event;
    return 0;
}

static void end(learner *l)
{
    (void)l;
}

void loop_formula(learner *l, int which)
{
    *l = (learner){.name = FORMULAS[which].name, .quarantine = 1, .begin = begin, .rank = rank,
                   .hear = hear, .end = end};
}
