/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Suggestions: another spelling of a query that matches nothing or little, made of public text
 * alone. What is private must neither appear nor show by what appears.
 */
#include <config.h>

#include "tests/api/world.h"

#include <stdio.h>
#include <string.h>

/* The suggestion for a query as it is, "-" where there is none; lives until the next call. */
static const char *suggestion_of(const plurum_query *q)
{
    static char shown[2][1000];
    static int turn;
    plurum_results *results = search(q);
    const char *suggestion = plurum_results_suggestion(results);
    turn = !turn;
    snprintf(shown[turn], sizeof shown[turn], "%s", suggestion ? suggestion : "-");
    plurum_results_free(results);
    return shown[turn];
}

static const char *suggested(const char *text)
{
    plurum_query q = query(text);
    return suggestion_of(&q);
}

static void put_body(const char *key, const char *body, plurum_visibility visibility,
                     plurum_lifecycle lifecycle)
{
    plurum_document d = document(key, key);
    d.text[PLURUM_TEXT_BODY] = body;
    d.owner = "owner";
    d.visibility = visibility;
    d.lifecycle = lifecycle;
    put(&d);
}

static void put_public(const char *key, const char *body)
{
    put_body(key, body, PLURUM_PUBLIC, PLURUM_PUBLISHED);
}

static void put_some(void)
{
    put_public("a", "Restore a PostgreSQL database with pg_basebackup after a DatabaseModifiedError");
    put_public("b", "Binary permission denied in a rootless container, psycopg2");
    put_public("c", "The permissions of the container's database");
    put_public("d", "Permission and binary of anything, r\xC3\xA9sum\xC3\xA9");
}

/* ---- what is offered ---- */

START_TEST(misspelt_words_are_replaced_and_the_rest_stays)
{
    put_some();
    ck_assert_str_eq(suggested("permision"), "permission");
    ck_assert_str_eq(suggested("  permision: denid, \"rootles\" (binray)?"),
                     "  permission: denied, \"rootless\" (binary)?");
    ck_assert_str_eq(suggested("pg_basebakcup"), "pg_basebackup");
    ck_assert_str_eq(suggested("psycpg2"), "psycopg2");
    ck_assert_str_eq(suggested("resum\xC3\xA9" "e"), "-");
    ck_assert_str_eq(suggested("r\xC3\xA9sunm\xC3\xA9"), "r\xC3\xA9sum\xC3\xA9");
    ck_assert_str_eq(suggested("permision of permision"), "permission of permission");
    ck_assert_str_eq(suggested("wtih permision"), "with permission");
}
END_TEST

START_TEST(capitals_stay_as_they_were_asked)
{
    put_some();
    ck_assert_str_eq(suggested("Permision PERMISION permissoin"), "Permission PERMISSION permission");
    ck_assert_str_eq(suggested("DatabseModifiedError"), "DatabaseModifiedError");
    ck_assert_str_eq(suggested("databsemodifiederror"), "databasemodifiederror");
}
END_TEST

START_TEST(nothing_is_offered_where_enough_matches)
{
    put_some();
    ck_assert_str_eq(suggested("permission"), "-");
    ck_assert_str_eq(suggested("permissions restoring"), "-");
    for (int i = 0; i < 6; i++) {
        char key[8];
        snprintf(key, sizeof key, "m%d", i);
        put_public(key, "one two three four five six seven eight nine");
    }
    ck_assert_str_eq(suggested("two three four permision"), "two three four permission");
    ck_assert_str_eq(suggested("two three four five permision"), "-");
    ck_assert_str_eq(suggested("two three the of and permision"),
                     "two three the of and permission"); /* stop words do not count */
}
END_TEST

START_TEST(words_that_cannot_be_judged_stay)
{
    put_public("a", "data 12345678 deadbeef12cafe 4.16.23 sha256sum \xE6\x95\xB0\xE6\x8D\xAE\xE5\xBA\x93 cat");
    static const char *const STAY[] = {"dta", "12345679", "deadbeef13cafe", "4.16.24", "sha256smu",
                                       "\xE6\x95\xB0\xE6\x8D\xAE\xE5\xBA\x94", "cta", "the wtih",
                                       "...", "datacentre"};
    for (size_t i = 0; i < sizeof STAY / sizeof *STAY; i++)
        ck_assert_msg(!strcmp(suggested(STAY[i]), "-"), "%s: %s", STAY[i], suggested(STAY[i]));
}
END_TEST

START_TEST(a_rare_word_gives_way_to_a_much_more_frequent_one)
{
    put_public("typo", "permision");
    for (int i = 0; i < 9; i++) {
        char key[8];
        snprintf(key, sizeof key, "m%d", i);
        put_public(key, "permission");
    }
    ck_assert_str_eq(suggested("permision"), "-"); /* nine times as frequent */
    put_public("m9", "permission");
    ck_assert_str_eq(suggested("permision"), "permission");
    ck_assert_str_eq(suggested("permission"), "-");
}
END_TEST

