/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tuning knows: every query's metric under every set of weights, and what follows from it.
 */
#ifndef BENCH_TUNE_H
#define BENCH_TUNE_H

#include "bench/gather.h"
#include "bench/paired.h"
#include "bench/space.h"

typedef struct tuning {
    metric metric;
    uint64_t seed;
    const char *model;      /* where vectors are from                                        */
    gathered *collections;  /* those tuned on, then those held out                           */
    size_t train_count, count;
    weight_space space;
    size_t *ends;           /* of the collections' queries, counted through                  */
    double *scores;         /* [set][query]                                                  */
    size_t *fold;           /* of each query that is tuned on                                */
    size_t folds;
    size_t *chosen;         /* by fold: the best set on all others                           */
    size_t best;            /* on all collections tuned on                                   */
    double *differences;    /* of each query: left-out gain, or with the best where held out */
    paired gain;            /* what is decided by                                            */
    int accepted;
} tuning;

static inline double tuning_score(const tuning *t, size_t set, size_t query)
{
    return t->scores[set * t->ends[t->count - 1] + query];
}

static inline size_t tuning_begin(const tuning *t, size_t place)
{
    return place ? t->ends[place - 1] : 0;
}

/* The mean of one collection under a set. */
double tuning_mean(const tuning *t, size_t set, size_t place);

/* Chooses by cross-validation and decides, from scores alone. 0, or the exit code. */
int tuning_decide(tuning *t, size_t folds);

void tuning_print(const tuning *t);
int tuning_print_json(const tuning *t);
/* Writes the chosen weights to a file, or standard output where path is NULL. 0, or the exit code. */
int tuning_write(const tuning *t, const char *path);

#endif
