/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents whose embedder does not answer: they are acknowledged and found by their words, wait
 * through kills, restarts and rebuilds, get their vectors when the embedder answers again, and do
 * not come back once they are deleted or replaced.
 */
#include <config.h>

#include "tests/api/world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/http/endpoint.h"

static endpoint *e;
static plurum_embedder *embedder;

enum { PATIENT = 60000, IMPATIENT = 300 };

static plurum_embedder *open_embedder(const char *model, unsigned query_ms)
{
    plurum_embedder *out;
    plurum_http_options o = PLURUM_HTTP_OPTIONS_INIT;
    o.url = endpoint_url(e);
    o.model = model;
    o.dim = ENDPOINT_DIM;
    o.key = "sk-nobody-shall-read-this";
    o.retries = 1;
    o.backoff_ms = 1;
    o.query_ms = query_ms;
    OK(plurum_embedder_open_http(&out, &o, &error));
    return out;
}

/* Opens the index, by hand or with its threads, with the embedder or (NULL) without. */
static void open_index(const plurum_embedder *with, int by_hand)
{
    plurum_open_options o = opening();
    o.embedder = with;
    o.manual_apply = by_hand;
    open_with(&o);
}

static void begin_with(int by_hand)
{
    unsetenv("http_proxy");
    begin_world();
    e = endpoint_start(0);
    ck_assert_ptr_nonnull(e);
    embedder = open_embedder("words", PATIENT);
    plurum_create_options o = creation();
    o.fingerprint = plurum_embedder_fingerprint(embedder);
    o.embedder_url = endpoint_url(e);
    create(&o);
    open_index(embedder, by_hand);
}

static void end(void)
{
    end_world();
    plurum_embedder_free(embedder);
    endpoint_stop(e);
}

static void put_later(const char *key, const char *title, plurum_conflict conflict)
{
    plurum_batch *batch;
    plurum_document d = document(key, title);
    OK(plurum_batch_new(&batch, opened, &error));
    plurum_batch_embed_later(batch);
    OK(plurum_batch_put(batch, &d, conflict, &error));
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
}

static void expect_counts(uint64_t waiting, uint64_t vectors)
{
    plurum_stats s = stats();
    ck_assert_uint_eq(s.waiting, waiting);
    ck_assert_uint_eq(s.vectors, vectors);
}

/* What the vector leg alone finds. */
static const char *found_by_vector(const char *words)
{
    plurum_query q = query(words);
    q.mode = PLURUM_MODE_VECTOR;
    plurum_results *results = search(&q);
    const char *shown = keys(results);
    plurum_results_free(results);
    return shown;
}

static const char *found_by_words(const char *words)
{
    plurum_query q = query(words);
    q.mode = PLURUM_MODE_TEXT;
    plurum_results *results = search(&q);
    const char *shown = keys(results);
    plurum_results_free(results);
    return shown;
}

/* All that can be seen of every document but its internal id; the caller's. */
static char *content(void)
{
    char *all = digest(), *out = all;
    for (const char *line = all, *next; strncmp(line, "seq ", 4) != 0; line = next) {
        size_t skip = strcspn(line, " "), len = strcspn(line, "\n") + 1;
        next = line + len;
        memmove(out, line + skip, len - skip);
        out += len - skip;
    }
    *out = '\0';
    return all;
}

static void wait_until_none_waits(int most_seconds)
{
    for (int i = 0; i < most_seconds * 50 && stats().waiting; i++)
        nanosleep(&(struct timespec){0, 20000000}, NULL);
    ck_assert_uint_eq(stats().waiting, 0);
}

/* ---- waiting --------------------------------------------------------------------------------- */

START_TEST(a_document_is_taken_at_once_and_gets_its_vector_later)
{
    begin_with(1);
    endpoint_behave(e, ENDPOINT_CLOSING, -1);
    put_later("a", "alpha beta", PLURUM_CONFLICT_ERROR);
    expect_counts(1, 0);
    ck_assert_str_eq(found("beta"), "a");
    verify_is_clean();
    OK(plurum_index_apply(opened, &error)); /* which the embedder does not fail */
    expect_counts(1, 0);
    ck_assert_ptr_nonnull(strstr(log_text, "documents wait for their vectors: http://127.0.0.1:"));
    endpoint_behave(e, ENDPOINT_WELL, 0);
    OK(plurum_index_apply(opened, &error));
    expect_counts(0, 1);
    ck_assert_str_eq(found_by_vector("alpha"), "a");
    ck_assert_str_eq(found("beta"), "a");
    verify_is_clean();
    ck_assert_ptr_null(strstr(log_text, "sk-nobody"));
    end();
}
END_TEST

