/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts of environments: what counts as the same, and how much two have in common.
 */
#include <config.h>

#include "engine/search/environment.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static plurum_error error;

static double share(const char *asked, const char *other)
{
    pli_environment a, b;
    ck_assert_int_eq(pli_environment_read(&a, asked, strlen(asked), &error), PLURUM_OK);
    ck_assert_int_eq(pli_environment_read(&b, other, strlen(other), &error), PLURUM_OK);
    double found = pli_environment_share(&a, &b);
    pli_environment_free(&a);
    pli_environment_free(&b);
    return found;
}

static size_t fact_count(const char *json)
{
    pli_environment e;
    ck_assert_int_eq(pli_environment_read(&e, json, strlen(json), &error), PLURUM_OK);
    size_t count = e.count;
    pli_environment_free(&e);
    return count;
}

START_TEST(an_environment_is_the_set_of_what_it_says)
{
    ck_assert_uint_eq(fact_count("{}"), 0);
    ck_assert_uint_eq(fact_count("{\"os\":null,\"tools\":[],\"more\":{}}"), 0);
    ck_assert_uint_eq(fact_count("{\"os\":\"linux\",\"node\":20,\"tools\":[\"git\",\"gcc\",\"Git\"]}"), 4);
    ck_assert_uint_eq(fact_count("{\"os\":{\"name\":\"linux\",\"release\":{\"major\":6}}}"), 2);
    ck_assert_uint_eq(fact_count("{\"a\":[[1,2],{\"b\":true}]}"), 3);
}
END_TEST

START_TEST(names_and_values_compare_folded)
{
    ck_assert_double_eq(share("{\"OS\":\"Linux\"}", "{\"os\":\"LINUX\"}"), 1);
    ck_assert_double_eq(share("{\"node\":20}", "{\"node\":\"20\"}"), 1);
    ck_assert_double_eq(share("{\"v\":1.5}", "{\"v\":\"1.5\"}"), 1);
    ck_assert_double_eq(share("{\"gpu\":true}", "{\"gpu\":\"true\"}"), 1);
    ck_assert_double_eq(share("{\"tool\":[\"gcc\"]}", "{\"tool\":\"gcc\"}"), 1);
    ck_assert_double_eq(share("{\"os\":{\"name\":\"x\"}}", "{\"os.name\":\"x\"}"), 1);
    ck_assert_double_eq(share("{\"os\":\"linux\"}", "{\"os\":\"windows\"}"), 0);
    ck_assert_double_eq(share("{\"os\":\"linux\"}", "{\"host\":\"linux\"}"), 0);
    ck_assert_double_eq(share("{\"node\":20}", "{\"node\":21}"), 0);
}
END_TEST

START_TEST(the_share_is_of_what_is_asked)
{
    static const char ASKED[] = "{\"os\":\"linux\",\"tools\":[\"git\",\"gcc\",\"make\"]}";
    ck_assert_double_eq(share(ASKED, ASKED), 1);
    ck_assert_double_eq(share(ASKED, "{}"), 0);
    ck_assert_double_eq(share("{}", ASKED), 0);
    ck_assert_double_eq(share(ASKED, "{\"tools\":[\"gcc\",\"vim\",\"make\"],\"shell\":\"sh\"}"), 0.5);
    ck_assert_double_eq(share("{\"os\":\"linux\"}", ASKED), 1);
}
END_TEST

/* {"KEY":[0,1,2,…]} with a key of len bytes. */
static char *with_key(char fill, size_t len, size_t values)
{
    char *json = malloc(len + 8 * values + 16), *at = json + len + 2;
    memset(json, fill, len + 2);
    memcpy(json, "{\"", 2);
    at += sprintf(at, "\":[");
    for (size_t i = 0; i < values; i++) at += sprintf(at, "%s%zu", i ? "," : "", i);
    strcpy(at, "]}");
    return json;
}

START_TEST(long_names_and_values_are_facts_like_others)
{
    for (size_t len = 380; len < 420; len++) {
        char *small = with_key('a', len, 4), *large = with_key('A', len, 4);
        char *other = with_key('a', len + 1, 4);
        ck_assert_uint_eq(fact_count(small), 4);
        ck_assert_double_eq(share(small, large), 1);
        ck_assert_double_eq(share(small, other), 0);
        free(small);
        free(large);
        free(other);
    }
}
END_TEST

/* A key folded and hashed for each value would take minutes. */
START_TEST(a_long_key_of_many_values_takes_no_time)
{
    char *json = with_key('k', 200000, 60000);
    ck_assert_uint_eq(fact_count(json), 60000);
    free(json);
}
END_TEST

START_TEST(nothing_but_an_object_is_an_environment)
{
    static const char *const WRONG[] = {"", "linux", "[\"linux\"]", "null", "{\"os\":}", "{} {}",
                                        "{\"os\":1,\"os\":2}", "{\"os\":\"\xFF\"}"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        pli_environment e;
        ck_assert_int_eq(pli_environment_read(&e, WRONG[i], strlen(WRONG[i]), &error),
                         PLURUM_INVALID);
        ck_assert_str_eq(error.text, "environment: a JSON object expected");
        pli_environment_free(&e);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("environment");
    TCase *t = tcase_create("facts");
    tcase_add_test(t, an_environment_is_the_set_of_what_it_says);
    tcase_add_test(t, names_and_values_compare_folded);
    tcase_add_test(t, the_share_is_of_what_is_asked);
    tcase_add_test(t, long_names_and_values_are_facts_like_others);
    tcase_add_test(t, a_long_key_of_many_values_takes_no_time);
    tcase_add_test(t, nothing_but_an_object_is_an_environment);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    int broken = srunner_ntests_failed(runner);
    srunner_free(runner);
    return broken ? EXIT_FAILURE : EXIT_SUCCESS;
}
