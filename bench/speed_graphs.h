/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What graphs over vectors take to be built, and how much and how fast they find, against the exact
 * scan: every query is asked in each way, one way after the other.
 */
#ifndef BENCH_SPEED_GRAPHS_H
#define BENCH_SPEED_GRAPHS_H

#include "bench/scratch.h"

enum { GRAPH_EFS = 3, GRAPH_FILTERS = 6 };

/* One way of asking, beside the exact scan. */
typedef struct graph_row {
    double exact_ms, graph_ms, graph_ms_95; /* medians, and the slowest of 20; busy       */
    double recall;                          /* of the scan's first ten                    */
    unsigned long fewer;                    /* answers with fewer hits than the scan has  */
} graph_row;

typedef struct graph_speed {
    double build_s, build_mib; /* the most memory of the process over what it had before */
    plurum_stats stats;
    graph_row ef[GRAPH_EFS], filter[GRAPH_FILTERS];
} graph_speed;

/* The i-th query's vector. */
typedef void graph_query(float *vector, const void *payload, size_t i);

/* The tags of document k, of which fewer and fewer have each; how many. They live on. */
size_t graph_tags(const char *tags[GRAPH_FILTERS], size_t k);

/* Opens the index again and builds its graphs. 0, or the exit code. */
int graph_build(graph_speed *out, scratch_index *scratch, size_t graph_from);
/* Asks `count` queries of `dim` dimensions in each way. 0, or the exit code. */
int graph_measure(graph_speed *out, plurum_index *index, graph_query *query, const void *payload,
                  size_t dim, size_t count);

void graph_print(const graph_speed *speed);
/* Rows of a table each; NULL when memory is short. */
json_t *graph_json(const graph_speed *speed);
json_t *graph_json_efs(const graph_speed *speed);
json_t *graph_json_filters(const graph_speed *speed);

#endif
