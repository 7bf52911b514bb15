/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Suggesting. A word is unknown when no document has it that is open to all or that the query may
 * find; it is replaced by a near one of a document that is both. Something is suggested where the
 * replaced words are a good part of the query, or where it matches hardly anything
 * (docs/decisions/0011 has the figures).
 */
#include <config.h>

#include "engine/answer/suggest.h"

#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "experience/content.h"
#include "text/spell.h"

enum {
    PART = 4,      /* one word of so many must be replaced, where something matches       */
    TIMES = 10     /* how much more frequent a word must be that replaces one of documents */
};

typedef struct suggesting {
    pli_search *search;
    pli_analyser *analyser;
    pli_bitmap known;      /* open to all or allowed                           */
    pli_bitmap fit;        /* both                                             */
    pli_text_corpus corpus;
    pli_words words;
    uint32_t counts[PLI_WORDS_MAX]; /* documents of `known` that have the word */
    pli_nearest found[PLI_WORDS_MAX];
    size_t replaced;       /* words of documents that replace another          */
    int little;            /* the query matches hardly anything                */
} suggesting;

/* The text leg's matches are few, for its own reasons and not for a low limit on them. */
static int is_little(const pli_search *s)
{
    return s->text.hit_count < PLI_SPELLING_FEW && s->text.hit_count < s->k;
}

static plurum_status make_sets(suggesting *g, plurum_error *error)
{
    const pli_view *view = g->search->snapshot->view;
    const pli_bitmap *open = &view->open, *allowed = &g->search->allowed;
    pli_bitmap_free(&g->known);
    pli_bitmap_free(&g->fit);
    if (pli_bitmap_init(&g->known, view->bound) || pli_bitmap_init(&g->fit, view->bound))
        return pli_nomem(error);
    for (size_t i = 0; i <= view->bound / 64; i++) {
        g->known.words[i] = open->words[i] | allowed->words[i];
        g->fit.words[i] = open->words[i] & allowed->words[i];
    }
    g->corpus = (pli_text_corpus){.reader = g->search->snapshot->reader,
                                  .tail = view->tail,
                                  .tail_count = view->tail_count,
                                  .live = &g->known};
    return PLURUM_OK;
}

static int is_tried(const suggesting *g, size_t i)
{
    return g->counts[i] == 0 || (g->little && g->counts[i] < PLI_SPELLING_FEW);
}

/* Whether so many of the query's words are enough to speak of. */
static int is_enough(const suggesting *g, size_t count)
{
    return count && (g->little || count * PART >= g->words.words);
}

/* ---- one word ---- */

static plurum_status look_into(pli_nearest *nearest, const suggesting *g, const pli_word *word,
                               const pli_spelling *spelling, uint32_t id, plurum_error *error)
{
    pli_projection *projection = NULL;
    plurum_status status = pli_stored_document(&projection, g->search->index,
                                               g->search->snapshot->txn, id, error);
    const plurum_document *document = status ? NULL : pli_projection_document(projection);
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT && !status; f++)
        if (document->text[f])
            status = pli_nearest_word(nearest, g->analyser, word, spelling, document->text[f],
                                      strlen(document->text[f]), error);
    pli_projection_free(projection);
    return status;
}

/* The nearest word with a spelling's stem, from its documents. */
static plurum_status read_word(pli_nearest *out, const suggesting *g, const pli_word *word,
                               const pli_spelling *spelling, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    *out = (pli_nearest){.distance = UINT32_MAX};
    for (size_t i = 0; i < spelling->document_count && out->distance > 1 && !status; i++)
        status = look_into(out, g, word, spelling, spelling->documents[i], error);
    return status;
}

static void take_stop_word(pli_nearest *out, const pli_spelling *spelling)
{
    out->distance = spelling->distance;
    memcpy(out->folded, spelling->term, spelling->len);
    memcpy(out->written, spelling->term, spelling->len);
}

/* Finds what replaces word i: of its spellings' words the nearest, of equal ones the first. */
static plurum_status replace(suggesting *g, size_t i, plurum_error *error)
{
    const pli_word *word = &g->words.all[i];
    pli_spelling spellings[PLI_SPELLINGS_MAX];
    size_t count;
    int stop_word = 0;
    pli_nearest *best = &g->found[i];
    plurum_status status =
        pli_spellings_find(spellings, &count, &g->corpus, g->analyser, word, error);
    g->search->text_failed = status && status != PLURUM_NOMEM;
    for (size_t j = 0; j < count && best->distance > 1 && !status; j++) {
        pli_nearest nearest = {.distance = UINT32_MAX};
        if (spellings[j].count < TIMES * (uint64_t)g->counts[i]) continue;
        if (spellings[j].is_stop_word)
            take_stop_word(&nearest, &spellings[j]);
        else
            status = read_word(&nearest, g, word, &spellings[j], error);
        if (status || nearest.distance >= best->distance) continue;
        *best = nearest;
        stop_word = spellings[j].is_stop_word;
    }
    g->replaced += best->distance != UINT32_MAX && !stop_word;
    return status;
}

