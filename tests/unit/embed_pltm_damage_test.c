/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are no sound transformer. The miniature of the fuzzer's corpus (convert-minilm tiny)
 * is small enough to spoil every byte of it in turn.
 */
#include <config.h>

#include "embed_damage.h"
#include "embed_test.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include <plurum/embed.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "embed/minilm.h"

#define TINY_FILE TEST_DATA "/../fuzz/corpus/model/tiny-transformer"

enum { HIDDEN = 32 };

/* Where its sections begin. */
enum {
    LICENCE = 128, STROFF = 192, ORDER = 256, STR = 320, NORM = 384, SEQ = 512, WORD_SCALES = 576,
    WORDS = 640, PLACES = 896, NORM0 = 2944, SMOOTH = 3200
};

static unsigned char *tiny;
static size_t size;

static void load(void)
{
    tiny = read_file(TINY_FILE, &size);
}

static void unload(void)
{
    free(tiny);
}

static void sign(size_t len)
{
    uLong crc = crc32_z(crc32_z(0, NULL, 0), tiny, 124);
    pli_store_u32(tiny + 124, (uint32_t)crc32_z(crc, tiny + 128, len - 128));
}

static const char *const TEXTS[] = {"A ab - abb \xC3\x89\xC3\xA9 \xEF\xAC\x81", "", "\xFF" "a",
                                    "ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab"};
enum { TEXT_COUNT = sizeof TEXTS / sizeof *TEXTS };

static plurum_status try_open(size_t len, unsigned flags, plurum_error *error)
{
    /* in a block of its own, so that a sanitizer sees a read beyond it */
    unsigned char *copy = malloc(len ? len : 1);
    memcpy(copy, tiny, len);
    pli_minilm *model = NULL;
    plurum_status status = pli_minilm_open(&model, copy, len, flags, pli_kernels_best(), error);
    if (status) ck_assert_ptr_null(model);
    if (!status) {
        float *out = malloc(TEXT_COUNT * model->pltm.hidden * sizeof *out);
        ck_assert_int_eq(pli_minilm_encode(model, TEXTS, TEXT_COUNT, out, NULL), PLURUM_OK);
        for (size_t i = 0; i < TEXT_COUNT; i++) /* alone, a text has the least room */
            ck_assert_int_eq(pli_minilm_encode(model, &TEXTS[i], 1, out, NULL), PLURUM_OK);
        free(out);
    }
    pli_minilm_free(model);
    free(copy);
    return status;
}

START_TEST(the_miniature_is_sound)
{
    plurum_error error;
    ck_assert_msg(try_open(size, 0, &error) == PLURUM_OK, "%s", error.text);
    pli_minilm *model;
    ck_assert_int_eq(pli_minilm_open(&model, tiny, size, 0, &pli_kernels_plain, NULL), PLURUM_OK);
    float out[TEXT_COUNT][HIDDEN];
    ck_assert_int_eq(pli_minilm_encode(model, TEXTS, TEXT_COUNT, out[0], NULL), PLURUM_OK);
    uint32_t ids[16];
    ck_assert_uint_eq(pli_minilm_ids(model, "abb -", 5, ids), 5);
    const uint32_t expected[] = {1, 4, 5, 0, 2}; /* [CLS] ab ##b [UNK] [SEP] */
    ck_assert_int_eq(memcmp(ids, expected, sizeof expected), 0);
    ck_assert_uint_eq(pli_minilm_ids(model, TEXTS[3], strlen(TEXTS[3]), ids), 16);
    for (int i = 0; i < HIDDEN; i++) {
        ck_assert(out[1][i] == 0);
        ck_assert(isfinite(out[0][i]) && out[0][i] != 0);
    }
    pli_minilm_free(model);
}
END_TEST

START_TEST(a_miniature_cut_anywhere_is_refused)
{
    cuts_are_refused(try_open, size, "its header says");
}
END_TEST

