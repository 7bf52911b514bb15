/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trust by what is asked: outcomes for queries like the asked one count once more, all others as they
 * did, and what is said of a query outlives all that its outcome outlives.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double K = 1.25; /* the weight alike */

/* What trust is of which all reports have been for other queries. */
static double elsewhere(double trust)
{
    return 0.5 + 0.25 * (trust - 0.5); /* the prior, and the weight told */
}

static plurum_outcome said(const char *id, int success, const char *text, const float *vector)
{
    static char agent[24];
    static int agents;
    snprintf(agent, sizeof agent, "agent-%d", agents++);
    plurum_outcome o = outcome(id, agent, success);
    o.query = text;
    o.query_vector = vector;
    o.dim = vector ? DIM : 0;
    return o;
}

static void reports(const char *id, const char *text, const float *vector, int successes, int failures)
{
    for (int i = 0; i < successes + failures; i++) {
        plurum_outcome o = said(id, i < successes, text, vector);
        OK(report(&o, NULL));
    }
}

/* Documents that nothing tells apart. */
static void setup(void)
{
    begin();
    for (int i = 0; i < 4; i++)
        put_vector((const char *const[]){"a", "b", "c", "d"}[i], "restore a backup", 1, 1);
}

static plurum_query asked(const char *text, const float *vector)
{
    plurum_query q = query(text);
    q.vector = vector;
    q.dim = vector ? DIM : 0;
    return q;
}

static plurum_results *ask(const char *text, const float *vector)
{
    plurum_query q = asked(text, vector);
    return search(&q);
}

/* What a query heard of a document. */
static plurum_explain heard(const char *text, const float *vector, const char *key)
{
    plurum_results *results = ask(text, vector);
    plurum_explain e = *hit_of(results, key)->explain;
    plurum_results_free(results);
    return e;
}

static int is_heard(const char *text, const float *vector, const char *key)
{
    plurum_explain e = heard(text, vector, key);
    return e.alike_successes + e.alike_failures > 0;
}

/* Scores and order of an answer, to the bit. */
static char *bits(const plurum_query *q)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    plurum_results *results = search(q);
    for (size_t i = 0; i < plurum_results_count(results); i++) {
        const plurum_hit *h = plurum_results_hit(results, i);
        fprintf(out, "%s %a %a\n", h->key, h->score, h->trust->boost);
    }
    plurum_results_free(results);
    fclose(out);
    return text;
}

START_TEST(what_works_for_one_query_is_first_for_it_and_last_where_it_fails)
{
    reports("c", NULL, EAST, 3, 0);
    reports("c", NULL, NORTH, 0, 3);
    plurum_results *results = ask("restore", EAST);
    ck_assert_str_eq(plurum_results_hit(results, 0)->key, "c");
    plurum_results_free(results);
    results = ask("restore", NORTH);
    const plurum_hit *last = plurum_results_hit(results, 3);
    ck_assert_str_eq(last->key, "c");
    ck_assert_double_lt(last->explain->alike_trust, 0.5); /* the prior                    */
    ck_assert_double_eq_tol(last->trust->trust, 0.5, 0.01); /* what all say is as it was */
    plurum_results_free(results);
}
END_TEST

START_TEST(a_report_counts_by_how_like_its_query_is)
{
    static const float SLANTED[DIM] = {127, 64, 0, 0}; /* which an 8-bit code keeps as it is */
    double pivot = plurum_index_configuration(opened)->traits->pivot;
    double cosine = 127 / sqrt(127 * 127 + 64 * 64);
    double share = (0.4 + 0.6 * (cosine - pivot) / (1 - pivot) - 0.55) / 0.45;
    reports("a", "another query", SLANTED, 4, 2);
    plurum_results *results = ask("restore", EAST);
    const plurum_hit *hit = hit_of(results, "a");
    const plurum_explain *e = hit->explain;
    ck_assert_double_eq_tol(e->alike_successes, 4 * share, 1e-9);
    ck_assert_double_eq_tol(e->alike_failures, 2 * share, 1e-9);
    double trust = (K * elsewhere(hit->trust->trust) + 4 * share) / (K + 6 * share);
    ck_assert_double_eq_tol(e->alike_trust, trust, 1e-9);
    ck_assert_double_eq_tol(e->boost, 0.2 + 0.8 * ((1 - e->noise) * trust + e->noise / 2), 1e-9);
    ck_assert_double_eq_tol(hit->score, hit->relevance * e->boost, 1e-12);
    ck_assert_double_eq_tol(e->text + e->vector + e->tools + e->trust, hit->score, 1e-9);
    plurum_results_free(results);
}
END_TEST

START_TEST(without_vectors_only_the_same_words_are_alike)
{
    reports("a", "Restore\xC2\xA0the Backup", NULL, 1, 0);
    ck_assert(is_heard("restore the backup", NULL, "a"));
    ck_assert(is_heard("restore the backup", EAST, "a")); /* of which the report has none */
    ck_assert(!is_heard("restore the backups", NULL, "a"));
    ck_assert(!is_heard("restore", EAST, "a"));
    reports("b", "restore the backup", NORTH, 1, 0);
    ck_assert(is_heard("restore the backup", NULL, "b"));
    ck_assert(!is_heard("restore the backup", EAST, "b")); /* its vector says otherwise */
    ck_assert_double_eq(heard("restore", EAST, "a").told, 0); /* words alone tell nothing apart */
    ck_assert_double_eq(heard("restore", EAST, "b").told, 1);
}
END_TEST

