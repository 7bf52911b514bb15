/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snippets: the words that match are marked in whatever form they stand, by bytes of the passage,
 * and the passage is the one with most of them.
 */
#include <config.h>

#include "tests/api/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Puts one document with a body, asks, and shows its snippet with [ and ] around what is marked. */
static const char *snippet_of(const char *body, const char *asked, size_t size)
{
    static char shown[4096];
    size_t used = 0, at = 0;
    plurum_document d = document("one", "a title");
    d.text[PLURUM_TEXT_BODY] = body;
    put(&d);
    plurum_query q = query(asked);
    q.snippet = size;
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_count(results), 1);
    const plurum_hit *hit = plurum_results_hit(results, 0);
    ck_assert_ptr_nonnull(hit->snippet);
    ck_assert_uint_le(strlen(hit->snippet), size);
    if (hit->snippet_field == PLURUM_TEXT_BODY) {
        ck_assert_int_eq(strncmp(body + hit->snippet_at, hit->snippet, strlen(hit->snippet)), 0);
        ck_assert_int_eq(hit->snippet_goes_on,
                         body[hit->snippet_at + strlen(hit->snippet)] != '\0');
    }
    for (size_t i = 0; i < hit->mark_count; i++) {
        ck_assert(hit->marks[i].from >= at && hit->marks[i].from < hit->marks[i].to);
        ck_assert_uint_le(hit->marks[i].to, strlen(hit->snippet));
        used += (size_t)snprintf(shown + used, sizeof shown - used, "%.*s[%.*s]",
                                 (int)(hit->marks[i].from - at), hit->snippet + at,
                                 (int)(hit->marks[i].to - hit->marks[i].from),
                                 hit->snippet + hit->marks[i].from);
        at = hit->marks[i].to;
    }
    snprintf(shown + used, sizeof shown - used, "%s", hit->snippet + at);
    plurum_results_free(results);
    return shown;
}

START_TEST(words_are_marked_in_any_form_that_matches)
{
    ck_assert_str_eq(snippet_of("Restoring the backups took hours", "restore a backup", 200),
                     "[Restoring] the [backups] took hours");
    ck_assert_str_eq(snippet_of("run pg_dump, not dumping by hand", "dumps", 200),
                     "run pg_[dump], not [dumping] by hand");
    ck_assert_str_eq(snippet_of("use --no-deps here", "--no-deps", 200), "use [--no-deps] here");
    ck_assert_str_eq(snippet_of("a DatabaseModifiedError", "modified", 200),
                     "a Database[Modified]Error");
}
END_TEST

START_TEST(offsets_are_bytes_whatever_the_script)
{
    ck_assert_str_eq(snippet_of("caf\xC3\xA9s \xE2\x80\x93 na\xC3\xAFve ones, in Z\xC3\xBCrich",
                                "Z\xC3\x9CRICH caf\xC3\xA9", 200),
                     "[caf\xC3\xA9s] \xE2\x80\x93 na\xC3\xAFve ones, in [Z\xC3\xBCrich]");
    ck_assert_str_eq(snippet_of("\xE6\x95\xB0\xE6\x8D\xAE\xE5\xBA\x93", "\xE6\x8D\xAE", 200),
                     "\xE6\x95\xB0[\xE6\x8D\xAE]\xE5\xBA\x93");
    /* a run that normalising shortens is marked whole */
    ck_assert_str_eq(snippet_of("the cafe\xCC\x81 \xEF\xAC\x81le", "file", 200),
                     "the cafe\xCC\x81 [\xEF\xAC\x81le]");
}
END_TEST

START_TEST(the_passage_is_the_one_with_most_different_words)
{
    char body[1200] = "backup backup backup at the beginning. ";
    for (int i = 0; i < 20; i++) strcat(body, "nothing of interest is said here. ");
    strcat(body, "restore the backup now. ");
    for (int i = 0; i < 10; i++) strcat(body, "and nothing again to the end. ");
    const char *shown = snippet_of(body, "restore backup", 60);
    ck_assert_msg(strstr(shown, "[restore] the [backup] now"), "%s", shown);
    ck_assert(strncmp(shown, "backup", 6) != 0);
}
END_TEST

START_TEST(a_passage_never_cuts_a_character)
{
    char body[900] = "";
    for (int i = 0; i < 100; i++) strcat(body, i == 50 ? " word " : "\xE2\x82\xAC\xC3\xA9\xE6\x95\xB0");
    for (size_t size = 1; size < 60; size++) {
        const char *shown = snippet_of(body, "word", size);
        json_t *sound = json_string(shown); /* NULL unless it is UTF-8 */
        ck_assert_msg(sound != NULL, "%zu bytes", size);
        json_decref(sound);
    }
}
END_TEST

