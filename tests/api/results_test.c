/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers as JSON: which members a result, an item and a detail have, by the contract, and that
 * they say what the hits say; counts and sizes; the clock and the log.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char EXPERIENCE[] =
    "{\"goal\":\"restore a backup\",\"id\":\"00000000-0000-4000-8000-000000000001\","
    "\"short_id\":\"kept0001\",\"agent_id\":\"author\",\"domain\":\"Postgres\","
    "\"tools_used\":[\"psql\",\"Psql\",\"pg_dump\"],\"tags\":[],\"outcome\":\"success\","
    "\"confidence\":0.85,\"solution\":\"do \\\"this\\\"\","
    "\"attempts\":[{\"action\":\"tried\"}],\"dead_ends\":[{\"what\":\"that\"}],"
    "\"breakthroughs\":[{\"insight\":\"aha\"}],\"gotchas\":[\"mind\"],"
    "\"artifacts\":[{\"language\":\"sh\",\"code\":\"true\"}],\"context\":\"here\","
    "\"context_structured\":{\"environment\":\"linux\"}}";

/* The contract's members of list items, of results and of details. */
static const char *const ITEM[] = {
    "id", "short_id", "session_id", "agent_id", "goal", "domain", "tools_used", "status",
    "visibility", "outcome", "success_count", "failure_count", "total_reports", "success_rate",
    "upvotes", "downvotes", "trust_score", "quality_score", "tags", "confidence", "created_at",
    "updated_at", NULL};
static const char *const MATCH[] = {"similarity", "relevant", "keyword_rank", "combined_score",
                                    "rerank_score", NULL};
static const char *const DETAIL[] = {"dead_ends", "breakthroughs", "gotchas", "context",
                                     "artifacts", "attempts", "attempts_json", "solution",
                                     "context_structured", NULL};
static const char *const ANSWER[] = {"query", "results", "warnings", "total_found", "abstain", "cursor",
                                     "note", "seq", "now", NULL};
static const char *const EXPLAIN[] = {
    "text", "vector", "tools", "trust", "relevance", "boost", "noise", "score", "text_score",
    "text_normal", "text_weight", "cosine", "vector_normal", "vector_weight", "tools_share",
    "tools_weight", "text_rank", "vector_rank", "arithmetic", NULL};

static void has(const json_t *object, const char *const *members)
{
    for (; *members; members++)
        ck_assert_msg(json_object_get(object, *members) != NULL, "%s is missing", *members);
}

static void has_none(const json_t *object, const char *const *members)
{
    for (; *members; members++)
        ck_assert_msg(json_object_get(object, *members) == NULL, "%s is there", *members);
}

/* The answer as JSON; frees the results. */
static json_t *answer(plurum_results *results, int explain)
{
    char *text;
    OK(plurum_results_json(&text, results, explain, &error));
    ck_assert_ptr_null(strchr(text, '\n'));
    json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_msg(json_is_object(object), "%s", text);
    plurum_text_free(text);
    plurum_results_free(results);
    return object;
}

static json_t *first_of(const json_t *object, const char *list)
{
    json_t *first = json_array_get(json_object_get(object, list), 0);
    ck_assert_ptr_nonnull(first);
    return first;
}

START_TEST(a_result_has_every_member_of_the_contract)
{
    static const float like[DIM] = {1, 0, 0, 0};
    put_experience(EXPERIENCE, NULL);
    put_vector("plain", "restore a service", 1, 0);
    for (int i = 0; i < 3; i++) {
        char agent[8];
        snprintf(agent, sizeof agent, "a%d", i);
        failed("plain", agent);
    }
    plurum_query q = query("restore a backup");
    q.vector = like;
    q.dim = DIM;
    q.warnings = 1;
    json_t *object = answer(search(&q), 0);
    has(object, ANSWER);
    ck_assert_str_eq(text(object, "query"), "restore a backup");
    ck_assert_str_eq(text(object, "now"), "2026-01-01T00:00:00Z");
    ck_assert_double_eq(number(object, "total_found"), 1);
    ck_assert(json_is_null(json_object_get(object, "cursor")));
    json_t *result = first_of(object, "results");
    has(result, ITEM);
    has(result, MATCH);
    has(result, DETAIL);
    ck_assert_ptr_null(json_object_get(result, "explain"));
    json_t *warning = first_of(object, "warnings");
    has(warning, ITEM);
    has(warning, MATCH);
    ck_assert_str_eq(text(warning, "id"), "plain");
    json_decref(object);
}
END_TEST

