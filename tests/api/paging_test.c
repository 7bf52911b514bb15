/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages: offsets and cursors cover exactly the candidates, in one order, whatever the size of the
 * page; and a cursor is a value that only the query it came from can use.
 */
#include <config.h>

#include "tests/api/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENTS = 57 };

static void setup(void)
{
    begin();
    for (int i = 0; i < DOCUMENTS; i++) {
        char key[16], title[64];
        snprintf(key, sizeof key, "k%02d", i);
        snprintf(title, sizeof title, "restore %s %s", i % 3 ? "backup" : "volume",
                 i % 5 ? "" : "database");
        if (i % 4)
            put_vector(key, title, (float)(i % 7), 3);
        else
            put_text(key, title);
        if (i % 6 == 0) worked(key, "user");
        if (i == 20) OK(plurum_index_apply(opened, &error));
    }
}

static plurum_query usual(void)
{
    plurum_query q = query("restore a backup of the database");
    q.vector = EAST;
    q.dim = DIM;
    return q;
}

/* ---- covering ---- */

/* All keys in the order of one large page; the caller's. */
static char *whole(plurum_query q)
{
    q.limit = PLURUM_LIMIT_MAX;
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_count(results), plurum_results_total(results));
    ck_assert_ptr_null(plurum_results_cursor(results));
    char *all = strdup(keys(results));
    plurum_results_free(results);
    return all;
}

static void append(char *to, const char *shown)
{
    ck_assert_uint_lt(strlen(to) + strlen(shown), 4000);
    if (*to && *shown) strcat(to, " ");
    strcat(to, shown);
}

static void check_pages(plurum_query q, const char *all, size_t limit, int by_cursor)
{
    char paged[4096] = "", cursor[512] = "";
    size_t total = 0, seen = 0;
    q.limit = limit;
    for (;;) {
        q.cursor = by_cursor && *cursor ? cursor : NULL;
        q.offset = by_cursor ? 0 : seen;
        plurum_results *results = search(&q);
        size_t count = plurum_results_count(results);
        if (!seen) total = plurum_results_total(results);
        ck_assert_uint_eq(plurum_results_total(results), total);
        ck_assert_uint_eq(count, total - seen < limit ? total - seen : limit);
        seen += count;
        append(paged, keys(results));
        const char *next = plurum_results_cursor(results);
        ck_assert_int_eq(next != NULL, seen < total);
        snprintf(cursor, sizeof cursor, "%s", next ? next : "");
        plurum_results_free(results);
        if (seen >= total) break;
    }
    ck_assert_str_eq(paged, all);
}

START_TEST(pages_of_any_size_cover_the_candidates_without_repeat_or_gap)
{
    static const size_t LIMITS[] = {1, 2, 7, 10, 56, 57, 58};
    for (plurum_mode mode = PLURUM_MODE_HYBRID; mode <= PLURUM_MODE_VECTOR; mode++) {
        plurum_query q = usual();
        q.mode = mode;
        char *all = whole(q);
        ck_assert_uint_eq(strlen(all), mode == PLURUM_MODE_VECTOR ? 42 * 4 - 1 : 57 * 4 - 1);
        for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++)
            for (int by_cursor = 0; by_cursor < 2; by_cursor++)
                check_pages(q, all, LIMITS[i], by_cursor);
        free(all);
    }
}
END_TEST

START_TEST(equal_scores_are_paged_in_one_order)
{
    plurum_query q = query("twin");
    q.mode = PLURUM_MODE_TEXT;
    for (int i = 0; i < 30; i++) {
        char key[16];
        snprintf(key, sizeof key, "t%02d", 29 - i);
        put_text(key, "twin");
    }
    char *all = whole(q);
    check_pages(q, all, 4, 1);
    check_pages(q, all, 4, 0);
    ck_assert_ptr_eq(strstr(all, "t29 t28 t27"), all); /* by internal id */
    free(all);
}
END_TEST

