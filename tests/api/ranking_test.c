/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ranking: that the parts of a score add up and the order is total, the tools, the pivot, and the
 * weights.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_labelled(const char *key, const char *domain, const char *tool, const char *other,
                         int64_t created_at)
{
    const char *tools[] = {tool, other};
    plurum_document d = document(key, "restore");
    d.domain = domain;
    d.tools = tools;
    d.tool_count = other ? 2 : 1;
    d.tags = tools;
    d.tag_count = 1;
    d.created_at = created_at;
    put(&d);
}

START_TEST(asked_tools_improve_relevance_and_filter_nothing)
{
    put_labelled("p", "x", "psql", "pg_dump", 1000);
    put_labelled("q", "x", "psql", NULL, 1000);
    put_labelled("r", "x", "vim", NULL, 1000);
    const char *tools[] = {"PG_DUMP", "psql", "psql", "unheard-of"};
    plurum_filter f = PLURUM_FILTER_INIT;
    f.domain = "x";
    plurum_query q = query("restore");
    q.filter = &f;
    q.tools = tools;
    q.tool_count = 4;
    static const double SHARES[] = {2.0 / 3, 1.0 / 3, 0}; /* of three different ones */
    plurum_results *results = search(&q);
    ck_assert_str_eq(keys(results), "p q r");
    for (size_t i = 0; i < 3; i++) {
        const plurum_explain *e = plurum_results_hit(results, i)->explain;
        ck_assert_double_eq_tol(e->tools_share, SHARES[i], 1e-15);
        ck_assert_double_eq(e->tools_weight, 0.2);
        ck_assert_double_eq_tol(e->tools, 0.2 * SHARES[i] / 1.2, 1e-15);
    }
    plurum_results_free(results);
    q.tool_count = 0;
    results = search(&q);
    ck_assert_double_eq(plurum_results_hit(results, 0)->explain->tools_weight, 0);
    plurum_results_free(results);
}
END_TEST

START_TEST(the_pivot_of_the_model_is_at_four_tenths)
{
    plurum_create_options options = creation();
    plurum_model_traits traits = {0.5, 0.6, 1, 1};
    end_world();
    begin_world();
    options.traits = &traits;
    create(&options);
    reopen();
    put_vector("at", "a", 0.6f, 0.8f);
    put_vector("above", "a", 0.8f, 0.6f);
    put_vector("below", "a", 0.3f, 0.953939f);
    put_vector("against", "a", -1, 0);
    static const double EXPECTED[] = {0.7, 0.4, 0.2, 0};
    plurum_query q = vector_query(EAST);
    plurum_results *results = search(&q);
    ck_assert_str_eq(keys(results), "above at below against");
    for (size_t i = 0; i < 4; i++)
        ck_assert_double_eq_tol(plurum_results_hit(results, i)->similarity, EXPECTED[i], 1e-6);
    plurum_results_free(results);
}
END_TEST

/* ---- explain and order ---- */

static int after(double a, double b) /* whether a sorts behind b; a NAN behind all */
{
    return isnan(a) ? !isnan(b) : a < b;
}

/* The parts add up, and each hit stands behind the one before in the total order. */
static void check_hits(const plurum_results *results)
{
    const plurum_hit *last = NULL;
    for (size_t i = 0; i < plurum_results_count(results); last = plurum_results_hit(results, i++)) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        const plurum_explain *e = hit->explain;
        ck_assert_double_eq_tol(e->text + e->vector + e->tools, hit->relevance, 1e-9);
        ck_assert_double_eq_tol(hit->relevance + e->trust, hit->score, 1e-9);
        ck_assert_double_eq_tol(hit->relevance * e->boost, hit->score, 1e-9);
        ck_assert(hit->relevance >= 0 && hit->relevance <= 1 + 1e-12);
        ck_assert_double_eq(e->boost, hit->trust->boost);
        if (!last) continue;
        ck_assert_double_le(hit->score, last->score);
        if (hit->score != last->score) continue;
        if (after(hit->similarity, last->similarity)) continue;
        ck_assert(!after(last->similarity, hit->similarity));
        ck_assert(hit->text_score < last->text_score ||
                  (hit->text_score == last->text_score && hit->id > last->id));
    }
}

START_TEST(the_parts_of_every_score_add_up)
{
    unsigned seed = 17;
    static const char *const WORDS[] = {"restore", "backup", "volume", "service", "database"};
    const char *tools[] = {"psql", "vim"};
    for (int i = 0; i < 40; i++) {
        char key[16], title[64];
        snprintf(key, sizeof key, "k%d", i);
        snprintf(title, sizeof title, "%s %s", WORDS[rand_r(&seed) % 5], WORDS[rand_r(&seed) % 5]);
        if (i % 4)
            put_vector(key, title, (float)(rand_r(&seed) % 9) - 4, 3);
        else
            put_labelled(key, "x", tools[i % 8 / 4], NULL, 1000 + i);
        if (i % 3) worked(key, "user");
    }
    plurum_weights *weights;
    OK(plurum_weights_new(&weights, &error));
    for (int round = 0; round < 60; round++) {
        plurum_query q = query(WORDS[rand_r(&seed) % 5]);
        q.mode = (plurum_mode)(round % 3);
        OK(plurum_weights_set(weights, "fusion", round / 3 % 7, &error));
        OK(plurum_weights_set(weights, "alpha", rand_r(&seed) % 11 / 10.0, &error));
        OK(plurum_weights_set(weights, "tools", rand_r(&seed) % 3, &error));
        OK(plurum_weights_set(weights, "floor", rand_r(&seed) % 5 / 4.0, &error));
        if (round % 5) q.vector = round % 2 ? EAST : NORTH, q.dim = DIM;
        if (round % 4) q.tools = tools, q.tool_count = (size_t)(round % 4) % 3;
        q.weights = weights;
        q.limit = 100;
        plurum_results *results = search(&q);
        check_hits(results);
        plurum_results_free(results);
    }
    plurum_weights_free(weights);
}
END_TEST

