/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sentence encoder that comes with the project: against vectors in single precision, one set
 * of kernels against another, texts alone against texts in company, and its embedder.
 */
#include <config.h>

#include "embed_test.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include <plurum/embed.h>

#include "embed/minilm.h"

enum { DIM = 384, PLACES = 256, TESTS_MAX = 64, LONG = 300 };

static unsigned char *model_bytes;
static size_t model_len;
static pli_minilm *model;

static const char *const KERNELS[] = {"plain", "avx2", "vnni"};
enum { KERNELS_COUNT = sizeof KERNELS / sizeof *KERNELS };

static pli_minilm *open_with_kernels(const pli_kernels *kernels)
{
    pli_minilm *out;
    plurum_error error;
    plurum_status status = pli_minilm_open(&out, model_bytes, model_len, 0, kernels, &error);
    ck_assert_msg(status == PLURUM_OK, "%s", error.text);
    return out;
}

/* The texts of the reference file, their ids and vectors. */
static json_t *root;
static const char *texts[TESTS_MAX];
static size_t text_count;

static void open_model(void)
{
    model_bytes = read_file(MINILM_FILE, &model_len);
    model = open_with_kernels(pli_kernels_best());
    root = json_load_file(TEST_DATA "/minilm-test-vectors.json", 0, NULL);
    const json_t *test;
    json_array_foreach(json_object_get(root, "tests"), text_count, test)
        texts[text_count] = json_string_value(json_object_get(test, "text"));
    ck_assert_uint_eq(text_count, 41);
}

static void close_model(void)
{
    json_decref(root);
    pli_minilm_free(model);
    free(model_bytes);
}

static float *encode(const pli_minilm *with, const char *const *list, size_t count)
{
    plurum_error error;
    float *out = malloc(count * DIM * sizeof *out);
    plurum_status status = pli_minilm_encode(with, list, count, out, &error);
    ck_assert_msg(status == PLURUM_OK, "%s", error.text);
    return out;
}

static double cosine(const float *a, const float *b)
{
    double product = 0, aa = 0, bb = 0;
    for (int i = 0; i < DIM; i++) {
        product += (double)a[i] * b[i];
        aa += (double)a[i] * a[i];
        bb += (double)b[i] * b[i];
    }
    return product / sqrt(aa * bb);
}

static size_t reference(float out[DIM], size_t t)
{
    const json_t *test = json_array_get(json_object_get(root, "tests"), t);
    const json_t *vector = json_object_get(test, "vector");
    for (size_t i = 0; i < json_array_size(vector); i++)
        out[i] = (float)json_integer_value(json_array_get(vector, i));
    return json_array_size(json_object_get(test, "ids"));
}

/* ---- known answers --------------------------------------------------------------------------- */

START_TEST(texts_have_the_reference_ids)
{
    uint32_t ids[PLACES];
    for (size_t t = 0; t < text_count; t++) {
        const json_t *test = json_array_get(json_object_get(root, "tests"), t);
        const json_t *expected = json_object_get(test, "ids");
        size_t count = pli_minilm_ids(model, texts[t], strlen(texts[t]), ids);
        ck_assert_msg(count == json_array_size(expected), "text %zu has %zu ids", t, count);
        for (size_t i = 0; i < count; i++)
            ck_assert_int_eq(ids[i], json_integer_value(json_array_get(expected, i)));
    }
}
END_TEST

/* By every kernel that runs here; the plain ones are slow, so they leave out the long texts. */
START_TEST(vectors_are_those_of_single_precision_but_for_rounding)
{
    const pli_kernels *kernels = pli_kernels_named(KERNELS[_i]);
    if (!kernels) return;
    pli_minilm *with = open_with_kernels(kernels);
    double sum = 0, least = 1;
    int counted = 0;
    for (size_t t = 0; t < text_count; t++) {
        float expected[DIM];
        size_t ids = reference(expected, t);
        if (ids == 0 || (_i == 0 && ids > 30)) continue;
        float *vector = encode(with, &texts[t], 1);
        double agreement = cosine(vector, expected);
        free(vector);
        ck_assert_msg(agreement > .998, "%s, text %zu: %g", KERNELS[_i], t, agreement);
        if (ids <= 3 + 2) continue; /* with [CLS] and [SEP] */
        sum += agreement;
        if (agreement < least) least = agreement;
        counted++;
    }
    ck_assert_int_ge(counted, 20);
    ck_assert_msg(sum / counted >= .9995, "%s: mean %g", KERNELS[_i], sum / counted);
    ck_assert_msg(least >= .999, "%s: least %g", KERNELS[_i], least);
    pli_minilm_free(with);
}
END_TEST

