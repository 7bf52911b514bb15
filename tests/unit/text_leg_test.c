/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text leg against plain loops over the live documents, against itself under every way of
 * spreading the same documents over index and tail, and against Xapian's own weights.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "text/choose.h"
#include "text/leg.h"
#include "text_helpers.h"
#include "text_xapian.h"

/* ---- a world: documents, which of them live, and where they are kept ---- */

typedef struct world {
    char path[64];
    pli_analyser *analyser;
    uint32_t count;
    pli_terms **terms;
    pli_bitmap live, allowed;
    pli_tail_text *tail;
    pli_text_reader *reader;
    pli_text_corpus corpus;
} world;

static const uint32_t *lengths_of(const void *payload, uint32_t id)
{
    const world *w = payload;
    ck_assert(pli_bitmap_has(&w->live, id));
    return w->terms[id]->length;
}

/* Words of which a few are in most documents and most in a few. */
static void random_words(char *out, size_t size, uint32_t words, uint32_t vocabulary,
                         uint64_t *seed)
{
    size_t n = 0;
    out[0] = '\0';
    while (words-- && n + 20 < size) {
        uint32_t a = rnd_below(seed, vocabulary), b = rnd_below(seed, vocabulary);
        uint32_t word = a < b ? a : b;
        n += (size_t)snprintf(out + n, size - n, "%s%sw%uq ", word % 17 == 1 ? "x_" : "",
                              word % 23 == 1 ? "--" : "", word);
    }
}

static world *new_world(uint32_t count, uint32_t vocabulary, uint64_t *seed)
{
    world *w = calloc(1, sizeof *w);
    ck_assert_ptr_nonnull(w);
    make_folder(w->path);
    w->analyser = new_analyser();
    w->count = count;
    w->terms = calloc(count + 1, sizeof(pli_terms *));
    w->tail = calloc(count + 1, sizeof *w->tail);
    ck_assert(w->terms && w->tail);
    for (uint32_t id = 0; id < count; id++) {
        char text[PLURUM_TEXT_FIELD_COUNT][400];
        for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++)
            random_words(text[f], sizeof text[f], rnd_below(seed, 12), vocabulary, seed);
        w->terms[id] = terms_of_fields(w->analyser, text[0], text[1], text[2], text[3]);
    }
    return w;
}

/* Chooses what lives, and what of it may be found, by the percentages given. */
static void set_live(world *w, uint32_t dead, uint32_t hidden, uint64_t *seed)
{
    pli_bitmap_free(&w->live);
    pli_bitmap_free(&w->allowed);
    ck_assert_int_eq(pli_bitmap_init(&w->live, w->count), 0);
    ck_assert_int_eq(pli_bitmap_init(&w->allowed, w->count), 0);
    memset(w->corpus.live_length, 0, sizeof w->corpus.live_length);
    for (uint32_t id = 0; id < w->count; id++) {
        uint32_t fate = rnd_below(seed, 100);
        if (fate < dead) continue;
        pli_bitmap_add(&w->live, id);
        for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++)
            w->corpus.live_length[f] += w->terms[id]->length[f];
        if (rnd_below(seed, 100) >= hidden) pli_bitmap_add(&w->allowed, id);
    }
    w->corpus.live = &w->live;
    w->corpus.allowed = &w->allowed;
    w->corpus.lengths = lengths_of;
    w->corpus.payload = w;
}

/*
 * Puts documents [0, split) into a new index, in commits of `batch`, and all from `overlap` before
 * the split on into the tail. Some dead ones are left out of either.
 */
