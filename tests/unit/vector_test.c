/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vector room against brute force in double: the answer must be equal to the last bit, in the
 * same order, for friendly and hostile sets of vectors. The seed is printed; PLURUM_TEST_SEED
 * gives another.
 */
#include <config.h>

#include "vector/flat.h"
#include "vector/select.h"

#include <check.h>
#include <dirent.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/embed.h>

#include "base/alloc.h"

static uint64_t state;

static uint64_t next_random(void)
{
    /* splitmix64 */
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static uint32_t below(uint32_t bound)
{
    return (uint32_t)(next_random() % bound);
}

static float signed_unit(void)
{
    return (float)((double)(next_random() >> 11) * 0x1p-52 - 1);
}

static void seed_from(int set)
{
    const char *given = getenv("PLURUM_TEST_SEED");
    unsigned long long seed = given ? strtoull(given, NULL, 10) : 20260131u;
    printf("PLURUM_TEST_SEED=%llu, set %d\n", seed, set);
    state = seed + (uint64_t)set * 1000003u;
}

static void random_unit(float *out, uint32_t dim)
{
    int is_zero = 1;
    while (is_zero) {
        for (uint32_t i = 0; i < dim; i++) out[i] = signed_unit();
        ck_assert_int_eq(pli_vector_normalise(out, dim, &is_zero, NULL), PLURUM_OK);
    }
}

/* ---- brute force ----------------------------------------------------------------------------- */

/* A set of vectors, kept a second time in the plainest form; some are lent from there. */
typedef struct world {
    uint32_t dim, bound;
    float *vectors, *query;
    unsigned char *has;
    pli_flat *flat;
} world;

static world world_new(uint32_t dim, uint32_t bound)
{
    world w = {dim, bound, NULL, NULL, NULL, NULL};
    w.vectors = calloc((size_t)bound * dim + 1, sizeof(float));
    w.query = calloc(dim, sizeof(float));
    w.has = calloc(bound + 1, 1);
    ck_assert(w.vectors && w.query && w.has);
    ck_assert_int_eq(pli_flat_new(&w.flat, dim, NULL), PLURUM_OK);
    return w;
}

static void world_free(world *w)
{
    free(w->vectors);
    free(w->query);
    free(w->has);
    pli_flat_free(w->flat);
}

static void world_set(world *w, uint32_t id, const float *vector)
{
    float *copy = w->vectors + (size_t)id * w->dim;
    memcpy(copy, vector, w->dim * sizeof *vector);
    w->has[id] = 1;
    ck_assert_int_eq(id % 3 ? pli_flat_set(w->flat, id, vector, NULL)
                            : pli_flat_lend(w->flat, id, copy, NULL),
                     PLURUM_OK);
}

static int compare_hits(const void *left, const void *right)
{
    const pli_vector_hit *a = left, *b = right;
    if (a->cosine != b->cosine) return a->cosine > b->cosine ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static size_t brute_force(pli_vector_hit *out, const world *w, const pli_bitmap *allowed)
{
    size_t count = 0;
    for (uint32_t id = 0; id < w->bound && id < allowed->bound; id++) {
        if (!w->has[id] || !pli_bitmap_has(allowed, id)) continue;
        double sum = 0;
        for (uint32_t i = 0; i < w->dim; i++)
            sum += (double)w->query[i] * (double)w->vectors[(size_t)id * w->dim + i];
        out[count++] = (pli_vector_hit){id, pli_cosine(sum)};
    }
    qsort(out, count, sizeof *out, compare_hits);
    return count;
}

static void check_one_k(const world *w, const pli_bitmap *allowed, size_t k,
                        const pli_vector_hit *expected, size_t expected_count)
{
    pli_vector_hit *hits;
    size_t count;
    ck_assert_int_eq(pli_flat_search(&hits, &count, w->flat, allowed, w->query, k, NULL),
                     PLURUM_OK);
    ck_assert_uint_eq(count, k < expected_count ? k : expected_count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(hits[i].id == expected[i].id && hits[i].cosine == expected[i].cosine,
                      "dim %u, %u ids, k %zu, place %zu: id %u at %.17g, expected %u at %.17g",
                      w->dim, w->bound, k, i, hits[i].id, hits[i].cosine, expected[i].id,
                      expected[i].cosine);
        ck_assert(hits[i].cosine == pli_flat_cosine(w->flat, hits[i].id, w->query));
    }
    pli_free(hits);
}

static void check_filter(const world *w, const pli_bitmap *allowed)
{
    pli_vector_hit *expected = calloc(w->bound + 1, sizeof *expected);
    size_t count = brute_force(expected, w, allowed);
    const size_t ks[] = {0, 1, 2, 10, 100, count ? count - 1 : 0, count, count + 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof ks / sizeof *ks; i++)
        check_one_k(w, allowed, ks[i], expected, count);
    free(expected);
}

/* Filters of no id, one, every other, long runs, a tenth at random, all, and of other bounds. */
static void check_all_filters(const world *w)
{
    for (int kind = 0; kind < 8; kind++) {
        uint32_t bound = kind == 6 ? w->bound / 2 + 1 : kind == 7 ? w->bound + 5000 : w->bound;
        pli_bitmap allowed;
        ck_assert_int_eq(pli_bitmap_init(&allowed, bound), 0);
        uint32_t one = below(w->bound);
        for (uint32_t id = 0; id < bound; id++)
            if (kind >= 5 || (kind == 1 && id == one) || (kind == 2 && id % 2) ||
                (kind == 3 && id / 700 % 2 == 0) || (kind == 4 && below(10) == 0))
                pli_bitmap_add(&allowed, id);
        check_filter(w, &allowed);
        pli_bitmap_free(&allowed);
    }
}

/* ---- the search ------------------------------------------------------------------------------ */

static const uint32_t DIMS[] = {1, 2, 3, 4, 5, 8, 12, 17, 64, 255, 256, 384, 1000, 4096};

START_TEST(random_sets_of_every_dim_equal_brute_force)
{
    seed_from(_i);
    world w = world_new(DIMS[_i], DIMS[_i] > 500 ? 300 : 3200);
    float *vector = calloc(w.dim, sizeof *vector);
    for (uint32_t id = 0; id < w.bound; id++) {
        random_unit(vector, w.dim);
        if (below(4)) world_set(&w, id, vector);
    }
    random_unit(w.query, w.dim);
    check_all_filters(&w);
    free(vector);
    world_free(&w);
}
END_TEST

/* Blocks of pli_stable end at 1,024, 3,072 and 7,168. */
START_TEST(ids_around_the_ends_of_blocks_are_found)
{
    seed_from(50);
    const uint32_t bounds[] = {1, 63, 64, 65, 1023, 1024, 1025, 3071, 3072, 3073, 7169};
    for (size_t b = 0; b < sizeof bounds / sizeof *bounds; b++) {
        world w = world_new(16, bounds[b]);
        float vector[16];
        for (uint32_t id = 0; id < w.bound; id++) {
            random_unit(vector, 16);
            world_set(&w, id, vector);
        }
        memcpy(w.query, vector, sizeof vector);
        check_all_filters(&w);
        world_free(&w);
    }
}
END_TEST

START_TEST(a_set_with_holes_of_whole_blocks_is_searched)
{
    seed_from(51);
    world w = world_new(8, 20000);
    const uint32_t ids[] = {19999, 3, 7168, 700, 15359, 15360};
    float vector[8];
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        random_unit(vector, 8);
        world_set(&w, ids[i], vector);
    }
    random_unit(w.query, 8);
    for (uint32_t id = 0; id < w.bound; id++) ck_assert_int_eq(pli_flat_has(w.flat, id), w.has[id]);
    ck_assert(!pli_flat_has(w.flat, 4000000000u) && !pli_flat_has(w.flat, UINT32_MAX));
    check_all_filters(&w);
    world_free(&w);
}
END_TEST

START_TEST(copies_of_one_vector_come_in_the_order_of_their_ids)
{
    seed_from(52);
    world w = world_new(100, 3000);
    float kinds[3][100];
    for (int i = 0; i < 3; i++) random_unit(kinds[i], 100);
    for (uint32_t id = 0; id < w.bound; id++) world_set(&w, id, kinds[id * 7 % 3]);
    memcpy(w.query, kinds[0], sizeof kinds[0]);
    check_all_filters(&w);
    world_free(&w);
}
END_TEST

/*
 * Steps of one unit in the last place of single numbers: cosines differ by less than 1e-6, so that
 * single precision puts them in another order than double does.
 */
static void fill_with_near_ties(world *w)
{
    random_unit(w->query, w->dim);
    float *vector = calloc(w->dim, sizeof *vector);
    for (uint32_t id = 0; id < w->bound; id++) {
        for (uint32_t i = 0; i < w->dim; i++) vector[i] = w->query[i] / 2; /* far from 1 */
        for (int steps = 0; steps < 5; steps++) {
            uint32_t at = below(w->dim);
            vector[at] = nextafterf(vector[at], below(2) ? 2.0f : -2.0f);
        }
        world_set(w, id, vector);
    }
    free(vector);
}

/* Pairs of neighbours that plain sums of floats put the other way round. */
static size_t count_inversions(const world *w)
{
    size_t inversions = 0;
    float last = 0;
    double last_true = 0;
    for (uint32_t id = 0; id < w->bound; id++) {
        const float *vector = w->vectors + (size_t)id * w->dim;
        float sum = 0;
        for (uint32_t i = 0; i < w->dim; i++) sum += vector[i] * w->query[i];
        double truth = pli_cosine(pli_dot(vector, w->query, w->dim));
        inversions += id > 0 && ((sum >= last && truth < last_true) ||
                                 (sum <= last && truth > last_true));
        last = sum;
        last_true = truth;
    }
    return inversions;
}

START_TEST(near_ties_are_told_apart_in_double)
{
    seed_from(53);
    const uint32_t dims[] = {2, 8, 96, 384, 2048};
    for (size_t d = 0; d < sizeof dims / sizeof *dims; d++) {
        world w = world_new(dims[d], 1500);
        fill_with_near_ties(&w);
        ck_assert_uint_gt(count_inversions(&w), 0); /* else this test could not fail */
        check_all_filters(&w);
        world_free(&w);
    }
}
END_TEST

/*
 * The worst rounding: all products have one sign and size, and the sums round the same way each
 * time. Two groups lie 1e-5 apart and less.
 */
START_TEST(systematic_rounding_stays_within_the_margin)
{
    seed_from(54);
    world w = world_new(4096, 400);
    float *vector = calloc(w.dim, sizeof *vector);
    for (uint32_t i = 0; i < w.dim; i++) w.query[i] = 1.0f / 64 * (1 + 0x1p-23f * (float)below(3));
    for (uint32_t id = 0; id < w.bound; id++) {
        float factor = 1 - (float)(id % 40) * 2.5e-7f;
        for (uint32_t i = 0; i < w.dim; i++)
            vector[i] = 1.0f / 64 * factor * (1 + 0x1p-23f * (float)below(3));
        world_set(&w, id, vector);
    }
    check_all_filters(&w);
    free(vector);
    world_free(&w);
}
END_TEST

START_TEST(an_empty_set_has_no_hits)
{
    world w = world_new(3, 100);
    w.query[0] = 1;
    check_all_filters(&w);
    ck_assert(!pli_flat_has(w.flat, 0));
    world_free(&w);
}
END_TEST

static int count_tasks(void)
{
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks) return -1;
    int count = 0;
    while (readdir(tasks)) count++;
    closedir(tasks);
    return count;
}

