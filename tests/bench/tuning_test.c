/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tuning decides from a table of scores: a true gain is found and taken, noise among hundreds
 * of sets is refused, and only what took no part in the choice decides.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/random.h"
#include "bench/tune.h"

const char cli_program[] = "tuning_test";

enum { SETS = 200, QUERIES = 150, COLLECTIONS = 3 };

static double scores[SETS * QUERIES];
static size_t ends[COLLECTIONS] = {40, 90, 150};
static uint64_t state;

/* Scores around one half; set 0 is the default. */
static tuning noise(size_t train, size_t count, uint64_t seed)
{
    state = seed;
    size_t n = ends[count - 1];
    for (size_t i = 0; i < SETS * n; i++) scores[i] = .5 + .3 * (next_unit(&state) - .5);
    return (tuning){.seed = seed,
                    .train_count = train,
                    .count = count,
                    .space = {.count = SETS},
                    .ends = ends,
                    .scores = scores};
}

static void add(size_t set, size_t begin, size_t end, size_t n, double gain)
{
    for (size_t q = begin; q < end; q++) scores[set * n + q] += gain;
}

static void decide(tuning *t)
{
    ck_assert_int_eq(tuning_decide(t, 5), 0);
}

static void done(tuning *t)
{
    free(t->fold);
    free(t->differences);
    free(t->chosen);
}

START_TEST(noise_is_refused)
{
    int accepted = 0, of_one = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) { /* the seeds of this test */
        tuning t = noise(COLLECTIONS, COLLECTIONS, seed);
        decide(&t);
        accepted += t.accepted;
        ck_assert_uint_eq(t.folds, COLLECTIONS);
        done(&t);
        t = noise(1, 1, seed);
        decide(&t);
        of_one += t.accepted;
        ck_assert_uint_eq(t.folds, 5);
        done(&t);
    }
    /* one side of a 95 % interval: one in forty is to be expected, not one in five */
    ck_assert_msg(accepted <= 5 && of_one <= 5, "%d and %d of 40 accepted", accepted, of_one);
}
END_TEST

START_TEST(a_gain_on_every_collection_is_taken)
{
    tuning t = noise(COLLECTIONS, COLLECTIONS, 7);
    add(42, 0, QUERIES, QUERIES, .1);
    decide(&t);
    ck_assert_uint_eq(t.best, 42);
    ck_assert_int_eq(t.accepted, 1);
    for (size_t f = 0; f < t.folds; f++) ck_assert_uint_eq(t.chosen[f], 42);
    ck_assert(fabs(t.gain.difference.mean - .1) < .04);
    ck_assert(t.gain.p < .01);
    done(&t);
}
END_TEST

START_TEST(a_gain_on_one_collection_alone_is_refused)
{
    tuning t = noise(COLLECTIONS, COLLECTIONS, 7);
    add(42, 0, ends[0], QUERIES, .4);
    decide(&t);
    ck_assert_uint_eq(t.best, 42); /* where it was chosen it looks good */
    ck_assert_uint_ne(t.chosen[0], 42);
    ck_assert_int_eq(t.accepted, 0);
    done(&t);
}
END_TEST

START_TEST(held_out_collections_alone_decide)
{
    tuning t = noise(2, COLLECTIONS, 7);
    add(42, 0, ends[1], QUERIES, .2);
    decide(&t);
    ck_assert_uint_eq(t.best, 42);
    ck_assert_int_eq(t.accepted, 0);
    ck_assert(fabs(t.gain.difference.mean) < .06);
    ck_assert_uint_eq(t.gain.wins + t.gain.ties + t.gain.losses, ends[2] - ends[1]);
    done(&t);
    t = noise(2, COLLECTIONS, 7);
    add(42, 0, QUERIES, QUERIES, .2);
    decide(&t);
    ck_assert_int_eq(t.accepted, 1);
    done(&t);
}
END_TEST

START_TEST(the_default_needs_no_reason)
{
    tuning t = noise(1, 1, 3);
    for (size_t s = 0; s < SETS; s++)
        for (size_t q = 0; q < ends[0]; q++) scores[s * ends[0] + q] = .5;
    decide(&t);
    ck_assert_uint_eq(t.best, 0);
    ck_assert_int_eq(t.accepted, 0);
    ck_assert_uint_eq(t.gain.ties, ends[0]);
    done(&t);
}
END_TEST

START_TEST(every_set_is_a_legal_change_of_the_default)
{
    weight_space space;
    ck_assert_int_eq(space_make(&space, 1, 1), 0);
    ck_assert_uint_eq(space.sets[0].count, 0);
    ck_assert_uint_eq(space.text_count, 16);
    for (size_t s = 0; s < space.count; s++) {
        plurum_weights *weights;
        char name[160];
        ck_assert_int_eq(plurum_weights_new(&weights, NULL), PLURUM_OK);
        for (size_t i = 0; i < space.sets[s].count; i++) {
            const weight_change *change = &space.sets[s].changes[i];
            ck_assert_int_eq(plurum_weights_set(weights, change->name, change->value, NULL), PLURUM_OK);
        }
        ck_assert_uint_lt(space.sets[s].text, space.text_count);
        space_name(name, sizeof name, &space.sets[s]);
        ck_assert_uint_gt(strlen(name), 0);
        plurum_weights_free(weights);
    }
    space_free(&space);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tuning");
    TCase *c = tcase_create("tuning");
    tcase_set_timeout(c, 240);
    tcase_add_test(c, noise_is_refused);
    tcase_add_test(c, a_gain_on_every_collection_is_taken);
    tcase_add_test(c, a_gain_on_one_collection_alone_is_refused);
    tcase_add_test(c, held_out_collections_alone_decide);
    tcase_add_test(c, the_default_needs_no_reason);
    tcase_add_test(c, every_set_is_a_legal_change_of_the_default);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
