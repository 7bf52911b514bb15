/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The static model that comes with the project: its vectors and ids against known answers, and its
 * embedder.
 */
#include <config.h>

#include "embed_test.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include <plurum/embed.h>

#include "embed/static.h"
#include "embed_reference.h"

static unsigned char *model_bytes;
static size_t model_len;
static pli_static_model *model;

static void open_model(void)
{
    plurum_error error;
    model_bytes = read_file(MODEL_FILE, &model_len);
    plurum_status status = pli_static_open(&model, model_bytes, model_len, 0, &error);
    ck_assert_msg(status == PLURUM_OK, "%s", error.text);
}

static void close_model(void)
{
    pli_static_free(model);
    free(model_bytes);
}

/* All ids of a text, at most room. */
static size_t ids_of(uint32_t *out, size_t room, const void *text, size_t len)
{
    static pli_wordpiece_run run;
    uint32_t ids[PLI_WORDPIECE_IDS];
    size_t count = 0;
    pli_wordpiece_start(&run, &model->wordpiece, text, len);
    for (size_t n; (n = pli_wordpiece_next(&run, ids)) > 0; count += n) {
        ck_assert_uint_le(count + n, room);
        memcpy(out + count, ids, n * sizeof *ids);
    }
    return count;
}

static double norm_of(const float *vector)
{
    double squares = 0;
    for (int i = 0; i < 256; i++) squares += (double)vector[i] * vector[i];
    return sqrt(squares);
}

/* ---- known answers --------------------------------------------------------------------------- */

static void check_vector(const json_t *test, const float *vector, const float *first)
{
    double norm = norm_of(vector), cosine = 0;
    const json_t *first8 = json_object_get(test, "first8");
    ck_assert_uint_eq(json_array_size(first8), 8);
    ck_assert(fabs(norm - json_number_value(json_object_get(test, "norm"))) < 1e-5);
    for (size_t i = 0; i < 8; i++)
        ck_assert(fabs(vector[i] / norm - json_number_value(json_array_get(first8, i))) < 1e-5);
    for (int i = 0; i < 256; i++) cosine += (double)vector[i] * first[i];
    cosine /= norm * norm_of(first);
    ck_assert(fabs(cosine - json_number_value(json_object_get(test, "cos_to_0"))) < 1e-5);
}

START_TEST(the_reference_vectors_come_out)
{
    json_t *root = json_load_file(TEST_DATA "/static-clean-test-vectors.json", 0, NULL);
    json_t *tests = json_object_get(root, "tests"), *test;
    ck_assert_uint_eq(json_array_size(tests), 20);
    float first[256], vector[256];
    size_t t;
    json_array_foreach(tests, t, test) {
        const char *text = json_string_value(json_object_get(test, "text"));
        const json_t *expected = json_object_get(test, "ids");
        uint32_t ids[200];
        size_t count = ids_of(ids, 200, text, strlen(text));
        ck_assert_uint_eq(count, json_array_size(expected));
        for (size_t i = 0; i < count; i++)
            ck_assert_int_eq(ids[i], json_integer_value(json_array_get(expected, i)));
        pli_static_encode(model, text, strlen(text), vector);
        if (t == 0) memcpy(first, vector, sizeof first);
        check_vector(test, vector, first);
    }
    json_decref(root);
}
END_TEST

START_TEST(tricky_texts_have_the_reference_ids)
{
    for (size_t r = 0; r < sizeof REFERENCES / sizeof *REFERENCES; r++) {
        const reference *expected = &REFERENCES[r];
        uint32_t ids[200];
        size_t count = ids_of(ids, 200, expected->text, expected->len);
        ck_assert_msg(count == expected->id_count, "%s: %zu ids, expected %zu", expected->what,
                      count, expected->id_count);
        for (size_t i = 0; i < count; i++)
            ck_assert_msg(ids[i] == expected->ids[i], "%s: id %zu is %u, expected %u",
                          expected->what, i, ids[i], expected->ids[i]);
    }
}
END_TEST

