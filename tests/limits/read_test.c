/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What cannot be asked: queries, filters, viewers and ids beyond a limit, forms and explanations that
 * there are not. What lies just inside a limit is taken.
 */
#include <config.h>

#include "tests/limits/limits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *names[256];

static void setup(void)
{
    limits_begin();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) names[i] = "name";
}

/* ---- queries ---- */

static plurum_status try_search(const plurum_query *q)
{
    plurum_results *results = (plurum_results *)names; /* must be overwritten */
    plurum_status status = plurum_search(&results, opened, q, &error);
    ck_assert_int_eq(results == NULL, status != PLURUM_OK);
    plurum_results_free(results);
    return status;
}

#define BAD_QUERY(status, piece, change)                                                           \
    do {                                                                                           \
        plurum_query q = query("plain");                                                           \
        change;                                                                                    \
        REFUSED_AS(#change, try_search(&q), status, piece);                                        \
    } while (0)

START_TEST(a_query_beyond_a_limit_is_refused)
{
    limits_kind("Queries");
    BAD_QUERY(ARG, "limit: 0, allowed are 1 to 10000", q.limit = 0);
    BAD_QUERY(ARG, "limit: 10001", q.limit = PLURUM_LIMIT_MAX + 1);
    BAD_QUERY(ARG, "warnings: 10001", q.warnings = PLURUM_LIMIT_MAX + 1);
    BAD_QUERY(ARG, "snippet: 65537", q.snippet = PLURUM_SNIPPET_MAX + 1);
    BAD_QUERY(ARG, "facets: 10001", q.facets = PLURUM_LIMIT_MAX + 1);
    BAD_QUERY(ARG, "mode: 3 is none", q.mode = (plurum_mode)3);
    BAD_QUERY(ARG, "mode: -1 is none", q.mode = (plurum_mode)-1);
    BAD_QUERY(ARG, "neither a text nor a vector", q.text_len = 0);
    BAD_QUERY(ARG, "its text or vector is NULL", q.text = NULL);
    BAD_QUERY(ARG, "its text or vector is NULL", q.dim = DIM);
    BAD_QUERY(ARG, "tools: NULL", q.tool_count = 1);
    BAD_QUERY(ARG, "tools: 201, at most 200", (q.tools = names, q.tool_count = 201));
    BAD_QUERY(ARG, "tools[1]: NULL", (q.tools = names, q.tool_count = 2, names[1] = NULL));
    BAD_QUERY(LIMIT, "262145 bytes, at most 262144",
              (q.text = many(PLURUM_QUERY_MAX + 1, "q"), q.text_len = PLURUM_QUERY_MAX + 1));
    BAD_QUERY(ARG, "now: ", q.now = INT64_MAX);
    BAD_QUERY(ARG, "now: ", q.now = INT64_MIN + 1);
    REFUSED(try_search(NULL), ARG, "query: NULL", query = NULL);
}
END_TEST

START_TEST(a_vector_of_a_query_that_is_none_is_refused)
{
    static const float bad[DIM] = {1, NAN, 0, 0}, wide[DIM] = {1, 0, INFINITY, 0};
    static const plurum_fingerprint other = {.name = "other", .dim = DIM, .text_template = 1};
    limits_kind("Vectors of queries");
    BAD_QUERY(MISMATCH, "a query vector of 3 dimensions; the index is of model caller with 4",
              (q.vector = bad, q.dim = 3));
    BAD_QUERY(MISMATCH, "a query vector of 0 dimensions", q.vector = bad);
    BAD_QUERY(INVALID, "nan at 1", (q.vector = bad, q.dim = DIM));
    BAD_QUERY(INVALID, "inf at 2", (q.vector = wide, q.dim = DIM));
    BAD_QUERY(MISMATCH, "given is other",
              (q.vector = bad, q.dim = DIM, q.vector_model = &other));
}
END_TEST

START_TEST(a_page_that_there_is_not_is_refused)
{
    put_text("second", "a plain document too");
    OK(plurum_index_apply(opened, &error));
    limits_settle();
    plurum_query first = query("plain");
    first.limit = 1;
    plurum_results *page = search(&first);
    const char *cursor = printed("%s", plurum_results_cursor(page)), *last = strrchr(cursor, '\0') - 1;
    const char *damaged = printed("%.*s%c", (int)(last - cursor), cursor, *last == '0' ? '1' : '0');
    plurum_results_free(page);
    limits_kind("Pages");
    BAD_QUERY(ARG, "offset: 1, with a cursor", (q.cursor = "x", q.offset = 1));
    BAD_QUERY(INVALID, "cursor: not one", q.cursor = "x");
    BAD_QUERY(INVALID, "cursor: not one", q.cursor = "");
    BAD_QUERY(INVALID, "cursor: not one", q.cursor = many(138, "0"));
    BAD_QUERY(INVALID, "cursor: not one", q.cursor = damaged);
    BAD_QUERY(INVALID, "cursor: of another query", (q.cursor = cursor, q.mode = PLURUM_MODE_TEXT));
    BAD_QUERY(ARG, "not together with lambda", (q.cursor = cursor, q.lambda = .5));
}
END_TEST

START_TEST(diversity_beyond_a_limit_is_refused)
{
    plurum_weights *many_candidates;
    OK(plurum_weights_new(&many_candidates, &error));
    OK(plurum_weights_set(many_candidates, "candidates", 1001, &error));
    limits_kind("Diversity");
    BAD_QUERY(ARG, "lambda: 1.5, allowed are 0 to 1", q.lambda = 1.5);
    BAD_QUERY(ARG, "lambda: nan", q.lambda = NAN);
    BAD_QUERY(ARG, "collapse: -1", q.collapse = -1);
    BAD_QUERY(ARG, "trace", (q.collapse = .9, q.trace = 1));
    BAD_QUERY(ARG, "trace", (q.collapse_titles = 1, q.trace = 1));
    BAD_QUERY(ARG, "1001 candidates a leg", (q.collapse = .9, q.weights = many_candidates));
    plurum_weights_free(many_candidates);
}
END_TEST

/* ---- filters ---- */

static plurum_status try_list(const plurum_viewer *v, const plurum_filter *f, size_t limit)
{
    plurum_results *results = (plurum_results *)names;
    plurum_status status = plurum_index_list(&results, opened, v, f, limit, 0, &error);
    ck_assert_int_eq(results == NULL, status != PLURUM_OK);
    plurum_results_free(results);
    return status;
}

/* A filter is checked in the same way by search and by list. */
#define BAD_FILTER(piece, change)                                                                  \
    do {                                                                                           \
        plurum_filter f = PLURUM_FILTER_INIT;                                                      \
        plurum_viewer v = PLURUM_VIEWER_INIT;                                                      \
        plurum_query q = query("plain");                                                           \
        q.filter = &f, q.viewer = &v;                                                              \
        change;                                                                                    \
        FAILS(try_list(&v, &f, 10), PLURUM_ARG, piece);                                            \
        REFUSED_AS(#change, try_search(&q), ARG, piece);                                           \
    } while (0)

START_TEST(a_filter_or_viewer_beyond_a_limit_is_refused)
{
    limits_kind("Filters and viewers, of search and list alike");
    BAD_FILTER("min_quality: 1.1, allowed are 0 to 1", f.min_quality = 1.1);
    BAD_FILTER("min_quality: -0.5", f.min_quality = -0.5);
    BAD_FILTER("min_quality: nan", f.min_quality = NAN);
    BAD_FILTER("min_confidence: 2", f.min_confidence = 2);
    BAD_FILTER("min_confidence: nan", f.min_confidence = NAN);
    BAD_FILTER("filter.lifecycles: 0x10", f.lifecycles = 1u << PLURUM_LIFECYCLE_COUNT);
    BAD_FILTER("filter.visibilities: 0x8", f.visibilities = 8);
    BAD_FILTER("quarantine: 3 is none", f.quarantine = (plurum_quarantine)3);
    BAD_FILTER("filter.tools: NULL", f.tool_count = 1);
    BAD_FILTER("filter.tags: NULL", f.tag_count = 1);
    BAD_FILTER("filter.tools: 201", (f.tools = names, f.tool_count = 201));
    BAD_FILTER("filter.tags: 202", (f.tags = names, f.tag_count = 202));
    BAD_FILTER("team_mates: NULL", v.team_mate_count = 1);
    BAD_FILTER("filter.tools[1]: NULL", (f.tools = names, f.tool_count = 2, names[1] = NULL));
    BAD_FILTER("filter.tags[1]: NULL", (f.tags = names, f.tag_count = 2, names[1] = NULL));
    BAD_FILTER("viewer.team_mates[1]: NULL",
               (v.team_mates = names, v.team_mate_count = 2, names[1] = NULL));
    REFUSED(try_list(NULL, NULL, 0), ARG, "limit: 0, allowed are 1 to 10000", list: limit = 0);
    REFUSED(try_list(NULL, NULL, 10001), ARG, "limit: 10001", list: limit = 10001);
}
END_TEST

/* ---- ids ---- */

static plurum_status try_get(const char *id, const plurum_viewer *viewer)
{
    char *json = (char *)names;
    plurum_status status = plurum_index_get(&json, opened, id, viewer, &error);
    ck_assert_ptr_null(json);
    return status;
}

static plurum_status try_history(const char *id)
{
    plurum_history *history = (plurum_history *)names;
    plurum_status status = plurum_index_history(&history, opened, id, NEW_YEAR, &error);
    ck_assert_ptr_null(history);
    return status;
}

static plurum_status try_acquire(const char *id, int mode)
{
    char *form = (char *)names;
    plurum_status status =
        plurum_index_acquire(&form, opened, id, (plurum_acquire_mode)mode, NULL, &error);
    ck_assert_ptr_null(form);
    return status;
}

static plurum_status try_why(const char *id, const plurum_query *q)
{
    plurum_why *why = (plurum_why *)names;
    plurum_status status = plurum_index_why(&why, opened, id, q, &error);
    ck_assert_ptr_null(why);
    return status;
}

static plurum_status try_similar(const char *id)
{
    plurum_query q;
    plurum_query_init(&q);
    q.like = id;
    return try_search(&q);
}

/* Every call that takes an id says the same of one that is none. */
#define BAD_ID(id)                                                                                 \
    do {                                                                                           \
        plurum_query q_ = query("plain");                                                          \
        FAILS(try_history(id), PLURUM_NOTFOUND, "no document \"");                                 \
        FAILS(try_acquire(id, 0), PLURUM_NOTFOUND, "no document \"");                              \
        FAILS(try_why(id, &q_), PLURUM_NOTFOUND, "no document \"");                                \
        FAILS(try_similar(id), PLURUM_NOTFOUND, "no document \"");                                 \
        REFUSED_AS("id = " #id, try_get(id, &OPERATOR), NOTFOUND, "no document \"");               \
    } while (0)

START_TEST(an_id_that_is_none_is_refused)
{
    plurum_query q = query("plain");
    limits_kind("Ids, of every call that takes one");
    BAD_ID("");
    BAD_ID("plain ");
    BAD_ID("PLAIN");
    BAD_ID("kept000");
    BAD_ID("KEPT0001");
    BAD_ID("00000000-0000-4000-8000-000000000009");
    BAD_ID(many(5000, "k"));
    BAD_ID("\xFF");
    REFUSED(try_get(NULL, NULL), ARG, "id: NULL", id = NULL);
    FAILS(try_history(NULL), PLURUM_ARG, "id: NULL");
    FAILS(try_acquire(NULL, 0), PLURUM_ARG, "id: NULL");
    FAILS(try_why(NULL, &q), PLURUM_ARG, "id: NULL");
}
END_TEST

START_TEST(what_the_viewer_may_not_see_is_refused_like_what_there_is_not)
{
    plurum_document hidden = document("hidden", "for its owner alone");
    hidden.visibility = PLURUM_PRIVATE;
    hidden.owner = "author";
    put(&hidden);
    OK(plurum_index_apply(opened, &error));
    limits_settle();
    limits_kind("Ids, of every call that takes one");
    FAILS(try_acquire("hidden", 0), PLURUM_NOTFOUND, "no document \"hidden\"");
    FAILS(try_similar("hidden"), PLURUM_NOTFOUND, "no document \"hidden\"");
    REFUSED_AS("id of a private document, to another viewer", try_get("hidden", &NOBODY), NOTFOUND,
               "no document \"hidden\"");
}
END_TEST

START_TEST(a_form_or_question_that_there_is_not_is_refused)
{
    static const float vector[DIM] = {1, 0, 0, 0};
    plurum_query asked = query("plain");
    limits_kind("Acquire, similar and why");
    REFUSED(try_acquire("kept0001", 4), ARG, "mode: 4, allowed are 0 to 3", acquire: mode = 4);
    REFUSED(try_acquire("kept0001", -1), ARG, "mode: -1", acquire: mode = -1);
    REFUSED(try_why("plain", NULL), ARG, "query: NULL", why: query = NULL);
    asked.collapse = .9;
    REFUSED(try_why("plain", &asked), ARG, "not in a question why", why: collapse = .9);
    asked = query("plain");
    asked.limit = 0;
    REFUSED(try_why("plain", &asked), ARG, "limit: 0", why: limit = 0);
    BAD_QUERY(ARG, "like: with it", q.like = "plain");
    BAD_QUERY(ARG, "like: with it",
              (q.like = "plain", q.text_len = 0, q.vector = vector, q.dim = DIM));
}
END_TEST

/* ---- weights and logs ---- */

static plurum_status try_weights(const char *text)
{
    plurum_weights *weights;
    OK(plurum_weights_new(&weights, &error));
    plurum_status status = plurum_weights_parse(weights, text, strlen(text), &error);
    plurum_weights_free(weights);
    return status;
}

/* Writes the text to a file and reads it; NULL: there is no file. */
static plurum_status try_weights_file(const char *text)
{
    char *name = (char *)printed("%s/weights", directory);
    FILE *file = text ? fopen(name, "w") : NULL;
    plurum_weights *weights;
    if (file) ck_assert_int_ge(fputs(text, file), 0);
    if (file) ck_assert_int_eq(fclose(file), 0);
    OK(plurum_weights_new(&weights, &error));
    plurum_status status = plurum_weights_read(weights, name, &error);
    plurum_weights_free(weights);
    remove(name);
    return status;
}

#define BAD_WEIGHTS(status, piece, text) REFUSED_AS(#text, try_weights(text), status, piece)

START_TEST(weights_that_are_none_are_refused)
{
    limits_kind("Weights");
    BAD_WEIGHTS(NOTFOUND, "\"alhpa\" is no ranking weight", "alhpa = 1");
    BAD_WEIGHTS(INVALID, "alpha: 2, allowed are 0 to 1", "alpha = 2");
    BAD_WEIGHTS(INVALID, "candidates: 10001", "candidates = 10001");
    BAD_WEIGHTS(INVALID, "a whole number expected", "candidates = 10.5");
    BAD_WEIGHTS(INVALID, "\"much\", a number expected", "alpha = much");
    BAD_WEIGHTS(INVALID, "\"nan\"", "alpha = nan");
    BAD_WEIGHTS(INVALID, "alpha: \"\"", "alpha =");
    BAD_WEIGHTS(INVALID, "\"name = value\" expected", "alpha 1");
    BAD_WEIGHTS(INVALID, "fusion: \"magic\"", "fusion = magic");
    BAD_WEIGHTS(INVALID, "fusion: ", "fusion = 17");
    BAD_WEIGHTS(INVALID, "bm25_k1: -1", "bm25_k1 = -1");
    REFUSED(try_weights_file(NULL), NOTFOUND, "cannot open it", a file that is not there);
    REFUSED(try_weights_file(many(1 << 16, "#")), LIMIT, "too large", a file of 65536 bytes);
}
END_TEST

START_TEST(a_line_of_a_log_that_is_none_is_refused)
{
    static const float TABLE[DIM] = {1, 0, 0, 0};
    static const char *const LINES[] = {"{}", "17", "{\"replay\":1}", "{\"replay\":2,\"seq\":1}"};
    plurum_replay *replay = (plurum_replay *)names;
    plurum_results *results = search_text("plain");
    limits_kind("Query logs");
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++)
        REFUSED_AS(LINES[i], plurum_replay_parse(&replay, LINES[i], strlen(LINES[i]), TABLE, 1, DIM,
                                                 &error), INVALID, "");
    REFUSED(plurum_replay_take(&replay, results, &error), ARG, "without a trace",
            plurum_replay_take of a query without trace);
    plurum_results_free(results);
}
END_TEST

START_TEST(a_query_of_the_greatest_length_is_taken)
{
    plurum_query q = query(many(PLURUM_QUERY_MAX / 6, "plain "));
    ck_assert_uint_le(q.text_len, PLURUM_QUERY_MAX);
    KEYS(search(&q), "plain");
    char *distinct = malloc(PLURUM_QUERY_MAX + 1);
    ck_assert_ptr_nonnull(distinct);
    size_t used = 0;
    for (unsigned i = 0; used + 12 < PLURUM_QUERY_MAX; i++)
        used += (size_t)sprintf(distinct + used, "w%x ", i * 2654435761u);
    memset(distinct + used, ' ', PLURUM_QUERY_MAX - used);
    memcpy(distinct + PLURUM_QUERY_MAX - 5, "plain", 5);
    q.text = distinct;
    q.text_len = PLURUM_QUERY_MAX;
    KEYS(search(&q), "plain");
    free(distinct);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("limits: reading");
    TCase *t = tcase_create("refusals");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, setup, limits_end);
    tcase_add_test(t, a_query_beyond_a_limit_is_refused);
    tcase_add_test(t, a_vector_of_a_query_that_is_none_is_refused);
    tcase_add_test(t, a_page_that_there_is_not_is_refused);
    tcase_add_test(t, diversity_beyond_a_limit_is_refused);
    tcase_add_test(t, a_filter_or_viewer_beyond_a_limit_is_refused);
    tcase_add_test(t, an_id_that_is_none_is_refused);
    tcase_add_test(t, what_the_viewer_may_not_see_is_refused_like_what_there_is_not);
    tcase_add_test(t, a_form_or_question_that_there_is_not_is_refused);
    tcase_add_test(t, weights_that_are_none_are_refused);
    tcase_add_test(t, a_line_of_a_log_that_is_none_is_refused);
    tcase_add_test(t, a_query_of_the_greatest_length_is_taken);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
