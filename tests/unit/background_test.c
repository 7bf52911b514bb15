/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The background sample: a function of nothing but which documents live, and its moments by plain loops.
 */
#include <config.h>

#include "engine/view/background.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

enum { DIM = 19, IDS = 3000 };

static pli_flat *vectors;
static float plain[IDS][DIM]; /* the same, some lent from here */
static pli_bitmap live;
static unsigned seed = 7;

/* Two of three ids have a vector, one of five of these is lent; all but every seventh live. */
static void fill(void)
{
    ck_assert_int_eq(pli_flat_new(&vectors, DIM, NULL), PLURUM_OK);
    ck_assert_int_eq(pli_bitmap_init(&live, IDS), 0);
    for (uint32_t id = 1; id < IDS; id++) {
        float *v = plain[id];
        int is_zero;
        for (int i = 0; i < DIM; i++) v[i] = (float)(rand_r(&seed) % 2001) - 1000;
        pli_vector_normalise(v, DIM, &is_zero, NULL);
        if (id % 3)
            ck_assert_int_eq(id % 5 ? pli_flat_set(vectors, id, v, NULL)
                                    : pli_flat_lend(vectors, id, v, NULL),
                             PLURUM_OK);
        if (id % 7) pli_bitmap_add(&live, id);
    }
}

static void clear(void)
{
    pli_flat_free(vectors);
    pli_bitmap_free(&live);
}

static void same(const pli_background *a, const pli_background *b)
{
    ck_assert_uint_eq(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) ck_assert_uint_eq(a->ids[i], b->ids[i]);
}

START_TEST(the_way_does_not_matter)
{
    pli_background drawn, up = {0}, down = {0};
    pli_background_draw(&drawn, &live, vectors);
    ck_assert_uint_eq(drawn.count, PLI_BACKGROUND_MAX);
    for (uint32_t id = 1; id < IDS; id++) {
        if (pli_bitmap_has(&live, id) && pli_flat_has(vectors, id)) pli_background_add(&up, id);
        uint32_t back = IDS - id;
        if (pli_bitmap_has(&live, back) && pli_flat_has(vectors, back))
            pli_background_add(&down, back);
    }
    same(&drawn, &up);
    same(&drawn, &down);
    for (uint32_t i = 0; i < drawn.count; i++) pli_background_add(&up, drawn.ids[i]);
    same(&drawn, &up);
}
END_TEST

START_TEST(only_live_documents_with_a_vector_are_in_it_and_are_known)
{
    pli_background b;
    pli_background_draw(&b, &live, vectors);
    size_t found = 0;
    for (uint32_t i = 0; i < b.count; i++) {
        ck_assert(pli_bitmap_has(&live, b.ids[i]));
        ck_assert(pli_flat_has(vectors, b.ids[i]));
    }
    for (uint32_t id = 0; id < IDS; id++) found += (size_t)pli_background_has(&b, id);
    ck_assert_uint_eq(found, b.count);
}
END_TEST

/* Were the sample the first ids, a third of it would lie in each third of all only by accident. */
START_TEST(it_is_spread_over_all_ids)
{
    pli_background b;
    size_t thirds[3] = {0};
    pli_background_draw(&b, &live, vectors);
    for (uint32_t i = 0; i < b.count; i++) thirds[b.ids[i] * 3 / IDS]++;
    for (int i = 0; i < 3; i++) {
        ck_assert_uint_gt(thirds[i], 120);
        ck_assert_uint_lt(thirds[i], 220);
    }
}
END_TEST

START_TEST(its_moments_are_those_of_its_cosines)
{
    pli_background b;
    float query[DIM];
    double mean, sd, sum = 0, squares = 0;
    int is_zero;
    for (int i = 0; i < DIM; i++) query[i] = (float)(rand_r(&seed) % 101);
    pli_vector_normalise(query, DIM, &is_zero, NULL);
    pli_background_draw(&b, &live, vectors);
    for (b.count = PLI_BACKGROUND_MAX; b.count > 0; b.count = b.count * 2 / 3) {
        sum = squares = 0;
        for (uint32_t i = 0; i < b.count; i++) sum += pli_flat_cosine(vectors, b.ids[i], query);
        for (uint32_t i = 0; i < b.count; i++)
            squares += pow(pli_flat_cosine(vectors, b.ids[i], query) - sum / b.count, 2);
        pli_background_cosines(&mean, &sd, &b, vectors, query);
        ck_assert_double_eq_tol(mean, sum / b.count, 1e-14);
        ck_assert_double_eq_tol(sd, sqrt(squares / b.count), 1e-14);
    }
    pli_background_cosines(&mean, &sd, &b, vectors, query);
    ck_assert_double_eq(mean, 0);
    ck_assert_double_eq(sd, 0);
}
END_TEST

START_TEST(many_cosines_have_the_bits_of_one_wherever_vectors_lie)
{
    pli_background b;
    double many[PLI_BACKGROUND_MAX];
    pli_background_draw(&b, &live, vectors);
    const float *query = pli_flat_vector(vectors, 1);
    for (size_t count = 0; count <= 40; count++) {
        pli_flat_cosines(many, vectors, b.ids, count, query);
        for (size_t i = 0; i < count; i++)
            ck_assert_double_eq(many[i], pli_cosine(pli_dot(plain[b.ids[i]], query, DIM)));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("background");
    TCase *t = tcase_create("background");
    tcase_add_checked_fixture(t, fill, clear);
    tcase_add_test(t, the_way_does_not_matter);
    tcase_add_test(t, only_live_documents_with_a_vector_are_in_it_and_are_known);
    tcase_add_test(t, it_is_spread_over_all_ids);
    tcase_add_test(t, its_moments_are_those_of_its_cosines);
    tcase_add_test(t, many_cosines_have_the_bits_of_one_wherever_vectors_lie);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