START_TEST(a_search_opens_no_thread)
{
    seed_from(55);
    world w = world_new(64, 30000);
    float vector[64];
    for (uint32_t id = 0; id < w.bound; id++) {
        random_unit(vector, 64);
        world_set(&w, id, vector);
    }
    random_unit(w.query, 64);
    pli_bitmap all;
    ck_assert_int_eq(pli_bitmap_init(&all, w.bound), 0);
    for (uint32_t id = 0; id < w.bound; id++) pli_bitmap_add(&all, id);
    int before = count_tasks();
    for (int i = 0; i < 3; i++) check_filter(&w, &all);
    ck_assert_int_eq(count_tasks(), before);
    pli_bitmap_free(&all);
    world_free(&w);
}
END_TEST

/* ---- one writer, many readers ---------------------------------------------------------------- */

enum { SHARED_IDS = 9000, SHARED_DIM = 8, HOLE = 2900, HOLE_END = 4000, BLOCK_END = 3072 };

typedef struct shared {
    pthread_mutex_t lock;
    uint32_t bound; /* under the lock */
    int looks;      /* under the lock: searches begun with a bound behind the block's end */
    int wrong;      /* under the lock */
    pli_flat *flat;
} shared;

/* With a hole over the end of a block, so that the next is made while readers look at its ids. */
static int id_has_vector(uint32_t id)
{
    return id % 5 != 0 && (id < HOLE || id >= HOLE_END);
}