START_TEST(the_nearer_word_wins_and_then_the_more_frequent)
{
    put_public("a", "container contained");
    put_public("b", "constrain constrain constrain");
    put_public("c", "constrain");
    ck_assert_str_eq(suggested("containr"), "container"); /* 1 letter, constrain 2 */
    put_public("d", "mount mouth");
    put_public("e", "mouth");
    ck_assert_str_eq(suggested("moutn"), "mouth");
    put_public("f", "mount");
    put_public("g", "mount");
    ck_assert_str_eq(suggested("moutn"), "mount");
}
END_TEST

START_TEST(it_can_be_switched_off_and_belongs_to_a_first_page_of_words)
{
    put_some();
    plurum_query q = query("permision");
    q.suggest = 0;
    ck_assert_str_eq(suggestion_of(&q), "-");
    q = query("permision");
    q.offset = 1;
    ck_assert_str_eq(suggestion_of(&q), "-");
    q = query("permision");
    q.mode = PLURUM_MODE_VECTOR;
    ck_assert_str_eq(suggestion_of(&q), "-");
    q = query("permision");
    q.text_len = 10; /* with the zero at its end */
    ck_assert_str_eq(suggestion_of(&q), "-");
    KEYS(list(&NOBODY, NULL), "d c b a");
}
END_TEST

START_TEST(the_answer_is_the_same_with_and_without)
{
    put_some();
    plurum_query q = query("permision of a database");
    plurum_results *with = search(&q);
    q.suggest = 0;
    plurum_results *without = search(&q);
    ck_assert_ptr_nonnull(plurum_results_suggestion(with));
    char *a, *b;
    OK(plurum_results_json(&a, with, 1, &error));
    OK(plurum_results_json(&b, without, 1, &error));
    json_t *x = json_loads(a, 0, NULL), *y = json_loads(b, 0, NULL);
    ck_assert_str_eq(text(x, "suggestion"), "permission of a database");
    ck_assert(json_is_null(json_object_get(y, "suggestion")));
    json_object_del(x, "suggestion");
    json_object_del(y, "suggestion");
    ck_assert(json_equal(x, y));
    json_decref(x);
    json_decref(y);
    plurum_text_free(a);
    plurum_text_free(b);
    plurum_results_free(with);
    plurum_results_free(without);
}
END_TEST

/* ---- whose text ---- */

static const struct hidden {
    const char *name;
    plurum_visibility visibility;
    plurum_lifecycle lifecycle;
} HIDDEN[] = {{"private", PLURUM_PRIVATE, PLURUM_PUBLISHED},
              {"team", PLURUM_TEAM, PLURUM_PUBLISHED},
              {"draft", PLURUM_PUBLIC, PLURUM_DRAFT},
              {"archived", PLURUM_PUBLIC, PLURUM_ARCHIVED},
              {"private draft", PLURUM_PRIVATE, PLURUM_DRAFT}};
enum { HIDDEN_COUNT = sizeof HIDDEN / sizeof *HIDDEN };

/* What nobody is offered for a few queries, as one text. */
static const char *offers(void)
{
    static const char *const ASKED[] = {"kuberntes", "permision", "kubernetes", "permisison denid",
                                        "hidenn wrod"};
    static char all[2000];
    size_t n = 0;
    for (size_t i = 0; i < sizeof ASKED / sizeof *ASKED; i++)
        n += (size_t)snprintf(all + n, sizeof all - n, "%s|", suggested(ASKED[i]));
    return all;
}

START_TEST(hidden_text_gives_no_word_and_changes_none)
{
    const struct hidden *h = &HIDDEN[_i];
    char before[2000];
    put_some();
    strcpy(before, offers());
    ck_assert_ptr_null(strstr(before, "kubernetes"));
    for (int i = 0; i < 30; i++) {
        char key[8];
        snprintf(key, sizeof key, "h%d", i);
        put_body(key, "kubernetes kuberntes permisson permision denim denid hidden word",
                 h->visibility, h->lifecycle);
    }
    ck_assert_msg(!strcmp(before, offers()), "%s: %s", h->name, offers());
    OK(plurum_index_apply(opened, &error));
    ck_assert_msg(!strcmp(before, offers()), "%s, applied: %s", h->name, offers());
    reopen();
    ck_assert_msg(!strcmp(before, offers()), "%s, reopened: %s", h->name, offers());
}
END_TEST

START_TEST(those_who_may_see_hidden_text_are_not_offered_it_either)
{
    static const char *const MATES[] = {"owner"};
    const struct hidden *h = &HIDDEN[_i];
    put_some();
    put_body("hidden", "kubernetes", h->visibility, h->lifecycle);
    plurum_viewer owner = viewer_of("owner"), mate = viewer_of("mate");
    mate.team_mates = MATES;
    mate.team_mate_count = 1;
    plurum_filter all = PLURUM_FILTER_INIT;
    all.lifecycles = (1u << PLURUM_LIFECYCLE_COUNT) - 1;
    const plurum_viewer *viewers[] = {&owner, &mate, &OPERATOR};
    for (size_t i = 0; i < sizeof viewers / sizeof *viewers; i++) {
        plurum_query q = query("kuberntes");
        q.viewer = viewers[i];
        q.filter = &all;
        ck_assert_str_eq(suggestion_of(&q), "-");
    }
    /* but what they find as it is written is no mistake */
    put_public("near", "kubernites");
    plurum_query q = query("kubernetes");
    ck_assert_str_eq(suggestion_of(&q), "kubernites");
    q.viewer = &owner;
    q.filter = &all;
    ck_assert_str_eq(suggestion_of(&q), "-");
}
END_TEST

