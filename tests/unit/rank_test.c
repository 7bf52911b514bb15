/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rank room: each fusion method against its formula written plainly, the arithmetic of an
 * explanation, the total order, the bound on trust, and the weights table.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "rank/fuse.h"

static plurum_weights weights;
static plurum_error error;

static void setup(void)
{
    pli_weights_init(&weights);
}

static double random_unit(unsigned *seed)
{
    return rand_r(seed) / (double)RAND_MAX;
}

/* Candidates as two legs would give them: some without a vector, some without a term. */
static size_t random_candidates(pli_candidate *c, size_t most, unsigned *seed)
{
    size_t n = 1 + (size_t)rand_r(seed) % most;
    for (size_t i = 0; i < n; i++) {
        memset(&c[i], 0, sizeof c[i]);
        c[i].id = (uint32_t)(i * 3 + 1);
        c[i].text = rand_r(seed) % 4 ? 10.0 * random_unit(seed) : 0.0;
        c[i].text_rank = c[i].text > 0 && rand_r(seed) % 2 ? 1 + (uint32_t)rand_r(seed) % 100 : 0;
        c[i].cosine = rand_r(seed) % 5 ? 2.0 * random_unit(seed) - 1.0 : NAN;
        c[i].similarity = isnan(c[i].cosine) ? NAN : fmax(0.0, c[i].cosine);
        c[i].vector_rank =
            !isnan(c[i].cosine) && rand_r(seed) % 2 ? 1 + (uint32_t)rand_r(seed) % 100 : 0;
        c[i].tools_share = (double)(rand_r(seed) % 3) / 2.0;
        c[i].trust.boost = 1.0 / 3.0 + 2.0 / 3.0 * random_unit(seed);
    }
    return n;
}

/* The relevance that the definition gives, computed from all candidates again each time. */
static double plain_minmax(const pli_candidate *all, size_t n, const pli_candidate *c,
                           const pli_fusion_input *in)
{
    double t = 0, v = 0, highest = 0, low = 9, high = -9;
    for (size_t i = 0; i < n; i++) {
        highest = fmax(highest, all[i].text);
        if (!isnan(all[i].cosine)) low = fmin(low, all[i].cosine), high = fmax(high, all[i].cosine);
    }
    if (highest > 0) t = c->text / highest;
    if (!isnan(c->cosine)) v = high == low ? 1 : (c->cosine - low) / (high - low);
    double a = !in->text_active ? 1 : !in->vector_active ? 0 : in->alpha;
    return a * v + (1 - a) * t;
}

static double plain_rrf(const pli_candidate *c, const pli_fusion_input *in)
{
    double k = weights.value[PLI_W_RRF_K];
    double wt = in->text_active ? weights.value[PLI_W_RRF_TEXT] : 0;
    double wv = in->vector_active ? weights.value[PLI_W_RRF_VECTOR] : 0;
    double sum = 0;
    if (c->text_rank) sum += wt / (k + c->text_rank);
    if (c->vector_rank) sum += wv / (k + c->vector_rank);
    return sum / ((wt + wv) / (k + 1));
}

START_TEST(every_method_equals_its_definition_and_explains_itself)
{
    unsigned seed = 11;
    static pli_candidate c[60], before[60];
    for (int round = 0; round < 2000; round++) {
        size_t n = random_candidates(c, 60, &seed);
        memcpy(before, c, n * sizeof *c);
        pli_fusion_input in = {&weights, random_unit(&seed), rand_r(&seed) % 4 > 0, 1,
                               rand_r(&seed) % 2};
        if (in.text_active) in.vector_active = rand_r(&seed) % 4 > 0;
        weights.value[PLI_W_FUSION] = round % PLI_FUSION_COUNT;
        weights.value[PLI_W_RRF_TEXT] = .5 + random_unit(&seed);
        weights.value[PLI_W_RRF_VECTOR] = .5 + random_unit(&seed);
        pli_rank(c, n, &in);
        for (size_t i = 0; i < n; i++) {
            const plurum_explain *e = &c[i].explain;
            double w = in.tools_asked ? .2 : 0;
            double fused = round % PLI_FUSION_COUNT ? plain_rrf(&c[i], &in)
                                                    : plain_minmax(before, n, &c[i], &in);
            ck_assert_double_eq_tol(c[i].relevance, (fused + w * c[i].tools_share) / (1 + w), 1e-12);
            ck_assert_double_eq_tol(e->text + e->vector + e->tools, c[i].relevance, 1e-12);
            ck_assert_double_eq_tol(e->text + e->vector + e->tools + e->trust, c[i].score, 1e-12);
            ck_assert_double_ge(c[i].relevance, 0);
            ck_assert_double_le(c[i].relevance, 1 + 1e-12);
            if (i) ck_assert_int_lt(pli_rank_compare(&c[i - 1], &c[i]), 0);
        }
    }
}
END_TEST

START_TEST(ties_are_broken_by_similarity_then_text_then_id)
{
    pli_candidate c[5];
    memset(c, 0, sizeof c);
    for (int i = 0; i < 5; i++) c[i].score = 1, c[i].id = (uint32_t)i + 1, c[i].similarity = .5;
    c[0].similarity = NAN;
    c[1].text = 1;
    c[2].text = 2;
    ck_assert_int_gt(pli_rank_compare(&c[0], &c[1]), 0); /* none comes last */
    ck_assert_int_gt(pli_rank_compare(&c[1], &c[2]), 0);
    ck_assert_int_lt(pli_rank_compare(&c[3], &c[4]), 0);
    ck_assert_int_eq(pli_rank_compare(&c[3], &c[3]), 0);
    c[0].score = 2;
    ck_assert_int_lt(pli_rank_compare(&c[0], &c[2]), 0);
}
END_TEST

