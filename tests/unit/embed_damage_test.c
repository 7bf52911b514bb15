/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are no sound model. A small one is built here, so that every byte of it can be spoiled
 * in turn; each refusal must name what is wrong, and none may touch memory that is not the file's.
 */
#include <config.h>

#include "embed_damage.h"
#include "embed_test.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include <plurum/embed.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "embed/static.h"

/* ---- a small model --------------------------------------------------------------------------- */

enum { TOKENS = 6, DIM = 3, RECORDS = 5, REPLACEMENTS = 3, SMALL = 704 };

/* Where its sections begin, in the order of the header's fields. */
enum {
    WEIGHT = 128, SCALE = 192, ROWS = 256, STROFF = 320, ORDER = 384, STR = 448, NORM = 512,
    SEQ = 640, SIZE = 652
};

static unsigned char small[SMALL];

static void put(size_t at, uint32_t value)
{
    pli_store_u32(small + at, value);
}

static void put_float(size_t at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(at, bits);
}

static void put_record(int i, uint32_t first, uint32_t last, uint32_t info, uint32_t arg)
{
    const uint32_t fields[] = {first, last, info, arg};
    for (size_t f = 0; f < 4; f++) put(NORM + 16 * (size_t)i + 4 * f, fields[f]);
}

static void sign(void)
{
    put(112, (uint32_t)crc32_z(0, small + 128, SIZE - 128));
}

static void put_header(void)
{
    static const uint32_t fields[] = {1, DIM, TOKENS, 7, 100, 0};
    static const uint64_t sections[] = {WEIGHT, SCALE, ROWS, STROFF, ORDER, STR, NORM, SEQ, SIZE};
    memcpy(small, "PLSM", 4);
    for (size_t i = 0; i < 6; i++) put(4 + 4 * i, fields[i]);
    for (size_t i = 0; i < 9; i++) pli_store_u64(small + 32 + 8 * i, sections[i]);
    put(104, RECORDS);
    put(108, REPLACEMENTS);
}

/* Tokens [UNK] a ab ##b é ##é; A becomes a, É becomes é, fi becomes a word "ab" of its own. */
static void build(void)
{
    static const char *const tokens[TOKENS] = {"[UNK]", "a", "ab", "##b", "\xC3\xA9", "##\xC3\xA9"};
    static const uint32_t order[TOKENS] = {3, 5, 0, 1, 2, 4};
    memset(small, 0, sizeof small);
    put_header();
    uint32_t len = 0;
    for (uint32_t i = 0; i < TOKENS; i++) {
        put_float(WEIGHT + 4 * i, i ? 1 : 0);
        put_float(SCALE + 4 * i, .5f);
        small[ROWS + DIM * i + i % DIM] = 1;
        put(STROFF + 4 * i, len);
        put(ORDER + 4 * i, order[i]);
        memcpy(small + STR + len, tokens[i], strlen(tokens[i]));
        len += (uint32_t)strlen(tokens[i]);
    }
    put(STROFF + 4 * TOKENS, len);
    put_record(0, 0, 31, 1, 0);
    put_record(1, 32, 32, 2, 0);
    put_record(2, 'A', 'A', 1u << 16 | 4, 0);
    put_record(3, 0xC9, 0xC9, 1u << 16 | 4, 2);
    put_record(4, 0xFB01, 0xFB01, 2u << 16 | 0x100 | 4, 0);
    put(SEQ, 'a');
    put(SEQ + 4, 'b');
    put(SEQ + 8, 0xE9);
    sign();
}

static plurum_status try_open(size_t len, unsigned flags, plurum_error *error)
{
    /* in a block of its own, so that a sanitizer sees a read beyond it */
    unsigned char *copy = malloc(len ? len : 1);
    memcpy(copy, small, len);
    pli_static_model *model = NULL;
    plurum_status status = pli_static_open(&model, copy, len, flags, error);
    if (status) ck_assert_ptr_null(model);
    static const char text[] = "A ab \xEF\xAC\x81 \xC3\x89\xC3\xA9 abab \xFF\xED\x95\x9C x\x7F";
    float out[PLURUM_DIM_MAX];
    if (!status) pli_static_encode(model, text, sizeof text, out);
    pli_static_free(model);
    free(copy);
    return status;
}

