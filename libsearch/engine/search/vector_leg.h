/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vector leg: graphs where they are quicker, and an exact scan of everything else.
 */
#ifndef PLI_ENGINE_SEARCH_VECTOR_LEG_H
#define PLI_ENGINE_SEARCH_VECTOR_LEG_H

#include "engine/view/snapshot.h"

typedef struct pli_vector_ask {
    const float *query; /* of unit length                                    */
    size_t k;
    size_t ef;          /* what a graph's search keeps; at least k is        */
    int exact;          /* 1: no graph                                       */
} pli_vector_ask;

/* The k allowed documents nearest to the query, as pli_flat_search gives them. *by_graphs: whether
 * other segments might have found others. */
plurum_status pli_vector_leg(pli_vector_hit **hits, size_t *hit_count, int *by_graphs,
                             pli_snapshot *snapshot, const pli_bitmap *allowed,
                             const pli_vector_ask *ask, plurum_error *error);

/* The same, of documents that were found before: those of them that are allowed still. */
plurum_status pli_vector_leg_of(pli_vector_hit **hits, size_t *hit_count, pli_snapshot *snapshot,
                                const pli_bitmap *allowed, const float *query, const uint32_t *ids,
                                size_t count, plurum_error *error);

#endif
