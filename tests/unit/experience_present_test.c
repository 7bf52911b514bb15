/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What answers look like: the contract's members, the explanation, and JSON as text.
 */
#include <config.h>

#include <check.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "experience/content.h"
#include "experience/json_text.h"
#include "experience_samples.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* ---- presentation --------------------------------------------------------------------------- */

#define ITEM_NAMES                                                                                 \
    "id, short_id, session_id, agent_id, goal, domain, tools_used, status, visibility, outcome, "  \
    "success_count, failure_count, total_reports, success_rate, upvotes, downvotes, trust_score, " \
    "quality_score, tags, confidence, created_at, updated_at, quarantined"
#define MATCH_NAMES ", similarity, relevant, keyword_rank, combined_score, rerank_score"
#define DETAIL_NAMES                                                                               \
    ", dead_ends, breakthroughs, gotchas, context, artifacts, attempts, attempts_json, solution, " \
    "context_structured"
#define EXPLAIN_NAMES                                                                              \
    "text, vector, tools, trust, relevance, boost, noise, score, text_score, text_normal, text_weight, "  \
    "text_rank, cosine, vector_normal, vector_weight, vector_rank, tools_share, tools_weight, "    \
    "arithmetic"

/* Exactly these members, in any order. */
static void assert_names(const json_t *object, const char *names)
{
    char name[64];
    size_t count = 0;
    for (const char *at = names; *at; count++) {
        size_t len = strcspn(at, ",");
        memcpy(name, at, len);
        name[len] = '\0';
        ck_assert_msg(json_object_get(object, name) != NULL, "%s is missing", name);
        at += len + strspn(at + len, ", ");
    }
    ck_assert_uint_eq(json_object_size(object), count);
}

static void assert_member(const json_t *object, const char *name, const char *expected)
{
    char *text = pli_json_text(json_object_get(object, name));
    ck_assert_msg(strcmp(text, expected) == 0, "%s: %s instead of %s", name, text, expected);
    pli_free(text);
}

static pli_facts some_facts(void)
{
    pli_facts facts = {
        .key = "01234567-89ab-4def-8123-456789abcdef", .short_id = "9e3779b1", .owner = "me",
        .kind = PLI_KIND_EXPERIENCE, .lifecycle = PLURUM_PUBLISHED, .visibility = PLURUM_TEAM,
        .confidence = 0.85, .created_at = 1770460200, .updated_at = 1770460201,
        .success_count = 2, .failure_count = 1, .upvotes = 4, .downvotes = 5,
        .success_rate = 2.0 / 3, .trust = 0.1 + 0.2, .quarantined = 0,
    };
    return facts;
}

static json_t *presented(const pli_facts *facts, const char *json, int detail)
{
    json_t *object = NULL;
    plurum_error error;
    plurum_status status = pli_present(&object, facts, json, strlen(json), detail, &error);
    ck_assert_msg(status == PLURUM_OK, "%s", status ? error.text : "");
    return object;
}

START_TEST(an_item_has_the_contracts_members)
{
    plurum_experience *experience = accepted(FULL_EXPERIENCE, 0);
    pli_facts facts = some_facts();
    json_t *item = presented(&facts, plurum_experience_json(experience), 0);
    assert_names(item, ITEM_NAMES);
    assert_member(item, "id", "\"01234567-89ab-4def-8123-456789abcdef\"");
    assert_member(item, "short_id", "\"9e3779b1\"");
    assert_member(item, "session_id", "null");
    assert_member(item, "agent_id", "\"me\"");
    assert_member(item, "goal", "\"Deploy Rust app to arm64 Kubernetes cluster\"");
    assert_member(item, "tools_used", "[\"rust\",\"kubernetes\"]");
    assert_member(item, "status", "\"published\"");
    assert_member(item, "visibility", "\"team\"");
    assert_member(item, "outcome", "\"success\"");
    assert_member(item, "success_count", "2");
    assert_member(item, "failure_count", "1");
    assert_member(item, "total_reports", "3");
    assert_member(item, "success_rate", "0.6666666666666666");
    assert_member(item, "upvotes", "4");
    assert_member(item, "downvotes", "5");
    assert_member(item, "trust_score", "0.30000000000000004");
    assert_member(item, "quality_score", "0.30000000000000004");
    assert_member(item, "confidence", "0.85");
    assert_member(item, "created_at", "\"2026-02-07T10:30:00Z\"");
    assert_member(item, "updated_at", "\"2026-02-07T10:30:01Z\"");
    assert_member(item, "quarantined", "false");
    json_decref(item);
    plurum_experience_free(experience);
}
END_TEST

