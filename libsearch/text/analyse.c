/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The analyser: what the scanner finds becomes terms. A word is folded, left out when it is a stop
 * word, and else replaced by its English stem (Snowball); a whole is folded and marked with '=',
 * which no word begins with; characters and pairs stay as they are.
 *
 * Stemming takes most of the time and texts repeat their words, so the analyser remembers stems in
 * a table of fixed size, by hash of the word.
 */
#include <config.h>

#include "text/terms.h"

#include <stdlib.h>
#include <string.h>

#include <libstemmer.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/unicode.h"
#include "text/collect.h"
#include "text/cut.h"
#include "text/scan.h"
#include "text/tokens.h"

enum {
    STEMS = 2048,    /* remembered; a power of two                             */
    STEM_BYTES = 31, /* of words and stems that are remembered                 */
    STEMMED_MAX = 64 /* bytes; longer words are no English and stay as they are */
};

typedef struct stem {
    uint8_t word_len; /* 0: free        */
    uint8_t len;      /* 0: a stop word */
    char word[STEM_BYTES];
    char bytes[STEM_BYTES];
} stem;

struct pli_analyser {
    struct sb_stemmer *stemmer;
    pli_run run;
    pli_bytes bytes; /* the term that is being made */
    pli_collector collector;
    int field, of_query;
    stem stems[STEMS];
};

/* Lucene's English list, sorted. */
static const char *const STOP_WORDS[] = {
    "a",   "an",    "and",  "are",   "as",    "at",   "be",   "but", "by",  "for",  "if",
    "in",  "into",  "is",   "it",    "no",    "not",  "of",   "on",  "or",  "such", "that",
    "the", "their", "then", "there", "these", "they", "this", "to",  "was", "will", "with",
};

enum { STOP_COUNT = sizeof STOP_WORDS / sizeof *STOP_WORDS };

const char *const *pli_stop_words(size_t *count)
{
    *count = STOP_COUNT;
    return STOP_WORDS;
}

/*
 * Further words of closed classes (pronouns, auxiliaries, question words, determiners), sorted. They
 * say how something is asked, not what about: in a query they count apart.
 */
static const char *const FUNCTION_WORDS[] = {
    "about", "also", "am", "another", "any", "been", "being", "both", "can", "could", "did", "do",
    "does", "doing", "done", "each", "from", "had", "has", "have", "having", "he", "her", "hers",
    "him", "his", "how", "i", "its", "just", "may", "me", "might", "mine", "must", "my", "other",
    "ought", "our", "ours", "same", "shall", "she", "should", "so", "some", "than", "theirs",
    "them", "too", "us", "very", "we", "were", "what", "when", "where", "which", "who", "whom",
    "whose", "why", "would", "you", "your", "yours",
};

static int compare_words(const void *key, const void *member)
{
    return strcmp(key, *(const char *const *)member);
}

static int is_among(const char *const *words, size_t count, const char *word, size_t len)
{
    char text[8];
    if (len >= sizeof text) return 0;
    memcpy(text, word, len);
    text[len] = '\0';
    return bsearch(text, words, count, sizeof *words, compare_words) != NULL;
}

static int is_stop_word(const char *word, size_t len)
{
    return is_among(STOP_WORDS, STOP_COUNT, word, len);
}

static int is_function_word(const char *word, size_t len)
{
    return is_among(FUNCTION_WORDS, sizeof FUNCTION_WORDS / sizeof *FUNCTION_WORDS, word, len);
}

/* Length without a possessive 's, which is no part of a word: it's is a stop word as it is. */
static size_t without_possessive(const char *word, size_t len)
{
    return len > 2 && word[len - 2] == '\'' && word[len - 1] == 's' ? len - 2 : len;
}

