/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signal gate: its sums follow changes exactly and whatever the order, and it tells documents
 * that differ from coins.
 */
#include <config.h>

#include "rank/signal.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENTS = 1500 };
static const pli_counts NONE;

static double unit(unsigned *seed)
{
    return (double)rand_r(seed) / RAND_MAX;
}

/* Reports of documents that work at the given rates. */
static double noise_of_rates(const double *rates, int reports, unsigned *seed)
{
    pli_signal signal = {0};
    for (int i = 0; i < DOCUMENTS; i++) {
        pli_counts c = {0};
        for (int r = 0; r < reports; r++)
            *(unit(seed) < rates[i] ? &c.successes : &c.failures) += 1;
        pli_signal_change(&signal, NONE, c);
    }
    return pli_signal_noise(&signal);
}

START_TEST(without_reports_the_odds_are_even)
{
    pli_signal signal = {0};
    ck_assert_double_eq_tol(pli_signal_noise(&signal), 0.5, 1e-12);
}
END_TEST

START_TEST(coins_are_noise_and_differences_are_signal)
{
    unsigned seed = 3;
    double same[DOCUMENTS], different[DOCUMENTS];
    for (double rate = 0.3; rate < 0.75; rate += 0.2) {
        for (int i = 0; i < DOCUMENTS; i++) same[i] = rate;
        ck_assert_double_gt(noise_of_rates(same, 3, &seed), 0.95);
        ck_assert_double_gt(noise_of_rates(same, 100, &seed), 0.95); /* past the table of small counts */
    }
    for (int i = 0; i < DOCUMENTS; i++) different[i] = i % 2 ? 0.85 : 0.15;
    ck_assert_double_lt(noise_of_rates(different, 3, &seed), 0.01);
    ck_assert_double_lt(noise_of_rates(different, 100, &seed), 0.01);
}
END_TEST

START_TEST(no_bit_depends_on_the_way)
{
    unsigned seed = 5;
    pli_counts c[DOCUMENTS];
    pli_signal forth = {0}, back = {0}, zero = {0};
    for (int i = 0; i < DOCUMENTS; i++)
        c[i] = (pli_counts){(uint32_t)rand_r(&seed) % 90, (uint32_t)rand_r(&seed) % 90};
    for (int i = 0; i < DOCUMENTS; i++) pli_signal_change(&forth, NONE, c[i]);
    for (int i = DOCUMENTS - 1; i >= 0; i--) { /* and one report at a time */
        pli_counts now = {0}, next = {0};
        while (next.successes < c[i].successes || next.failures < c[i].failures) {
            if (next.successes < c[i].successes) next.successes++;
            else next.failures++;
            pli_signal_change(&back, now, next);
            now = next;
        }
    }
    ck_assert_mem_eq(&forth, &back, sizeof forth);
    for (int i = 0; i < DOCUMENTS; i++) pli_signal_change(&forth, c[i], NONE);
    ck_assert_mem_eq(&forth, &zero, sizeof forth);
}
END_TEST

START_TEST(it_is_the_posterior_of_its_two_hypotheses)
{
    static const pli_counts C[] = {{3, 0}, {1, 2}, {0, 1}, {5, 70}};
    pli_signal signal = {0};
    double s = 0, f = 0, ratio = 0;
    for (int i = 0; i < 4; i++) {
        pli_signal_change(&signal, NONE, C[i]);
        s += C[i].successes;
        f += C[i].failures;
    }
    double noise = lgamma(s + 1) + lgamma(f + 1) - lgamma(s + f + 2);
    for (int k = 2; k <= 8; k *= 2)
        for (int m = 1; m <= 19; m++) {
            double a = k * m / 20.0, b = k - a, each = 0;
            for (int i = 0; i < 4; i++)
                each += lgamma(a + C[i].successes) + lgamma(b + C[i].failures) -
                        lgamma((double)k + C[i].successes + C[i].failures) -
                        (lgamma(a) + lgamma(b) - lgamma(k));
            ratio += exp(each - noise) / 57;
        }
    ck_assert_double_eq_tol(pli_signal_noise(&signal), 1 / (1 + ratio), 1e-10);
}
END_TEST

START_TEST(counts_that_are_full_do_no_harm)
{
    pli_signal signal = {0}, zero = {0};
    const pli_counts full = {UINT32_MAX, UINT32_MAX};
    pli_signal_change(&signal, NONE, full);
    double p = pli_signal_noise(&signal);
    ck_assert(p >= 0 && p <= 1);
    for (int i = 0; i < 100; i++) pli_signal_change(&signal, NONE, full); /* past 2^63 units */
    p = pli_signal_noise(&signal);
    ck_assert(p >= 0 && p <= 1);
    for (int i = 0; i <= 100; i++) pli_signal_change(&signal, full, NONE);
    ck_assert_mem_eq(&signal, &zero, sizeof signal);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("signal");
    TCase *t = tcase_create("signal");
    tcase_add_test(t, without_reports_the_odds_are_even);
    tcase_add_test(t, coins_are_noise_and_differences_are_signal);
    tcase_add_test(t, no_bit_depends_on_the_way);
    tcase_add_test(t, it_is_the_posterior_of_its_two_hypotheses);
    tcase_add_test(t, counts_that_are_full_do_no_harm);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
