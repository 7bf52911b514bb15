/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Codes of vectors: what rounding costs, and what it must not change.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include <plurum/embed.h>

#include "vector/code.h"
#include "vector/flat.h"

enum { DIM = 384, PAIRS = 500 };

static float uniform(unsigned *seed)
{
    return (float)rand_r(seed) / (float)RAND_MAX * 2.0f - 1.0f;
}

/* Like b by more or less. */
static void draw(float *a, float *b, unsigned *seed)
{
    float blend = (uniform(seed) + 1.0f) / 2.0f;
    for (int i = 0; i < DIM; i++) a[i] = uniform(seed) * uniform(seed) * uniform(seed);
    for (int i = 0; i < DIM; i++) b[i] = blend * a[i] + (1.0f - blend) * uniform(seed);
}

START_TEST(cosines_of_codes_are_those_of_the_vectors_within_a_hundredth)
{
    static float a[DIM], b[DIM];
    static int8_t x[DIM], y[DIM];
    unsigned seed = 11;
    for (int i = 0; i < PAIRS; i++) {
        draw(a, b, &seed);
        double exact = pli_dot(a, b, DIM) / sqrt(pli_dot(a, a, DIM) * pli_dot(b, b, DIM));
        pli_code_of(x, a, DIM);
        pli_code_of(y, b, DIM);
        ck_assert_double_eq_tol(pli_code_cosine(x, y, DIM), exact, 0.01);
        ck_assert_double_eq(pli_code_cosine(x, y, DIM), pli_code_cosine(y, x, DIM));
        ck_assert_double_eq(pli_code_cosine(x, x, DIM), 1.0);
    }
}
END_TEST

START_TEST(a_code_keeps_the_direction_and_not_the_length)
{
    static const float LONG[3] = {4e30f, -2e30f, 0.0f}, SHORT[3] = {8e-38f, -4e-38f, 0.0f};
    int8_t x[3], y[3];
    pli_code_of(x, LONG, 3);
    pli_code_of(y, SHORT, 3);
    ck_assert_mem_eq(x, y, sizeof x);
    ck_assert_int_eq(x[0], 127);
    ck_assert_int_eq(x[1], -64); /* -63.5, to the even one */
    ck_assert_int_eq(x[2], 0);
}
END_TEST

START_TEST(the_widest_vectors_do_not_overflow)
{
    static int8_t x[PLURUM_DIM_MAX], y[PLURUM_DIM_MAX];
    for (int i = 0; i < PLURUM_DIM_MAX; i++) x[i] = 127, y[i] = -127;
    ck_assert_double_eq(pli_code_cosine(x, y, PLURUM_DIM_MAX), -1.0);
}
END_TEST

START_TEST(zeros_are_like_nothing)
{
    static const int8_t ZEROS[4] = {0}, ONES[4] = {1, 1, 1, 1};
    ck_assert_double_eq(pli_code_cosine(ZEROS, ONES, 4), 0.0);
    ck_assert_double_eq(pli_code_cosine(ZEROS, ZEROS, 4), 0.0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vector: codes");
    TCase *tests = tcase_create("codes");
    tcase_add_test(tests, cosines_of_codes_are_those_of_the_vectors_within_a_hundredth);
    tcase_add_test(tests, a_code_keeps_the_direction_and_not_the_length);
    tcase_add_test(tests, the_widest_vectors_do_not_overflow);
    tcase_add_test(tests, zeros_are_like_nothing);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
