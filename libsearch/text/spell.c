/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Near terms. The first letter has to agree, or to be swapped with the second: a mistake there is
 * rare, and the walk over all terms becomes one over those of a letter.
 */
#include <config.h>

#include "text/spell.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/unicode.h"
#include "text/chars.h"
#include "text/choose.h"
#include "text/collect.h"
#include "text/tokens.h"

/* ---- the words of a query ---- */

static int is_apostrophe(uint32_t point)
{
    return point == '\'' || point == 0x2019;
}

static int are_letters(const uint32_t *points, size_t count, int apostrophes)
{
    for (size_t i = 0; i < count; i++)
        if (!pli_char_is_letter((uint8_t)pli_char_of((int32_t)points[i])) &&
            !(apostrophes && is_apostrophe(points[i])))
            return 0;
    return 1;
}

typedef struct finding {
    pli_words *out;
    pli_analyser *analyser;
    const char *text;
} finding;

/* How many letters begin a word that ends with one digit or two, or 0: psycopg2. */
static size_t letters_before_digits(const uint32_t *points, size_t count)
{
    enum { DIGITS_MAX = 2 };
    size_t letters = count;
    while (letters && points[letters - 1] >= '0' && points[letters - 1] <= '9') letters--;
    return count - letters <= DIGITS_MAX && are_letters(points, letters, 0) ? letters : 0;
}

/* Bytes of the first code points of a text. */
static size_t bytes_of(const char *text, size_t len, size_t points)
{
    size_t i = 0;
    for (; points && i < len; points--)
        do i++;
        while (i < len && ((unsigned char)text[i] & 0xC0) == 0x80);
    return i;
}

/* Whether a word stands where it is said to: normalising may move letters and keep their number. 0, 1,
 * or -1 when memory is short. */
static int is_there(const char *text, const pli_word *word)
{
    char *folded = pli_utf8_fold(text + word->from, word->to - word->from);
    if (!folded) return -1;
    int same = strlen(folded) == word->folded_len && !memcmp(folded, word->folded, word->folded_len);
    pli_free(folded);
    return same;
}

static int find_word(void *payload, const pli_seen *seen)
{
    finding *f = payload;
    pli_words *out = f->out;
    pli_word word = {.from = seen->from, .to = seen->to};
    if (seen->token != PLI_TOKEN_WORD || !seen->len) return 0;
    out->words++;
    size_t points = pli_word_points(word.points, seen->folded, seen->folded_len);
    word.point_count = letters_before_digits(word.points, points);
    if (!seen->exact || word.point_count < PLI_WORD_MIN || seen->folded_len >= PLI_WORD_SIZE)
        return 0;
    word.to -= points - word.point_count; /* a digit is a byte */
    word.limit = word.point_count < PLI_WORD_LONG ? 1 : 2;
    const char *term;
    word.term_len = word.folded_len = bytes_of(seen->folded, seen->folded_len, word.point_count);
    memcpy(word.folded, seen->folded, word.folded_len);
    int there = is_there(f->text, &word);
    if (there <= 0) return there;
    if (pli_stem(f->analyser, word.folded, &term, &word.term_len)) return -1;
    if (!word.term_len || word.term_len > sizeof word.term) return 0;
    memcpy(word.term, term, word.term_len);
    if (pli_grow(&out->all, &out->cap, out->count, sizeof *out->all)) return -1;
    out->all[out->count++] = word;
    return out->count > PLI_WORDS_MAX;
}

plurum_status pli_words_find(pli_words *out, pli_analyser *analyser, const char *text, size_t len,
                             plurum_error *error)
{
    finding f = {out, analyser, text};
    memset(out, 0, sizeof *out);
    int stop = pli_see_tokens(analyser, text, len, find_word, &f);
    if (stop < 0) return pli_nomem(error);
    if (stop) out->count = 0;
    return PLURUM_OK;
}

/* ---- counting ---- */

/* The terms of one list after another, as a table. NULL: memory is short. */
static pli_terms *table_of(const pli_words *words)
{
    pli_collector collector = {0};
    pli_terms *terms = NULL;
    int failed = 0;
    for (size_t i = 0; i < words->count && !failed; i++)
        failed = pli_collector_add(&collector, words->all[i].term, words->all[i].term_len, 0);
    if (!failed) terms = pli_collector_finish(&collector);
    pli_collector_free(&collector);
    return terms;
}

