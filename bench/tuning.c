/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Choosing and deciding. Nothing is claimed of queries that took part in a choice: with several
 * collections each is left out in turn, with one its queries are split into folds, and the gain is
 * that of what was chosen without them; where collections are held out, only they decide.
 */
#include <config.h>

#include "bench/tune.h"

#include <stdlib.h>

#include "bench/random.h"

double tuning_mean(const tuning *t, size_t set, size_t place)
{
    size_t begin = tuning_begin(t, place), end = t->ends[place];
    double sum = 0.0;
    for (size_t q = begin; q < end; q++) sum += tuning_score(t, set, q);
    return end > begin ? sum / (double)(end - begin) : 0.0;
}

/* Mean over the collections tuned on of each one's mean over queries outside of a fold. */
static double mean_without(const tuning *t, size_t set, size_t fold)
{
    double sum = 0.0;
    size_t used = 0;
    for (size_t c = 0; c < t->train_count; c++) {
        double of_collection = 0.0;
        size_t n = 0;
        for (size_t q = tuning_begin(t, c); q < t->ends[c]; q++) {
            if (t->fold[q] == fold) continue;
            of_collection += tuning_score(t, set, q);
            n++;
        }
        if (n) sum += of_collection / (double)n;
        used += n > 0;
    }
    return used ? sum / (double)used : 0.0;
}

/* The best set without a fold; of equal ones the first, so that the default needs no reason. */
static size_t choose(const tuning *t, size_t fold)
{
    size_t best = 0;
    double highest = mean_without(t, 0, fold);
    for (size_t s = 1; s < t->space.count; s++) {
        double mean = mean_without(t, s, fold);
        if (mean > highest + 1e-12) {
            highest = mean;
            best = s;
        }
    }
    return best;
}

/* One fold a collection; of a single collection's queries, as many as asked, drawn. */
static void deal_folds(tuning *t, size_t folds)
{
    size_t n = t->ends[t->train_count - 1];
    uint64_t state = t->seed;
    t->folds = t->train_count > 1 ? t->train_count : folds < n ? folds : n;
    for (size_t c = 0; c < t->train_count; c++)
        for (size_t q = tuning_begin(t, c); q < t->ends[c]; q++)
            t->fold[q] = t->train_count > 1 ? c : q % t->folds;
    for (size_t i = n; t->train_count == 1 && i > 1; i--) {
        size_t j = (size_t)(next_random(&state) % i), other = t->fold[i - 1];
        t->fold[i - 1] = t->fold[j];
        t->fold[j] = other;
    }
}

int tuning_decide(tuning *t, size_t folds)
{
    enum { ROUNDS = 100000 };
    size_t n = t->ends[t->count - 1], of_train = t->ends[t->train_count - 1];
    t->fold = calloc(n + 1, sizeof *t->fold);
    t->differences = calloc(n + 1, sizeof *t->differences);
    t->chosen = calloc(folds + t->train_count + 1, sizeof *t->chosen);
    if (!t->fold || !t->differences || !t->chosen) return cli_no_memory();
    deal_folds(t, folds);
    for (size_t f = 0; f < t->folds; f++) t->chosen[f] = choose(t, f);
    t->best = choose(t, t->folds);
    for (size_t q = 0; q < n; q++) {
        size_t set = q < of_train ? t->chosen[t->fold[q]] : t->best;
        t->differences[q] = tuning_score(t, set, q) - tuning_score(t, 0, q);
    }
    if (t->count == t->train_count) {
        t->gain = paired_strata(t->differences, t->ends, t->count, ROUNDS, t->seed);
    } else {
        size_t held = t->count - t->train_count, *ends = calloc(held + 1, sizeof *ends);
        if (!ends) return cli_no_memory();
        for (size_t c = 0; c < held; c++) ends[c] = t->ends[t->train_count + c] - of_train;
        t->gain = paired_strata(t->differences + of_train, ends, held, ROUNDS, t->seed);
        free(ends);
    }
    /* the test too: of a handful of queries a bootstrap interval is too narrow */
    t->accepted = t->best != 0 && t->gain.difference.low > 0.0 && t->gain.p < 0.05;
    return 0;
}
