/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The paired randomisation test against p values that can be counted by hand.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/paired.h"
#include "bench/random.h"

const char cli_program[] = "paired_test";

START_TEST(p_is_the_share_of_sign_choices_as_extreme_as_what_was_seen)
{
    /* all of five differences equal: 2 of 32 choices reach their sum */
    static const double A[] = {.1, .2, .3, .4, .5}, B[] = {.2, .3, .4, .5, .6};
    paired r = paired_compare(A, B, 5, 100000, 1);
    ck_assert(fabs(r.p - 2.0 / 32.0) < .004);
    ck_assert(fabs(r.difference.mean - .1) < 1e-12);
    ck_assert_uint_eq(r.wins, 5);
    /* 3, 2 and -1: sums of ±3 ±2 ±1 at least 4 from 0: four of eight (6, 4, -4, -6) */
    static const double C[] = {0, 0, 1}, D[] = {3, 2, 0};
    r = paired_compare(C, D, 3, 100000, 1);
    ck_assert(fabs(r.p - 4.0 / 8.0) < .008);
    ck_assert_uint_eq(r.wins, 2);
    ck_assert_uint_eq(r.losses, 1);
}
END_TEST

START_TEST(the_order_of_the_two_does_not_matter_and_a_seed_gives_one_p)
{
    enum { N = 200 };
    double a[N], b[N];
    uint64_t state = 42; /* the seed of this test */
    for (int i = 0; i < N; i++) {
        a[i] = next_unit(&state);
        b[i] = i % 3 ? a[i] + .1 * (next_unit(&state) - .45) : a[i];
    }
    paired r = paired_compare(a, b, N, 20000, 7), s = paired_compare(b, a, N, 20000, 7);
    paired again = paired_compare(a, b, N, 20000, 7), other = paired_compare(a, b, N, 20000, 8);
    ck_assert(r.p == s.p);
    ck_assert(r.p == again.p);
    ck_assert(fabs(r.p - other.p) < .02);
    ck_assert(fabs(r.difference.mean + s.difference.mean) < 1e-12);
    ck_assert_uint_eq(r.ties, 67);
    ck_assert(r.difference.low < r.difference.mean && r.difference.mean < r.difference.high);
}
END_TEST

START_TEST(equal_systems_do_not_differ)
{
    static const double A[] = {.1, .9, .5};
    paired r = paired_compare(A, A, 3, 10000, 1);
    ck_assert(r.p == 1.0);
    ck_assert_uint_eq(r.ties, 3);
    ck_assert(r.difference.low == 0.0 && r.difference.high == 0.0);
}
END_TEST

START_TEST(under_no_difference_p_is_below_a_twentieth_once_in_twenty)
{
    enum { N = 40, TRIALS = 400 };
    uint64_t state = 11; /* the seed of this test */
    int below = 0;
    for (int t = 0; t < TRIALS; t++) {
        double a[N], b[N];
        for (int i = 0; i < N; i++) a[i] = next_unit(&state), b[i] = next_unit(&state);
        below += paired_compare(a, b, N, 1000, (uint64_t)t).p <= .05;
    }
    ck_assert_msg(below > 5 && below < 40, "%d of %d below .05", below, TRIALS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("paired");
    TCase *c = tcase_create("paired");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, p_is_the_share_of_sign_choices_as_extreme_as_what_was_seen);
    tcase_add_test(c, the_order_of_the_two_does_not_matter_and_a_seed_gives_one_p);
    tcase_add_test(c, equal_systems_do_not_differ);
    tcase_add_test(c, under_no_difference_p_is_below_a_twentieth_once_in_twenty);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
