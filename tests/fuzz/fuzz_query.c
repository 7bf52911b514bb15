/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz target: any bytes as a query and as the fields of a document. The tables of terms must be
 * sorted, unique, valid UTF-8 of allowed length, and the same for document and query. Words of the
 * query are looked up as if they were misspelt, among the terms of the document.
 */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/unicode.h"
#include "text/spell.h"
#include "text/terms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds) abort();
}

static int in_order(const pli_term *a, const pli_term *b)
{
    int order = memcmp(a->bytes, b->bytes, a->len < b->len ? a->len : b->len);
    return order < 0 || (order == 0 && a->len < b->len);
}

static void check(const pli_terms *terms, int fields)
{
    for (uint32_t i = 0; i < terms->count; i++) {
        const pli_term *term = &terms->terms[i];
        uint64_t occurrences = 0;
        for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) {
            require(f < fields || term->tf[f] == 0);
            occurrences += term->tf[f];
        }
        require(occurrences > 0);
        require(term->len >= 1 && term->len <= PLI_TERM_MAX);
        require(pli_utf8_length(term->bytes, term->len) > 0);
        require(!(term->bytes[0] >= 'A' && term->bytes[0] <= 'Z')); /* those are prefixes */
        require(i == 0 || in_order(term - 1, term));
        require(pli_terms_find(terms, term->bytes, term->len) == term);
    }
}

/* A document whose title is the bytes up to the first zero, and whose other fields follow. */
static pli_terms *terms_of_fields(pli_analyser *analyser, const char *text, size_t size)
{
    plurum_document document = PLURUM_DOCUMENT_INIT;
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT && size; f++) {
        document.text[f] = text;
        size_t used = strlen(text) + 1;
        if (used > size) break;
        text += used;
        size -= used;
    }
    pli_terms *terms = NULL;
    require(pli_terms_of_document(&terms, analyser, &document, NULL) == PLURUM_OK);
    return terms;
}

static void spell(pli_analyser *analyser, const pli_text_corpus *corpus, const pli_word *word,
                  const char *text, size_t size)
{
    pli_spelling found[PLI_SPELLINGS_MAX];
    size_t count;
    require(pli_spellings_find(found, &count, corpus, analyser, word, NULL) == PLURUM_OK);
    for (size_t i = 0; i < count; i++) {
        pli_nearest nearest = {.distance = UINT32_MAX};
        require(found[i].distance >= 1 && found[i].distance <= word->limit);
        if (found[i].is_stop_word) continue;
        require(found[i].count == 1 && found[i].document_count == 1 && found[i].documents[0] == 1);
        require(pli_terms_find(corpus->tail->terms, found[i].term, found[i].len) != NULL);
        require(pli_nearest_word(&nearest, analyser, word, &found[i], text, size, NULL) == PLURUM_OK);
        require(nearest.distance == UINT32_MAX ||
                pli_utf8_length(nearest.folded, strlen(nearest.folded)) > 0);
    }
}

/* The query's words as misspelt ones of a document in the tail. */
static void spell_words(pli_analyser *analyser, const pli_terms *terms, const char *text,
                        size_t size)
{
    pli_words words;
    pli_bitmap live;
    pli_tail_text tail = {1, terms};
    if (pli_bitmap_init(&live, 2)) abort();
    pli_bitmap_add(&live, 1);
    pli_text_corpus corpus = {.tail = &tail, .tail_count = 1, .live = &live};
    require(pli_words_find(&words, analyser, text, size, NULL) == PLURUM_OK);
    for (size_t i = 0; i < words.count; i++) {
        const pli_word *word = &words.all[i];
        require(word->from < word->to && word->to <= size);
        require(i == 0 || word->from >= words.all[i - 1].to);
        spell(analyser, &corpus, word, text, size);
    }
    pli_free(words.all);
    pli_bitmap_free(&live);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    pli_analyser *analyser = NULL;
    pli_terms *query = NULL;
    if (!text || pli_analyser_new(&analyser, NULL)) abort();
    memcpy(text, data, size);
    text[size] = '\0';
    require(pli_terms_of_query(&query, analyser, text, size, NULL) == PLURUM_OK);
    check(query, 2); /* words and function words */
    pli_terms *fields = terms_of_fields(analyser, text, size);
    check(fields, PLURUM_TEXT_FIELD_COUNT);
    for (uint32_t i = 0; i < fields->count; i++)
        require(pli_terms_find(query, fields->terms[i].bytes, fields->terms[i].len) != NULL);
    spell_words(analyser, fields, text, size);
    pli_terms_unref(fields);
    pli_terms_unref(query);
    pli_analyser_free(analyser);
    free(text);
    return 0;
}