START_TEST(the_small_model_is_sound)
{
    plurum_error error;
    ck_assert_msg(try_open(SIZE, 0, &error) == PLURUM_OK, "%s", error.text);
    pli_static_model *model;
    ck_assert_int_eq(pli_static_open(&model, small, SIZE, 0, NULL), PLURUM_OK);
    float out[DIM];
    /* a + (ab) + (a ##b twice fails on the space: ab ##b) + é ##é: rows 1, 2, 2, 3, 4, 5 */
    static const char text[] = "A \xEF\xAC\x81 abb \xC3\x89\xC3\xA9 b \x01";
    pli_static_encode(model, text, strlen(text), out);
    ck_assert(out[0] == .5f && out[1] == 1 && out[2] == 1.5f);
    pli_static_free(model);
}
END_TEST

/* ---- damage ---------------------------------------------------------------------------------- */

START_TEST(a_file_cut_anywhere_is_refused)
{
    cuts_are_refused(try_open, SIZE, "its header says 652");
}
END_TEST

START_TEST(a_cut_file_with_a_matching_size_is_refused_by_section)
{
    static const struct {
        size_t len;
        const char *name;
    } cuts[] = {{WEIGHT + 23, "weight"}, {SCALE, "scale"},       {ROWS + 17, "rows"},
                {STROFF + 27, "stroff"}, {ORDER + 20, "order"},  {STR + 16, "norm"},
                {NORM + 79, "norm"},     {SEQ + 11, "seq"}};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        pli_store_u64(small + 96, cuts[i].len);
        plurum_error error;
        ck_assert_int_eq(try_open(cuts[i].len, 0, &error), PLURUM_CORRUPT);
        char expected[40];
        snprintf(expected, sizeof expected, "section %s of", cuts[i].name);
        ck_assert_msg(strstr(error.text, expected) != NULL, "%zu: %s", cuts[i].len, error.text);
    }
}
END_TEST

/*
 * Where a header that is not under the checksum may say something else and still fit: the flags and
 * the id of [UNK], which the encoder does not use, and the longest word.
 */
static int is_free(size_t byte)
{
    return byte == 16 || byte / 4 == 20 / 4 || byte / 4 == 24 / 4;
}

START_TEST(a_flipped_bit_is_refused_wherever_it_is)
{
    for (size_t byte = 0; byte < SIZE; byte++)
        for (int bit = 0; bit < 8; bit++) {
            small[byte] ^= (unsigned char)(1 << bit);
            plurum_error error = {0};
            plurum_status status = try_open(SIZE, 0, &error);
            small[byte] ^= (unsigned char)(1 << bit);
            if (is_free(byte) && status == PLURUM_OK) continue;
            /* one dimension less is 6 bytes of rows less, which padding hides in so small a file */
            if (byte == 8 && status == PLURUM_OK) continue;
            ck_assert_msg(status == PLURUM_CORRUPT || status == PLURUM_FORMAT,
                          "byte %zu bit %d: %d", byte, bit, status);
            ck_assert_uint_gt(strlen(error.text), 10);
            /* the last of stroff is the length of str, looked at before the checksum */
            if (byte >= 128 && byte / 4 != (STROFF + 24) / 4)
                ck_assert_ptr_nonnull(strstr(error.text, "checksum"));
        }
}
END_TEST

START_TEST(without_the_checksum_no_flipped_bit_does_harm)
{
    for (size_t byte = 0; byte < SIZE; byte++)
        for (int value = 0; value < 256; value++) {
            unsigned char saved = small[byte];
            small[byte] = (unsigned char)value;
            plurum_status status = try_open(SIZE, PLI_MODEL_ANY_CHECKSUM, NULL);
            small[byte] = saved;
            ck_assert(status == PLURUM_OK || status == PLURUM_CORRUPT || status == PLURUM_FORMAT);
        }
}
END_TEST

