/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Less of the same: ranked candidates without near-duplicates, or in an order that weighs how much
 * each is like those before it. Both work on what has been ranked and leave every score alone.
 */
#ifndef PLI_RANK_DIVERSE_H
#define PLI_RANK_DIVERSE_H

#include <stddef.h>

#include "rank/candidate.h"

/* The cosine of two documents; NAN where one has no vector. */
typedef double pli_likeness(const void *payload, uint32_t a, uint32_t b);

/*
 * Keeps of each group of duplicates the first, and counts the others in its `collapsed`. A candidate
 * is a duplicate of the first before it that is kept and has a cosine of at least `least` with it
 * (least 0: cosines do not matter), or the same title (titles[i] of candidate i; 0: no title; NULL:
 * titles do not matter). Returns how many are kept, in their order.
 */
size_t pli_collapse(pli_candidate *candidates, size_t count, double least, const uint64_t *titles,
                    pli_likeness *likeness, const void *payload);

/*
 * Maximal marginal relevance (Carbonell and Goldstein 1998): next comes always the candidate with
 * the highest
 *
 *     lambda · score / highest score  -  (1 - lambda) · highest cosine with those before it
 *
 * of equal ones the one that was before. A cosine below 0 and one that is missing count as 0. 0, or
 * -1: memory is short, and the order as it was.
 */
int pli_mmr(pli_candidate *candidates, size_t count, double lambda, pli_likeness *likeness,
            const void *payload);

#endif