/* The binary search that the file's own tables allow, slow and simple. */
static int64_t find_plainly(const char *string, size_t len)
{
    const pli_vocabulary *words = &model->plsm.vocabulary;
    for (uint32_t id = 0; id < words->token_count; id++) {
        const unsigned char *token = words->text + words->text_at[id];
        if (words->text_at[id + 1] - words->text_at[id] == len && memcmp(token, string, len) == 0)
            return id;
    }
    return -1;
}

START_TEST(every_plain_token_is_found_alone)
{
    size_t tried = 0;
    for (uint32_t id = 0; id < model->plsm.vocabulary.token_count; id++) {
        const unsigned char *token = model->plsm.vocabulary.text + model->plsm.vocabulary.text_at[id];
        size_t len = model->plsm.vocabulary.text_at[id + 1] - model->plsm.vocabulary.text_at[id], letters = 0;
        while (letters < len && token[letters] >= 'a' && token[letters] <= 'z') letters++;
        if (letters < len) continue;
        uint32_t ids[40];
        ck_assert_uint_eq(ids_of(ids, 40, token, len), 1);
        ck_assert_uint_eq(ids[0], id);
        if (tried++ % 997 == 0) ck_assert_int_eq(find_plainly((const char *)token, len), id);
    }
    ck_assert_uint_gt(tried, 15000);
}
END_TEST

START_TEST(a_long_text_is_the_sum_of_its_parts)
{
    enum { TIMES = 3000 };
    /* the last word has as many ids as one can have, so that it meets the end of a buffer of ids */
    static const char part[] = "docker: permission denied while connecting \xE6\x97\xA5 "
                               "abababababababababababababababababababababababababab"
                               "abababababababababababababababababababababababab ";
    size_t len = strlen(part);
    char *text = malloc(TIMES * len);
    for (size_t i = 0; i < TIMES; i++) memcpy(text + i * len, part, len);
    uint32_t *ids = malloc(TIMES * len * sizeof *ids), once[200];
    size_t count = ids_of(once, 200, part, len);
    ck_assert_uint_eq(count, 8 + 50);
    ck_assert_uint_eq(ids_of(ids, TIMES * len, text, TIMES * len), TIMES * count);
    for (size_t i = 0; i < TIMES * count; i++) ck_assert_uint_eq(ids[i], once[i % count]);
    float one[256], all[256];
    pli_static_encode(model, part, len, one);
    pli_static_encode(model, text, TIMES * len, all);
    double cosine = 0;
    for (int i = 0; i < 256; i++) cosine += (double)all[i] * one[i];
    cosine /= norm_of(all) * norm_of(one);
    ck_assert_msg(cosine > 1 - 1e-9, "1 - cosine is %g", 1 - cosine);
    free(ids);
    free(text);
}
END_TEST

START_TEST(a_word_without_end_is_dropped)
{
    size_t len = 3000000;
    char *text = malloc(len);
    memset(text, 'a', len);
    memcpy(text + len - 7, " docker", 7);
    uint32_t ids[4], docker[4];
    ck_assert_uint_eq(ids_of(docker, 4, "docker", 6), 2);
    ck_assert_uint_eq(ids_of(ids, 4, text, len), 2);
    ck_assert_int_eq(memcmp(ids, docker, 2 * sizeof *ids), 0);
    free(text);
}
END_TEST

START_TEST(the_bytes_of_a_model_need_no_alignment)
{
    static const char text[] = "Ünïcödé naïve 한국어 text";
    float expected[256], vector[256];
    pli_static_encode(model, text, strlen(text), expected);
    unsigned char *shifted = malloc(model_len + 8);
    for (size_t shift = 1; shift < 4; shift++) {
        memcpy(shifted + shift, model_bytes, model_len);
        pli_static_model *other;
        ck_assert_int_eq(pli_static_open(&other, shifted + shift, model_len, 0, NULL), PLURUM_OK);
        pli_static_encode(other, text, strlen(text), vector);
        ck_assert_int_eq(memcmp(vector, expected, sizeof vector), 0);
        pli_static_free(other);
    }
    free(shifted);
}
END_TEST

/* ---- the embedder ---------------------------------------------------------------------------- */

static plurum_embedder *open_embedder(void)
{
    plurum_embedder *embedder;
    plurum_error error;
    plurum_status status = plurum_embedder_open_static(&embedder, MODEL_FILE, &error);
    ck_assert_msg(status == PLURUM_OK, "%s", error.text);
    return embedder;
}

