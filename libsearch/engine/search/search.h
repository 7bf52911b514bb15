/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A query under way: everything from the caller's struct to the ranked candidates.
 */
#ifndef PLI_ENGINE_SEARCH_SEARCH_H
#define PLI_ENGINE_SEARCH_SEARCH_H

#include "engine/search/cursor.h"
#include "engine/search/hear.h"
#include "engine/view/snapshot.h"
#include "rank/fuse.h"
#include "rank/weights.h"

typedef struct pli_search {
    plurum_index *index;
    plurum_query query;   /* the caller's, over defaults        */
    plurum_viewer viewer;
    plurum_filter filter;
    plurum_weights weights;
    pli_cursor cursor;
    uint64_t hash;        /* of the query, for cursors          */
    int64_t now;
    uint32_t k;           /* candidates of each leg             */

    const uint32_t *forced; /* one id that is a candidate whatever filters and legs say, or NULL */
    pli_snapshot *snapshot; /* the caller's                        */
    pli_bitmap allowed;
    pli_terms *terms;     /* of the query, to find or to mark    */
    pli_text_leg text;
    float *vector;        /* of the query, of unit length       */
    pli_environment environment; /* that the query is asked from; no facts: none named */
    pli_alike alike;      /* the query, for comparing with others' */
    uint32_t like;        /* internal id of query.like, once found */
    int embedder_failed;
    int text_failed;      /* the run failed on the text index                        */
    int lose_text;        /* the next goes without it, as `why` says                 */
    plurum_error why;
    pli_vector_hit *vector_hits;
    size_t vector_count;
    int by_graphs;        /* other segments might have found others          */
    uint32_t *tools;      /* distinct numbers of asked tools; 0: none has it */
    size_t tool_count;

    pli_fusion_input input;    /* what they were ranked by */
    pli_candidate *candidates; /* ranked */
    size_t count;
    const char *note;
} pli_search;

/* Reads and checks a query, and finds its vector: what needs no snapshot. Free it either way. */
plurum_status pli_search_prepare(pli_search *search, plurum_index *index,
                                 const plurum_query *query, plurum_error *error);
/* Of preparing: checks and copies the query, with its cursor; and finds its vector, of unit length
 * (none where the mode, the index or the text has none). */
plurum_status pli_query_read(pli_search *search, const plurum_query *query, plurum_error *error);
plurum_status pli_query_vector(pli_search *search, plurum_error *error);
/* Runs a prepared query as far as the ranked candidates, at the snapshot's moment. May be called
 * again with another filter. */
plurum_status pli_search_run(pli_search *search, pli_snapshot *snapshot, plurum_error *error);
/* Of a run: from the legs' hits to the ranked candidates. */
plurum_status pli_search_rank(pli_search *search, plurum_error *error);
void pli_search_free(pli_search *search);

/* A step that reads the text index, by pli_snapshot_read_text. */
typedef plurum_status pli_search_step(void *payload, pli_search *search, plurum_error *error);
plurum_status pli_search_text(pli_search *search, pli_search_step *step, void *payload,
                              plurum_error *error);

/* Runs a prepared query at the newest moment and has `make` make something of it; both once more
 * where the text index proved damaged and has been made anew. */
plurum_status pli_search_now(pli_search *search, pli_search_step *make, void *payload,
                             plurum_error *error);

/* Whether the text leg runs: a query by vector alone has terms too, where they are to be marked. */
int pli_search_asks_words(const pli_search *s);

#endif
