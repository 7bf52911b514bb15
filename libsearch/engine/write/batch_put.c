/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Adding documents to a batch. Whatever can be done outside the write transaction is done here, in
 * the caller's thread: checks, analysis, compression. Embedding waits for the commit (embed.c).
 */
#include <config.h>

#include <plurum/write.h>

#include <string.h>

#include <uuid.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/options.h"
#include "base/unicode.h"
#include "engine/configuration.h"
#include "engine/write/change.h"
#include "experience/content.h"

/* Appends a folded name, NUL and all, unless the list from `start` on has it. */
static plurum_status add_folded(pli_buf *buf, size_t start, const char *name, plurum_error *error)
{
    char *folded = pli_utf8_fold(name, strlen(name));
    if (!folded) return pli_nomem(error);
    int there = 0;
    for (size_t at = start; at < buf->len && !there; at += strlen((char *)buf->bytes + at) + 1)
        there = strcmp((char *)buf->bytes + at, folded) == 0;
    if (!there) pli_buf_add(buf, folded, strlen(folded) + 1);
    pli_free(folded);
    return buf->failed ? pli_nomem(error) : PLURUM_OK;
}

static plurum_status add_list(pli_buf *buf, const char *const *names, size_t count,
                              plurum_error *error)
{
    size_t start = buf->len;
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < count && !status; i++) status = add_folded(buf, start, names[i], error);
    return status;
}

/* The strings of the row end to end in one buffer; the slices are set when it no longer moves. */
static plurum_status fill_strings(pli_change *change, const plurum_document *document,
                                  plurum_error *error)
{
    pli_buf *buf = &change->strings;
    size_t at[6];
    pli_buf_text(buf, change->id);
    at[0] = buf->len;
    if (document->owner) pli_buf_text(buf, document->owner);
    at[1] = buf->len;
    plurum_status status = PLURUM_OK;
    if (document->domain && *document->domain) {
        status = add_folded(buf, buf->len, document->domain, error);
        at[2] = status ? at[1] : buf->len - 1; /* without the NUL */
    } else {
        at[2] = at[1];
    }
    at[3] = buf->len;
    if (!status) status = add_list(buf, document->tools, document->tool_count, error);
    at[4] = buf->len;
    if (!status) status = add_list(buf, document->tags, document->tag_count, error);
    at[5] = buf->len;
    if (status || buf->failed) return status ? status : pli_nomem(error);
    pli_doc_row *row = &change->row;
    row->key = pli_slice_of(buf->bytes, at[0]);
    row->owner = pli_slice_of(buf->bytes + at[0], at[1] - at[0]);
    row->domain = pli_slice_of(buf->bytes + at[1], at[2] - at[1]);
    row->tools = pli_slice_of(buf->bytes + at[3], at[4] - at[3]);
    row->tags = pli_slice_of(buf->bytes + at[4], at[5] - at[4]);
    return PLURUM_OK;
}

plurum_status plurum_batch_vectors_of(plurum_batch *batch, const plurum_fingerprint *model,
                                      plurum_error *error)
{
    if (!model) return pli_fail(error, PLURUM_ARG, "model: NULL");
    plurum_status status = pli_fingerprint_match(&batch->index->fingerprint, model, error);
    if (!status) batch->vectors_named = 1;
    return status;
}

void plurum_batch_embed_later(plurum_batch *batch)
{
    batch->embed_later = 1;
}

/* A document that gives no vector, where the handle has no embedder to make one. */
static plurum_status go_without(pli_change *change, const plurum_batch *batch, plurum_error *error)
{
    const plurum_index *index = batch->index;
    if (index->fingerprint.checksum == 0) return PLURUM_OK; /* the caller's vectors: as it likes */
    change->waits = batch->embed_later;
    if (change->waits) return PLURUM_OK;
    return pli_fail(error, PLURUM_MISMATCH,
                    "no vector and no embedder; the index is of model %s, and a document without "
                    "a vector would not be found by meaning", index->fingerprint.name);
}

plurum_status pli_batch_take_vector(float **out, const plurum_batch *batch, const float *given,
                                    size_t dim, plurum_error *error)
{
    const plurum_fingerprint *model = &batch->index->fingerprint;
    int is_zero;
    if (dim != model->dim)
        return pli_fail(error, PLURUM_MISMATCH,
                        "a vector of %zu dimensions; the index is of model %s with %lu", dim,
                        model->name, (unsigned long)model->dim);
    plurum_status status = pli_fingerprint_allow(model, batch->vectors_named ? model : NULL, error);
    if (status || !dim) return status;
    *out = pli_memdup(given, dim * sizeof *given);
    if (!*out) return pli_nomem(error);
    status = pli_vector_normalise(*out, model->dim, &is_zero, error);
    if (!status && is_zero)
        return pli_fail(error, PLURUM_INVALID, "the vector is zero and has no direction");
    return status;
}

