/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which terms of a long query are kept.
 */
#ifndef PLI_TEXT_CHOOSE_H
#define PLI_TEXT_CHOOSE_H

#include "text/tail.h"

/* What of the index on disk a query looks at. */
typedef struct pli_indexed {
    uint64_t end;  /* ids below it are in the index, not in the tail; 0: there is no index */
    uint64_t dead; /* at most so many of them are not live                                 */
} pli_indexed;

/* How much of the index belongs to the snapshot. */
pli_indexed pli_indexed_of(const pli_text_corpus *corpus);

/* The live documents of the index on disk that have a term; counting may end above `most`. Errors: as
 * the leg's. */
plurum_status pli_count_live(uint32_t *count, const pli_text_corpus *corpus, const pli_term *term,
                             uint32_t most, plurum_error *error);

/*
 * Writes the places of the query's terms that are kept to out, ascending, and their number to
 * *count: all of them when they are at most PLI_QUERY_TERMS_MAX, and else those with the lowest
 * document frequencies above 0 among live documents, of equal ones those with the lower bytes.
 */
plurum_status pli_choose_terms(uint32_t out[PLI_QUERY_TERMS_MAX], size_t *count,
                               const pli_text_corpus *corpus, const pli_terms *query,
                               const pli_tail_postings *tail, pli_indexed indexed,
                               plurum_error *error);

#endif