/* The stem in *out, borrowed until the next call; *len 0 for a stop word. -1: memory is short. */
static int find_stem(pli_analyser *a, const char *word, const char **out, size_t *len)
{
    size_t word_len = *len;
    *out = word;
    *len = without_possessive(word, word_len);
    if (is_stop_word(word, *len)) {
        *len = 0;
        return 0;
    }
    if (word_len > STEMMED_MAX) return 0;
    const sb_symbol *bytes = sb_stemmer_stem(a->stemmer, (const sb_symbol *)word, (int)*len);
    if (!bytes) return -1;
    if (sb_stemmer_length(a->stemmer) > 0) {
        *out = (const char *)bytes;
        *len = (size_t)sb_stemmer_length(a->stemmer);
    }
    return 0;
}

/* The same through the table of stems. */
int pli_stem(pli_analyser *a, const char *word, const char **out, size_t *len)
{
    if (*len > STEM_BYTES) return find_stem(a, word, out, len);
    stem *known = &a->stems[XXH3_64bits(word, *len) & (STEMS - 1)];
    if (known->word_len != *len || memcmp(known->word, word, *len) != 0) {
        size_t word_len = *len;
        if (find_stem(a, word, out, len)) return -1;
        if (*len > STEM_BYTES) return 0;
        known->word_len = (uint8_t)word_len;
        memcpy(known->word, word, word_len);
        known->len = (uint8_t)*len;
        memcpy(known->bytes, *out, *len);
    }
    *out = known->bytes;
    *len = known->len;
    return 0;
}

static void count_word(pli_analyser *a)
{
    uint32_t *length = &a->collector.length[a->field];
    if (*length < UINT32_MAX) (*length)++;
}

static int fold_without_hyphens(pli_analyser *a, size_t from, size_t to)
{
    while (from < to) {
        size_t i = from;
        while (i < to && a->run.text.at[i] != '-') i++;
        if (pli_run_fold(&a->run, from, i, &a->bytes)) return -1;
        from = i + 1;
    }
    return 0;
}

/* The term of a token of the run, borrowed until the next call; *len 0: it has none. */
static int term_of(pli_analyser *a, pli_token token, size_t from, size_t to, const char **out,
                   size_t *len)
{
    a->bytes.count = 0;
    if (token == PLI_TOKEN_WHOLE) a->bytes.at[a->bytes.count++] = '=';
    if (token == PLI_TOKEN_JOINED ? fold_without_hyphens(a, from, to)
                                  : pli_run_fold(&a->run, from, to, &a->bytes))
        return -1;
    *out = a->bytes.at;
    *len = a->bytes.count;
    return *len && token <= PLI_TOKEN_JOINED ? pli_stem(a, a->bytes.at, out, len) : 0;
}

static int take(void *payload, pli_token token, size_t from, size_t to)
{
    pli_analyser *a = payload;
    const char *bytes = NULL;
    size_t len;
    if (term_of(a, token, from, to, &bytes, &len)) return -1;
    if (len == 0) return 0;
    if (token == PLI_TOKEN_WORD || token == PLI_TOKEN_CHARACTER) count_word(a);
    int field = a->field;
    if (a->of_query && token == PLI_TOKEN_WORD && is_function_word(a->bytes.at, a->bytes.count))
        field = PLI_QUERY_FUNCTION_WORDS;
    return pli_collector_add(&a->collector, bytes, len, field);
}

static int read_text(pli_analyser *a, int field, const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    a->field = field;
    int more;
    while ((more = pli_run_next(&a->run, &at, end)) > 0)
        if (pli_scan(&a->run, take, a)) return -1;
    return more;
}

/* Makes the table, or cleans up after a failure. */
static plurum_status finish(pli_terms **out, pli_analyser *a, int failed, plurum_error *error)
{
    *out = failed ? NULL : pli_collector_finish(&a->collector);
    pli_collector_clear(&a->collector);
    pli_run_trim(&a->run);
    return *out ? PLURUM_OK : pli_nomem(error);
}

