/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Acquiring experiences from an index: every mode, with the trust of the moment in it.
 */
#include <config.h>

#include "tests/api/world.h"

#include <string.h>

static const char ID[] = "00000000-0000-4000-8000-000000000001";
static const char EXPERIENCE[] =
    "{\"id\": \"00000000-0000-4000-8000-000000000001\", \"short_id\": \"acquire1\","
    "\"goal\": \"Sharpen a chisel\", \"outcome\": \"success\", \"status\": \"published\","
    "\"solution\": \"Use a flat stone\","
    "\"dead_ends\": [{\"what\": \"A round stone\", \"why\": \"It rounds the edge\"}],"
    "\"gotchas\": [\"Mind the fingers\"]}";

static json_t *acquire(const char *id, plurum_acquire_mode mode)
{
    char *form;
    OK(plurum_index_acquire(&form, opened, id, mode, NULL, &error));
    ck_assert_ptr_null(strchr(form, '\n'));
    json_t *object = json_loads(form, 0, NULL);
    plurum_text_free(form);
    ck_assert_str_eq(text(object, "experience_id"), ID);
    ck_assert_str_eq(text(object, "short_id"), "acquire1");
    ck_assert_str_eq(text(object, "mode"), plurum_acquire_mode_name(mode));
    json_t *content = json_incref(json_object_get(object, "content"));
    json_decref(object);
    return content;
}

static void summary_is(const char *expected)
{
    json_t *content = acquire(ID, PLURUM_ACQUIRE_SUMMARY);
    ck_assert_str_eq(text(content, "summary"), expected);
    json_decref(content);
}

#define LESSONS                                                                                    \
    " Solution: Use a flat stone. What does not: A round stone (It rounds the edge). Watch out: "  \
    "Mind the fingers."

START_TEST(a_summary_has_the_trust_of_the_moment)
{
    put_experience(EXPERIENCE, "maker");
    summary_is("Sharpen a chisel. Outcome: success. Nobody has reported on it yet (no success "
               "rate), trust 0.50." LESSONS);
    failed(ID, "anna");
    failed(ID, "bob");
    failed(ID, "carl");
    json_t *content = acquire("acquire1", PLURUM_ACQUIRE_SUMMARY);
    ck_assert_ptr_nonnull(strstr(text(content, "summary"), "0 of 3 reports say that it worked "
                                                           "(success rate 0%), trust 0."));
    ck_assert_ptr_nonnull(strstr(text(content, "summary"), ", in quarantine."));
    json_decref(content);
    worked(ID, "dora");
    content = acquire(ID, PLURUM_ACQUIRE_SUMMARY);
    ck_assert_ptr_nonnull(strstr(text(content, "summary"), "1 of 4 reports say that it worked "
                                                           "(success rate 25%), trust 0."));
    ck_assert_ptr_null(strstr(text(content, "summary"), "quarantine"));
    json_decref(content);
}
END_TEST

START_TEST(full_is_what_get_gives)
{
    put_experience(EXPERIENCE, "maker");
    worked(ID, "anna");
    json_t *content = acquire(ID, PLURUM_ACQUIRE_FULL), *detail = get(ID, NULL);
    ck_assert(json_equal(content, detail));
    json_decref(content);
    json_decref(detail);
}
END_TEST

START_TEST(lists_and_decisions_have_the_contracts_members)
{
    put_experience(EXPERIENCE, "maker");
    json_t *list = acquire(ID, PLURUM_ACQUIRE_CHECKLIST);
    json_t *tree = acquire(ID, PLURUM_ACQUIRE_DECISION_TREE);
    const json_t *decisions = json_object_get(tree, "decisions");
    ck_assert_uint_eq(json_object_size(list), 3);
    ck_assert_uint_eq(json_array_size(json_object_get(list, "do")), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(list, "dont")), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(list, "watch")), 1);
    ck_assert_uint_eq(json_array_size(decisions), 3);
    static const char *const TYPES[] = {"do", "avoid", "warning"};
    for (size_t i = 0; i < 3; i++) {
        const json_t *decision = json_array_get(decisions, i);
        ck_assert_uint_eq(json_object_size(decision), 4);
        ck_assert_str_eq(text(decision, "type"), TYPES[i]);
        ck_assert(*text(decision, "condition") && *text(decision, "action"));
    }
    json_decref(tree);
    json_decref(list);
}
END_TEST

START_TEST(what_cannot_be_acquired_is_said)
{
    char *form;
    put_experience(EXPERIENCE, "maker");
    FAILS(plurum_index_acquire(&form, opened, "nosuchid", PLURUM_ACQUIRE_FULL, NULL, &error),
          PLURUM_NOTFOUND, "no document \"nosuchid\"");
    ck_assert_ptr_null(form);
    FAILS(plurum_index_acquire(&form, opened, NULL, PLURUM_ACQUIRE_FULL, NULL, &error), PLURUM_ARG,
          "id: NULL");
    FAILS(plurum_index_acquire(&form, opened, ID, (plurum_acquire_mode)4, NULL, &error), PLURUM_ARG,
          "mode: 4, allowed are 0 to 3");
    FAILS(plurum_index_acquire(&form, opened, ID, (plurum_acquire_mode)-1, NULL, &error),
          PLURUM_ARG, "mode: -1, allowed are 0 to 3");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("acquire");
    TCase *tc = tcase_create("acquire");
    tcase_add_checked_fixture(tc, begin, end_world);
    tcase_add_test(tc, a_summary_has_the_trust_of_the_moment);
    tcase_add_test(tc, full_is_what_get_gives);
    tcase_add_test(tc, lists_and_decisions_have_the_contracts_members);
    tcase_add_test(tc, what_cannot_be_acquired_is_said);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
