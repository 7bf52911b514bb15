/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing: what a commit that returned OK has done, and what one that failed has not; conflicts,
 * identifiers, and that nothing waits for the text index to follow.
 */
#include <config.h>

#include "tests/api/world.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static plurum_batch *batch;

static void setup(void)
{
    begin();
    OK(plurum_batch_new(&batch, opened, &error));
}

static void teardown(void)
{
    plurum_batch_free(batch);
    batch = NULL;
    end_world();
}

static void add(const char *key, const char *title, plurum_conflict conflict)
{
    plurum_document d = document(key, title);
    OK(plurum_batch_put(batch, &d, conflict, &error));
}

/* ---- seen at once ---- */

START_TEST(a_document_is_found_by_the_search_after_its_commit)
{
    uint64_t seq = stats().seq;
    ck_assert_str_eq(found("restore"), "");
    put_text("a", "restore a backup");
    ck_assert_str_eq(found("restore"), "a");
    ck_assert_str_eq(listed(), "a");
    ck_assert_uint_gt(stats().seq, seq);
    ck_assert_uint_eq(stats().text_applied, 0); /* nothing has been applied: it came from the tail */
    put_text("a", "prune a volume");
    ck_assert_str_eq(found("restore"), "");
    ck_assert_str_eq(found("prune"), "a");
}
END_TEST

START_TEST(scores_do_not_depend_on_what_is_applied)
{
    char *shown[2];
    put_text("a", "restore a backup of the database");
    put_text("b", "restore");
    OK(plurum_index_apply(opened, &error));
    put_text("c", "restore restore backup twice");
    put_text("b", "a backup");
    for (int i = 0; i < 2; i++) {
        plurum_results *results = search_text("restore the backup");
        OK(plurum_results_json(&shown[i], results, 1, &error));
        plurum_results_free(results);
        OK(plurum_index_apply(opened, &error));
    }
    ck_assert_str_eq(shown[0], shown[1]);
    plurum_text_free(shown[0]);
    plurum_text_free(shown[1]);
}
END_TEST

typedef struct meeting {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int written, seen;
    size_t count;
} meeting;

static void *search_when_told(void *payload)
{
    meeting *m = payload;
    pthread_mutex_lock(&m->mutex);
    for (int round = 1; round <= 20; round++) {
        while (m->written < round) pthread_cond_wait(&m->changed, &m->mutex);
        plurum_query q = query("written");
        q.limit = 100;
        plurum_results *results;
        m->count = plurum_search(&results, opened, &q, NULL) ? 0 : plurum_results_count(results);
        plurum_results_free(results);
        m->seen = round;
        pthread_cond_signal(&m->changed);
    }
    pthread_mutex_unlock(&m->mutex);
    return NULL;
}

START_TEST(another_thread_sees_what_was_committed_before_it_asked)
{
    meeting m = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, 0};
    pthread_t reader;
    ck_assert_int_eq(pthread_create(&reader, NULL, search_when_told, &m), 0);
    for (int round = 1; round <= 20; round++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", round);
        put_text(key, "written in another thread");
        pthread_mutex_lock(&m.mutex);
        m.written = round;
        pthread_cond_signal(&m.changed);
        while (m.seen < round) pthread_cond_wait(&m.changed, &m.mutex);
        size_t count = m.count;
        pthread_mutex_unlock(&m.mutex);
        ck_assert_uint_eq(count, round);
    }
    ck_assert_int_eq(pthread_join(reader, NULL), 0);
}
END_TEST

START_TEST(everything_is_there_after_closing_and_opening)
{
    put_text("a", "restore a backup");
    worked("a", "user");
    char *before = digest();
    reopen();
    char *after = digest();
    ck_assert_str_eq(before, after);
    ck_assert_str_eq(found("restore"), "a");
    free(before);
    free(after);
    verify_is_clean();
}
END_TEST