START_TEST(an_offset_beyond_the_candidates_is_an_empty_page)
{
    plurum_query q = usual();
    q.offset = DOCUMENTS;
    for (int i = 0; i < 2; i++) {
        plurum_results *results = search(&q);
        ck_assert_uint_eq(plurum_results_count(results), 0);
        ck_assert_uint_eq(plurum_results_total(results), DOCUMENTS);
        ck_assert_ptr_null(plurum_results_cursor(results));
        plurum_results_free(results);
        q.offset = SIZE_MAX;
    }
}
END_TEST

START_TEST(candidates_and_not_the_page_decide_how_far_paging_goes)
{
    plurum_weights *weights;
    OK(plurum_weights_new(&weights, &error));
    OK(plurum_weights_set(weights, "candidates", 12, &error));
    plurum_query q = usual();
    q.weights = weights;
    q.mode = PLURUM_MODE_TEXT;
    char *all = whole(q);
    ck_assert_uint_eq(strlen(all), 12 * 4 - 1);
    check_pages(q, all, 5, 1);
    free(all);
    plurum_weights_free(weights);
}
END_TEST

/* ---- the cursor ---- */

/* The cursor of the first page of ten; lives until the next call. */
static const char *first_cursor(const plurum_query *q)
{
    static char cursor[512];
    plurum_results *results = search(q);
    ck_assert_ptr_nonnull(plurum_results_cursor(results));
    snprintf(cursor, sizeof cursor, "%s", plurum_results_cursor(results));
    plurum_results_free(results);
    return cursor;
}

/* The keys of the page behind a cursor; lives until the next call of keys(). */
static const char *page(plurum_query q, const char *cursor)
{
    q.cursor = cursor;
    plurum_results *results = search(&q);
    const char *shown = keys(results);
    plurum_results_free(results);
    return shown;
}

#define OF_ANOTHER(change)                                                                         \
    do {                                                                                           \
        plurum_query q = usual();                                                                  \
        plurum_filter f = PLURUM_FILTER_INIT;                                                      \
        plurum_viewer v = PLURUM_VIEWER_INIT;                                                      \
        q.filter = &f, q.viewer = &v, q.cursor = cursor, q.weights = weights;                      \
        change;                                                                                    \
        FAILS(plurum_search(&results, opened, &q, &error), PLURUM_INVALID,                         \
              "cursor: of another query");                                                         \
    } while (0)

START_TEST(a_cursor_of_another_query_is_refused)
{
    static const float other[DIM] = {1, 0, 0, 1e-7f};
    const char *names[] = {"name"};
    plurum_weights *weights;
    plurum_results *results;
    OK(plurum_weights_new(&weights, &error));
    plurum_query asked = usual();
    const char *cursor = first_cursor(&asked);
    OF_ANOTHER(q.text_len--);
    OF_ANOTHER(q.text = "restore a backup of the databasf");
    OF_ANOTHER(q.vector = other);
    OF_ANOTHER((q.vector = NULL, q.dim = 0));
    OF_ANOTHER(q.mode = PLURUM_MODE_TEXT);
    OF_ANOTHER(q.exact = 1);
    OF_ANOTHER((q.tools = names, q.tool_count = 1));
    OF_ANOTHER(f.domain = "x");
    OF_ANOTHER((f.tools = names, f.tool_count = 1));
    OF_ANOTHER((f.tags = names, f.tag_count = 1));
    OF_ANOTHER(f.lifecycles = 1);
    OF_ANOTHER(f.visibilities = 1);
    OF_ANOTHER(f.min_quality = 0.1);
    OF_ANOTHER(f.min_confidence = 0.1);
    OF_ANOTHER(f.since = 1);
    OF_ANOTHER(f.until = 1);
    OF_ANOTHER(f.quarantine = PLURUM_QUARANTINE_SHOW);
    OF_ANOTHER(v.agent = "name");
    OF_ANOTHER((v.team_mates = names, v.team_mate_count = 1));
    OF_ANOTHER(v.is_operator = 1);
    OF_ANOTHER(OK(plurum_weights_set(weights, "floor", 0.5, &error)));
    plurum_weights_free(weights);
}
END_TEST

