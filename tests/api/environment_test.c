/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trust by environment: outcomes from where the asker works count more, nobody else's ranking knows
 * of it, and what is said of it outlives all that outcomes outlive.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char LINUX[] = "{\"os\":\"linux\",\"node\":20}", WINDOWS[] = "{\"os\":\"windows\",\"node\":20}";

static void reports(const char *id, const char *environment, int successes, int failures)
{
    static int agents;
    for (int i = 0; i < successes + failures; i++) {
        char agent[24];
        snprintf(agent, sizeof agent, "agent-%d", agents++);
        plurum_outcome o = outcome(id, agent, i < successes);
        o.env_fingerprint = environment;
        OK(report(&o, NULL));
    }
}

/* One document that works on one system, and four that nobody has tried. */
static void setup(void)
{
    begin();
    put_vector("picky", "restore a backup", 1, 0);
    for (int i = 0; i < 4; i++)
        put_vector((const char *const[]){"a", "b", "c", "d"}[i], "restore a backup", 1, 0);
    reports("picky", LINUX, 19, 1);
    reports("picky", WINDOWS, 1, 9);
}

static plurum_results *asked_from(const char *environment)
{
    plurum_query q = query("restore");
    q.environment = environment;
    return search(&q);
}

/* Scores, order and explanations of an answer, to the bit. */
static char *bits(plurum_results *results)
{
    char *text, *json;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    OK(plurum_results_json(&json, results, 1, &error));
    fputs(json, out);
    plurum_text_free(json);
    for (size_t i = 0; i < plurum_results_count(results); i++) {
        const plurum_hit *h = plurum_results_hit(results, i);
        fprintf(out, "\n%s %a %a %a %a", h->key, h->score, h->trust->boost, h->explain->here_trust,
                h->explain->here_successes);
    }
    fclose(out);
    plurum_results_free(results);
    return text;
}