START_TEST(a_commit_outlives_the_process_that_is_killed_after_it)
{
    int result;
    plurum_batch_free(batch);
    batch = NULL;
    close_index();
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        plurum_open_options options = opening();
        options.no_sync = 0;
        open_with(&options);
        put_text("a", "acknowledged");
        kill(getpid(), SIGKILL);
    }
    ck_assert_int_eq(waitpid(child, &result, 0), child);
    ck_assert(WIFSIGNALED(result));
    reopen();
    ck_assert_str_eq(found("acknowledged"), "a");
    verify_is_clean();
}
END_TEST

/* ---- all or nothing ---- */

START_TEST(a_batch_that_fails_has_no_effect_and_names_the_change)
{
    put_text("taken", "first");
    char *before = digest();
    plurum_outcome o = outcome("new", "user", 1);
    add("new", "a new one", PLURUM_CONFLICT_ERROR);
    OK(plurum_batch_outcome(batch, &o, &error));
    OK(plurum_batch_set_lifecycle(batch, "taken", NULL, PLURUM_ARCHIVED, &error));
    add("taken", "second", PLURUM_CONFLICT_ERROR);
    add("last", "never reached", PLURUM_CONFLICT_ERROR);
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_EXISTS, "key: \"taken\" is taken");
    ck_assert_uint_eq(error.position, 3);
    char *after = digest();
    ck_assert_str_eq(before, after);
    free(after);
    free(before);
    ck_assert_uint_eq(plurum_batch_count(batch), 5); /* the batch keeps its content */
    OK(delete_document("taken", NULL));
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_NOTFOUND, "taken");
    ck_assert_uint_eq(error.position, 2);
    put_text("taken", "third");
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_EXISTS, "taken");
    verify_is_clean();
}
END_TEST

START_TEST(a_batch_sees_its_own_earlier_changes)
{
    plurum_receipt receipts[5];
    plurum_outcome o = outcome("new", "user", 1);
    add("new", "a new one", PLURUM_CONFLICT_ERROR);
    OK(plurum_batch_outcome(batch, &o, &error));
    OK(plurum_batch_vote(batch, "new", "user", -1, PLURUM_TIME_UNSET, &error));
    add("new", "a newer one", PLURUM_CONFLICT_REPLACE);
    OK(plurum_batch_delete(batch, "new", NULL, &error));
    ck_assert_uint_eq(plurum_batch_count(batch), 5);
    OK(plurum_batch_commit(batch, receipts, &error));
    ck_assert_uint_eq(plurum_batch_count(batch), 0);
    for (int i = 0; i < 5; i++) {
        ck_assert_str_eq(receipts[i].key, "new");
        ck_assert_int_eq(receipts[i].changed, 1);
    }
    ck_assert_uint_ne(receipts[0].id, receipts[3].id); /* content under an id never changes */
    plurum_stats s = stats();
    ck_assert_uint_eq(s.documents + s.outcomes + s.votes, 0);
    OK(plurum_batch_commit(batch, NULL, &error)); /* an empty batch is nothing to do */
    verify_is_clean();
}
END_TEST

START_TEST(a_call_that_fails_adds_nothing_to_the_batch)
{
    plurum_document d = document("", "no key");
    add("a", "sound", PLURUM_CONFLICT_ERROR);
    FAILS(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error), PLURUM_INVALID, "key");
    FAILS(plurum_batch_vote(batch, "a", "x", 7, NEW_YEAR, &error), PLURUM_INVALID, "vote");
    ck_assert_uint_eq(plurum_batch_count(batch), 1);
    OK(plurum_batch_commit(batch, NULL, &error));
    ck_assert_str_eq(listed(), "a");
}
END_TEST

START_TEST(a_full_store_takes_nothing_and_harms_nothing)
{
    enum { SIZE = 200000 };
    static char body[SIZE + 1];
    plurum_create_options options = creation();
    plurum_batch_free(batch);
    end_world();
    begin_world();
    options.map_size = 1 << 20;
    create(&options);
    reopen();
    OK(plurum_batch_new(&batch, opened, &error));
    unsigned seed = 5;
    plurum_status status = PLURUM_OK;
    int n = 0;
    while (!status && n < 100) {
        char key[16];
        for (int i = 0; i < SIZE; i++) body[i] = (char)('a' + rand_r(&seed) % 26);
        snprintf(key, sizeof key, "k%d", n++);
        plurum_document d = document(key, "large");
        d.text[PLURUM_TEXT_BODY] = body;
        OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
        status = plurum_batch_commit(batch, NULL, &error);
    }
    ck_assert_int_eq(status, PLURUM_IO);
    ck_assert_ptr_nonnull(strstr(error.text, "map_size"));
    ck_assert_uint_eq(stats().documents, n - 1);
    plurum_batch_free(batch);
    batch = NULL;
    reopen();
    ck_assert_uint_eq(stats().documents, n - 1);
    verify_is_clean();
    OK(delete_document("k0", NULL));
    OK(delete_document("k1", NULL));
    put_text("small", "there is room again");
    verify_is_clean();
}
END_TEST

