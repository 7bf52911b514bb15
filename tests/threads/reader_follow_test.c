/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reading process stays open while the writing one changes everything under it: it makes the text
 * index anew, truncates the log past the reader, lets the store grow. The reader answers questions
 * that come through a pipe, each from the newest moment.
 */
#include <config.h>

#include <check.h>
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/apply/applier.h"
#include "engine/view/snapshot.h"
#include "tests/threads/small.h"
#include "tools/remove.h"

enum { NAME_SIZE = PATH_SIZE + 256 };

static char path[PATH_SIZE];

/* ---- the reader ---- */

typedef struct question {
    uint32_t number, at_least; /* a word; documents of the index that must be seen */
    int verify;
} question;

typedef struct answer {
    uint64_t count, seq, documents;
} answer;

static struct {
    pid_t pid;
    int questions, answers;
} reader;

static plurum_index *opened;
static atomic_int stopping;
static atomic_uint searches, written; /* documents "doc-0" to "doc-<written - 1>" are there */

/* Another thread of the reader, which is in the middle of a search at any moment. */
static void *search_on(void *payload)
{
    random_state r = {(uint64_t)(uintptr_t)payload};
    while (!stopping) {
        unsigned known = written;
        if (known == 0) continue;
        uint32_t number = (uint32_t)random_below(&r, (int)known);
        size_t count = small_count(opened, number);
        HOLDS(count == 1, "document %u is found %zu times", number, count);
        atomic_fetch_add(&searches, 1);
    }
    return NULL;
}

static void serve(int questions, int answers)
{
    pthread_t threads[2];
    question q;
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.read_only = 1;
    opened = small_open(path, &options);
    for (uintptr_t t = 0; t < 2; t++)
        if (pthread_create(&threads[t], NULL, search_on, (void *)(t + 1))) abort();
    while (pipe_read(questions, &q, sizeof q) == 0) {
        answer a = {.count = small_count(opened, q.number)};
        plurum_stats stats = small_stats(opened);
        a.seq = stats.seq;
        a.documents = stats.documents;
        if (q.at_least > written) written = q.at_least;
        if (q.verify) small_verify(opened);
        if (pipe_write(answers, &a, sizeof a)) break;
    }
    stopping = 1;
    for (int t = 0; t < 2; t++) pthread_join(threads[t], NULL);
    plurum_index_close(opened);
    HOLDS(searches > 0, "of %u", searches);
    _exit(0);
}

/* Before this process opens anything. */
static void start_reader(void)
{
    int down[2], up[2];
    ck_assert(pipe(down) == 0 && pipe(up) == 0);
    fflush(NULL);
    reader.pid = fork();
    if (reader.pid == 0) {
        close(down[1]);
        close(up[0]);
        serve(down[0], up[1]);
    }
    close(down[0]);
    close(up[1]);
    reader.questions = down[1];
    reader.answers = up[0];
}

static answer ask(uint32_t number, uint32_t at_least, int verify)
{
    question q = {number, at_least, verify};
    answer a;
    ck_assert_int_eq(pipe_write(reader.questions, &q, sizeof q), 0);
    ck_assert_msg(pipe_read(reader.answers, &a, sizeof a) == 0, "the reader is gone");
    return a;
}

static void stop_reader(void)
{
    int code;
    close(reader.questions);
    close(reader.answers);
    ck_assert_int_eq(waitpid(reader.pid, &code, 0), reader.pid);
    ck_assert_msg(code == 0, "the reader's wait status is %#x", (unsigned)code);
}

/* The reader must see all of `count` documents, and find the last one. */
static void check_reader(uint32_t count, int verify)
{
    answer a = ask(count - 1, count, verify);
    ck_assert_uint_eq(a.documents, count);
    ck_assert_uint_eq(a.count, 1);
}

/* ---- the writer ---- */

static plurum_index *open_writer(int manual_apply)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.manual_apply = manual_apply;
    return small_open(path, &options);
}

static void apply(plurum_index *index)
{
    plurum_error error = {0};
    MUST(plurum_index_apply(index, &error));
}

/* The text index's directory. */
static void find_text(char out[NAME_SIZE])
{
    DIR *directory = opendir(path);
    ck_assert_ptr_nonnull(directory);
    out[0] = '\0';
    for (struct dirent *e; (e = readdir(directory));)
        if (strncmp(e->d_name, "text-", 5) == 0) snprintf(out, NAME_SIZE, "%s/%s", path, e->d_name);
    closedir(directory);
    ck_assert_str_ne(out, "");
}

/* Takes the text index away in one step, as whoever deletes it under a reader should. */
static void delete_text(void)
{
    char text[NAME_SIZE], aside[NAME_SIZE + 16];
    find_text(text);
    snprintf(aside, sizeof aside, "%s.gone", text);
    ck_assert_int_eq(rename(text, aside), 0);
    remove_tree(aside);
}

/* Marks it as following another store that is further on: the next opening replaces it. */
static void disown_text(void)
{
    char text[NAME_SIZE];
    uint64_t seq;
    uint32_t last_id;
    pli_text_writer *writer;
    plurum_error error = {0};
    find_text(text);
    MUST(pli_text_writer_open(&writer, text, &error));
    pli_text_writer_applied(writer, &seq, &last_id);
    MUST(pli_text_writer_commit(writer, seq + 1000000000, last_id, &error));
    pli_text_writer_close(writer);
}

static void setup(void)
{
    folder_make(path);
    small_create(path);
    stopping = 0;
    searches = written = 0;
}

