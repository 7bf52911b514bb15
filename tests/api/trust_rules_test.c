/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What trust does to an answer: quarantine and parole, the quality filter, the order, the bound on
 * its effect, and the moment that rules it.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void setup(void)
{
    begin();
    put_vector("bad", "restore a backup", 1, 0);
    put_vector("good", "restore a backup", 1, 0);
}

static void fail_times(const char *id, int times)
{
    for (int i = 0; i < times; i++) {
        char agent[16];
        snprintf(agent, sizeof agent, "victim-%d", i);
        failed(id, agent);
    }
}

static const char *found_by_vector(void)
{
    static const float like[DIM] = {1, 0, 0, 0};
    plurum_query q;
    plurum_query_init(&q);
    q.vector = like;
    q.dim = DIM;
    plurum_results *results = search(&q);
    const char *shown = keys(results);
    plurum_results_free(results);
    return shown;
}

static const char *listed_as(plurum_quarantine quarantine)
{
    plurum_filter f = PLURUM_FILTER_INIT;
    f.quarantine = quarantine;
    plurum_results *results = list(NULL, &f);
    const char *shown = keys(results);
    plurum_results_free(results);
    return shown;
}

static int quarantined(const char *id)
{
    json_t *object = get(id, NULL);
    int is = json_is_true(json_object_get(object, "quarantined"));
    json_decref(object);
    return is;
}

/* ---- quarantine ---- */

START_TEST(three_failures_hide_a_document_everywhere_but_by_its_id)
{
    fail_times("bad", 2);
    ck_assert_str_eq(found("restore"), "good bad");
    ck_assert_int_eq(quarantined("bad"), 0);
    failed("bad", "the third");
    ck_assert_str_eq(found("restore"), "good");
    ck_assert_str_eq(found_by_vector(), "good");
    ck_assert_str_eq(listed(), "good");
    ck_assert_int_eq(quarantined("bad"), 1);
    ck_assert_uint_eq(stats().quarantined, 1);
    ck_assert_str_eq(listed_as(PLURUM_QUARANTINE_SHOW), "good bad");
    ck_assert_str_eq(listed_as(PLURUM_QUARANTINE_ONLY), "bad");
    clock_now += 3650 * DAY; /* for good, until a success comes */
    ck_assert_str_eq(found("restore"), "good");
    reopen();
    ck_assert_str_eq(found("restore"), "good");
}
END_TEST

START_TEST(the_operator_and_the_owner_do_not_see_it_in_results_either)
{
    plurum_document d = document("own", "restore a backup");
    d.owner = "author";
    put(&d);
    fail_times("own", 3);
    plurum_viewer author = viewer_of("author");
    plurum_query q = query("restore");
    q.viewer = &author;
    KEYS(search(&q), "bad good");
    q.viewer = &OPERATOR;
    KEYS(search(&q), "bad good");
    KEYS(list(&OPERATOR, NULL), "good bad");
}
END_TEST

START_TEST(warnings_are_the_known_dead_ends_of_a_query)
{
    put_text("elsewhere", "something else");
    fail_times("bad", 3);
    fail_times("elsewhere", 4);
    plurum_query q = query("restore");
    q.warnings = 5;
    plurum_results *results = search(&q);
    ck_assert_str_eq(keys(results), "good");
    ck_assert_uint_eq(plurum_results_total(results), 1);
    ck_assert_uint_eq(plurum_results_warning_count(results), 1);
    const plurum_hit *warning = plurum_results_warning(results, 0);
    ck_assert_str_eq(warning->key, "bad");
    ck_assert_int_eq(warning->trust->quarantined, 1);
    ck_assert_ptr_nonnull(strstr(warning->json, "\"quarantined\":true"));
    ck_assert_ptr_null(plurum_results_warning(results, 1));
    plurum_results_free(results);
    q.warnings = 0;
    results = search(&q);
    ck_assert_uint_eq(plurum_results_warning_count(results), 0);
    plurum_results_free(results);
}
END_TEST

