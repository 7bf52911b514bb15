/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is an experience: the forms it may come in, and the one it is kept in.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <plurum/experience.h>

#include "base/alloc.h"
#include "experience_samples.h"

#define GOAL "\"goal\":\"Ten code points\""

/* What the normal form is of a goal and the given members. */
static const struct form {
    const char *members, *normal;
} FORMS[] = {
    {"", "\"domain\":null,\"tools_used\":[],\"tags\":[],\"outcome\":null,\"confidence\":null,"
         "\"visibility\":\"public\",\"solution\":null,\"breakthroughs\":[],\"attempts\":[],"
         "\"dead_ends\":[],\"gotchas\":[],\"context\":null,\"context_structured\":null,"
         "\"artifacts\":[]"},
    {",\"domain\":\"  \"", "\"domain\":null"},
    {",\"domain\":\"\"", "\"domain\":null"},
    {",\"domain\":\"\\u00a0Databases \"", "\"domain\":\"Databases\""},
    {",\"tools_used\":[\" Docker \",\"docker\",\"git\",\"DOCKER\",\"Git\"]",
     "\"tools_used\":[\"Docker\",\"git\"]"},
    {",\"tags\":[\"\xEF\xAC\x81le\",\"file\",\"FILE\"]", "\"tags\":[\"\xEF\xAC\x81le\"]"},
    {",\"tags\":null", "\"tags\":[]"},
    {",\"outcome\":\"partial\"", "\"outcome\":\"partial\""},
    {",\"outcome\":\"\"", "\"outcome\":null"},
    {",\"confidence\":0.85", "\"confidence\":0.85"},
    {",\"confidence\":1", "\"confidence\":1.0"},
    {",\"confidence\":-0.0", "\"confidence\":0.0"},
    {",\"confidence\":0.1e0", "\"confidence\":0.1"},
    {",\"confidence\":0.30000000000000004", "\"confidence\":0.30000000000000004"},
    {",\"visibility\":\"team\"", "\"visibility\":\"team\""},
    {",\"visibility\":null", "\"visibility\":\"public\""},
    {",\"solution\":\"\"", "\"solution\":null"},
    {",\"solution\":\" a \\n\"", "\"solution\":\" a \\n\""},
    {",\"context\":\"a\\u00e9\\/\\u0001\"", "\"context\":\"aé/\\u0001\""},
    {",\"attempts\":[{\"action\":\"a\"}]",
     "\"attempts\":[{\"action\":\"a\",\"outcome\":\"\",\"dead_end\":false,\"insight\":null}]"},
    {",\"attempts\":[{\"x\":[],\"insight\":\"\",\"dead_end\":null,\"outcome\":null,"
     "\"action\":\"a\"}]",
     "\"attempts\":[{\"action\":\"a\",\"outcome\":\"\",\"dead_end\":false,\"insight\":null}]"},
    {",\"attempts\":[{\"insight\":\"i\",\"dead_end\":true,\"outcome\":\"o\",\"action\":\"a\"}]",
     "\"attempts\":[{\"action\":\"a\",\"outcome\":\"o\",\"dead_end\":true,\"insight\":\"i\"}]"},
    {",\"dead_ends\":[{\"what\":\"w\"},{\"why\":\"y\",\"what\":\"w\"}]",
     "\"dead_ends\":[{\"what\":\"w\",\"why\":\"\"},{\"what\":\"w\",\"why\":\"y\"}]"},
    {",\"breakthroughs\":[{\"insight\":\"i\",\"importance\":null}]",
     "\"breakthroughs\":[{\"insight\":\"i\",\"detail\":\"\",\"importance\":\"medium\"}]"},
    {",\"gotchas\":[\"bare\",{\"warning\":\"w\"},{\"context\":\"c\",\"warning\":\"w\"}]",
     "\"gotchas\":[{\"warning\":\"bare\",\"context\":null},{\"warning\":\"w\",\"context\":null},"
     "{\"warning\":\"w\",\"context\":\"c\"}]"},
    {",\"artifacts\":[{\"language\":\"c\",\"code\":\"x\"}]",
     "\"artifacts\":[{\"language\":\"c\",\"description\":null,\"code\":\"x\"}]"},
    {",\"context_structured\":{}", "\"context_structured\":null"},
    {",\"context_structured\":{\"tools_used\":[],\"environment\":\"\",\"constraints\":null}",
     "\"context_structured\":null"},
    {",\"context_structured\":{\"constraints\":\"c\"}",
     "\"context_structured\":{\"tools_used\":[],\"environment\":null,\"constraints\":\"c\"}"},
    {",\"unknown\":{\"deep\":[[[1e5,null]]]},\"n\":123456789012345678901234567890",
     "\"artifacts\":[]"},
    {",\"solution\":17,\"solution\":\"the last counts\"", "\"solution\":\"the last counts\""},
};

