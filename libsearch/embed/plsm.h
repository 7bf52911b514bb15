/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PLSM version 1: a static token-embedding model in one file, as bytes in memory.
 *
 * A file is checked whole before anything is used. Every number that the encoder follows is copied
 * out while it is checked, so that a file that someone changes under the map can spoil vectors but
 * not memory. Only int8 rows and string bytes stay where they are, and they are read at places that
 * do not depend on them.
 *
 * The file's checksum does not cover its header. So the reader asks for one thing more than the
 * format: the sections must fill the file with less than 64 bytes between them, which tells a wrong
 * count, dimension or offset.
 */
#ifndef PLI_EMBED_PLSM_H
#define PLI_EMBED_PLSM_H

#include "embed/vocabulary.h"

typedef struct pli_plsm {
    uint32_t dim;
    uint32_t crc;            /* of everything behind the header                */
    uint64_t size;           /* bytes of the file                              */
    const signed char *rows; /* one a token, × dim; borrowed from the file     */
    float *weights;          /* of a token's row: its weight × the row's scale; owned */
    pli_vocabulary vocabulary;
} pli_plsm;

/*
 * Reads a model from the bytes of a file, which must outlive it. Errors (error->position is the
 * byte of the file at fault): FORMAT (no such file, or a newer version), CORRUPT, NOMEM.
 */
plurum_status pli_plsm_read(pli_plsm *out, const void *bytes, size_t len, unsigned flags,
                            plurum_error *error);
void pli_plsm_free(pli_plsm *plsm);

#endif