START_TEST(a_list_item_has_no_match_scores)
{
    put_experience(EXPERIENCE, NULL);
    put_text("plain", "restore a service");
    json_t *object = answer(list(NULL, NULL), 0);
    has(object, ANSWER);
    ck_assert(json_is_null(json_object_get(object, "query")));
    json_t *results = json_object_get(object, "results");
    ck_assert_uint_eq(json_array_size(results), 2);
    for (size_t i = 0; i < 2; i++) {
        has(json_array_get(results, i), ITEM);
        has_none(json_array_get(results, i), MATCH);
    }
    json_decref(object);
}
END_TEST

START_TEST(a_detail_says_what_the_experience_said)
{
    put_experience(EXPERIENCE, NULL);
    json_t *o = get("kept0001", NULL);
    has(o, ITEM);
    has(o, DETAIL);
    has_none(o, MATCH);
    ck_assert_str_eq(text(o, "id"), "00000000-0000-4000-8000-000000000001");
    ck_assert_str_eq(text(o, "short_id"), "kept0001");
    ck_assert_str_eq(text(o, "agent_id"), "author");
    ck_assert(json_is_null(json_object_get(o, "session_id")));
    ck_assert_str_eq(text(o, "domain"), "Postgres");
    json_t *tools = json_object_get(o, "tools_used");
    ck_assert_uint_eq(json_array_size(tools), 2);
    ck_assert_str_eq(json_string_value(json_array_get(tools, 0)), "psql");
    ck_assert(json_is_array(json_object_get(o, "tags")));
    ck_assert_str_eq(text(o, "outcome"), "success");
    ck_assert_double_eq(number(o, "confidence"), 0.85);
    ck_assert_str_eq(text(o, "solution"), "do \"this\"");
    ck_assert_str_eq(text(first_of(o, "dead_ends"), "why"), "");
    ck_assert_str_eq(text(first_of(o, "breakthroughs"), "importance"), "medium");
    ck_assert_str_eq(text(first_of(o, "gotchas"), "warning"), "mind");
    ck_assert(json_is_false(json_object_get(first_of(o, "attempts"), "dead_end")));
    ck_assert(json_equal(json_object_get(o, "attempts"), json_object_get(o, "attempts_json")));
    ck_assert(json_is_null(json_object_get(first_of(o, "artifacts"), "description")));
    ck_assert_str_eq(text(json_object_get(o, "context_structured"), "environment"), "linux");
    json_decref(o);
}
END_TEST

START_TEST(a_plain_document_is_shown_in_the_same_form)
{
    plurum_document d = document("plain", "its title");
    d.text[PLURUM_TEXT_BODY] = "its body";
    d.text[PLURUM_TEXT_CODE] = "its code";
    d.domain = "  Kept to the letter ";
    put(&d);
    json_t *o = get("plain", NULL);
    has(o, ITEM);
    ck_assert_str_eq(text(o, "goal"), "its title");
    ck_assert_str_eq(text(o, "body"), "its body");
    ck_assert_str_eq(text(o, "code"), "its code");
    ck_assert_str_eq(text(o, "domain"), "  Kept to the letter ");
    ck_assert(json_is_null(json_object_get(o, "short_id")));
    ck_assert(json_is_null(json_object_get(o, "agent_id")));
    ck_assert(json_is_array(json_object_get(o, "tags")));
    json_decref(o);
}
END_TEST