static void spread(world *w, uint32_t split, uint32_t batch, uint32_t overlap, uint64_t *seed)
{
    pli_text_reader_close(w->reader);
    w->reader = NULL;
    remove_index(w->path);
    if (split) {
        pli_text_writer *writer;
        ck_assert_int_eq(pli_text_writer_open(&writer, w->path, NULL), PLURUM_OK);
        for (uint32_t id = 0; id < split; id++) {
            if (pli_bitmap_has(&w->live, id) || (id > 0 && rnd_below(seed, 4))) /* 0 is no dead document */
                ck_assert_int_eq(pli_text_writer_add(writer, id, w->terms[id], NULL, NULL), 0);
            if ((id + 1) % batch == 0 || id + 1 == split)
                ck_assert_int_eq(pli_text_writer_commit(writer, id + 1, id, NULL), PLURUM_OK);
        }
        pli_text_writer_close(writer);
        ck_assert_int_eq(pli_text_reader_open(&w->reader, w->path, NULL), PLURUM_OK);
    }
    w->corpus.reader = w->reader;
    w->corpus.tail = w->tail;
    w->corpus.tail_count = 0;
    for (uint32_t id = split > overlap ? split - overlap : 0; id < w->count; id++)
        if (pli_bitmap_has(&w->live, id) || (id > 0 && rnd_below(seed, 4))) /* 0 is no dead document */
            w->tail[w->corpus.tail_count++] = (pli_tail_text){id, w->terms[id]};
}

static void free_world(world *w)
{
    for (uint32_t id = 0; id < w->count; id++) pli_terms_unref(w->terms[id]);
    free(w->terms);
    free(w->tail);
    pli_bitmap_free(&w->live);
    pli_bitmap_free(&w->allowed);
    pli_text_reader_close(w->reader);
    pli_analyser_free(w->analyser);
    remove_folder(w->path);
    free(w);
}

static pli_terms *random_query(world *w, uint32_t words, uint32_t vocabulary, uint64_t *seed)
{
    size_t size = 30 * (size_t)words + 30;
    char *text = malloc(size);
    ck_assert_ptr_nonnull(text);
    random_words(text, size, words, vocabulary, seed);
    pli_terms *query = terms_of_text(w->analyser, text);
    free(text);
    return query;
}

static pli_text_leg run(const world *w, const pli_terms *query, const pli_bm25 *bm25, size_t k)
{
    pli_text_leg leg;
    plurum_error error;
    if (pli_text_leg_run(&leg, &w->corpus, query, bm25, k, &error)) ck_abort_msg("%s", error.text);
    return leg;
}

/* ---- the reference: knows the live documents and nothing else ---- */

static uint32_t live_frequency(const world *w, const pli_term *term)
{
    uint32_t count = 0;
    for (uint32_t id = 0; id < w->count; id++)
        count += pli_bitmap_has(&w->live, id) &&
                 pli_terms_find(w->terms[id], term->bytes, term->len) != NULL;
    return count;
}

/* Whether the query's term i is among those kept: how many come before it? */
static int is_kept(const uint32_t *frequency, uint32_t count, uint32_t i)
{
    uint32_t before = 0;
    for (uint32_t j = 0; j < count; j++)
        before += frequency[j] &&
                  (frequency[j] < frequency[i] || (frequency[j] == frequency[i] && j < i));
    return frequency[i] && before < PLI_QUERY_TERMS_MAX;
}

static double sum_fields(const pli_bm25 *bm25, const uint32_t count[PLURUM_TEXT_FIELD_COUNT])
{
    double sum = 0;
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) sum += bm25->field[f] * count[f];
    return sum;
}

