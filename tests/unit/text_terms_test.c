/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text analysis: which terms a text gives, and what holds for any bytes at all.
 */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/unicode.h"
#include "text/cut.h"
#include "text_helpers.h"

/* Terms in byte order, parted by spaces, "*n" behind those that occur n > 1 times. */
static const struct {
    const char *text;
    unsigned length;
    const char *terms;
} EXAMPLES[] = {
    /* words, stems, stop words, apostrophes */
    {"", 0, ""},
    {"The quick brown foxes are running!", 4, "brown fox quick run"},
    {"the of and IT'S That's", 0, ""},
    {"the dogs' kennels, the dog's kennel", 4, "dog*2 kennel*2"},
    {"don't don\xE2\x80\x99t rock'n'roll 'quoted'", 4, "don't*2 quot rock'n'rol"},
    {"AND OR NEAR \"x*\" (((", 2, "near x"},
    {"NOT foo~2^3 +bar -baz", 5, "2 3 =+bar =-baz =foo~2 bar baz foo"},
    {"word1 one.two", 3, "1 =one.two one two word word1"},
    /* identifiers */
    {"pg_basebackup", 2, "=pg_basebackup basebackup pg"},
    {"CVE-2024-3094,", 3, "2024 3094 =cve-2024-3094 cve"},
    {"ECONNREFUSED", 1, "econnrefus"},
    {"pip install --no-deps.", 3, "=--no-deps dep instal pip"},
    {"-x ---y", 2, "=--y =-x x y"},
    {"c++ C#, g++; c++17 (F#)", 6, "17 =c# =c++ =c++17 =f# =g++ c*3 f g"},
    {"C++/C#", 2, "=c# =c++ =c++/c# c*2"},
    {".NET and node.js", 3, "=.net =node.js js net node"},
    {"the end. Next", 2, "end next"},
    {"1.22.4 v1.2", 5, "1*2 2 22 4 =1.22.4 =v1.2 v1"},
    {"user@db-1.example.org:5432", 6,
     "1 5432 =db-1.example.org =user@db-1.example.org:5432 db exampl org user"},
    {"/etc/ssh/sshd_config ~/.bashrc", 5,
     "=.bashrc =etc/ssh/sshd_config =sshd_config bashrc config etc ssh sshd"},
    {"$HOME/bin ${PATH} $1", 4, "1 =$1 =$home =$home/bin bin home path"},
    {"--out=$VAR key=value", 4, "=$var =--out =--out=$var =key=value key out valu var"},
    {"std::vector<int> x->y", 5, "=std::vector int std vector x y"},
    {"__init__ _x ____ ----", 2, "=__init__ =_x init x"},
    {"@types/node #include %s 50%", 5, "50 =#include =%s =@types =@types/node includ node s type"},
    /* camel case, letters and digits */
    {"DatabaseModifiedError", 1, "databas databasemodifiederror error modifi"},
    {"HTTPServer HashTable GitHub mRNA URLs", 5,
     "github hash hashtabl http httpserver mrna server tabl url"},
    {"sha256sum SHA-256 utf-8 UTF8", 6, "256*2 8*2 sha*2 sha256 sha256sum sum utf*2 utf8*2"},
    {"x86_64", 2, "64 86 =x86_64 x86"},
    {"a1b2c3d4e5f60718293a4b5c", 1, "a1b2c3d4e5f60718293a4b5c"},
    /* hyphens */
    {"apt-get e-mail well-known", 6, "apt aptget e email get known mail well wellknown"},
    {"non\xE2\x80\x91" "breaking soft\xC2\xADhyphen en\xE2\x80\x93" "dash", 5,
     "break dash en non nonbreak softhyphen"},
    /* Unicode */
    {"caf\xC3\xA9 cafe\xCC\x81 CAFE\xCC\x81", 3, "caf\xC3\xA9*3"},
    {"x\xCC\xA7\xCC\x8C x\xCC\x8C\xCC\xA7", 2, "x\xCC\xA7\xCC\x8C*2"}, /* marks in either order */
    {"\xEF\xAC\x81le o\xEF\xAC\x83" "ce Stra\xC3\x9F" "e", 3, "file offic strass"},
    {"\xEF\xBC\xA3\xEF\xBC\xB6\xEF\xBC\xA5\xEF\xBC\x8D\xEF\xBC\x91", 2, "1 cve cve1"},
    {"\xC2\xBD \xE2\x91\xA0 x\xC2\xB2", 4, "1*2 2*2 x2"},
    {"a\xC2\xA0" "b\xE3\x80\x80" "c", 2, "b c"},
    {"\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD \xE2\x9D\xA4\xEF\xB8\x8F ok\xF0\x9F\x8E\x89", 1, "ok"},
    {"\xCC\x81 \xCC\x81\xCC\x82", 0, ""},
    /* scripts without spaces */
    {"\xE6\x95\xB0\xE6\x8D\xAE\xE5\xBA\x93", 3,
     "\xE5\xBA\x93 \xE6\x8D\xAE \xE6\x8D\xAE\xE5\xBA\x93 \xE6\x95\xB0 "
     "\xE6\x95\xB0\xE6\x8D\xAE"},
    {"\xE4\xBD\xBF\xE7\x94\xA8git\xE5\x91\xBD", 4,
     "git \xE4\xBD\xBF \xE4\xBD\xBF\xE7\x94\xA8 \xE5\x91\xBD \xE7\x94\xA8"},
    {"\xEF\xBD\xB6\xEF\xBE\x9E\xEF\xBD\xB7", 2, /* half-width: ga, ki */
     "\xE3\x82\xAC \xE3\x82\xAC\xE3\x82\xAD \xE3\x82\xAD"},
    {"\xED\x95\x9C\xEA\xB8\x80 \xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 3,
     "\xEA\xB8\x80 \xED\x95\x9C*2 \xED\x95\x9C\xEA\xB8\x80"},
    {"\xE0\xB8\x97\xE0\xB8\xB5\xE0\xB9\x88\xE0\xB8\x99", 2, /* a letter with two marks, a letter */
     "\xE0\xB8\x97\xE0\xB8\xB5\xE0\xB9\x88 \xE0\xB8\x97\xE0\xB8\xB5\xE0\xB9\x88\xE0\xB8\x99 "
     "\xE0\xB8\x99"},
    /* what is no UTF-8 parts words */
    {"one\xFFtwo\xC3", 2, "one two"},
    {"a\xED\xA0\x80" "b \xF8\x88\x80\x80\x80 c\xC0\xAF" "d", 3, "b c d"},
};