static plurum_status count_words(uint32_t *counts, const pli_words *words, const pli_terms *terms,
                                 const pli_text_corpus *corpus, plurum_error *error)
{
    pli_tail_postings tail;
    uint64_t end = pli_indexed_of(corpus).end;
    plurum_status status = PLURUM_OK;
    if (pli_tail_postings_find(&tail, corpus, terms, end)) return pli_nomem(error);
    for (size_t i = 0; i < words->count && !status; i++) {
        const pli_word *word = &words->all[i];
        const pli_term *term = pli_terms_find(terms, word->term, word->term_len);
        if (end) status = pli_count_live(&counts[i], corpus, term, PLI_SPELLING_FEW, error);
        counts[i] += pli_tail_frequency(&tail, (uint32_t)(term - terms->terms));
        if (counts[i] > PLI_SPELLING_FEW) counts[i] = PLI_SPELLING_FEW;
    }
    pli_tail_postings_free(&tail);
    return status;
}

plurum_status pli_words_count(uint32_t *counts, const pli_words *words,
                              const pli_text_corpus *corpus, plurum_error *error)
{
    memset(counts, 0, words->count * sizeof *counts);
    pli_terms *terms = table_of(words);
    if (!terms) return pli_nomem(error);
    plurum_status status = count_words(counts, words, terms, corpus, error);
    pli_terms_unref(terms);
    return status;
}

/* ---- near terms ---- */

typedef struct nearness {
    pli_analyser *analyser;
    const pli_word *word;
    pli_collector found;
    int failed;
} nearness;

/* Whether a stem with what follows the word's first `cut` letters has that stem. */
static int takes_ending(nearness *n, const char *stem, size_t len, size_t cut)
{
    const pli_word *w = n->word;
    char whole[2 * PLI_WORD_SIZE];
    const char *back;
    size_t from = bytes_of(w->folded, w->folded_len, cut), whole_len = len + w->folded_len - from;
    memcpy(whole, stem, len);
    memcpy(whole + len, w->folded + from, w->folded_len - from);
    if (pli_stem(n->analyser, whole, &back, &whole_len)) n->failed = 1;
    return !n->failed && whole_len == len && !memcmp(back, stem, len);
}

/* How far a term's words are from the word at least, or beyond its limit. Never 0: a stem that looks
 * like the word is another word's. */
static uint32_t distance_of(nearness *n, const char *term, size_t len)
{
    enum { STEM_MIN = 3, ENDING_MAX = 5 };
    const pli_word *w = n->word;
    uint32_t points[PLI_WORD_POINTS_MAX], distances[PLI_WORD_POINTS_MAX + 1];
    size_t count = len < PLI_WORD_SIZE ? pli_word_points(points, term, len) : 0, limit = w->limit;
    if (!count || count > w->point_count + limit) return w->limit + 1;
    pli_prefix_distances(distances, w->points, w->point_count, points, count, w->limit);
    uint32_t best = distances[w->point_count];
    if (points[count - 1] == 'i') { /* a stem's i is mostly a word's y: factori */
        points[count - 1] = 'y';
        uint32_t with_y =
            pli_edit_distance(w->points, w->point_count, points, count, w->limit);
        if (with_y < best) best = with_y;
    }
    size_t first = count > STEM_MIN + limit ? count - limit : STEM_MIN;
    for (size_t cut = first; cut < w->point_count && cut <= count + limit && best; cut++)
        if (distances[cut] < best && takes_ending(n, term, len, cut)) best = distances[cut];
    if (best > w->limit && count >= PLI_WORD_MIN && count < w->point_count &&
        w->point_count - count <= ENDING_MAX && !distances[count])
        best = w->limit; /* the mistake may be in the ending: permiss|oin */
    if (best > w->limit || !are_letters(points, count, 1)) return w->limit + 1;
    return best ? best : 1;
}

static int take_near(void *payload, const char *term, size_t len)
{
    nearness *n = payload;
    if (len == n->word->term_len && !memcmp(term, n->word->term, len)) return 0;
    if (distance_of(n, term, len) > n->word->limit || n->failed) return n->failed;
    n->failed = pli_collector_add(&n->found, term, len, 0);
    return n->failed;
}

static int begins(const pli_term *term, const char *start, size_t len)
{
    return term->len >= len && !memcmp(term->bytes, start, len);
}

