/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The seam: whatever makes vectors sits behind one method, and what comes out of it is checked and
 * scaled here, so that no embedder can hand an index a vector that is not of unit length or zero.
 */
#include <config.h>

#include "embed/embedder.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/options.h"

struct plurum_embedder {
    plurum_fingerprint fingerprint;
    plurum_model_traits traits;
    plurum_embedder_methods methods;
    void *payload;
};

/* Names are compared and printed, and stand in files: no byte of them may surprise a reader. */
static plurum_status check_name(const char *name, plurum_error *error)
{
    char quoted[PLI_QUOTE_SIZE];
    const char *end = memchr(name, '\0', PLURUM_MODEL_NAME_MAX + 1);
    size_t len = end ? (size_t)(end - name) : PLURUM_MODEL_NAME_MAX + 1;
    int printable = 1;
    for (size_t i = 0; i < len; i++) printable &= name[i] >= 0x20 && name[i] <= 0x7E;
    if (len >= 1 && len <= PLURUM_MODEL_NAME_MAX && printable) return PLURUM_OK;
    return pli_fail(error, PLURUM_ARG,
                    "the model's name is %s, expected 1 to %d printable ASCII characters",
                    pli_quote(quoted, name, len), PLURUM_MODEL_NAME_MAX);
}

static plurum_status check_fingerprint(const plurum_fingerprint *fingerprint, plurum_error *error)
{
    plurum_status status = check_name(fingerprint->name, error);
    if (status) return status;
    if (fingerprint->dim < 1 || fingerprint->dim > PLURUM_DIM_MAX)
        return pli_fail(error, PLURUM_ARG, "the model \"%s\" has %lu dimensions, expected 1 to %d",
                        fingerprint->name, (unsigned long)fingerprint->dim, PLURUM_DIM_MAX);
    if (fingerprint->text_template != 1)
        return pli_fail(error, PLURUM_ARG, "the model \"%s\" has text template %lu, expected 1",
                        fingerprint->name, (unsigned long)fingerprint->text_template);
    return PLURUM_OK;
}

static plurum_status check_traits(const plurum_model_traits *traits, plurum_error *error)
{
    /* written so that a NAN is refused too */
    if (!(traits->alpha >= 0 && traits->alpha <= 1))
        return pli_fail(error, PLURUM_ARG, "the model's alpha is %g, expected 0 to 1",
                        traits->alpha);
    if (!(traits->pivot > 0 && traits->pivot < 1))
        return pli_fail(error, PLURUM_ARG, "the model's pivot is %g, expected above 0 and below 1",
                        traits->pivot);
    if (!(fabs(traits->lean) <= 10 && fabs(traits->feedback_lean) <= 10))
        return pli_fail(error, PLURUM_ARG, "the model's lean is %g, %g, expected -10 to 10",
                        traits->lean, traits->feedback_lean);
    return PLURUM_OK;
}

plurum_status plurum_embedder_create(plurum_embedder **out, const plurum_fingerprint *fingerprint,
                                     const plurum_model_traits *traits,
                                     const plurum_embedder_methods *methods, void *payload,
                                     plurum_error *error)
{
    static const plurum_model_traits unknown_model = PLURUM_MODEL_TRAITS_INIT;
    if (!out) return pli_fail(error, PLURUM_ARG, "no place for the embedder (out is NULL)");
    *out = NULL;
    if (!fingerprint || !methods)
        return pli_fail(error, PLURUM_ARG,
                        "an embedder needs a fingerprint and methods, %s is NULL",
                        fingerprint ? "methods" : "fingerprint");
    if (!traits) traits = &unknown_model;
    plurum_embedder_methods ours = {.struct_size = sizeof ours};
    plurum_status status = check_fingerprint(fingerprint, error);
    if (!status) status = check_traits(traits, error);
    if (!status)
        status = pli_options_copy(&ours, sizeof ours, methods, "plurum_embedder_methods", error);
    if (status) return status;
    if (!ours.embed && !ours.embed_call)
        return pli_fail(error, PLURUM_ARG, "an embedder needs the method embed");
    if (ours.batch > PLURUM_EMBED_BATCH_MAX)
        return pli_fail(error, PLURUM_ARG, "an embedder's batch is %zu, at most %d allowed",
                        ours.batch, PLURUM_EMBED_BATCH_MAX);

    plurum_embedder *embedder = pli_calloc(1, sizeof *embedder);
    if (!embedder) return pli_nomem(error);
    /* the name field by field: what follows its NUL in the caller's struct may be anything */
    strcpy(embedder->fingerprint.name, fingerprint->name);
    embedder->fingerprint.dim = fingerprint->dim;
    embedder->fingerprint.text_template = fingerprint->text_template;
    embedder->fingerprint.checksum = fingerprint->checksum;
    embedder->traits = *traits;
    embedder->methods = ours;
    embedder->payload = payload;
    *out = embedder;
    return PLURUM_OK;
}

void plurum_embedder_free(plurum_embedder *embedder)
{
    if (!embedder) return;
    if (embedder->methods.release) embedder->methods.release(embedder->payload);
    pli_free(embedder);
}

