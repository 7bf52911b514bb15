/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A document as the query: its vector or, where it has none, the terms of what an embedder would
 * read of it.
 */
#ifndef PLI_ENGINE_SEARCH_SIMILAR_H
#define PLI_ENGINE_SEARCH_SIMILAR_H

#include "engine/search/search.h"

/* Finds query.like at the snapshot's moment and makes the run ask with what it holds. NOTFOUND: the
 * viewer sees no such document. */
plurum_status pli_similar_ask(pli_search *search, plurum_error *error);
/* A document is not similar to itself: takes it out of what may be found. */
void pli_similar_leave_out(pli_search *search);
/* What the answer had to do without, or NULL. */
const char *pli_similar_note(const pli_search *search);

#endif
