/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checkpoints under an index: an opening that begins in one answers as one that reads the store, after
 * whatever came since; kills while one is written and a full disk cost nothing; and what leaves the
 * index leaves them. Then how long a moment may be kept.
 */
#include <config.h>

#include "tests/threads/checkpointed.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crash.h"
#include "engine/engine.h"

/* ---- what it is for ---- */

START_TEST(an_opening_begins_in_the_checkpoint)
{
    uint64_t expected = answers_of_the_store();
    plurum_index *index = open_at(path, 1);
    ck_assert_uint_eq(answers(index), expected);
    plurum_stats stats = small_stats(index);
    ck_assert_uint_eq(stats.checkpoint_seq, stats.seq);
    ck_assert_uint_eq(stats.mapped_bytes, stats.checkpoint_bytes);
    ck_assert_uint_gt(stats.mapped_bytes, DOCUMENTS * (56 + 64 + DIM * 4 / 2));
    ck_assert_str_eq(log_lines, "");
    small_verify(index);
    plurum_index_close(index);
}
END_TEST

START_TEST(either_file_is_enough)
{
    uint64_t expected = answers_of_the_store();
    rename_in("vectors", "aside");
    plurum_index *index = open_at(path, 1);
    ck_assert_uint_gt(small_stats(index).mapped_bytes, 0);
    ck_assert_uint_eq(answers(index), expected);
    small_verify(index);
    plurum_index_close(index);
    rename_in("aside", "vectors");
    rename_in("columns", "aside");
    index = open_at(path, 1);
    ck_assert_uint_gt(small_stats(index).mapped_bytes, 0);
    ck_assert_uint_eq(answers(index), expected);
    small_verify(index);
    plurum_index_close(index);
}
END_TEST

START_TEST(whatever_came_after_it_is_followed)
{
    random_state r = {(uint64_t)_i};
    printf("seed %d\n", _i);
    for (int round = 0; round < 6; round++) {
        plurum_index *index = open_at(path, 0);
        for (int n = random_below(&r, 2 * EVERY); n > 0; n--) change(index, &r);
        if (random_below(&r, 2)) apply(index);
        for (int n = random_below(&r, EVERY); n > 0; n--) change(index, &r);
        uint64_t expected = answers(index);
        plurum_index_close(index);
        ck_assert_uint_eq(answers_of_the_store(), expected);
        index = open_at(path, 1);
        ck_assert_uint_gt(small_stats(index).mapped_bytes, 0);
        ck_assert_uint_eq(answers(index), expected);
        small_verify(index);
        ck_assert_str_eq(log_lines, "");
        plurum_index_close(index);
    }
}
END_TEST

START_TEST(a_handle_in_the_background_writes_one_when_it_is_closed)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.checkpoint_events = EVERY;
    options.no_sync = 1;
    plurum_index *index = small_open(path, &options);
    fill(index, 0, EVERY);
    uint64_t seq = small_stats(index).seq;
    plurum_index_close(index);
    index = open_at(path, 1);
    ck_assert_uint_eq(small_stats(index).checkpoint_seq, seq);
    small_verify(index);
    plurum_index_close(index);
}
END_TEST

START_TEST(a_reading_handle_writes_nothing)
{
    plurum_index *index = open_at(path, 0);
    uint64_t before = small_stats(index).checkpoint_seq;
    fill(index, 0, 2 * EVERY);
    plurum_index_close(index);
    rename_in("vectors", "aside");
    index = open_at(path, 1);
    answers(index);
    plurum_index_close(index);
    ck_assert(!exists(path, "vectors") && !exists(path, "columns.new"));
    index = open_at(path, 1);
    answers(index);
    ck_assert_uint_eq(small_stats(index).checkpoint_seq, before);
    plurum_index_close(index);
}
END_TEST

/* ---- kills and a full disk ---- */

static const char *const MOMENTS[] = {"vectors-written", "vectors-renamed", "columns-written",
                                      "columns-renamed"};

_Noreturn static void die_at(const char *moment)
{
    plurum_index *index = open_at(path, 0);
    fill(index, 0, DOCUMENTS); /* all replaced: both files are due */
    pli_crash_at(moment);
    apply(index);
    _exit(1);
}

START_TEST(a_kill_at_any_moment_leaves_a_whole_index)
{
    int code;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) die_at(MOMENTS[_i]);
    ck_assert_int_eq(waitpid(child, &code, 0), child);
    ck_assert_msg(WIFSIGNALED(code) && WTERMSIG(code) == SIGKILL, "%s: %#x", MOMENTS[_i],
                  (unsigned)code);
    uint64_t expected = answers_of_the_store();
    plurum_index *index = open_at(path, 1);
    ck_assert_uint_eq(answers(index), expected);
    small_verify(index);
    ck_assert_str_eq(log_lines, "");
    plurum_index_close(index);
    index = open_at(path, 0);
    ck_assert(!exists(path, "columns.new") && !exists(path, "vectors.new"));
    ck_assert_uint_eq(answers(index), expected);
    apply(index);
    ck_assert_uint_eq(small_stats(index).checkpoint_seq, small_stats(index).seq);
    small_verify(index);
    plurum_index_close(index);
}
END_TEST

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(a_full_disk_keeps_the_old_one_and_commits_go_on)
{
    signal(SIGXFSZ, SIG_IGN);
    plurum_index *index = open_at(path, 0);
    fill(index, 0, DOCUMENTS);
    uint64_t before = small_stats(index).checkpoint_seq, expected = answers(index);
    limit_files(20000);
    pli_checkpoint_consider(index);
    limit_files(RLIM_INFINITY);
    ck_assert_ptr_nonnull(strstr(log_lines, "a checkpoint was not written"));
    ck_assert(!exists(path, "columns.new") && !exists(path, "vectors.new"));
    ck_assert_uint_eq(small_stats(index).checkpoint_seq, before);
    ck_assert_uint_eq(answers(index), expected);
    fill(index, 0, 1);
    pli_checkpoint_consider(index);
    ck_assert_uint_eq(small_stats(index).checkpoint_seq, small_stats(index).seq);
    small_verify(index);
    plurum_index_close(index);
}
END_TEST