START_TEST(what_is_hidden_or_deleted_later_is_offered_no_more)
{
    put_public("a", "kubernetes");
    put_public("b", "permission");
    put_public("c", "container");
    ck_assert_str_eq(suggested("kuberntes"), "kubernetes");
    ck_assert_str_eq(suggested("permision"), "permission");
    ck_assert_str_eq(suggested("contaner"), "container");
    OK(plurum_index_apply(opened, &error));
    OK(delete_document("a", "owner"));
    OK(set_lifecycle("b", "owner", PLURUM_ARCHIVED, NULL));
    put_public("c", "something else");
    ck_assert_str_eq(suggested("kuberntes"), "-");
    ck_assert_str_eq(suggested("permision"), "-");
    ck_assert_str_eq(suggested("contaner"), "-");
    OK(set_lifecycle("b", "owner", PLURUM_PUBLISHED, NULL));
    ck_assert_str_eq(suggested("permision"), "permission");
}
END_TEST

START_TEST(a_suggestion_finds_something_under_the_same_filter)
{
    plurum_document d = document("a", "kubernetes");
    d.domain = "containers";
    put(&d);
    d = document("b", "permission");
    d.domain = "linux";
    put(&d);
    plurum_filter f = PLURUM_FILTER_INIT;
    f.domain = "linux";
    plurum_query q = query("kuberntes");
    ck_assert_str_eq(suggestion_of(&q), "kubernetes");
    q.filter = &f;
    ck_assert_str_eq(suggestion_of(&q), "-");
    q = query("kubernetes"); /* known, though not found here */
    q.filter = &f;
    ck_assert_str_eq(suggestion_of(&q), "-");
    q = query("permision");
    q.filter = &f;
    ck_assert_str_eq(suggestion_of(&q), "permission");
}
END_TEST

START_TEST(words_of_quarantined_documents_are_not_offered)
{
    put_public("a", "kubernetes");
    for (int i = 0; i < 8; i++) {
        char agent[16];
        snprintf(agent, sizeof agent, "agent%d", i);
        failed("a", agent);
    }
    ck_assert_str_eq(suggested("kuberntes"), "-");
}
END_TEST

/* ---- one moment ---- */

START_TEST(tail_index_reopening_and_readers_agree)
{
    static const char *const ASKED[] = {"permision", "binray contianer", "restor databse",
                                        "psycpg2 rootles", "basebakcup"};
    enum { COUNT = sizeof ASKED / sizeof *ASKED };
    char first[COUNT][200];
    close_index();
    plurum_open_options by_hand = opening();
    by_hand.manual_apply = 1;
    open_with(&by_hand);
    put_some();
    for (int i = 0; i < COUNT; i++) {
        snprintf(first[i], sizeof first[i], "%s", suggested(ASKED[i]));
        ck_assert_str_ne(first[i], "-");
    }
    OK(plurum_index_apply(opened, &error));
    put_public("e", "something that is not applied");
    for (int i = 0; i < COUNT; i++) ck_assert_str_eq(suggested(ASKED[i]), first[i]);
    close_index();
    by_hand.read_only = 1;
    open_with(&by_hand);
    for (int i = 0; i < COUNT; i++) ck_assert_str_eq(suggested(ASKED[i]), first[i]);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: suggestions");
    TCase *t = tcase_create("suggestions");
    tcase_add_checked_fixture(t, begin, end_world);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, misspelt_words_are_replaced_and_the_rest_stays);
    tcase_add_test(t, capitals_stay_as_they_were_asked);
    tcase_add_test(t, nothing_is_offered_where_enough_matches);
    tcase_add_test(t, words_that_cannot_be_judged_stay);
    tcase_add_test(t, a_rare_word_gives_way_to_a_much_more_frequent_one);
    tcase_add_test(t, the_nearer_word_wins_and_then_the_more_frequent);
    tcase_add_test(t, it_can_be_switched_off_and_belongs_to_a_first_page_of_words);
    tcase_add_test(t, the_answer_is_the_same_with_and_without);
    tcase_add_loop_test(t, hidden_text_gives_no_word_and_changes_none, 0, HIDDEN_COUNT);
    tcase_add_loop_test(t, those_who_may_see_hidden_text_are_not_offered_it_either, 0, HIDDEN_COUNT);
    tcase_add_test(t, what_is_hidden_or_deleted_later_is_offered_no_more);
    tcase_add_test(t, a_suggestion_finds_something_under_the_same_filter);
    tcase_add_test(t, words_of_quarantined_documents_are_not_offered);
    tcase_add_test(t, tail_index_reopening_and_readers_agree);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
