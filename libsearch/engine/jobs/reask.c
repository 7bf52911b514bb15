/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walking over the outcomes, some at a time: found in a read transaction, embedded outside of any,
 * written in one of their own.
 */
#include <config.h>

#include "engine/jobs/reask.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/alike.h"
#include "vector/flat.h"

enum { SOME = 256, KEY_MAX = 4 + PLURUM_AGENT_MAX };

typedef struct some {
    unsigned char keys[SOME][KEY_MAX];
    size_t key_lens[SOME];
    char *queries[SOME];
    const plurum_fingerprint *model;
    float *vectors; /* SOME × model->dim */
    size_t count;
    uint64_t found, coded;
    unsigned char last[KEY_MAX + 1]; /* where the next walk begins */
    size_t last_len;
    int more;
} some;

static void free_queries(some *s)
{
    for (size_t i = 0; i < s->count; i++) pli_free(s->queries[i]);
    s->count = 0;
}

static plurum_status take(some *s, pli_slice key, pli_slice query, plurum_error *error)
{
    char *text = pli_strndup((const char *)query.bytes, query.len);
    if (!text) return pli_nomem(error);
    memcpy(s->keys[s->count], key.bytes, key.len);
    s->key_lens[s->count] = key.len;
    s->queries[s->count++] = text;
    return PLURUM_OK;
}

/* The next outcomes with a query and no code of the model. */
static plurum_status gather(some *s, plurum_index *index, pli_job *job, plurum_error *error)
{
    pli_txn *txn;
    pli_walk *walk = NULL;
    pli_slice key, value;
    plurum_status status = pli_txn_read(&txn, index->store, error);
    if (status) return status;
    status = pli_walk_begin(&walk, txn, PLI_OUTCOMES, s->last, s->last_len, error);
    while (!status && s->count < SOME) {
        pli_report_row row;
        uint32_t id;
        status = pli_walk_next(walk, &key, &value, error);
        if (!status) status = pli_report_decode(&row, &id, key, value, error);
        if (!status) status = pli_job_done(job, error);
        if (status) break;
        memcpy(s->last, key.bytes, key.len);
        s->last[key.len] = 0; /* the first key behind this one */
        s->last_len = key.len + 1;
        if (row.query.len && !pli_alike_is_of(&row, s->model))
            status = take(s, key, row.query, error);
    }
    s->more = !status;
    pli_walk_end(walk);
    pli_txn_end(txn);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

static plurum_status write_one(some *s, size_t i, pli_txn *txn, plurum_error *error)
{
    const plurum_fingerprint *model = s->model;
    pli_report_row row;
    pli_slice value, key = pli_slice_of(s->keys[i], s->key_lens[i]);
    uint32_t id;
    int is_zero;
    unsigned char *code = NULL;
    float *vector = s->vectors + i * model->dim;
    plurum_status status = pli_vector_normalise(vector, model->dim, &is_zero, error);
    if (status || is_zero) return status; /* also what was refused */
    status = pli_get(&value, txn, PLI_OUTCOMES, key.bytes, key.len, error);
    if (!status) status = pli_report_decode(&row, &id, key, value, error);
    if (!status) status = pli_alike_code(&row.query_code, &code, model, vector, error);
    if (!status) status = pli_report_put(txn, PLI_OUTCOMES, id, &row, error);
    if (!status) s->coded++;
    pli_free(code);
    return status;
}

static plurum_status write_some(void *payload, pli_txn *txn, plurum_error *error)
{
    some *s = payload;
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < s->count && !status; i++) status = write_one(s, i, txn, error);
    return status;
}

/* Together or, where one of them is refused, one by one; what is refused stays zeros. */
static plurum_status embed_some(some *s, const plurum_embedder *embedder, plurum_error *error)
{
    size_t dim = s->model->dim;
    const char *const *texts = (const char *const *)s->queries;
    plurum_status status = plurum_embedder_embed(embedder, texts, s->count, s->vectors, error);
    if (status != PLURUM_INVALID) return status;
    memset(s->vectors, 0, s->count * dim * sizeof *s->vectors);
    status = PLURUM_OK;
    for (size_t i = 0; i < s->count && !status; i++) {
        status = plurum_embedder_embed(embedder, texts + i, 1, s->vectors + i * dim, error);
        if (status != PLURUM_INVALID) continue;
        memset(s->vectors + i * dim, 0, dim * sizeof *s->vectors);
        status = PLURUM_OK;
    }
    return status;
}

static plurum_status reask(some *s, plurum_index *index, const plurum_embedder *embedder, pli_job *job,
                           plurum_error *error)
{
    plurum_status status = pli_job_over(job, "outcomes", index->store, PLI_OUTCOMES, error);
    while (!status && s->more) {
        status = gather(s, index, job, error);
        s->found += s->count;
        if (!status && s->count) status = embed_some(s, embedder, error);
        if (!status && s->count) status = pli_write_apart(index, write_some, s, error);
        free_queries(s);
    }
    return status;
}

plurum_status pli_reask(uint64_t *left, plurum_index *index, const plurum_embedder *embedder,
                        pli_job *job, plurum_error *error)
{
    *left = 0;
    some *s = pli_calloc(1, sizeof *s);
    if (!s) return pli_nomem(error);
    s->more = 1;
    s->model = &index->fingerprint;
    s->vectors = pli_calloc(SOME, s->model->dim * sizeof *s->vectors);
    plurum_status status =
        s->vectors ? reask(s, index, embedder, job, error) : pli_nomem(error);
    *left = s->found - s->coded;
    pli_free(s->vectors);
    pli_free(s);
    return status;
}