static void print_terms(char *out, size_t size, const pli_terms *terms)
{
    size_t n = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < terms->count; i++) {
        const pli_term *term = &terms->terms[i];
        n += (size_t)snprintf(out + n, size - n, "%s%.*s", i ? " " : "", (int)term->len,
                              term->bytes);
        if (term->tf[0] > 1) n += (size_t)snprintf(out + n, size - n, "*%u", term->tf[0]);
        ck_assert_uint_lt(n, size);
    }
}

START_TEST(texts_give_the_terms_they_should)
{
    pli_analyser *analyser = new_analyser();
    pli_terms *terms = terms_of_text(analyser, EXAMPLES[_i].text);
    char printed[1000];
    print_terms(printed, sizeof printed, terms);
    ck_assert_str_eq(printed, EXAMPLES[_i].terms);
    ck_assert_uint_eq(terms->length[0], EXAMPLES[_i].length);
    pli_terms_unref(terms);
    pli_analyser_free(analyser);
}
END_TEST

START_TEST(function_words_of_a_query_count_apart)
{
    pli_analyser *analyser = new_analyser();
    pli_terms *terms = terms_of_text(analyser, "How do I do the backup? HOW'S doing");
    const pli_term *how = pli_terms_find(terms, "how", 3), *doing = pli_terms_find(terms, "do", 2);
    ck_assert_uint_eq(how->tf[PLI_QUERY_WORDS], 1); /* how's is no function word */
    ck_assert_uint_eq(how->tf[PLI_QUERY_FUNCTION_WORDS], 1);
    ck_assert_uint_eq(doing->tf[PLI_QUERY_FUNCTION_WORDS], 3);
    ck_assert_uint_eq(pli_terms_find(terms, "backup", 6)->tf[PLI_QUERY_FUNCTION_WORDS], 0);
    pli_terms_unref(terms);
    terms = terms_of_fields(analyser, "how", "how", NULL, NULL);
    how = pli_terms_find(terms, "how", 3);
    ck_assert_uint_eq(how->tf[PLURUM_TEXT_TITLE], 1); /* a document's are words like any other */
    ck_assert_uint_eq(how->tf[PLURUM_TEXT_BODY], 1);
    pli_terms_unref(terms);
    pli_analyser_free(analyser);
}
END_TEST