static const damage DAMAGES[] = {
    {0, 0x4D534C51, PLURUM_FORMAT, 0, "not a static model"},
    {4, 2, PLURUM_FORMAT, 4, "version 2, this library reads version 1"},
    {4, 0, PLURUM_FORMAT, 4, "version 0"},
    {8, 0, PLURUM_CORRUPT, 8, "dimensions is 0 at byte 8, expected 1 to 4096"},
    {8, 4097, PLURUM_CORRUPT, 8, "dimensions is 4097"},
    {8, 200, PLURUM_CORRUPT, 48, "section rows of 1200 bytes"},
    {12, 0, PLURUM_CORRUPT, 12, "tokens is 0"},
    {12, 0xFFFFFFFF, PLURUM_CORRUPT, 12, "tokens is 4294967295"},
    {12, 0xFFFFFFFE, PLURUM_CORRUPT, 32, "section weight"},
    {16, 8, PLURUM_CORRUPT, 16, "flags field is 8"},
    {20, 0, PLURUM_CORRUPT, 20, "longest word is 0"},
    {20, 257, PLURUM_CORRUPT, 20, "longest word is 257"},
    {20, 1, PLURUM_CORRUPT, NORM + 64, "record 4"},
    {24, TOKENS, PLURUM_CORRUPT, 24, "unknown token is 6"},
    {28, 1, PLURUM_CORRUPT, 28, "reserved field is 1"},
    {124, 1, PLURUM_CORRUPT, 124, "reserved byte is 1"},
    {32, WEIGHT + 4, PLURUM_CORRUPT, 32, "section weight begins at byte 132"},
    {40, 64, PLURUM_CORRUPT, 40, "section scale begins at byte 64"},
    {72, 0xFFFFFFC0, PLURUM_CORRUPT, 72, "section str"},
    {76, 0xFFFFFFFF, PLURUM_CORRUPT, 72, "section str"},
    {104, 0xFFFFFFFF, PLURUM_CORRUPT, 80, "section norm"},
    {108, 5, PLURUM_CORRUPT, 88, "section seq"},
    {WEIGHT + 4, 0x7FC00000, PLURUM_CORRUPT, WEIGHT + 4, "token 1 has weight nan"},
    {SCALE + 8, 0x7F800000, PLURUM_CORRUPT, WEIGHT + 8, "scale inf"},
    {SCALE + 8, 0x4B000000, PLURUM_CORRUPT, WEIGHT + 8, "at most 1e+06"},
    {STROFF, 1, PLURUM_CORRUPT, STROFF, "stroff begins with 1"},
    {STROFF + 8, 3, PLURUM_CORRUPT, STROFF + 8, "string 1 runs from 5 to 3"},
    {STROFF + 8, 0x80000000, PLURUM_CORRUPT, STROFF + 8, "string 1 runs from 5 to 2147483648"},
    {STROFF + 24, 400, PLURUM_CORRUPT, 72, "section str of 400 bytes"},
    {STR + 11, 0x6161C361, PLURUM_CORRUPT, STR + 11, "string 4 is not UTF-8"},
    {ORDER + 4, TOKENS, PLURUM_CORRUPT, ORDER + 4, "entry 1 is 6, expected less than 6"},
    {ORDER + 4, 3, PLURUM_CORRUPT, ORDER + 4, "entry 1 does not follow"},
    {ORDER + 8, 1, PLURUM_CORRUPT, ORDER + 12, "entry 3 does not follow"},
    {NORM, 32, PLURUM_CORRUPT, NORM, "record 0 (U+0020 to U+001F"},
    {NORM + 4, 32, PLURUM_CORRUPT, NORM + 16, "record 1 begins at U+0020"},
    {NORM + 8, 0, PLURUM_CORRUPT, NORM, "info 0"},
    {NORM + 8, 5, PLURUM_CORRUPT, NORM, "info 5"},
    {NORM + 8, 0x101, PLURUM_CORRUPT, NORM, "info 101"},
    {NORM + 40, 0x10204, PLURUM_CORRUPT, NORM + 32, "info 10204"},
    {NORM + 40, 4u << 16 | 4, PLURUM_CORRUPT, NORM + 32, "record 2"},
    {NORM + 44, 3, PLURUM_CORRUPT, NORM + 32, "arg 3"},
    {NORM + 44, 0xFFFFFFFF, PLURUM_CORRUPT, NORM + 32, "arg 4294967295"},
    {NORM + 68, 0x110000, PLURUM_CORRUPT, NORM + 64, "U+110000"},
    {SEQ + 4, 0x110000, PLURUM_CORRUPT, SEQ + 4, "entry 1 is 110000"},
    {SEQ + 8, 0xDFFF, PLURUM_CORRUPT, SEQ + 8, "entry 2 is dfff"},
};

START_TEST(each_wrong_number_is_named)
{
    put(DAMAGES[_i].at, DAMAGES[_i].value);
    sign();
    damage_is_named(try_open, SIZE, &DAMAGES[_i]);
}
END_TEST

/* ---- files ----------------------------------------------------------------------------------- */

static void is_refused(const char *path, plurum_status expected, const char *text)
{
    file_refused(plurum_embedder_open_static, path, expected, text);
}

