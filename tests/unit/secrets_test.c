/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The secrets check of texts: the corpus without a miss and without a false alarm, alone and inside
 * other texts; any bytes; time that grows with the text only.
 */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <plurum/secrets.h>

#include "secrets_corpus.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct findings {
    size_t count;
    plurum_secret first, last;
    size_t stop_at; /* 0: never */
} findings;

static int collect(void *payload, const plurum_secret *secret)
{
    findings *f = payload;
    ck_assert_ptr_null(secret->field);
    ck_assert_uint_gt(secret->len, 0);
    if (f->count++ == 0) f->first = *secret;
    ck_assert(f->count == 1 || secret->offset >= f->last.offset + f->last.len);
    ck_assert(f->count == 1 || secret->line >= f->last.line);
    f->last = *secret;
    return f->count == f->stop_at;
}

static findings find(const char *text, size_t len)
{
    findings f = {0};
    size_t count = plurum_secrets_find(text, len, collect, &f);
    ck_assert_uint_eq(count, f.count);
    ck_assert_uint_eq(plurum_secrets_find(text, len, NULL, NULL), count);
    if (count) ck_assert_uint_le(f.last.offset + f.last.len, len);
    return f;
}

/* ---- the corpus ----------------------------------------------------------------------------- */

START_TEST(the_corpus_is_as_large_as_promised)
{
    corpus secrets = corpus_read("secret.txt"), harmless = corpus_read("harmless.txt");
    size_t kinds = 0;
    for (size_t i = 0; i < plurum_secrets_rule_count(); i++)
        for (size_t t = 0; t < secrets.count; t++)
            if (strcmp(secrets.texts[t].kind, plurum_secrets_rule_name(i)) == 0) {
                kinds++;
                break;
            }
    ck_assert_uint_ge(secrets.count, 400);
    ck_assert_uint_ge(harmless.count, 700);
    ck_assert_uint_eq(kinds, plurum_secrets_rule_count());
    corpus_free(&secrets);
    corpus_free(&harmless);
}
END_TEST

START_TEST(every_secret_of_the_corpus_is_found_with_its_kind)
{
    corpus c = corpus_read("secret.txt");
    for (size_t i = 0; i < c.count; i++) {
        findings f = find(c.texts[i].text, c.texts[i].len);
        ck_assert_msg(f.count > 0, "missed: %s", c.texts[i].text);
        ck_assert_msg(strcmp(f.first.kind, c.texts[i].kind) == 0, "%s instead of %s: %s",
                      f.first.kind, c.texts[i].kind, c.texts[i].text);
    }
    corpus_free(&c);
}
END_TEST

START_TEST(no_harmless_text_of_the_corpus_raises_an_alarm)
{
    corpus c = corpus_read("harmless.txt");
    for (size_t i = 0; i < c.count; i++) {
        findings f = find(c.texts[i].text, c.texts[i].len);
        ck_assert_msg(f.count == 0, "%s: %s", f.first.kind, c.texts[i].text);
    }
    corpus_free(&c);
}
END_TEST

static const char *const PROSE[][2] = {
    {"", "\n"},
    {"\n", ""},
    {"We saw this in the log: ", "\nThen we rotated it."},
    {"# notes\n\n    ", "    \n\n## more notes"},
    {"The call failed.\n", "\nIt works now, and `plurum check` is part of the pipeline."},
    {"日本語のメモ\n", "\nзаметка"},
    {"(", ")"},
};

START_TEST(secrets_are_found_inside_other_texts)
{
    corpus c = corpus_read("secret.txt");
    for (size_t i = 0; i < c.count; i++)
        for (size_t p = 0; p < COUNT(PROSE); p++) {
            findings alone = find(c.texts[i].text, c.texts[i].len);
            char *text = corpus_embed(PROSE[p][0], &c.texts[i], PROSE[p][1]);
            findings f = find(text, strlen(text));
            ck_assert_msg(f.count > 0, "missed with text around it: %s", text);
            ck_assert_str_eq(f.first.kind, alone.first.kind);
            ck_assert_uint_eq(f.first.offset, alone.first.offset + strlen(PROSE[p][0]));
            free(text);
        }
    corpus_free(&c);
}
END_TEST