START_TEST(dead_ends_that_match_nothing_are_no_warnings)
{
    const float east[DIM] = {1, 0, 0, 0};
    put_vector("near", "prune a volume", 4, 1);
    put_vector("far", "restart a service", -1, 0);
    fail_times("near", 3);
    fail_times("far", 3);
    plurum_query q = query("prune");
    q.vector = east;
    q.dim = DIM;
    q.warnings = 5;
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_warning_count(results), 1);
    ck_assert_str_eq(plurum_results_warning(results, 0)->key, "near");
    plurum_results_free(results);
}
END_TEST

START_TEST(warnings_pass_viewer_and_filters)
{
    plurum_document d = document("secret", "restore a backup");
    d.visibility = PLURUM_PRIVATE;
    d.owner = "author";
    put(&d);
    fail_times("bad", 3);
    fail_times("secret", 3);
    plurum_query q = query("restore");
    plurum_filter f = PLURUM_FILTER_INIT;
    q.warnings = 5;
    plurum_results *results = search(&q);
    ck_assert_uint_eq(plurum_results_warning_count(results), 1);
    plurum_results_free(results);
    q.viewer = &OPERATOR;
    results = search(&q);
    ck_assert_uint_eq(plurum_results_warning_count(results), 2);
    plurum_results_free(results);
    q.warnings = 1;
    results = search(&q);
    ck_assert_uint_eq(plurum_results_warning_count(results), 1);
    plurum_results_free(results);
    f.domain = "no such domain";
    q.filter = &f;
    results = search(&q);
    ck_assert_uint_eq(plurum_results_warning_count(results), 0);
    plurum_results_free(results);
}
END_TEST

START_TEST(one_success_frees_a_document_for_good)
{
    fail_times("bad", 3);
    worked("bad", "the lucky one");
    ck_assert_str_eq(found("restore"), "good bad");
    ck_assert_int_eq(quarantined("bad"), 0);
    for (int i = 10; i < 20; i++) {
        char agent[16];
        snprintf(agent, sizeof agent, "later-%d", i);
        failed("bad", agent);
    }
    ck_assert_str_eq(found("restore"), "good bad");
    ck_assert_uint_eq(stats().quarantined, 0);
}
END_TEST

START_TEST(neither_the_authors_success_nor_its_failures_count)
{
    plurum_document d = document("own", "prune a volume");
    d.owner = "author";
    put(&d);
    failed("own", "author");
    fail_times("own", 2);
    ck_assert_str_eq(found("prune"), "own");
    failed("own", "the third");
    ck_assert_str_eq(found("prune"), "");
    d.key = "other";
    put(&d);
    fail_times("other", 3);
    worked("other", "author");
    ck_assert_str_eq(found("prune"), "");
}
END_TEST

START_TEST(votes_quarantine_nothing)
{
    char agent[16];
    for (int i = 0; i < 20; i++) {
        snprintf(agent, sizeof agent, "critic-%d", i);
        OK(vote("bad", agent, -1, NULL));
    }
    ck_assert_str_eq(found("restore"), "good bad");
}
END_TEST

START_TEST(a_replacement_stays_in_quarantine_and_a_new_document_does_not)
{
    fail_times("bad", 3);
    put_vector("bad", "restore a backup, mended", 1, 0);
    ck_assert_str_eq(found("restore"), "good");
    OK(delete_document("bad", NULL));
    put_vector("bad", "restore a backup", 1, 0);
    ck_assert_str_eq(listed(), "bad good");
}
END_TEST

static void begin_with(double margin, int newcomers, uint32_t failures)
{
    plurum_create_options options = creation();
    plurum_trust_config trust;
    plurum_trust_config_init(&trust);
    trust.quarantine_margin = margin;
    trust.quarantine_failures = failures;
    options.trust = &trust;
    options.newcomer_weights = newcomers;
    end_world();
    begin_world();
    create(&options);
    reopen();
    put_vector("bad", "restore a backup", 1, 0);
}

