/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PLSM file while it is read: plsm_layout.c finds its sections, plsm.c reads what is in them.
 */
#ifndef PLI_EMBED_PLSM_SOURCE_H
#define PLI_EMBED_PLSM_SOURCE_H

#include "embed/plsm.h"

typedef struct pli_plsm_source {
    pli_model_source file;
    const unsigned char *weights, *scales;
    pli_vocabulary_source words;
} pli_plsm_source;

/*
 * Checks header, layout and (unless flags say not to) checksum of the bytes, and fills the rest of
 * *in, and the numbers, rows and text of *plsm.
 */
plurum_status pli_plsm_lay_out(pli_plsm_source *in, pli_plsm *plsm, unsigned flags);

#endif
