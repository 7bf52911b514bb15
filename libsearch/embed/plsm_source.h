/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PLSM file while it is read: plsm_layout.c finds its sections, plsm.c reads what is in them.
 */
#ifndef PLI_EMBED_PLSM_SOURCE_H
#define PLI_EMBED_PLSM_SOURCE_H

#include "embed/plsm.h"

#define PLI_PLSM_RECORD 16 /* bytes of a normalisation record */

typedef struct pli_plsm_source {
    const unsigned char *bytes;
    size_t len;
    const unsigned char *weights, *scales, *text_at, *order, *records, *replacements;
    size_t text_len;
    plurum_error *error;
} pli_plsm_source;

/* Fills in->error, with the place in the file that it is about, and returns the status. */
plurum_status pli_plsm_fail(const pli_plsm_source *in, const void *where, plurum_status status,
                            const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Checks header, layout and (unless flags say not to) checksum of in->bytes, and fills the rest of
 * *in, and the numbers, rows and text of *plsm.
 */
plurum_status pli_plsm_lay_out(pli_plsm_source *in, pli_plsm *plsm, unsigned flags);

#endif
