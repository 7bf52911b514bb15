/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a static model file. The checksum is not compared, so that what lies behind it is
 * reached; a model that opens must then encode texts without harm, to numbers that are finite.
 */
#include <config.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/embed.h>

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pli_static_model *model;
    plurum_error error;
    plurum_status status = pli_static_open(&model, data, size, PLI_MODEL_ANY_CHECKSUM, &error);
    if (status) {
        if (status != error.status || error.text[0] == '\0' || error.position > size || model)
            abort();
        return 0;
    }
    float out[PLURUM_DIM_MAX];
    for (size_t t = 0; t < sizeof TEXTS / sizeof *TEXTS; t++) {
        pli_static_encode(model, TEXTS[t], strlen(TEXTS[t]), out);
        for (uint32_t i = 0; i < model->plsm.dim; i++)
            if (!isfinite(out[i])) abort();
    }
    pli_static_encode(model, data, size, out); /* its own token strings are in there */
    pli_static_free(model);
    return 0;
}