START_TEST(without_a_match_it_is_the_beginning)
{
    const float vector[DIM] = {1, 0, 0, 0};
    plurum_document d = document("one", "a title");
    d.text[PLURUM_TEXT_BODY] = "the body of it";
    d.vector = vector, d.dim = DIM;
    put(&d);
    plurum_query q;
    plurum_query_init(&q);
    q.vector = vector, q.dim = DIM, q.snippet = 100;
    plurum_results *results = search(&q);
    const plurum_hit *hit = plurum_results_hit(results, 0);
    ck_assert_str_eq(hit->snippet, "the body of it");
    ck_assert_uint_eq(hit->mark_count, 0);
    plurum_results_free(results);
}
END_TEST

START_TEST(words_are_marked_where_the_vector_alone_was_asked_too)
{
    const float vector[DIM] = {1, 0, 0, 0};
    put_vector("one", "restore a backup", 1, 0);
    put_vector("two", "feed the cat", 0, 1);
    plurum_query q = query("backups");
    q.vector = vector, q.dim = DIM, q.snippet = 100;
    q.mode = PLURUM_MODE_VECTOR;
    plurum_results *results = search(&q);
    ck_assert_str_eq(keys(results), "one two"); /* by vector: the second has no word of the query */
    const plurum_hit *hit = plurum_results_hit(results, 0);
    ck_assert_uint_eq(hit->text_rank, 0);
    ck_assert_uint_eq(hit->mark_count, 1);
    ck_assert_uint_eq(hit->marks[0].from, strlen("restore a "));
    plurum_results_free(results);
}
END_TEST

/* Each window of 64 KiB has 30,000 marks; looking at them again in each would take seconds a hit. */
START_TEST(a_text_of_nothing_but_marks_takes_no_time)
{
    enum { HITS = 5, WORDS = 40000 };
    char *body = malloc(2 * WORDS + 16), key[8];
    for (size_t i = 0; i < WORDS; i++) memcpy(body + 2 * i, i % 2 ? "x " : "q ", 2);
    strcpy(body + 2 * WORDS, "z q x");
    for (int i = 0; i < HITS; i++) {
        snprintf(key, sizeof key, "m%d", i);
        plurum_document d = document(key, "a title");
        d.text[PLURUM_TEXT_BODY] = body;
        put(&d);
    }
    plurum_query q = query("q x z");
    q.snippet = PLURUM_SNIPPET_MAX;
    clock_t begun = clock();
    plurum_results *results = search(&q);
    ck_assert_double_lt((double)(clock() - begun) / CLOCKS_PER_SEC, 1.0);
    ck_assert_uint_eq(plurum_results_count(results), HITS);
    const plurum_hit *hit = plurum_results_hit(results, 0);
    ck_assert_ptr_nonnull(strchr(hit->snippet, 'z'));
    plurum_results_free(results);
    free(body);
}
END_TEST

START_TEST(nothing_is_made_unless_asked_and_json_has_it_when_it_is)
{
    char *line;
    put_text("one", "restore a backup");
    plurum_query q = query("backups");
    plurum_results *results = search(&q);
    ck_assert_ptr_null(plurum_results_hit(results, 0)->snippet);
    plurum_results_free(results);
    q.snippet = 100;
    results = search(&q);
    OK(plurum_results_json(&line, results, 0, &error));
    ck_assert_msg(strstr(line, "\"snippet\":{\"text\":\"restore a backup\",\"field\":\"title\","
                               "\"at\":0,\"goes_on\":false,\"marks\":[[10,16]]}"), "%s", line);
    plurum_text_free(line);
    plurum_results_free(results);
    q.snippet = PLURUM_SNIPPET_MAX + 1;
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_ARG, "snippet: 65537");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: snippets");
    TCase *t = tcase_create("snippets");
    tcase_add_checked_fixture(t, begin, end_world);
    tcase_add_test(t, words_are_marked_in_any_form_that_matches);
    tcase_add_test(t, offsets_are_bytes_whatever_the_script);
    tcase_add_test(t, the_passage_is_the_one_with_most_different_words);
    tcase_add_test(t, a_passage_never_cuts_a_character);
    tcase_add_test(t, without_a_match_it_is_the_beginning);
    tcase_add_test(t, words_are_marked_where_the_vector_alone_was_asked_too);
    tcase_add_test(t, a_text_of_nothing_but_marks_takes_no_time);
    tcase_add_test(t, nothing_is_made_unless_asked_and_json_has_it_when_it_is);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
