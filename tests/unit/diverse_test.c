/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collapsing and maximal marginal relevance, against their definitions.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "rank/diverse.h"

/* Ids are degrees on a circle; odd ones have no vector. */
static double likeness(const void *payload, uint32_t a, uint32_t b)
{
    (void)payload;
    return a % 2 || b % 2 ? NAN : cos((a - (double)b) * acos(-1) / 180);
}

static void fill(pli_candidate *c, const uint32_t *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        c[i] = (pli_candidate){.id = ids[i], .score = 1 - .1 * (double)i};
}

START_TEST(the_best_of_near_ones_is_kept_and_the_others_are_counted)
{
    pli_candidate c[6];
    fill(c, (const uint32_t[]){10, 90, 12, 92, 14, 13}, 6);
    ck_assert_uint_eq(pli_collapse(c, 6, .99, NULL, likeness, NULL), 3);
    ck_assert(c[0].id == 10 && c[1].id == 90 && c[2].id == 13);
    ck_assert(c[0].collapsed == 2 && c[1].collapsed == 1 && c[2].collapsed == 0);
}
END_TEST

START_TEST(the_same_title_is_enough)
{
    const uint64_t titles[] = {7, 8, 7, 0, 0, 8};
    pli_candidate c[6];
    fill(c, (const uint32_t[]){10, 90, 180, 1, 3, 5}, 6);
    ck_assert_uint_eq(pli_collapse(c, 6, 0, titles, likeness, NULL), 4);
    ck_assert(c[0].id == 10 && c[1].id == 90 && c[2].id == 1 && c[3].id == 3);
    ck_assert(c[0].collapsed == 1 && c[1].collapsed == 1 && !c[2].collapsed && !c[3].collapsed);
}
END_TEST

/* The definition, naively. */
static void expect_mmr(const pli_candidate *before, const pli_candidate *after, size_t count,
                       double lambda)
{
    int used[64] = {0};
    for (size_t n = 0; n < count; n++) {
        size_t best = count;
        double best_value = 0;
        for (size_t i = 0; i < count; i++) {
            double nearest = 0;
            for (size_t j = 0; j < n; j++)
                nearest = fmax(nearest, likeness(NULL, after[j].id, before[i].id));
            double value = lambda * (before[i].score / before[0].score) - (1 - lambda) * nearest;
            if (used[i] || (best < count && value <= best_value)) continue;
            best = i;
            best_value = value;
        }
        used[best] = 1;
        ck_assert_uint_eq(after[n].id, before[best].id);
    }
}

START_TEST(mmr_is_as_defined)
{
    unsigned seed = 20;
    for (int round = 0; round < 200; round++) {
        pli_candidate before[40], after[40];
        size_t count = 1 + (size_t)(rand_r(&seed) % 40);
        double lambda = (rand_r(&seed) % 11) / 10.0, score = 1;
        for (size_t i = 0; i < count; i++) {
            score *= .8 + (rand_r(&seed) % 20) / 100.0;
            before[i] = after[i] =
                (pli_candidate){.id = (uint32_t)(rand_r(&seed) % 40 * 40 + (int)i), .score = score};
        }
        ck_assert_int_eq(pli_mmr(after, count, lambda, likeness, NULL), 0);
        expect_mmr(before, after, count, lambda);
    }
}
END_TEST

START_TEST(mmr_of_the_score_alone_changes_nothing)
{
    pli_candidate c[4];
    fill(c, (const uint32_t[]){10, 10, 12, 90}, 4);
    ck_assert_int_eq(pli_mmr(c, 4, 1, likeness, NULL), 0);
    ck_assert(c[0].id == 10 && c[1].id == 10 && c[2].id == 12 && c[3].id == 90);
    ck_assert_int_eq(pli_mmr(c, 4, .5, likeness, NULL), 0);
    ck_assert(c[0].id == 10 && c[1].id == 90);
    ck_assert_int_eq(pli_mmr(NULL, 0, .5, likeness, NULL), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("rank: diverse");
    TCase *t = tcase_create("diverse");
    tcase_add_test(t, the_best_of_near_ones_is_kept_and_the_others_are_counted);
    tcase_add_test(t, the_same_title_is_enough);
    tcase_add_test(t, mmr_is_as_defined);
    tcase_add_test(t, mmr_of_the_score_alone_changes_nothing);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    int failures = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
