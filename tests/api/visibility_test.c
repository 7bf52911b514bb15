/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who sees what, and who may change it: every lifecycle and visibility against every kind of
 * viewer, by id, in lists and in searches.
 */
#include <config.h>

#include "tests/api/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALL_LIFECYCLES = (1 << PLURUM_LIFECYCLE_COUNT) - 1 };

/* ---- the table ---- */

static const char *const MATES[] = {"someone", "owner"};
static const struct viewing {
    const char *name;
    plurum_viewer viewer;
    int is_owner, is_mate, is_operator;
} VIEWERS[] = {
    {"nobody", PLURUM_VIEWER_INIT, 0, 0, 0},
    {"a stranger", {sizeof(plurum_viewer), 0, "stranger", NULL, 0}, 0, 0, 0},
    {"a stranger of another team", {sizeof(plurum_viewer), 0, "stranger", MATES, 1}, 0, 0, 0},
    {"a team-mate", {sizeof(plurum_viewer), 0, "mate", MATES, 2}, 0, 1, 0},
    {"an agent of no name with the team", {sizeof(plurum_viewer), 0, NULL, MATES, 2}, 0, 1, 0},
    {"the owner", {sizeof(plurum_viewer), 0, "owner", NULL, 0}, 1, 0, 0},
    {"the operator", {sizeof(plurum_viewer), 1, NULL, NULL, 0}, 0, 0, 1},
    {"an operator with a name", {sizeof(plurum_viewer), 1, "stranger", NULL, 0}, 0, 0, 1},
};
enum { VIEWER_COUNT = sizeof VIEWERS / sizeof *VIEWERS };

static int shown(plurum_lifecycle lifecycle)
{
    return lifecycle == PLURUM_PUBLISHED || lifecycle == PLURUM_VERIFIED;
}

static int may_see(const struct viewing *v, plurum_lifecycle lifecycle,
                   plurum_visibility visibility)
{
    if (v->is_operator || v->is_owner) return 1;
    if (!shown(lifecycle)) return 0;
    return visibility == PLURUM_PUBLIC || (visibility == PLURUM_TEAM && v->is_mate);
}

static const char *key_of(plurum_lifecycle lifecycle, plurum_visibility visibility)
{
    static char key[64];
    snprintf(key, sizeof key, "%s-%s", plurum_lifecycle_name(lifecycle),
             plurum_visibility_name(visibility));
    return key;
}

static void put_all(void)
{
    for (plurum_lifecycle l = 0; l < PLURUM_LIFECYCLE_COUNT; l++)
        for (plurum_visibility v = 0; v < PLURUM_VISIBILITY_COUNT; v++) {
            static const float vector[DIM] = {1, 1, 0, 0};
            plurum_document d = document(key_of(l, v), "one of a dozen");
            d.owner = "owner";
            d.lifecycle = l;
            d.visibility = v;
            d.vector = vector;
            d.dim = DIM;
            put(&d);
        }
}

static int contains(const plurum_results *results, const char *key)
{
    int count = 0;
    for (size_t i = 0; i < plurum_results_count(results); i++)
        count += strcmp(plurum_results_hit(results, i)->key, key) == 0;
    ck_assert_int_le(count, 1);
    return count;
}

/* One search or list of everything that a viewer is shown, against the rule. */
static void check_results(plurum_results *results, const struct viewing *v, int all,
                          const char *where)
{
    size_t expected = 0;
    for (plurum_lifecycle l = 0; l < PLURUM_LIFECYCLE_COUNT; l++)
        for (plurum_visibility s = 0; s < PLURUM_VISIBILITY_COUNT; s++) {
            int want = may_see(v, l, s) && (all || shown(l));
            ck_assert_msg(contains(results, key_of(l, s)) == want, "%s %s %s in %s", v->name,
                          want ? "misses" : "is shown", key_of(l, s), where);
            expected += (size_t)want;
        }
    ck_assert_uint_eq(plurum_results_count(results), expected);
    ck_assert_uint_eq(plurum_results_total(results), expected);
    plurum_results_free(results);
}

