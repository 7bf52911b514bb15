/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The static model behind plurum_embedder_open_static: the vector of a text is the weighted sum of
 * its tokens' rows. A thousand times faster than a transformer and weaker; no state, no threads.
 */
#ifndef PLI_EMBED_STATIC_H
#define PLI_EMBED_STATIC_H

#include <plurum/embed.h>

#include "embed/plsm.h"
#include "embed/wordpiece.h"

typedef struct pli_static_model {
    pli_plsm plsm;
    pli_wordpiece wordpiece;
    float values[256]; /* the number that a byte of a row stands for */
} pli_static_model;

/* A model in the bytes of a PLSM file, which must outlive it. Flags and errors: pli_plsm_read. */
plurum_status pli_static_open(pli_static_model **out, const void *bytes, size_t len, unsigned flags,
                              plurum_error *error);
void pli_static_free(pli_static_model *model);

/* The sum of a text's rows, of any length, into dim numbers; all zero where no token is known. */
void pli_static_encode(const pli_static_model *model, const void *text, size_t len, float *out);

#endif