/* The caller's vector, of unit length; else the text for the embedder, if there is one. */
static plurum_status prepare_vector(pli_change *change, const plurum_batch *batch,
                                    const plurum_document *document, const float *given,
                                    size_t dim, plurum_error *error)
{
    const plurum_index *index = batch->index;
    if (given) return pli_batch_take_vector(&change->vector, batch, given, dim, error);
    if (!index->fingerprint.dim) return PLURUM_OK;
    if (!index->options.embedder) return go_without(change, batch, error);
    change->text = pli_embedding_text(document);
    return change->text ? PLURUM_OK : pli_nomem(error);
}

static plurum_status prepare_text(pli_change *change, plurum_index *index,
                                  const plurum_document *document, const char *content,
                                  plurum_error *error)
{
    pli_analyser *analyser;
    size_t len = strlen(content);
    plurum_status status = pli_borrow_analyser(&analyser, index, error);
    if (!status) status = pli_terms_of_document(&change->terms, analyser, document, error);
    pli_return_analyser(index, analyser);
    if (!status) status = pli_blob_pack(&change->blob, index->codec, content, len, error);
    if (!status) memcpy(change->row.length, change->terms->length, sizeof change->row.length);
    change->row.plain_len = (uint32_t)len;
    return status;
}

static plurum_status prepare_put(pli_change *change, plurum_batch *batch, pli_kind kind,
                                 const plurum_document *document, const char *content,
                                 const float *vector, size_t dim, plurum_error *error)
{
    change->kind = PLI_CHANGE_PUT;
    change->row.kind = (uint8_t)kind;
    change->row.lifecycle = (uint8_t)document->lifecycle;
    change->row.visibility = (uint8_t)document->visibility;
    change->row.confidence = document->confidence;
    change->row.created_at = document->created_at;
    plurum_status status = fill_strings(change, document, error);
    if (!status) status = prepare_vector(change, batch, document, vector, dim, error);
    if (!status) status = prepare_text(change, batch->index, document, content, error);
    return status;
}

static plurum_status check_conflict(plurum_conflict conflict, plurum_error *error)
{
    int known = (int)conflict >= PLURUM_CONFLICT_ERROR && conflict <= PLURUM_CONFLICT_REPLACE;
    return known ? PLURUM_OK
                 : pli_fail(error, PLURUM_INVALID, "conflict: %d is none", (int)conflict);
}

plurum_status plurum_batch_put(plurum_batch *batch, const plurum_document *document,
                               plurum_conflict conflict, plurum_error *error)
{
    plurum_document given = PLURUM_DOCUMENT_INIT;
    if (!document) return pli_fail(error, PLURUM_ARG, "document: NULL");
    plurum_status status =
        pli_options_copy(&given, sizeof given, document, "plurum_document", error);
    if (!status) status = check_conflict(conflict, error);
    if (!status) status = pli_document_check(&given, error);
    if (status) return status;
    pli_change change = {.conflict = conflict};
    char *content = pli_document_json(&given);
    change.id = pli_strdup(given.key);
    status = content && change.id
                 ? prepare_put(&change, batch, PLI_KIND_PLAIN, &given, content,
                               given.vector, given.dim, error)
                 : pli_nomem(error);
    pli_free(content);
    return pli_batch_add(batch, &change, status, error);
}

plurum_status plurum_batch_put_experience(plurum_batch *batch, const plurum_experience *experience,
                                          const char *owner, const float *vector, size_t dim,
                                          plurum_conflict conflict, plurum_error *error)
{
    plurum_document document = *plurum_experience_document(experience);
    if (!document.owner) document.owner = owner;
    plurum_status status = check_conflict(conflict, error);
    if (!status && document.owner) status = pli_check_agent(document.owner, "agent_id", error);
    if (status) return status;
    pli_change change = {.conflict = conflict};
    const char *short_id = plurum_experience_short_id(experience);
    if (short_id) strncpy(change.short_id, short_id, PLURUM_SHORT_ID_LEN);
    char drawn[37];
    if (!document.key) {
        uuid_t uuid;
        uuid_generate_random(uuid);
        uuid_unparse_lower(uuid, drawn);
        document.key = drawn;
    }
    change.id = pli_strdup(document.key);
    status = change.id ? prepare_put(&change, batch, PLI_KIND_EXPERIENCE, &document,
                                     plurum_experience_json(experience), vector, dim, error)
                       : pli_nomem(error);
    return pli_batch_add(batch, &change, status, error);
}