/* The first term at or behind these bytes. */
static uint32_t lower_bound(const pli_terms *terms, const char *start, size_t len)
{
    uint32_t low = 0, high = terms->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const pli_term *term = &terms->terms[middle];
        int order = memcmp(term->bytes, start, term->len < len ? term->len : len);
        if (order < 0 || (order == 0 && term->len < len))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Near terms that begin with these bytes, in the index and in the tail. */
static plurum_status walk(nearness *n, const pli_text_corpus *corpus, const char *start, size_t len,
                          plurum_error *error)
{
    uint64_t end = pli_indexed_of(corpus).end;
    plurum_status status = PLURUM_OK;
    if (end)
        status = pli_text_reader_all_terms(corpus->reader, start, len, take_near, n, error);
    for (size_t d = 0; d < corpus->tail_count && !status; d++) {
        const pli_tail_text *document = &corpus->tail[d];
        if (document->id < end || !pli_bitmap_has(corpus->live, document->id)) continue;
        const pli_terms *terms = document->terms;
        uint32_t i = lower_bound(terms, start, len);
        for (; i < terms->count && begins(&terms->terms[i], start, len) && !n->failed; i++)
            take_near(n, terms->terms[i].bytes, terms->terms[i].len);
        if (n->failed) break;
    }
    return n->failed ? pli_nomem(error) : status;
}

static int is_before(const pli_spelling *a, const pli_spelling *b)
{
    if (a->distance != b->distance) return a->distance < b->distance;
    if (a->count != b->count) return a->count > b->count;
    int order = memcmp(a->term, b->term, a->len < b->len ? a->len : b->len);
    return order ? order < 0 : a->len < b->len;
}

/* Puts a spelling among the best, if it is one. */
static void keep(pli_spelling *best, size_t *count, const pli_spelling *spelling)
{
    if (*count == PLI_SPELLINGS_MAX && !is_before(spelling, &best[*count - 1])) return;
    size_t i = *count < PLI_SPELLINGS_MAX ? (*count)++ : *count - 1;
    for (; i > 0 && is_before(spelling, &best[i - 1]); i--) best[i] = best[i - 1];
    best[i] = *spelling;
}

static void add_document(pli_spelling *spelling, uint32_t id)
{
    spelling->count++;
    if (spelling->document_count < PLI_SPELLING_TEXTS)
        spelling->documents[spelling->document_count++] = id;
}

/* The live documents of a near term. */
static plurum_status look_up(pli_spelling *spelling, const pli_text_corpus *corpus, uint64_t end,
                             const pli_tail_postings *tail, uint32_t term, plurum_error *error)
{
    pli_postings list = {NULL, NULL, 0};
    plurum_status status = PLURUM_OK;
    if (end)
        status = pli_text_reader_postings(&list, corpus->reader, PLI_PREFIX_ALL, spelling->term,
                                          spelling->len, error);
    for (size_t i = 0; i < list.count; i++)
        if (pli_bitmap_has(corpus->live, list.ids[i])) add_document(spelling, list.ids[i]);
    for (uint32_t i = tail->first[term]; i < tail->first[term + 1]; i++)
        add_document(spelling, tail->all[i].id);
    return status;
}

static plurum_status rank(pli_spelling *best, size_t *count, nearness *n, const pli_terms *terms,
                          const pli_text_corpus *corpus, plurum_error *error)
{
    pli_tail_postings tail;
    uint64_t end = pli_indexed_of(corpus).end;
    plurum_status status = PLURUM_OK;
    if (pli_tail_postings_find(&tail, corpus, terms, end)) return pli_nomem(error);
    for (uint32_t i = 0; i < terms->count && !status; i++) {
        const pli_term *term = &terms->terms[i];
        pli_spelling spelling = {.len = term->len};
        memcpy(spelling.term, term->bytes, term->len);
        spelling.distance = distance_of(n, term->bytes, term->len);
        status = look_up(&spelling, corpus, end, &tail, i, error);
        if (!status && spelling.count) keep(best, count, &spelling);
    }
    pli_tail_postings_free(&tail);
    return status;
}

/* Stop words that are one letter away: the most frequent of all words. */
static void add_stop_words(pli_spelling *best, size_t *count, const pli_word *word)
{
    size_t stop_words;
    const char *const *all = pli_stop_words(&stop_words);
    for (size_t i = 0; i < stop_words; i++) {
        uint32_t points[PLI_WORD_POINTS_MAX];
        pli_spelling spelling = {
            .len = strlen(all[i]), .is_stop_word = 1, .distance = 1, .count = UINT32_MAX};
        size_t point_count = pli_word_points(points, all[i], spelling.len);
        if (point_count < PLI_WORD_MIN || points[0] != word->points[0] ||
            pli_edit_distance(word->points, word->point_count, points, point_count, 1) > 1)
            continue;
        memcpy(spelling.term, all[i], spelling.len);
        keep(best, count, &spelling);
    }
}

static plurum_status find_near(nearness *n, const pli_text_corpus *corpus, plurum_error *error)
{
    const char *word = n->word->folded;
    size_t first = bytes_of(word, n->word->folded_len, 1);
    size_t both = bytes_of(word, n->word->folded_len, 2), second = both - first;
    char swapped[2 * 4];
    memcpy(swapped, word + first, second);
    memcpy(swapped + second, word, first);
    plurum_status status = walk(n, corpus, word, first, error);
    if (!status && n->word->points[0] != n->word->points[1])
        status = walk(n, corpus, swapped, both, error);
    return status;
}

plurum_status pli_spellings_find(pli_spelling out[PLI_SPELLINGS_MAX], size_t *count,
                                 const pli_text_corpus *corpus, pli_analyser *analyser,
                                 const pli_word *word, plurum_error *error)
{
    nearness n = {.analyser = analyser, .word = word};
    pli_terms *terms = NULL;
    *count = 0;
    plurum_status status = find_near(&n, corpus, error);
    if (!status && !(terms = pli_collector_finish(&n.found))) status = pli_nomem(error);
    if (!status) status = rank(out, count, &n, terms, corpus, error);
    if (!status) add_stop_words(out, count, word);
    pli_terms_unref(terms);
    pli_collector_free(&n.found);
    return status;
}

/* ---- words of a text ---- */

typedef struct looking {
    const pli_word *word;
    const pli_spelling *spelling;
    const char *text;
    pli_nearest *nearest;
} looking;

static int has_term(const pli_seen *seen, const pli_spelling *spelling)
{
    return seen->len == spelling->len && !memcmp(seen->term, spelling->term, seen->len);
}

/* Whether the first letters agree or are swapped. */
static int begins_alike(const pli_word *word, const uint32_t *points, size_t count)
{
    return points[0] == word->points[0] ||
           (count > 1 && points[0] == word->points[1] && points[1] == word->points[0]);
}

static int look_at(void *payload, const pli_seen *seen)
{
    looking *l = payload;
    pli_nearest *nearest = l->nearest;
    uint32_t points[PLI_WORD_POINTS_MAX];
    if (seen->token > PLI_TOKEN_JOINED || !has_term(seen, l->spelling)) return 0;
    if (!seen->exact || seen->folded_len >= PLI_WORD_SIZE || seen->to - seen->from >= PLI_WORD_SIZE)
        return 0;
    size_t count = pli_word_points(points, seen->folded, seen->folded_len);
    if (!count || !begins_alike(l->word, points, count)) return 0;
    uint32_t limit = l->word->limit, distance = pli_edit_distance(
        l->word->points, l->word->point_count, points, count, limit);
    if (distance > limit || distance > nearest->distance) return 0;
    char folded[PLI_WORD_SIZE] = "", written[PLI_WORD_SIZE] = "";
    memcpy(folded, seen->folded, seen->folded_len);
    memcpy(written, l->text + seen->from, seen->to - seen->from);
    int order = distance == nearest->distance ? strcmp(folded, nearest->folded) : -1;
    if (order > 0 || (order == 0 && strcmp(written, nearest->written) >= 0)) return 0;
    nearest->distance = distance;
    memcpy(nearest->folded, folded, sizeof folded);
    memcpy(nearest->written, written, sizeof written);
    return 0;
}

plurum_status pli_nearest_word(pli_nearest *nearest, pli_analyser *analyser, const pli_word *word,
                               const pli_spelling *spelling, const char *text, size_t len,
                               plurum_error *error)
{
    looking l = {word, spelling, text, nearest};
    return pli_see_tokens(analyser, text, len, look_at, &l) ? pli_nomem(error) : PLURUM_OK;
}
