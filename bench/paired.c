/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The paired randomisation test: signs of the differences are drawn, 64 to a random number.
 */
#include <config.h>

#include "bench/paired.h"

#include <math.h>
#include <stdlib.h>

#include "bench/random.h"

static double drawn_sum(const double *differences, size_t n, uint64_t *state)
{
    double sum = 0.0;
    uint64_t signs = 0;
    for (size_t i = 0; i < n; i++, signs >>= 1) {
        if (i % 64 == 0) signs = next_random(state);
        sum += signs & 1 ? differences[i] : -differences[i];
    }
    return sum;
}

static double randomisation(const double *differences, size_t n, size_t rounds, uint64_t seed)
{
    double observed = 0.0;
    size_t beyond = 0, used = 0;
    double *moved = malloc((n + 1) * sizeof *moved); /* a difference of 0 has no sign to draw */
    if (!moved) return NAN;
    for (size_t i = 0; i < n; i++) {
        if (differences[i] == 0.0) continue;
        moved[used++] = differences[i];
        observed += differences[i];
    }
    for (size_t r = 0; r < rounds; r++)
        beyond += fabs(drawn_sum(moved, used, &seed)) >= fabs(observed) - 1e-12;
    free(moved);
    return (1.0 + (double)beyond) / (1.0 + (double)rounds);
}

paired paired_compare(const double *a, const double *b, size_t n, size_t rounds, uint64_t seed)
{
    paired result = {.p = NAN};
    double *differences = calloc(n + 1, sizeof *differences);
    if (!differences) return result;
    for (size_t i = 0; i < n; i++) {
        differences[i] = b[i] - a[i];
        if (fabs(differences[i]) <= 1e-9)
            result.ties++;
        else if (differences[i] > 0.0)
            result.wins++;
        else
            result.losses++;
    }
    result.difference = bootstrap(differences, n);
    result.p = randomisation(differences, n, rounds, seed);
    free(differences);
    return result;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Each difference by its part in the mean of means. */
static interval bootstrap_strata(const double *parts, const size_t *ends, size_t strata,
                                 uint64_t seed)
{
    enum { RESAMPLES = 10000 };
    interval result = {0, NAN, NAN};
    double *means = calloc(RESAMPLES, sizeof *means);
    for (size_t i = 0; strata && i < ends[strata - 1]; i++) result.mean += parts[i];
    for (int r = 0; r < RESAMPLES && means; r++)
        for (size_t s = 0, begin = 0; s < strata; begin = ends[s++])
            for (size_t i = begin; i < ends[s]; i++)
                means[r] += parts[begin + next_random(&seed) % (ends[s] - begin)];
    if (!means) return result;
    qsort(means, RESAMPLES, sizeof *means, ascending);
    result.low = means[RESAMPLES / 40];
    result.high = means[RESAMPLES - 1 - RESAMPLES / 40];
    free(means);
    return result;
}

paired paired_strata(const double *differences, const size_t *ends, size_t strata, size_t rounds,
                     uint64_t seed)
{
    paired result = {.p = NAN};
    size_t n = strata ? ends[strata - 1] : 0;
    double *parts = calloc(n + 1, sizeof *parts);
    if (!parts) return result;
    for (size_t s = 0, begin = 0; s < strata; begin = ends[s++])
        for (size_t i = begin; i < ends[s]; i++) {
            parts[i] = differences[i] / (double)(strata * (ends[s] - begin));
            result.ties += fabs(differences[i]) <= 1e-9;
            result.wins += differences[i] > 1e-9;
            result.losses += differences[i] < -1e-9;
        }
    result.difference = bootstrap_strata(parts, ends, strata, seed);
    result.p = randomisation(parts, n, rounds, seed);
    free(parts);
    return result;
}