START_TEST(occurrences_and_lengths_are_counted_by_field)
{
    pli_analyser *analyser = new_analyser();
    pli_terms *terms = terms_of_fields(analyser, "Install nginx", "the nginx server, nginx",
                                       NULL, "apt install nginx_core");
    const pli_term *nginx = pli_terms_find(terms, "nginx", 5);
    ck_assert_ptr_nonnull(nginx);
    ck_assert_uint_eq(nginx->tf[PLURUM_TEXT_TITLE], 1);
    ck_assert_uint_eq(nginx->tf[PLURUM_TEXT_BODY], 2);
    ck_assert_uint_eq(nginx->tf[PLURUM_TEXT_LABELS], 0);
    ck_assert_uint_eq(nginx->tf[PLURUM_TEXT_CODE], 1);
    ck_assert_uint_eq(terms->length[PLURUM_TEXT_TITLE], 2);
    ck_assert_uint_eq(terms->length[PLURUM_TEXT_BODY], 3);
    ck_assert_uint_eq(terms->length[PLURUM_TEXT_LABELS], 0);
    ck_assert_uint_eq(terms->length[PLURUM_TEXT_CODE], 4);
    ck_assert_ptr_null(pli_terms_find(terms, "ngin", 4));
    ck_assert_ptr_null(pli_terms_find(terms, "nginxx", 6));
    pli_terms_unref(terms);
    pli_analyser_free(analyser);
}
END_TEST

/* What must hold for the terms of any bytes. */
static void check_table(const pli_terms *terms)
{
    for (uint32_t i = 0; i < terms->count; i++) {
        const pli_term *term = &terms->terms[i];
        uint64_t sum = 0;
        for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) sum += term->tf[f];
        ck_assert(term->len >= 1 && term->len <= PLI_TERM_MAX);
        ck_assert(sum > 0);
        ck_assert_int_ge(pli_utf8_length(term->bytes, term->len), 1);
        for (uint32_t j = 0; j < term->len; j++)
            ck_assert(!(term->bytes[j] >= 'A' && term->bytes[j] <= 'Z') && term->bytes[j] != ' ');
        ck_assert_ptr_eq(pli_terms_find(terms, term->bytes, term->len), term);
        if (i)
            ck_assert_int_lt(compare_names(term[-1].bytes, term[-1].len, term->bytes, term->len),
                             0);
    }
}

static void check_equal(const pli_terms *a, const pli_terms *b)
{
    ck_assert_uint_eq(a->count, b->count);
    ck_assert_mem_eq(a->length, b->length, sizeof a->length);
    for (uint32_t i = 0; i < a->count; i++) {
        ck_assert_uint_eq(a->terms[i].len, b->terms[i].len);
        ck_assert_mem_eq(a->terms[i].bytes, b->terms[i].bytes, a->terms[i].len);
        /* function words are told apart in a query alone */
        ck_assert_uint_eq(a->terms[i].tf[PLI_QUERY_WORDS] + a->terms[i].tf[PLI_QUERY_FUNCTION_WORDS],
                          b->terms[i].tf[PLI_QUERY_WORDS] + b->terms[i].tf[PLI_QUERY_FUNCTION_WORDS]);
    }
}