START_TEST(parole_lets_a_document_back_when_its_failures_have_faded)
{
    begin_with(0.5, 0, 3);
    fail_times("bad", 3);
    ck_assert_str_eq(found("restore"), "");
    /* 3·2^(-d/90) < 2.5 after 23.7 days */
    clock_now += 23 * DAY;
    ck_assert_str_eq(found("restore"), "");
    ck_assert_uint_eq(stats().quarantined, 1);
    clock_now += DAY;
    ck_assert_str_eq(found("restore"), "bad");
    ck_assert_str_eq(listed(), "bad");
    ck_assert_uint_eq(stats().quarantined, 0);
    plurum_query q = query("restore");
    q.now = NEW_YEAR + DAY; /* the query's now rules, not the clock */
    KEYS(search(&q), "");
    failed("bad", "one more");
    ck_assert_str_eq(found("restore"), "");
    reopen();
    ck_assert_str_eq(found("restore"), "");
    verify_is_clean();
}
END_TEST

START_TEST(failures_of_newcomers_weigh_too_little_to_quarantine)
{
    begin_with(INFINITY, 1, 3);
    fail_times("bad", 6); /* 6 × .4 = 2.4 */
    ck_assert_str_eq(found("restore"), "bad");
    failed("bad", "the seventh");
    ck_assert_str_eq(found("restore"), "");
}
END_TEST

START_TEST(no_failures_quarantine_where_the_configuration_says_so)
{
    begin_with(INFINITY, 0, 0);
    fail_times("bad", 30);
    ck_assert_str_eq(found("restore"), "bad");
}
END_TEST

/* ---- quality ---- */

START_TEST(min_quality_keeps_newcomers_up_to_the_prior)
{
    plurum_query q = query("restore");
    plurum_filter f = PLURUM_FILTER_INIT;
    q.filter = &f;
    f.min_quality = 0.5;
    KEYS(search(&q), "bad good");
    f.min_quality = nextafter(0.5, 1);
    KEYS(search(&q), "");
    worked("good", "user");
    KEYS(search(&q), "good");
    KEYS(list(NULL, &f), "good");
    f.min_quality = trust_of("good");
    KEYS(search(&q), "good");
    f.min_quality = nextafter(f.min_quality, 1);
    KEYS(search(&q), "");
}
END_TEST

START_TEST(min_confidence_leaves_out_the_silent)
{
    plurum_document d = document("sure", "restore a backup");
    d.confidence = 0.75;
    put(&d);
    plurum_filter f = PLURUM_FILTER_INIT;
    f.min_confidence = 0.75;
    KEYS(list(NULL, &f), "sure");
    f.min_confidence = 0.76;
    KEYS(list(NULL, &f), "");
}
END_TEST

/* ---- order ---- */

START_TEST(of_equally_relevant_documents_the_proven_one_is_first)
{
    ck_assert_str_eq(found("restore"), "bad good"); /* a tie: by internal id */
    worked("good", "user");
    ck_assert_str_eq(found("restore"), "good bad");
    ck_assert_str_eq(found_by_vector(), "good bad");
    failed("good", "another");
    failed("good", "a third");
    ck_assert_str_eq(found("restore"), "bad good");
}
END_TEST

/* The bound: with floor a, trust alone never lifts a result over one 1/a times as relevant. */
static void check_bound(const plurum_results *results, double a)
{
    for (size_t i = 0; i < plurum_results_count(results); i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        ck_assert_double_ge(hit->explain->boost, a);
        ck_assert_double_le(hit->explain->boost, 1.0);
        for (size_t j = 0; j < i; j++) {
            const plurum_hit *above = plurum_results_hit(results, j);
            ck_assert_double_ge(above->relevance, hit->relevance * a);
        }
    }
}