const plurum_fingerprint *plurum_embedder_fingerprint(const plurum_embedder *embedder)
{
    return &embedder->fingerprint;
}

const plurum_model_traits *plurum_embedder_traits(const plurum_embedder *embedder)
{
    return &embedder->traits;
}

size_t pli_embedder_batch(const plurum_embedder *embedder)
{
    enum { BATCH_DEFAULT = 32 }; /* enough for an encoder's own batches, few enough to share */
    return embedder->methods.batch ? embedder->methods.batch : BATCH_DEFAULT;
}

/* Runs the method and makes sure that a failure has a known status and an error text. */
static plurum_status run(const plurum_embedder *embedder, const char *const *texts, size_t count,
                         float *out, const plurum_embed_call *call, plurum_error *error)
{
    plurum_error told = {0};
    const plurum_embedder_methods *m = &embedder->methods;
    plurum_status status = m->embed_call
                               ? m->embed_call(embedder->payload, texts, count, out, call, &told)
                               : m->embed(embedder->payload, texts, count, out, &told);
    if (status == PLURUM_OK) return status;
    const char *name = embedder->fingerprint.name;
    if (strcmp(plurum_status_name(status), "PLURUM_UNKNOWN") == 0)
        return pli_fail(error, PLURUM_BACKEND,
                        "the embedder \"%s\" returned %d, which is no status", name, (int)status);
    if (told.status != status || told.text[0] == '\0')
        return pli_fail(error, status, "the embedder \"%s\" failed: %s", name,
                        plurum_status_text(status));
    told.text[sizeof told.text - 1] = '\0';
    if (error) *error = told;
    return status;
}

/*
 * Scales a row to unit length; a row of zeros stays. The norm is summed in double and in index
 * order, so that it is the same everywhere. Returns the index of a number that is not finite, else
 * dim. Squares of floats lie within 1e-90 .. 1.2e77: no norm overflows or vanishes in double.
 */
static uint32_t normalise(float *row, uint32_t dim)
{
    double squares = 0;
    for (uint32_t i = 0; i < dim; i++) {
        if (!isfinite(row[i])) return i;
        squares += (double)row[i] * (double)row[i];
    }
    double norm = sqrt(squares);
    if (norm == 0) return dim;
    for (uint32_t i = 0; i < dim; i++) row[i] = (float)(row[i] / norm);
    return dim;
}

static plurum_status normalise_rows(const plurum_embedder *embedder, float *out, size_t count,
                                    plurum_error *error)
{
    uint32_t dim = embedder->fingerprint.dim;
    for (size_t row = 0; row < count; row++) {
        uint32_t bad = normalise(out + row * dim, dim);
        if (bad == dim) continue;
        pli_fail(error, PLURUM_INVALID,
                 "the embedder \"%s\" gave %g at %lu of row %zu, expected finite numbers",
                 embedder->fingerprint.name, (double)out[row * dim + bad], (unsigned long)bad, row);
        if (error) error->position = row;
        return PLURUM_INVALID;
    }
    return PLURUM_OK;
}

/* What can be said before any embedder runs. */
static plurum_status check_texts(const plurum_embedder *embedder, const char *const *texts,
                                 size_t count, const float *out, plurum_error *error)
{
    if (!embedder) return pli_fail(error, PLURUM_ARG, "the embedder is NULL");
    if (count == 0) return PLURUM_OK;
    if (!texts || !out)
        return pli_fail(error, PLURUM_ARG, "%zu texts to embed, but %s is NULL", count,
                        texts ? "out" : "texts");
    if (count > SIZE_MAX / sizeof(float) / embedder->fingerprint.dim)
        return pli_fail(error, PLURUM_ARG, "%zu texts of %lu dimensions are more than memory holds",
                        count, (unsigned long)embedder->fingerprint.dim);
    for (size_t i = 0; i < count; i++) {
        if (texts[i]) continue;
        pli_fail(error, PLURUM_ARG, "text %zu of %zu is NULL", i, count);
        if (error) error->position = i;
        return PLURUM_ARG;
    }
    return PLURUM_OK;
}

plurum_status plurum_embedder_embed_call(const plurum_embedder *embedder, const char *const *texts,
                                         size_t count, float *out, const plurum_embed_call *call,
                                         plurum_error *error)
{
    plurum_embed_call ours = PLURUM_EMBED_CALL_INIT;
    plurum_status status = pli_options_copy(&ours, sizeof ours, call, "plurum_embed_call", error);
    if (!status) status = check_texts(embedder, texts, count, out, error);
    if (status || count == 0) return status;
    size_t size = count * embedder->fingerprint.dim * sizeof *out;
    memset(out, 0, size); /* a row that the method skips has no vector */
    status = run(embedder, texts, count, out, &ours, error);
    if (!status) status = normalise_rows(embedder, out, count, error);
    /* nobody shall take the rows of a failed call for vectors */
    if (status) memset(out, 0, size);
    return status;
}

plurum_status plurum_embedder_embed(const plurum_embedder *embedder, const char *const *texts,
                                    size_t count, float *out, plurum_error *error)
{
    return plurum_embedder_embed_call(embedder, texts, count, out, NULL, error);
}