/* Random text of pieces that matter to the scanner. */
static size_t random_text(char *out, size_t most, uint64_t *seed)
{
    static const char *const PIECES[] = {
        " ", " ", "\n", "-", "--", ".", "_", "/", ":", "$", "#", "+", "'", "\xE2\x80\x99", "(",
        "a", "the", "run", "Foo", "BAR", "x1", "2024", "\xC3\x89t\xC3\xA9", "\xCC\x81", "\xCC\xA7",
        "\xE6\x95\xB0", "\xED\x95\x9C", "\xEF\xAC\x81", "\xEF\xB7\xBA", "\xFF", "\xE2\x82",
        "\xF0\x9F\x91\x8D", "\xEF\xBC\xA1", "\xC4\xB0", "\xE0\xB8\x97", "\xE0\xB8\xB5", "\x01",
        "\xC2\xAD", "\xE3\x80\x80", "\xC2\xBD",
    };
    size_t len = 0;
    for (uint32_t n = rnd_below(seed, 60); n > 0; n--) {
        const char *piece = PIECES[rnd_below(seed, sizeof PIECES / sizeof *PIECES)];
        if (len + strlen(piece) >= most) break;
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    out[len] = '\0';
    return len;
}

static size_t random_bytes(char *out, size_t most, uint64_t *seed)
{
    size_t len = rnd_below(seed, (uint32_t)most);
    for (size_t i = 0; i < len; i++) out[i] = (char)(1 + rnd_below(seed, 255));
    out[len] = '\0';
    return len;
}

START_TEST(any_text_gives_sorted_unique_valid_terms)
{
    uint64_t seed = 20260101;
    printf("seed %llu\n", (unsigned long long)seed);
    pli_analyser *used = new_analyser();
    for (int round = 0; round < 3000; round++) {
        char text[400];
        size_t len = round % 4 ? random_text(text, sizeof text, &seed)
                               : random_bytes(text, 60, &seed);
        pli_terms *of_query;
        ck_assert_int_eq(pli_terms_of_query(&of_query, used, text, len, NULL), PLURUM_OK);
        check_table(of_query);
        pli_terms *of_title = terms_of_fields(used, text, NULL, NULL, NULL);
        check_equal(of_query, of_title);
        pli_analyser *fresh = new_analyser();
        pli_terms *again = terms_of_text(fresh, text);
        check_equal(of_query, again);
        pli_terms_unref(again);
        pli_analyser_free(fresh);
        pli_terms_unref(of_title);
        pli_terms_unref(of_query);
    }
    pli_analyser_free(used);
}
END_TEST

START_TEST(a_zero_byte_in_a_query_is_a_space)
{
    pli_analyser *analyser = new_analyser();
    pli_terms *terms;
    ck_assert_int_eq(pli_terms_of_query(&terms, analyser, "one\0two", 7, NULL), PLURUM_OK);
    ck_assert_uint_eq(terms->count, 2);
    pli_terms_unref(terms);
    pli_analyser_free(analyser);
}
END_TEST

/* One token of a megabyte, made of a repeated piece. */
static const char *const LONG_PIECES[] = {
    "a", "aB", "a1", "a-", "a/", "-", "a_", "a'", "a.B+", "@", "$a", "a\xFF", "\xE6\x95\xB0",
    "\xE0\xB8\x97\xE0\xB8\xB5", "\xCC\x81\xCC\xA7", "\xEF\xB7\xBA", "\xC3\x89", "\xED\x95\x9C",
    "\xE2\x80\x90z",
};

START_TEST(a_token_of_a_megabyte_is_no_trouble)
{
    const char *piece = LONG_PIECES[_i];
    size_t size = 1 << 20, step = strlen(piece), len = 0;
    char *text = malloc(size + 1);
    ck_assert_ptr_nonnull(text);
    if (!strcmp(piece, "\xCC\x81\xCC\xA7")) text[len++] = 'e'; /* marks on something */
    for (; len + step <= size; len += step) memcpy(text + len, piece, step);
    text[len] = '\0';
    pli_analyser *analyser = new_analyser();
    pli_terms *terms = terms_of_text(analyser, text);
    check_table(terms);
    if (!strcmp(piece, "a")) ck_assert_uint_eq(terms->count, 1);
    if (!strcmp(piece, "-")) ck_assert_uint_eq(terms->count, 0);
    pli_terms_unref(terms);
    pli_analyser_free(analyser);
    free(text);
}
END_TEST

START_TEST(long_terms_meet_exactly_when_they_are_equal)
{
    char a[1000], b[1000], cut_a[PLI_TERM_MAX], cut_b[PLI_TERM_MAX];
    memset(a, 'q', sizeof a);
    memset(b, 'q', sizeof b);
    size_t len = pli_term_cut(cut_a, a, sizeof a);
    ck_assert_uint_eq(pli_term_cut(cut_b, b, sizeof b), len);
    ck_assert_mem_eq(cut_a, cut_b, len);
    b[999] = 'r';
    ck_assert_uint_eq(pli_term_cut(cut_b, b, sizeof b), len);
    ck_assert_mem_ne(cut_a, cut_b, len);
    pli_term_cut(cut_b, a, sizeof a - 1);
    ck_assert_mem_ne(cut_a, cut_b, len);
}
END_TEST

START_TEST(a_cut_term_is_the_same_for_ever)
{
    char text[PLI_TERM_MAX + 1], cut[PLI_TERM_MAX];
    memset(text, 'x', sizeof text);
    size_t len = pli_term_cut(cut, text, sizeof text);
    ck_assert_uint_eq(len, PLI_TERM_MAX);
    ck_assert_mem_eq(cut + 183, "~32df31caf6566da7", 17);
    pli_analyser *analyser = new_analyser();
    pli_terms *terms;
    ck_assert_int_eq(pli_terms_of_query(&terms, analyser, text, sizeof text, NULL), PLURUM_OK);
    ck_assert_uint_eq(terms->count, 1);
    ck_assert_mem_eq(terms->terms[0].bytes, cut, len);
    pli_terms_unref(terms);
    ck_assert_int_eq(pli_terms_of_query(&terms, analyser, text, PLI_TERM_MAX, NULL), PLURUM_OK);
    ck_assert_mem_eq(terms->terms[0].bytes, text, PLI_TERM_MAX);
    pli_terms_unref(terms);
    pli_analyser_free(analyser);
}
END_TEST

START_TEST(a_term_is_cut_at_a_code_point)
{
    char text[400], cut[PLI_TERM_MAX];
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'x', shift);
        for (size_t i = shift; i + 4 <= sizeof text; i += 4)
            memcpy(text + i, "\xF0\x9D\x84\x9E", 4);
        size_t len = pli_term_cut(cut, text, sizeof text - 4 + shift);
        ck_assert_int_ge(pli_utf8_length(cut, len), 1);
        ck_assert_uint_ge(len, PLI_TERM_MAX - 3);
    }
}
END_TEST