START_TEST(a_detail_has_all_of_the_content)
{
    plurum_experience *experience = accepted(FULL_EXPERIENCE, 0);
    pli_facts facts = some_facts();
    json_t *detail = presented(&facts, plurum_experience_json(experience), 1);
    assert_names(detail, ITEM_NAMES DETAIL_NAMES);
    ck_assert(json_equal(json_object_get(detail, "attempts"),
                         json_object_get(detail, "attempts_json")));
    assert_member(detail, "gotchas",
                  "[{\"warning\":\"arm64 nodes need different resource limits\",\"context\":null},"
                  "{\"warning\":\"Registry must support multi-arch manifests\",\"context\":"
                  "\"Docker Hub and ghcr.io both support this\"}]");
    assert_member(detail, "context", "null");
    assert_member(detail, "context_structured",
                  "{\"tools_used\":[\"shell\",\"read_file\"],\"environment\":\"macOS, Rust 1.94\","
                  "\"constraints\":\"No Docker available\"}");
    json_decref(detail);
    plurum_experience_free(experience);
}
END_TEST

START_TEST(what_is_not_known_is_null_and_lists_are_empty)
{
    pli_facts facts = some_facts();
    facts.short_id = "";
    facts.owner = NULL;
    facts.confidence = NAN;
    facts.success_count = facts.failure_count = 0;
    facts.success_rate = NAN;
    facts.updated_at = PLURUM_TIME_UNSET;
    facts.quarantined = 1;
    json_t *detail = presented(&facts, "{\"goal\":\"A goal\"}", 1);
    assert_names(detail, ITEM_NAMES DETAIL_NAMES);
    static const char *const NULLS[] = {"short_id", "agent_id", "confidence", "updated_at",
                                        "domain", "outcome", "solution", "context",
                                        "context_structured"};
    static const char *const LISTS[] = {"tools_used", "tags", "dead_ends", "breakthroughs",
                                        "gotchas", "artifacts", "attempts", "attempts_json"};
    for (int i = 0; i < COUNT(NULLS); i++) assert_member(detail, NULLS[i], "null");
    for (int i = 0; i < COUNT(LISTS); i++) assert_member(detail, LISTS[i], "[]");
    assert_member(detail, "success_rate", "0.0");
    assert_member(detail, "quarantined", "true");
    json_decref(detail);
}
END_TEST

START_TEST(a_plain_document_is_presented_in_the_same_shape)
{
    pli_facts facts = some_facts();
    facts.kind = PLI_KIND_PLAIN;
    facts.short_id = "";
    json_t *item = presented(&facts, "{\"title\":\"T\",\"tags\":[\"a\"]}", 0);
    assert_names(item, ITEM_NAMES);
    assert_member(item, "goal", "\"T\"");
    assert_member(item, "tags", "[\"a\"]");
    assert_member(item, "tools_used", "[]");
    assert_member(item, "outcome", "null");
    json_decref(item);
    json_t *detail = presented(&facts, "{\"body\":\"B\"}", 1);
    assert_names(detail, ITEM_NAMES ", title, body, labels, code");
    assert_member(detail, "goal", "null");
    assert_member(detail, "body", "\"B\"");
    assert_member(detail, "code", "null");
    json_decref(detail);
}
END_TEST

START_TEST(damaged_content_is_not_presented)
{
    pli_facts facts = some_facts();
    json_t *object = (json_t *)&facts;
    plurum_error error;
    ck_assert_int_eq(pli_present(&object, &facts, "{}", 2, 1, &error), PLURUM_CORRUPT);
    ck_assert_str_eq(error.text, "stored content: goal: missing, a string expected");
    ck_assert_ptr_null(object);
}
END_TEST