START_TEST(what_is_no_model_file_is_refused_with_its_path)
{
    is_refused("no/such/file.plsm", PLURUM_IO, "no/such/file.plsm: cannot open it: No such file");
    is_refused("/", PLURUM_FORMAT, "/: not a model: it is no regular file");
    is_refused(NULL, PLURUM_ARG, "NULL");
    ck_assert_int_eq(plurum_embedder_open_static(NULL, "x", NULL), PLURUM_ARG);
    const char *path = write_temporary("empty", "", 0);
    is_refused(path, PLURUM_FORMAT, "empty: not a static model");
    unlink(path);
    path = write_temporary("text", "Hello, I am a text.", 19);
    is_refused(path, PLURUM_FORMAT, "not a static model");
    unlink(path);
    path = write_temporary("cut", small, 300);
    is_refused(path, PLURUM_CORRUPT, "cut: the file has 300 bytes, its header says 652");
    unlink(path);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    is_refused(path, PLURUM_FORMAT, "no regular file"); /* and does not wait for a writer */
    unlink(path);
}
END_TEST

START_TEST(a_long_path_leaves_room_for_the_reason)
{
    char path[401];
    for (size_t i = 0; i < 400; i += 2) memcpy(path + i, "\xC3\xA9", 2);
    memcpy(path + 391, "end.plsm", 9);
    path[390] = '/';
    is_refused(path, PLURUM_IO, "end.plsm: cannot open it: ");
}
END_TEST

START_TEST(a_flipped_bit_in_the_real_header_is_refused)
{
    size_t len;
    unsigned char *bytes = read_file(MODEL_FILE, &len);
    for (size_t byte = 0; byte < 128; byte++)
        for (int bit = 0; bit < 8; bit++) {
            pli_static_model *model;
            bytes[byte] ^= (unsigned char)(1 << bit);
            plurum_status status = pli_static_open(&model, bytes, len, 0, NULL);
            bytes[byte] ^= (unsigned char)(1 << bit);
            ck_assert_msg(is_free(byte) || status == PLURUM_CORRUPT || status == PLURUM_FORMAT,
                          "byte %zu bit %d: %d", byte, bit, status);
            pli_static_free(model);
        }
    free(bytes);
}
END_TEST

/* The first byte of each section is flipped in a copy, then the copy is cut there. */
START_TEST(the_real_model_is_refused_when_damaged)
{
    size_t len;
    unsigned char *bytes = read_file(MODEL_FILE, &len);
    for (size_t field = 32; field < 96; field += 8) {
        uint64_t at = pli_load_u64(bytes + field);
        pli_static_model *model;
        plurum_error error;
        bytes[at] ^= 1;
        ck_assert_int_eq(pli_static_open(&model, bytes, len, 0, &error), PLURUM_CORRUPT);
        ck_assert_ptr_nonnull(strstr(error.text, "the header says 640367cf"));
        bytes[at] ^= 1;
        ck_assert_int_eq(pli_static_open(&model, bytes, at, 0, &error), PLURUM_CORRUPT);
        ck_assert_ptr_nonnull(strstr(error.text, "its header says 8573820"));
    }
    free(bytes);
}
END_TEST

START_TEST(memory_may_run_out_while_a_model_opens)
{
    const char *path = write_temporary("memory", small, SIZE);
    plurum_status status = PLURUM_NOMEM;
    unsigned long nth = 0;
    while (status) {
        plurum_embedder *embedder;
        plurum_error error;
        pli_alloc_fail_at(++nth);
        status = plurum_embedder_open_static(&embedder, path, &error);
        ck_assert(status == PLURUM_OK || status == PLURUM_NOMEM);
        ck_assert(status == PLURUM_OK || embedder == NULL);
        plurum_embedder_free(embedder);
    }
    pli_alloc_fail_at(0);
    ck_assert_uint_eq(nth, 10); /* nine allocations, then success */
    unlink(path);
}
END_TEST

TCase *embed_damage_tests(void)
{
    TCase *tc = tcase_create("damage");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, build, NULL);
    tcase_add_test(tc, the_small_model_is_sound);
    tcase_add_test(tc, a_file_cut_anywhere_is_refused);
    tcase_add_test(tc, a_cut_file_with_a_matching_size_is_refused_by_section);
    tcase_add_test(tc, a_flipped_bit_is_refused_wherever_it_is);
    tcase_add_test(tc, without_the_checksum_no_flipped_bit_does_harm);
    tcase_add_loop_test(tc, each_wrong_number_is_named, 0, sizeof DAMAGES / sizeof *DAMAGES);
    tcase_add_test(tc, what_is_no_model_file_is_refused_with_its_path);
    tcase_add_test(tc, a_long_path_leaves_room_for_the_reason);
    tcase_add_test(tc, a_flipped_bit_in_the_real_header_is_refused);
    tcase_add_test(tc, the_real_model_is_refused_when_damaged);
    tcase_add_test(tc, memory_may_run_out_while_a_model_opens);
    return tc;
}