START_TEST(without_leave_to_wait_a_commit_fails)
{
    begin_with(1);
    plurum_batch *batch;
    plurum_document d = document("a", "alpha");
    endpoint_behave(e, ENDPOINT_BROKEN, -1);
    OK(plurum_batch_new(&batch, opened, &error));
    OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_BACKEND, "HTTP 500");
    plurum_batch_free(batch);
    expect_counts(0, 0);
    ck_assert_uint_eq(stats().documents, 0);
    end();
}
END_TEST

START_TEST(who_is_known_to_be_down_is_not_asked_by_every_commit)
{
    begin_with(1);
    endpoint_behave(e, ENDPOINT_BROKEN, -1);
    put_later("a", "alpha", PLURUM_CONFLICT_ERROR);
    ck_assert_uint_eq(endpoint_look(e).requests, 1); /* and not tried again */
    put_later("b", "beta", PLURUM_CONFLICT_ERROR);
    ck_assert_uint_eq(endpoint_look(e).requests, 0);
    expect_counts(2, 0);
    endpoint_behave(e, ENDPOINT_WELL, 0);
    OK(plurum_index_embed(opened, NULL, &error));
    expect_counts(0, 2);
    put_later("c", "gamma", PLURUM_CONFLICT_ERROR);
    expect_counts(0, 3);
    end();
}
END_TEST

START_TEST(whoever_has_no_embedder_leaves_it_to_another)
{
    begin_with(1);
    close_index();
    open_index(NULL, 1);
    put_later("a", "alpha", PLURUM_CONFLICT_ERROR);
    expect_counts(1, 0);
    FAILS(plurum_index_embed(opened, NULL, &error), PLURUM_MISMATCH, "no embedder");
    OK(plurum_index_apply(opened, &error));
    expect_counts(1, 0);
    OK(plurum_index_use_embedder(opened, embedder, &error));
    OK(plurum_index_apply(opened, &error));
    expect_counts(0, 1);
    end();
}
END_TEST

START_TEST(a_thread_of_the_handle_does_it_when_the_embedder_is_back)
{
    begin_with(0);
    endpoint_behave(e, ENDPOINT_UNAVAILABLE, -1);
    for (int i = 0; i < 100; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        put_later(key, i % 10 ? "alpha beta" : "gamma", PLURUM_CONFLICT_ERROR);
    }
    expect_counts(100, 0);
    endpoint_behave(e, ENDPOINT_WELL, 0);
    wait_until_none_waits(60);
    expect_counts(0, 100);
    ck_assert_ptr_nonnull(strstr(log_text, "vectors of documents that waited for them: "));
    verify_is_clean();
    end();
}
END_TEST

START_TEST(a_handle_closes_while_the_embedder_keeps_it_waiting)
{
    begin_with(0);
    endpoint_behave(e, ENDPOINT_BROKEN, 1);
    put_later("a", "alpha", PLURUM_CONFLICT_ERROR);
    endpoint_behave(e, ENDPOINT_SLOW, -1);
    nanosleep(&(struct timespec){0, 300000000}, NULL);
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    close_index();
    clock_gettime(CLOCK_MONOTONIC, &after);
    ck_assert_int_le(after.tv_sec - before.tv_sec, 8);
    open_index(NULL, 1);
    expect_counts(1, 0);
    end();
}
END_TEST

/* ---- what stays, and what does not come back -------------------------------------------------- */

START_TEST(nothing_of_a_document_changes_but_that_it_has_a_vector)
{
    begin_with(1);
    endpoint_behave(e, ENDPOINT_BROKEN, -1);
    plurum_batch *batch;
    plurum_document d = document("a", "alpha beta");
    const char *tools[] = {"Git", "make"};
    plurum_receipt receipt;
    d.text[PLURUM_TEXT_BODY] = "with a body";
    d.domain = "Build";
    d.owner = "author";
    d.tools = tools;
    d.tool_count = 2;
    d.confidence = .7;
    OK(plurum_batch_new(&batch, opened, &error));
    plurum_batch_embed_later(batch);
    OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
    plurum_experience *x = experience("{\"goal\":\"gamma\",\"id\":\"11111111-2222-3333-4444-555555555555\"}");
    OK(plurum_batch_put_experience(batch, x, "author", NULL, 0, PLURUM_CONFLICT_ERROR, &error));
    plurum_experience_free(x);
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    worked("a", "one");
    failed("a", "two");
    OK(vote("a", "three", 1, NULL));
    worked("11111111-2222-3333-4444-555555555555", "four");
    OK(set_lifecycle("a", "author", PLURUM_VERIFIED, &receipt));
    clock_now += DAY;
    uint64_t next = stats().next_id;
    char *before = content();
    endpoint_behave(e, ENDPOINT_WELL, 0);
    OK(plurum_index_apply(opened, &error));
    char *after = content();
    ck_assert_str_eq(before, after);
    free(before);
    free(after);
    expect_counts(0, 2);
    ck_assert_uint_eq(stats().next_id, next + 2);
    ck_assert_uint_eq(stats().documents, 2);
    verify_is_clean();
    end();
}
END_TEST