START_TEST(the_json_says_what_the_hit_says)
{
    static const float like[DIM] = {1, 2, 0, 0};
    put_vector("with", "restore a backup", 1, 0);
    put_text("without", "restore it");
    worked("with", "user");
    plurum_query q = query("restore a backup");
    q.vector = like;
    q.dim = DIM;
    plurum_results *results = search(&q);
    const plurum_hit *hit = plurum_results_hit(results, 0), *other = plurum_results_hit(results, 1);
    plurum_hit first = *hit;
    plurum_explain explain = *hit->explain;
    double trust = hit->trust->trust;
    ck_assert(isnan(other->similarity));
    json_t *object = answer(results, 1), *list_ = json_object_get(object, "results");
    json_t *o = json_array_get(list_, 0), *e = json_object_get(o, "explain");
    has(e, EXPLAIN);
    ck_assert_str_eq(text(o, "id"), "with");
    ck_assert_double_eq(number(o, "combined_score"), first.score);
    ck_assert_double_eq(number(o, "rerank_score"), first.score);
    ck_assert_double_eq(number(o, "similarity"), first.similarity);
    ck_assert_double_eq(number(o, "keyword_rank"), first.text_rank);
    ck_assert_double_eq(number(o, "trust_score"), trust);
    ck_assert_double_eq(number(e, "text"), explain.text);
    ck_assert_double_eq(number(e, "vector"), explain.vector);
    ck_assert_double_eq(number(e, "cosine"), first.cosine);
    ck_assert_double_eq_tol(number(e, "text") + number(e, "vector") + number(e, "tools") +
                                number(e, "trust"),
                            number(e, "score"), 1e-9);
    ck_assert_ptr_nonnull(strstr(text(e, "arithmetic"), " relevance; "));
    o = json_array_get(list_, 1);
    ck_assert(json_is_null(json_object_get(o, "similarity")));
    ck_assert(json_is_null(json_object_get(json_object_get(o, "explain"), "cosine")));
    json_decref(object);
}
END_TEST

START_TEST(without_bodies_there_is_no_json)
{
    put_text("a", "restore");
    plurum_query q = query("restore");
    q.bodies = 0;
    plurum_results *results = search(&q);
    ck_assert_ptr_null(plurum_results_hit(results, 0)->json);
    ck_assert_str_eq(plurum_results_hit(results, 0)->short_id, "");
    char *json = path;
    FAILS(plurum_results_json(&json, results, 0, &error), PLURUM_ARG, "without bodies");
    ck_assert_ptr_null(json);
    plurum_results_free(results);
    plurum_text_free(NULL);
}
END_TEST

START_TEST(results_outlive_what_they_show)
{
    put_text("a", "restore");
    plurum_results *results = search_text("restore");
    OK(delete_document("a", NULL));
    OK(plurum_index_apply(opened, &error));
    ck_assert_str_eq(plurum_results_hit(results, 0)->key, "a");
    json_t *object = answer(results, 1);
    ck_assert_str_eq(text(first_of(object, "results"), "goal"), "restore");
    json_decref(object);
}
END_TEST

/* ---- counts ---- */

