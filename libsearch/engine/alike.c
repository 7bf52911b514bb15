/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Queries alike, by 8-bit codes of their vectors or by their words.
 */
#include <config.h>

#include "engine/alike.h"

#include <math.h>
#include <string.h>

#include <xxhash.h>

#include <plurum/write.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/unicode.h"
#include "embed/similarity.h"
#include "vector/code.h"

static const double NOT_ALIKE = .55; /* calibrated cosine up to which nothing is shared */

/* Codes of other models mean nothing beside this one's. */
static uint64_t number_of(const plurum_fingerprint *model)
{
    XXH64_hash_t hash = XXH3_64bits(model->name, strlen(model->name));
    hash = XXH3_64bits_withSeed(&model->checksum, sizeof model->checksum, hash);
    return XXH3_64bits_withSeed(&model->dim, sizeof model->dim, hash);
}

plurum_status pli_alike_ask(pli_alike *out, const plurum_index *index, const char *text, size_t len,
                            const float *vector, plurum_error *error)
{
    *out = (pli_alike){.dim = index->fingerprint.dim,
                       .model = number_of(&index->fingerprint),
                       .pivot = index->traits.pivot};
    if (vector) out->code = pli_malloc(out->dim);
    if (vector && !out->code) return pli_nomem(error);
    if (vector) pli_code_of(out->code, vector, out->dim);
    return pli_alike_words(&out->words, text, len, error);
}

void pli_alike_free(pli_alike *alike)
{
    pli_free(alike->code);
    *alike = (pli_alike){0};
}

plurum_status pli_alike_words(uint64_t *hash, const char *text, size_t len, plurum_error *error)
{
    *hash = 0;
    if (!len || len > PLURUM_OUTCOME_QUERY_MAX) return PLURUM_OK;
    char *folded = pli_utf8_fold(text, len);
    if (!folded) return pli_nomem(error);
    *hash = XXH3_64bits(folded, strlen(folded)) | 1; /* never 0 */
    pli_free(folded);
    return PLURUM_OK;
}

static int is_of(pli_slice code, uint64_t model, size_t dim)
{
    return code.len == PLI_ALIKE_HEAD + dim && pli_load_u64(code.bytes) == model;
}

double pli_alike_share(const pli_alike *asked, const pli_report_row *row)
{
    if (!asked->code || !is_of(row->query_code, asked->model, asked->dim))
        return asked->words && row->query_words == asked->words ? 1.0 : NAN;
    const int8_t *code = (const int8_t *)row->query_code.bytes + PLI_ALIKE_HEAD;
    double c = pli_similarity(pli_code_cosine(asked->code, code, asked->dim), asked->pivot);
    return fmax(0.0, (c - NOT_ALIKE) / (1.0 - NOT_ALIKE));
}

pli_slice pli_alike_adopt(unsigned char *bytes, const plurum_fingerprint *model)
{
    pli_store_u64(bytes, number_of(model));
    return pli_slice_of(bytes, PLI_ALIKE_HEAD + (size_t)model->dim);
}

plurum_status pli_alike_code(pli_slice *query_code, unsigned char **bytes,
                             const plurum_fingerprint *model, const float *vector,
                             plurum_error *error)
{
    *bytes = pli_malloc(PLI_ALIKE_HEAD + (size_t)model->dim);
    if (!*bytes) return pli_nomem(error);
    pli_code_of((int8_t *)*bytes + PLI_ALIKE_HEAD, vector, model->dim);
    *query_code = pli_alike_adopt(*bytes, model);
    return PLURUM_OK;
}

int pli_alike_is_of(const pli_report_row *row, const plurum_fingerprint *model)
{
    return is_of(row->query_code, number_of(model), model->dim);
}
