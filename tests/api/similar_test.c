/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searching by example: what a document is like, who may ask, and that it never finds itself.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <string.h>

static void setup(void)
{
    begin();
    put_vector("east", "restore a backup", 1, 0);
    put_vector("near", "prune a volume", 4, 1);
    put_vector("far", "restart a service", 1, 4);
    put_text("words", "restore the database from a backup");
}

static plurum_query like(const char *id)
{
    plurum_query q;
    plurum_query_init(&q);
    q.like = id;
    return q;
}

START_TEST(a_documents_vector_is_the_query_and_it_does_not_find_itself)
{
    plurum_query q = like("east");
    plurum_results *results = search(&q);
    ck_assert_str_eq(keys(results), "near far");
    const plurum_hit *first = plurum_results_hit(results, 0);
    ck_assert_double_eq_tol(first->cosine, 4 / sqrt(17), 1e-6);
    ck_assert_double_eq(first->text_score, 0);
    ck_assert_uint_eq(plurum_results_total(results), 2);
    ck_assert_ptr_null(plurum_results_note(results));
    plurum_results_free(results);
}
END_TEST

START_TEST(it_is_the_answer_to_the_same_vector_without_the_document)
{
    const float east[DIM] = {1, 0, 0, 0};
    plurum_query q = like("east"), same;
    plurum_query_init(&same);
    same.vector = east;
    same.dim = DIM;
    plurum_results *liked = search(&q), *asked = search(&same);
    ck_assert_uint_eq(plurum_results_count(liked) + 1, plurum_results_count(asked));
    for (size_t i = 0; i < plurum_results_count(liked); i++) {
        const plurum_hit *a = plurum_results_hit(liked, i), *b = plurum_results_hit(asked, i + 1);
        ck_assert_str_eq(a->key, b->key);
        ck_assert(a->cosine == b->cosine && a->similarity == b->similarity);
    }
    plurum_results_free(liked);
    plurum_results_free(asked);
}
END_TEST

START_TEST(words_stand_in_where_there_is_no_vector)
{
    for (int applied = 0; applied < 2; applied++) {
        plurum_query q = like("words");
        plurum_results *results = search(&q);
        ck_assert_str_eq(keys(results), "east");
        ck_assert_str_eq(plurum_results_note(results), "the document has no vector: text leg only");
        plurum_results_free(results);
        OK(plurum_index_apply(opened, &error));
    }
    plurum_query q = like("words");
    q.mode = PLURUM_MODE_VECTOR;
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_count(results), 0);
    ck_assert_str_eq(plurum_results_note(results), "the document has no vector");
    plurum_results_free(results);
    q = like("east");
    q.mode = PLURUM_MODE_TEXT;
    KEYS(search(&q), "words");
}
END_TEST

START_TEST(filters_trust_and_quarantine_rule_as_in_any_search)
{
    plurum_filter filter = PLURUM_FILTER_INIT;
    plurum_document d = document("tagged", "a tagged one");
    const float vector[DIM] = {1, 1, 0, 0};
    const char *const tags[] = {"T"};
    d.vector = vector, d.dim = DIM, d.tags = tags, d.tag_count = 1;
    put(&d);
    plurum_query q = like("east");
    filter.tags = tags;
    filter.tag_count = 1;
    q.filter = &filter;
    KEYS(search(&q), "tagged");
    q.filter = NULL;
    for (int i = 0; i < 3; i++) failed("near", (const char *[]){"a", "b", "c"}[i]);
    KEYS(search(&q), "tagged far");
    q.warnings = 5;
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_warning_count(results), 1);
    ck_assert_str_eq(plurum_results_warning(results, 0)->key, "near");
    plurum_results_free(results);
    q = like("near"); /* what is in quarantine can still be asked with */
    KEYS(search(&q), "east tagged far");
}
END_TEST

START_TEST(only_who_sees_a_document_may_ask_with_it)
{
    plurum_results *results;
    const float vector[DIM] = {1, 0, 0, 0};
    plurum_document d = document("mine", "a secret plan");
    d.owner = "anna", d.visibility = PLURUM_PRIVATE, d.vector = vector, d.dim = DIM;
    put(&d);
    plurum_query q = like("mine");
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_NOTFOUND, "no document \"mine\"");
    ck_assert_ptr_null(results);
    plurum_viewer anna = viewer_of("anna"), berta = viewer_of("berta");
    q.viewer = &berta;
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_NOTFOUND, "no document");
    q.viewer = &anna;
    KEYS(search(&q), "east near far");
    q = like("east");
    KEYS(search(&q), "near far");
    q = like("nothing");
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_NOTFOUND, "no document \"nothing\"");
}
END_TEST

START_TEST(pages_follow_each_other)
{
    plurum_query q = like("east");
    q.limit = 1;
    plurum_results *first = search(&q);
    ck_assert_str_eq(keys(first), "near");
    q.cursor = plurum_results_cursor(first);
    ck_assert_ptr_nonnull(q.cursor);
    KEYS(search(&q), "far");
    plurum_query other = like("near");
    plurum_results *results;
    other.cursor = q.cursor;
    FAILS(plurum_search(&results, opened, &other, &error), PLURUM_INVALID, "of another query");
    plurum_results_free(first);
}
END_TEST

START_TEST(a_query_asks_with_one_thing)
{
    plurum_results *results;
    plurum_query q = query("restore");
    q.like = "east";
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_ARG, "like");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: similar");
    TCase *t = tcase_create("similar");
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, a_documents_vector_is_the_query_and_it_does_not_find_itself);
    tcase_add_test(t, it_is_the_answer_to_the_same_vector_without_the_document);
    tcase_add_test(t, words_stand_in_where_there_is_no_vector);
    tcase_add_test(t, filters_trust_and_quarantine_rule_as_in_any_search);
    tcase_add_test(t, only_who_sees_a_document_may_ask_with_it);
    tcase_add_test(t, pages_follow_each_other);
    tcase_add_test(t, a_query_asks_with_one_thing);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