static double *reference_scores(const world *w, const pli_terms *query, const pli_bm25 *bm25,
                                uint32_t *used)
{
    double *scores = calloc(w->count + 1, sizeof *scores);
    uint32_t *frequency = calloc(query->count + 1, sizeof *frequency);
    ck_assert(scores && frequency);
    double live = 0, length = 0;
    for (uint32_t id = 0; id < w->count; id++) {
        if (!pli_bitmap_has(&w->live, id)) continue;
        live++;
        length += sum_fields(bm25, w->terms[id]->length);
    }
    int others = 0;
    for (uint32_t i = 0; i < query->count; i++) {
        frequency[i] = live_frequency(w, &query->terms[i]);
        others |= query->terms[i].tf[PLI_QUERY_WORDS] > 0;
    }
    *used = 0;
    for (uint32_t i = 0; i < query->count; i++) {
        double asked = query->terms[i].tf[PLI_QUERY_WORDS] + (others ? bm25->function_words : 1) *
                                                                 query->terms[i].tf[PLI_QUERY_FUNCTION_WORDS];
        if (asked == 0 || !is_kept(frequency, query->count, i)) continue;
        ++*used;
        double x = (live - frequency[i] + 0.5) / (frequency[i] + 0.5);
        double idf = log(x < 2 ? x / 2 + 1 : x);
        for (uint32_t id = 0; id < w->count; id++) {
            const pli_term *term =
                pli_terms_find(w->terms[id], query->terms[i].bytes, query->terms[i].len);
            if (!term || !pli_bitmap_has(&w->allowed, id)) continue;
            double tf = sum_fields(bm25, term->tf);
            double ratio =
                length > 0 ? sum_fields(bm25, w->terms[id]->length) / (length / live) : 0;
            if (ratio < 0.5) ratio = 0.5;
            if (tf > 0)
                scores[id] += asked * idf * (bm25->k1 + 1) * tf /
                              (bm25->k1 * ((1 - bm25->b) + bm25->b * ratio) + tf);
        }
    }
    free(frequency);
    return scores;
}

static void check_close(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12 * fmax(1, fabs(expected))))
        ck_abort_msg("score %.17g, expected %.17g", found, expected);
}

/* The hits are the k best of the leg's own scores. */
static void check_hits(const pli_text_leg *leg, uint32_t bound, size_t k)
{
    size_t positive = 0;
    for (uint32_t id = 0; id < bound; id++) positive += leg->scores[id] > 0;
    ck_assert_uint_eq(leg->hit_count, k < positive ? k : positive);
    for (size_t i = 0; i < leg->hit_count; i++) {
        const pli_text_hit *hit = &leg->hits[i];
        ck_assert(hit->score > 0 && hit->score == leg->scores[hit->id]);
        size_t better = 0;
        for (uint32_t id = 0; id < bound; id++)
            better +=
                leg->scores[id] > hit->score || (leg->scores[id] == hit->score && id < hit->id);
        ck_assert_uint_eq(better, i);
    }
}

static void check_reference(const world *w, const pli_terms *query, const pli_bm25 *bm25, size_t k)
{
    uint32_t used;
    double *expected = reference_scores(w, query, bm25, &used);
    pli_text_leg leg = run(w, query, bm25, k);
    for (uint32_t id = 0; id < w->count; id++) check_close(leg.scores[id], expected[id]);
    ck_assert_uint_eq(leg.terms_used, used);
    ck_assert_uint_eq(leg.terms_asked, query->count);
    check_hits(&leg, w->count, k);
    pli_text_leg_free(&leg);
    free(expected);
}

static const pli_bm25 WEIGHTS[] = {
    {1.2, 0.75, {1, 1, 1, 1}, 0},        {1.2, 0.75, {2, 1, 1.5, 0.3}, 0},
    {0.9, 0.4, {0, 1, 0, 0}, 0.5},       {1.2, 0.75, {1, 0, 0, 0}, 0},
    {0, 0.75, {1, 1, 1, 1}, 1},          {2, 1, {0.1, 0.7, 0.7, 0.7}, 0},
    {1.2, 0, {2.5, 2.5, 2.5, 2.5}, 0.3}, {1.2, 0.75, {0, 0, 0, 0}, 0},
    {1.2, 0.75, {3, 0.1, 0.1, 0}, 0},
};
enum { WEIGHTS_COUNT = sizeof WEIGHTS / sizeof *WEIGHTS };

