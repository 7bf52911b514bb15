/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tail's postings: where a query's terms occur in the documents that are not in the index yet,
 * found once a query by walking over those documents.
 */
#ifndef PLI_TEXT_TAIL_H
#define PLI_TEXT_TAIL_H

#include "text/leg.h"

typedef struct pli_tail_posting {
    uint32_t query_term; /* its place in the query */
    uint32_t id;
    const pli_term *term;
} pli_tail_posting;

typedef struct pli_tail_postings {
    pli_tail_posting *all; /* by query term, then id */
    size_t count;
    uint32_t *first; /* of each query term, and the end behind the last one */
} pli_tail_postings;

/* Finds them in the live documents of the tail whose id is at or above `from`. 0, or -1: memory. */
int pli_tail_postings_find(pli_tail_postings *out, const pli_text_corpus *corpus,
                           const pli_terms *query, uint64_t from);
void pli_tail_postings_free(pli_tail_postings *postings);

/* The number of live tail documents that have the query's term i. */
static inline uint32_t pli_tail_frequency(const pli_tail_postings *postings, uint32_t i)
{
    return postings->first[i + 1] - postings->first[i];
}

#endif
