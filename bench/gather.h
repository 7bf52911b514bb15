/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A judged collection whose candidates have been searched for once, to be scored under thousands of
 * weights in memory.
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
    plurum_replay **replays; /* by used query */
} gathered;

/*
 * Loads a collection into a temporary index; vectors and model as scratch_make takes them. Of more
 * than `most` judged queries so many are drawn. 0, or the exit code; close it either way.
 */
int gather_open(gathered *out, const char *folder, int vectors, int model, size_t most,
                uint64_t seed);
/* Searches for the candidates of all queries under these weights. 0, or the exit code. */
int gather_search(gathered *g, const plurum_weights *weights);
/* The metric of every query under weights that need no other search. 0, or the exit code. */
int gather_score(double *out, const gathered *g, const plurum_weights *weights, metric which);
void gather_close(gathered *g);

#endif