START_TEST(trust_never_lifts_over_more_than_one_over_a)
{
    unsigned seed = 5;
    static pli_candidate c[60];
    plurum_trust_config config;
    plurum_trust_config_init(&config);
    config.floor = weights.value[PLI_W_FLOOR];
    for (int round = 0; round < 300; round++) {
        size_t n = random_candidates(c, 60, &seed);
        for (size_t i = 0; i < n; i++) {
            double trust = random_unit(&seed);
            c[i].trust.boost = config.floor + (1 - config.floor) * trust;
        }
        pli_fusion_input in = {&weights, .5, 1, 1, 0};
        pli_rank(c, n, &in);
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                ck_assert_double_le(c[j].relevance * config.floor, c[i].relevance + 1e-12);
    }
}
END_TEST

START_TEST(weights_are_set_by_name_and_within_their_range)
{
    double value;
    ck_assert_int_eq(plurum_weights_set(&weights, "rrf_k", 10, &error), PLURUM_OK);
    ck_assert_int_eq(plurum_weights_get(&weights, "rrf_k", &value, &error), PLURUM_OK);
    ck_assert_double_eq(value, 10);
    ck_assert_int_eq(plurum_weights_set(&weights, "rrf_k", -1, &error), PLURUM_INVALID);
    ck_assert_str_eq(error.text, "rrf_k: -1, allowed are 0 to 1000");
    ck_assert_int_eq(plurum_weights_set(&weights, "rrf_k", NAN, &error), PLURUM_INVALID);
    ck_assert_int_eq(plurum_weights_set(&weights, "alpha", NAN, &error), PLURUM_OK);
    ck_assert_int_eq(plurum_weights_set(&weights, "candidates", 2.5, &error), PLURUM_INVALID);
    ck_assert_int_eq(plurum_weights_set(&weights, "nonsense", 1, &error), PLURUM_NOTFOUND);
    ck_assert_int_eq(plurum_weights_set_text(&weights, "fusion", "rrf", &error), PLURUM_OK);
    ck_assert_double_eq(weights.value[PLI_W_FUSION], 1);
    ck_assert_int_eq(plurum_weights_set_text(&weights, "fusion", "magic", &error), PLURUM_INVALID);
    ck_assert_str_eq(error.text, "fusion: \"magic\", minmax or rrf expected");
    ck_assert_int_eq(plurum_weights_set_text(&weights, "tools", ".3", &error), PLURUM_INVALID);
    ck_assert_double_eq(weights.value[PLI_W_TOOLS], .2);
}
END_TEST

START_TEST(a_weights_file_is_read_whole_or_not_at_all)
{
    static const char GOOD[] = "# mine\n\n fusion = rrf # comment\nalpha=0.25\r\nfloor = 5e-1";
    ck_assert_int_eq(plurum_weights_parse(&weights, GOOD, sizeof GOOD - 1, &error), PLURUM_OK);
    ck_assert_double_eq(weights.value[PLI_W_ALPHA], .25);
    ck_assert_double_eq(weights.value[PLI_W_FLOOR], .5);
    static const char BAD[] = "alpha = 0.5\nalpha 0.7\n";
    ck_assert_int_eq(plurum_weights_parse(&weights, BAD, sizeof BAD - 1, &error), PLURUM_INVALID);
    ck_assert_uint_eq(error.position, 2);
    ck_assert_double_eq(weights.value[PLI_W_ALPHA], .25);
}
END_TEST

START_TEST(printed_weights_read_back_the_same)
{
    unsigned seed = 3;
    for (int round = 0; round < 50; round++) {
        plurum_weights back;
        pli_weights_init(&back);
        weights.value[PLI_W_ALPHA] = round ? random_unit(&seed) : NAN;
        weights.value[PLI_W_FLOOR] = random_unit(&seed);
        weights.value[PLI_W_FUSION] = round % 2;
        char *text;
        ck_assert_int_eq(plurum_weights_print(&text, &weights, &error), PLURUM_OK);
        ck_assert_int_eq(plurum_weights_parse(&back, text, strlen(text), &error), PLURUM_OK);
        for (size_t i = 0; i < PLI_WEIGHT_COUNT; i++)
            ck_assert(weights.value[i] == back.value[i] ||
                      (isnan(weights.value[i]) && isnan(back.value[i])));
        plurum_text_free(text);
    }
}
END_TEST

START_TEST(every_weight_is_described)
{
    for (size_t i = 0; i < plurum_weight_count(); i++) {
        const plurum_weight_info *info = plurum_weight_info_at(i);
        ck_assert(info->name && info->unit && info->meaning && info->min < info->max);
    }
    ck_assert_ptr_null(plurum_weight_info_at(plurum_weight_count()));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rank");
    TCase *tc = tcase_create("rank");
    tcase_add_checked_fixture(tc, setup, NULL);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, every_method_equals_its_definition_and_explains_itself);
    tcase_add_test(tc, ties_are_broken_by_similarity_then_text_then_id);
    tcase_add_test(tc, trust_never_lifts_over_more_than_one_over_a);
    tcase_add_test(tc, weights_are_set_by_name_and_within_their_range);
    tcase_add_test(tc, a_weights_file_is_read_whole_or_not_at_all);
    tcase_add_test(tc, printed_weights_read_back_the_same);
    tcase_add_test(tc, every_weight_is_described);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
