/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spelling: distances against the whole table without limits, which words of a query are looked at,
 * and near terms, which must be the same however the documents are spread over index and tail.
 */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "text/spell.h"
#include "text_helpers.h"

static uint64_t seed;

/* ---- distances ---- */

static uint32_t minimum(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The textbook's table, without a limit. */
static uint32_t plain_distance(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
    static uint32_t d[PLI_WORD_POINTS_MAX + 1][PLI_WORD_POINTS_MAX + 1];
    for (size_t i = 0; i <= n; i++)
        for (size_t j = 0; j <= m; j++) {
            if (!i || !j) {
                d[i][j] = (uint32_t)(i + j);
                continue;
            }
            d[i][j] = minimum(minimum(d[i - 1][j], d[i][j - 1]) + 1,
                              d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = minimum(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[n][m];
}

static size_t random_points(uint32_t *out, size_t most, uint32_t letters)
{
    size_t count = rnd_below(&seed, (uint32_t)most + 1);
    for (size_t i = 0; i < count; i++) out[i] = 'a' + rnd_below(&seed, letters);
    return count;
}

static void check_distances(size_t most, uint32_t letters, uint32_t limit)
{
    uint32_t a[PLI_WORD_POINTS_MAX], b[PLI_WORD_POINTS_MAX], all[PLI_WORD_POINTS_MAX + 1];
    size_t n = random_points(a, most, letters), m = random_points(b, most, letters);
    pli_prefix_distances(all, a, n, b, m, limit);
    for (size_t i = 0; i <= n; i++)
        ck_assert_uint_eq(all[i], minimum(plain_distance(a, i, b, m), limit + 1));
    ck_assert_uint_eq(pli_edit_distance(a, n, b, m, limit), all[n]);
    ck_assert_uint_eq(pli_edit_distance(b, m, a, n, limit), all[n]);
}

START_TEST(distances_are_those_of_the_whole_table)
{
    for (int i = 0; i < 20000; i++) check_distances(8, 2 + (uint32_t)i % 3, (uint32_t)i % 5);
    for (int i = 0; i < 200; i++) check_distances(PLI_WORD_POINTS_MAX, 3, (uint32_t)i % 70);
}
END_TEST

START_TEST(a_word_is_counted_in_code_points)
{
    uint32_t points[PLI_WORD_POINTS_MAX];
    char text[2 * PLI_WORD_POINTS_MAX + 3] = "";
    ck_assert_uint_eq(pli_word_points(points, "na\xC3\xAFve", 6), 5);
    ck_assert_uint_eq(points[2], 0xEF);
    for (int i = 0; i < PLI_WORD_POINTS_MAX; i++) strcat(text, "\xC3\xAF");
    ck_assert_uint_eq(pli_word_points(points, text, strlen(text)), PLI_WORD_POINTS_MAX);
    strcat(text, "a");
    ck_assert_uint_eq(pli_word_points(points, text, strlen(text)), 0);
}
END_TEST

/* ---- words ---- */

/* The words that are looked at, as "word/limit word/limit", and how many there are in all. */
static const char *words_of(const char *text)
{
    static char shown[2000];
    pli_analyser *analyser = new_analyser();
    pli_words words;
    size_t n = 0;
    ck_assert_int_eq(pli_words_find(&words, analyser, text, strlen(text), NULL), PLURUM_OK);
    for (size_t i = 0; i < words.count; i++) {
        const pli_word *w = &words.all[i];
        n += (size_t)snprintf(shown + n, sizeof shown - n, "%.*s/%u ", (int)(w->to - w->from),
                              text + w->from, w->limit);
    }
    snprintf(shown + n, sizeof shown - n, "of %zu", words.words);
    pli_free(words.all);
    pli_analyser_free(analyser);
    return shown;
}

START_TEST(words_of_letters_are_looked_at_and_nothing_else)
{
    ck_assert_str_eq(words_of("Restor the DATABSE for us"), "Restor/1 DATABSE/1 of 3");
    ck_assert_str_eq(words_of("a permision deniedd"), "permision/2 deniedd/1 of 2");
    ck_assert_str_eq(words_of("pg_basebakcup --scema-only"),
                     "basebakcup/2 scema/1 only/1 of 4");
    ck_assert_str_eq(words_of("psycpg2 utf8 sqllite3 md5sum deadbeef01 1.22.4 v1beta12 a94a8fe5cc"),
                     "psycpg/1 sqllite/1 deadbeef/2 of 10");
    ck_assert_str_eq(words_of("CVE-2024-3094 123456"), "of 4");
    ck_assert_str_eq(words_of("na\xC3\xAFvly \xD1\x81\xD0\xB5\xD1\x80\xD0\xB2\xD0\xB5\xD1\x80"),
                     "na\xC3\xAFvly/1 \xD1\x81\xD0\xB5\xD1\x80\xD0\xB2\xD0\xB5\xD1\x80/1 of 2");
    ck_assert_str_eq(words_of("\xE6\x95\xB0\xE6\x8D\xAE\xE5\xBA\x93\xE6\x95\xB0\xE6\x8D\xAE"), "of 0");
    ck_assert_str_eq(words_of("DatabaseModifiedError \xC3\xA9t\xC3\xA9s abcd\xEF\xBC\x91"),
                     "DatabaseModifiedError/2 \xC3\xA9t\xC3\xA9s/1 of 3");
    /* what normalising changes has no place of its own in the text */
    ck_assert_str_eq(words_of("cafe\xCC\x81teria \xEF\xAC\x81le"), "of 2");
    ck_assert_str_eq(words_of("\xFF\xFE broken\xC3"), "broken/1 of 1");
}
END_TEST

START_TEST(a_text_of_many_words_is_no_query_to_correct)
{
    char text[1000] = "";
    for (int i = 0; i < PLI_WORDS_MAX; i++) strcat(text, "serach ");
    ck_assert_ptr_nonnull(strstr(words_of(text), "of 32"));
    ck_assert_ptr_nonnull(strstr(words_of(text), "serach/1"));
    strcat(text, "serach");
    ck_assert_ptr_null(strstr(words_of(text), "serach/1"));
}
END_TEST

/* ---- near terms ---- */

enum { DOCUMENTS_MAX = 200 };

typedef struct world {
    char path[64];
    pli_analyser *analyser;
    pli_text_reader *reader;
    char *texts[DOCUMENTS_MAX];
    pli_terms *terms[DOCUMENTS_MAX];
    uint32_t count;
    pli_bitmap live;
    pli_tail_text tail[DOCUMENTS_MAX];
    pli_text_corpus corpus;
} world;

static world *new_world(void)
{
    world *w = calloc(1, sizeof *w);
    ck_assert_ptr_nonnull(w);
    make_folder(w->path);
    w->analyser = new_analyser();
    w->count = 1; /* ids begin with 1 */
    ck_assert_int_eq(pli_bitmap_init(&w->live, DOCUMENTS_MAX), 0);
    return w;
}

static void add_text(world *w, const char *text, int live)
{
    w->texts[w->count] = strdup(text);
    w->terms[w->count] = terms_of_fields(w->analyser, NULL, text, NULL, NULL);
    if (live) pli_bitmap_add(&w->live, w->count);
    w->count++;
}

/* Documents up to `split` in the index, the others and some before in the tail. */
static void spread(world *w, uint32_t split)
{
    pli_text_writer *writer;
    pli_text_reader_close(w->reader);
    w->reader = NULL;
    remove_index(w->path);
    if (split) {
        ck_assert_int_eq(pli_text_writer_open(&writer, w->path, NULL), PLURUM_OK);
        for (uint32_t id = 1; id <= split; id++)
            ck_assert_int_eq(pli_text_writer_add(writer, id, w->terms[id], NULL, NULL), 0);
        ck_assert_int_eq(pli_text_writer_commit(writer, split, split, NULL), PLURUM_OK);
        pli_text_writer_close(writer);
        ck_assert_int_eq(pli_text_reader_open(&w->reader, w->path, NULL), PLURUM_OK);
    }
    w->corpus = (pli_text_corpus){.reader = w->reader, .tail = w->tail, .live = &w->live};
    for (uint32_t id = split > 3 ? split - 3 : 1; id < w->count; id++)
        w->tail[w->corpus.tail_count++] = (pli_tail_text){id, w->terms[id]};
}

static void free_world(world *w)
{
    for (uint32_t id = 1; id < w->count; id++) {
        pli_terms_unref(w->terms[id]);
        free(w->texts[id]);
    }
    pli_bitmap_free(&w->live);
    pli_text_reader_close(w->reader);
    pli_analyser_free(w->analyser);
    remove_folder(w->path);
    free(w);
}

static pli_word word_of(world *w, const char *text)
{
    pli_words words;
    ck_assert_int_eq(pli_words_find(&words, w->analyser, text, strlen(text), NULL), PLURUM_OK);
    ck_assert_uint_eq(words.count, 1);
    pli_word word = words.all[0];
    pli_free(words.all);
    return word;
}

/* What a word may be meant for: "word distance count, …", in order. */
static const char *near(world *w, const char *misspelt)
{
    static char shown[2000];
    pli_spelling found[PLI_SPELLINGS_MAX];
    size_t count, n = 0;
    pli_word word = word_of(w, misspelt);
    ck_assert_int_eq(pli_spellings_find(found, &count, &w->corpus, w->analyser, &word, NULL), 0);
    shown[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        pli_nearest nearest = {.distance = UINT32_MAX};
        for (size_t d = 0; d < found[i].document_count; d++) {
            const char *text = w->texts[found[i].documents[d]];
            ck_assert_int_eq(pli_nearest_word(&nearest, w->analyser, &word, &found[i], text,
                                              strlen(text), NULL), 0);
        }
        if (found[i].is_stop_word) memcpy(nearest.folded, found[i].term, found[i].len);
        n += (size_t)snprintf(shown + n, sizeof shown - n, "%s%s %u %u", n ? ", " : "",
                              *nearest.folded ? nearest.folded : "-", found[i].distance,
                              found[i].is_stop_word ? 0 : found[i].count);
    }
    return shown;
}

START_TEST(near_words_come_by_distance_then_frequency_then_bytes)
{
    world *w = new_world();
    add_text(w, "a table, a cable, tables", 1);
    add_text(w, "a tale of tablets", 1);
    add_text(w, "tales and a title", 1);
    for (uint32_t split = 0; split < w->count; split++) {
        spread(w, split);
        ck_assert_str_eq(near(w, "tabel"), "table 1 1");
        ck_assert_str_eq(near(w, "tble"), "tale 1 2, table 1 1");
        ck_assert_str_eq(near(w, "atble"), "table 1 1");
        ck_assert_str_eq(near(w, "xable"), "");
        ck_assert_str_eq(near(w, "tabling"), ""); /* a form of table is no mistake */
        ck_assert_str_eq(near(w, "tabllets"), "tablets 1 1, tables 2 1");
    }
    free_world(w);
}
END_TEST

START_TEST(a_stem_stands_for_the_nearest_of_its_words)
{
    world *w = new_world();
    add_text(w, "Initialization of a factory, training and changed permissions, rootless", 1);
    add_text(w, "Initializing factories, we train; it changes; a permission", 1);
    spread(w, 1);
    ck_assert_str_eq(near(w, "initilization"), "initialization 1 2");
    ck_assert_str_eq(near(w, "facotry"), "factory 1 2");
    ck_assert_str_eq(near(w, "traning"), "training 1 2");
    ck_assert_str_eq(near(w, "chnaged"), "changed 1 2");
    ck_assert_str_eq(near(w, "permision"), "permission 1 2");
    ck_assert_str_eq(near(w, "rootles"), "rootless 1 1");
    free_world(w);
}
END_TEST

START_TEST(stop_words_are_near_and_parts_of_identifiers_too)
{
    world *w = new_world();
    add_text(w, "the width of x-scema and schema_2, thier", 1);
    spread(w, 1);
    ck_assert_str_eq(near(w, "wtih"), "with 1 0");
    ck_assert_str_eq(near(w, "widht"), "width 1 1");
    ck_assert_str_eq(near(w, "shema"), "scema 1 1, schema 1 1");
    free_world(w);
}
END_TEST

START_TEST(words_of_dead_documents_are_not_there)
{
    world *w = new_world();
    add_text(w, "kubernetes", 0);
    add_text(w, "kubernetez", 1);
    for (uint32_t split = 0; split < w->count; split++) {
        spread(w, split);
        ck_assert_str_eq(near(w, "kuberntes"), "kubernetez 2 1");
    }
    free_world(w);
}
END_TEST

/* Words that are much like one another. */
static void random_text(char *out, uint32_t words)
{
    size_t n = 0;
    while (words--) {
        size_t letters = 4 + rnd_below(&seed, 6);
        for (size_t i = 0; i < letters; i++) out[n++] = (char)('a' + rnd_below(&seed, i ? 3 : 2));
        out[n++] = ' ';
    }
    out[n] = '\0';
}

/* Counts and first documents of a spelling, by loops. */
static void check_spelling(const world *w, const pli_spelling *s)
{
    uint32_t count = 0;
    for (uint32_t id = 1; id < w->count; id++) {
        if (!pli_bitmap_has(&w->live, id) || !pli_terms_find(w->terms[id], s->term, s->len)) continue;
        if (count < PLI_SPELLING_TEXTS) ck_assert_uint_eq(s->documents[count], id);
        count++;
    }
    ck_assert_uint_eq(s->count, count);
    ck_assert_uint_eq(s->document_count, minimum(count, PLI_SPELLING_TEXTS));
}

START_TEST(near_terms_do_not_depend_on_how_far_the_index_follows)
{
    char text[400];
    world *w = new_world();
    while (w->count < DOCUMENTS_MAX) {
        random_text(text, 1 + rnd_below(&seed, 20));
        add_text(w, text, rnd_below(&seed, 3) != 0);
    }
    for (int i = 0; i < 60; i++) {
        char first[2000] = "";
        random_text(text, 1);
        for (int j = 0; j < 3; j++) {
            spread(w, j == 0 ? 0 : j == 1 ? w->count - 1 : rnd_below(&seed, w->count));
            pli_spelling found[PLI_SPELLINGS_MAX];
            size_t count;
            pli_word word = word_of(w, text);
            ck_assert_int_eq(
                pli_spellings_find(found, &count, &w->corpus, w->analyser, &word, NULL), 0);
            for (size_t k = 0; k < count; k++)
                if (!found[k].is_stop_word) check_spelling(w, &found[k]);
            if (j)
                ck_assert_str_eq(near(w, text), first);
            else
                strcpy(first, near(w, text));
        }
    }
    free_world(w);
}
END_TEST

START_TEST(counts_are_those_of_live_documents)
{
    world *w = new_world();
    for (int i = 0; i < 150; i++) add_text(w, i % 50 ? "often" : "often rarely", i % 3 != 0);
    for (uint32_t split = 0; split < w->count; split += 50) {
        uint32_t counts[3];
        pli_words words;
        spread(w, split);
        ck_assert_int_eq(pli_words_find(&words, w->analyser, "often rare never", 16, NULL), 0);
        ck_assert_int_eq(pli_words_count(counts, &words, &w->corpus, NULL), PLURUM_OK);
        ck_assert_uint_eq(counts[0], PLI_SPELLING_FEW);
        ck_assert_uint_eq(counts[1], 2); /* rarely, of 50 and 100 */
        ck_assert_uint_eq(counts[2], 0);
        pli_free(words.all);
    }
    free_world(w);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("text: spelling");
    TCase *t = tcase_create("spelling");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, distances_are_those_of_the_whole_table);
    tcase_add_test(t, a_word_is_counted_in_code_points);
    tcase_add_test(t, words_of_letters_are_looked_at_and_nothing_else);
    tcase_add_test(t, a_text_of_many_words_is_no_query_to_correct);
    tcase_add_test(t, near_words_come_by_distance_then_frequency_then_bytes);
    tcase_add_test(t, a_stem_stands_for_the_nearest_of_its_words);
    tcase_add_test(t, stop_words_are_near_and_parts_of_identifiers_too);
    tcase_add_test(t, words_of_dead_documents_are_not_there);
    tcase_add_test(t, near_terms_do_not_depend_on_how_far_the_index_follows);
    tcase_add_test(t, counts_are_those_of_live_documents);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    const char *given = getenv("SEED");
    seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("seed %llu\n", (unsigned long long)seed);
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