START_TEST(the_embedder_gives_unit_vectors_or_none)
{
    static const char *const texts[] = {"list open files", "", "\xFF\xFE!", "...", "\xF0\x9F\x91",
                                        "a", "list open files"};
    enum { COUNT = sizeof texts / sizeof *texts };
    static const int has_vector[COUNT] = {1, 0, 0, 0, 0, 1, 1};
    plurum_embedder *embedder = open_embedder();
    float out[COUNT][256];
    memset(out, 0x7F, sizeof out);
    ck_assert_int_eq(plurum_embedder_embed(embedder, texts, COUNT, out[0], NULL), PLURUM_OK);
    for (int t = 0; t < COUNT; t++)
        ck_assert_msg(fabs(norm_of(out[t]) - has_vector[t]) < 1e-6, "text %d has norm %g", t,
                      norm_of(out[t]));
    ck_assert_int_eq(memcmp(out[0], out[6], sizeof out[0]), 0);
    plurum_embedder_free(embedder);
}
END_TEST

static void check_print(const plurum_embedder *embedder)
{
    const plurum_fingerprint *print = plurum_embedder_fingerprint(embedder);
    ck_assert_str_eq(print->name, "static-en-256");
    ck_assert_uint_eq(print->dim, 256);
    ck_assert_uint_eq(print->text_template, 1);
    ck_assert(print->checksum == (0x640367CFu | (uint64_t)8573820 << 32));
}

START_TEST(a_renamed_model_keeps_its_fingerprint)
{
    plurum_embedder *embedder = open_embedder();
    check_print(embedder);
    ck_assert(plurum_embedder_traits(embedder)->alpha == .4);
    ck_assert(plurum_embedder_traits(embedder)->pivot == .39);
    plurum_embedder_free(embedder);
    const char *path = write_temporary("other-name", model_bytes, model_len);
    ck_assert_int_eq(plurum_embedder_open_static(&embedder, path, NULL), PLURUM_OK);
    check_print(embedder);
    plurum_embedder_free(embedder);
    unlink(path);
}
END_TEST

typedef struct job {
    const plurum_embedder *embedder;
    float expected[256];
    int wrong;
} job;

static void *embed_many_times(void *payload)
{
    job *j = payload;
    static const char *const text[] = {"Postgres connection pool exhausted under load"};
    float out[256];
    for (int i = 0; i < 300; i++) {
        j->wrong |= plurum_embedder_embed(j->embedder, text, 1, out, NULL) != PLURUM_OK;
        j->wrong |= memcmp(out, j->expected, sizeof out) != 0;
    }
    return NULL;
}

START_TEST(threads_share_an_embedder)
{
    plurum_embedder *embedder = open_embedder();
    static const char *const text[] = {"Postgres connection pool exhausted under load"};
    job jobs[3] = {{.embedder = embedder}};
    ck_assert_int_eq(plurum_embedder_embed(embedder, text, 1, jobs[0].expected, NULL), PLURUM_OK);
    jobs[1] = jobs[2] = jobs[0];
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, embed_many_times, &jobs[i]), 0);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < 3; i++) ck_assert_int_eq(jobs[i].wrong, 0);
    plurum_embedder_free(embedder);
}
END_TEST

TCase *embed_model_tests(void)
{
    TCase *tc = tcase_create("model");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, open_model, close_model);
    tcase_add_test(tc, the_reference_vectors_come_out);
    tcase_add_test(tc, tricky_texts_have_the_reference_ids);
    tcase_add_test(tc, every_plain_token_is_found_alone);
    tcase_add_test(tc, a_long_text_is_the_sum_of_its_parts);
    tcase_add_test(tc, a_word_without_end_is_dropped);
    tcase_add_test(tc, the_bytes_of_a_model_need_no_alignment);
    tcase_add_test(tc, the_embedder_gives_unit_vectors_or_none);
    tcase_add_test(tc, a_renamed_model_keeps_its_fingerprint);
    tcase_add_test(tc, threads_share_an_embedder);
    return tc;
}