static void check_viewer(const struct viewing *v)
{
    static const float like[DIM] = {1, 1, 0, 0};
    for (plurum_lifecycle l = 0; l < PLURUM_LIFECYCLE_COUNT; l++)
        for (plurum_visibility s = 0; s < PLURUM_VISIBILITY_COUNT; s++) {
            json_t *object = get(key_of(l, s), &v->viewer);
            ck_assert_msg((object != NULL) == may_see(v, l, s), "%s and %s by id", v->name,
                          key_of(l, s));
            json_decref(object);
            char *form;
            plurum_status status = plurum_index_acquire(
                &form, opened, key_of(l, s), PLURUM_ACQUIRE_SUMMARY, &v->viewer, &error);
            ck_assert_msg(status == (may_see(v, l, s) ? PLURUM_OK : PLURUM_NOTFOUND),
                          "%s acquires %s", v->name, key_of(l, s));
            plurum_text_free(form);
        }
    for (int all = 0; all < 2; all++) {
        plurum_filter f = PLURUM_FILTER_INIT;
        f.lifecycles = all ? ALL_LIFECYCLES : 0;
        check_results(list(&v->viewer, &f), v, all, "a list");
        for (plurum_mode mode = PLURUM_MODE_HYBRID; mode <= PLURUM_MODE_VECTOR; mode++) {
            plurum_query q = query("one of a dozen");
            q.viewer = &v->viewer;
            q.filter = &f;
            q.mode = mode;
            q.vector = like;
            q.dim = DIM;
            q.limit = 100;
            check_results(search(&q), v, all, "a search");
        }
    }
}

START_TEST(every_viewer_sees_what_the_rule_says)
{
    put_all();
    for (int i = 0; i < VIEWER_COUNT; i++) check_viewer(&VIEWERS[i]);
    OK(plurum_index_apply(opened, &error));
    for (int i = 0; i < VIEWER_COUNT; i++) check_viewer(&VIEWERS[i]);
    reopen();
    for (int i = 0; i < VIEWER_COUNT; i++) check_viewer(&VIEWERS[i]);
}
END_TEST

START_TEST(a_document_of_nobody_belongs_to_no_agent)
{
    const char *const none[] = {""};
    plurum_document d = document("orphan", "owned by nobody");
    d.visibility = PLURUM_TEAM;
    put(&d);
    plurum_viewer v = viewer_of("");
    v.team_mates = none;
    v.team_mate_count = 1;
    ck_assert_ptr_null(get("orphan", &v));
    ck_assert_ptr_null(get("orphan", NULL));
    KEYS(list(&v, NULL), "");
    KEYS(list(&OPERATOR, NULL), "orphan");
    FAILS(set_lifecycle("orphan", "agent", PLURUM_DRAFT, NULL), PLURUM_NOTFOUND, "orphan");
}
END_TEST

START_TEST(what_is_hidden_is_refused_in_the_words_of_what_is_not_there)
{
    char hidden[PLURUM_ERROR_TEXT_SIZE], *json;
    plurum_document d = document("secret", "hidden");
    d.visibility = PLURUM_PRIVATE;
    put(&d);
    FAILS(plurum_index_get(&json, opened, "secret", NULL, &error), PLURUM_NOTFOUND, "secret");
    strcpy(hidden, error.text);
    OK(delete_document("secret", NULL));
    FAILS(plurum_index_get(&json, opened, "secret", NULL, &error), PLURUM_NOTFOUND, "secret");
    ck_assert_str_eq(hidden, error.text);
}
END_TEST

