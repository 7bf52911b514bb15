/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a PLSM file: its frame (plsm_layout.c), the weights of its tokens, its vocabulary.
 */
#include <config.h>

#include "embed/plsm_source.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/*
 * The bound of weight × scale: real ones are below .01 (the largest token vector has length .73).
 * Under it the sum of any text stays finite in single precision: 1e6 · 127 · 2^40 tokens < 1e21.
 */
static const double WEIGHT_MAX = 1e6;

/* One number a token: the encoder needs only the product. The fabs test refuses a NAN too. */
static plurum_status read_weights(const pli_plsm_source *in, pli_plsm *plsm)
{
    uint32_t count = plsm->vocabulary.token_count;
    plsm->weights = pli_reallocarray(NULL, count, sizeof *plsm->weights);
    if (!plsm->weights) return pli_nomem(in->file.error);
    for (size_t i = 0; i < count; i++) {
        float weight = pli_model_f32(in->weights + 4 * i),
              scale = pli_model_f32(in->scales + 4 * i);
        float product = weight * scale;
        if (!(fabs((double)product) <= WEIGHT_MAX))
            return pli_model_fail(&in->file, in->weights + 4 * i, PLURUM_CORRUPT,
                                  "section weight: token %zu has weight %g and scale %g, expected "
                                  "a product of at most %g",
                                  i, (double)weight, (double)scale, WEIGHT_MAX);
        plsm->weights[i] = product;
    }
    return PLURUM_OK;
}

plurum_status pli_plsm_read(pli_plsm *out, const void *bytes, size_t len, unsigned flags,
                            plurum_error *error)
{
    pli_plsm_source in = {.file = {bytes, len, error}};
    plurum_status status;
    memset(out, 0, sizeof *out);
    in.words.file = &in.file;
    if ((status = pli_plsm_lay_out(&in, out, flags)) || (status = read_weights(&in, out)) ||
        (status = pli_vocabulary_read(&out->vocabulary, &in.words)))
        pli_plsm_free(out);
    return status;
}

void pli_plsm_free(pli_plsm *plsm)
{
    pli_vocabulary_free(&plsm->vocabulary);
    pli_free(plsm->weights);
    memset(plsm, 0, sizeof *plsm);
}