enum { WRITERS = 4, BATCHES = 25 };

/* NULL, or the payload when a batch did not do as it should. */
static void *write_many(void *payload)
{
    int number = *(int *)payload;
    for (int i = 0; i < BATCHES; i++) {
        char key[32];
        plurum_batch *mine;
        plurum_document d = document(key, "written at once");
        if (plurum_batch_new(&mine, opened, NULL)) return payload;
        snprintf(key, sizeof key, "w%d-%d", number, i);
        plurum_status put = plurum_batch_put(mine, &d, PLURUM_CONFLICT_ERROR, NULL);
        snprintf(key, sizeof key, "shared-%d", i); /* one of the writers will have it */
        if (i % 2) put = put ? put : plurum_batch_put(mine, &d, PLURUM_CONFLICT_ERROR, NULL);
        plurum_status committed = plurum_batch_commit(mine, NULL, NULL);
        plurum_batch_free(mine);
        if (put || (committed && (committed != PLURUM_EXISTS || i % 2 == 0))) return payload;
    }
    return NULL;
}

START_TEST(writers_in_one_group_do_not_fail_each_other)
{
    pthread_t threads[WRITERS];
    int numbers[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        numbers[i] = i;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, write_many, &numbers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        void *wrong;
        ck_assert_int_eq(pthread_join(threads[i], &wrong), 0);
        ck_assert_ptr_null(wrong);
    }
    /* even batches: one document a writer; odd: two, of the one writer that came first */
    ck_assert_uint_eq(stats().documents, 13 * WRITERS + 12 * 2);
    verify_is_clean();
}
END_TEST

/* ---- conflicts ---- */

START_TEST(a_taken_key_is_an_error_skipped_or_replaced)
{
    plurum_receipt receipt;
    uint32_t id = put_text("a", "first");
    add("a", "second", PLURUM_CONFLICT_SKIP);
    OK(plurum_batch_commit(batch, &receipt, &error));
    ck_assert_int_eq(receipt.changed, 0);
    ck_assert_uint_eq(receipt.id, id);
    ck_assert_str_eq(receipt.key, "a");
    ck_assert_str_eq(found("first second"), "a");
    ck_assert_str_eq(found("second"), "");
    add("a", "third", PLURUM_CONFLICT_ERROR);
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_EXISTS, "\"a\"");
    plurum_batch_free(batch);
    OK(plurum_batch_new(&batch, opened, &error));
    add("a", "fourth", PLURUM_CONFLICT_REPLACE);
    OK(plurum_batch_commit(batch, &receipt, &error));
    ck_assert_int_eq(receipt.changed, 1);
    ck_assert_uint_gt(receipt.id, id);
    ck_assert_str_eq(found("first"), "");
    ck_assert_str_eq(found("fourth"), "a");
    plurum_stats s = stats();
    ck_assert_uint_eq(s.documents, 1);
    ck_assert_uint_eq(s.tombstones, 1);
    verify_is_clean();
}
END_TEST