START_TEST(a_filter_by_visibility_shows_no_more_than_the_viewer_may_see)
{
    plurum_filter f = PLURUM_FILTER_INIT;
    put_all();
    f.visibilities = 1u << PLURUM_TEAM | 1u << PLURUM_PRIVATE;
    KEYS(list(NULL, &f), "");
    plurum_viewer owner = viewer_of("owner");
    KEYS(list(&owner, &f),
         "verified-private verified-team published-private published-team");
    f.lifecycles = 1u << PLURUM_ARCHIVED;
    f.visibilities = 1u << PLURUM_PUBLIC;
    KEYS(list(&owner, &f), "archived-public");
    KEYS(list(NULL, &f), "");
}
END_TEST

/* ---- changes of state ---- */

static void put_owned(plurum_lifecycle lifecycle)
{
    plurum_document d = document("doc", "the owner's");
    d.owner = "owner";
    d.lifecycle = lifecycle;
    put(&d);
}

START_TEST(the_owner_publishes_a_draft)
{
    plurum_receipt receipt;
    put_owned(PLURUM_DRAFT);
    ck_assert_str_eq(found("owner"), "");
    clock_now += HOUR;
    OK(set_lifecycle("doc", "owner", PLURUM_PUBLISHED, &receipt));
    ck_assert_int_eq(receipt.changed, 1);
    ck_assert_str_eq(receipt.key, "doc");
    ck_assert_str_eq(found("owner"), "doc");
    json_t *object = get("doc", NULL);
    ck_assert_str_eq(text(object, "status"), "published");
    ck_assert_str_eq(text(object, "created_at"), "2026-01-01T00:00:00Z");
    ck_assert_str_eq(text(object, "updated_at"), "2026-01-01T01:00:00Z");
    json_decref(object);
}
END_TEST

START_TEST(what_is_so_already_is_not_changed)
{
    static const plurum_lifecycle SAME[][2] = {{PLURUM_PUBLISHED, PLURUM_PUBLISHED},
                                               {PLURUM_VERIFIED, PLURUM_PUBLISHED},
                                               {PLURUM_VERIFIED, PLURUM_VERIFIED},
                                               {PLURUM_ARCHIVED, PLURUM_ARCHIVED},
                                               {PLURUM_DRAFT, PLURUM_DRAFT}};
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++) {
        plurum_receipt receipt;
        put_owned(SAME[i][0]);
        char *before = digest();
        clock_now += HOUR;
        OK(set_lifecycle("doc", "owner", SAME[i][1], &receipt));
        ck_assert_int_eq(receipt.changed, 0);
        char *after = digest();
        ck_assert_str_eq(before, after);
        free(before);
        free(after);
    }
}
END_TEST

START_TEST(a_change_of_what_an_agent_may_not_see_finds_nothing)
{
    put_owned(PLURUM_DRAFT);
    FAILS(delete_document("doc", "stranger"), PLURUM_NOTFOUND, "no document \"doc\"");
    FAILS(set_lifecycle("doc", "stranger", PLURUM_PUBLISHED, NULL), PLURUM_NOTFOUND, "doc");
    OK(set_lifecycle("doc", "owner", PLURUM_PUBLISHED, NULL));
    FAILS(delete_document("doc", "stranger"), PLURUM_FORBIDDEN, "not the owner");
}
END_TEST

START_TEST(only_the_owner_and_the_operator_may_change_a_document)
{
    plurum_receipt receipt;
    put_owned(PLURUM_PUBLISHED);
    char *before = digest();
    static const char *const OTHERS[] = {"stranger", "Owner", "owner ", "o"};
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
        FAILS(set_lifecycle("doc", OTHERS[i], PLURUM_ARCHIVED, NULL), PLURUM_FORBIDDEN,
              "is not the owner of doc");
        /* not even where nothing would change */
        FAILS(set_lifecycle("doc", OTHERS[i], PLURUM_PUBLISHED, NULL), PLURUM_FORBIDDEN, "owner");
        FAILS(delete_document("doc", OTHERS[i]), PLURUM_FORBIDDEN, "is not the owner of doc");
    }
    char *after = digest();
    ck_assert_str_eq(before, after);
    free(before);
    free(after);
    OK(set_lifecycle("doc", NULL, PLURUM_VERIFIED, &receipt));
    ck_assert_int_eq(receipt.changed, 1);
    OK(delete_document("doc", "owner"));
    ck_assert_uint_eq(stats().documents, 0);
}
END_TEST