START_TEST(scores_equal_the_plain_formula)
{
    uint64_t seed = 1000 + (uint64_t)_i;
    printf("seed %llu\n", (unsigned long long)seed);
    world *w = new_world(1 + rnd_below(&seed, 150), 60, &seed);
    for (int round = 0; round < 4; round++) {
        set_live(w, 30 * rnd_below(&seed, 3), 30 * rnd_below(&seed, 3), &seed);
        spread(w, rnd_below(&seed, w->count + 1), 20 + rnd_below(&seed, 100), rnd_below(&seed, 10),
               &seed);
        for (int f = 0; f < WEIGHTS_COUNT; f++) {
            pli_terms *query = random_query(w, rnd_below(&seed, 12), 70, &seed);
            check_reference(w, query, &WEIGHTS[f], rnd_below(&seed, 20));
            pli_terms_unref(query);
        }
    }
    free_world(w);
}
END_TEST

START_TEST(a_long_query_keeps_its_rarest_terms)
{
    uint64_t seed = 2000 + (uint64_t)_i;
    printf("seed %llu\n", (unsigned long long)seed);
    static const uint32_t VOCABULARY[] = {2000, 240, 145}; /* words in ever more documents */
    uint32_t vocabulary = VOCABULARY[_i % 3];
    world *w = new_world(_i % 3 == 2 ? 1000 : 400, vocabulary, &seed);
    for (uint32_t dead = 0; dead <= 60; dead += 20) {
        set_live(w, dead, 10, &seed);
        spread(w, w->count / 2 + rnd_below(&seed, w->count / 2), 200, 5, &seed);
        pli_terms *query = random_query(w, 3000, vocabulary, &seed);
        ck_assert_uint_gt(query->count, PLI_QUERY_TERMS_MAX);
        check_reference(w, query, &WEIGHTS[dead / 20], 20);
        pli_terms_unref(query);
    }
    free_world(w);
}
END_TEST

/* ---- the same documents, kept in other ways ---- */

static void check_same_bits(const world *w, const pli_terms *query, const pli_bm25 *bm25,
                            const pli_text_leg *expected)
{
    pli_text_leg leg = run(w, query, bm25, 10);
    ck_assert_mem_eq(leg.scores, expected->scores, w->count * sizeof *leg.scores);
    ck_assert_uint_eq(leg.hit_count, expected->hit_count);
    for (size_t i = 0; i < leg.hit_count; i++)
        ck_assert_uint_eq(leg.hits[i].id, expected->hits[i].id);
    ck_assert_uint_eq(leg.terms_used, expected->terms_used);
    pli_text_leg_free(&leg);
}

START_TEST(scores_have_the_same_bits_wherever_documents_are_kept)
{
    uint64_t seed = 3000 + (uint64_t)_i;
    printf("seed %llu\n", (unsigned long long)seed);
    world *w = new_world(200, _i % 2 ? 60 : 900, &seed);
    set_live(w, 25 * (uint32_t)(_i % 3), 20, &seed);
    pli_terms *query = random_query(w, _i % 2 ? 10 : 2000, _i % 2 ? 60 : 900, &seed);
    pli_text_leg all_in_tail[WEIGHTS_COUNT];
    spread(w, 0, 1, 0, &seed);
    for (int f = 0; f < WEIGHTS_COUNT; f++) all_in_tail[f] = run(w, query, &WEIGHTS[f], 10);
    for (int round = 0; round < 6; round++) {
        uint32_t split = round ? rnd_below(&seed, w->count) : w->count;
        spread(w, split, 30 + rnd_below(&seed, 100), rnd_below(&seed, w->count), &seed);
        for (int f = 0; f < WEIGHTS_COUNT; f++)
            check_same_bits(w, query, &WEIGHTS[f], &all_in_tail[f]);
    }
    for (int f = 0; f < WEIGHTS_COUNT; f++) pli_text_leg_free(&all_in_tail[f]);
    pli_terms_unref(query);
    free_world(w);
}
END_TEST