START_TEST(reports_for_other_queries_count_as_the_weight_told_says)
{
    plurum_weights *weights;
    plurum_query q = asked("restore", EAST);
    reports("a", NULL, NORTH, 6, 0);
    OK(plurum_weights_new(&weights, &error));
    q.weights = weights;
    for (double rest = 0; rest <= 1; rest += 0.25) {
        OK(plurum_weights_set(weights, "told", rest, &error));
        plurum_results *results = search(&q);
        const plurum_hit *hit = hit_of(results, "a");
        ck_assert_double_gt(hit->trust->trust, 0.7);
        ck_assert_double_eq_tol(hit->explain->alike_trust, 0.5 + rest * (hit->trust->trust - 0.5), 1e-12);
        plurum_results_free(results);
    }
    plurum_weights_free(weights);
}
END_TEST

START_TEST(with_its_weight_at_most_nothing_is_looked_for)
{
    plurum_weights *weights;
    plurum_query q = asked("restore", EAST);
    reports("b", NULL, NULL, 5, 1);
    OK(plurum_weights_new(&weights, &error));
    q.weights = weights;
    char *silent = bits(&q);
    end_world();
    setup();
    reports("b", "restore", EAST, 5, 1);
    char *told = bits(&q);
    ck_assert_str_ne(told, silent);
    free(told);
    OK(plurum_weights_set(weights, "alike", 1e6, &error));
    told = bits(&q);
    ck_assert_str_eq(told, silent);
    FAILS(plurum_weights_set(weights, "alike", 0, &error), PLURUM_INVALID, "alike: 0");
    free(told);
    free(silent);
    plurum_weights_free(weights);
}
END_TEST

START_TEST(the_weight_says_how_much_the_trust_of_all_counts)
{
    plurum_weights *weights;
    plurum_query q = asked("restore", EAST);
    reports("a", NULL, EAST, 3, 1);
    reports("a", NULL, NORTH, 0, 4);
    OK(plurum_weights_new(&weights, &error));
    q.weights = weights;
    for (double k = 0.1; k < 1e6; k *= 10) {
        OK(plurum_weights_set(weights, "alike", k, &error));
        plurum_results *results = search(&q);
        const plurum_hit *hit = hit_of(results, "a");
        ck_assert_double_eq_tol(hit->explain->alike_trust, (k * elsewhere(hit->trust->trust) + 3) / (k + 4), 1e-12);
        plurum_results_free(results);
    }
    plurum_weights_free(weights);
}
END_TEST

START_TEST(the_environment_is_heard_first)
{
    plurum_outcome here = said("a", 1, NULL, NULL), like = said("a", 0, NULL, EAST);
    here.agent = "anna";
    here.env_fingerprint = "{\"os\":\"linux\"}";
    OK(report(&here, NULL));
    OK(report(&like, NULL));
    plurum_query q = asked("restore", EAST);
    q.environment = "{\"os\":\"linux\"}";
    plurum_results *results = search(&q);
    const plurum_hit *hit = hit_of(results, "a");
    ck_assert_double_eq_tol(hit->explain->told, 0.5, 1e-12); /* one of two says what was asked */
    double trust = 0.5 + (1 - 0.5 * 0.75) * (hit->trust->trust - 0.5);
    trust = (8 * trust + 1) / 9;
    ck_assert_double_eq_tol(hit->explain->here_trust, trust, 1e-12);
    ck_assert_double_eq_tol(hit->explain->alike_trust, K * trust / (K + 1), 1e-12);
    plurum_results_free(results);
}
END_TEST

START_TEST(explanations_name_the_reports_for_queries_like_it)
{
    char *text;
    reports("a", NULL, EAST, 2, 1);
    plurum_results *results = ask("restore", EAST);
    OK(plurum_results_json(&text, results, 1, &error));
    json_t *answer = json_loads(text, 0, NULL);
    const json_t *first = json_array_get(json_object_get(answer, "results"), 0);
    const json_t *alike = json_object_get(json_object_get(first, "explain"), "alike");
    ck_assert_double_eq_tol(number(alike, "successes"), 2, 1e-12);
    ck_assert_double_eq_tol(number(alike, "failures"), 1, 1e-12);
    ck_assert_double_eq_tol(number(alike, "trust"), (K * elsewhere(number(first, "trust_score")) + 2) / (K + 3), 1e-12);
    ck_assert_double_eq_tol(number(alike, "told"), 1, 1e-12);
    const json_t *second = json_array_get(json_object_get(answer, "results"), 1);
    ck_assert_ptr_null(json_object_get(json_object_get(second, "explain"), "alike"));
    json_decref(answer);
    plurum_text_free(text);
    plurum_results_free(results);
}
END_TEST