static void *read_below_the_bound(void *payload)
{
    shared *s = payload;
    const float query[SHARED_DIM] = {1};
    uint32_t bound = 0;
    int wrong = 0;
    while (bound < SHARED_IDS && !wrong) {
        pthread_mutex_lock(&s->lock);
        bound = s->bound;
        s->looks += bound > BLOCK_END;
        pthread_mutex_unlock(&s->lock);
        pli_bitmap allowed;
        if (pli_bitmap_init(&allowed, bound)) return NULL;
        size_t expected = 0, count = 0;
        for (uint32_t id = 0; id < bound; id++) {
            pli_bitmap_add(&allowed, id);
            expected += id_has_vector(id);
            wrong |= pli_flat_has(s->flat, id) != id_has_vector(id);
        }
        pli_vector_hit *hits;
        wrong |= pli_flat_search(&hits, &count, s->flat, &allowed, query, SIZE_MAX, NULL);
        wrong |= count != expected;
        for (size_t i = 0; i < count; i++)
            wrong |= hits[i].cosine != 1 || !id_has_vector(hits[i].id);
        pli_free(hits);
        pli_bitmap_free(&allowed);
    }
    pthread_mutex_lock(&s->lock);
    s->wrong |= wrong;
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void let_readers_look(shared *s)
{
    for (int looks = 0; looks < 4;) {
        sched_yield();
        pthread_mutex_lock(&s->lock);
        looks = s->looks;
        pthread_mutex_unlock(&s->lock);
    }
}

START_TEST(readers_see_what_lies_below_the_bound_they_learned)
{
    shared s = {PTHREAD_MUTEX_INITIALIZER, 0, 0, 0, NULL};
    ck_assert_int_eq(pli_flat_new(&s.flat, SHARED_DIM, NULL), PLURUM_OK);
    pthread_t readers[2];
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&readers[i], NULL, read_below_the_bound, &s), 0);
    const float vector[SHARED_DIM] = {1};
    for (uint32_t id = 0; id < SHARED_IDS; id++) {
        if (id == HOLE_END) let_readers_look(&s);
        if (id_has_vector(id))
            ck_assert_int_eq(pli_flat_set(s.flat, id, vector, NULL), PLURUM_OK);
        pthread_mutex_lock(&s.lock);
        s.bound = id + 1;
        pthread_mutex_unlock(&s.lock);
    }
    for (int i = 0; i < 2; i++) pthread_join(readers[i], NULL);
    ck_assert_int_eq(s.wrong, 0);
    pli_flat_free(s.flat);
}
END_TEST

