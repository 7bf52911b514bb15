/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searching: the modes and what an answer does without, embedders, filters, and that any bytes are a
 * query.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note_is(const plurum_query *q, const char *piece)
{
    plurum_results *results = search(q);
    const char *note = plurum_results_note(results);
    if (piece)
        ck_assert_msg(note && strstr(note, piece), "%s", note ? note : "no note");
    else
        ck_assert_msg(!note, "%s", note);
    plurum_results_free(results);
}

/* ---- modes ---- */

START_TEST(text_mode_finds_by_words_alone)
{
    plurum_query q = query("restore a backup");
    q.mode = PLURUM_MODE_TEXT;
    q.vector = NORTH;
    q.dim = DIM;
    plurum_results *results = search(&q);
    ck_assert_str_eq(keys(results), "both words");
    for (size_t i = 0; i < 2; i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        ck_assert_uint_eq(hit->text_rank, i + 1);
        ck_assert_uint_eq(hit->vector_rank, 0);
        ck_assert_double_gt(hit->text_score, 0);
        ck_assert(isnan(hit->cosine) && isnan(hit->similarity));
        ck_assert_double_eq(hit->explain->vector, 0);
    }
    plurum_results_free(results);
    note_is(&q, NULL);
}
END_TEST

START_TEST(vector_mode_finds_by_likeness_alone)
{
    plurum_query q = query("restart");
    q.mode = PLURUM_MODE_VECTOR;
    q.vector = EAST;
    q.dim = DIM;
    plurum_results *results = search(&q);
    ck_assert_str_eq(keys(results), "both east north");
    const plurum_hit *first = plurum_results_hit(results, 0);
    ck_assert_double_eq_tol(first->cosine, 1, 1e-6);
    ck_assert_double_eq_tol(first->similarity, 1, 1e-6);
    ck_assert_uint_eq(first->vector_rank, 1);
    ck_assert_double_eq(first->text_score, 0);
    ck_assert_double_eq_tol(plurum_results_hit(results, 1)->cosine, 4 / sqrt(17), 1e-6);
    plurum_results_free(results);
}
END_TEST

START_TEST(hybrid_mode_gives_every_candidate_its_score_in_both_legs)
{
    plurum_query q = query("restore a backup");
    q.vector = EAST;
    q.dim = DIM;
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_count(results), 4);
    ck_assert_str_eq(plurum_results_hit(results, 0)->key, "both");
    for (size_t i = 0; i < 4; i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        int worded = !strcmp(hit->key, "both") || !strcmp(hit->key, "words");
        ck_assert_int_eq(hit->text_score > 0, worded);
        ck_assert_int_eq(isnan(hit->cosine), !strcmp(hit->key, "words"));
        ck_assert_int_eq(hit->vector_rank == 0, !strcmp(hit->key, "words"));
        ck_assert_double_eq(hit->explain->text_weight + hit->explain->vector_weight, 1);
    }
    plurum_results_free(results);
}
END_TEST

START_TEST(a_leg_that_finds_nothing_does_not_hide_the_other)
{
    plurum_query q = query("zymurgy");
    q.vector = EAST;
    q.dim = DIM;
    KEYS(search(&q), "both east north");
    note_is(&q, "no document has a word of the query: vector leg only");
    plurum_results *results = search(&q);
    ck_assert_double_eq(plurum_results_hit(results, 0)->explain->vector_weight, 1);
    plurum_results_free(results);
    q = query("restore");
    note_is(&q, "the query has no vector: text leg only");
    q.mode = PLURUM_MODE_VECTOR;
    KEYS(search(&q), "");
    note_is(&q, "the query has no vector");
}
END_TEST

START_TEST(a_query_of_stop_words_goes_to_the_vector_leg_and_says_so)
{
    plurum_query q = query("to the of and a");
    q.vector = EAST;
    q.dim = DIM;
    KEYS(search(&q), "both east north");
    note_is(&q, "no word but stop words: vector leg only");
    q.mode = PLURUM_MODE_TEXT;
    KEYS(search(&q), "");
    note_is(&q, "no word but stop words");
    q.mode = PLURUM_MODE_HYBRID;
    q.vector = NULL;
    q.dim = 0;
    KEYS(search(&q), "");
    note_is(&q, "stop words");
    plurum_results *results = search(&q);
    ck_assert_ptr_null(strstr(plurum_results_note(results), "vector"));
    plurum_results_free(results);
}
END_TEST