START_TEST(a_replacement_keeps_reports_and_creation_and_may_change_the_author)
{
    plurum_document d = document("a", "first");
    d.owner = "old-author";
    put(&d);
    worked("a", "user");
    failed("a", "new-author");
    worked("a", "old-author");
    OK(vote("a", "user", 1, NULL));
    double trust = trust_of("a");
    clock_now += DAY;
    d = document("a", "second");
    d.owner = "new-author";
    put(&d);
    json_t *object = get("a", NULL);
    ck_assert_str_eq(text(object, "agent_id"), "new-author");
    ck_assert_str_eq(text(object, "created_at"), "2026-01-01T00:00:00Z");
    ck_assert_str_eq(text(object, "updated_at"), "2026-01-02T00:00:00Z");
    ck_assert_double_eq(number(object, "success_count"), 1);
    ck_assert_double_eq(number(object, "failure_count"), 1); /* it was no author's when it came */
    ck_assert_double_eq(number(object, "upvotes"), 1);
    json_decref(object);
    ck_assert_double_eq_tol(trust_of("a"), trust, 0.01); /* a day of decay */
    plurum_outcome o = outcome("a", "user", 1);
    FAILS(report(&o, NULL), PLURUM_EXISTS, "user");
    plurum_receipt receipt;
    OK(vote("a", "new-author", 1, &receipt));
    ck_assert_int_eq(receipt.counted, 0);
    OK(vote("a", "old-author", -1, &receipt));
    ck_assert_int_eq(receipt.counted, 1);
    ck_assert_uint_eq(stats().outcomes, 3);
    verify_is_clean();
}
END_TEST

START_TEST(an_error_is_one_line_whatever_the_key)
{
    static const char KEY[] = "two\nlines\tand \xC2\x85 more";
    plurum_document d = document(KEY, "a title");
    put(&d);
    worked(KEY, "user");
    OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_EXISTS, "two?lines?and ");
    plurum_outcome o = outcome(KEY, "user", 1);
    FAILS(report(&o, NULL), PLURUM_EXISTS, "an outcome of two?lines?and ");
    FAILS(delete_document(KEY, "user"), PLURUM_FORBIDDEN, "the owner of two?lines?and ");
    json_t *object = get(KEY, NULL);
    ck_assert_str_eq(text(object, "id"), KEY);
    json_decref(object);
}
END_TEST

/* ---- experiences ---- */

#define UUID_A "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"

START_TEST(an_import_keeps_the_ids_owner_status_and_time_it_brings)
{
    plurum_receipt receipt = put_experience(
        "{\"goal\":\"imported goal\",\"id\":\"6F9619FF-8B86-4D01-B42D-00CF4FC964FF\","
        "\"short_id\":\"0abc0zzz\",\"agent_id\":\"author\",\"status\":\"verified\","
        "\"created_at\":\"2025-06-01T12:00:00+02:00\",\"unknown\":[1]}",
        "somebody else");
    ck_assert_str_eq(receipt.key, UUID_A);
    ck_assert_str_eq(receipt.short_id, "0abc0zzz");
    json_t *by_short = get("0abc0zzz", NULL), *by_key = get(UUID_A, NULL);
    ck_assert(by_short && json_equal(by_short, by_key));
    ck_assert_str_eq(text(by_key, "agent_id"), "author");
    ck_assert_str_eq(text(by_key, "status"), "verified");
    ck_assert_str_eq(text(by_key, "created_at"), "2025-06-01T10:00:00Z");
    ck_assert_ptr_null(json_object_get(by_key, "unknown"));
    json_decref(by_key);
    json_decref(by_short);
}
END_TEST

START_TEST(an_experience_without_ids_gets_unique_ones)
{
    enum { COUNT = 300 };
    static plurum_receipt receipts[COUNT];
    plurum_experience *e = experience("{\"goal\":\"the same goal each time\"}");
    for (int i = 0; i < COUNT; i++)
        OK(plurum_batch_put_experience(batch, e, "author", NULL, 0, PLURUM_CONFLICT_ERROR, &error));
    OK(plurum_batch_commit(batch, receipts, &error));
    for (int i = 0; i < COUNT; i++) {
        ck_assert_uint_eq(strlen(receipts[i].key), PLURUM_UUID_LEN);
        ck_assert_uint_eq(strspn(receipts[i].key, "0123456789abcdef-"), PLURUM_UUID_LEN);
        ck_assert_int_eq(receipts[i].key[14], '4'); /* a random one */
        ck_assert_uint_eq(strlen(receipts[i].short_id), PLURUM_SHORT_ID_LEN);
        ck_assert_uint_eq(strspn(receipts[i].short_id, "0123456789abcdefghjkmnpqrstvwxyz"),
                          PLURUM_SHORT_ID_LEN);
        for (int j = 0; j < i; j++) {
            ck_assert_str_ne(receipts[i].key, receipts[j].key);
            ck_assert_str_ne(receipts[i].short_id, receipts[j].short_id);
        }
        json_t *object = get(receipts[i].short_id, NULL);
        ck_assert_str_eq(text(object, "id"), receipts[i].key);
        ck_assert_str_eq(text(object, "agent_id"), "author");
        json_decref(object);
    }
    plurum_experience_free(e);
    verify_is_clean();
}
END_TEST