/* ---- selection, scaling, limits -------------------------------------------------------------- */

static int compare_floats(const void *left, const void *right)
{
    float a = *(const float *)left, b = *(const float *)right;
    return (a < b) - (a > b);
}

START_TEST(the_kth_largest_is_that_of_a_sorted_array)
{
    seed_from(60 + _i);
    const float special[] = {0.0f, -0.0f, 1, -1, FLT_MIN, -FLT_MIN, 1e-45f, INFINITY, -INFINITY};
    float scores[777], sorted[777];
    size_t count = 1 + below(777);
    for (size_t i = 0; i < count; i++)
        scores[i] = _i % 3 == 0   ? signed_unit()
                    : _i % 3 == 1 ? special[below(9)]
                                  : (float)below(4) / 4 - .5f;
    memcpy(sorted, scores, sizeof sorted);
    qsort(sorted, count, sizeof *sorted, compare_floats);
    for (size_t k = 1; k <= count; k++)
        ck_assert(pli_kth_largest(scores, count, k) == sorted[k - 1]);
}
END_TEST

START_TEST(a_vector_is_scaled_to_unit_length)
{
    seed_from(70);
    const float sizes[] = {1, 1e-45f, 1e-30f, 3e38f};
    for (size_t s = 0; s < 4; s++) {
        float vector[384];
        for (int i = 0; i < 384; i++) vector[i] = i % 2 ? sizes[s] : -sizes[s];
        int is_zero = 1;
        ck_assert_int_eq(pli_vector_normalise(vector, 384, &is_zero, NULL), PLURUM_OK);
        ck_assert_int_eq(is_zero, 0);
        ck_assert(fabs(pli_dot(vector, vector, 384) - 1) < 1e-7);
        ck_assert(vector[0] < 0 && vector[1] == -vector[0]);
    }
    float zero[3] = {0, -0.0f, 0};
    int is_zero = 0;
    ck_assert_int_eq(pli_vector_normalise(zero, 3, &is_zero, NULL), PLURUM_OK);
    ck_assert_int_eq(is_zero, 1);
    ck_assert(zero[0] == 0 && zero[2] == 0);
}
END_TEST