START_TEST(terms_live_as_long_as_somebody_holds_them)
{
    pli_analyser *analyser = new_analyser();
    pli_terms *terms = terms_of_text(analyser, "held in two places");
    pli_analyser_free(analyser);
    ck_assert_ptr_eq(pli_terms_ref(terms), terms);
    pli_terms_unref(terms);
    ck_assert_uint_eq(terms->count, 3);
    ck_assert_uint_ge(pli_terms_memory(terms), 3 * sizeof(pli_term));
    ck_assert_uint_lt(pli_terms_memory(terms), 1000);
    pli_terms_unref(terms);
    pli_terms_unref(NULL);
}
END_TEST

START_TEST(without_memory_nothing_is_left_behind)
{
    char text[40000];
    size_t len = 0;
    for (int i = 0; len + 40 < sizeof text; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "w%d-x%d caf\xC3\xA9%d ", i, i, i);
    pli_analyser *reference = new_analyser();
    pli_terms *expected = terms_of_text(reference, text), *terms = NULL;
    pli_analyser_free(reference);
    pli_analyser *analyser = NULL;
    unsigned long n = 1;
    for (;; n++) {
        plurum_error error;
        pli_alloc_fail_at(n);
        plurum_status status = pli_analyser_new(&analyser, &error);
        if (!status) status = pli_terms_of_query(&terms, analyser, text, len, &error);
        pli_alloc_fail_at(0);
        if (!status) break;
        ck_assert_int_eq(status, PLURUM_NOMEM);
        ck_assert_ptr_null(terms);
        if (analyser) { /* it still works */
            ck_assert_int_eq(pli_terms_of_query(&terms, analyser, text, len, NULL), PLURUM_OK);
            check_equal(terms, expected);
            pli_terms_unref(terms);
            terms = NULL;
        }
        pli_analyser_free(analyser);
        analyser = NULL;
    }
    ck_assert_uint_gt(n, 10);
    check_equal(terms, expected);
    pli_terms_unref(terms);
    pli_terms_unref(expected);
    pli_analyser_free(analyser);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text terms");
    TCase *tcase = tcase_create("terms");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, texts_give_the_terms_they_should, 0,
                        sizeof EXAMPLES / sizeof *EXAMPLES);
    tcase_add_test(tcase, function_words_of_a_query_count_apart);
    tcase_add_test(tcase, occurrences_and_lengths_are_counted_by_field);
    tcase_add_test(tcase, any_text_gives_sorted_unique_valid_terms);
    tcase_add_test(tcase, a_zero_byte_in_a_query_is_a_space);
    tcase_add_loop_test(tcase, a_token_of_a_megabyte_is_no_trouble, 0,
                        sizeof LONG_PIECES / sizeof *LONG_PIECES);
    tcase_add_test(tcase, long_terms_meet_exactly_when_they_are_equal);
    tcase_add_test(tcase, a_cut_term_is_the_same_for_ever);
    tcase_add_test(tcase, a_term_is_cut_at_a_code_point);
    tcase_add_test(tcase, terms_live_as_long_as_somebody_holds_them);
    tcase_add_test(tcase, without_memory_nothing_is_left_behind);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
