/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The base room: error texts, options, bytes, time, UTF-8, bitmaps.
 */
#include <config.h>

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include <plurum/status.h>
#include <plurum/version.h>

#include "base/alloc.h"
#include "base/bitmap.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/options.h"
#include "base/unicode.h"

START_TEST(every_status_has_a_name_and_a_sentence)
{
    ck_assert_str_eq(plurum_status_name(PLURUM_NOMEM), "PLURUM_NOMEM");
    ck_assert_str_eq(plurum_status_text(PLURUM_OK), "success");
    ck_assert_str_eq(plurum_status_name((plurum_status)-99), "PLURUM_UNKNOWN");
}
END_TEST

START_TEST(a_long_error_text_loses_its_middle_between_code_points)
{
    char text[400];
    plurum_error error;
    for (size_t start = 90; start < 260; start++) {
        memset(text, 'x', sizeof text);
        memcpy(text + start, "\xE2\x82\xAC\xE2\x82\xAC", 6);
        text[399] = '\0';
        ck_assert_int_eq(pli_fail(&error, PLURUM_INVALID, "%s", text), PLURUM_INVALID);
        ck_assert_int_ge(pli_utf8_length(error.text, strlen(error.text)), 0);
        ck_assert_ptr_null(strchr(error.text, '?'));
        ck_assert_uint_ge(strlen(error.text), 248);
        pli_fail(&error, PLURUM_INVALID, "%.255s", text);
        pli_error_prefix(&error, "%s", "prefix");
        ck_assert_int_ge(pli_utf8_length(error.text, strlen(error.text)), 0);
        ck_assert_ptr_nonnull(strstr(error.text, "prefix: x"));
    }
    pli_fail_errno(&error, EISDIR, "%s", text);
    ck_assert_ptr_nonnull(strstr(error.text, "xxx…"));
    ck_assert_ptr_nonnull(strstr(error.text, "xxx: Is a directory"));
    pli_fail(&error, PLURUM_INVALID, "%.255s", "what fits is left as it is");
    ck_assert_str_eq(error.text, "what fits is left as it is");
    ck_assert_int_eq(pli_fail(NULL, PLURUM_IO, "nobody listens"), PLURUM_IO);
}
END_TEST

START_TEST(a_quoted_value_is_printable_and_short)
{
    char q[PLI_QUOTE_SIZE];
    ck_assert_str_eq(pli_quote(q, "a\nb\"c", 5), "\"a?b?c\"");
    ck_assert_str_eq(pli_quote(q, "x\xFF\xC3\xA9", 4), "\"x?\xC3\xA9\"");
    char text[200];
    memset(text, 'y', 59);
    memcpy(text + 59, "\xE2\x82\xAC tail", 8);
    pli_quote(q, text, 67);
    ck_assert_int_ge(pli_utf8_length(q, strlen(q)), 0);
    ck_assert_uint_lt(strlen(q), PLI_QUOTE_SIZE);
}
END_TEST

struct sample_options {
    size_t struct_size;
    int a, b;
};

START_TEST(older_and_newer_callers_are_understood)
{
    struct sample_options ours = {sizeof ours, 1, 2};
    ck_assert_int_eq(pli_options_copy(&ours, sizeof ours, NULL, "sample", NULL), PLURUM_OK);
    ck_assert_int_eq(ours.b, 2);
    struct sample_options older = {offsetof(struct sample_options, b), 7, 9};
    ck_assert_int_eq(pli_options_copy(&ours, sizeof ours, &older, "sample", NULL), PLURUM_OK);
    ck_assert_int_eq(ours.a, 7);
    ck_assert_int_eq(ours.b, 2);
    struct {
        struct sample_options known;
        long more;
    } newer = {{sizeof newer, 3, 4}, 0};
    plurum_error error;
    ck_assert_int_eq(pli_options_copy(&ours, sizeof ours, &newer, "sample", &error), PLURUM_OK);
    ck_assert_int_eq(ours.b, 4);
    newer.more = 1;
    ck_assert_int_eq(pli_options_copy(&ours, sizeof ours, &newer, "sample", &error), PLURUM_ARG);
    struct sample_options forgotten = {0, 0, 0};
    ck_assert_int_eq(pli_options_copy(&ours, sizeof ours, &forgotten, "sample", &error),
                     PLURUM_ARG);
}
END_TEST