START_TEST(a_cursor_goes_with_any_size_of_page_and_its_extras)
{
    plurum_query q = usual();
    char *all = whole(q), expected[16];
    const char *cursor = first_cursor(&q);
    q.limit = 3;
    q.bodies = 0;
    q.warnings = 5;
    snprintf(expected, sizeof expected, "%.11s", all + 40);
    ck_assert_str_eq(page(q, cursor), expected);
    free(all);
}
END_TEST

START_TEST(a_cursor_that_was_tampered_with_is_refused)
{
    char cursor[512];
    plurum_results *results;
    plurum_query q = usual();
    strcpy(cursor, first_cursor(&q));
    size_t len = strlen(cursor);
    q.cursor = cursor;
    for (size_t i = 0; i < len; i++) {
        char saved = cursor[i];
        cursor[i] = saved == '0' ? '1' : '0';
        FAILS(plurum_search(&results, opened, &q, &error), PLURUM_INVALID, "cursor");
        cursor[i] = '\0';
        FAILS(plurum_search(&results, opened, &q, &error), PLURUM_INVALID, "cursor");
        cursor[i] = saved;
    }
    strcat(cursor, "0");
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_INVALID, "cursor");
    cursor[len] = '\0';
    plurum_results_free(search(&q));
}
END_TEST

START_TEST(a_cursor_survives_applying_closing_and_opening)
{
    plurum_query q = usual();
    const char *cursor = first_cursor(&q);
    char expected[128];
    strcpy(expected, page(q, cursor));
    ck_assert_uint_eq(strlen(expected), 39);
    OK(plurum_index_apply(opened, &error));
    ck_assert_str_eq(page(q, cursor), expected);
    reopen();
    ck_assert_str_eq(page(q, cursor), expected);
}
END_TEST

START_TEST(a_cursor_keeps_the_moment_and_the_candidates)
{
    plurum_weights *weights;
    OK(plurum_weights_new(&weights, &error));
    plurum_query q = usual();
    q.weights = weights;
    const char *cursor = first_cursor(&q);
    clock_now += 300 * DAY;
    OK(plurum_weights_set(weights, "candidates", 11, &error));
    q.cursor = cursor;
    q.now = NEW_YEAR + 500 * DAY;
    plurum_results *results = search(&q);
    ck_assert_int_eq(plurum_results_now(results), NEW_YEAR);
    ck_assert_uint_eq(plurum_results_total(results), DOCUMENTS);
    ck_assert_uint_eq(plurum_results_count(results), 10);
    plurum_results_free(results);
    plurum_weights_free(weights);
}
END_TEST

/* A cursor is a place in the order: writes that leave the scores of the others alone (here: no
 * cosine beyond the highest and lowest) add to what follows or take away from it, and repeat
 * nothing. */
START_TEST(writes_between_pages_do_not_repeat_what_was_shown)
{
    plurum_weights *weights;
    OK(plurum_weights_new(&weights, &error));
    OK(plurum_weights_set_text(weights, "fusion", "minmax", &error));
    plurum_query q = usual();
    q.mode = PLURUM_MODE_VECTOR;
    q.weights = weights;
    plurum_results *results = search(&q);
    char shown[128], second[128], expected[128];
    strcpy(shown, keys(results));
    plurum_results_free(results);
    const char *cursor = first_cursor(&q);
    strcpy(second, page(q, cursor));
    char *last = strrchr(shown, ' ') + 1, *second_last = strrchr(second, ' ');
    put_vector("before", "restore", 6, 3); /* as good as any that was shown: not on this page */
    worked("before", "user");
    OK(delete_document("k06", NULL));
    OK(delete_document(last, NULL)); /* the one that the cursor names */
    ck_assert_str_eq(page(q, cursor), second);
    put_vector("behind", "restore", 2, 3);
    snprintf(expected, sizeof expected, "%.*s", (int)(second_last - second), second);
    OK(delete_document(second_last + 1, NULL));
    const char *next = page(q, cursor);
    ck_assert_ptr_eq(strstr(next, expected), next);
    for (char *key = strtok(shown, " "); key; key = strtok(NULL, " "))
        ck_assert_msg(!strstr(next, key), "%s again: %s", key, next);
    plurum_weights_free(weights);
}
END_TEST