START_TEST(what_is_deleted_or_replaced_meanwhile_does_not_come_back)
{
    begin_with(1);
    endpoint_behave(e, ENDPOINT_BROKEN, -1);
    put_later("deleted", "alpha", PLURUM_CONFLICT_ERROR);
    put_later("replaced", "beta", PLURUM_CONFLICT_ERROR);
    put_later("stays", "gamma", PLURUM_CONFLICT_ERROR);
    OK(delete_document("deleted", NULL));
    put_later("replaced", "delta", PLURUM_CONFLICT_REPLACE);
    expect_counts(2, 0);
    verify_is_clean();
    endpoint_behave(e, ENDPOINT_WELL, 0);
    OK(plurum_index_apply(opened, &error));
    expect_counts(0, 2);
    ck_assert_str_eq(found_by_words("alpha"), "");
    ck_assert_str_eq(found_by_words("beta"), "");
    ck_assert_str_eq(found_by_words("delta"), "replaced");
    verify_is_clean();
    end();
}
END_TEST

/* What a user of the index does while the endpoint takes its time over the vectors. */
START_TEST(a_change_while_the_embedder_is_asked_wins)
{
    begin_with(0);
    endpoint_behave(e, ENDPOINT_BROKEN, -1);
    put_later("deleted", "alpha", PLURUM_CONFLICT_ERROR);
    endpoint_behave(e, ENDPOINT_SLOW, -1);
    endpoint_look(e);
    for (int i = 0; i < 6000 && !endpoint_look(e).requests; i++)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    OK(delete_document("deleted", NULL));
    endpoint_behave(e, ENDPOINT_WELL, 0);
    wait_until_none_waits(60);
    OK(plurum_index_apply(opened, &error));
    ck_assert_uint_eq(stats().documents, 0);
    ck_assert_str_eq(found_by_words("alpha"), "");
    verify_is_clean();
    end();
}
END_TEST

START_TEST(a_text_that_is_refused_keeps_no_other_waiting)
{
    begin_with(1);
    endpoint_behave(e, ENDPOINT_BROKEN, 1);
    put_later("a", "alpha", PLURUM_CONFLICT_ERROR);
    put_later("bad", "poison", PLURUM_CONFLICT_ERROR);
    put_later("c", "gamma", PLURUM_CONFLICT_ERROR);
    endpoint_refuse(e, "poison");
    FAILS(plurum_index_embed(opened, NULL, &error), PLURUM_INVALID, "still waiting: 1: http");
    expect_counts(1, 2);
    ck_assert_str_eq(found_by_words("poison"), "bad");
    endpoint_refuse(e, NULL);
    OK(plurum_index_embed(opened, NULL, &error));
    expect_counts(0, 3);
    end();
}
END_TEST

START_TEST(a_text_without_a_vector_does_not_wait_for_ever)
{
    begin_with(1);
    endpoint_behave(e, ENDPOINT_BROKEN, 1);
    put_later("a", "alpha", PLURUM_CONFLICT_ERROR);
    put_later("b", "\xC3\xA9", PLURUM_CONFLICT_ERROR); /* no word that the endpoint knows */
    OK(plurum_index_embed(opened, NULL, &error));
    expect_counts(0, 1);
    verify_is_clean();
    end();
}
END_TEST

/* ---- kills, copies, rebuilds ----------------------------------------------------------------- */

/* Puts documents in a process that is killed as soon as the last one is acknowledged. */
static void put_and_be_killed(int count, int by_hand)
{
    close_index();
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        open_index(open_embedder("words", PATIENT), by_hand); /* of its own: connections are not shared */
        for (int i = 0; i < count; i++) {
            char key[16];
            snprintf(key, sizeof key, "k%d", i);
            put_later(key, "alpha beta", PLURUM_CONFLICT_ERROR);
        }
        kill(getpid(), SIGKILL);
    }
    int how;
    waitpid(child, &how, 0);
    ck_assert(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
}

