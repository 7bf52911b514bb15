/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sentence encoder behind plurum_embedder_open_minilm: a BERT whose vector of a text is the
 * mean of its last layer's rows. A text is [CLS], its first tokens, [SEP]; no tokens, no vector.
 *
 * A row has the same bits whatever else is in the call, and with all kernels (kernels.h). A model
 * has no state that changes; memory for a call is taken and given back by it.
 */
#ifndef PLI_EMBED_MINILM_H
#define PLI_EMBED_MINILM_H

#include <plurum/embed.h>

#include "embed/pltm.h"
#include "embed/wordpiece.h"

typedef struct pli_minilm {
    pli_pltm pltm;
    pli_wordpiece wordpiece;
    const pli_kernels *kernels;
} pli_minilm;

/*
 * A model in the bytes of a PLTM file, which must outlive it. Flags and errors: pli_pltm_read.
 */
plurum_status pli_minilm_open(pli_minilm **out, const void *bytes, size_t len, unsigned flags,
                              const pli_kernels *kernels, plurum_error *error);
void pli_minilm_free(pli_minilm *model);

/*
 * The ids of a text, with [CLS] and [SEP]; at most pltm.places. Returns how many: 0 where the text
 * has no token.
 */
size_t pli_minilm_ids(const pli_minilm *model, const void *text, size_t len, uint32_t *out);

/*
 * The rows' sums of count texts into out (count × hidden); all zero where a text has no token.
 * Errors: NOMEM.
 */
plurum_status pli_minilm_encode(const pli_minilm *model, const char *const *texts, size_t count,
                                float *out, plurum_error *error);

#endif