static plurum_status import(const char *json, plurum_conflict conflict)
{
    plurum_experience *e = experience(json);
    plurum_batch *one;
    OK(plurum_batch_new(&one, opened, &error));
    OK(plurum_batch_put_experience(one, e, NULL, NULL, 0, conflict, &error));
    plurum_status status = plurum_batch_commit(one, NULL, &error);
    plurum_batch_free(one);
    plurum_experience_free(e);
    return status;
}

START_TEST(an_id_that_another_document_has_is_refused)
{
    OK(import("{\"goal\":\"first goal\",\"id\":\"" UUID_A "\",\"short_id\":\"taken000\"}",
              PLURUM_CONFLICT_ERROR));
    put_text("plainkey", "its key looks like a short id");
    FAILS(import("{\"goal\":\"second goal\",\"short_id\":\"taken000\"}", PLURUM_CONFLICT_REPLACE),
          PLURUM_EXISTS, "short_id: \"taken000\" is taken");
    FAILS(import("{\"goal\":\"second goal\",\"short_id\":\"plainkey\"}", PLURUM_CONFLICT_ERROR),
          PLURUM_EXISTS, "short_id: \"plainkey\" is taken");
    FAILS(import("{\"goal\":\"second goal\",\"id\":\"" UUID_A "\"}", PLURUM_CONFLICT_ERROR),
          PLURUM_EXISTS, UUID_A);
    plurum_document d = document("taken000", "its key is a short id");
    OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_EXISTS, "taken000");
    OK(import("{\"goal\":\"third goal\",\"id\":\"" UUID_A "\"}", PLURUM_CONFLICT_REPLACE));
    json_t *object = get("taken000", NULL); /* it kept its short id */
    ck_assert_str_eq(text(object, "goal"), "third goal");
    json_decref(object);
    OK(import("{\"goal\":\"fourth goal\",\"id\":\"" UUID_A "\",\"short_id\":\"other000\"}",
              PLURUM_CONFLICT_REPLACE));
    ck_assert_ptr_null(get("taken000", NULL));
    object = get("other000", NULL);
    ck_assert_str_eq(text(object, "goal"), "fourth goal");
    json_decref(object);
    verify_is_clean();
}
END_TEST

START_TEST(both_forms_of_gotchas_are_stored_as_objects)
{
    plurum_receipt receipt = put_experience(
        "{\"goal\":\"two gotchas\",\"gotchas\":[\"mind the gap\",{\"warning\":\"mind\","
        "\"context\":\"the step\"}]}",
        NULL);
    json_t *object = get(receipt.key, NULL), *gotchas = json_object_get(object, "gotchas");
    ck_assert_uint_eq(json_array_size(gotchas), 2);
    ck_assert_str_eq(text(json_array_get(gotchas, 0), "warning"), "mind the gap");
    ck_assert(json_is_null(json_object_get(json_array_get(gotchas, 0), "context")));
    ck_assert_str_eq(text(json_array_get(gotchas, 1), "context"), "the step");
    json_decref(object);
    ck_assert_str_eq(found("gap"), receipt.key);
}
END_TEST

/* ---- deletion ---- */

