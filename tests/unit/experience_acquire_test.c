/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modes in which an experience is acquired: their exact texts for one of every kind, and what
 * holds of any experience.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/unicode.h"
#include "experience/acquire.h"
#include "experience/content.h"
#include "experience_samples.h"

static const pli_facts FACTS = {
    .key = "01234567-89ab-4def-8123-456789abcdef", .short_id = "9e3779b1", .owner = "me",
    .kind = PLI_KIND_EXPERIENCE, .lifecycle = PLURUM_PUBLISHED, .visibility = PLURUM_PUBLIC,
    .confidence = 0.85, .created_at = 1770460200, .updated_at = 1770460201,
    .success_count = 3, .failure_count = 1, .success_rate = 0.75, .trust = 0.7071,
};

static json_t *detail_of(const pli_facts *facts, const char *content)
{
    json_t *detail = NULL;
    plurum_error error;
    plurum_status status = pli_present(&detail, facts, content, strlen(content), 1, &error);
    ck_assert_msg(status == PLURUM_OK, "%s", status ? error.text : "");
    return detail;
}

/* The content of an experience acquired in a mode, after checking what is around it. */
static json_t *acquired(const pli_facts *facts, const char *content, plurum_acquire_mode mode)
{
    json_t *detail = detail_of(facts, content), *object = pli_acquire(detail, mode);
    ck_assert_ptr_nonnull(object);
    ck_assert_uint_eq(json_object_size(object), 4);
    ck_assert(json_equal(json_object_get(object, "experience_id"), json_object_get(detail, "id")));
    ck_assert(json_equal(json_object_get(object, "short_id"), json_object_get(detail, "short_id")));
    ck_assert_str_eq(json_string_value(json_object_get(object, "mode")),
                     plurum_acquire_mode_name(mode));
    json_t *inside = json_incref(json_object_get(object, "content"));
    json_decref(object);
    json_decref(detail);
    return inside;
}

static void assert_content(const pli_facts *facts, const char *content, plurum_acquire_mode mode,
                           const char *expected)
{
    json_t *inside = acquired(facts, content, mode), *wanted = json_loads(expected, 0, NULL);
    ck_assert_msg(wanted != NULL, "the test's own JSON is wrong: %s", expected);
    char *text = json_dumps(inside, JSON_SORT_KEYS), *other = json_dumps(wanted, JSON_SORT_KEYS);
    ck_assert_str_eq(text, other);
    free(text);
    free(other);
    json_decref(wanted);
    json_decref(inside);
}

static const char *summary_of(const pli_facts *facts, const char *content)
{
    static char text[1 << 16];
    json_t *inside = acquired(facts, content, PLURUM_ACQUIRE_SUMMARY);
    ck_assert_uint_eq(json_object_size(inside), 1);
    snprintf(text, sizeof text, "%s", json_string_value(json_object_get(inside, "summary")));
    json_decref(inside);
    return text;
}

/* ---- one of every kind ---------------------------------------------------------------------- */

static plurum_experience *full;

static void setup(void)
{
    full = accepted(FULL_EXPERIENCE, 0);
}

static void teardown(void)
{
    plurum_experience_free(full);
}

START_TEST(a_summary_is_a_paragraph_with_trust_and_success_rate)
{
    ck_assert_str_eq(
        summary_of(&FACTS, plurum_experience_json(full)),
        "Deploy Rust app to arm64 Kubernetes cluster. Outcome: success. 3 of 4 reports say that it "
        "worked (success rate 75%), trust 0.71; its author's confidence is 85%. Solution: Use "
        "cargo-zigbuild for cross-compilation. What helps: cargo-zigbuild for cross-compilation "
        "(Zig handles cross-compile natively, produces clean small binaries); Used cargo-zigbuild "
        "(Clean 4MB binary). What does not: Tried cross-compile with default settings (Static "
        "linking produced 80MB binary); Used cross-compile (Binary too large). Watch out: arm64 "
        "nodes need different resource limits; Registry must support multi-arch manifests (Docker "
        "Hub and ghcr.io both support this).");
}
END_TEST