START_TEST(harmless_texts_stay_harmless_inside_other_texts)
{
    corpus c = corpus_read("harmless.txt");
    for (size_t i = 0; i < c.count; i++)
        for (size_t p = 0; p < COUNT(PROSE); p++) {
            char *text = corpus_embed(PROSE[p][0], &c.texts[i], PROSE[p][1]);
            findings f = find(text, strlen(text));
            ck_assert_msg(f.count == 0, "%s: %s", f.first.kind, text);
            free(text);
        }
    corpus_free(&c);
}
END_TEST

/* Where more words stand around it, it is more likely to be one of them. */
START_TEST(a_plain_word_is_a_password_where_it_stands_alone_on_its_line)
{
    static const char *const ALONE[] = {"password: letmein", "db:\n  password: letmein\n  port: 1",
                                        "- password: letmein", "MYSQL_PASSWORD: letmein  # dev",
                                        "{\"code\": \"db:\\n  password: letmein\\n\"}"};
    static const char *const AMONG[] = {"the password: letmein into the room",
                                        "Password: unspecified", "password: letmein not",
                                        "passwd:         compat", "type: { password: letters }"};
    for (size_t i = 0; i < COUNT(ALONE); i++)
        ck_assert_msg(find(ALONE[i], strlen(ALONE[i])).count == 1, "missed: %s", ALONE[i]);
    for (size_t i = 0; i < COUNT(AMONG); i++)
        ck_assert_msg(find(AMONG[i], strlen(AMONG[i])).count == 0, "alarm: %s", AMONG[i]);
}
END_TEST

/* All texts in one, by blank lines; lines of the texts' own are told apart by where they begin. */
static char *join(const corpus *c, size_t *starts)
{
    size_t size = 1, len = 0;
    for (size_t i = 0; i < c->count; i++) size += c->texts[i].len + 2;
    char *all = malloc(size);
    for (size_t i = 0; i < c->count; i++) {
        starts[i] = len;
        len += (size_t)snprintf(all + len, size - len, "%s\n\n", c->texts[i].text);
    }
    return all;
}

typedef struct places {
    size_t offset[4096];
    uint64_t line[4096];
    size_t count;
} places;

static int note_place(void *payload, const plurum_secret *secret)
{
    places *p = payload;
    p->offset[p->count] = secret->offset;
    p->line[p->count++] = secret->line;
    return p->count == COUNT(p->offset);
}

START_TEST(a_file_of_many_texts_gives_the_findings_of_each)
{
    corpus c = corpus_read("secret.txt");
    size_t *starts = calloc(c.count, sizeof *starts), at = 0;
    char *all = join(&c, starts);
    places *p = calloc(1, sizeof *p);
    plurum_secrets_find(all, strlen(all), note_place, p);
    for (size_t i = 0; i < c.count; i++) {
        places alone = {.count = 0};
        plurum_secrets_find(c.texts[i].text, c.texts[i].len, note_place, &alone);
        uint64_t line = 1;
        for (size_t b = 0; b < starts[i]; b++) line += all[b] == '\n';
        for (size_t k = 0; k < alone.count; k++, at++) {
            ck_assert_uint_lt(at, p->count);
            ck_assert_uint_eq(p->offset[at], starts[i] + alone.offset[k]);
            ck_assert_uint_eq(p->line[at], line + alone.line[k] - 1);
        }
    }
    ck_assert_uint_eq(at, p->count);
    free(p);
    free(all);
    free(starts);
    corpus_free(&c);
}
END_TEST

START_TEST(harmless_texts_in_one_file_raise_no_alarm)
{
    corpus c = corpus_read("harmless.txt");
    size_t *starts = calloc(c.count, sizeof *starts);
    char *all = join(&c, starts);
    findings f = find(all, strlen(all));
    ck_assert_msg(f.count == 0, "%s: %.60s", f.first.kind, all + f.first.offset);
    free(all);
    free(starts);
    corpus_free(&c);
}
END_TEST

/* ---- any bytes ------------------------------------------------------------------------------ */

START_TEST(a_zero_byte_ends_nothing)
{
    static const char TEXT[] = "first\0password=hunter2\0\xFF\xFE";
    findings f = find(TEXT, sizeof TEXT - 1);
    ck_assert_uint_eq(f.count, 1);
    ck_assert_uint_eq(f.first.offset, 15);
    ck_assert_uint_eq(f.first.len, 7);
    ck_assert_uint_eq(find("", 0).count, 0);
    ck_assert_uint_eq(plurum_secrets_find(NULL, 0, NULL, NULL), 0);
}
END_TEST