START_TEST(a_cut_miniature_with_a_matching_size_is_refused_by_section)
{
    static const struct {
        size_t len;
        const char *text;
    } cuts[] = {{LICENCE, "too short for"}, {PLACES + 64, "too short for"},
                {SMOOTH + 3200, "section weights of layer 1: it has"}};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        plurum_error error;
        pli_store_u64(tiny + 8, cuts[i].len);
        sign(cuts[i].len);
        ck_assert_int_eq(try_open(cuts[i].len, 0, &error), PLURUM_CORRUPT);
        ck_assert_msg(strstr(error.text, cuts[i].text) != NULL, "%zu: %s", cuts[i].len, error.text);
    }
}
END_TEST

START_TEST(a_flipped_bit_of_the_miniature_is_refused)
{
    for (size_t byte = 0; byte < size; byte++) {
        int bit = (int)(byte % 8);
        plurum_error error = {0};
        tiny[byte] ^= (unsigned char)(1 << bit);
        plurum_status status = try_open(size, 0, &error);
        tiny[byte] ^= (unsigned char)(1 << bit);
        ck_assert_msg(status == PLURUM_CORRUPT || status == PLURUM_FORMAT, "byte %zu bit %d: %d",
                      byte, bit, status);
        if (byte >= 16) ck_assert_ptr_nonnull(strstr(error.text, "checksum"));
    }
}
END_TEST

/* What opens then must encode without harm; a sanitizer watches. */
START_TEST(without_the_checksum_no_flipped_bit_of_the_miniature_does_harm)
{
    for (size_t byte = 0; byte < size; byte += byte < SMOOTH + 600 ? 1 : 37)
        for (int bit = byte < WORDS ? 0 : 6; bit < 8; bit++) { /* of floats the exponent's */
            plurum_error error = {0};
            tiny[byte] ^= (unsigned char)(1 << bit);
            plurum_status status = try_open(size, PLI_MODEL_ANY_CHECKSUM, &error);
            tiny[byte] ^= (unsigned char)(1 << bit);
            ck_assert_int_eq(status, error.status);
            ck_assert(status == PLURUM_OK || *error.text);
            ck_assert_uint_le(error.position, size);
        }
}
END_TEST

/* A record of the miniature becomes one that maps to 14 tokens, as many as a text has places for. */
static void lengthen(size_t record, uint32_t last)
{
    pli_store_u32(tiny + NORM + 16 * record + 4, last);
    pli_store_u32(tiny + NORM + 16 * record + 8, 14u << 16 | 4);
    pli_store_u32(tiny + NORM + 16 * record + 12, 0);
    for (size_t i = 0; i < 14; i++) pli_store_u32(tiny + SEQ + 4 * i, i ? 0xE9 : 'a');
    pli_store_u32(tiny + 72, 14);
    sign(size);
}

START_TEST(a_text_that_grows_has_the_vector_alone_that_it_has_among_others)
{
    static const struct {
        size_t record;
        uint32_t last;
        const char *text;
    } growing[] = {{3, 'A', "A"}, {4, 0xC9, "\xC3\x89"}, {5, 0xFFFF, "\xFF"}};
    const char *texts[2] = {growing[_i].text, TEXTS[3]};
    pli_minilm *model;
    plurum_error error = {0};
    float alone[HIDDEN], among[2][HIDDEN];
    uint32_t ids[16];
    lengthen(growing[_i].record, growing[_i].last);
    ck_assert_msg(!pli_minilm_open(&model, tiny, size, 0, pli_kernels_best(), &error), "%s",
                  error.text);
    ck_assert_uint_eq(pli_minilm_ids(model, texts[0], strlen(texts[0]), ids), 16);
    ck_assert_int_eq(pli_minilm_encode(model, texts, 2, among[0], NULL), PLURUM_OK);
    ck_assert_int_eq(pli_minilm_encode(model, texts, 1, alone, NULL), PLURUM_OK);
    ck_assert_int_eq(memcmp(alone, among[0], sizeof alone), 0);
    pli_minilm_free(model);
}
END_TEST

