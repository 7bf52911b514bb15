/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text to token ids: normalisation and word boundaries by a model's table, then WordPiece, the
 * greedy longest match against its vocabulary. A word with any part unknown becomes the unknown
 * token, or is dropped whole, as the model wants it.
 *
 * Any bytes are a text. Work is linear in it: a word has at most word_max code points and a match
 * is sought no further than the longest string of the vocabulary. Nothing is allocated a text.
 */
#ifndef PLI_EMBED_WORDPIECE_H
#define PLI_EMBED_WORDPIECE_H

#include "embed/vocabulary.h"

/* An entry of the hash table of token strings. */
typedef struct pli_wordpiece_slot {
    uint32_t tag; /* upper half of the string's hash */
    uint32_t id;  /* of the token; UINT32_MAX: empty */
} pli_wordpiece_slot;

typedef struct pli_wordpiece {
    const pli_vocabulary *vocabulary; /* borrowed                                            */
    uint32_t unknown;                 /* what an unknown word becomes, or PLI_WORDPIECE_NONE */
    pli_wordpiece_slot *slots;
    unsigned shift;        /* 64 - log2 of the number of slots                               */
    uint32_t longest;      /* bytes of the longest string that can begin a word              */
    uint32_t longest_rest; /* of the longest that can continue one, without its ##           */
    uint32_t *page_record; /* first record that ends at or behind each 256 code points       */
    uint8_t ascii[128];    /* what to do with an ASCII byte: an action, or the byte to add   */
} pli_wordpiece;

/*
 * A tokeniser for a vocabulary, which must outlive it. unknown: the token that stands for an
 * unknown word, or PLI_WORDPIECE_NONE to drop it. Errors: NOMEM.
 */
#define PLI_WORDPIECE_NONE UINT32_MAX
plurum_status pli_wordpiece_new(pli_wordpiece *out, const pli_vocabulary *vocabulary,
                                uint32_t unknown, plurum_error *error);
void pli_wordpiece_free(pli_wordpiece *wordpiece);

/* The word being read. */
typedef struct pli_word {
    size_t len;      /* bytes                                                    */
    uint32_t points; /* code points; beyond word_max they are counted, not kept  */
    unsigned char bytes[4 * PLI_WORD_MAX];
} pli_word;

/* A text on its way. */
typedef struct pli_wordpiece_run {
    const pli_wordpiece *wordpiece;
    const unsigned char *at, *end;
    pli_word word;
} pli_wordpiece_run;

void pli_wordpiece_start(pli_wordpiece_run *run, const pli_wordpiece *wordpiece, const void *text,
                         size_t len);

/* The next ids, in order; 0 at the end of the text. */
#define PLI_WORDPIECE_IDS 1024
size_t pli_wordpiece_next(pli_wordpiece_run *run, uint32_t ids[PLI_WORDPIECE_IDS]);

#endif