static const plurum_explain EXPLAIN = {
    .text = 0.412, .vector = 0.310, .tools = 0, .trust = -0.12274, .text_normal = 0.824,
    .vector_normal = 0.62, .text_weight = 0.5, .vector_weight = 0.5, .tools_share = 0,
    .tools_weight = 0.2, .boost = 0.83,
};

START_TEST(a_match_is_explained_in_one_line)
{
    plurum_hit hit = {.score = 0.59926, .relevance = 0.722, .similarity = 0.7, .text_score = 11.5,
                      .cosine = 0.62, .text_rank = 3, .vector_rank = 1, .explain = &EXPLAIN};
    pli_facts facts = some_facts();
    json_t *item = presented(&facts, "{\"goal\":\"A goal\"}", 0);
    ck_assert_int_eq(pli_present_match(item, &hit, 1, NULL), PLURUM_OK);
    assert_names(item, ITEM_NAMES MATCH_NAMES ", explain");
    assert_member(item, "similarity", "0.7");
    assert_member(item, "keyword_rank", "3");
    assert_member(item, "combined_score", "0.59926");
    assert_member(item, "rerank_score", "0.59926");
    const json_t *explain = json_object_get(item, "explain");
    assert_names(explain, EXPLAIN_NAMES);
    assert_member(explain, "arithmetic", "\"0.412 text + 0.310 vector + 0 tools = 0.722 relevance; "
                                         "× 0.83 trust boost = 0.599\"");
    assert_member(explain, "text_score", "11.5");
    assert_member(explain, "vector_rank", "1");
    json_decref(item);
}
END_TEST

START_TEST(a_match_without_vector_has_no_similarity)
{
    plurum_explain explain = EXPLAIN;
    explain.text = 1e-5;
    explain.vector = -0.0;
    explain.boost = 1;
    plurum_hit hit = {.score = 1, .relevance = 1, .similarity = NAN, .cosine = NAN,
                      .explain = &explain};
    json_t *item = json_object();
    ck_assert_int_eq(pli_present_match(item, &hit, 0, NULL), PLURUM_OK);
    assert_names(item, MATCH_NAMES + 2);
    assert_member(item, "similarity", "null");
    assert_member(item, "keyword_rank", "null");
    ck_assert_int_eq(pli_present_match(item, &hit, 1, NULL), PLURUM_OK);
    const json_t *why = json_object_get(item, "explain");
    assert_member(why, "cosine", "null");
    assert_member(why, "text_rank", "null");
    assert_member(why, "vector_rank", "null");
    assert_member(why, "arithmetic", "\"0.000 text + 0 vector + 0 tools = 1.000 relevance; × 1 "
                                     "trust boost = 1.000\"");
    json_decref(item);
}
END_TEST

/* ---- JSON text ------------------------------------------------------------------------------ */

static const struct number {
    double value;
    const char *text;
} NUMBERS[] = {
    {0, "0.0"}, {1, "1.0"}, {-1.5, "-1.5"}, {0.85, "0.85"}, {0.1 + 0.2, "0.30000000000000004"},
    {1e20, "1e+20"}, {1e15, "1e+15"}, {123456789012345, "123456789012345.0"},
    {5e-324, "4.94065645841247e-324"}, {1.7976931348623157e308, "1.7976931348623157e+308"},
    {1.0 / 3, "0.3333333333333333"},
};

START_TEST(numbers_are_short_and_read_back_the_same)
{
    char text[PLI_NUMBER_SIZE];
    for (int i = 0; i < COUNT(NUMBERS); i++) {
        pli_json_number(text, NUMBERS[i].value);
        ck_assert_str_eq(text, NUMBERS[i].text);
    }
    uint64_t state = 0xA0761D6478BD642F;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = (uint64_t)draw(&state, UINT32_MAX) << 32 | draw(&state, UINT32_MAX);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) continue;
        pli_json_number(text, value);
        ck_assert_msg(strtod(text, NULL) == value, "%s", text);
    }
}
END_TEST