/* Pieces of what rules look for, in any order, in a buffer of their exact size. */
START_TEST(any_pieces_in_any_order_are_read_within_their_bounds)
{
    static const char *const PIECES[] = {
        "password", "=", ":", "\"", "'", "\\", "\\\"", " ", "\n", "hunter2", "sk-", "ghp_", "eyJ",
        ".", "-", "_", "://", "@", "Bearer ", "basic ", "-----BEGIN ", "PRIVATE KEY-----", "AKIA",
        "Zx9Lq2wV", "0123456789abcdef", "(", ")", "<", ">", "</", "{", "}", ",", "value", "is ",
        "-p", "-u", "mysql ", "curl ", "identified by ", "PuTTY-User-Key-File-2", "%", "%41", "$",
        "token", "auth", "name", "\xC3\xA9", "\xFF", "https", "xoxb-", "QWxhZGRpbjpvcGVu", "SG.",
    };
    uint64_t seed = 7;
    for (int round = 0; round < 20000; round++) {
        char text[256];
        size_t len = 0;
        for (int n = 0; n < 12; n++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            const char *piece = PIECES[(seed >> 33) % COUNT(PIECES)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        char *exact = malloc(len); /* so that a sanitizer sees a byte too far */
        memcpy(exact, text, len);
        find(exact, len);
        free(exact);
    }
}
END_TEST

START_TEST(cutting_a_text_anywhere_is_safe)
{
    corpus c = corpus_read("secret.txt");
    for (size_t i = 0; i < c.count; i++)
        for (size_t len = 0; len <= c.texts[i].len; len++) {
            char *exact = malloc(len + 1);
            memcpy(exact + 1, c.texts[i].text, len);
            find(exact + 1, len);
            free(exact);
        }
    corpus_free(&c);
}
END_TEST

/* ---- time ----------------------------------------------------------------------------------- */

static double seconds(const char *piece, size_t size)
{
    char *text = malloc(size);
    size_t len = strlen(piece);
    for (size_t i = 0; i < size; i++) text[i] = piece[i % len];
    clock_t start = clock();
    plurum_secrets_find(text, size, NULL, NULL);
    double taken = (double)(clock() - start) / CLOCKS_PER_SEC;
    free(text);
    return taken;
}

/* Eight times the text takes about eight times as long; were it the square, 64 times. */
START_TEST(time_grows_with_the_text_and_not_with_its_square)
{
    static const char *const NASTY[] = {
        "a", "a-", "ghp_", "sk-", "AKIAIOSFODNN7EXAMPLE-", "password=", "password=\"", "password: ",
        "\"password\":\"", "password='x ", "eyJ", "eyJaaaaaaaaaa.", "eyJaaaaaaaaaa-", "a://b:c",
        "a://b:c@", "-----BEGIN ", "-", "Bearer a", "basic QUJD", "mysql -p", "curl -u a:", "-u ",
        "by 'x", "password ", "login machine password ", "<password>", "password=((((", "\\",
        "\\\\\"", "SG.", "token=aaaaaaaaaaaaaaaaaaaa", "password=a1!", "password is ",
        "\"password\", ",
    };
    for (size_t i = 0; i < COUNT(NASTY); i++) {
        double small = seconds(NASTY[i], 1 << 16), large = seconds(NASTY[i], 1 << 19);
        ck_assert_msg(large < 24 * small + 0.05, "\"%s\": %.3f s for 64 KiB, %.3f s for 512 KiB",
                      NASTY[i], small, large);
    }
}
END_TEST

/* ---- the calls ------------------------------------------------------------------------------ */

static const char TWO[] = "one\ntwo password=hunter2\nthree\ntoken=0123456789abcdef0123\n";

START_TEST(findings_come_in_order_with_kind_place_and_line)
{
    findings f = find(TWO, strlen(TWO));
    ck_assert_uint_eq(f.count, 2);
    ck_assert_str_eq(f.first.kind, "password");
    ck_assert_uint_eq(f.first.offset, 17);
    ck_assert_uint_eq(f.first.len, 7);
    ck_assert_uint_eq(f.first.line, 2);
    ck_assert_str_eq(f.last.kind, "secret");
    ck_assert_uint_eq(f.last.offset, 37);
    ck_assert_uint_eq(f.last.len, 20);
    ck_assert_uint_eq(f.last.line, 4);
}
END_TEST

START_TEST(the_callback_may_end_the_search)
{
    findings f = {.stop_at = 1};
    ck_assert_uint_eq(plurum_secrets_find(TWO, strlen(TWO), collect, &f), 1);
    ck_assert_uint_eq(f.count, 1);
}
END_TEST

START_TEST(a_refusal_names_field_and_kind_and_never_the_secret)
{
    corpus c = corpus_read("secret.txt");
    for (size_t i = 0; i < c.count; i++) {
        plurum_error error;
        findings f = find(c.texts[i].text, c.texts[i].len);
        plurum_status status =
            plurum_secrets_check("topic", c.texts[i].text, c.texts[i].len, &error);
        ck_assert_int_eq(status, PLURUM_INVALID);
        ck_assert_int_eq(error.status, PLURUM_INVALID);
        ck_assert_uint_eq(error.position, f.first.offset);
        char expected[PLURUM_ERROR_TEXT_SIZE], *secret;
        snprintf(expected, sizeof expected,
                 "topic: holds a secret (%s at byte %zu), a placeholder such as $TOKEN expected",
                 c.texts[i].kind, f.first.offset);
        ck_assert_str_eq(error.text, expected);
        secret = strndup(c.texts[i].text + f.first.offset, f.first.len);
        ck_assert_msg(!strstr(error.text, secret), "echoed: %s", error.text);
        free(secret);
    }
    corpus_free(&c);
    ck_assert_int_eq(plurum_secrets_check("topic", "password=$VAR", 13, NULL), PLURUM_OK);
    ck_assert_int_eq(plurum_secrets_check(NULL, "password=hunter2", 16, NULL), PLURUM_INVALID);
}
END_TEST

START_TEST(the_rules_have_names_and_texts_of_their_own)
{
    size_t count = plurum_secrets_rule_count();
    ck_assert_uint_ge(count, 10);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_gt(strlen(plurum_secrets_rule_name(i)), 2);
        ck_assert_uint_gt(strlen(plurum_secrets_rule_text(i)), 10);
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(plurum_secrets_rule_name(i), plurum_secrets_rule_name(j));
    }
    ck_assert_ptr_null(plurum_secrets_rule_name(count));
    ck_assert_ptr_null(plurum_secrets_rule_text(count));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("secrets");
    TCase *data = tcase_create("corpus"), *bytes = tcase_create("bytes");
    TCase *calls = tcase_create("calls");
    tcase_set_timeout(data, 60);
    tcase_set_timeout(bytes, 300);
    tcase_add_test(data, the_corpus_is_as_large_as_promised);
    tcase_add_test(data, every_secret_of_the_corpus_is_found_with_its_kind);
    tcase_add_test(data, no_harmless_text_of_the_corpus_raises_an_alarm);
    tcase_add_test(data, secrets_are_found_inside_other_texts);
    tcase_add_test(data, harmless_texts_stay_harmless_inside_other_texts);
    tcase_add_test(data, a_plain_word_is_a_password_where_it_stands_alone_on_its_line);
    tcase_add_test(data, a_file_of_many_texts_gives_the_findings_of_each);
    tcase_add_test(data, harmless_texts_in_one_file_raise_no_alarm);
    tcase_add_test(bytes, a_zero_byte_ends_nothing);
    tcase_add_test(bytes, any_pieces_in_any_order_are_read_within_their_bounds);
    tcase_add_test(bytes, cutting_a_text_anywhere_is_safe);
    tcase_add_test(bytes, time_grows_with_the_text_and_not_with_its_square);
    tcase_add_test(calls, findings_come_in_order_with_kind_place_and_line);
    tcase_add_test(calls, the_callback_may_end_the_search);
    tcase_add_test(calls, a_refusal_names_field_and_kind_and_never_the_secret);
    tcase_add_test(calls, the_rules_have_names_and_texts_of_their_own);
    suite_add_tcase(suite, data);
    suite_add_tcase(suite, bytes);
    suite_add_tcase(suite, calls);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