START_TEST(all_kernels_give_the_same_bits)
{
    pli_minilm *plain = open_with_kernels(&pli_kernels_plain);
    for (int k = 1; k < KERNELS_COUNT; k++) {
        const pli_kernels *kernels = pli_kernels_named(KERNELS[k]);
        if (!kernels) continue;
        ck_assert_str_eq(kernels->name, KERNELS[k]);
        pli_minilm *with = open_with_kernels(kernels);
        for (size_t t = 0; t < text_count; t++) {
            float unused[DIM];
            if (reference(unused, t) > 60) continue;
            float *a = encode(plain, &texts[t], 1), *b = encode(with, &texts[t], 1);
            ck_assert_msg(memcmp(a, b, DIM * sizeof *a) == 0, "%s, text %zu: cosine %.9f",
                          KERNELS[k], t, cosine(a, b));
            free(a);
            free(b);
        }
        pli_minilm_free(with);
    }
    pli_minilm_free(plain);
    ck_assert_ptr_null(pli_kernels_named("none"));
}
END_TEST

/* ---- batches --------------------------------------------------------------------------------- */

/* More texts than a pack holds, of every length, in a random order. */
START_TEST(a_text_has_one_vector_in_whatever_company)
{
    enum { COUNT = 200 };
    const unsigned seed = 20260201;
    printf("seed %u\n", seed);
    srand(seed);
    float *alone[TESTS_MAX];
    for (size_t t = 0; t < text_count; t++) alone[t] = encode(model, &texts[t], 1);
    const char *list[COUNT];
    size_t which[COUNT];
    for (int i = 0; i < COUNT; i++) list[i] = texts[which[i] = (size_t)rand() % text_count];
    float *together = encode(model, list, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        ck_assert_msg(memcmp(together + i * DIM, alone[which[i]], DIM * sizeof *together) == 0,
                      "text %zu at %zu", which[i], i);
    free(together);
    for (size_t t = 0; t < text_count; t++) free(alone[t]);
}
END_TEST

/* Each number of tokens has its own remainder of tiles, lanes and packs. */
START_TEST(every_length_has_the_same_bits_in_all_kernels)
{
    const pli_kernels *best = pli_kernels_best();
    pli_minilm *plain = open_with_kernels(&pli_kernels_plain);
    char text[2 * 40 + 1] = "";
    for (int words = 1; words <= 40; words++) {
        strcat(text, words % 3 ? "a " : "b ");
        const char *const one[] = {text};
        float *a = encode(plain, one, 1), *b = encode(model, one, 1);
        ck_assert_msg(memcmp(a, b, DIM * sizeof *a) == 0, "%d words, %s: cosine %.9f", words,
                      best->name, cosine(a, b));
        free(a);
        free(b);
    }
    pli_minilm_free(plain);
}
END_TEST

START_TEST(what_follows_the_last_place_changes_nothing)
{
    char text[7 * LONG + 1] = "";
    uint32_t ids[PLACES];
    for (int i = 0; i < LONG; i++) strcat(text, i % 2 ? "tables " : "chairs ");
    char *cut = strdup(text), *longer = strdup(text);
    cut[7 * (PLACES - 2)] = '\0';
    strcpy(longer + 7 * (PLACES - 2), "and else");
    ck_assert_uint_eq(pli_minilm_ids(model, text, strlen(text), ids), PLACES);
    const char *const list[] = {text, cut, longer};
    float *out = encode(model, list, 3);
    ck_assert_int_eq(memcmp(out, out + DIM, DIM * sizeof *out), 0);
    ck_assert_int_eq(memcmp(out, out + 2 * DIM, DIM * sizeof *out), 0);
    cut[7 * (PLACES - 3)] = '\0';
    float *less = encode(model, list + 1, 1);
    ck_assert_int_ne(memcmp(out, less, DIM * sizeof *out), 0);
    free(less);
    free(out);
    free(cut);
    free(longer);
}
END_TEST

/* ---- the embedder ---------------------------------------------------------------------------- */

static plurum_embedder *open_embedder(void)
{
    plurum_embedder *embedder;
    plurum_error error;
    plurum_status status = plurum_embedder_open_minilm(&embedder, MINILM_FILE, &error);
    ck_assert_msg(status == PLURUM_OK, "%s", error.text);
    return embedder;
}

START_TEST(any_bytes_have_a_unit_vector_or_none)
{
    enum { COUNT = 40, BYTES = 400 };
    plurum_embedder *embedder = open_embedder();
    char bytes[COUNT][BYTES + 1];
    const char *list[COUNT + 3];
    const unsigned seed = 20260202;
    printf("seed %u\n", seed);
    srand(seed);
    for (int i = 0; i < COUNT; i++) {
        for (int k = 0; k < BYTES; k++) bytes[i][k] = (char)(1 + rand() % 255);
        bytes[i][rand() % (BYTES + 1)] = '\0';
        bytes[i][BYTES] = '\0';
        list[i] = bytes[i];
    }
    list[COUNT] = "";
    list[COUNT + 1] = " \t\r\n\x01";
    list[COUNT + 2] = "\xFF";
    float *out = malloc((COUNT + 3) * DIM * sizeof *out);
    ck_assert_int_eq(plurum_embedder_embed(embedder, list, COUNT + 3, out, NULL), PLURUM_OK);
    for (int i = 0; i < COUNT + 3; i++) {
        double squares = 0;
        for (int k = 0; k < DIM; k++) squares += (double)out[i * DIM + k] * out[i * DIM + k];
        if (i < COUNT && strlen(bytes[i]) > 100) ck_assert(squares > .5);
        if (i >= COUNT) ck_assert(squares == 0);
        ck_assert_msg(squares == 0 || fabs(squares - 1) < 1e-6, "text %d: %g", i, squares);
    }
    free(out);
    plurum_embedder_free(embedder);
}
END_TEST

START_TEST(either_model_is_told_by_its_first_bytes)
{
    static const struct {
        const char *path, *name;
        uint32_t dim;
    } files[] = {{MINILM_FILE, "minilm-l6-v2", DIM}, {MODEL_FILE, "static-en-256", 256}};
    for (int i = 0; i < 2; i++) {
        plurum_embedder *embedder;
        ck_assert_int_eq(plurum_embedder_open(&embedder, files[i].path, NULL), PLURUM_OK);
        const plurum_fingerprint *print = plurum_embedder_fingerprint(embedder);
        ck_assert_str_eq(print->name, files[i].name);
        ck_assert_uint_eq(print->dim, files[i].dim);
        ck_assert_uint_eq(print->text_template, 1);
        ck_assert(print->checksum != 0);
        plurum_embedder_free(embedder);
    }
    const char *path = write_temporary("neither", "PLXM and more", 13);
    plurum_embedder *none;
    plurum_error error;
    ck_assert_int_eq(plurum_embedder_open(&none, path, &error), PLURUM_FORMAT);
    ck_assert_ptr_nonnull(strstr(error.text, "neither: not a model: it begins with neither PLSM"));
    unlink(path);
}
END_TEST

START_TEST(related_texts_are_nearer_than_unrelated_ones)
{
    static const char *const list[] = {"recover a lost postgres table from yesterday's dump",
                                       "database restoration", "paint the kitchen wall"};
    float *out = encode(model, list, 3);
    plurum_embedder *embedder = open_embedder();
    double pivot = plurum_embedder_traits(embedder)->pivot;
    ck_assert_double_gt(cosine(out, out + DIM), pivot);
    ck_assert_double_lt(cosine(out, out + 2 * DIM), pivot);
    ck_assert_double_lt(cosine(out + DIM, out + 2 * DIM), pivot);
    plurum_embedder_free(embedder);
    free(out);
}
END_TEST

typedef struct job {
    const float *expected;
    int wrong;
} job;

static void *encode_many_times(void *payload)
{
    job *j = payload;
    for (int i = 0; i < 10; i++) {
        float out[DIM];
        j->wrong |= pli_minilm_encode(model, &texts[i % 3], 1, out, NULL) != PLURUM_OK;
        j->wrong |= memcmp(out, j->expected + i % 3 * DIM, sizeof out) != 0;
    }
    return NULL;
}

START_TEST(threads_share_a_model)
{
    pthread_t threads[3];
    job jobs[3];
    float *expected = encode(model, texts, 3);
    for (int i = 0; i < 3; i++) {
        jobs[i] = (job){expected, 0};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, encode_many_times, &jobs[i]), 0);
    }
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < 3; i++) ck_assert_int_eq(jobs[i].wrong, 0);
    free(expected);
}
END_TEST

TCase *embed_minilm_tests(void)
{
    TCase *tc = tcase_create("minilm");
    tcase_set_timeout(tc, 300);
    tcase_add_unchecked_fixture(tc, open_model, close_model);
    tcase_add_test(tc, texts_have_the_reference_ids);
    tcase_add_loop_test(tc, vectors_are_those_of_single_precision_but_for_rounding, 0,
                        KERNELS_COUNT);
    tcase_add_test(tc, all_kernels_give_the_same_bits);
    tcase_add_test(tc, a_text_has_one_vector_in_whatever_company);
    tcase_add_test(tc, every_length_has_the_same_bits_in_all_kernels);
    tcase_add_test(tc, what_follows_the_last_place_changes_nothing);
    tcase_add_test(tc, any_bytes_have_a_unit_vector_or_none);
    tcase_add_test(tc, either_model_is_told_by_its_first_bytes);
    tcase_add_test(tc, related_texts_are_nearer_than_unrelated_ones);
    tcase_add_test(tc, threads_share_a_model);
    return tc;
}
