/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An index in a temporary folder, filled from a collection, for as long as a measure takes.
 */
#ifndef BENCH_SCRATCH_H
#define BENCH_SCRATCH_H

#include "bench/collection.h"
#include "tools/cli.h"

typedef struct scratch_index {
    char directory[4096];
    plurum_embedder *embedder;
    plurum_index *index;
    int64_t now; /* the index's clock; 0: the system's. Set before scratch_make */
    int without_graphs; /* 1: none are built. Likewise                         */
} scratch_index;

/*
 * Makes an empty index: of the collection's vectors, of a model (tools/model.h), or without vectors.
 * 0, or the exit code; free it either way.
 */
int scratch_make(scratch_index *out, const collection *data, int vectors, int model);
/* Puts all documents and waits for the text index. 0, or the exit code. */
int scratch_load(scratch_index *scratch, const collection *data, int vectors);
void scratch_free(scratch_index *scratch);

/* Seconds of a clock that only goes forward. */
double scratch_seconds(void);

#endif
