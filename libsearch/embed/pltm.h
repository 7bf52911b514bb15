/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PLTM version 1: a small BERT with 8-bit weights in one file, as bytes in memory.
 *
 * A file is checked whole before anything is used. The places of all sections follow from the
 * numbers of the header, and together they must fill the file. Every number that the encoder
 * follows, and every float, is copied out while it is checked, so that the bytes need no alignment
 * and a file that someone changes under the map can spoil vectors but not memory. Only 8-bit
 * weights and string bytes stay where they are.
 */
#ifndef PLI_EMBED_PLTM_H
#define PLI_EMBED_PLTM_H

#include "embed/kernels.h"
#include "embed/vocabulary.h"

typedef struct pli_pltm_layer {
    pli_linear qkv; /* queries, keys and values of all heads */
    pli_linear out; /* of attention                          */
    pli_linear up, down;
    const float *norm1, *norm2; /* gains, then offsets       */
} pli_pltm_layer;

typedef struct pli_pltm {
    uint32_t hidden;               /* numbers of a row, and dimensions of a vector          */
    uint32_t inner;                /* numbers between up and down                           */
    uint32_t heads;                /* of attention, each with hidden / heads numbers        */
    uint32_t places;               /* most tokens of a text, [CLS] and [SEP] with them      */
    uint32_t unknown, first, last; /* ids of [UNK], [CLS], [SEP]                 */
    float epsilon;                 /* of layer normalisation                                */
    uint32_t crc;
    uint64_t size;            /* bytes of the file                               */
    const signed char *words; /* hidden bytes a token; borrowed from the file    */
    const float *word_scales; /* one a token                                     */
    const float *place_rows;  /* places × hidden                                 */
    const float *norm;        /* of the sum of both: gains, then offsets         */
    uint32_t layer_count;
    pli_pltm_layer *layers; /* owned */
    float *numbers;         /* all that are float; owned */
    pli_vocabulary vocabulary;
} pli_pltm;

/*
 * Reads a model from the bytes of a file, which must outlive it. Errors (error->position is the
 * byte of the file at fault): FORMAT (no such file, or a newer version), CORRUPT, NOMEM.
 */
plurum_status pli_pltm_read(pli_pltm *out, const void *bytes, size_t len, unsigned flags,
                            plurum_error *error);
void pli_pltm_free(pli_pltm *pltm);

#endif