START_TEST(a_deleted_document_is_gone_and_its_key_free)
{
    put_vector("a", "to be deleted", 1, 0);
    put_vector("b", "to be kept", 0, 1);
    worked("a", "user");
    OK(vote("a", "user", 1, NULL));
    OK(plurum_index_apply(opened, &error));
    OK(delete_document("a", NULL));
    ck_assert_ptr_null(get("a", &OPERATOR));
    ck_assert_str_eq(listed(), "b");
    ck_assert_str_eq(found("deleted kept"), "b");
    plurum_history *history;
    FAILS(plurum_index_history(&history, opened, "a", NEW_YEAR, &error), PLURUM_NOTFOUND, "\"a\"");
    plurum_stats s = stats();
    ck_assert_uint_eq(s.outcomes + s.votes, 0);
    ck_assert_uint_eq(s.vectors, 1);
    FAILS(delete_document("a", NULL), PLURUM_NOTFOUND, "\"a\"");
    add("a", "another under the same key", PLURUM_CONFLICT_ERROR);
    OK(plurum_batch_commit(batch, NULL, &error));
    json_t *object = get("a", NULL);
    ck_assert_double_eq(number(object, "total_reports"), 0);
    json_decref(object);
    worked("a", "user"); /* the earlier report went with the earlier document */
    verify_is_clean();
    reopen();
    verify_is_clean();
}
END_TEST

START_TEST(a_deleted_experience_frees_both_its_names)
{
    OK(import("{\"goal\":\"first goal\",\"id\":\"" UUID_A "\",\"short_id\":\"taken000\"}",
              PLURUM_CONFLICT_ERROR));
    OK(delete_document("taken000", NULL));
    ck_assert_ptr_null(get(UUID_A, &OPERATOR));
    put_text("taken000", "a plain document may have the name now");
    OK(import("{\"goal\":\"second goal\",\"id\":\"" UUID_A "\"}", PLURUM_CONFLICT_ERROR));
    verify_is_clean();
}
END_TEST

/* ---- the applier ---- */

START_TEST(the_applier_follows_by_itself_and_closing_waits_for_it)
{
    plurum_open_options options = opening();
    plurum_batch_free(batch);
    batch = NULL;
    close_index();
    options.manual_apply = 0;
    options.max_pending = 5; /* writers wait for the applier */
    open_with(&options);
    for (int i = 0; i < 40; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        put_text(key, "followed");
    }
    OK(plurum_index_apply(opened, &error));
    plurum_stats s = stats();
    ck_assert_uint_eq(s.text_applied, s.seq);
    ck_assert_uint_eq(s.tail_documents, 0);
    put_text("last", "followed");
    close_index();
    reopen();
    s = stats();
    ck_assert_uint_eq(s.text_applied, s.seq);
    ck_assert_uint_eq(s.documents, 41);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: writing");
    TCase *t = tcase_create("writes");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_document_is_found_by_the_search_after_its_commit);
    tcase_add_test(t, scores_do_not_depend_on_what_is_applied);
    tcase_add_test(t, another_thread_sees_what_was_committed_before_it_asked);
    tcase_add_test(t, everything_is_there_after_closing_and_opening);
    tcase_add_test(t, a_commit_outlives_the_process_that_is_killed_after_it);
    tcase_add_test(t, a_batch_that_fails_has_no_effect_and_names_the_change);
    tcase_add_test(t, a_batch_sees_its_own_earlier_changes);
    tcase_add_test(t, a_call_that_fails_adds_nothing_to_the_batch);
    tcase_add_test(t, a_full_store_takes_nothing_and_harms_nothing);
    tcase_add_test(t, writers_in_one_group_do_not_fail_each_other);
    tcase_add_test(t, a_taken_key_is_an_error_skipped_or_replaced);
    tcase_add_test(t, a_replacement_keeps_reports_and_creation_and_may_change_the_author);
    tcase_add_test(t, an_error_is_one_line_whatever_the_key);
    tcase_add_test(t, an_import_keeps_the_ids_owner_status_and_time_it_brings);
    tcase_add_test(t, an_experience_without_ids_gets_unique_ones);
    tcase_add_test(t, an_id_that_another_document_has_is_refused);
    tcase_add_test(t, both_forms_of_gotchas_are_stored_as_objects);
    tcase_add_test(t, a_deleted_document_is_gone_and_its_key_free);
    tcase_add_test(t, a_deleted_experience_frees_both_its_names);
    tcase_add_test(t, the_applier_follows_by_itself_and_closing_waits_for_it);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
