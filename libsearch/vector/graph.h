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
#include <stdio.h>

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
    uint32_t (*label)(const void *payload, uint32_t i); /* for a file of FAISS's */
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

/*
 * Builds the same graph, and writes it with the vectors as an index of FAISS's, which its read_index
 * takes: an IndexIDMap with the source's labels over an IndexHNSWFlat of inner products. Whether all of
 * it is on the disk is the caller's to ask. Errors as above, IO.
 */
plurum_status pli_graph_write_faiss(FILE *file, const pli_graph_source *source, plurum_error *error);

#endif