START_TEST(a_checklist_says_what_to_do_not_to_do_and_to_watch)
{
    assert_content(
        &FACTS, plurum_experience_json(full), PLURUM_ACQUIRE_CHECKLIST,
        "{\"do\": [\"Use cargo-zigbuild for cross-compilation\","
        "\"cargo-zigbuild for cross-compilation — Zig handles cross-compile natively, produces "
        "clean small binaries\","
        "\"Used cargo-zigbuild — Clean 4MB binary (Zig handles cross-compile natively)\","
        "\"Cross-compile command (bash): cargo zigbuild --target aarch64-unknown-linux-musl "
        "--release\"],"
        "\"dont\": [\"Tried cross-compile with default settings — Static linking produced 80MB "
        "binary\", \"Used cross-compile — Binary too large (Static linking bloated it)\"],"
        "\"watch\": [\"arm64 nodes need different resource limits\","
        "\"Registry must support multi-arch manifests (Docker Hub and ghcr.io both support "
        "this)\"]}");
}
END_TEST

START_TEST(decisions_have_condition_action_detail_and_type)
{
    assert_content(
        &FACTS, plurum_experience_json(full), PLURUM_ACQUIRE_DECISION_TREE,
        "{\"decisions\": ["
        "{\"condition\": \"If the goal is: Deploy Rust app to arm64 Kubernetes cluster\","
        "\"action\": \"Use cargo-zigbuild for cross-compilation\", \"detail\": \"\","
        "\"type\": \"do\"},"
        "{\"condition\": \"If you work on this (of high importance)\","
        "\"action\": \"cargo-zigbuild for cross-compilation\","
        "\"detail\": \"Zig handles cross-compile natively, produces clean small binaries\","
        "\"type\": \"do\"},"
        "{\"condition\": \"If you try: Used cargo-zigbuild\","
        "\"action\": \"Zig handles cross-compile natively\", \"detail\": \"Clean 4MB binary\","
        "\"type\": \"do\"},"
        "{\"condition\": \"If you consider: Tried cross-compile with default settings\","
        "\"action\": \"Do not do it\", \"detail\": \"Static linking produced 80MB binary\","
        "\"type\": \"avoid\"},"
        "{\"condition\": \"If you consider: Used cross-compile\","
        "\"action\": \"Do not do it: Static linking bloated it\", \"detail\": \"Binary too large\","
        "\"type\": \"avoid\"},"
        "{\"condition\": \"If you work on this\","
        "\"action\": \"arm64 nodes need different resource limits\", \"detail\": \"\","
        "\"type\": \"warning\"},"
        "{\"condition\": \"If you work on this\","
        "\"action\": \"Registry must support multi-arch manifests\","
        "\"detail\": \"Docker Hub and ghcr.io both support this\", \"type\": \"warning\"}]}");
}
END_TEST

START_TEST(full_is_the_detail_object)
{
    json_t *detail = detail_of(&FACTS, plurum_experience_json(full));
    json_t *content = acquired(&FACTS, plurum_experience_json(full), PLURUM_ACQUIRE_FULL);
    ck_assert(json_equal(content, detail));
    json_decref(content);
    json_decref(detail);
}
END_TEST

/* ---- particular ones ------------------------------------------------------------------------ */

START_TEST(an_experience_of_a_goal_alone_has_empty_lists)
{
    static const char GOAL[] = "{\"goal\": \"Only a goal\"}";
    assert_content(&FACTS, GOAL, PLURUM_ACQUIRE_CHECKLIST,
                   "{\"do\": [], \"dont\": [], \"watch\": []}");
    assert_content(&FACTS, GOAL, PLURUM_ACQUIRE_DECISION_TREE, "{\"decisions\": []}");
}
END_TEST