START_TEST(a_query_may_be_a_vector_alone)
{
    plurum_query q = vector_query(NORTH);
    KEYS(search(&q), "north east both");
    note_is(&q, NULL);
    char *json;
    plurum_results *results = search(&q);
    OK(plurum_results_json(&json, results, 0, &error));
    ck_assert_ptr_nonnull(strstr(json, "\"query\":\"\""));
    plurum_text_free(json);
    plurum_results_free(results);
}
END_TEST

START_TEST(a_vector_of_any_length_is_a_direction)
{
    static const float far[DIM] = {1e30f, 0, 0, 0}, near[DIM] = {1e-30f, 0, 0, 0};
    static const float zero[DIM];
    for (int i = 0; i < 2; i++) {
        plurum_query q = vector_query(i ? far : near);
        plurum_results *results = search(&q);
        ck_assert_double_eq_tol(plurum_results_hit(results, 0)->cosine, 1, 1e-6);
        plurum_results_free(results);
    }
    plurum_query q = vector_query(zero);
    KEYS(search(&q), "");
    note_is(&q, "the query has no vector");
}
END_TEST

START_TEST(an_empty_index_finds_nothing)
{
    static const char *const KEYS_[] = {"both", "east", "north", "words"};
    for (int i = 0; i < 4; i++) OK(delete_document(KEYS_[i], NULL));
    for (int applied = 0; applied < 2; applied++) {
        plurum_query q = query("restore");
        q.vector = EAST;
        q.dim = DIM;
        plurum_results *results = search(&q);
        ck_assert_uint_eq(plurum_results_count(results), 0);
        ck_assert_uint_eq(plurum_results_total(results), 0);
        ck_assert_ptr_null(plurum_results_hit(results, 0));
        ck_assert_ptr_null(plurum_results_cursor(results));
        plurum_results_free(results);
        ck_assert_str_eq(listed(), "");
        OK(plurum_index_apply(opened, &error));
    }
    plurum_results_free(NULL);
}
END_TEST

START_TEST(an_index_without_vectors_searches_by_words_and_has_no_note)
{
    plurum_create_options options = creation();
    plurum_fingerprint none = {.name = "none", .dim = 0, .text_template = 1};
    for (int i = 0; i < 2; i++) {
        end_world();
        begin_world();
        options.fingerprint = i ? NULL : &none;
        create(&options);
        reopen();
        put_text("a", "restore");
        plurum_query q = query("restore");
        KEYS(search(&q), "a");
        note_is(&q, NULL);
        q.mode = PLURUM_MODE_VECTOR;
        note_is(&q, "the index has no vectors");
        q.vector = EAST;
        q.dim = DIM;
        plurum_results *results;
        FAILS(plurum_search(&results, opened, &q, &error), PLURUM_MISMATCH, "4 dimensions");
    }
}
END_TEST

/* ---- embedders ---- */

static int embedder_fails;

/* East for what speaks of restoring, north for all else; nothing for the word "nothing". */
static plurum_status embed(void *payload, const char *const *texts, size_t count, float *out,
                           plurum_error *why)
{
    (void)payload;
    (void)why;
    for (size_t i = 0; i < count; i++) {
        if (embedder_fails) return PLURUM_IO;
        if (strcmp(texts[i], "nothing") == 0) continue;
        memcpy(out + i * DIM, strstr(texts[i], "restor") ? EAST : NORTH, sizeof EAST);
    }
    return PLURUM_OK;
}

