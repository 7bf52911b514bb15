/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a document is, or is not, on a page of an answer: what filtered it out, where each leg has
 * it, what came before it, and which weight would bring it in.
 *
 * The questions are those of whoever runs an index: an answer tells that a document exists which
 * the viewer of the query may not see.
 */
#ifndef PLURUM_WHY_H
#define PLURUM_WHY_H

#include <plurum/search.h>
#include <plurum/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An answer to "why is it there, or not?" */
typedef struct plurum_why plurum_why;

/* One weight that alone would bring the document onto the page or before it: found by ranking again. */
typedef struct plurum_why_change {
    const char *weight;       /* its name in plurum/weights.h                                      */
    double from, to;          /* from: NAN where it is unset, the model's own                      */
    const char *word;         /* of a weight with choices: the one that `to` stands for; or NULL   */
    size_t place;             /* in the order, then                                                */
} plurum_why_change;

/* All that is found out about a document and a query. */
typedef struct plurum_why_report {
    const char *const *filters; /* filter_count conditions that it does not meet, each of "viewer", */
                                /* "status", "visibility", "domain", "tools", "tags", "min_quality", */
                                /* "min_confidence", "since", "until", "quarantine", "like"         */
    size_t filter_count;        /* 0: it meets all                                                  */
    size_t place;             /* in the whole order, from 1; 0: it is no candidate                 */
    size_t total;             /* candidates                                                        */
    size_t first, last;       /* places on the page that the query asks for                        */
    size_t leg_candidates;    /* of each leg                                                       */
    size_t text_place;        /* among all that passes, not only candidates; 0: no word in common  */
    size_t vector_place;      /* the same by cosine; 0: it or the query has no vector              */
    const plurum_hit *hit;    /* its scores; of no candidate: those that it would have as one more */
    const plurum_hit *rival;  /* what it lost to: the last on the page or, of one that is on it,   */
                              /* the one above; NULL: none                                         */
    size_t rival_place;       /* in the whole order; 0: none                                       */
    const plurum_why_change *changes; /* change_count, of a document that meets all conditions and */
                                      /* comes behind the page                                     */
    size_t change_count;              /* 0: no one weight does it                                  */
    const char *note;         /* as plurum_results_note; or NULL                                   */
} plurum_why_report;

/*
 * Asks. id: key, UUID or short id. query: as for plurum_search, without cursor, collapse and
 * lambda; warnings, trace and bodies mean nothing.
 * Ownership: *out is owned, free it with plurum_why_free before the index is closed.
 * Threads: any. Errors: NOTFOUND (id), and those of plurum_search. Cost: of a document behind the
 * page, hundreds of rankings and of searches by text. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_why(plurum_why **out, plurum_index *index, const char *id,
                                          const plurum_query *query, plurum_error *error);

/* Frees it; NULL is fine. Threads: one per handle. Errors: none. Since 0.1. */
PLURUM_API void plurum_why_free(plurum_why *why);

/*
 * What was found. Hits have JSON, but that of a document which the viewer may not see.
 * Ownership: borrowed until the why is freed. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const plurum_why_report *plurum_why_report_of(const plurum_why *why);

/*
 * The same as one line of JSON. Ownership: *out is owned, free it with plurum_text_free.
 * Threads: any. Errors: NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_why_json(char **out, const plurum_why *why, plurum_error *error);

#ifdef __cplusplus
}
#endif

#endif
