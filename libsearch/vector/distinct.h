/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents by their vectors: those that have the same one, bit by bit, are one group.
 *
 * A graph needs them apart: its nodes keep their nearest as neighbours, and a node with more twins
 * than it has places would know nobody else, so that no search came out of them.
 */
#ifndef PLI_VECTOR_DISTINCT_H
#define PLI_VECTOR_DISTINCT_H

#include "vector/segment.h"

typedef struct pli_groups {
    uint32_t count;
    uint32_t *ids;    /* group after group by their lowest ids, ascending in each */
    uint32_t *starts; /* count + 1: where in ids a group begins                   */
} pli_groups;

/* Groups a source's documents. Free it either way. Errors: NOMEM. */
plurum_status pli_groups_make(pli_groups *out, const pli_segment_source *source,
                              plurum_error *error);
void pli_groups_free(pli_groups *groups);

#endif