START_TEST(what_does_not_count_does_not_count_here_either)
{
    plurum_document d = document("own", "restore a backup");
    d.owner = "author";
    put(&d);
    plurum_outcome o = said("own", 1, "restore", EAST);
    o.agent = "author";
    OK(report(&o, NULL));
    ck_assert(!is_heard("restore", EAST, "own"));
}
END_TEST

START_TEST(the_history_tells_what_was_asked_and_a_restart_keeps_it)
{
    plurum_history *history;
    reports("a", "restore it quickly", EAST, 1, 0);
    reopen();
    OK(plurum_index_history(&history, opened, "a", PLURUM_TIME_UNSET, &error));
    ck_assert_str_eq(plurum_history_event(history, 0)->query, "restore it quickly");
    plurum_history_free(history);
    ck_assert(is_heard("anything", EAST, "a"));
    verify_is_clean();
}
END_TEST

START_TEST(it_goes_with_an_agent_that_is_forgotten)
{
    plurum_outcome o = said("a", 1, "restore", EAST);
    o.agent = "visitor";
    OK(report(&o, NULL));
    ck_assert(is_heard("restore", EAST, "a"));
    OK(plurum_index_forget(NULL, opened, "visitor", NULL, &error));
    ck_assert(!is_heard("restore", EAST, "a"));
}
END_TEST

START_TEST(of_very_many_outcomes_five_hundred_are_compared)
{
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    for (int i = 0; i < 620; i++) {
        char agent[16];
        snprintf(agent, sizeof agent, "many-%03d", i);
        plurum_outcome o = said("a", i % 2, NULL, EAST);
        o.agent = agent;
        OK(plurum_batch_outcome(batch, &o, &error));
    }
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    plurum_explain e = heard("restore", EAST, "a");
    ck_assert_double_eq_tol(e.alike_successes, 250, 1e-9);
    ck_assert_double_eq_tol(e.alike_failures, 250, 1e-9);
}
END_TEST

START_TEST(a_query_that_cannot_be_kept_is_refused)
{
    static const float NOWHERE[DIM] = {0}, INFINITE[DIM] = {INFINITY};
    plurum_outcome o = said("a", 1, "token ghp_abcdefghijklmnopqrstuvwxyz0123456789", NULL);
    FAILS(report(&o, NULL), PLURUM_INVALID, "query: holds a secret");
    o.query = "\xFF";
    FAILS(report(&o, NULL), PLURUM_INVALID, "query: not valid UTF-8");
    o = said("a", 1, NULL, EAST);
    o.dim = DIM - 1;
    FAILS(report(&o, NULL), PLURUM_MISMATCH, "a vector of 3 dimensions");
    o = said("a", 1, NULL, NOWHERE);
    FAILS(report(&o, NULL), PLURUM_INVALID, "zero");
    o = said("a", 1, NULL, INFINITE);
    FAILS(report(&o, NULL), PLURUM_INVALID, "finite");
    ck_assert_uint_eq(stats().outcomes, 0);
}
END_TEST

START_TEST(reports_for_queries_alike_never_lift_over_more_than_one_over_the_floor)
{
    unsigned seed = 5;
    for (int i = 0; i < 40; i++) {
        char key[16];
        float vector[DIM] = {(float)(rand_r(&seed) % 100), (float)(rand_r(&seed) % 100), 1, 0};
        snprintf(key, sizeof key, "k%d", i);
        put_vector(key, rand_r(&seed) % 2 ? "restore" : "restore a volume", vector[1], 50);
        int good = rand_r(&seed) % 5, bad = good ? rand_r(&seed) % 5 : rand_r(&seed) % 2;
        reports(key, NULL, vector, good, bad);
    }
    plurum_query q = asked("restore a backup of a volume", EAST);
    q.limit = 100;
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_count(results), 44);
    lift_is_bounded(results, 0.2);
    plurum_results_free(results);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: alike");
    TCase *t = tcase_create("alike");
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, what_works_for_one_query_is_first_for_it_and_last_where_it_fails);
    tcase_add_test(t, a_report_counts_by_how_like_its_query_is);
    tcase_add_test(t, without_vectors_only_the_same_words_are_alike);
    tcase_add_test(t, reports_for_other_queries_count_as_the_weight_told_says);
    tcase_add_test(t, with_its_weight_at_most_nothing_is_looked_for);
    tcase_add_test(t, the_weight_says_how_much_the_trust_of_all_counts);
    tcase_add_test(t, the_environment_is_heard_first);
    tcase_add_test(t, explanations_name_the_reports_for_queries_like_it);
    tcase_add_test(t, what_does_not_count_does_not_count_here_either);
    tcase_add_test(t, the_history_tells_what_was_asked_and_a_restart_keeps_it);
    tcase_add_test(t, it_goes_with_an_agent_that_is_forgotten);
    tcase_add_test(t, of_very_many_outcomes_five_hundred_are_compared);
    tcase_add_test(t, a_query_that_cannot_be_kept_is_refused);
    tcase_add_test(t, reports_for_queries_alike_never_lift_over_more_than_one_over_the_floor);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
