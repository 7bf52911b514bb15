/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a model knows of text: the strings of its tokens, and how characters become words. Both
 * kinds of model files hold it in the same sections (docs/format.md).
 *
 * Every number that the tokeniser follows is copied out while it is checked, so that it needs no
 * bounds checks, no alignment and no byte order. Only the bytes of the strings stay in the file.
 */
#ifndef PLI_EMBED_VOCABULARY_H
#define PLI_EMBED_VOCABULARY_H

#include "embed/model_file.h"

/* Most code points of a word that a model may ask for (header: usually 100). */
#define PLI_WORD_MAX 256

#define PLI_NORM_RECORD 16 /* bytes of a normalisation record */

/* What a normalisation record does with its code points. */
typedef enum pli_norm_kind {
    PLI_NORM_DROP = 1,    /* leave it out                                                 */
    PLI_NORM_SPACE = 2,   /* end the word                                                 */
    PLI_NORM_ISOLATE = 3, /* end the word; the code point is a word of its own            */
    PLI_NORM_MAP = 4      /* replace it by others, which join the word or are one themselves */
} pli_norm_kind;

typedef struct pli_norm_record {
    uint32_t first, last; /* code points, inclusive                       */
    uint8_t kind;         /* pli_norm_kind                                */
    uint8_t alone;        /* MAP: the replacement is a word of its own    */
    uint16_t count;       /* MAP: code points of the replacement          */
    uint32_t at;          /* MAP: where in `replacements` they begin      */
} pli_norm_record;

typedef struct pli_vocabulary {
    uint32_t token_count;
    uint32_t word_max;         /* a word of more code points is unknown, ≤ PLI_WORD_MAX   */
    const unsigned char *text; /* all token strings end to end; borrowed from the file    */
    uint32_t *text_at;         /* token_count + 1 offsets into text; owned                */
    pli_norm_record *records;  /* sorted by code point, disjoint; owned                   */
    uint32_t record_count;
    uint32_t *replacements; /* code points of MAP records; owned                          */
    uint32_t replacement_count;
    uint32_t growth; /* most code points that a byte of a text becomes, and so most tokens  */
} pli_vocabulary;

/* Its sections in a file, which are known to lie within it. */
typedef struct pli_vocabulary_source {
    const pli_model_source *file;
    const unsigned char *text_at, *order, *records, *replacements;
    size_t text_len;
} pli_vocabulary_source;

/*
 * Fills *out, of which the three counts, word_max and text are set. What was read before a failure
 * is freed by pli_vocabulary_free. Errors: CORRUPT, NOMEM.
 */
plurum_status pli_vocabulary_read(pli_vocabulary *out, const pli_vocabulary_source *in);
void pli_vocabulary_free(pli_vocabulary *vocabulary);

#endif