/* ---- what must not stay ---- */

static int is_in(const char *name, const char *text)
{
    size_t size;
    if (!exists(path, name)) return 0;
    unsigned char *bytes = load(name, &size);
    int found = memmem(bytes, size, text, strlen(text)) != NULL;
    free(bytes);
    return found;
}

START_TEST(a_forgotten_agent_is_in_no_file)
{
    plurum_error error = {0};
    ck_assert(is_in("columns", "agent-3"));
    plurum_index *index = open_at(path, 0);
    answers(index); /* its names are in memory */
    MUST(plurum_index_forget(NULL, index, "agent-3", NULL, &error));
    ck_assert(!exists(path, "columns"));
    apply(index);
    ck_assert(exists(path, "columns") && is_in("columns", "agent-2"));
    ck_assert(!is_in("columns", "agent-3"));
    small_verify(index);
    plurum_index_close(index);
}
END_TEST

START_TEST(what_was_deleted_is_not_in_the_next_one)
{
    plurum_error error = {0};
    plurum_batch *batch;
    char key[KEY_SIZE];
    ck_assert(is_in("columns", "tag-77"));
    plurum_index *index = open_at(path, 0);
    MUST(plurum_batch_new(&batch, index, &error));
    for (uint32_t i = 77; i < DOCUMENTS; i += 101) {
        snprintf(key, sizeof key, "doc-%u", i);
        MUST(plurum_batch_delete(batch, key, NULL, &error));
    }
    MUST(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    fill(index, 0, EVERY);
    apply(index);
    ck_assert(exists(path, "columns") && !is_in("columns", "tag-77"));
    plurum_index_close(index);
}
END_TEST

START_TEST(jobs_leave_no_file_of_what_was)
{
    plurum_error error = {0};
    plurum_weights *weights;
    plurum_reindex_options options = PLURUM_REINDEX_OPTIONS_INIT;
    plurum_index *index = open_at(path, 0);
    MUST(plurum_index_backup(NULL, index, other_path, NULL, &error));
    ck_assert(!exists(other_path, "columns") && !exists(other_path, "vectors"));
    plurum_index_close(index);
    MUST(plurum_index_compact(NULL, path, NULL, &error));
    ck_assert(!exists(path, "columns") && !exists(path, "vectors"));
    index = open_at(path, 0);
    apply(index);
    ck_assert(exists(path, "columns") && exists(path, "vectors"));
    plurum_index_close(index);
    MUST(plurum_weights_new(&weights, &error));
    options.weights = weights;
    MUST(plurum_index_reindex(NULL, path, &options, &error));
    plurum_weights_free(weights);
    ck_assert(!exists(path, "columns") && !exists(path, "vectors"));
    index = open_at(path, 0);
    apply(index);
    small_verify(index);
    plurum_index_close(index);
    uint64_t expected = answers_of_the_store();
    index = open_at(path, 1);
    ck_assert_uint_gt(small_stats(index).mapped_bytes, 0);
    ck_assert_uint_eq(answers(index), expected);
    plurum_index_close(index);
}
END_TEST

/* ---- how long a moment may last ---- */

static int slow_line(void *payload, const char *text, size_t len)
{
    (void)text;
    (void)len;
    if (++*(int *)payload == 1) sleep(3);
    return 0;
}

START_TEST(an_export_that_takes_too_long_ends_with_a_clear_status)
{
    int lines = 0;
    plurum_error error = {0};
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.read_only = 1;
    options.snapshot_seconds = _i == 0;
    plurum_index *index = small_open(path, &options);
    plurum_status status = plurum_index_export(index, NULL, slow_line, &lines, &error);
    if (_i == 0) {
        ck_assert_int_eq(status, PLURUM_LIMIT);
        ck_assert_ptr_nonnull(strstr(error.text, "more than 1 seconds"));
        ck_assert_int_eq(lines, 1);
    } else {
        ck_assert_int_eq(status, PLURUM_OK);
        ck_assert_uint_eq((uint64_t)lines, small_stats(index).documents);
    }
    answers(index);
    plurum_index_close(index);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("checkpoint");
    TCase *tests = tcase_create("checkpoint");
    tcase_add_checked_fixture(tests, checkpointed_setup, checkpointed_teardown);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, an_opening_begins_in_the_checkpoint);
    tcase_add_test(tests, either_file_is_enough);
    tcase_add_loop_test(tests, whatever_came_after_it_is_followed, 0, 4);
    tcase_add_test(tests, a_handle_in_the_background_writes_one_when_it_is_closed);
    tcase_add_test(tests, a_reading_handle_writes_nothing);
    tcase_add_loop_test(tests, a_kill_at_any_moment_leaves_a_whole_index, 0, 4);
    tcase_add_test(tests, a_full_disk_keeps_the_old_one_and_commits_go_on);
    tcase_add_test(tests, a_forgotten_agent_is_in_no_file);
    tcase_add_test(tests, what_was_deleted_is_not_in_the_next_one);
    tcase_add_test(tests, jobs_leave_no_file_of_what_was);
    tcase_add_loop_test(tests, an_export_that_takes_too_long_ends_with_a_clear_status, 0, 2);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