START_TEST(a_dead_document_counts_and_id_0_does_not)
{
    uint64_t seed = 4100;
    world *w = new_world(100, 20, &seed);
    set_live(w, 0, 0, &seed);
    w->live.words[0] = 0; /* of documents that begin with 64, none lives before */
    spread(w, 100, 10, 0, &seed);
    ck_assert_uint_eq(pli_indexed_of(&w->corpus).end, 100);
    ck_assert_uint_eq(pli_indexed_of(&w->corpus).dead, 63);
    for (uint32_t id = 1; id < 64; id++) pli_bitmap_add(&w->live, id);
    ck_assert_uint_eq(pli_indexed_of(&w->corpus).dead, 0);
    free_world(w);
}
END_TEST

START_TEST(an_index_ahead_of_the_snapshot_changes_nothing)
{
    uint64_t seed = 4000;
    world *w = new_world(200, 60, &seed);
    pli_terms *query = random_query(w, 8, 60, &seed);
    set_live(w, 0, 0, &seed);
    spread(w, 200, 50, 0, &seed); /* the index has them all */
    w->count = 120;               /* the snapshot does not  */
    set_live(w, 10, 10, &seed);
    pli_text_reader *reader = w->corpus.reader;
    check_reference(w, query, &WEIGHTS[1], 10);
    pli_text_leg ahead = run(w, query, &WEIGHTS[1], 10);
    w->corpus.reader = NULL;
    w->corpus.tail_count = 0;
    for (uint32_t id = 0; id < w->count; id++)
        w->tail[w->corpus.tail_count++] = (pli_tail_text){id, w->terms[id]};
    check_same_bits(w, query, &WEIGHTS[1], &ahead);
    pli_text_leg_free(&ahead);
    w->corpus.reader = reader;
    pli_terms_unref(query);
    w->count = 200;
    free_world(w);
}
END_TEST

/* ---- particular cases ---- */

START_TEST(scores_equal_those_of_xapian)
{
    uint64_t seed = 5000 + (uint64_t)_i;
    printf("seed %llu\n", (unsigned long long)seed);
    static const char *const WORDS[] = {"apple", "river", "stone", "cloud", "green", "brown",
                                        "table", "paper", "glass", "metal", "horse", "tiger"};
    enum { COUNT = sizeof WORDS / sizeof *WORDS, DOCUMENTS = 300 };
    world *w = new_world(0, 10, &seed);
    w->terms = realloc(w->terms, DOCUMENTS * sizeof *w->terms);
    w->tail = realloc(w->tail, DOCUMENTS * sizeof *w->tail);
    for (; w->count < DOCUMENTS; w->count++) {
        char text[600] = "";
        for (uint32_t n = 1 + rnd_below(&seed, 60); n > 0; n--) {
            uint32_t a = rnd_below(&seed, COUNT), b = rnd_below(&seed, COUNT);
            strcat(strcat(text, " "), WORDS[a < b ? a : b]);
        }
        w->terms[w->count] = terms_of_fields(w->analyser, NULL, text, NULL, NULL);
    }
    set_live(w, 0, 0, &seed);
    spread(w, w->count, 70, 0, &seed);
    pli_terms *query = terms_of_text(w->analyser, "apple stone brown tiger glass");
    const char *terms[5];
    char names[5][20];
    for (uint32_t i = 0; i < 5; i++) {
        snprintf(names[i], sizeof names[i], "%.*s", (int)query->terms[i].len,
                 query->terms[i].bytes);
        terms[i] = names[i];
    }
    double expected[DOCUMENTS] = {0};
    pli_bm25 bm25 = {0.5 + _i, 0.25 * _i, {1, 1, 1, 1}, 1};
    ck_assert_int_gt(xapian_scores(expected, DOCUMENTS, w->path, terms, 5, bm25.k1, bm25.b), 100);
    pli_text_leg leg = run(w, query, &bm25, 10);
    for (uint32_t id = 0; id < DOCUMENTS; id++) check_close(leg.scores[id], expected[id]);
    pli_text_leg_free(&leg);
    pli_terms_unref(query);
    free_world(w);
}
END_TEST

