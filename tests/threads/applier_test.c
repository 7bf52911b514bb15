/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The applier seen from outside: how far it is never shows in an answer.
 */
#include <config.h>

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/apply/applier.h"
#include "engine/apply/upkeep.h"
#include "engine/search/search.h"
#include "tests/threads/small.h"

static char path[PATH_SIZE];

static void setup(void)
{
    folder_make(path);
    small_create(path);
}

static void teardown(void)
{
    folder_remove(path);
}

/* ---- an application in parts ---- */

typedef struct watch {
    plurum_index *index;
    uint32_t documents;
    atomic_int stop;
    unsigned long searches;
} watch;

static void *search_on(void *payload)
{
    watch *w = payload;
    random_state r = {7};
    while (!w->stop) {
        small_fill(w->index, w->documents + (uint32_t)w->searches, 1); /* a new moment */
        uint32_t number = (uint32_t)random_below(&r, (int)w->documents);
        size_t count = small_count(w->index, number);
        HOLDS(count == 1, "document %u is found %zu times", number, count);
        w->searches++;
    }
    return NULL;
}

START_TEST(nothing_is_missed_while_the_first_application_is_under_way)
{
    enum { DOCUMENTS = 4500 }; /* more than two commits of the text index take */
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    plurum_error error = {0};
    pthread_t thread;
    options.manual_apply = 1;
    watch w = {.index = small_open(path, &options), .documents = DOCUMENTS};
    small_fill(w.index, 0, DOCUMENTS);
    ck_assert_int_eq(pthread_create(&thread, NULL, search_on, &w), 0);
    usleep(10000);
    MUST(plurum_index_apply(w.index, &error));
    usleep(10000);
    w.stop = 1;
    pthread_join(thread, NULL);
    ck_assert_uint_gt(w.searches, 0);
    plurum_index_close(w.index);
}
END_TEST

/* Nothing is committed after the application: the tail goes all the same. */
START_TEST(an_applied_tail_is_given_up)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    plurum_error error = {0};
    options.manual_apply = 1;
    plurum_index *index = small_open(path, &options);
    small_fill(index, 0, 100);
    ck_assert_uint_eq(small_stats(index).tail_documents, 100);
    MUST(plurum_index_apply(index, &error));
    ck_assert_uint_eq(small_count(index, 50), 1);
    ck_assert_uint_eq(small_stats(index).tail_documents, 0);
    plurum_index_close(index);
}
END_TEST

/* ---- searches beside an applier that never rests ---- */

static atomic_int applications, resting;

static void *apply_on(void *payload)
{
    plurum_error error = {0};
    while (!resting) {
        small_fill(payload, (uint32_t)(100000 + applications), 1);
        MUST(plurum_index_apply(payload, &error));
        applications++;
    }
    return NULL;
}

static int keep_on(void *payload, const char *term, size_t len)
{
    (void)payload, (void)term, (void)len;
    return 0;
}

/* Reads the whole text index once it has changed three times, or would have had the time to. */
static plurum_status read_slowly(void *payload, pli_search *search, plurum_error *error)
{
    int before = applications, *steps = payload;
    for (int i = 0; i < 400 && applications < before + 3; i++) usleep(5000);
    ++*steps;
    return pli_text_reader_all_terms(search->snapshot->reader, "", 0, keep_on, NULL, error);
}

START_TEST(a_search_that_is_slower_than_the_applier_is_answered)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    plurum_error error = {0};
    pthread_t thread;
    pli_search search = {0};
    pli_snapshot snapshot;
    int steps = 0;
    options.manual_apply = 1;
    options.no_sync = 1;
    plurum_index *index = small_open(path, &options);
    small_fill(index, 0, 5000);
    MUST(plurum_index_apply(index, &error));
    ck_assert_int_eq(pthread_create(&thread, NULL, apply_on, index), 0);
    MUST(pli_snapshot_take(&snapshot, index, &error));
    search.snapshot = &snapshot;
    plurum_status status = pli_search_text(&search, read_slowly, &steps, &error);
    ck_assert_msg(!status, "%d steps: %s", steps, error.text);
    ck_assert_int_gt(steps, 1);
    pli_snapshot_release(&snapshot);
    int before = applications;
    for (int i = 0; i < 1000 && applications == before; i++) usleep(5000);
    ck_assert_int_gt(applications, before); /* it goes on */
    resting = 1;
    pthread_join(thread, NULL);
    plurum_index_close(index);
}
END_TEST

/* ---- upkeep ---- */

enum { EVENTS = PLI_LOG_KEPT + 5 * PLI_LOG_STEP };

/* Events of documents that are there; whoever follows reads them again. */
static plurum_status append_events(void *payload, pli_txn *txn, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    uint64_t seq;
    (void)payload;
    for (uint32_t i = 0; i < EVENTS && !status; i++)
        status = pli_log_append(txn, PLI_EVENT_TRUST, 1 + i % 100, &seq, error);
    return status;
}

static uint64_t count_events(plurum_index *index)
{
    pli_txn *txn;
    plurum_error error = {0};
    MUST(pli_txn_read(&txn, index->store, &error));
    uint64_t count = pli_txn_count(txn, PLI_LOG);
    pli_txn_end(txn);
    return count;
}

START_TEST(the_log_keeps_its_newest_events_only)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    plurum_error error = {0};
    options.manual_apply = 1;
    options.no_sync = 1;
    plurum_index *index = small_open(path, &options);
    small_fill(index, 0, 300);
    ck_assert_uint_eq(small_count(index, 299), 1); /* a view of this moment */
    MUST(pli_write_apart(index, append_events, NULL, &error));
    small_fill(index, 100, 300); /* 200 under new internal ids, 100 new ones */
    uint64_t seq = count_events(index);
    MUST(plurum_index_apply(index, &error));
    ck_assert_uint_ge(count_events(index), PLI_LOG_KEPT);
    ck_assert_uint_lt(count_events(index), PLI_LOG_KEPT + PLI_LOG_STEP);
    ck_assert_uint_eq(small_stats(index).seq, seq);
    for (uint32_t i = 0; i < 400; i++) ck_assert_uint_eq(small_count(index, i), 1);
    small_verify(index);
    small_fill(index, 400, 1);
    ck_assert_uint_eq(small_count(index, 400), 1);
    plurum_index_close(index);
    index = small_open(path, &options);
    small_verify(index);
    plurum_index_close(index);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("applier");
    TCase *tests = tcase_create("applier");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, nothing_is_missed_while_the_first_application_is_under_way);
    tcase_add_test(tests, an_applied_tail_is_given_up);
    tcase_add_test(tests, a_search_that_is_slower_than_the_applier_is_answered);
    tcase_add_test(tests, the_log_keeps_its_newest_events_only);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