START_TEST(an_embedder_makes_the_vectors_of_documents_and_queries)
{
    plurum_embedder_methods methods = {.struct_size = sizeof methods, .embed = embed};
    plurum_embedder *embedder;
    OK(plurum_embedder_create(&embedder, creation().fingerprint, NULL, &methods, NULL, &error));
    OK(plurum_index_use_embedder(opened, embedder, &error));
    put_text("embedded", "restoring things");
    put_text("unknown", "nothing");
    put_vector("given", "restoring by a given vector", 0, 1);
    ck_assert_uint_eq(stats().vectors, 5);
    plurum_query q = query("how to restore");
    q.mode = PLURUM_MODE_VECTOR;
    KEYS(search(&q), "both embedded east north given");
    note_is(&q, NULL);
    q = query("nothing");
    q.mode = PLURUM_MODE_VECTOR;
    KEYS(search(&q), "");
    note_is(&q, "the query has no vector");
    embedder_fails = 1;
    q = query("restore");
    KEYS(search(&q), "both embedded given words");
    note_is(&q, "the embedder failed: text leg only");
    q.mode = PLURUM_MODE_VECTOR;
    KEYS(search(&q), "");
    note_is(&q, "the embedder failed: no vector leg");
    plurum_batch *batch;
    plurum_document d = document("new", "restore");
    OK(plurum_batch_new(&batch, opened, &error));
    OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_IO, "caller");
    embedder_fails = 0;
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    ck_assert_uint_eq(stats().vectors, 6);
    close_index();
    plurum_embedder_free(embedder);
}
END_TEST

START_TEST(the_static_model_finds_what_no_word_names)
{
    plurum_create_options options = creation();
    plurum_embedder *embedder;
    OK(plurum_embedder_open_static(&embedder, DATA_DIR "/models/static-en-256.plsm", &error));
    options.fingerprint = plurum_embedder_fingerprint(embedder);
    options.traits = plurum_embedder_traits(embedder);
    end_world();
    begin_world();
    create(&options);
    plurum_open_options open = opening();
    open.embedder = embedder;
    open_with(&open);
    put_text("a", "recover a lost postgres table from yesterday's dump");
    put_text("b", "paint the kitchen wall without stains");
    plurum_query q = query("database restoration");
    plurum_results *results = search(&q);
    ck_assert_str_eq(keys(results), "a b");
    ck_assert_double_gt(plurum_results_hit(results, 0)->similarity,
                        plurum_results_hit(results, 1)->similarity);
    plurum_results_free(results);
    close_index();
    plurum_embedder_free(embedder);
}
END_TEST

/* ---- any text ---- */

START_TEST(operators_mean_nothing_in_a_query)
{
    static const char *const LIKE_OPERATORS[] = {
        "restore AND NOT backup", "restore -backup", "+restore +backup", "\"restore backup",
        "restore NEAR/2 backup", "restore ADJ backup", "title:restore OR body:backup",
        "(restore OR (backup", "restore^5 backup~2", "restore XOR backup", "XTrestore Sbackup restore",
        "[restore TO backup]", "restore..backup", "<alldocuments> restore backup",
        "restore SYNONYM ~backup", "restore' OR '1'='1 backup", "restore; DROP TABLE backup",
    };
    for (size_t i = 0; i < sizeof LIKE_OPERATORS / sizeof *LIKE_OPERATORS; i++) {
        plurum_query q = query(LIKE_OPERATORS[i]);
        plurum_results *results = search(&q);
        ck_assert_msg(strcmp(keys(results), "both words") == 0, "%s found %s", LIKE_OPERATORS[i],
                      keys(results));
        plurum_results_free(results);
    }
    /* no wildcard either */
    ck_assert_str_eq(found("rest*"), "");
    ck_assert_str_eq(found("*"), "");
    ck_assert_str_eq(found("rest?re"), "");
}
END_TEST

START_TEST(any_bytes_are_a_query)
{
    static const char WITH_NUL[] = "restore\0backup";
    plurum_query q = query("");
    q.text = WITH_NUL;
    q.text_len = sizeof WITH_NUL - 1;
    KEYS(search(&q), "both words");
    unsigned seed = 3;
    char bytes[300];
    for (int round = 0; round < 200; round++) {
        q.text = bytes;
        q.text_len = (size_t)(rand_r(&seed) % (int)sizeof bytes + 1);
        for (size_t i = 0; i < q.text_len; i++) bytes[i] = (char)rand_r(&seed);
        char *json;
        plurum_results *results = search(&q);
        OK(plurum_results_json(&json, results, 1, &error));
        json_t *object = json_loads(json, JSON_ALLOW_NUL, NULL);
        ck_assert_ptr_nonnull(object);
        json_decref(object);
        plurum_text_free(json);
        plurum_results_free(results);
    }
}
END_TEST