/* The place of an earlier word that is the same, or i. */
static size_t first_of(const pli_words *words, size_t i)
{
    const pli_word *word = &words->all[i];
    for (size_t j = 0; j < i; j++)
        if (words->all[j].folded_len == word->folded_len &&
            !memcmp(words->all[j].folded, word->folded, word->folded_len))
            return j;
    return i;
}

static plurum_status replace_words(suggesting *g, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    g->corpus.live = &g->fit;
    for (size_t i = 0; i < g->words.count && !status; i++) {
        size_t first = first_of(&g->words, i);
        g->found[i].distance = UINT32_MAX;
        if (first < i)
            g->found[i] = g->found[first];
        else if (is_tried(g, i))
            status = replace(g, i, error);
    }
    return status;
}

/* ---- the text ---- */

static int is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Adds a word in the letters' case that the one it replaces has: small, Capital, ALL CAPITALS, or as
 * the document has it. */
static void add_word(pli_buf *out, const pli_nearest *found, const char *before, size_t len)
{
    size_t capitals = 0, small = 0;
    for (size_t i = 0; i < len; i++) {
        capitals += is_upper(before[i]);
        small += before[i] >= 'a' && before[i] <= 'z';
    }
    int all = capitals && !small, first = capitals == 1 && is_upper(before[0]);
    const char *word = !capitals || all || first ? found->folded : found->written;
    for (size_t i = 0; word[i]; i++)
        pli_buf_u8(out, (unsigned char)(all || (first && i == 0) ? upper(word[i]) : word[i]));
}

static plurum_status rewrite(char **out, const suggesting *g, const char *text,
                             plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT;
    size_t at = 0;
    for (size_t i = 0; i < g->words.count; i++) {
        const pli_word *word = &g->words.all[i];
        if (g->found[i].distance == UINT32_MAX) continue;
        pli_buf_add(&buf, text + at, word->from - at);
        add_word(&buf, &g->found[i], text + word->from, word->to - word->from);
        at = word->to;
    }
    pli_buf_text(&buf, text + at);
    *out = pli_buf_take_text(&buf);
    return *out ? PLURUM_OK : pli_nomem(error);
}

/* ---- the whole ---- */

static plurum_status count_words(suggesting *g, plurum_error *error)
{
    plurum_status status = make_sets(g, error);
    if (!status) status = pli_words_count(g->counts, &g->words, &g->corpus, error);
    g->search->text_failed = status && status != PLURUM_NOMEM;
    return status;
}

/* From the words of the query to what replaces them. */
static plurum_status look_up(void *payload, pli_search *search, plurum_error *error)
{
    suggesting *g = payload;
    size_t tried = 0;
    g->replaced = 0;
    g->search = search;
    plurum_status status = count_words(g, error);
    for (size_t i = 0; i < g->words.count && !status; i++) tried += (size_t)is_tried(g, i);
    return status || !is_enough(g, tried) ? status : replace_words(g, error);
}

static plurum_status suggest(char **out, suggesting *g, pli_search *s, const char *text,
                             plurum_error *error)
{
    plurum_status status = pli_words_find(&g->words, g->analyser, text, strlen(text), error);
    if (!status && g->words.count) status = pli_search_text(s, look_up, g, error);
    return status || !is_enough(g, g->replaced) ? status : rewrite(out, g, text, error);
}

/* An answer that a suggestion goes with: the first page, of words that have been looked for. */
static int is_asked(const pli_search *s)
{
    const plurum_query *q = &s->query;
    return q->suggest && q->text_len && pli_search_asks_words(s) && !s->snapshot->text_lost && !q->cursor &&
           !q->offset && !q->like;
}

plurum_status pli_suggest(char **out, pli_search *search, const char *text, plurum_error *error)
{
    *out = NULL;
    if (!is_asked(search)) return PLURUM_OK;
    suggesting *g = pli_calloc(1, sizeof *g);
    if (!g) return pli_nomem(error);
    g->little = is_little(search);
    plurum_status status = pli_borrow_analyser(&g->analyser, search->index, error);
    if (!status) status = suggest(out, g, search, text, error);
    pli_return_analyser(search->index, g->analyser);
    pli_bitmap_free(&g->known);
    pli_bitmap_free(&g->fit);
    pli_free(g->words.all);
    pli_free(g);
    return status;
}