static void check_same(plurum_results *results, const char *expected)
{
    char *text = bits(results);
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(what_works_in_one_environment_is_first_there_and_below_the_untried_elsewhere)
{
    plurum_results *results = asked_from("{\"os\":\"linux\"}");
    ck_assert_str_eq(plurum_results_hit(results, 0)->key, "picky");
    ck_assert_double_gt(plurum_results_hit(results, 0)->explain->here_trust, 0.8);
    plurum_results_free(results);
    results = asked_from("{\"os\":\"windows\"}");
    const plurum_hit *picky = hit_of(results, "picky");
    ck_assert_str_eq(plurum_results_hit(results, 4)->key, "picky");
    ck_assert_double_lt(picky->explain->here_trust, 0.5); /* the prior */
    ck_assert_double_lt(picky->explain->boost, plurum_results_hit(results, 0)->explain->boost);
    ck_assert_double_gt(picky->trust->trust, 0.6); /* what all say is as it was */
    plurum_results_free(results);
}
END_TEST

START_TEST(without_a_report_from_there_all_is_as_if_nobody_had_said_where)
{
    static const char *const NOTHING_LOCAL[] = {"{}", "{\"os\":null}", "{\"os\":\"plan9\"}",
                                                "{\"node\":22,\"os\":[]}", "{\"linux\":\"os\"}"};
    reports("a", NULL, 2, 0);
    char *expected = bits(asked_from(NULL));
    for (size_t i = 0; i < sizeof NOTHING_LOCAL / sizeof *NOTHING_LOCAL; i++)
        check_same(asked_from(NOTHING_LOCAL[i]), expected);
    ck_assert_ptr_null(strstr(expected, "\"environment\""));
    free(expected);
}
END_TEST

START_TEST(a_report_counts_by_the_share_of_facts_that_it_has)
{
    reports("a", "{\"os\":\"Linux\",\"tools\":[\"git\"],\"shell\":\"sh\"}", 4, 2);
    plurum_results *results = asked_from("{\"OS\":\"linux\",\"tools\":[\"git\",\"gcc\",\"make\"]}");
    const plurum_hit *hit = hit_of(results, "a");
    const plurum_explain *e = hit->explain;
    ck_assert_double_eq_tol(e->here_successes, 2, 1e-12);
    ck_assert_double_eq_tol(e->here_failures, 1, 1e-12);
    double here = (8 * hit->trust->trust + 2) / (8 + 3);
    ck_assert_double_eq_tol(e->here_trust, here, 1e-12);
    ck_assert_double_eq_tol(e->boost, 0.2 + 0.8 * ((1 - e->noise) * here + e->noise / 2), 1e-12);
    ck_assert_double_eq_tol(hit->score, hit->relevance * e->boost, 1e-12);
    ck_assert_double_eq_tol(e->text + e->vector + e->tools + e->trust, hit->score, 1e-9);
    plurum_results_free(results);
}
END_TEST

START_TEST(the_weight_says_how_much_the_trust_of_all_counts)
{
    plurum_weights *weights;
    plurum_query q = query("restore");
    OK(plurum_weights_new(&weights, &error));
    q.weights = weights;
    q.environment = WINDOWS;
    for (double k = 0.1; k < 1e6; k *= 10) {
        OK(plurum_weights_set(weights, "environment", k, &error));
        plurum_results *results = search(&q);
        const plurum_hit *hit = hit_of(results, "picky");
        const plurum_explain *e = hit->explain; /* the other system shares a half */
        ck_assert_double_eq_tol(e->here_successes, 1 + 19 / 2.0, 1e-12);
        ck_assert_double_eq_tol(e->here_trust, (k * hit->trust->trust + 10.5) / (k + 20), 1e-12);
        plurum_results_free(results);
    }
    FAILS(plurum_weights_set(weights, "environment", 0, &error), PLURUM_INVALID, "environment: 0");
    plurum_weights_free(weights);
}
END_TEST

START_TEST(explanations_name_the_reports_from_there)
{
    char *text;
    plurum_results *results = asked_from("{\"os\":\"linux\"}");
    OK(plurum_results_json(&text, results, 1, &error));
    json_t *answer = json_loads(text, 0, NULL);
    const json_t *first = json_array_get(json_object_get(answer, "results"), 0);
    const json_t *there = json_object_get(json_object_get(first, "explain"), "environment");
    ck_assert_double_eq_tol(number(there, "successes"), 19, 1e-12);
    ck_assert_double_eq_tol(number(there, "failures"), 1, 1e-12);
    ck_assert_double_eq_tol(number(there, "trust"), (8 * number(first, "trust_score") + 19) / 28,
                            1e-12);
    const json_t *second = json_array_get(json_object_get(answer, "results"), 1);
    ck_assert_ptr_null(json_object_get(json_object_get(second, "explain"), "environment"));
    json_decref(answer);
    plurum_text_free(text);
    plurum_results_free(results);
}
END_TEST

START_TEST(what_does_not_count_does_not_count_there_either)
{
    plurum_document d = document("own", "restore a backup");
    d.owner = "author";
    put(&d);
    plurum_outcome o = outcome("own", "author", 1);
    o.env_fingerprint = LINUX;
    OK(report(&o, NULL));
    plurum_results *results = asked_from(LINUX);
    ck_assert(isnan(hit_of(results, "own")->explain->here_trust));
    plurum_results_free(results);
}
END_TEST

START_TEST(it_outlives_a_restart_and_goes_with_an_agent_that_is_forgotten)
{
    static const char SOLARIS[] = "{\"os\":\"solaris\"}";
    plurum_outcome o = outcome("b", "visitor", 1);
    char *before = bits(asked_from(SOLARIS));
    o.env_fingerprint = SOLARIS;
    OK(report(&o, NULL));
    char *after = bits(asked_from(SOLARIS));
    ck_assert_str_ne(before, after);
    reopen();
    check_same(asked_from(SOLARIS), after);
    OK(plurum_index_forget(NULL, opened, "visitor", NULL, &error));
    plurum_results *results = asked_from(SOLARIS);
    ck_assert(isnan(hit_of(results, "b")->explain->here_trust));
    plurum_results_free(results);
    free(before);
    free(after);
}
END_TEST

START_TEST(trust_from_there_never_lifts_over_more_than_one_over_the_floor)
{
    unsigned seed = 77;
    for (int i = 0; i < 40; i++) {
        char key[16], title[64] = "restore";
        snprintf(key, sizeof key, "k%d", i);
        for (int w = rand_r(&seed) % 4; w > 0; w--)
            strcat(title, (const char *const[]){" backup", " volume", " disk"}[rand_r(&seed) % 3]);
        put_vector(key, title, (float)(rand_r(&seed) % 100), 50);
        int good = rand_r(&seed) % 5, bad = good ? rand_r(&seed) % 5 : rand_r(&seed) % 2;
        reports(key, rand_r(&seed) % 2 ? LINUX : WINDOWS, good, bad);
    }
    plurum_query q = query("restore a backup of a volume");
    q.environment = LINUX;
    q.limit = 100;
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_count(results), 45);
    lift_is_bounded(results, 0.2);
    plurum_results_free(results);
}
END_TEST

