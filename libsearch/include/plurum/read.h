/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading by id, listing, and the history behind a trust score.
 */
#ifndef PLURUM_READ_H
#define PLURUM_READ_H

#include <plurum/index.h>
#include <plurum/search.h>
#include <plurum/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * One document as the contract's detail object. id: key, UUID or short id. What the viewer may not
 * see is NOTFOUND, like what does not exist. Quarantine hides nothing here.
 * Ownership: *out is owned JSON on one line, free it with plurum_text_free.
 * Threads: any. Errors: NOTFOUND, CORRUPT, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_get(char **out, plurum_index *index, const char *id,
                                          const plurum_viewer *viewer, plurum_error *error);

/* The forms in which an experience is acquired. */
typedef enum plurum_acquire_mode {
    PLURUM_ACQUIRE_SUMMARY = 0,       /* {"summary"}: one paragraph, trust and success rate in it  */
    PLURUM_ACQUIRE_CHECKLIST = 1,     /* {"do": [], "dont": [], "watch": []}: lists of texts       */
    PLURUM_ACQUIRE_DECISION_TREE = 2, /* {"decisions": [{"condition", "action", "detail", "type"}]} */
                                      /* type: "do", "avoid" or "warning"                          */
    PLURUM_ACQUIRE_FULL = 3           /* the detail object of plurum_index_get                     */
} plurum_acquire_mode;

/*
 * One document in a form to work with: {"experience_id", "short_id", "mode", "content"}, the content
 * as the mode says. Plain documents have it too, as far as they say something. Who may see what is as
 * in plurum_index_get.
 * Ownership: *out is owned JSON on one line, free it with plurum_text_free.
 * Threads: any. Errors: NOTFOUND, ARG (mode), CORRUPT, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_acquire(char **out, plurum_index *index, const char *id,
                                              plurum_acquire_mode mode,
                                              const plurum_viewer *viewer, plurum_error *error);

/*
 * The contract's word for a mode ("decision_tree"), or NULL for a number that is none.
 * Ownership: borrowed for ever. Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const char *plurum_acquire_mode_name(plurum_acquire_mode mode);

/*
 * The reverse: PLURUM_NOTFOUND for a word that is none.
 * Threads: any. Errors: NOTFOUND. Since 0.1.
 */
PLURUM_API plurum_status plurum_acquire_mode_parse(plurum_acquire_mode *out, const char *name);

/*
 * A page of what passes viewer and filter, newest first (created_at, then internal id), as results
 * whose hits have no match scores. viewer, filter: NULL for the defaults. limit: most documents on
 * the page, 1..PLURUM_LIMIT_MAX. offset: documents to leave out first. plurum_results_total is the
 * number of all that pass.
 * Ownership: *out is owned. Threads: any. Errors: ARG, NOMEM, IO, CORRUPT. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_list(plurum_results **out, plurum_index *index,
                                           const plurum_viewer *viewer,
                                           const plurum_filter *filter, size_t limit,
                                           size_t offset, plurum_error *error);

/* One event of a document's history. Texts are NULL where not given. */
typedef struct plurum_event {
    uint64_t seq;       /* number of the commit's event                                            */
    int kind;           /* 0 outcome, 1 vote                                                       */
    int value;          /* outcome: 1 success, 0 failure; vote: 1 up, -1 down                      */
    int counted;        /* 0: the author's own                                                     */
    int64_t at;         /* Unix seconds                                                            */
    double weight;      /* of an outcome, frozen when it was reported                              */
    int64_t execution_time_ms; /* -1: not stated                                                   */
    const char *agent;  /* who reported or voted                                                   */
    const char *error_message, *context_notes; /* of an outcome, as reported                       */
    const char *env_fingerprint; /* of an outcome: a JSON object                                   */
    const char *query;  /* of an outcome: what was asked when the document was found              */
} plurum_event;

/* A document's trust and the events behind it. */
typedef struct plurum_history plurum_history;

/*
 * A document's trust at one moment and every report and vote behind it, in seq order. Acts as the
 * operator. now: Unix seconds; PLURUM_TIME_UNSET: the clock, rounded down to the hour.
 * Ownership: *out is owned, free it with plurum_history_free. Threads: any. Errors: NOTFOUND,
 * CORRUPT, NOMEM. Since 0.1.
 */
PLURUM_API plurum_status plurum_index_history(plurum_history **out, plurum_index *index,
                                              const char *id, int64_t now, plurum_error *error);

/* Frees a history; NULL is fine. Threads: one per handle. Errors: none. Since 0.1. */
PLURUM_API void plurum_history_free(plurum_history *history);

/*
 * What the history holds. Ownership: borrowed until the history is freed.
 * Threads: any. Errors: none. Since 0.1.
 */
PLURUM_API const char *plurum_history_key(const plurum_history *history);
PLURUM_API const plurum_trust_score *plurum_history_score(const plurum_history *history);
PLURUM_API size_t plurum_history_count(const plurum_history *history);
PLURUM_API const plurum_event *plurum_history_event(const plurum_history *history, size_t i);

#ifdef __cplusplus
}
#endif

#endif
