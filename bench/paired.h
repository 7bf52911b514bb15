/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether two systems differ on the same queries.
 */
#ifndef BENCH_PAIRED_H
#define BENCH_PAIRED_H

#include <stddef.h>
#include <stdint.h>

#include "bench/metrics.h"

typedef struct paired {
    interval difference;      /* mean of b - a, with its 95 % bootstrap interval             */
    double p;                 /* two-sided, of the paired randomisation test                 */
    size_t wins, ties, losses; /* queries where b is better, as good within 1e-9, or worse   */
} paired;

/*
 * Compares n values of a and b, those of one query at the same place.
 *
 * The test draws `rounds` times which of each pair is which; p = (1 + rounds whose mean difference
 * is at least as far from 0 as the observed one) / (1 + rounds). (Smucker, Allan and Carterette,
 * CIKM 2007.) The same seed gives the same p.
 */
paired paired_compare(const double *a, const double *b, size_t n, size_t rounds, uint64_t seed);

/*
 * The same of differences of queries in several strata, collections: the mean is that over strata of
 * each one's mean, and resampling is within strata. ends: the place after each stratum's last.
 * Wins, ties and losses are of queries.
 */
paired paired_strata(const double *differences, const size_t *ends, size_t strata, size_t rounds,
                     uint64_t seed);

#endif
