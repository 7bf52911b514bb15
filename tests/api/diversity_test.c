/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collapsing and maximal marginal relevance in searches: off by default, consistent over pages, and
 * refused where they cannot be kept.
 */
#include <config.h>

#include "tests/api/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void setup(void)
{
    begin();
    put_vector("a1", "restore a backup", 1, 0);
    put_vector("a2", "bring data back", 1, .01f);
    put_vector("a3", "Restore a Backup", 1, .02f);
    put_vector("b1", "prune a volume", 1, .5f);
    put_vector("b2", "remove a volume", 1, .52f);
    put_vector("c1", "restart a service", 1, 2);
}

START_TEST(near_duplicates_collapse_into_the_best)
{
    plurum_query q = vector_query(EAST);
    KEYS(search(&q), "a1 a2 a3 b1 b2 c1");
    q.collapse = .999;
    plurum_results *results = search(&q);
    ck_assert_str_eq(keys(results), "a1 b1 c1");
    ck_assert_uint_eq(plurum_results_total(results), 3);
    ck_assert_uint_eq(plurum_results_hit(results, 0)->collapsed, 2);
    ck_assert_uint_eq(plurum_results_hit(results, 1)->collapsed, 1);
    ck_assert_uint_eq(plurum_results_hit(results, 2)->collapsed, 0);
    plurum_results_free(results);
}
END_TEST

START_TEST(equal_titles_collapse_whatever_their_case)
{
    plurum_query q = vector_query(EAST);
    q.collapse_titles = 1;
    KEYS(search(&q), "a1 a2 b1 b2 c1");
}
END_TEST

START_TEST(mmr_brings_what_is_different_forward_and_leaves_scores_alone)
{
    plurum_query q = vector_query(EAST);
    plurum_results *plain = search(&q);
    q.lambda = .3;
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_count(results), 6);
    ck_assert_str_eq(plurum_results_hit(results, 0)->key, "a1");
    ck_assert_str_eq(plurum_results_hit(results, 1)->key, "c1");
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++) {
            const plurum_hit *a = plurum_results_hit(plain, i), *b = plurum_results_hit(results, j);
            if (!strcmp(a->key, b->key)) ck_assert(a->score == b->score);
        }
    plurum_results_free(results);
    plurum_results_free(plain);
}
END_TEST

/* The pages of two, one after the other. */
static void pages(plurum_query q, int by_cursor, const char *expected)
{
    char all[256] = "";
    char *cursor = NULL;
    q.limit = 2;
    for (size_t offset = 0; offset < 12; offset += 2) {
        if (by_cursor)
            q.cursor = cursor;
        else
            q.offset = offset;
        plurum_results *results = search(&q);
        if (offset && plurum_results_count(results)) strcat(all, " ");
        strcat(all, keys(results));
        free(cursor);
        cursor = plurum_results_cursor(results) ? strdup(plurum_results_cursor(results)) : NULL;
        plurum_results_free(results);
        if (by_cursor && !cursor) break;
    }
    free(cursor);
    ck_assert_str_eq(all, expected);
}

START_TEST(pages_put_together_are_the_whole_answer)
{
    char whole[128];
    plurum_query q = vector_query(EAST);
    q.collapse = .999;
    pages(q, 0, "a1 b1 c1");
    pages(q, 1, "a1 b1 c1");
    q.collapse = 0;
    q.lambda = .3;
    plurum_results *results = search(&q);
    ck_assert_ptr_null(plurum_results_cursor(results));
    snprintf(whole, sizeof whole, "%s", keys(results));
    plurum_results_free(results);
    pages(q, 0, whole);
    q.limit = 2;
    results = search(&q);
    ck_assert_ptr_null(plurum_results_cursor(results)); /* though there is more */
    plurum_results_free(results);
}
END_TEST

START_TEST(what_cannot_go_together_is_refused)
{
    plurum_results *results;
    plurum_why *why;
    plurum_weights *many;
    plurum_query q = vector_query(EAST);
    q.lambda = .5;
    q.cursor = "00";
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_ARG, "cursor: not together with lambda");
    q.cursor = NULL;
    q.trace = 1;
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_ARG, "trace");
    q.trace = 0;
    FAILS(plurum_index_why(&why, opened, "a1", &q, &error), PLURUM_ARG, "not in a question why");
    q.lambda = 1.5;
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_ARG, "lambda: 1.5, allowed are 0 to 1");
    q.lambda = 1;
    q.collapse = -1;
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_ARG, "collapse: -1");
    q.collapse = .9;
    OK(plurum_weights_new(&many, &error));
    OK(plurum_weights_set(many, "candidates", 1001, &error));
    q.weights = many;
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_ARG, "1001 candidates");
    plurum_weights_free(many);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: diversity");
    TCase *t = tcase_create("diversity");
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, near_duplicates_collapse_into_the_best);
    tcase_add_test(t, equal_titles_collapse_whatever_their_case);
    tcase_add_test(t, mmr_brings_what_is_different_forward_and_leaves_scores_alone);
    tcase_add_test(t, pages_put_together_are_the_whole_answer);
    tcase_add_test(t, what_cannot_go_together_is_refused);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
