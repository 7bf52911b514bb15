/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Retrieval metrics of one query, as trec_eval defines them, and their mean over queries with a
 * bootstrap interval.
 */
#ifndef BENCH_METRICS_H
#define BENCH_METRICS_H

#include "bench/qrels.h"
#include "bench/trec.h"

typedef enum metric { NDCG_10 = 0, MRR_10, MAP, RECALL_100, P_10 } metric;
#define METRIC_COUNT 5

extern const char *const metric_names[METRIC_COUNT + 1]; /* "ndcg@10", …; NULL-terminated */

/* Of a document, among a query's judgements sorted by document; 0: none, or not relevant. */
int grade_of(const judgement *judged, size_t count, const char *id);

/*
 * Of one ranking: ids in order, against the judgements of its query (sorted by document).
 *   ndcg@10     Σ grade/log2(rank + 1) over the first ten, by the same of the best order
 *   mrr@10      1 / rank of the first relevant among ten
 *   map         mean over all relevant of the precision at each one's rank
 *   recall@100  share of the relevant among the first hundred
 *   p@10        relevant among the first ten, by ten
 * A document without judgement is not relevant.
 */
void metrics_of(double out[METRIC_COUNT], const char *const *ids, size_t count,
                const judgement *judged, size_t judged_count);

/* The same of the rows of a run. */
void run_metrics(double out[METRIC_COUNT], const run_row *rows, size_t count,
                 const judgement *judged, size_t judged_count);

typedef struct interval {
    double mean, low, high;
} interval;

/*
 * Mean of n values with a 95 % percentile bootstrap interval over 2,000 resamples; deterministic.
 */
interval bootstrap(const double *values, size_t n);

#endif
