/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a model file of either kind. The checksum is not compared, so that what lies behind
 * it is reached; a model that opens must then encode texts without harm, a static one to numbers
 * that are finite.
 */
#include <config.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/embed.h>

#include "embed/minilm.h"
#include "embed/static.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEN_TIMES(text) text text text text text text text text text text

static const char *const TEXTS[] = {
    "",
    "A ab abab b Abb",
    "a\x01-b \xEF\xAC\x81 \xC3\x89\xC3\xA9 \xED\x95\x9C \xE6\x97\xA5 \xFF\xF0\x9F\x91\x8D",
    TEN_TIMES("ababababab"),
    TEN_TIMES("aaaaaaaaaa") "a \xE6\x97\xA5",
    TEN_TIMES(TEN_TIMES("bA\xC3\x89")),
};

enum { TEXT_COUNT = sizeof TEXTS / sizeof *TEXTS };

static void check_refusal(plurum_status status, const plurum_error *error, size_t size,
                          const void *model)
{
    if (status != error->status || error->text[0] == '\0' || error->position > size || model)
        abort();
}

static int run_static(const uint8_t *data, size_t size)
{
    pli_static_model *model;
    plurum_error error;
    plurum_status status = pli_static_open(&model, data, size, PLI_MODEL_ANY_CHECKSUM, &error);
    if (status) {
        check_refusal(status, &error, size, model);
        return 0;
    }
    float out[PLURUM_DIM_MAX];
    for (size_t t = 0; t < TEXT_COUNT; t++) {
        pli_static_encode(model, TEXTS[t], strlen(TEXTS[t]), out);
        for (uint32_t i = 0; i < model->plsm.dim; i++)
            if (!isfinite(out[i])) abort();
    }
    pli_static_encode(model, data, size, out); /* its own token strings are in there */
    pli_static_free(model);
    return 0;
}

/* Its numbers may overflow on the way: the embedder refuses what is not finite then. */
static int run_transformer(const uint8_t *data, size_t size)
{
    pli_minilm *model;
    plurum_error error;
    plurum_status status = pli_minilm_open(&model, data, size, PLI_MODEL_ANY_CHECKSUM,
                                           pli_kernels_best(), &error);
    if (status) {
        check_refusal(status, &error, size, model);
        return 0;
    }
    float *out = calloc(TEXT_COUNT * model->pltm.hidden, sizeof *out);
    if (!out || pli_minilm_encode(model, TEXTS, TEXT_COUNT, out, NULL)) abort();
    for (size_t t = 0; t < TEXT_COUNT; t++) /* alone, a text has the least room */
        if (pli_minilm_encode(model, &TEXTS[t], 1, out, NULL)) abort();
    free(out);
    uint32_t ids[512]; /* the most places that a model may have */
    if (pli_minilm_ids(model, data, size, ids) > model->pltm.places) abort();
    pli_minilm_free(model);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int transformer = size > 4 && memcmp(data, "PLTM", 4) == 0;
    return transformer ? run_transformer(data, size) : run_static(data, size);
}