START_TEST(numbers_do_not_depend_on_the_locale)
{
    static const char *const LOCALES[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "ps_AF.UTF-8"};
    char text[PLI_NUMBER_SIZE];
    for (int i = 0; i < COUNT(LOCALES); i++) {
        if (!setlocale(LC_ALL, LOCALES[i])) continue; /* not on this machine */
        pli_json_number(text, 0.1 + 0.2);
        ck_assert_str_eq(text, "0.30000000000000004");
        plurum_experience *experience = accepted(FULL_EXPERIENCE, 0);
        ck_assert_ptr_nonnull(strstr(plurum_experience_json(experience), "\"confidence\":0.85,"));
        plurum_experience_free(experience);
    }
    setlocale(LC_ALL, "C");
}
END_TEST

START_TEST(json_text_is_what_jansson_writes_but_for_numbers)
{
    uint64_t state = 0xE7037ED1A0B428DB;
    for (int i = 0; i < 500; i++) {
        char *json = random_experience(&state);
        json_t *tree = json_loads(json, 0, NULL);
        char *ours = pli_json_text(tree), *theirs = json_dumps(tree, JSON_COMPACT);
        json_t *back = json_loads(ours, 0, NULL);
        ck_assert_msg(json_equal(tree, back), "%s\n%s", ours, theirs);
        json_object_del(tree, "confidence");
        pli_free(ours);
        free(theirs);
        ours = pli_json_text(tree);
        theirs = json_dumps(tree, JSON_COMPACT);
        ck_assert_str_eq(ours, theirs);
        pli_free(ours);
        free(theirs);
        json_decref(back);
        json_decref(tree);
        free(json);
    }
    json_t *numbers = json_pack("[I,{},[],b,n]", (json_int_t)INT64_MIN, 0);
    char *text = pli_json_text(numbers);
    ck_assert_str_eq(text, "[-9223372036854775808,{},[],false,null]");
    pli_free(text);
    json_decref(numbers);
}
END_TEST

/* ---- memory --------------------------------------------------------------------------------- */

static plurum_status allocate(int what)
{
    plurum_hit hit = {.similarity = NAN, .cosine = NAN, .explain = &EXPLAIN};
    pli_facts facts = some_facts();
    static const char STORED[] = "{\"goal\":\"A goal\",\"tags\":[\"a\",\"漢\"]}";
    json_t *object = what ? json_object() : NULL;
    plurum_status status = what ? pli_present_match(object, &hit, 1, NULL)
                                : pli_present(&object, &facts, STORED, strlen(STORED), 1, NULL);
    if (what == 2) {
        char *text = pli_json_text(object);
        status = text ? PLURUM_OK : PLURUM_NOMEM;
        pli_free(text);
    }
    json_decref(object);
    return status;
}

START_TEST(short_memory_is_reported_and_nothing_leaks)
{
    for (unsigned long nth = 1;; nth++) {
        pli_alloc_fail_at(nth);
        plurum_status status = allocate(_i);
        pli_alloc_fail_at(0);
        if (status == PLURUM_OK) {
            ck_assert_uint_gt(nth, 1);
            break;
        }
        ck_assert_int_eq(status, PLURUM_NOMEM);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("experience presentation");
    TCase *tc = tcase_create("presentation");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, an_item_has_the_contracts_members);
    tcase_add_test(tc, a_detail_has_all_of_the_content);
    tcase_add_test(tc, what_is_not_known_is_null_and_lists_are_empty);
    tcase_add_test(tc, a_plain_document_is_presented_in_the_same_shape);
    tcase_add_test(tc, damaged_content_is_not_presented);
    tcase_add_test(tc, a_match_is_explained_in_one_line);
    tcase_add_test(tc, a_match_without_vector_has_no_similarity);
    tcase_add_test(tc, numbers_are_short_and_read_back_the_same);
    tcase_add_test(tc, numbers_do_not_depend_on_the_locale);
    tcase_add_test(tc, json_text_is_what_jansson_writes_but_for_numbers);
    tcase_add_loop_test(tc, short_memory_is_reported_and_nothing_leaks, 0, 3);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