/* Where a write moves every score, the place of the last hit still tells where to go on. */
START_TEST(a_page_begins_behind_the_last_hit_even_when_all_scores_have_moved)
{
    plurum_query q = usual();
    q.mode = PLURUM_MODE_VECTOR;
    plurum_results *results = search(&q);
    char shown[128];
    strcpy(shown, keys(results));
    double score = plurum_results_hit(results, 9)->score;
    plurum_results_free(results);
    const char *cursor = first_cursor(&q);
    for (int i = 0; i < 30; i++) {
        char key[16];
        snprintf(key, sizeof key, "other%d", i);
        put_vector(key, "a database of something else", -1, (float)i);
    }
    results = search(&q);
    ck_assert_double_ne(plurum_results_hit(results, 9)->score, score);
    plurum_results_free(results);
    const char *next = page(q, cursor);
    for (char *key = strtok(shown, " "); key; key = strtok(NULL, " "))
        ck_assert_msg(!strstr(next, key), "%s again: %s", key, next);
}
END_TEST

/* ---- lists ---- */

START_TEST(a_list_is_paged_newest_first)
{
    char paged[4096] = "";
    for (int i = 0; i < DOCUMENTS; i += 10) {
        char key[16];
        snprintf(key, sizeof key, "k%02d", i);
        plurum_document d = document(key, "restore");
        d.created_at = NEW_YEAR - i * DAY - DAY;
        put(&d);
    }
    for (size_t offset = 0; offset < DOCUMENTS + 10; offset += 9) {
        plurum_results *results;
        OK(plurum_index_list(&results, opened, NULL, NULL, 9, offset, &error));
        ck_assert_uint_eq(plurum_results_total(results), DOCUMENTS);
        ck_assert_ptr_null(plurum_results_cursor(results));
        append(paged, keys(results));
        plurum_results_free(results);
    }
    plurum_results *results;
    OK(plurum_index_list(&results, opened, NULL, NULL, PLURUM_LIMIT_MAX, 0, &error));
    ck_assert_str_eq(paged, keys(results));
    plurum_results_free(results);
    ck_assert_ptr_eq(strstr(paged, "k56 k55 k54"), paged);
    ck_assert_ptr_nonnull(strstr(paged, "k01 k00 k10 k20 k30 k40 k50"));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: paging");
    TCase *t = tcase_create("pages");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, pages_of_any_size_cover_the_candidates_without_repeat_or_gap);
    tcase_add_test(t, equal_scores_are_paged_in_one_order);
    tcase_add_test(t, an_offset_beyond_the_candidates_is_an_empty_page);
    tcase_add_test(t, candidates_and_not_the_page_decide_how_far_paging_goes);
    tcase_add_test(t, a_cursor_of_another_query_is_refused);
    tcase_add_test(t, a_cursor_goes_with_any_size_of_page_and_its_extras);
    tcase_add_test(t, a_cursor_that_was_tampered_with_is_refused);
    tcase_add_test(t, a_cursor_survives_applying_closing_and_opening);
    tcase_add_test(t, a_cursor_keeps_the_moment_and_the_candidates);
    tcase_add_test(t, writes_between_pages_do_not_repeat_what_was_shown);
    tcase_add_test(t, a_page_begins_behind_the_last_hit_even_when_all_scores_have_moved);
    tcase_add_test(t, a_list_is_paged_newest_first);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