START_TEST(trust_never_lifts_over_more_than_one_over_the_floor)
{
    unsigned seed = 2026;
    char key[16], title[200];
    for (int i = 0; i < 60; i++) {
        title[0] = '\0';
        for (int w = rand_r(&seed) % 6 + 1; w > 0; w--)
            sprintf(title + strlen(title), "%s ", (const char *const[]){"restore", "backup",
                    "database", "volume", "network", "kernel"}[rand_r(&seed) % 6]);
        snprintf(key, sizeof key, "k%d", i);
        put_vector(key, title, (float)(rand_r(&seed) % 100), 50);
        for (int r = rand_r(&seed) % 12; r > 0; r--) {
            char agent[16];
            snprintf(agent, sizeof agent, "a%d", r);
            if (i % 3) worked(key, agent);
            else if (r < 3) failed(key, agent);
        }
    }
    static const double FLOORS[] = {0, 0.1, 1.0 / 3.0, 0.9, 1};
    static const char *const FUSIONS[] = {"minmax", "rrf", "adaptive"};
    static const float like[DIM] = {1, 0.5f, 0, 0};
    plurum_weights *weights;
    OK(plurum_weights_new(&weights, &error));
    for (int i = 0; i < 15; i++) {
        OK(plurum_weights_set(weights, "floor", FLOORS[i / 3], &error));
        OK(plurum_weights_set_text(weights, "fusion", FUSIONS[i % 3], &error));
        plurum_query q = query("restore a backup of the database");
        q.vector = like;
        q.dim = DIM;
        q.limit = 100;
        q.weights = weights;
        plurum_results *results = search(&q);
        ck_assert_uint_gt(plurum_results_count(results), 50);
        check_bound(results, FLOORS[i / 3]);
        plurum_results_free(results);
    }
    plurum_weights_free(weights);
}
END_TEST

START_TEST(an_unproven_document_can_be_given_the_benefit_of_doubt)
{
    plurum_weights *weights;
    OK(plurum_weights_new(&weights, &error));
    OK(plurum_weights_set(weights, "explore", 1, &error));
    OK(plurum_weights_set(weights, "gate", 0, &error));
    worked("good", "one");
    failed("good", "two");
    plurum_query q = query("restore");
    q.weights = weights;
    plurum_results *results = search(&q);
    const plurum_hit *first = plurum_results_hit(results, 0);
    ck_assert_str_eq(first->key, "bad"); /* same trust, less known: more hope */
    double hope = first->trust->trust + first->trust->sd;
    ck_assert_double_eq_tol(first->explain->boost, 0.2 + 0.8 * hope, 1e-12);
    plurum_results_free(results);
    plurum_weights_free(weights);
}
END_TEST

/* What the first hit says of the reports. */
static double noise(void)
{
    plurum_query q = query("restore");
    plurum_results *results = search(&q);
    const plurum_hit *first = plurum_results_hit(results, 0);
    double said = first->explain->noise, trust = (1 - said) * first->trust->trust + said / 2;
    ck_assert_double_eq_tol(first->explain->boost, 0.2 + 0.8 * trust, 1e-12);
    plurum_results_free(results);
    return said;
}

START_TEST(reports_count_as_far_as_they_tell_documents_apart)
{
    static const char *const AGENTS[] = {"a", "b", "c", "d"};
    ck_assert_double_eq_tol(noise(), 0.5, 1e-12);
    for (int i = 0; i < 80; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        put_vector(key, "restore a backup", (float)i, 50);
        for (int a = 0; a < 4; a++) /* 2 of 4 each: as alike as can be */
            if (a % 2) worked(key, AGENTS[a]);
            else failed(key, AGENTS[a]);
    }
    ck_assert_double_gt(noise(), 0.99);
    for (int i = 0; i < 80; i++) { /* then each works always, or never again */
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        for (int a = 0; a < 8; a++) {
            char agent[16];
            snprintf(agent, sizeof agent, "later%d", a);
            if (i % 2) worked(key, agent);
            else failed(key, agent);
        }
    }
    ck_assert_double_lt(noise(), 0.01);
    for (int i = 0; i < 80; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        OK(delete_document(key, NULL));
    }
    ck_assert_double_eq_tol(noise(), 0.5, 1e-12);
}
END_TEST

