/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of a query that may be misspelt, and words of documents that they may be meant for.
 *
 * The index keeps stems, so a stem is proposed where it is near to the word or to its beginning: for
 * `traning`, `train` is, as `tran` is near to it and train + ing has that stem; and for `permissoin`
 * `permiss`, as the mistake may be in the ending. Whether a document has a word with the stem that is
 * near is for the caller to look up: pli_nearest_word.
 */
#ifndef PLI_TEXT_SPELL_H
#define PLI_TEXT_SPELL_H

#include "text/distance.h"
#include "text/leg.h"

enum {
    PLI_WORD_MIN = 4,        /* letters of a word that is looked at                  */
    PLI_WORD_LONG = 8,       /* letters from which on two may be wrong               */
    PLI_WORD_SIZE = 80,      /* room for one, folded, and for its stem               */
    PLI_WORDS_MAX = 32,      /* words of a query that are looked at                  */
    PLI_SPELLINGS_MAX = 8,   /* stems proposed for a word                            */
    PLI_SPELLING_TEXTS = 8,  /* documents of each                                    */
    PLI_SPELLING_FEW = 5     /* documents that are not few any more                  */
};

/* A word of letters, without the digit or two at its end (psycopg2): no number, version or hash, nor
 * anything in a script without spaces. */
typedef struct pli_word {
    size_t from, to;            /* bytes of the text      */
    char folded[PLI_WORD_SIZE]; /* not NUL-terminated     */
    size_t folded_len;
    uint32_t points[PLI_WORD_POINTS_MAX];
    size_t point_count;
    char term[PLI_WORD_SIZE];   /* its stem               */
    size_t term_len;
    uint32_t limit;             /* letters that may be wrong */
} pli_word;

typedef struct pli_words {
    pli_word *all; /* in the order of the text */
    size_t count, cap;
    size_t words;  /* of the text, stop words left out; those that are not looked at as well */
} pli_words;

/* Finds the words of a text in UTF-8; `all` has none where there are more than PLI_WORDS_MAX. The
 * caller frees all. Errors: NOMEM. */
plurum_status pli_words_find(pli_words *out, pli_analyser *analyser, const char *text, size_t len,
                             plurum_error *error);

/*
 * How many live documents of a corpus have each word, counted to PLI_SPELLING_FEW: counts[i] of
 * word i. Errors: as the text leg's.
 */
plurum_status pli_words_count(uint32_t *counts, const pli_words *words,
                              const pli_text_corpus *corpus, plurum_error *error);

typedef struct pli_spelling {
    char term[PLI_WORD_SIZE];
    size_t len;
    int is_stop_word;   /* it is a word itself, and of no document                */
    uint32_t distance;
    uint32_t count;     /* live documents                                         */
    uint32_t documents[PLI_SPELLING_TEXTS]; /* those with the lowest ids          */
    size_t document_count;
} pli_spelling;

/*
 * The terms of a corpus' live documents that are near to a word and not its own, by distance, then count, then
 * bytes; at most PLI_SPELLINGS_MAX in *count. Depends on the live documents alone, not on how far the
 * index follows. Cost: a walk over the terms with its first letter. Errors: as the text leg's.
 */
plurum_status pli_spellings_find(pli_spelling out[PLI_SPELLINGS_MAX], size_t *count,
                                 const pli_text_corpus *corpus, pli_analyser *analyser,
                                 const pli_word *word, plurum_error *error);

typedef struct pli_nearest {
    uint32_t distance;         /* UINT32_MAX: there is none */
    char folded[PLI_WORD_SIZE];
    char written[PLI_WORD_SIZE]; /* as it stands in the text */
} pli_nearest;

/* Takes the word with a spelling's stem that is nearest to a word, where a text has one that is
 * nearer than *nearest or, as near, earlier in the order of bytes. Errors: NOMEM. */
plurum_status pli_nearest_word(pli_nearest *nearest, pli_analyser *analyser, const pli_word *word,
                               const pli_spelling *spelling, const char *text, size_t len,
                               plurum_error *error);

#endif
