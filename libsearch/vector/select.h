/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The best of many: the k-th largest of an array of scores, and the k best hits of a stream.
 */
#ifndef PLI_VECTOR_SELECT_H
#define PLI_VECTOR_SELECT_H

#include <stddef.h>

#include "vector/flat.h"

/* The k-th largest of count scores, 1 ≤ k ≤ count. Linear time whatever the scores. */
float pli_kth_largest(const float *scores, size_t count, size_t k);

/* The best hits offered so far, at most room of them, in the caller's memory. */
typedef struct pli_best {
    pli_vector_hit *hits; /* a heap with the worst on top, until pli_best_sort */
    size_t count, room;
} pli_best;

void pli_best_offer(pli_best *best, pli_vector_hit hit);

/* Puts the hits in order, best first: by cosine, then by lower id. The last call on a pli_best. */
void pli_best_sort(pli_best *best);

#endif
