/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk that is full: commits then fail with a clear status and leave nothing behind, what was
 * committed before can still be searched, and when there is room again everything goes on.
 *
 * A limit on the size of files (RLIMIT_FSIZE, with its signal ignored) stands for the disk: the
 * store and the text index meet it like ENOSPC, in the middle of their writes.
 */
#include <config.h>

#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <plurum/plurum.h>

#include "tools/remove.h"

#ifdef __SANITIZE_ADDRESS__
/* Xapian 1.4 loses 112 bytes inside commit_transaction() when that fails. */
const char *__lsan_default_suppressions(void) __attribute__((visibility("default")));
const char *__lsan_default_suppressions(void)
{
    return "leak:libxapian.so\n";
}
#endif

enum { THREADS = 3, PER_BATCH = 8, BATCHES_MAX = 400, TEXT_SIZE = 1500 };

static char folder[64], path[80];
static atomic_uint log_lines; /* that say that applying failed */

static void setup(void)
{
    atomic_store(&log_lines, 0);
    strcpy(folder, "/tmp/plurum-full-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/index", folder);
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void teardown(void)
{
    limit_files(RLIM_INFINITY);
    remove_tree(folder);
}

/* ---- what is written ---- */

/* What one thread has committed, and how its commits failed. */
typedef struct work {
    plurum_index *index;
    int thread, batches;
    int words, most;       /* what texts are made of; so many batches at most */
    int done[BATCHES_MAX]; /* 1: committed, 0: refused */
    int refused;
    plurum_status status; /* of the last refusal */
    plurum_error error;
} work;

static char *make_key(char out[32], int thread, int batch, int i)
{
    snprintf(out, 32, "doc-%d-%d-%d", thread, batch, i);
    return out;
}

/* A word that only the documents of one batch have. */
static char *make_word(char out[16], int thread, int batch)
{
    int number = thread * BATCHES_MAX + batch;
    snprintf(out, 16, "zq%c%c%cq", 'a' + number / 676, 'a' + number / 26 % 26, 'a' + number % 26);
    return out;
}

/* A text that hardly compresses: signs, of which the text index holds nothing, or words, of which
 * it holds more than the store. */
static void make_text(char out[TEXT_SIZE], int words, uint64_t x)
{
    static const char SIGNS[] = "!?()[]{}<>|;,*^\"&~:=+";
    size_t n = 0;
    for (; n + 1 < TEXT_SIZE; n++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        out[n] = !words        ? SIGNS[(x >> 33) % (sizeof SIGNS - 1)]
                 : n % 10 == 9 ? ' '
                               : (char)('a' + (x >> 33) % 26);
    }
    out[n] = '\0';
}

static plurum_status put_batch(work *w, int batch)
{
    plurum_batch *made;
    char key[32], text[TEXT_SIZE], word[16];
    plurum_status status = plurum_batch_new(&made, w->index, &w->error);
    make_word(word, w->thread, batch);
    for (int i = 0; i < PER_BATCH && !status; i++) {
        plurum_document d = PLURUM_DOCUMENT_INIT;
        make_text(text, w->words, (uint64_t)w->thread << 40 | (uint64_t)batch << 20 | (uint64_t)i);
        d.key = make_key(key, w->thread, batch, i);
        d.text[PLURUM_TEXT_TITLE] = word;
        d.text[PLURUM_TEXT_BODY] = text;
        status = plurum_batch_put(made, &d, PLURUM_CONFLICT_ERROR, &w->error);
    }
    if (!status) status = plurum_batch_commit(made, NULL, &w->error);
    plurum_batch_free(made);
    return status;
}

/* Writes batches until so many have been refused, or all are written. */
static void *write_batches(void *payload)
{
    enum { REFUSALS = 5 };
    work *w = payload;
    int refused = 0;
    while (w->batches < w->most && refused < REFUSALS) {
        plurum_status status = put_batch(w, w->batches);
        w->done[w->batches++] = status == PLURUM_OK;
        refused += status != PLURUM_OK;
        if (status) w->status = status;
    }
    w->refused += refused;
    return NULL;
}

static void write_all(work all[THREADS], plurum_index *index, int words, int most)
{
    pthread_t threads[THREADS];
    for (int t = 0; t < THREADS; t++) {
        all[t].index = index;
        all[t].thread = t;
        all[t].words = words;
        all[t].most = most;
        ck_assert_int_eq(pthread_create(&threads[t], NULL, write_batches, &all[t]), 0);
    }
    for (int t = 0; t < THREADS; t++) pthread_join(threads[t], NULL);
}

/* ---- what must hold ---- */

static size_t found_by_word(plurum_index *index, int thread, int batch)
{
    plurum_query query;
    plurum_results *results;
    plurum_error error = {0};
    char word[16];
    plurum_query_init(&query);
    query.text = make_word(word, thread, batch);
    query.text_len = strlen(word);
    query.limit = PER_BATCH + 1;
    if (plurum_search(&results, index, &query, &error)) ck_abort_msg("search: %s", error.text);
    size_t count = plurum_results_count(results);
    plurum_results_free(results);
    return count;
}

/* Every committed batch is found whole, no refused one in part. */
static void check_batches(plurum_index *index, const work all[THREADS])
{
    uint64_t documents = 0;
    plurum_stats stats = {.struct_size = sizeof stats};
    plurum_error error = {0};
    for (int t = 0; t < THREADS; t++)
        for (int b = 0; b < all[t].batches; b++) {
            ck_assert_uint_eq(found_by_word(index, t, b), all[t].done[b] ? PER_BATCH : 0);
            documents += all[t].done[b] ? PER_BATCH : 0;
        }
    if (plurum_index_stats(&stats, index, &error)) ck_abort_msg("stats: %s", error.text);
    ck_assert_uint_eq(stats.documents, documents);
    ck_assert_uint_eq(stats.seq, documents);
}

static int print_line(void *payload, const char *line)
{
    (void)payload;
    fprintf(stderr, "full_disk_test: %s\n", line);
    return 0;
}

static void tell(void *payload, const char *line)
{
    (void)payload;
    if (strstr(line, "applying failed")) atomic_fetch_add(&log_lines, 1);
}

static plurum_index *open_index(int manual_apply, size_t max_pending)
{
    plurum_index *index;
    plurum_error error = {0};
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.manual_apply = manual_apply;
    options.max_pending = max_pending;
    options.log = tell;
    if (plurum_index_open(&index, path, &options, &error)) ck_abort_msg("open: %s", error.text);
    return index;
}

static void check_verified(plurum_index *index)
{
    plurum_verify_report report = {.struct_size = sizeof report};
    plurum_error error = {0};
    if (plurum_index_verify(&report, index, print_line, NULL, &error))
        ck_abort_msg("verify: %s", error.text);
}

static void create_index(uint64_t map_size)
{
    plurum_create_options options;
    plurum_error error = {0};
    plurum_create_options_init(&options);
    if (map_size) options.map_size = map_size;
    if (plurum_index_create(path, &options, &error)) ck_abort_msg("create: %s", error.text);
}

/* There is room again: the same handle goes on, and so does another one. */
static void check_recovery(plurum_index *index, work all[THREADS])
{
    plurum_error error = {0};
    limit_files(RLIM_INFINITY);
    ck_assert_int_eq(put_batch(&all[0], all[0].batches), PLURUM_OK);
    all[0].done[all[0].batches++] = 1;
    if (plurum_index_apply(index, &error)) ck_abort_msg("apply: %s", error.text);
    check_batches(index, all);
    check_verified(index);
    plurum_index_close(index);

    index = open_index(1, 20000);
    check_batches(index, all);
    check_verified(index);
    plurum_index_close(index);
}

static void check_refused(const work all[THREADS], plurum_status status)
{
    for (int t = 0; t < THREADS; t++) {
        ck_assert_int_gt(all[t].refused, 0);
        ck_assert_int_gt(all[t].batches, all[t].refused);
        ck_assert_msg(all[t].status == status, "%s: %s", plurum_status_name(all[t].status),
                      all[t].error.text);
    }
}

/* ---- the tests ---- */

/* Writers wait for room all the time: a commit that fails must wake them too. */
START_TEST(commits_on_a_full_disk_are_io_errors_and_leave_nothing)
{
    static work all[THREADS];
    create_index(0);
    plurum_index *index = open_index(0, PER_BATCH / 2);
    limit_files(1 << 20);
    write_all(all, index, 0, BATCHES_MAX);
    check_refused(all, PLURUM_IO);
    check_batches(index, all);
    ck_assert_uint_eq(log_lines, 0);
    check_recovery(index, all);
}
END_TEST

/* Commits do not depend on the text index, and do not wait for it when it cannot follow. */
START_TEST(commits_go_on_when_only_the_text_index_finds_no_room)
{
    enum { BATCHES = 30 };
    static work all[THREADS];
    plurum_error error = {0};
    create_index(0);
    plurum_index *index = open_index(0, 4 * PER_BATCH);
    limit_files(2 << 20);
    write_all(all, index, 1, BATCHES);
    for (int t = 0; t < THREADS; t++) ck_assert_int_eq(all[t].refused, 0);
    ck_assert_int_eq(plurum_index_apply(index, &error), PLURUM_IO);
    ck_assert_uint_gt(log_lines, 0);
    ck_assert_uint_lt(log_lines, 10); /* it pauses between its attempts */
    check_batches(index, all);
    check_recovery(index, all);
}
END_TEST

START_TEST(an_index_can_be_closed_and_opened_on_a_full_disk)
{
    static work all[THREADS];
    create_index(0);
    plurum_index *index = open_index(0, 20000);
    limit_files(1 << 20);
    write_all(all, index, 1, BATCHES_MAX);
    check_refused(all, PLURUM_IO);
    plurum_index_close(index);
    for (int manual = 0; manual < 2; manual++) {
        index = all[0].index = open_index(manual, 20000);
        check_batches(index, all);
        check_verified(index);
        plurum_status status = put_batch(&all[0], all[0].batches); /* one may still fit */
        ck_assert(status == PLURUM_OK || status == PLURUM_IO);
        all[0].done[all[0].batches++] = status == PLURUM_OK;
        if (manual) break;
        plurum_index_close(index);
    }
    check_recovery(index, all);
}
END_TEST

START_TEST(commits_into_a_full_map_are_storage_errors_and_leave_nothing)
{
    static work all[THREADS];
    plurum_error error = {0};
    create_index(1 << 20);
    plurum_index *index = open_index(0, 20000);
    write_all(all, index, 0, BATCHES_MAX);
    check_refused(all, PLURUM_IO);
    if (plurum_index_apply(index, &error)) ck_abort_msg("apply: %s", error.text);
    check_batches(index, all);
    check_verified(index);
    plurum_index_close(index);
    index = open_index(0, 20000);
    check_batches(index, all);
    check_verified(index);
    plurum_index_close(index);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("full_disk");
    TCase *tests = tcase_create("full_disk");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, commits_on_a_full_disk_are_io_errors_and_leave_nothing);
    tcase_add_test(tests, commits_go_on_when_only_the_text_index_finds_no_room);
    tcase_add_test(tests, an_index_can_be_closed_and_opened_on_a_full_disk);
    tcase_add_test(tests, commits_into_a_full_map_are_storage_errors_and_leave_nothing);
    tcase_set_timeout(tests, 120);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
