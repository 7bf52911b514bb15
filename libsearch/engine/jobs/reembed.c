/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Removing and making vectors, some documents at a time: found in a read transaction, worked on
 * outside of any, written in one of their own.
 */
#include <config.h>

#include "engine/jobs/reembed.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/write/waiting.h"

enum { SOME = 256 };

typedef struct some {
    uint32_t ids[SOME];
    char *texts[SOME];
    float *vectors; /* SOME × dim */
    size_t count;
    uint32_t last; /* id that was looked at last */
    int more;
} some;

static void free_texts(some *s)
{
    for (size_t i = 0; i < s->count; i++) pli_free(s->texts[i]);
    memset(s->texts, 0, sizeof s->texts);
}

/* Which documents, and whether their texts are wanted. */
typedef enum kind {
    WITH,         /* those that have a vector of the model */
    WITHOUT,      /* those that have none                  */
    WITHOUT_TEXTS /* the same, with their texts            */
} kind;

/* The next such documents after s->last. */
static plurum_status gather(some *s, plurum_index *index, uint32_t model, kind which, pli_job *job,
                            plurum_error *error)
{
    pli_txn *txn;
    pli_walk *walk = NULL;
    pli_slice key, value;
    unsigned char start[4];
    s->count = 0;
    pli_store_be32(start, s->last + 1);
    plurum_status status = pli_txn_read(&txn, index->store, error);
    if (!status) status = pli_walk_begin(&walk, txn, PLI_DOCS, start, sizeof start, error);
    while (!status && s->count < SOME) {
        pli_doc_row row;
        status = pli_walk_next(walk, &key, &value, error);
        if (!status && key.len != 4)
            status = pli_fail(error, PLURUM_CORRUPT, "docs: a key has %zu bytes", key.len);
        if (status) break;
        s->last = pli_load_be32(key.bytes);
        status = pli_doc_decode(&row, s->last, value, error);
        if (!status) status = pli_job_done(job, error);
        if (status || pli_has_vector(&row, model) != (which == WITH)) continue;
        s->ids[s->count] = s->last;
        if (which == WITHOUT_TEXTS)
            status = pli_stored_text(&s->texts[s->count], index, txn, s->last, (pli_kind)row.kind,
                                     error);
        s->count++;
    }
    s->more = !status;
    pli_walk_end(walk);
    pli_txn_end(txn);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

/* Sets or removes one document's vector of the model, and its header's bit. NULL removes. */
static plurum_status set_vector(pli_txn *txn, uint32_t id, uint32_t model, const float *vector,
                                uint32_t dim, plurum_error *error)
{
    pli_doc_row row;
    unsigned char key[8];
    plurum_status status = pli_doc_get(&row, txn, id, error);
    if (status) return status;
    pli_store_be32(key, model);
    pli_store_be32(key + 4, id);
    if (vector)
        row.has_vector |= PLI_VECTOR_BIT(model);
    else
        row.has_vector &= (uint8_t)~PLI_VECTOR_BIT(model);
    status = pli_doc_put(txn, id, &row, error); /* encodes before it writes */
    if (!status)
        status = vector ? pli_put(txn, PLI_VECTORS, key, sizeof key, vector, 4 * (size_t)dim, error)
                        : pli_del(txn, PLI_VECTORS, key, sizeof key, error);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

static int is_zero(const float *vector, uint32_t dim)
{
    for (uint32_t i = 0; i < dim; i++)
        if (vector[i] != 0) return 0;
    return 1;
}

/* The model has looked at a document: if that waited for it, it does no more. */
static plurum_status settle(pli_txn *txn, uint32_t id, uint32_t model, plurum_error *error)
{
    uint32_t waits;
    plurum_status status = pli_waiting_get(&waits, txn, id, error);
    return status || waits != model ? status : pli_waiting_remove(txn, id, error);
}

/* vectors: NULL removes. */
static plurum_status write_some(const some *s, plurum_index *index, uint32_t model,
                                const float *vectors, uint32_t dim, plurum_error *error)
{
    pli_txn *txn;
    if (!s->count) return PLURUM_OK;
    plurum_status status = pli_txn_write(&txn, index->store, error);
    if (status) return status;
    for (size_t i = 0; i < s->count && !status; i++) {
        const float *vector = vectors ? vectors + i * dim : NULL;
        if (!vector || !is_zero(vector, dim))
            status = set_vector(txn, s->ids[i], model, vector, dim, error);
        if (!status && vectors) status = settle(txn, s->ids[i], model, error);
    }
    if (!status) return pli_txn_commit(txn, error);
    pli_txn_end(txn);
    return status;
}

/* Of the documents that wait for a model, some do no more. */
static plurum_status clear_waiting(some *s, plurum_index *index, uint32_t model, plurum_error *error)
{
    pli_txn *txn;
    plurum_status status = pli_txn_write(&txn, index->store, error);
    if (status) return status;
    status = pli_waiting_list(s->ids, &s->count, SOME, 0, model, txn, error);
    for (size_t i = 0; i < s->count && !status; i++)
        status = pli_waiting_remove(txn, s->ids[i], error);
    if (!status && s->count) return pli_txn_commit(txn, error);
    pli_txn_end(txn);
    return status;
}

plurum_status pli_vectors_clear(plurum_index *index, uint32_t model, pli_job *job,
                                plurum_error *error)
{
    some s = {.more = 1};
    plurum_status status = pli_job_over(job, "old vectors", index->store, PLI_DOCS, error);
    while (!status && s.more) {
        status = gather(&s, index, model, WITH, job, error);
        if (!status) status = write_some(&s, index, model, NULL, 0, error);
    }
    for (s.count = 1; s.count && !status;) status = clear_waiting(&s, index, model, error);
    return status;
}

static plurum_status let_wait(const some *s, plurum_index *index, uint32_t model,
                              plurum_error *error)
{
    pli_txn *txn;
    plurum_status status = pli_txn_write(&txn, index->store, error);
    if (status) return status;
    for (size_t i = 0; i < s->count && !status; i++)
        status = pli_waiting_put(txn, s->ids[i], model, error);
    if (!status) return pli_txn_commit(txn, error);
    pli_txn_end(txn);
    return status;
}

plurum_status pli_vectors_await(plurum_index *index, uint32_t model, pli_job *job,
                                plurum_error *error)
{
    some s = {.more = 1};
    plurum_status status = pli_job_over(job, "documents", index->store, PLI_DOCS, error);
    while (!status && s.more) {
        status = gather(&s, index, model, WITHOUT, job, error);
        if (!status && s.count) status = let_wait(&s, index, model, error);
    }
    return status;
}

static plurum_status embed_some(some *s, uint64_t *without, plurum_index *index, uint32_t model,
                                const plurum_embedder *embedder, plurum_error *error)
{
    uint32_t dim = plurum_embedder_fingerprint(embedder)->dim;
    plurum_status status = plurum_embedder_embed(embedder, (const char *const *)s->texts, s->count,
                                                 s->vectors, error);
    for (size_t i = 0; i < s->count && !status; i++) {
        int zero;
        float *vector = s->vectors + i * dim;
        status = pli_vector_normalise(vector, dim, &zero, error);
        *without += !status && zero;
    }
    return status ? status : write_some(s, index, model, s->vectors, dim, error);
}

plurum_status pli_vectors_fill(uint64_t *without, plurum_index *index, uint32_t model,
                               const plurum_embedder *embedder, pli_job *job, plurum_error *error)
{
    some s = {.more = 1};
    *without = 0;
    s.vectors = pli_calloc(SOME, plurum_embedder_fingerprint(embedder)->dim * sizeof *s.vectors);
    plurum_status status = s.vectors
                               ? pli_job_over(job, "documents", index->store, PLI_DOCS, error)
                               : pli_nomem(error);
    while (!status && s.more) {
        status = gather(&s, index, model, WITHOUT_TEXTS, job, error);
        if (!status && s.count) status = embed_some(&s, without, index, model, embedder, error);
        free_texts(&s);
    }
    pli_free(s.vectors);
    return status;
}