START_TEST(without_reports_no_success_rate_is_made_up)
{
    pli_facts facts = FACTS;
    facts.success_count = facts.failure_count = 0;
    facts.success_rate = 0;
    facts.trust = 0.5;
    facts.confidence = NAN;
    ck_assert_str_eq(summary_of(&facts, "{\"goal\": \"Only a goal\"}"),
                     "Only a goal. Nobody has reported on it yet (no success rate), trust 0.50.");
    facts.failure_count = 3;
    facts.trust = 0.049;
    facts.quarantined = 1;
    ck_assert_str_eq(summary_of(&facts, "{\"goal\": \"Is this a goal?\"}"),
                     "Is this a goal? 0 of 3 reports say that it worked (success rate 0%), trust "
                     "0.05, in quarantine.");
    facts.success_count = 1;
    facts.failure_count = 0;
    facts.success_rate = 1;
    facts.quarantined = 0;
    ck_assert_str_eq(summary_of(&facts, "{\"goal\": \"Only a goal\"}"),
                     "Only a goal. 1 of 1 report says that it worked (success rate 100%), trust "
                     "0.05.");
}
END_TEST

START_TEST(what_an_assembled_experience_says_twice_is_told_once)
{
    static const char ASSEMBLED[] =
        "{\"goal\": \"Assembled\", \"dead_ends\": [{\"what\": \"A\", \"why\": \"B\"}],"
        "\"breakthroughs\": [{\"insight\": \"C\", \"detail\": \"D\"}],"
        "\"attempts\": [{\"action\": \"A\", \"outcome\": \"B\", \"dead_end\": true},"
        "{\"action\": \"C\", \"outcome\": \"D\"}]}";
    assert_content(&FACTS, ASSEMBLED, PLURUM_ACQUIRE_CHECKLIST,
                   "{\"do\": [\"C — D\"], \"dont\": [\"A — B\"], \"watch\": []}");
}
END_TEST

START_TEST(important_breakthroughs_come_first)
{
    static const char THREE[] =
        "{\"goal\": \"Order\", \"breakthroughs\": [{\"insight\": \"L\", \"importance\": \"low\"},"
        "{\"insight\": \"M\"}, {\"insight\": \"H\", \"importance\": \"high\"}, {\"insight\": \"N\"}]}";
    assert_content(&FACTS, THREE, PLURUM_ACQUIRE_CHECKLIST,
                   "{\"do\": [\"H\", \"M\", \"N\", \"L\"], \"dont\": [], \"watch\": []}");
}
END_TEST

START_TEST(an_attempt_without_insight_is_told_as_it_is)
{
    assert_content(&FACTS, "{\"goal\": \"Tries\", \"attempts\": [{\"action\": \"A\"}]}",
                   PLURUM_ACQUIRE_DECISION_TREE,
                   "{\"decisions\": [{\"condition\": \"If you try: A\", \"action\": \"Go on, it led "
                   "further\", \"detail\": \"\", \"type\": \"do\"}]}");
}
END_TEST

START_TEST(long_code_is_left_to_the_full_form)
{
    char content[1024], expected[256];
    memset(content, 0, sizeof content);
    int n = snprintf(content, sizeof content,
                     "{\"goal\": \"Code that is long\", \"artifacts\": [{\"language\": \"c\", \"code\": \"");
    memset(content + n, 'x', 401);
    strcpy(content + n + 401, "\"}]}");
    snprintf(expected, sizeof expected,
             "{\"do\": [\"Use the code (c): 401 bytes, see the mode full\"], \"dont\": [], "
             "\"watch\": []}");
    assert_content(&FACTS, content, PLURUM_ACQUIRE_CHECKLIST, expected);
}
END_TEST