START_TEST(stats_count_what_there_is)
{
    for (int i = 0; i < 50; i++) {
        char key[16];
        plurum_document d = document(key, "restore a backup of the database, as it was before");
        snprintf(key, sizeof key, "k%d", i);
        d.lifecycle = (plurum_lifecycle)(i % 4);
        put(&d);
    }
    plurum_stats empty_text = stats();
    put_vector("k0", "replaced", 1, 1);
    OK(delete_document("k1", NULL));
    worked("k2", "user");
    failed("k3", "user");
    OK(vote("k2", "voter", 1, NULL));
    OK(plurum_index_apply(opened, &error));
    plurum_stats s = stats();
    ck_assert_uint_eq(s.documents, 49);
    ck_assert_uint_eq(s.lifecycle[PLURUM_DRAFT], 12);
    ck_assert_uint_eq(s.lifecycle[PLURUM_PUBLISHED], 13);
    ck_assert_uint_eq(s.lifecycle[PLURUM_VERIFIED], 12);
    ck_assert_uint_eq(s.lifecycle[PLURUM_ARCHIVED], 12);
    ck_assert_uint_eq(s.tombstones, 2);
    ck_assert_uint_eq(s.vectors, 1);
    ck_assert_uint_eq(s.outcomes, 2);
    ck_assert_uint_eq(s.votes, 1);
    ck_assert_uint_eq(s.reporters, 1);
    ck_assert_uint_eq(s.dictionary_count, 0);
    ck_assert_uint_eq(s.text_applied, s.seq);
    ck_assert_uint_gt(s.seq, empty_text.seq);
    ck_assert_uint_eq(empty_text.tail_documents, 50);
    ck_assert_uint_eq(s.tail_documents, 0);
    ck_assert_uint_gt(s.blob_bytes, 49 * 10);
    ck_assert_uint_gt(s.plain_bytes, s.blob_bytes / 2);
    ck_assert_uint_ge(s.store_bytes, s.blob_bytes);
    ck_assert_uint_gt(s.text_bytes, empty_text.text_bytes);
    ck_assert_uint_gt(s.memory_bytes, 49 * 56);
    ck_assert_uint_lt(s.memory_bytes, 100 << 20);
}
END_TEST

START_TEST(verify_says_how_much_it_has_read)
{
    put_vector("a", "restore a backup", 1, 1);
    put_text("b", "restore it");
    worked("a", "user");
    OK(plurum_index_apply(opened, &error));
    plurum_verify_report r = {.struct_size = sizeof r};
    OK(plurum_index_verify(&r, opened, NULL, NULL, &error));
    ck_assert_uint_eq(r.documents, 2);
    ck_assert_uint_eq(r.findings, 0);
    /* configuration and counters; per document header, blob, key and trust; then the vector, the
     * outcome, the reporter and three events */
    ck_assert_uint_eq(r.records, 2 + 2 * 4 + 1 + 1 + 1 + 3);
    ck_assert_uint_ge(r.postings, 4);
}
END_TEST

/* ---- callbacks ---- */

static int64_t silent_clock(void *payload)
{
    ++*(int *)payload;
    return 86399;
}

START_TEST(the_callers_clock_dates_everything)
{
    int asked = 0;
    plurum_open_options options = opening();
    close_index();
    options.clock = silent_clock;
    options.clock_payload = &asked;
    open_with(&options);
    put_text("a", "restore");
    ck_assert_int_gt(asked, 0);
    json_t *object = get("a", NULL);
    ck_assert_str_eq(text(object, "created_at"), "1970-01-01T23:59:59Z");
    json_decref(object);
    plurum_results *results = search_text("restore");
    ck_assert_int_eq(plurum_results_now(results), 82800);
    plurum_results_free(results);
}
END_TEST

START_TEST(without_a_clock_it_is_the_systems_time)
{
    plurum_open_options options = opening();
    close_index();
    options.clock = NULL;
    options.log = NULL;
    open_with(&options);
    put_text("a", "restore");
    json_t *object = get("a", NULL);
    ck_assert_str_gt(text(object, "created_at"), "2024");
    json_decref(object);
}
END_TEST