START_TEST(what_a_buffer_writes_a_reader_reads)
{
    pli_buf buf = PLI_BUF_INIT;
    pli_buf_u8(&buf, 200);
    pli_buf_u32(&buf, 0xDEADBEEF);
    pli_buf_u64(&buf, 0x0123456789ABCDEFull);
    pli_buf_f64(&buf, -0.1);
    pli_buf_string(&buf, "text");
    pli_reader r = pli_reader_of(buf.bytes, buf.len);
    ck_assert_uint_eq(pli_read_u8(&r), 200);
    ck_assert_uint_eq(pli_read_u32(&r), 0xDEADBEEF);
    ck_assert(pli_read_u64(&r) == 0x0123456789ABCDEFull);
    ck_assert(pli_read_f64(&r) == -0.1);
    size_t len;
    const char *text = pli_read_string(&r, &len);
    ck_assert(len == 4 && memcmp(text, "text", 4) == 0 && !r.failed);
    pli_read_u8(&r);
    ck_assert(r.failed);
    pli_buf_free(&buf);
}
END_TEST

START_TEST(a_reader_never_leaves_its_bytes)
{
    unsigned char bytes[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    pli_reader r = pli_reader_of(bytes, sizeof bytes);
    size_t len = 7;
    ck_assert_ptr_null(pli_read_string(&r, &len));
    ck_assert_uint_eq(len, 0);
    ck_assert(r.failed);
}
END_TEST

START_TEST(a_buffer_without_memory_fails_quietly)
{
    pli_buf buf = PLI_BUF_INIT;
    pli_alloc_fail_at(1);
    pli_buf_text(&buf, "something");
    ck_assert_ptr_null(pli_buf_take_text(&buf));
    pli_alloc_fail_at(0);
    pli_buf_free(&buf);
}
END_TEST

START_TEST(big_endian_keys_sort_by_number)
{
    unsigned char a[4], b[4];
    pli_store_be32(a, 255);
    pli_store_be32(b, 256);
    ck_assert_int_lt(memcmp(a, b, 4), 0);
    ck_assert_uint_eq(pli_load_be32(b), 256);
}
END_TEST

static const struct {
    const char *text;
    int64_t t;
} TIMES[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"2026-02-07T10:30:00Z", 1770460200},
    {"2026-02-07T12:30:00+02:00", 1770460200},
    {"2026-02-07t10:30:00.123456z", 1770460200},
    {"0001-01-01T00:00:00Z", -62135596800},
    {"9999-12-31T23:59:59Z", 253402300799},
    {"2024-02-29T00:00:00Z", 1709164800},
};

START_TEST(times_are_read_and_written)
{
    int64_t t;
    ck_assert_int_eq(pli_time_parse(&t, TIMES[_i].text, strlen(TIMES[_i].text)), 0);
    ck_assert_int_eq(t, TIMES[_i].t);
    char back[PLI_TIME_SIZE];
    pli_time_format(back, t);
    int64_t again;
    ck_assert_int_eq(pli_time_parse(&again, back, strlen(back)), 0);
    ck_assert_int_eq(again, t);
}
END_TEST

static const char *const NO_TIMES[] = {
    "", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z",
    "2026-02-07T24:00:00Z", "2026-02-07T10:30:00", "2026-02-07T10:30:00Zx",
    "2026-02-07T10:30:00.Z", "2026-02-07T10:30:00+25:00", "0000-01-01T00:00:00Z",
    "+026-02-07T10:30:00Z",
};

START_TEST(what_is_no_time_is_refused)
{
    int64_t t;
    ck_assert_int_eq(pli_time_parse(&t, NO_TIMES[_i], strlen(NO_TIMES[_i])), -1);
}
END_TEST

START_TEST(an_hour_begins_before_negative_times_too)
{
    ck_assert_int_eq(pli_clock_hour(7199), 3600);
    ck_assert_int_eq(pli_clock_hour(-1), -3600);
    ck_assert_int_eq(pli_clock_hour(-3600), -3600);
}
END_TEST

START_TEST(names_fold_to_one_form)
{
    static const char *const PAIRS[][2] = {
        {"PostgreSQL", "postgresql"},
        {"Stra\xC3\x9F" "e", "strasse"},
        {"\xEF\xBC\xA4ocker", "docker"},              /* full-width D */
        {"cafe\xCC\x81", "caf\xC3\xA9"},              /* combining accent composes */
        {"\xFFx", "\xEF\xBF\xBDx"},                   /* invalid byte */
        {"", ""},
    };
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        char *folded = pli_utf8_fold(PAIRS[i][0], strlen(PAIRS[i][0]));
        ck_assert_str_eq(folded, PAIRS[i][1]);
        pli_free(folded);
    }
    ck_assert_int_eq(pli_utf8_length("\xC3\xA9x", 3), 2);
    ck_assert_int_eq(pli_utf8_length("\xED\xA0\x80", 3), -1); /* a surrogate */
    ck_assert_int_eq(pli_utf8_length("\xC0\x80", 2), -1);     /* overlong */
}
END_TEST