START_TEST(a_summary_is_cut_between_words_and_lists_are_short)
{
    char content[8192];
    int n = snprintf(content, sizeof content, "{\"goal\": \"Cut it\", \"gotchas\": [");
    for (int i = 0; i < 7; i++)
        n += snprintf(content + n, sizeof content - (size_t)n, "%s\"warning %d\"", i ? "," : "", i);
    n += snprintf(content + n, sizeof content - (size_t)n, "], \"solution\": \"");
    for (int i = 0; i < 300; i++)
        n += snprintf(content + n, sizeof content - (size_t)n, "größe ");
    snprintf(content + n, sizeof content - (size_t)n, "\"}");
    const char *summary = summary_of(&FACTS, content);
    ck_assert_ptr_nonnull(strstr(summary, "warning 0; warning 1; warning 2; warning 3; warning 4; "
                                          "and 2 more."));
    const char *solution = strstr(summary, "Solution: ") + strlen("Solution: ");
    const char *end = strstr(solution, " größe… Watch out: ");
    ck_assert_ptr_nonnull(end);
    ck_assert_int_le(pli_utf8_length(solution, (size_t)(end - solution)), 1000);
    ck_assert_int_ge(pli_utf8_length(solution, (size_t)(end - solution)), 980);
}
END_TEST

START_TEST(a_word_without_end_is_cut_at_a_code_point)
{
    char content[8192];
    int n = snprintf(content, sizeof content, "{\"goal\": \"Cut it\", \"solution\": \"");
    for (int i = 0; i < 1200; i++)
        n += snprintf(content + n, sizeof content - (size_t)n, "ö");
    snprintf(content + n, sizeof content - (size_t)n, "\"}");
    const char *summary = summary_of(&FACTS, content);
    ck_assert_int_gt(pli_utf8_length(summary, strlen(summary)), 1000);
    const char *solution = strstr(summary, "Solution: ") + strlen("Solution: ");
    ck_assert_int_eq(pli_utf8_length(solution, strlen(solution)), 1001);
}
END_TEST

START_TEST(a_summary_has_no_line_ends)
{
    ck_assert_str_eq(summary_of(&FACTS, "{\"goal\": \" Two\\n\\n  lines\\t\", \"solution\": \"\\n\"}"),
                     "Two lines. 3 of 4 reports say that it worked (success rate 75%), trust 0.71; "
                     "its author's confidence is 85%.");
}
END_TEST

START_TEST(plain_documents_have_all_modes_too)
{
    static const char PLAIN[] = "{\"title\": \"A title\", \"body\": \"A body\", \"tags\": [\"t\"]}";
    pli_facts facts = FACTS;
    facts.kind = PLI_KIND_PLAIN;
    facts.short_id = "";
    ck_assert_str_eq(summary_of(&facts, PLAIN),
                     "A title. 3 of 4 reports say that it worked (success rate 75%), trust 0.71; "
                     "its author's confidence is 85%. A body.");
    assert_content(&facts, PLAIN, PLURUM_ACQUIRE_CHECKLIST,
                   "{\"do\": [\"A body\"], \"dont\": [], \"watch\": []}");
    assert_content(&facts, PLAIN, PLURUM_ACQUIRE_DECISION_TREE,
                   "{\"decisions\": [{\"condition\": \"If the goal is: A title\", \"action\": \"A "
                   "body\", \"detail\": \"\", \"type\": \"do\"}]}");
    json_decref(acquired(&facts, "{}", PLURUM_ACQUIRE_SUMMARY));
}
END_TEST

/* ---- any ------------------------------------------------------------------------------------ */

static size_t count_type(const json_t *decisions, const char *type)
{
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(decisions); i++)
        n += strcmp(json_string_value(json_object_get(json_array_get(decisions, i), "type")),
                    type) == 0;
    return n;
}