/* ---- the moment ---- */

START_TEST(a_query_is_ruled_by_the_full_hour_or_the_moment_it_names)
{
    worked("good", "user");
    clock_now = NEW_YEAR + 5 * DAY + 3599;
    plurum_query q = query("restore");
    plurum_results *results = search(&q);
    ck_assert_int_eq(plurum_results_now(results), NEW_YEAR + 5 * DAY);
    double five_days = plurum_results_hit(results, 0)->trust->trust;
    plurum_results_free(results);
    ck_assert_double_eq(five_days, trust_of("good"));
    q.now = NEW_YEAR + 90 * DAY + 17;
    results = search(&q);
    ck_assert_int_eq(plurum_results_now(results), q.now);
    ck_assert_double_lt(plurum_results_hit(results, 0)->trust->trust, five_days);
    plurum_results_free(results);
    q.now = NEW_YEAR - DAY; /* before the newest event: the score at that */
    results = search(&q);
    ck_assert_double_eq_tol(plurum_results_hit(results, 0)->trust->trust, 2.0 / 3, 1e-12);
    plurum_results_free(results);
    results = list(NULL, NULL);
    ck_assert_int_eq(plurum_results_now(results), NEW_YEAR + 5 * DAY);
    plurum_results_free(results);
}
END_TEST

START_TEST(half_a_life_halves_what_is_known)
{
    worked("good", "user");
    plurum_history *h;
    OK(plurum_index_history(&h, opened, "good", NEW_YEAR + 90 * DAY, &error));
    ck_assert_double_eq_tol(plurum_history_score(h)->report_alpha, 0.5, 1e-12);
    ck_assert_double_eq_tol(plurum_history_score(h)->trust, 1.5 / 2.5, 1e-12);
    plurum_history_free(h);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: trust");
    TCase *t = tcase_create("rules");
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, three_failures_hide_a_document_everywhere_but_by_its_id);
    tcase_add_test(t, the_operator_and_the_owner_do_not_see_it_in_results_either);
    tcase_add_test(t, warnings_are_the_known_dead_ends_of_a_query);
    tcase_add_test(t, dead_ends_that_match_nothing_are_no_warnings);
    tcase_add_test(t, warnings_pass_viewer_and_filters);
    tcase_add_test(t, one_success_frees_a_document_for_good);
    tcase_add_test(t, neither_the_authors_success_nor_its_failures_count);
    tcase_add_test(t, votes_quarantine_nothing);
    tcase_add_test(t, a_replacement_stays_in_quarantine_and_a_new_document_does_not);
    tcase_add_test(t, parole_lets_a_document_back_when_its_failures_have_faded);
    tcase_add_test(t, failures_of_newcomers_weigh_too_little_to_quarantine);
    tcase_add_test(t, no_failures_quarantine_where_the_configuration_says_so);
    tcase_add_test(t, min_quality_keeps_newcomers_up_to_the_prior);
    tcase_add_test(t, min_confidence_leaves_out_the_silent);
    tcase_add_test(t, of_equally_relevant_documents_the_proven_one_is_first);
    tcase_add_test(t, trust_never_lifts_over_more_than_one_over_the_floor);
    tcase_add_test(t, an_unproven_document_can_be_given_the_benefit_of_doubt);
    tcase_add_test(t, reports_count_as_far_as_they_tell_documents_apart);
    tcase_add_test(t, a_query_is_ruled_by_the_full_hour_or_the_moment_it_names);
    tcase_add_test(t, half_a_life_halves_what_is_known);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