static void teardown(void)
{
    folder_remove(path);
}

/* ---- the tests ---- */

START_TEST(a_reader_survives_the_deletion_of_the_text_index)
{
    uint32_t count = 300;
    start_reader();
    plurum_index *index = open_writer(1);
    small_fill(index, 0, count);
    apply(index);
    check_reader(count, 1);
    for (int round = 0; round < 6; round++) {
        plurum_index_close(index);
        delete_text();
        check_reader(count, 0);
        index = open_writer(1); /* with an empty text index */
        check_reader(count, 0);
        small_fill(index, count, 100);
        count += 100;
        check_reader(count, round % 2);
        if (round % 3) apply(index);
        check_reader(count, 1);
    }
    plurum_index_close(index);
    stop_reader();
}
END_TEST

/* Here the writer replaces it, while the reader's threads search all the time. */
START_TEST(a_reader_never_sees_a_text_index_half_made)
{
    uint32_t count = 300;
    start_reader();
    plurum_index *index = open_writer(1);
    small_fill(index, 0, count);
    apply(index);
    check_reader(count, 0);
    for (int round = 0; round < 12 * test_scale(); round++) {
        plurum_index_close(index);
        disown_text();
        index = open_writer(0);
        small_fill(index, count, 10);
        count += 10;
        apply(index);
        check_reader(count, round % 10 == 0);
    }
    small_verify(index);
    plurum_index_close(index);
    stop_reader();
}
END_TEST

/* In the middle of a query, which then reads the new one from where it ends. */
START_TEST(a_snapshot_keeps_its_moment_when_the_text_index_is_replaced)
{
    plurum_error error = {0};
    pli_snapshot snapshot;
    pli_text_writer *writer;
    char text[NAME_SIZE];
    plurum_index *index = open_writer(1);
    small_fill(index, 0, 300);
    apply(index);
    small_fill(index, 300, 50);
    MUST(pli_snapshot_take(&snapshot, index, &error));
    uint64_t seq = snapshot.view->seq;
    ck_assert_uint_eq(snapshot.view->tail_count, 50);
    small_fill(index, 350, 10);
    find_text(text);
    delete_text();
    MUST(pli_text_writer_open(&writer, text, &error));
    pli_text_writer_close(writer);
    MUST(pli_snapshot_refresh(&snapshot, &error));
    ck_assert_uint_eq(snapshot.view->seq, seq);
    ck_assert_uint_eq(snapshot.view->tail_count, 350);
    pli_snapshot_release(&snapshot);
    ck_assert_uint_eq(small_stats(index).tail_documents, 360);
    small_verify(index);
    plurum_index_close(index);
}
END_TEST

static plurum_status truncate_log(void *payload, pli_txn *txn, plurum_error *error)
{
    (void)payload;
    return pli_log_truncate(txn, pli_txn_seq(txn), error);
}

START_TEST(a_reader_survives_a_log_that_was_truncated_past_it)
{
    plurum_error error = {0};
    plurum_batch *batch;
    start_reader();
    plurum_index *index = open_writer(1);
    small_fill(index, 0, 500);
    apply(index);
    check_reader(500, 1);
    for (uint32_t round = 0; round < 5; round++) {
        uint32_t first = 500 + 50 * round;
        char key[KEY_SIZE];
        small_fill(index, first, 50);
        small_fill(index, first + 10, 10); /* the same once more, under new internal ids */
        MUST(plurum_batch_new(&batch, index, &error));
        snprintf(key, sizeof key, "gone-%u", round);
        MUST(small_put(batch, key, 1000000 + round, NULL, &error));
        MUST(plurum_batch_commit(batch, NULL, &error));
        if (round % 2) ck_assert_uint_eq(ask(1000000 + round, 0, 0).count, 1);
        MUST(plurum_batch_delete(batch, key, NULL, &error));
        MUST(plurum_batch_vote(batch, "doc-7", "someone", round % 2 ? 1 : -1, PLURUM_TIME_UNSET,
                               &error));
        MUST(plurum_batch_commit(batch, NULL, &error));
        plurum_batch_free(batch);
        MUST(pli_write_apart(index, truncate_log, NULL, &error));
        check_reader(first + 50, 1);
        ck_assert_uint_eq(ask(1000000 + round, 0, 0).count, 0);
        if (round == 3) apply(index);
    }
    small_verify(index);
    plurum_index_close(index);
    stop_reader();
}
END_TEST

START_TEST(a_reader_follows_a_store_that_grows)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    start_reader();
    options.no_sync = 1;
    plurum_index *index = small_open(path, &options);
    uint64_t bytes = small_stats(index).store_bytes;
    uint32_t count = 0;
    while (count < 4000) {
        small_fill(index, count, 250);
        count += 250;
        check_reader(count, 0);
    }
    ck_assert_uint_gt(small_stats(index).store_bytes, 10 * bytes);
    check_reader(count, 1);
    plurum_index_close(index);
    check_reader(count, 0);
    stop_reader();
}
END_TEST

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    Suite *suite = suite_create("reader_follow");
    TCase *tests = tcase_create("reader_follow");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, a_reader_survives_the_deletion_of_the_text_index);
    tcase_add_test(tests, a_reader_never_sees_a_text_index_half_made);
    tcase_add_test(tests, a_snapshot_keeps_its_moment_when_the_text_index_is_replaced);
    tcase_add_test(tests, a_reader_survives_a_log_that_was_truncated_past_it);
    tcase_add_test(tests, a_reader_follows_a_store_that_grows);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
