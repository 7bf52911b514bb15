/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metrics and bootstrap.
 */
#include <config.h>

#include "bench/metrics.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench/random.h"

const char *const metric_names[METRIC_COUNT + 1] = {"ndcg@10", "mrr@10", "map", "recall@100", "p@10", NULL};

int grade_of(const judgement *judged, size_t count, const char *id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(judged[mid].document, id);
        if (order == 0) return judged[mid].grade > 0 ? judged[mid].grade : 0;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return 0;
}

enum { TOP = 10 };

/* Keeps the highest grades, in order; what is not used is 0. */
static void keep_grade(int best[TOP], int grade)
{
    for (size_t i = 0; i < TOP; i++)
        if (grade > best[i]) {
            int lower = best[i];
            best[i] = grade;
            grade = lower;
        }
}

/* The highest possible sum of the first ten; *relevant: documents with a grade above 0. */
static double ideal_gain(const judgement *judged, size_t count, size_t *relevant)
{
    int best[TOP] = {0};
    double gain = 0.0;
    *relevant = 0;
    for (size_t i = 0; i < count; i++) {
        keep_grade(best, judged[i].grade);
        *relevant += judged[i].grade > 0;
    }
    for (size_t i = 0; i < TOP; i++) gain += best[i] / log2((double)i + 2.0);
    return gain;
}

/* Of ids that lie `stride` bytes apart, the first at `ids`. */
static void measure(double out[METRIC_COUNT], const void *ids, size_t stride, size_t count,
                    const judgement *judged, size_t judged_count)
{
    size_t relevant, found = 0, in_ten = 0, in_hundred = 0;
    double gain = 0.0, precisions = 0.0, first = 0.0;
    double ideal = ideal_gain(judged, judged_count, &relevant);
    for (size_t i = 0; i < count; i++) {
        const char *id = *(const char *const *)(const void *)((const char *)ids + i * stride);
        int grade = grade_of(judged, judged_count, id);
        if (!grade) continue;
        found++;
        precisions += (double)found / (double)(i + 1);
        if (i < 100) in_hundred++;
        if (i >= 10) continue;
        in_ten++;
        gain += grade / log2((double)i + 2.0);
        if (first == 0.0) first = 1.0 / (double)(i + 1);
    }
    double all = relevant ? (double)relevant : 1.0;
    out[NDCG_10] = ideal > 0.0 ? gain / ideal : 0.0;
    out[MRR_10] = first;
    out[MAP] = precisions / all;
    out[RECALL_100] = (double)in_hundred / all;
    out[P_10] = (double)in_ten / 10.0;
}

void metrics_of(double out[METRIC_COUNT], const char *const *ids, size_t count,
                const judgement *judged, size_t judged_count)
{
    measure(out, ids, sizeof *ids, count, judged, judged_count);
}

void run_metrics(double out[METRIC_COUNT], const run_row *rows, size_t count,
                 const judgement *judged, size_t judged_count)
{
    measure(out, count ? &rows->document : NULL, sizeof *rows, count, judged, judged_count);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

interval bootstrap(const double *values, size_t n)
{
    enum { RESAMPLES = 2000 };
    interval result = {0, 0, 0};
    uint64_t state = 1;
    double means[RESAMPLES];
    if (!n) return result;
    for (size_t i = 0; i < n; i++) result.mean += values[i] / (double)n;
    for (int r = 0; r < RESAMPLES; r++) {
        means[r] = 0.0;
        for (size_t i = 0; i < n; i++) means[r] += values[next_random(&state) % n] / (double)n;
    }
    qsort(means, RESAMPLES, sizeof *means, ascending);
    result.low = means[RESAMPLES / 40];
    result.high = means[RESAMPLES - 1 - RESAMPLES / 40];
    return result;
}
