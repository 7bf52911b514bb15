/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A judged collection in an index, each of whose queries is searched for once and then scored in
 * memory under hundreds of sets of weights.
 */
#ifndef BENCH_GATHER_H
#define BENCH_GATHER_H

#include <plurum/replay.h>

#include "bench/collection.h"
#include "bench/metrics.h"
#include "bench/scratch.h"

typedef struct gathered {
    collection data;
    scratch_index scratch;
    size_t *queries;         /* places in data.queries of the judged ones that are used */
    size_t count;
} gathered;

/*
 * Loads a collection into a temporary index; vectors and model as scratch_make takes them. Of more
 * than `most` judged queries so many are drawn. 0, or the exit code; close it either way.
 */
int gather_open(gathered *out, const char *folder, int vectors, int model, size_t most,
                uint64_t seed);
/*
 * Searches for the candidates of used query i under the first of these weights, and ranks them under
 * each, none of which needs another search: out[s] is the metric under weights[s]. Threads: any, on
 * queries of their own. 0, or the exit code.
 */
int gather_score(double *out, const gathered *g, size_t i, plurum_weights *const *weights,
                 size_t count, metric which);
void gather_close(gathered *g);

#endif