/* ---- what each number may be ----------------------------------------------------------------- */

static const damage DAMAGES[] = {
    {0, 0x4D54424C, PLURUM_FORMAT, 0, "does not begin with \"PLTM\""},
    {4, 2, PLURUM_FORMAT, 4, "version 2, this library reads version 1"},
    {16, 0, PLURUM_CORRUPT, 16, "dimensions is 0"},
    {16, 48, PLURUM_CORRUPT, 16, "a multiple of 32"},
    {16, 4096 + 32, PLURUM_CORRUPT, 16, "up to 4096"},
    {16, 4096, PLURUM_CORRUPT, 16, "too short"},
    {20, 0, PLURUM_CORRUPT, 20, "layers is 0"},
    {20, 65, PLURUM_CORRUPT, 20, "1 to 64"},
    {24, 0, PLURUM_CORRUPT, 24, "heads is 0"},
    {24, 3, PLURUM_CORRUPT, 24, "parts the dimensions by multiples of 16"},
    {24, 4, PLURUM_CORRUPT, 24, "parts the dimensions by multiples of 16"},
    {28, 16, PLURUM_CORRUPT, 28, "inner size is 16"},
    {28, 16416, PLURUM_CORRUPT, 28, "up to 16384"},
    {32, 2, PLURUM_CORRUPT, 32, "places is 2"},
    {32, 513, PLURUM_CORRUPT, 32, "3 to 512"},
    {36, 0, PLURUM_CORRUPT, 36, "tokens is 0"},
    {36, 0xFFFFFFFF, PLURUM_CORRUPT, 36, "tokens is 4294967295"},
    {40, 0, PLURUM_CORRUPT, 40, "longest word is 0"},
    {40, 257, PLURUM_CORRUPT, 40, "1 to 256"},
    {44, 8, PLURUM_CORRUPT, 44, "special token is 8"},
    {48, 8, PLURUM_CORRUPT, 48, "less than the number of tokens"},
    {52, 0xFFFFFFFF, PLURUM_CORRUPT, 52, "special token"},
    {56, 0, PLURUM_CORRUPT, 56, "epsilon is 0"},
    {56, 0x7FC00000, PLURUM_CORRUPT, 56, "epsilon is nan"},
    {56, 0x3F800000, PLURUM_CORRUPT, 56, "epsilon is 1"},
    {60, 0xFFFFFFFF, PLURUM_CORRUPT, LICENCE, "section licence"},
    {64, 0xFFFFFFF0, PLURUM_CORRUPT, STR, "section str"},
    {64, 28, PLURUM_CORRUPT, STROFF + 32, "section stroff"},
    {68, 0xFFFFFFFF, PLURUM_CORRUPT, NORM, "section norm"},
    {72, 0xFFFFFFFF, PLURUM_CORRUPT, SEQ, "section seq"},
    {76, 1, PLURUM_CORRUPT, 76, "reserved byte"},
    {120, 1u << 24, PLURUM_CORRUPT, 123, "reserved byte"},
    {ORDER, 8, PLURUM_CORRUPT, ORDER, "order"},
    {WORD_SCALES + 4, 0x7F800000, PLURUM_CORRUPT, WORD_SCALES + 4, "number 1 is inf"},
    {PLACES + 12, 0x7FC00000, PLURUM_CORRUPT, PLACES + 12, "section places: number 3 is nan"},
    {NORM0, 0x49742410, PLURUM_CORRUPT, NORM0, "section norm0: number 0 is 1e+06"},
    {SMOOTH + 4, 0xFF800000, PLURUM_CORRUPT, SMOOTH + 4, "smooth of layer 1: number 1 is -inf"},
};

START_TEST(each_wrong_number_of_the_miniature_is_named)
{
    pli_store_u32(tiny + DAMAGES[_i].at, DAMAGES[_i].value);
    sign(size);
    damage_is_named(try_open, size, &DAMAGES[_i]);
}
END_TEST

