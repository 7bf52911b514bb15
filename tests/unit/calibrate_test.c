/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * P(relevant) against its formula written plainly, how it moves, and when an answer abstains.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rank/calibrate.h"

enum { MOST = 40 };

static double unit(unsigned *seed)
{
    return rand_r(seed) / (double)RAND_MAX;
}

static size_t draw(pli_candidate c[MOST], pli_fusion_input *in, unsigned *seed)
{
    size_t n = 1 + (size_t)rand_r(seed) % MOST;
    memset(c, 0, MOST * sizeof *c);
    for (size_t i = 0; i < n; i++) {
        c[i].id = (uint32_t)i + 1;
        c[i].text = rand_r(seed) % 3 ? 10 * unit(seed) : 0;
        c[i].cosine = rand_r(seed) % 5 ? 2 * unit(seed) - 1 : NAN;
    }
    *in = (pli_fusion_input){.text_active = rand_r(seed) % 4 > 0,
                             .vector_active = rand_r(seed) % 4 > 0,
                             .text_most = 10 + 20 * unit(seed),
                             .prevalence = 4 * unit(seed) - 2,
                             .pivot = .2 + .3 * unit(seed),
                             .background_sd = .2 * unit(seed)};
    return n;
}

/* What the best rival's share leaves of a softmax, each term by itself. */
static double rivals(const pli_candidate *all, size_t n, const pli_candidate *c, int text,
                     double width, double nothing)
{
    double own = text ? c->text : c->cosine, sum = exp((nothing - own) / width);
    for (size_t i = 0; i < n; i++) {
        double score = text ? all[i].text : all[i].cosine;
        if (!isnan(score)) sum += exp((score - own) / width);
    }
    return log(sum);
}

static double expected(const pli_candidate *all, size_t n, const pli_candidate *c,
                       const pli_fusion_input *in)
{
    double high = 0, t = 0, v = 0;
    for (size_t i = 0; i < n; i++) high = fmax(high, all[i].text);
    int text = in->text_active && high > 0, vector = in->vector_active && !isnan(c->cosine);
    if (text) t = rivals(all, n, c, 1, high / 10, in->text_most / 10);
    if (vector) v = rivals(all, n, c, 0, .3 * fmax(in->background_sd, .02), in->pivot);
    double odds = text && vector ? 1.10 - .23 * v - .65 * t : text ? .74 - 1.01 * t : .04 - .72 * v;
    return text || vector ? 1 / (1 + exp(-odds - in->prevalence)) : 0;
}

START_TEST(it_is_the_formula_written_plainly)
{
    pli_candidate c[MOST];
    pli_fusion_input in;
    for (unsigned begun = 1; begun <= 2000; begun++) {
        unsigned seed = begun;
        size_t n = draw(c, &in, &seed);
        pli_calibrate(c, n, &in);
        for (size_t i = 0; i < n; i++)
            ck_assert_msg(fabs(c[i].relevant - expected(c, n, &c[i], &in)) < 1e-12,
                          "seed %u, candidate %zu: %.17g", begun, i, c[i].relevant);
    }
}
END_TEST

START_TEST(a_better_score_is_never_less_likely)
{
    pli_candidate c[MOST];
    pli_fusion_input in;
    for (unsigned begun = 1; begun <= 1000; begun++) {
        unsigned seed = begun;
        size_t n = draw(c, &in, &seed), i = (size_t)rand_r(&seed) % n;
        pli_calibrate(c, n, &in);
        double before = c[i].relevant, other = c[(i + 1) % n].relevant;
        if (!isnan(c[i].cosine)) c[i].cosine = fmin(1, c[i].cosine + .1);
        pli_calibrate(c, n, &in);
        ck_assert_msg(c[i].relevant >= before, "seed %u: %g, was %g", begun, c[i].relevant, before);
        if (n > 1) ck_assert_double_le(c[(i + 1) % n].relevant, other + 1e-12);
    }
}
END_TEST

START_TEST(the_only_document_is_believed_by_its_score_alone)
{
    pli_fusion_input in = {.vector_active = 1, .pivot = .345};
    pli_candidate far = {.id = 1, .cosine = .05}, near = {.id = 1, .cosine = .8};
    pli_calibrate(&far, 1, &in);
    pli_calibrate(&near, 1, &in);
    ck_assert_double_lt(far.relevant, .01);
    ck_assert_double_gt(near.relevant, .5);
}
END_TEST

START_TEST(it_is_a_number_whatever_the_scores)
{
    pli_fusion_input in = {.text_active = 1, .vector_active = 1, .pivot = .999, .text_most = 1e300};
    pli_candidate c[3] = {{.id = 1, .text = 1e-300, .cosine = -1},
                          {.id = 2, .text = 0, .cosine = NAN},
                          {.id = 3, .text = 1e-300, .cosine = 1}};
    pli_calibrate(c, 3, &in);
    for (int i = 0; i < 3; i++) ck_assert(c[i].relevant >= 0 && c[i].relevant <= 1);
    in.text_active = in.vector_active = 0;
    pli_calibrate(c, 3, &in);
    for (int i = 0; i < 3; i++) ck_assert_double_eq(c[i].relevant, 0);
}
END_TEST

START_TEST(an_answer_abstains_where_no_hit_is_likely)
{
    pli_candidate c[2] = {{.relevant = .1}, {.relevant = .3}};
    ck_assert_int_eq(pli_abstains(c, 2, .25), 0);
    ck_assert_int_eq(pli_abstains(c, 2, .3), 0);
    ck_assert_int_eq(pli_abstains(c, 2, .31), 1);
    ck_assert_int_eq(pli_abstains(c, 1, .25), 1);
    ck_assert_int_eq(pli_abstains(c, 0, .25), 1);
    ck_assert_int_eq(pli_abstains(c, 0, 0), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("calibrate");
    TCase *t = tcase_create("relevant");
    tcase_add_test(t, it_is_the_formula_written_plainly);
    tcase_add_test(t, a_better_score_is_never_less_likely);
    tcase_add_test(t, the_only_document_is_believed_by_its_score_alone);
    tcase_add_test(t, it_is_a_number_whatever_the_scores);
    tcase_add_test(t, an_answer_abstains_where_no_hit_is_likely);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