START_TEST(an_environment_that_is_none_is_refused)
{
    plurum_results *results;
    plurum_query q = query("restore");
    static const char *const WRONG[] = {"", "linux", "[]", "{\"os\":"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        q.environment = WRONG[i];
        FAILS(plurum_search(&results, opened, &q, &error), PLURUM_INVALID,
              "environment: a JSON object expected");
    }
    char *wide = malloc(PLURUM_QUERY_MAX + 2);
    memset(wide, ' ', PLURUM_QUERY_MAX + 1);
    wide[PLURUM_QUERY_MAX + 1] = '\0';
    q.environment = wide;
    FAILS(plurum_search(&results, opened, &q, &error), PLURUM_LIMIT, "environment: 262145 bytes");
    wide[PLURUM_QUERY_MAX] = '\0';
    memcpy(wide, "{}", 2);
    OK(plurum_search(&results, opened, &q, &error));
    plurum_results_free(results);
    free(wide);
}
END_TEST

START_TEST(a_cursor_is_of_its_environment)
{
    plurum_query q = query("restore");
    q.environment = LINUX;
    q.limit = 2;
    plurum_results *page = search(&q), *next;
    q.cursor = plurum_results_cursor(page);
    q.environment = "{ \"NODE\" : 20, \"os\" : \"linux\" }"; /* the same facts */
    KEYS(search(&q), "b c");
    q.environment = WINDOWS;
    FAILS(plurum_search(&next, opened, &q, &error), PLURUM_INVALID, "cursor: of another query");
    q.environment = NULL;
    FAILS(plurum_search(&next, opened, &q, &error), PLURUM_INVALID, "cursor: of another query");
    plurum_results_free(page);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: environment");
    TCase *t = tcase_create("environment");
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, what_works_in_one_environment_is_first_there_and_below_the_untried_elsewhere);
    tcase_add_test(t, without_a_report_from_there_all_is_as_if_nobody_had_said_where);
    tcase_add_test(t, a_report_counts_by_the_share_of_facts_that_it_has);
    tcase_add_test(t, the_weight_says_how_much_the_trust_of_all_counts);
    tcase_add_test(t, explanations_name_the_reports_from_there);
    tcase_add_test(t, what_does_not_count_does_not_count_there_either);
    tcase_add_test(t, it_outlives_a_restart_and_goes_with_an_agent_that_is_forgotten);
    tcase_add_test(t, trust_from_there_never_lifts_over_more_than_one_over_the_floor);
    tcase_add_test(t, an_environment_that_is_none_is_refused);
    tcase_add_test(t, a_cursor_is_of_its_environment);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