START_TEST(a_trained_dictionary_is_logged_and_read_back)
{
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    unsigned seed = 4;
    for (int i = 0; i < 1200; i++) {
        char key[16], title[128];
        snprintf(key, sizeof key, "k%d", i);
        snprintf(title, sizeof title, "restore backup number %d of database %d on host %d", i,
                 rand_r(&seed) % 1000, rand_r(&seed) % 50);
        plurum_document d = document(key, title);
        OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
    }
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    OK(plurum_index_apply(opened, &error));
    ck_assert_ptr_nonnull(strstr(log_text, "compression dictionary 1 trained on "));
    put_text("after", "restore backup number 7000 of database 12 on host 3");
    plurum_stats s = stats();
    ck_assert_uint_eq(s.dictionary_count, 1);
    ck_assert_uint_eq(s.dictionary_version, 1);
    reopen();
    json_t *object = get("after", NULL);
    ck_assert_str_eq(text(object, "goal"), "restore backup number 7000 of database 12 on host 3");
    json_decref(object);
    ck_assert_uint_eq(stats().dictionary_version, 1);
    verify_is_clean();
}
END_TEST

START_TEST(large_documents_give_a_dictionary_fewer_samples)
{
    enum { DOCUMENTS = 1100, SIZE = 30000 }; /* together three times what is sampled at most */
    static char body[SIZE + 1];
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    unsigned seed = 6;
    for (int i = 0; i < DOCUMENTS; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        for (int b = 0; b < SIZE; b++) body[b] = (char)('a' + rand_r(&seed) % 26);
        plurum_document d = document(key, "restore backup");
        d.text[PLURUM_TEXT_BODY] = body;
        OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
    }
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    OK(plurum_index_apply(opened, &error));
    const char *line = strstr(log_text, "trained on ");
    ck_assert_ptr_nonnull(line);
    int samples = atoi(line + 11);
    ck_assert_int_gt(samples, 100);
    ck_assert_int_lt(samples, 112640 * 100 / SIZE);
}
END_TEST

START_TEST(what_is_skipped_may_name_a_short_id_that_is_taken)
{
    static const char *const LINES[] = {
        "{\"id\":\"00000000-0000-4000-8000-000000000001\",\"short_id\":\"first001\",\"goal\":\"the first\"}",
        "{\"id\":\"00000000-0000-4000-8000-000000000002\",\"short_id\":\"second02\",\"goal\":\"the second\"}",
        "{\"id\":\"00000000-0000-4000-8000-000000000001\",\"short_id\":\"second02\",\"goal\":\"the third\"}"};
    plurum_receipt receipt;
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    put_experience(LINES[0], NULL);
    put_experience(LINES[1], NULL);
    for (int skip = 1; skip >= 0; skip--) {
        plurum_experience *e = experience(LINES[2]);
        OK(plurum_batch_put_experience(batch, e, NULL, NULL, 0,
                                       skip ? PLURUM_CONFLICT_SKIP : PLURUM_CONFLICT_REPLACE, &error));
        plurum_experience_free(e);
        if (skip) {
            OK(plurum_batch_commit(batch, &receipt, &error));
            ck_assert_int_eq(receipt.changed, 0);
            ck_assert_str_eq(receipt.short_id, "first001");
        } else {
            FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_EXISTS, "second02");
        }
    }
    plurum_batch_free(batch);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: results");
    TCase *t = tcase_create("results");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, begin, end_world);
    tcase_add_test(t, a_result_has_every_member_of_the_contract);
    tcase_add_test(t, a_list_item_has_no_match_scores);
    tcase_add_test(t, a_detail_says_what_the_experience_said);
    tcase_add_test(t, a_plain_document_is_shown_in_the_same_form);
    tcase_add_test(t, the_json_says_what_the_hit_says);
    tcase_add_test(t, without_bodies_there_is_no_json);
    tcase_add_test(t, results_outlive_what_they_show);
    tcase_add_test(t, stats_count_what_there_is);
    tcase_add_test(t, verify_says_how_much_it_has_read);
    tcase_add_test(t, the_callers_clock_dates_everything);
    tcase_add_test(t, without_a_clock_it_is_the_systems_time);
    tcase_add_test(t, a_trained_dictionary_is_logged_and_read_back);
    tcase_add_test(t, what_is_skipped_may_name_a_short_id_that_is_taken);
    tcase_add_test(t, large_documents_give_a_dictionary_fewer_samples);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