START_TEST(nothing_asked_finds_nothing)
{
    uint64_t seed = 6000;
    world *w = new_world(20, 60, &seed);
    set_live(w, 0, 0, &seed);
    spread(w, 10, 10, 0, &seed);
    pli_terms *query = terms_of_text(w->analyser, "the of and");
    pli_text_leg leg = run(w, query, &WEIGHTS[0], 10);
    ck_assert_uint_eq(leg.terms_asked, 0);
    ck_assert_uint_eq(leg.hit_count, 0);
    pli_text_leg_free(&leg);
    pli_terms_unref(query);
    query = terms_of_text(w->analyser, "absent AND (((");
    leg = run(w, query, &WEIGHTS[0], 10);
    ck_assert_uint_eq(leg.terms_asked, 1);
    ck_assert_uint_eq(leg.terms_used, 0);
    ck_assert_uint_eq(leg.hit_count, 0);
    pli_text_leg_free(&leg);
    pli_terms_unref(query);
    free_world(w);
}
END_TEST

START_TEST(an_empty_snapshot_is_searched_in_peace)
{
    uint64_t seed = 7000;
    world *w = new_world(0, 60, &seed);
    set_live(w, 0, 0, &seed);
    spread(w, 0, 1, 0, &seed);
    pli_terms *query = terms_of_text(w->analyser, "anything");
    pli_text_leg leg = run(w, query, &WEIGHTS[0], SIZE_MAX);
    ck_assert_uint_eq(leg.hit_count, 0);
    ck_assert_uint_eq(leg.terms_used, 0);
    pli_text_leg_free(&leg);
    pli_terms_unref(query);
    free_world(w);
}
END_TEST

START_TEST(equal_documents_come_in_the_order_of_their_ids)
{
    uint64_t seed = 8000;
    world *w = new_world(60, 60, &seed);
    for (uint32_t id = 0; id < w->count; id++) {
        pli_terms_unref(w->terms[id]);
        w->terms[id] =
            terms_of_fields(w->analyser, NULL, id % 3 ? "same words" : "other", NULL, NULL);
    }
    set_live(w, 0, 0, &seed);
    spread(w, 30, 10, 0, &seed);
    pli_terms *query = terms_of_text(w->analyser, "words");
    pli_text_leg leg = run(w, query, &WEIGHTS[0], 35);
    ck_assert_uint_eq(leg.hit_count, 35);
    for (uint32_t i = 0; i < 35; i++) ck_assert_uint_eq(leg.hits[i].id, i / 2 * 3 + 1 + i % 2);
    pli_text_leg_free(&leg);
    pli_terms_unref(query);
    free_world(w);
}
END_TEST