START_TEST(lists_and_decisions_of_any_experience_tell_the_same)
{
    uint64_t state = 11;
    for (int i = 0; i < 500; i++) {
        char *json = random_experience(&state);
        plurum_experience *experience = accepted(json, 0);
        const char *content = plurum_experience_json(experience);
        json_t *list = acquired(&FACTS, content, PLURUM_ACQUIRE_CHECKLIST);
        json_t *tree = acquired(&FACTS, content, PLURUM_ACQUIRE_DECISION_TREE);
        json_t *normal = json_loads(content, 0, NULL);
        const json_t *decisions = json_object_get(tree, "decisions");
        size_t artifacts = json_array_size(json_object_get(normal, "artifacts"));
        ck_assert_uint_eq(json_array_size(json_object_get(list, "do")),
                          count_type(decisions, "do") + artifacts);
        ck_assert_uint_eq(json_array_size(json_object_get(list, "dont")),
                          count_type(decisions, "avoid"));
        ck_assert_uint_eq(json_array_size(json_object_get(list, "watch")),
                          json_array_size(json_object_get(normal, "gotchas")));
        ck_assert_uint_eq(json_array_size(json_object_get(list, "watch")),
                          count_type(decisions, "warning"));
        const char *summary = summary_of(&FACTS, content);
        ck_assert_int_gt(pli_utf8_length(summary, strlen(summary)), 0);
        ck_assert(strpbrk(summary, "\n\r\t") == NULL && strstr(summary, "trust 0.71") != NULL);
        json_decref(normal);
        json_decref(tree);
        json_decref(list);
        plurum_experience_free(experience);
        free(json);
    }
}
END_TEST

START_TEST(short_memory_is_told_and_leaks_nothing)
{
    json_t *detail = detail_of(&FACTS, plurum_experience_json(full));
    for (int mode = PLURUM_ACQUIRE_SUMMARY; mode < PLURUM_ACQUIRE_FULL; mode++) {
        json_t *object = NULL;
        for (unsigned long nth = 1; !object; nth++) {
            pli_alloc_fail_at(nth);
            object = pli_acquire(detail, (plurum_acquire_mode)mode);
            pli_alloc_fail_at(0);
            ck_assert_uint_lt(nth, 1000);
        }
        json_decref(object);
    }
    json_decref(detail);
}
END_TEST

START_TEST(modes_have_names_and_come_back_from_them)
{
    plurum_acquire_mode mode;
    for (int i = 0; i <= PLURUM_ACQUIRE_FULL; i++) {
        const char *name = plurum_acquire_mode_name((plurum_acquire_mode)i);
        ck_assert_int_eq(plurum_acquire_mode_parse(&mode, name), PLURUM_OK);
        ck_assert_int_eq((int)mode, i);
    }
    ck_assert_ptr_null(plurum_acquire_mode_name((plurum_acquire_mode)4));
    ck_assert_int_eq(plurum_acquire_mode_parse(&mode, "Summary"), PLURUM_NOTFOUND);
    ck_assert_int_eq(plurum_acquire_mode_parse(&mode, NULL), PLURUM_NOTFOUND);
    ck_assert_int_eq((int)mode, PLURUM_ACQUIRE_FULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("acquire");
    TCase *tc = tcase_create("acquire");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, a_summary_is_a_paragraph_with_trust_and_success_rate);
    tcase_add_test(tc, a_checklist_says_what_to_do_not_to_do_and_to_watch);
    tcase_add_test(tc, decisions_have_condition_action_detail_and_type);
    tcase_add_test(tc, full_is_the_detail_object);
    tcase_add_test(tc, an_experience_of_a_goal_alone_has_empty_lists);
    tcase_add_test(tc, without_reports_no_success_rate_is_made_up);
    tcase_add_test(tc, what_an_assembled_experience_says_twice_is_told_once);
    tcase_add_test(tc, important_breakthroughs_come_first);
    tcase_add_test(tc, an_attempt_without_insight_is_told_as_it_is);
    tcase_add_test(tc, long_code_is_left_to_the_full_form);
    tcase_add_test(tc, a_summary_is_cut_between_words_and_lists_are_short);
    tcase_add_test(tc, a_word_without_end_is_cut_at_a_code_point);
    tcase_add_test(tc, a_summary_has_no_line_ends);
    tcase_add_test(tc, plain_documents_have_all_modes_too);
    tcase_add_test(tc, lists_and_decisions_of_any_experience_tell_the_same);
    tcase_add_test(tc, short_memory_is_told_and_leaks_nothing);
    tcase_add_test(tc, modes_have_names_and_come_back_from_them);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
