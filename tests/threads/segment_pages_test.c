/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paging by cursor over graphs whose segments change between the pages: no document that did not
 * change comes twice or is left out. The graphs' searches are so short here that they find different
 * documents whenever the segments differ, which the test makes sure of.
 */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/threads/small.h"

enum { FROM = 200, SEGMENT = 1500, K = 6, PAGE = 2, DOCUMENTS = 6000, QUERIES = 120, REST = 50, ROOM = 2 * K };

static char path[PATH_SIZE];
static plurum_weights *weights;
static plurum_index *opened;

static void open_it(size_t segment_size, uint64_t build_memory)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.graph_from = FROM;
    options.segment_size = segment_size;
    options.manual_apply = 1;
    if (build_memory) options.build_memory = build_memory;
    options.no_sync = 1;
    opened = small_open(path, &options);
}

static void apply(void)
{
    plurum_error error = {0};
    MUST(plurum_index_apply(opened, &error));
}

static plurum_query query_of(float vector[DIM], char word[WORD_SIZE], uint32_t number)
{
    plurum_query query;
    small_vector(vector, 900000 + number);
    plurum_query_init(&query);
    query.text = strcpy(word, number % 2 ? "server" : "kernel");
    query.text_len = strlen(word);
    query.vector = vector;
    query.dim = DIM;
    query.mode = number % 3 ? PLURUM_MODE_HYBRID : PLURUM_MODE_VECTOR;
    query.weights = weights;
    query.bodies = 0;
    return query;
}

/* Internal ids in order. */
typedef struct id_list {
    uint32_t ids[ROOM];
    size_t count;
} id_list;

static void add_page(id_list *list, const plurum_results *page)
{
    for (size_t i = 0; i < plurum_results_count(page); i++) {
        ck_assert_uint_lt(list->count, ROOM);
        list->ids[list->count++] = plurum_results_hit(page, i)->id;
    }
}

/* All candidates of a query in one page, as the segments are now. */
static id_list whole(uint32_t number)
{
    float vector[DIM];
    char word[WORD_SIZE];
    id_list all = {.count = 0};
    plurum_results *results;
    plurum_error error = {0};
    plurum_query query = query_of(vector, word, number);
    query.limit = ROOM;
    MUST(plurum_search(&results, opened, &query, &error));
    add_page(&all, results);
    plurum_results_free(results);
    return all;
}

/* One more page of a query that is under way; 0: there was none. */
static int turn(id_list *seen, char **cursor, uint32_t number)
{
    float vector[DIM];
    char word[WORD_SIZE];
    plurum_results *results;
    plurum_error error = {0};
    plurum_query query = query_of(vector, word, number);
    if (seen->count && !*cursor) return 0;
    query.limit = PAGE;
    query.cursor = *cursor;
    MUST(plurum_search(&results, opened, &query, &error));
    add_page(seen, results);
    const char *next = plurum_results_cursor(results);
    free(*cursor);
    *cursor = next ? strdup(next) : NULL;
    plurum_results_free(results);
    return 1;
}

static int same(const id_list *a, const id_list *b)
{
    return a->count == b->count && memcmp(a->ids, b->ids, a->count * sizeof *a->ids) == 0;
}

/* ---- what happens between the pages ---- */

static void compact(void)
{
    plurum_error error = {0};
    plurum_index_close(opened);
    MUST(plurum_index_compact(NULL, path, NULL, &error));
    open_it(SEGMENT, 0);
    ck_assert_uint_eq(small_stats(opened).segments, 0);
}

static void seal_again(void)
{
    apply();
    ck_assert_uint_gt(small_stats(opened).segments, 0);
}

/* Segments of ten documents each, as there is memory for no more at once. */
static void seal_the_rest(void)
{
    uint64_t before = small_stats(opened).segments;
    plurum_index_close(opened);
    open_it(1, 10 * (4 * DIM + 768));
    apply();
    ck_assert_uint_eq(small_stats(opened).segments, before + REST / 10);
}

/* Those make one, which makes one with the smallest of the others. */
static void merge(void)
{
    plurum_index_close(opened);
    open_it(SEGMENT, 0);
    apply();
    ck_assert_uint_le(small_stats(opened).segments, 4);
    ck_assert_uint_eq(small_stats(opened).segment_vectors, DOCUMENTS + REST);
}

static void add_others(void)
{
    for (uint32_t i = 0; i < 2; i++) {
        small_fill(opened, 500000 + i * SEGMENT, SEGMENT / 2 + 40);
        apply();
    }
}