START_TEST(archiving_hides_a_document_and_loses_nothing)
{
    put_owned(PLURUM_PUBLISHED);
    worked("doc", "user");
    OK(vote("doc", "user", 1, NULL));
    plurum_viewer owner = viewer_of("owner");
    json_t *before = get("doc", &owner);
    OK(set_lifecycle("doc", "owner", PLURUM_ARCHIVED, NULL));
    ck_assert_str_eq(found("owner"), "");
    ck_assert_str_eq(listed(), "");
    ck_assert_ptr_null(get("doc", NULL));
    worked("doc", "another"); /* it still takes reports */
    OK(set_lifecycle("doc", "owner", PLURUM_PUBLISHED, NULL));
    json_t *after = get("doc", NULL);
    ck_assert_double_eq(number(after, "success_count"), 2);
    json_object_set_new(after, "success_count", json_integer(1));
    json_object_set_new(after, "total_reports", json_integer(1));
    json_object_set(after, "trust_score", json_object_get(before, "trust_score"));
    json_object_set(after, "quality_score", json_object_get(before, "trust_score"));
    ck_assert(json_equal(before, after));
    json_decref(before);
    json_decref(after);
    ck_assert_str_eq(found("owner"), "doc");
    plurum_stats s = stats();
    ck_assert_uint_eq(s.lifecycle[PLURUM_PUBLISHED], 1);
    ck_assert_uint_eq(s.lifecycle[PLURUM_ARCHIVED], 0);
    verify_is_clean();
}
END_TEST

START_TEST(names_of_states_lead_back_to_them)
{
    plurum_lifecycle l;
    plurum_visibility v;
    for (plurum_lifecycle i = 0; i < PLURUM_LIFECYCLE_COUNT; i++) {
        ck_assert_int_eq(plurum_lifecycle_parse(&l, plurum_lifecycle_name(i)), PLURUM_OK);
        ck_assert_int_eq(l, i);
    }
    for (plurum_visibility i = 0; i < PLURUM_VISIBILITY_COUNT; i++) {
        ck_assert_int_eq(plurum_visibility_parse(&v, plurum_visibility_name(i)), PLURUM_OK);
        ck_assert_int_eq(v, i);
    }
    ck_assert_ptr_null(plurum_lifecycle_name((plurum_lifecycle)4));
    ck_assert_ptr_null(plurum_visibility_name((plurum_visibility)-1));
    ck_assert_int_eq(plurum_lifecycle_parse(&l, "Published"), PLURUM_NOTFOUND);
    ck_assert_int_eq(plurum_visibility_parse(&v, ""), PLURUM_NOTFOUND);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: visibility");
    TCase *t = tcase_create("visibility");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, begin, end_world);
    tcase_add_test(t, every_viewer_sees_what_the_rule_says);
    tcase_add_test(t, a_document_of_nobody_belongs_to_no_agent);
    tcase_add_test(t, what_is_hidden_is_refused_in_the_words_of_what_is_not_there);
    tcase_add_test(t, a_filter_by_visibility_shows_no_more_than_the_viewer_may_see);
    tcase_add_test(t, the_owner_publishes_a_draft);
    tcase_add_test(t, what_is_so_already_is_not_changed);
    tcase_add_test(t, a_change_of_what_an_agent_may_not_see_finds_nothing);
    tcase_add_test(t, only_the_owner_and_the_operator_may_change_a_document);
    tcase_add_test(t, archiving_hides_a_document_and_loses_nothing);
    tcase_add_test(t, names_of_states_lead_back_to_them);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