/* ---- weights ---- */

START_TEST(every_weight_is_listed_with_its_range)
{
    plurum_weights *weights;
    OK(plurum_weights_new(&weights, &error));
    ck_assert_uint_ge(plurum_weight_count(), 10);
    ck_assert_ptr_null(plurum_weight_info_at(plurum_weight_count()));
    for (size_t i = 0; i < plurum_weight_count(); i++) {
        const plurum_weight_info *info = plurum_weight_info_at(i);
        double value;
        OK(plurum_weights_get(weights, info->name, &value, &error));
        ck_assert(value == info->initial || (isnan(value) && isnan(info->initial)));
        ck_assert(info->unit[0] && info->meaning[0] && info->min < info->max);
        OK(plurum_weights_set(weights, info->name, info->min, &error));
        OK(plurum_weights_set(weights, info->name, info->max, &error));
        FAILS(plurum_weights_set(weights, info->name, info->max + 1, &error), PLURUM_INVALID,
              info->name);
        FAILS(plurum_weights_set(weights, info->name, info->min - 1, &error), PLURUM_INVALID,
              info->name);
        FAILS(plurum_weights_set_text(weights, info->name, "much", &error), PLURUM_INVALID,
              "\"much\"");
        OK(plurum_weights_get(weights, info->name, &value, &error));
        ck_assert_double_eq(value, info->max); /* nothing changes on failure */
    }
    FAILS(plurum_weights_set(weights, "gravity", 1, &error), PLURUM_NOTFOUND, "\"gravity\"");
    plurum_weights_free(weights);
    plurum_weights_free(NULL);
}
END_TEST

START_TEST(a_weights_file_is_read_whole_or_not_at_all)
{
    static const char SOUND[] = "# comment\n\n fusion = rrf # the other\nrrf_k=1e1\r\nalpha = model";
    static const char WRONG[] = "rrf_k = 7\nalpha = 0.5\nalpha = 1.5\n";
    plurum_weights *weights, *again;
    char *printed, *twice;
    double k;
    OK(plurum_weights_new(&weights, &error));
    OK(plurum_weights_parse(weights, SOUND, sizeof SOUND - 1, &error));
    OK(plurum_weights_get(weights, "rrf_k", &k, &error));
    ck_assert_double_eq(k, 10);
    FAILS(plurum_weights_parse(weights, WRONG, sizeof WRONG - 1, &error), PLURUM_INVALID,
          "alpha: 1.5, allowed are 0 to 1");
    ck_assert_uint_eq(error.position, 3);
    OK(plurum_weights_get(weights, "rrf_k", &k, &error));
    ck_assert_double_eq(k, 10);
    OK(plurum_weights_print(&printed, weights, &error));
    OK(plurum_weights_new(&again, &error));
    OK(plurum_weights_parse(again, printed, strlen(printed), &error));
    OK(plurum_weights_print(&twice, again, &error));
    ck_assert_str_eq(printed, twice);
    plurum_text_free(printed);
    plurum_text_free(twice);
    plurum_weights_free(weights);
    plurum_weights_free(again);
}
END_TEST

START_TEST(weights_change_the_order)
{
    plurum_weights *weights;
    plurum_query q = query("restart");
    q.vector = EAST;
    q.dim = DIM;
    OK(plurum_weights_new(&weights, &error));
    q.weights = weights;
    OK(plurum_weights_set_text(weights, "fusion", "minmax", &error));
    OK(plurum_weights_set(weights, "alpha", 1, &error));
    KEYS(search(&q), "both east north");
    OK(plurum_weights_set(weights, "alpha", 0, &error));
    q.limit = 1;
    KEYS(search(&q), "north");
    q.limit = 10;
    OK(plurum_weights_set(weights, "candidates", 1, &error)); /* of each leg */
    KEYS(search(&q), "north both");
    plurum_weights_free(weights);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: ranking");
    TCase *t = tcase_create("ranking");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, begin_with_four, end_world);
    tcase_add_test(t, asked_tools_improve_relevance_and_filter_nothing);
    tcase_add_test(t, the_pivot_of_the_model_is_at_four_tenths);
    tcase_add_test(t, the_parts_of_every_score_add_up);
    tcase_add_test(t, every_weight_is_listed_with_its_range);
    tcase_add_test(t, a_weights_file_is_read_whole_or_not_at_all);
    tcase_add_test(t, weights_change_the_order);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