plurum_status pli_analyser_new(pli_analyser **out, plurum_error *error)
{
    pli_analyser *a = *out = pli_calloc(1, sizeof *a);
    if (!a) return pli_nomem(error);
    a->stemmer = sb_stemmer_new("english", "UTF_8");
    a->bytes.at = pli_malloc(STEMMED_MAX);
    a->bytes.cap = STEMMED_MAX;
    if (a->stemmer && a->bytes.at) return PLURUM_OK;
    pli_analyser_free(a);
    *out = NULL;
    return pli_nomem(error);
}

void pli_analyser_free(pli_analyser *a)
{
    if (!a) return;
    sb_stemmer_delete(a->stemmer);
    pli_run_free(&a->run);
    pli_free(a->bytes.at);
    pli_collector_free(&a->collector);
    pli_free(a);
}

plurum_status pli_terms_of_document(pli_terms **out, pli_analyser *analyser,
                                    const plurum_document *document, plurum_error *error)
{
    int failed = 0;
    analyser->of_query = 0;
    for (int field = 0; field < PLURUM_TEXT_FIELD_COUNT && !failed; field++) {
        const char *text = document->text[field];
        if (text) failed = read_text(analyser, field, text, strlen(text));
    }
    return finish(out, analyser, failed, error);
}

plurum_status pli_terms_of_query(pli_terms **out, pli_analyser *analyser, const char *text,
                                 size_t len, plurum_error *error)
{
    analyser->of_query = 1;
    return finish(out, analyser, read_text(analyser, PLI_QUERY_WORDS, text, len), error);
}

/* ---- tokens ---- */

typedef struct seeing {
    pli_analyser *analyser;
    const char *text;
    pli_seen_fn *each;
    void *payload;
    size_t point, byte; /* of the run: a code point, and the byte where it begins */
} seeing;

/* Whether the byte is inside a code point; a run is valid UTF-8. */
static int is_continued(const unsigned char *from, size_t byte, const unsigned char *to)
{
    return from + byte < to && (from[byte] & 0xC0) == 0x80;
}

/* The byte of the text where code point i of the run begins. Tokens are close to one another, so it is
 * looked for from where the last one was. */
static size_t byte_of(seeing *s, size_t i)
{
    const unsigned char *from = s->analyser->run.from;
    for (; s->point < i; s->point++)
        do s->byte++;
        while (is_continued(from, s->byte, s->analyser->run.to));
    for (; s->point > i; s->point--)
        do s->byte--;
        while (is_continued(from, s->byte, s->analyser->run.to));
    return (size_t)(from - (const unsigned char *)s->text) + s->byte;
}

static int see(void *payload, pli_token token, size_t from, size_t to)
{
    seeing *s = payload;
    const pli_run *run = &s->analyser->run;
    char cut[PLI_TERM_MAX];
    int exact = run->text.count == run->raw_count; /* else normalising has moved things */
    pli_seen seen = {.token = token, .exact = exact};
    if (term_of(s->analyser, token, from, to, &seen.term, &seen.len)) return -1;
    if (seen.len > PLI_TERM_MAX) {
        seen.len = pli_term_cut(cut, seen.term, seen.len);
        seen.term = cut;
    }
    seen.folded = s->analyser->bytes.at;
    seen.folded_len = s->analyser->bytes.count;
    seen.from = byte_of(s, exact ? from : 0);
    seen.to = exact ? byte_of(s, to) : (size_t)(run->to - (const unsigned char *)s->text);
    return s->each(s->payload, &seen);
}

int pli_see_tokens(pli_analyser *analyser, const char *text, size_t len, pli_seen_fn *each,
                   void *payload)
{
    seeing s = {.analyser = analyser, .text = text, .each = each, .payload = payload};
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    int more, stop = 0;
    while (!stop && (more = pli_run_next(&analyser->run, &at, end)) != 0) {
        s.point = s.byte = 0;
        stop = more < 0 ? more : pli_scan(&analyser->run, see, &s);
    }
    pli_run_trim(&analyser->run);
    return stop;
}
