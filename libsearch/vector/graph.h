/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A navigable graph (HNSW) over vectors of unit length, as FAISS builds it.
 *
 * Node i has a level ≥ 1. On the ground floor it has 2·M places for neighbours, on each floor above,
 * of which there are level − 1, M places; all of them lie one after the other from offsets[i] on,
 * ground floor first, and an empty place is −1.
 */
#ifndef PLI_VECTOR_GRAPH_H
#define PLI_VECTOR_GRAPH_H

#include <stdint.h>

#include <plurum/status.h>

#include "base/buf.h"

enum { PLI_GRAPH_M = 32, PLI_GRAPH_EF_BUILD = 100 };

/* Arrays of numbers in the machine's order, each one block. */
typedef struct pli_graph {
    uint32_t count;
    int32_t entry, max_level; /* where a search begins: a node of the highest floor */
    pli_buf levels;           /* count × i32     */
    pli_buf offsets;          /* count + 1 × u64 */
    pli_buf neighbours;       /* i32             */
} pli_graph;

/* Where the vectors come from, and whether to go on: asked now and then from the calling thread. */
typedef struct pli_graph_source {
    uint32_t dim, count;
    const float *(*vector)(const void *payload, uint32_t i);
    int (*stop)(void *payload); /* non-zero ends the building; may be NULL */
    void *payload;
} pli_graph_source;

/*
 * Builds a graph; *out is empty on failure. One thread, whatever OpenMP is told elsewhere. Memory: a
 * copy of the vectors and twice the graph, about 4·dim + 700 bytes a vector, until it returns.
 * Errors: CANCELLED, NOMEM, BACKEND (FAISS's own).
 */
plurum_status pli_graph_build(pli_graph *out, const pli_graph_source *source, plurum_error *error);
void pli_graph_free(pli_graph *graph);

#endif
