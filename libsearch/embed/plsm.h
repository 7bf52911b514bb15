/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PLSM version 1: a static token-embedding model in one file, as bytes in memory.
 *
 * A file is checked whole before anything is used. Every number that the encoder follows (string
 * bounds, normalisation records, code points, weights) is copied out while it is checked, so that
 * encoding needs no bounds checks, no alignment and no byte order, and a file that someone changes
 * under the map can spoil vectors but not memory. Only int8 rows and string bytes stay where they
 * are, and they are read at places that do not depend on them.
 *
 * The file's checksum does not cover its header. So the reader asks for one thing more than the
 * format: the sections must fill the file with less than 64 bytes between them, which tells a wrong
 * count, dimension or offset.
 */
#ifndef PLI_EMBED_PLSM_H
#define PLI_EMBED_PLSM_H

#include <stddef.h>
#include <stdint.h>

#include <plurum/status.h>

/* Most code points of a word that a model may ask for (header: usually 100). */
#define PLI_PLSM_WORD_MAX 256

/* What a normalisation record does with its code points. */
typedef enum pli_plsm_kind {
    PLI_PLSM_DROP = 1,    /* leave it out                                                 */
    PLI_PLSM_SPACE = 2,   /* end the word                                                 */
    PLI_PLSM_ISOLATE = 3, /* end the word; the code point is a word of its own            */
    PLI_PLSM_MAP = 4      /* replace it by others, which join the word or are one themselves */
} pli_plsm_kind;

typedef struct pli_plsm_record {
    uint32_t first, last; /* code points, inclusive                       */
    uint8_t kind;         /* pli_plsm_kind                                */
    uint8_t alone;        /* MAP: the replacement is a word of its own    */
    uint16_t count;       /* MAP: code points of the replacement          */
    uint32_t at;          /* MAP: where in `replacements` they begin      */
} pli_plsm_record;

typedef struct pli_plsm {
    uint32_t dim, token_count;
    uint32_t word_max;          /* words of more code points are dropped, ≤ PLI_PLSM_WORD_MAX */
    uint32_t crc;               /* of everything behind the header                            */
    uint64_t size;              /* bytes of the file                                          */
    const signed char *rows;    /* token_count × dim; borrowed from the file                  */
    const unsigned char *text;  /* all token strings end to end; borrowed from the file       */
    uint32_t *text_at;          /* token_count + 1 offsets into text; owned                   */
    float *weights;             /* of a token's row: its weight × the row's scale; owned      */
    pli_plsm_record *records;   /* sorted by code point, disjoint; owned                      */
    uint32_t record_count;
    uint32_t *replacements;     /* code points of MAP records; owned                          */
    uint32_t replacement_count;
} pli_plsm;

/* Flag: do not compare the checksum, so that a fuzzer reaches what lies behind it. */
#define PLI_PLSM_ANY_CHECKSUM 1u

/*
 * Reads a model from the bytes of a file, which must outlive it. Errors (error->position is the
 * byte of the file at fault): FORMAT (no such file, or a newer version), CORRUPT, NOMEM.
 */
plurum_status pli_plsm_read(pli_plsm *out, const void *bytes, size_t len, unsigned flags,
                            plurum_error *error);
void pli_plsm_free(pli_plsm *plsm);

#endif