START_TEST(what_waits_waits_through_a_kill)
{
    begin_with(1);
    endpoint_behave(e, ENDPOINT_BROKEN, -1);
    put_and_be_killed(10, _i);
    open_index(NULL, 1);
    expect_counts(10, 0);
    verify_is_clean();
    close_index();
    endpoint_behave(e, ENDPOINT_WELL, 0);
    open_index(embedder, 0);
    wait_until_none_waits(60);
    expect_counts(0, 10);
    verify_is_clean();
    end();
}
END_TEST

/* Killed at some moment while vectors come in: each document has waited or has its vector. */
START_TEST(a_kill_while_vectors_come_in_loses_none)
{
    begin_with(1);
    endpoint_behave(e, ENDPOINT_BROKEN, 1);
    for (int i = 0; i < 200; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        put_later(key, "alpha", PLURUM_CONFLICT_ERROR);
    }
    close_index();
    pid_t child = fork();
    if (child == 0) {
        open_index(open_embedder("words", PATIENT), 1);
        plurum_index_embed(opened, NULL, NULL);
        _exit(0);
    }
    nanosleep(&(struct timespec){0, 3000000 * (_i + 1)}, NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    open_index(embedder, 1);
    plurum_stats s = stats();
    ck_assert_uint_eq(s.waiting + s.vectors, 200);
    ck_assert_uint_eq(s.documents, 200);
    verify_is_clean();
    OK(plurum_index_embed(opened, NULL, &error));
    expect_counts(0, 200);
    verify_is_clean();
    end();
}
END_TEST

START_TEST(copies_and_rebuilds_keep_what_waits)
{
    char copy[128];
    begin_with(1);
    endpoint_behave(e, ENDPOINT_BROKEN, 1);
    put_later("a", "alpha", PLURUM_CONFLICT_ERROR);
    put_later("b", "beta", PLURUM_CONFLICT_ERROR);
    snprintf(copy, sizeof copy, "%s/copy", directory);
    OK(plurum_index_backup(NULL, opened, copy, NULL, &error));
    close_index();
    OK(plurum_index_compact(NULL, path, NULL, &error));
    open_index(embedder, 1);
    expect_counts(2, 0);
    OK(plurum_index_embed(opened, NULL, &error));
    expect_counts(0, 2);
    close_index();
    plurum_open_options o = opening();
    o.manual_apply = 1;
    OK(plurum_index_open(&opened, copy, &o, &error));
    expect_counts(2, 0);
    ck_assert_str_eq(plurum_index_configuration(opened)->embedder_url, endpoint_url(e));
    verify_is_clean();
    end();
}
END_TEST

static void reindex_with(const plurum_embedder *with, int rollback)
{
    plurum_reindex_options o = PLURUM_REINDEX_OPTIONS_INIT;
    o.embedder = with;
    o.embedder_url = with && !rollback ? endpoint_url(e) : NULL;
    o.rollback = rollback;
    close_index();
    OK(plurum_index_reindex(NULL, path, &o, &error));
    open_index(NULL, 1);
    verify_is_clean();
}

START_TEST(a_reindex_settles_what_waits_and_a_rollback_lets_it_wait_again)
{
    begin_with(1);
    plurum_embedder *other = open_embedder("other words", PATIENT);
    endpoint_behave(e, ENDPOINT_BROKEN, 1);
    put_later("a", "alpha", PLURUM_CONFLICT_ERROR);
    expect_counts(1, 0);
    reindex_with(other, 0);
    expect_counts(0, 1);
    put_later("b", "beta", PLURUM_CONFLICT_ERROR); /* waits for the other */
    expect_counts(1, 1);
    reindex_with(NULL, 1); /* nobody to ask for b: it waits, as a does from before */
    expect_counts(2, 0);
    reindex_with(embedder, 0);
    expect_counts(0, 2);
    plurum_embedder_free(other);
    end();
}
END_TEST

static int keep_line(void *payload, const char *line, size_t len)
{
    char *out = payload, *number;
    ck_assert_uint_lt(len, 2000);
    memcpy(out, line, len + 1);
    if ((number = strstr(out, "\"internal_id\":"))) memset(number, ' ', strcspn(number, ","));
    return 0;
}

START_TEST(an_export_has_what_waits_like_any_other)
{
    char waiting[2000] = "", embedded[2000] = "";
    begin_with(1);
    endpoint_behave(e, ENDPOINT_BROKEN, 1);
    put_later("a", "alpha", PLURUM_CONFLICT_ERROR);
    worked("a", "one");
    OK(plurum_index_export(opened, NULL, keep_line, waiting, &error));
    OK(plurum_index_embed(opened, NULL, &error));
    OK(plurum_index_export(opened, NULL, keep_line, embedded, &error));
    ck_assert_ptr_nonnull(strstr(waiting, "alpha"));
    ck_assert_str_eq(waiting, embedded);
    end();
}
END_TEST

/* ---- queries --------------------------------------------------------------------------------- */

START_TEST(a_query_is_answered_from_its_words_and_says_so)
{
    begin_with(1);
    put_later("a", "alpha beta", PLURUM_CONFLICT_ERROR);
    close_index();
    plurum_embedder *impatient = open_embedder("words", IMPATIENT);
    open_index(impatient, 1);
    endpoint_behave(e, ENDPOINT_SLOW, -1);
    for (int i = 0; i < 2; i++) {
        struct timespec before, after;
        clock_gettime(CLOCK_MONOTONIC, &before);
        plurum_results *results = search_text("beta");
        clock_gettime(CLOCK_MONOTONIC, &after);
        ck_assert_int_le(after.tv_sec - before.tv_sec, 8);
        ck_assert_str_eq(keys(results), "a");
        ck_assert_str_eq(plurum_results_note(results), "the embedder failed: text leg only");
        plurum_results_free(results);
    }
    const char *told = strstr(log_text, "a query was not embedded: http");
    ck_assert_ptr_nonnull(told);
    ck_assert_ptr_null(strstr(told + 1, "a query was not embedded"));
    endpoint_behave(e, ENDPOINT_WELL, 0);
    close_index();
    plurum_embedder_free(impatient);
    open_index(embedder, 1);
    ck_assert_str_eq(found_by_vector("beta"), "a");
    end();
}
END_TEST

START_TEST(a_url_is_kept_unless_it_holds_a_secret)
{
    begin_with(1);
    ck_assert_str_eq(plurum_index_configuration(opened)->embedder_url, endpoint_url(e));
    close_index();
    char other[128];
    snprintf(other, sizeof other, "%s/other", directory);
    plurum_create_options o = creation();
    o.embedder_url = "https://host/v1?api_key=sk-proj-AbCdEf1234567890AbCdEf1234567890AbCdEf12";
    FAILS(plurum_index_create(other, &o, &error), PLURUM_INVALID, "embedder_url");
    ck_assert_ptr_null(strstr(error.text, "AbCdEf"));
    o.embedder_url = "https://host/v1 two";
    FAILS(plurum_index_create(other, &o, &error), PLURUM_ARG, "embedder_url");
    o.embedder_url = "";
    FAILS(plurum_index_create(other, &o, &error), PLURUM_ARG, "embedder_url");
    ck_assert_int_ne(access(other, F_OK), 0);
    end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("later");
    TCase *t = tcase_create("waiting");
    suite_add_tcase(suite, t);
    tcase_set_timeout(t, 300);
    tcase_add_test(t, a_document_is_taken_at_once_and_gets_its_vector_later);
    tcase_add_test(t, without_leave_to_wait_a_commit_fails);
    tcase_add_test(t, who_is_known_to_be_down_is_not_asked_by_every_commit);
    tcase_add_test(t, whoever_has_no_embedder_leaves_it_to_another);
    tcase_add_test(t, a_thread_of_the_handle_does_it_when_the_embedder_is_back);
    tcase_add_test(t, a_handle_closes_while_the_embedder_keeps_it_waiting);
    tcase_add_test(t, nothing_of_a_document_changes_but_that_it_has_a_vector);
    tcase_add_test(t, what_is_deleted_or_replaced_meanwhile_does_not_come_back);
    tcase_add_test(t, a_change_while_the_embedder_is_asked_wins);
    tcase_add_test(t, a_text_that_is_refused_keeps_no_other_waiting);
    tcase_add_test(t, a_text_without_a_vector_does_not_wait_for_ever);
    tcase_add_loop_test(t, what_waits_waits_through_a_kill, 0, 2);
    tcase_add_loop_test(t, a_kill_while_vectors_come_in_loses_none, 0, 10);
    tcase_add_test(t, copies_and_rebuilds_keep_what_waits);
    tcase_add_test(t, a_reindex_settles_what_waits_and_a_rollback_lets_it_wait_again);
    tcase_add_test(t, an_export_has_what_waits_like_any_other);
    tcase_add_test(t, a_query_is_answered_from_its_words_and_says_so);
    tcase_add_test(t, a_url_is_kept_unless_it_holds_a_secret);
    return run_suite(suite);
}
