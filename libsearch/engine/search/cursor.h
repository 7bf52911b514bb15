/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cursor: where a page ended, as a value. It carries what must stay the same for the next page
 * (query, number of candidates, now) and the key of the last hit in the total order; the next page
 * is what comes after that key. Nothing is held open between pages.
 *
 * What graphs propose depends on the segments there are, which change in the background. So the cursor
 * of a search by graphs has their proposals, and the next page, of whichever segments, ranks the same.
 */
#ifndef PLI_ENGINE_SEARCH_CURSOR_H
#define PLI_ENGINE_SEARCH_CURSOR_H

#include "rank/candidate.h"

typedef struct pli_cursor {
    uint64_t query;   /* hash of everything that makes the query             */
    uint64_t seq;     /* of the snapshot that the page came from             */
    int64_t now;
    uint32_t candidates;
    pli_candidate last; /* id, score, similarity and text of the last hit    */
    uint32_t *proposed; /* ids of the vector leg, where graphs found them    */
    uint32_t proposed_count;
} pli_cursor;

/* The cursor as a text, the caller's. NULL: memory is short. */
char *pli_cursor_write(const pli_cursor *cursor);
/* INVALID unless it is a text that pli_cursor_write made; NOMEM. Free it either way. */
plurum_status pli_cursor_read(pli_cursor *cursor, const char *text, plurum_error *error);
void pli_cursor_free(pli_cursor *cursor);

#endif