START_TEST(a_cosine_is_never_beyond_one)
{
    seed_from(71);
    world w = world_new(64, 500);
    size_t beyond = 0;
    for (uint32_t id = 0; id < w.bound; id++) {
        random_unit(w.query, w.dim);
        world_set(&w, id, w.query);
        double cosines[PLI_DOTS], product = pli_dot(w.query, w.query, w.dim);
        const uint32_t same[PLI_DOTS] = {id, id, id, id, id, id, id, id};
        beyond += product > 1;
        pli_flat_cosines(cosines, w.flat, same, PLI_DOTS, w.query);
        ck_assert(pli_flat_cosine(w.flat, id, w.query) == fmin(1, product));
        for (int i = 0; i < PLI_DOTS; i++) ck_assert(cosines[i] == fmin(1, product));
    }
    ck_assert_uint_gt(beyond, 0); /* else this test could not fail */
    world_free(&w);
}
END_TEST

START_TEST(a_number_that_is_not_finite_is_named)
{
    const float bad[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 3; i++) {
        float vector[4] = {3, 4, bad[i], 0};
        int is_zero;
        plurum_error error;
        ck_assert_int_eq(pli_vector_normalise(vector, 4, &is_zero, &error), PLURUM_INVALID);
        ck_assert_uint_eq(error.position, 2);
        ck_assert_ptr_nonnull(strstr(error.text, " at 2"));
        ck_assert(vector[0] == 3);
        ck_assert_int_eq(pli_vector_normalise(vector, 4, &is_zero, NULL), PLURUM_INVALID);
    }
}
END_TEST