START_TEST(a_lost_revision_is_busy_and_the_next_try_works)
{
    uint64_t seed = 9000;
    world *w = new_world(2000, 300, &seed);
    set_live(w, 0, 0, &seed);
    spread(w, 1900, 1900, 0, &seed);
    pli_text_writer *writer;
    ck_assert_int_eq(pli_text_writer_open(&writer, w->path, NULL), PLURUM_OK);
    pli_terms *query = terms_of_text(w->analyser, "w1q w2q w3q w70q");
    unsigned busy = 0;
    for (uint32_t id = 1900; id < 2000; id++) {
        ck_assert_int_eq(pli_text_writer_add(writer, id, w->terms[id], NULL, NULL), 0);
        ck_assert_int_eq(pli_text_writer_commit(writer, id + 1, id, NULL), PLURUM_OK);
        if (id % 10) continue;
        pli_text_leg leg;
        plurum_status status = pli_text_leg_run(&leg, &w->corpus, query, &WEIGHTS[0], 10, NULL);
        if (status) {
            ck_assert_int_eq(status, PLURUM_BUSY);
            ck_assert(!leg.scores && !leg.hits && leg.hit_count == 0);
            busy++;
            ck_assert_int_eq(pli_text_reader_refresh(w->reader, NULL), PLURUM_OK);
            leg = run(w, query, &WEIGHTS[0], 10);
        }
        ck_assert_uint_eq(leg.hit_count, 10);
        pli_text_leg_free(&leg);
    }
    ck_assert_uint_gt(busy, 0);
    ck_assert_int_eq(pli_text_reader_refresh(w->reader, NULL), PLURUM_OK);
    check_reference(w, query, &WEIGHTS[0], 10);
    pli_text_writer_close(writer);
    pli_terms_unref(query);
    free_world(w);
}
END_TEST

START_TEST(twenty_thousand_words_are_asked_in_good_time)
{
    uint64_t seed = 10000;
    world *w = new_world(3000, 20000, &seed);
    set_live(w, (uint32_t)_i * 20, 0, &seed);
    spread(w, 2900, 2900, 0, &seed);
    pli_terms *query = random_query(w, 20000, 20000, &seed);
    ck_assert_uint_gt(query->count, 8000);
    clock_t before = clock();
    pli_text_leg leg = run(w, query, &WEIGHTS[0], 100);
    ck_assert(clock() - before < 2 * CLOCKS_PER_SEC); /* some hundredths without a sanitizer */
    ck_assert_uint_eq(leg.terms_used, PLI_QUERY_TERMS_MAX);
    pli_text_leg_free(&leg);
    pli_terms_unref(query);
    free_world(w);
}
END_TEST

START_TEST(without_memory_nothing_is_left_behind)
{
    uint64_t seed = 11000;
    world *w = new_world(200, 900, &seed);
    set_live(w, 20, 20, &seed);
    spread(w, 120, 120, 0, &seed);
    pli_terms *query = random_query(w, 2000, 900, &seed);
    unsigned long n = 1;
    for (plurum_status status = PLURUM_NOMEM; status; n++) {
        pli_text_leg leg;
        plurum_error error;
        pli_alloc_fail_at(n);
        status = pli_text_leg_run(&leg, &w->corpus, query, &WEIGHTS[1], 10, &error);
        pli_alloc_fail_at(0);
        ck_assert(status == PLURUM_OK || status == PLURUM_NOMEM);
        if (status) ck_assert(!leg.scores && !leg.hits && leg.hit_count == 0);
        pli_text_leg_free(&leg);
    }
    ck_assert_uint_gt(n, 8);
    pli_terms_unref(query);
    free_world(w);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text leg");
    TCase *tc = tcase_create("leg");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, scores_equal_the_plain_formula, 0, 12);
    tcase_add_loop_test(tc, a_long_query_keeps_its_rarest_terms, 0, 6);
    tcase_add_loop_test(tc, scores_have_the_same_bits_wherever_documents_are_kept, 0, 6);
    tcase_add_test(tc, a_dead_document_counts_and_id_0_does_not);
    tcase_add_test(tc, an_index_ahead_of_the_snapshot_changes_nothing);
    tcase_add_loop_test(tc, scores_equal_those_of_xapian, 0, 4);
    tcase_add_test(tc, nothing_asked_finds_nothing);
    tcase_add_test(tc, an_empty_snapshot_is_searched_in_peace);
    tcase_add_test(tc, equal_documents_come_in_the_order_of_their_ids);
    tcase_add_test(tc, a_lost_revision_is_busy_and_the_next_try_works);
    tcase_add_loop_test(tc, twenty_thousand_words_are_asked_in_good_time, 0, 2);
    tcase_add_test(tc, without_memory_nothing_is_left_behind);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