static void check_pages(void (*const between[])(void), size_t count)
{
    id_list before[QUERIES], seen[QUERIES] = {{.count = 0}};
    char *cursors[QUERIES] = {NULL};
    size_t moved = 0, step = 0;
    for (uint32_t q = 0; q < QUERIES; q++) before[q] = whole(q);
    for (int more = 1; more;) {
        more = 0;
        for (uint32_t q = 0; q < QUERIES; q++) more |= turn(&seen[q], &cursors[q], q);
        if (step < count) between[step++]();
        for (uint32_t q = 0; q < QUERIES; q++) {
            id_list now = whole(q);
            moved += !same(&now, &before[q]);
        }
    }
    ck_assert_uint_eq(step, count);
    ck_assert_uint_gt(moved, 0); /* or there was nothing to keep */
    for (uint32_t q = 0; q < QUERIES; q++)
        ck_assert_msg(same(&seen[q], &before[q]), "query %u: %zu of %zu", q, seen[q].count,
                      before[q].count);
}

/* Segments of SEGMENT documents each, and some that are in none. */
static void fill(void)
{
    for (uint32_t at = 0; at < DOCUMENTS; at += SEGMENT) {
        small_fill(opened, at, SEGMENT);
        apply();
    }
    small_fill(opened, DOCUMENTS, REST);
    ck_assert_uint_gt(small_stats(opened).segments, 1);
}

START_TEST(pages_go_on_over_a_compaction_and_what_is_built_after_it)
{
    static void (*const BETWEEN[])(void) = {compact, seal_again};
    fill();
    check_pages(BETWEEN, 2);
}
END_TEST

START_TEST(pages_go_on_over_a_seal_and_a_merge)
{
    static void (*const BETWEEN[])(void) = {seal_the_rest, merge};
    fill();
    check_pages(BETWEEN, 2);
}
END_TEST

/* The scores of text depend on all documents, those of vectors do not. */
START_TEST(new_documents_do_not_disturb_the_pages_of_a_vector)
{
    id_list before, seen = {.count = 0};
    char *cursor = NULL;
    fill();
    before = whole(0);
    ck_assert(turn(&seen, &cursor, 0));
    add_others();
    while (turn(&seen, &cursor, 0)) continue;
    ck_assert(same(&seen, &before));
}
END_TEST

START_TEST(pages_of_a_scan_go_on_as_a_scan)
{
    static void (*const BETWEEN[])(void) = {seal_again};
    small_fill(opened, 0, DOCUMENTS);
    check_pages(BETWEEN, 1);
}
END_TEST

START_TEST(warnings_come_with_a_page_behind_a_cursor_too)
{
    plurum_batch *batch;
    plurum_error error = {0};
    plurum_results *results;
    id_list seen = {.count = 0};
    char *cursor = NULL, best[32];
    float vector[DIM];
    char word[WORD_SIZE];
    fill();
    plurum_query query = query_of(vector, word, 0);
    MUST(plurum_search(&results, opened, &query, &error));
    snprintf(best, sizeof best, "%s", plurum_results_hit(results, 0)->key);
    plurum_results_free(results);
    MUST(plurum_batch_new(&batch, opened, &error));
    for (int agent = 0; agent < 3; agent++) {
        plurum_outcome outcome = PLURUM_OUTCOME_INIT;
        char name[16];
        snprintf(name, sizeof name, "agent-%d", agent);
        outcome.id = best;
        outcome.agent = name;
        MUST(plurum_batch_outcome(batch, &outcome, &error));
    }
    MUST(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    ck_assert(turn(&seen, &cursor, 0));
    query.cursor = cursor;
    query.warnings = 3;
    MUST(plurum_search(&results, opened, &query, &error));
    ck_assert_uint_eq(plurum_results_warning_count(results), 1);
    ck_assert_str_eq(plurum_results_warning(results, 0)->key, best);
    plurum_results_free(results);
    free(cursor);
}
END_TEST

static void setup(void)
{
    plurum_error error = {0};
    MUST(plurum_weights_new(&weights, &error));
    MUST(plurum_weights_set(weights, "candidates", K, &error));
    MUST(plurum_weights_set(weights, "ef", 1, &error)); /* that is K */
    folder_make(path);
    small_create(path);
    open_it(SEGMENT, 0);
}

static void teardown(void)
{
    plurum_index_close(opened);
    plurum_weights_free(weights);
    folder_remove(path);
}

int main(void)
{
    Suite *suite = suite_create("pages over segments");
    TCase *tests = tcase_create("pages");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, pages_go_on_over_a_compaction_and_what_is_built_after_it);
    tcase_add_test(tests, pages_go_on_over_a_seal_and_a_merge);
    tcase_add_test(tests, new_documents_do_not_disturb_the_pages_of_a_vector);
    tcase_add_test(tests, pages_of_a_scan_go_on_as_a_scan);
    tcase_add_test(tests, warnings_come_with_a_page_behind_a_cursor_too);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