START_TEST(dims_and_ids_have_limits)
{
    pli_flat *flat;
    plurum_error error;
    ck_assert_int_eq(pli_flat_new(&flat, 0, &error), PLURUM_ARG);
    ck_assert_ptr_null(flat);
    ck_assert_int_eq(pli_flat_new(&flat, PLURUM_DIM_MAX + 1, &error), PLURUM_ARG);
    ck_assert_ptr_nonnull(strstr(error.text, "4097"));
    ck_assert_int_eq(pli_flat_new(&flat, 1, &error), PLURUM_OK);
    const float one = 1;
    ck_assert_int_eq(pli_flat_set(flat, UINT32_MAX, &one, &error), PLURUM_LIMIT);
    size_t before = pli_flat_memory(flat);
    ck_assert_int_eq(pli_flat_set(flat, 5, &one, &error), PLURUM_OK);
    ck_assert_uint_eq(pli_flat_memory(flat) - before, 1024 * (sizeof(float) + 1));
    pli_flat_free(flat);
    pli_flat_free(NULL);
}
END_TEST

static plurum_status fill_and_search(plurum_error *error)
{
    pli_flat *flat = NULL;
    pli_bitmap allowed = {NULL, 0, 0};
    pli_vector_hit *hits = NULL;
    size_t count;
    const float vector[2] = {1, 0};
    plurum_status status = pli_flat_new(&flat, 2, error);
    for (uint32_t id = 0; !status && id < 9000; id += 450)
        status = pli_flat_set(flat, id, vector, error);
    if (!status && pli_bitmap_init(&allowed, 9000)) status = PLURUM_NOMEM;
    for (uint32_t id = 0; !status && id < 9000; id++) pli_bitmap_add(&allowed, id);
    if (!status) status = pli_flat_search(&hits, &count, flat, &allowed, vector, 3, error);
    if (!status) ck_assert_uint_eq(count, 3);
    if (status) ck_assert_ptr_null(hits);
    pli_free(hits);
    pli_bitmap_free(&allowed);
    pli_flat_free(flat);
    return status;
}

START_TEST(memory_may_run_out_at_any_point)
{
    plurum_status status = PLURUM_NOMEM;
    unsigned long nth = 0;
    while (status) {
        pli_alloc_fail_at(++nth);
        status = fill_and_search(NULL);
        ck_assert(status == PLURUM_OK || status == PLURUM_NOMEM);
    }
    pli_alloc_fail_at(0);
    ck_assert_uint_gt(nth, 10);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vector");
    TCase *tc = tcase_create("vector");
    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, random_sets_of_every_dim_equal_brute_force, 0,
                        sizeof DIMS / sizeof *DIMS);
    tcase_add_test(tc, ids_around_the_ends_of_blocks_are_found);
    tcase_add_test(tc, a_set_with_holes_of_whole_blocks_is_searched);
    tcase_add_test(tc, copies_of_one_vector_come_in_the_order_of_their_ids);
    tcase_add_test(tc, near_ties_are_told_apart_in_double);
    tcase_add_test(tc, systematic_rounding_stays_within_the_margin);
    tcase_add_test(tc, an_empty_set_has_no_hits);
    tcase_add_test(tc, a_search_opens_no_thread);
    tcase_add_test(tc, readers_see_what_lies_below_the_bound_they_learned);
    tcase_add_loop_test(tc, the_kth_largest_is_that_of_a_sorted_array, 0, 30);
    tcase_add_test(tc, a_vector_is_scaled_to_unit_length);
    tcase_add_test(tc, a_cosine_is_never_beyond_one);
    tcase_add_test(tc, a_number_that_is_not_finite_is_named);
    tcase_add_test(tc, dims_and_ids_have_limits);
    tcase_add_test(tc, memory_may_run_out_at_any_point);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