/* Whatever the limits allow, at the limit. */
static const struct bound {
    const char *before, *unit, *after;
    int times, import;
} BOUNDS[] = {
    {"{\"goal\":\"", "x", "\"}", 10, 0},
    {"{\"goal\":\"", "x", "\"}", 5, 1},
    {"{\"goal\":\"", "🚀", "\"}", 2000, 0},
    {"{" GOAL ",\"domain\":\"", "漢", "\"}", 100, 0},
    {"{" GOAL ",\"domain\":\"   ", "x", " \"}", 100, 0},
    {"{" GOAL ",\"tags\":[\"", "é", "\"]}", 100, 0},
    {"{" GOAL ",\"tags\":[\"a\"", ",\"b\"", "]}", 199, 0},
    {"{" GOAL ",\"solution\":\"", "🚀", "\"}", 50000, 0},
    {"{" GOAL ",\"gotchas\":[\"a\"", ",\"b\"", "]}", 199, 0},
    {"{" GOAL ",\"artifacts\":[{\"code\":\"c\",\"language\":\"", "é", "\"}]}", 50, 0},
    {"{" GOAL ",\"x\":", "[", "", 63, 0}, /* closed by the test */
    {"{" GOAL ",\"solution\":\"\\\"", "[", "\"}", 65, 0}, /* in a string, no nesting */
};

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

START_TEST(the_full_experience_is_accepted_whole)
{
    plurum_experience *experience = accepted(FULL_EXPERIENCE, 0);
    const plurum_document *document = plurum_experience_document(experience);
    ck_assert_str_eq(document->text[PLURUM_TEXT_TITLE],
                     "Deploy Rust app to arm64 Kubernetes cluster");
    ck_assert_str_eq(document->domain, "infrastructure");
    ck_assert_uint_eq(document->tool_count, 2);
    ck_assert_str_eq(document->tools[1], "kubernetes");
    ck_assert_uint_eq(document->tag_count, 4);
    ck_assert_str_eq(document->tags[3], "cross-compile");
    ck_assert_double_eq(document->confidence, 0.85);
    ck_assert_int_eq(document->lifecycle, PLURUM_DRAFT);
    ck_assert_int_eq(document->visibility, PLURUM_PUBLIC);
    ck_assert_int_eq(document->created_at, PLURUM_TIME_UNSET);
    ck_assert_ptr_null(document->key);
    ck_assert_ptr_null(document->owner);
    ck_assert_ptr_null(document->vector);
    ck_assert_uint_eq(document->struct_size, sizeof *document);
    ck_assert_ptr_null(plurum_experience_short_id(experience));
    plurum_experience_free(experience);
}
END_TEST

START_TEST(each_form_has_one_normal_form)
{
    char json[1024];
    snprintf(json, sizeof json, "{" GOAL "%s}", FORMS[_i].members);
    plurum_experience *experience = accepted(json, 0);
    const char *normal = plurum_experience_json(experience);
    ck_assert_msg(strstr(normal, FORMS[_i].normal) != NULL, "%s", normal);
    ck_assert_msg(strncmp(normal, "{" GOAL ",\"domain\":", 35) == 0, "%s", normal);
    plurum_experience_free(experience);
}
END_TEST

START_TEST(all_that_the_limits_allow_is_accepted)
{
    const struct bound *b = &BOUNDS[_i];
    size_t unit = strlen(b->unit), before = strlen(b->before);
    char *json = calloc(1, before + 2 * unit * (size_t)b->times + strlen(b->after) + 2);
    strcpy(json, b->before);
    for (int i = 0; i < b->times; i++) memcpy(json + before + unit * (size_t)i, b->unit, unit);
    strcat(json, b->after);
    if (!*b->after) {
        char *at = json + strlen(json);
        memset(at, ']', (size_t)b->times);
        at[b->times] = '}';
    }
    plurum_experience_free(accepted(json, b->import));
    free(json);
}
END_TEST

START_TEST(an_import_brings_ids_owner_status_and_time)
{
    plurum_experience *experience =
        accepted("{" GOAL ",\"id\":\"0123ABCD-89ab-1def-0123-456789ABCDEF\","
                 "\"short_id\":\"9e3779b1\",\"agent_id\":\"agent ~7\",\"status\":\"verified\","
                 "\"created_at\":\"2026-02-07T12:30:00.5+02:00\",\"visibility\":\"private\"}", 1);
    const plurum_document *document = plurum_experience_document(experience);
    ck_assert_str_eq(document->key, "0123abcd-89ab-1def-0123-456789abcdef");
    ck_assert_str_eq(plurum_experience_short_id(experience), "9e3779b1");
    ck_assert_str_eq(document->owner, "agent ~7");
    ck_assert_int_eq(document->lifecycle, PLURUM_VERIFIED);
    ck_assert_int_eq(document->visibility, PLURUM_PRIVATE);
    ck_assert_int_eq(document->created_at, 1770460200);
    const char *normal = plurum_experience_json(experience);
    ck_assert_ptr_null(strstr(normal, "9e3779b1"));
    ck_assert_ptr_null(strstr(normal, "status"));
    ck_assert_ptr_null(strstr(normal, "created_at"));
    plurum_experience_free(experience);
}
END_TEST