/* ---- filters ---- */

static void put_labelled(const char *key, const char *domain, const char *tool, const char *other,
                         int64_t created_at)
{
    const char *tools[] = {tool, other};
    plurum_document d = document(key, "restore");
    d.domain = domain;
    d.tools = tools;
    d.tool_count = other ? 2 : 1;
    d.tags = tools;
    d.tag_count = 1;
    d.created_at = created_at;
    put(&d);
}

START_TEST(a_filter_keeps_what_meets_all_conditions)
{
    put_labelled("p", "Postgres", "PSQL", "pg_dump", 1000);
    put_labelled("q", "postgres", "psql", NULL, 2000);
    put_labelled("r", "mysql", "psql", "mysqldump", 3000);
    const char *tools[] = {"psql", "PG_DUMP"};
    plurum_filter f = PLURUM_FILTER_INIT;
    plurum_query q = query("restore");
    q.filter = &f;
    q.mode = PLURUM_MODE_TEXT;
    for (int applied = 0; applied < 2; applied++) {
        f = (plurum_filter)PLURUM_FILTER_INIT;
        f.domain = "POSTGRES";
        KEYS(list(NULL, &f), "q p");
        f.domain = "\xEF\xBC\xB0ostgres"; /* a full-width P: the same after NFKC */
        KEYS(search(&q), "p q");
        f.tools = tools;
        f.tool_count = 1;
        KEYS(search(&q), "p q");
        f.tool_count = 2;
        KEYS(search(&q), "p");
        f.tags = tools + 1;
        f.tag_count = 1;
        KEYS(search(&q), "");
        f = (plurum_filter)PLURUM_FILTER_INIT;
        f.tags = tools;
        f.tag_count = 1;
        f.since = 1000;
        f.until = 2000;
        KEYS(list(NULL, &f), "q p");
        f.since = 1001;
        KEYS(list(NULL, &f), "q");
        f.until = 1999;
        KEYS(list(NULL, &f), "");
        f = (plurum_filter)PLURUM_FILTER_INIT;
        f.domain = "postgre";
        KEYS(list(NULL, &f), "");
        f.domain = "";
        KEYS(list(NULL, &f), "");
        OK(plurum_index_apply(opened, &error));
    }
}
END_TEST

START_TEST(more_is_asked_for_than_there_is)
{
    plurum_query q = query("restore");
    q.limit = PLURUM_LIMIT_MAX;
    q.warnings = PLURUM_LIMIT_MAX;
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_count(results), 2);
    ck_assert_uint_eq(plurum_results_total(results), 2);
    ck_assert_ptr_null(plurum_results_cursor(results));
    ck_assert_ptr_null(plurum_results_hit(results, 2));
    ck_assert_uint_eq(plurum_results_seq(results), stats().seq);
    plurum_results_free(results);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: searching");
    TCase *t = tcase_create("search");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, begin_with_four, end_world);
    tcase_add_test(t, text_mode_finds_by_words_alone);
    tcase_add_test(t, vector_mode_finds_by_likeness_alone);
    tcase_add_test(t, hybrid_mode_gives_every_candidate_its_score_in_both_legs);
    tcase_add_test(t, a_leg_that_finds_nothing_does_not_hide_the_other);
    tcase_add_test(t, a_query_of_stop_words_goes_to_the_vector_leg_and_says_so);
    tcase_add_test(t, a_query_may_be_a_vector_alone);
    tcase_add_test(t, a_vector_of_any_length_is_a_direction);
    tcase_add_test(t, an_empty_index_finds_nothing);
    tcase_add_test(t, an_index_without_vectors_searches_by_words_and_has_no_note);
    tcase_add_test(t, an_embedder_makes_the_vectors_of_documents_and_queries);
    tcase_add_test(t, the_static_model_finds_what_no_word_names);
    tcase_add_test(t, operators_mean_nothing_in_a_query);
    tcase_add_test(t, any_bytes_are_a_query);
    tcase_add_test(t, a_filter_keeps_what_meets_all_conditions);
    tcase_add_test(t, more_is_asked_for_than_there_is);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
