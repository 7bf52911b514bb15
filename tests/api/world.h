/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the public API share: one index in a directory of its own, a clock that tests
 * turn, the log's lines, and short forms of the calls. A call that should succeed and does not
 * fails the test with the error's text.
 */
#ifndef TESTS_API_WORLD_H
#define TESTS_API_WORLD_H

#include <check.h>
#include <jansson.h>

#include <plurum/plurum.h>

/* The clock's first reading: 2026-01-01T00:00:00Z, a full hour. */
#define NEW_YEAR INT64_C(1767225600)
#define HOUR INT64_C(3600)
#define DAY INT64_C(86400)

enum { DIM = 4 }; /* of the index's vectors, which the caller gives */
extern const float EAST[DIM], NORTH[DIM];

extern plurum_index *opened;  /* the index under test, or NULL     */
extern plurum_error error;    /* of the last call that was given it */
extern char directory[64];    /* of this test alone                 */
extern char path[96];         /* of the index: directory/index      */
extern char log_text[4096];   /* lines that the index logged        */
extern int64_t clock_now;

#define OK(call) ck_assert_msg((call) == PLURUM_OK, "%s: %s", #call, error.text)
/* The call must fail with this status, and say why with these words in it. */
#define FAILS(call, expected, piece)                                                               \
    do {                                                                                           \
        memset(&error, 0, sizeof error);                                                           \
        expect_failure((call), (expected), (piece), #call, __FILE__, __LINE__);                    \
    } while (0)
void expect_failure(plurum_status got, plurum_status expected, const char *piece, const char *call,
                    const char *file, int line);

/* ---- the index ---- */

void begin_world(void); /* an empty directory and a clock; nothing is created             */
void end_world(void);   /* closes, and removes all of it                                  */
void begin(void);       /* the same and an index: caller's vectors of DIM, open to write  */

/* Options of the index as `begin` creates and opens it, to be changed. */
plurum_create_options creation(void);
plurum_open_options opening(void);
void create(const plurum_create_options *options);
void open_with(const plurum_open_options *options);
void close_index(void);
void reopen(void); /* closes and opens as `opening` says */

plurum_stats stats(void);
/* Everything that list, get and history show of every document, with the counts: one text, the
 * caller's to free. Equal texts: nothing has changed. */
char *digest(void);
void verify_is_clean(void);

/* ---- writing ---- */

/* A public, published document of this key and title, with nothing else. */
plurum_document document(const char *key, const char *title);
/* Adds and commits one document; the receipt's internal id. */
uint32_t put(const plurum_document *document);
uint32_t put_text(const char *key, const char *title);
uint32_t put_vector(const char *key, const char *title, float x, float y);
/* `begin`, then three documents with a vector, "both", "east" and "north", and "words" without. */
void begin_with_four(void);
plurum_experience *experience(const char *json); /* read as a line of an import */
plurum_receipt put_experience(const char *json, const char *owner);

plurum_outcome outcome(const char *id, const char *agent, int success);
plurum_status report(const plurum_outcome *outcome, plurum_receipt *receipt);
plurum_status vote(const char *id, const char *agent, int vote, plurum_receipt *receipt);
plurum_status set_lifecycle(const char *id, const char *agent, plurum_lifecycle lifecycle,
                            plurum_receipt *receipt);
plurum_status delete_document(const char *id, const char *agent);
void worked(const char *id, const char *agent); /* an outcome that must be taken */
void failed(const char *id, const char *agent);

/* ---- reading ---- */

extern const plurum_viewer NOBODY, OPERATOR;
plurum_viewer viewer_of(const char *agent);

json_t *get(const char *id, const plurum_viewer *viewer); /* the caller's; NULL: NOTFOUND */
double trust_of(const char *id);                          /* trust_score, as the operator sees it */
double number(const json_t *object, const char *name);
const char *text(const json_t *object, const char *name);

plurum_query query(const char *text);
plurum_query vector_query(const float *vector); /* of DIM; no text */
plurum_results *search(const plurum_query *query);
plurum_results *search_text(const char *text);
plurum_results *list(const plurum_viewer *viewer, const plurum_filter *filter);
const plurum_hit *hit_of(const plurum_results *results, const char *key); /* must be on the page */
/* No hit is before one that is more than 1/floor times as relevant, and no boost is out of bounds. */
void lift_is_bounded(const plurum_results *results, double floor);
/* The keys of a page, separated by spaces; lives until the next call. */
const char *keys(const plurum_results *results);
/* Keys of what a text search, or a list, shows nobody. */
const char *found(const char *text);
const char *listed(void);

#define KEYS(results, expected)                                                                    \
    do {                                                                                           \
        plurum_results *shown_ = (results);                                                        \
        ck_assert_str_eq(keys(shown_), expected);                                                  \
        plurum_results_free(shown_);                                                               \
    } while (0)

/* Runs a suite of one program and gives its exit status. */
int run_suite(Suite *suite);

#endif