/* Code points that decompose, compose, fold, vanish or are marks of several classes. */
static const utf8proc_int32_t TROUBLE[] = {
    'a', 'A', 'e', '.', '=', ' ', 0xC9, 0xDF, 0x130, 0xAD, 0x300, 0x301, 0x316, 0x323, 0x327, 0x338,
    0x345, 0x344, 0x35C, 0x5B0, 0x5C1, 0x3099, 0x304B, 0x1100, 0x1161, 0x11A8, 0xAC00, 0x1E9B, 0x212B,
    0xFB01, 0xFDFA, 0xFF21, 0x1D15E, 0x1D165, 0x200D, 0xFFFD, 0x10FFFF};

START_TEST(folding_is_unicodes)
{
    const utf8proc_option_t folded = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                     UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    unsigned seed = 11;
    for (int i = 0; i < 20000; i++) {
        char text[4 * 60 + 1];
        size_t len = 0;
        for (int n = rand_r(&seed) % 60; n > 0; n--)
            len += (size_t)utf8proc_encode_char(
                TROUBLE[(size_t)rand_r(&seed) % (sizeof TROUBLE / sizeof *TROUBLE)],
                (utf8proc_uint8_t *)text + len);
        utf8proc_uint8_t *expected = NULL;
        ck_assert_int_ge(utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len,
                                      &expected, folded), 0);
        char *got = pli_utf8_fold(text, len);
        ck_assert_msg(strcmp(got, (char *)expected) == 0, "text %d of seed 11", i);
        pli_free(got);
        free(expected);
    }
}
END_TEST

/* Exchanging neighbours, this would take ten minutes. */
START_TEST(folding_a_long_row_of_marks_takes_no_time)
{
    enum { HALF = 100000 };
    char *text = malloc(4 * HALF + 1);
    text[0] = 'a';
    for (size_t i = 0; i < HALF; i++) {
        memcpy(text + 1 + 2 * i, "\xCC\x81", 2);            /* above */
        memcpy(text + 1 + 2 * (HALF + i), "\xCC\x96", 2);   /* below: these go first */
    }
    char *folded = pli_utf8_fold(text, 4 * HALF + 1);
    ck_assert_uint_eq(strlen(folded), 4 * HALF);
    ck_assert_int_eq(memcmp(folded, "\xC3\xA1\xCC\x96\xCC\x96", 6), 0);
    pli_free(folded);
    free(text);
}
END_TEST

START_TEST(a_bitmap_counts_and_walks)
{
    pli_bitmap map;
    ck_assert_int_eq(pli_bitmap_init(&map, 200), 0);
    static const uint32_t IDS[] = {0, 63, 64, 127, 199};
    for (size_t i = 0; i < 5; i++) pli_bitmap_add(&map, IDS[i]);
    pli_bitmap_add(&map, 64);
    ck_assert_uint_eq(map.count, 5);
    uint32_t id = 0;
    for (size_t i = 0; i < 5; i++, id++) {
        id = pli_bitmap_next(&map, id);
        ck_assert_uint_eq(id, IDS[i]);
    }
    ck_assert_uint_eq(pli_bitmap_next(&map, 200), 200);
    ck_assert(!pli_bitmap_has(&map, 200) && !pli_bitmap_has(&map, 1));
    pli_bitmap_free(&map);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base");
    TCase *tc = tcase_create("base");
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, every_status_has_a_name_and_a_sentence);
    tcase_add_test(tc, a_long_error_text_loses_its_middle_between_code_points);
    tcase_add_test(tc, a_quoted_value_is_printable_and_short);
    tcase_add_test(tc, older_and_newer_callers_are_understood);
    tcase_add_test(tc, what_a_buffer_writes_a_reader_reads);
    tcase_add_test(tc, a_reader_never_leaves_its_bytes);
    tcase_add_test(tc, a_buffer_without_memory_fails_quietly);
    tcase_add_test(tc, big_endian_keys_sort_by_number);
    tcase_add_loop_test(tc, times_are_read_and_written, 0, sizeof TIMES / sizeof *TIMES);
    tcase_add_loop_test(tc, what_is_no_time_is_refused, 0, sizeof NO_TIMES / sizeof *NO_TIMES);
    tcase_add_test(tc, an_hour_begins_before_negative_times_too);
    tcase_add_test(tc, names_fold_to_one_form);
    tcase_add_test(tc, folding_is_unicodes);
    tcase_add_test(tc, folding_a_long_row_of_marks_takes_no_time);
    tcase_add_test(tc, a_bitmap_counts_and_walks);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