START_TEST(an_import_without_them_uses_the_options)
{
    static const char JSON[] = "{" GOAL ",\"id\":null,\"short_id\":null,\"agent_id\":null,"
                               "\"status\":null,\"created_at\":null}";
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    options.import = 1;
    options.lifecycle = PLURUM_PUBLISHED;
    plurum_experience *experience;
    ck_assert_int_eq(plurum_experience_parse(&experience, JSON, strlen(JSON), &options, NULL),
                     PLURUM_OK);
    const plurum_document *document = plurum_experience_document(experience);
    ck_assert_int_eq(document->lifecycle, PLURUM_PUBLISHED);
    ck_assert_ptr_null(document->key);
    ck_assert_ptr_null(document->owner);
    ck_assert_ptr_null(plurum_experience_short_id(experience));
    ck_assert_int_eq(document->created_at, PLURUM_TIME_UNSET);
    ck_assert(isnan(document->confidence));
    plurum_experience_free(experience);
}
END_TEST

/* Whether some member of a random experience survives is checked through jansson alone. */
START_TEST(the_normal_form_is_its_own_normal_form)
{
    uint64_t seed = 0x9E3779B97F4A7C15 + (uint64_t)_i, state = seed;
    for (int round = 0; round < 200; round++) {
        char *json = random_experience(&state);
        plurum_experience *first = accepted(json, 0);
        plurum_experience *second = accepted(plurum_experience_json(first), 0);
        ck_assert_msg(strcmp(plurum_experience_json(first), plurum_experience_json(second)) == 0,
                      "seed %llu round %d", (unsigned long long)seed, round);
        json_t *given = json_loads(json, 0, NULL);
        json_t *kept = json_loads(plurum_experience_json(first), 0, NULL);
        ck_assert(json_equal(json_object_get(given, "goal"), json_object_get(kept, "goal")));
        ck_assert_uint_eq(json_array_size(json_object_get(given, "attempts")),
                          json_array_size(json_object_get(kept, "attempts")));
        ck_assert_uint_eq(json_object_size(kept), 15);
        json_decref(given);
        json_decref(kept);
        plurum_experience_free(first);
        plurum_experience_free(second);
        free(json);
    }
}
END_TEST

START_TEST(the_order_of_members_does_not_matter)
{
    json_t *given = json_loads(FULL_EXPERIENCE, 0, NULL);
    char *sorted = json_dumps(given, JSON_SORT_KEYS | JSON_INDENT(3) | JSON_ENSURE_ASCII);
    plurum_experience *a = accepted(FULL_EXPERIENCE, 0), *b = accepted(sorted, 0);
    ck_assert_str_eq(plurum_experience_json(a), plurum_experience_json(b));
    plurum_experience_free(a);
    plurum_experience_free(b);
    free(sorted);
    json_decref(given);
}
END_TEST

START_TEST(short_memory_is_reported_and_nothing_leaks)
{
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    options.import = 1;
    static const char JSON[] = "{" GOAL ",\"id\":\"01234567-89ab-cdef-0123-456789abcdef\","
                               "\"tags\":[\"\xE6\xBC\xA2\",\"b\",\"B\"],\"gotchas\":[\"g\"],"
                               "\"artifacts\":[{\"language\":\"c\",\"code\":\"x\"}]}";
    for (unsigned long nth = 1;; nth++) {
        plurum_experience *experience;
        plurum_error error;
        pli_alloc_fail_at(nth);
        plurum_status status =
            plurum_experience_parse(&experience, JSON, strlen(JSON), &options, &error);
        pli_alloc_fail_at(0);
        if (status == PLURUM_OK) {
            ck_assert_uint_gt(nth, 10);
            plurum_experience_free(experience);
            break;
        }
        ck_assert_int_eq(status, PLURUM_NOMEM);
        ck_assert_int_eq(error.status, PLURUM_NOMEM);
        ck_assert_ptr_null(experience);
    }
}
END_TEST

START_TEST(freeing_nothing_is_fine)
{
    plurum_experience_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("experience parse");
    TCase *tc = tcase_create("parse");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, the_full_experience_is_accepted_whole);
    tcase_add_loop_test(tc, each_form_has_one_normal_form, 0, COUNT(FORMS));
    tcase_add_loop_test(tc, all_that_the_limits_allow_is_accepted, 0, COUNT(BOUNDS));
    tcase_add_test(tc, an_import_brings_ids_owner_status_and_time);
    tcase_add_test(tc, an_import_without_them_uses_the_options);
    tcase_add_loop_test(tc, the_normal_form_is_its_own_normal_form, 0, 10);
    tcase_add_test(tc, the_order_of_members_does_not_matter);
    tcase_add_test(tc, short_memory_is_reported_and_nothing_leaks);
    tcase_add_test(tc, freeing_nothing_is_fine);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