/* ---- files ----------------------------------------------------------------------------------- */

static void is_refused(const char *path, plurum_status expected, const char *text)
{
    file_refused(plurum_embedder_open_minilm, path, expected, text);
}

START_TEST(what_is_no_transformer_file_is_refused_with_its_path)
{
    is_refused("no/such.pltm", PLURUM_IO, "no/such.pltm: cannot open it: No such file");
    is_refused(MODEL_FILE, PLURUM_FORMAT, "static-en-256.plsm: not a transformer model");
    const char *path = write_temporary("empty", "", 0);
    is_refused(path, PLURUM_FORMAT, "empty: not a transformer model");
    unlink(path);
    path = write_temporary("cut", tiny, 3000);
    is_refused(path, PLURUM_CORRUPT, "cut: the file has 3000 bytes, its header says");
    unlink(path);
}
END_TEST

START_TEST(the_real_transformer_is_refused_when_damaged)
{
    size_t len;
    unsigned char *bytes = read_file(MINILM_FILE, &len);
    ck_assert_uint_le(len, 25000000);
    for (size_t at = 130; at < len; at += len / 7) {
        pli_minilm *model;
        plurum_error error;
        bytes[at] ^= 1;
        ck_assert_int_eq(pli_minilm_open(&model, bytes, len, 0, pli_kernels_best(), &error),
                         PLURUM_CORRUPT);
        ck_assert_ptr_nonnull(strstr(error.text, "the checksum of its"));
        bytes[at] ^= 1;
        ck_assert_int_eq(pli_minilm_open(&model, bytes, at, 0, pli_kernels_best(), &error),
                         PLURUM_CORRUPT);
    }
    free(bytes);
}
END_TEST

START_TEST(memory_may_run_out_while_a_transformer_opens_and_encodes)
{
    const char *path = write_temporary("memory", tiny, size);
    plurum_status status = PLURUM_NOMEM;
    unsigned long nth = 0;
    while (status) {
        plurum_embedder *embedder;
        float out[TEXT_COUNT * HIDDEN];
        pli_alloc_fail_at(++nth);
        status = plurum_embedder_open_minilm(&embedder, path, NULL);
        ck_assert(status == PLURUM_OK || embedder == NULL);
        if (!status) status = plurum_embedder_embed(embedder, TEXTS, TEXT_COUNT, out, NULL);
        ck_assert(status == PLURUM_OK || status == PLURUM_NOMEM);
        plurum_embedder_free(embedder);
    }
    pli_alloc_fail_at(0);
    ck_assert_uint_gt(nth, 8);
    unlink(path);
}
END_TEST

TCase *embed_pltm_damage_tests(void)
{
    TCase *tc = tcase_create("transformer damage");
    tcase_set_timeout(tc, 300);
    tcase_add_checked_fixture(tc, load, unload);
    tcase_add_test(tc, the_miniature_is_sound);
    tcase_add_test(tc, a_miniature_cut_anywhere_is_refused);
    tcase_add_test(tc, a_cut_miniature_with_a_matching_size_is_refused_by_section);
    tcase_add_test(tc, a_flipped_bit_of_the_miniature_is_refused);
    tcase_add_test(tc, without_the_checksum_no_flipped_bit_of_the_miniature_does_harm);
    tcase_add_loop_test(tc, a_text_that_grows_has_the_vector_alone_that_it_has_among_others, 0, 3);
    tcase_add_loop_test(tc, each_wrong_number_of_the_miniature_is_named, 0,
                        sizeof DAMAGES / sizeof *DAMAGES);
    tcase_add_test(tc, what_is_no_transformer_file_is_refused_with_its_path);
    tcase_add_test(tc, the_real_transformer_is_refused_when_damaged);
    tcase_add_test(tc, memory_may_run_out_while_a_transformer_opens_and_encodes);
    return tc;
}
