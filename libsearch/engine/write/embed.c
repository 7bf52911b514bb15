/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vectors for the documents of a batch and for the queries of its outcomes, made at its commit and
 * before its transaction: encoders are slow, take several texts faster than one by one, and keep
 * several threads busy. The threads live as long as the call; the calling one is among them, and alone
 * for a single text.
 */
#include <config.h>

#include "engine/write/change.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "embed/embedder.h"
#include "engine/alike.h"
#include "engine/write/import.h"
#include "engine/write/later.h"

enum { THREADS_DEFAULT = 4, REST = 60 /* seconds */ };

/* A text that waits for its vector: a document's, or the query of an outcome. */
typedef struct member {
    size_t change;        /* its place in the batch             */
    const char *text;
    pli_report_row *row;  /* of the outcome; NULL: a document   */
    unsigned char **code; /* what keeps the code that row gets  */
} member;

typedef struct work {
    const plurum_embedder *embedder;
    plurum_embed_call call;
    const plurum_fingerprint *model;
    pli_change *changes;
    const member *members;
    size_t count;
    size_t slice;          /* texts that a thread takes at a time */
    int spares;            /* a text that is refused (INVALID) costs no other its vector */
    _Atomic size_t next;   /* first member that nobody took  */
    pthread_mutex_t mutex; /* over what follows              */
    size_t failed;         /* first member of the first slice that failed */
    plurum_status status;
    plurum_error error;
} work;

/* A row of zeros is no vector: no word that the model knows. */
static plurum_status take_row(const work *w, const member *m, float *row, plurum_error *error)
{
    pli_change *change = &w->changes[m->change];
    int is_zero;
    plurum_status status = pli_vector_normalise(row, w->model->dim, &is_zero, error);
    if (status) return status;
    if (m->row)
        return is_zero ? PLURUM_OK
                       : pli_alike_code(&m->row->query_code, m->code, w->model, row, error);
    if (!is_zero && !(change->vector = pli_memdup(row, w->model->dim * sizeof *row)))
        return pli_nomem(error);
    change->row.has_vector = change->vector != NULL;
    pli_free(change->text);
    change->text = NULL;
    change->waits = 0;
    return PLURUM_OK;
}

static plurum_status embed_slice(const work *w, size_t begin, size_t count, plurum_error *error)
{
    size_t dim = w->model->dim;
    const char **texts = pli_reallocarray(NULL, count, sizeof *texts);
    float *rows = pli_reallocarray(NULL, count * dim, sizeof *rows);
    for (size_t i = 0; i < count && texts; i++) texts[i] = w->members[begin + i].text;
    plurum_status status =
        texts && rows ? plurum_embedder_embed_call(w->embedder, texts, count, rows, &w->call, error)
                      : pli_nomem(error);
    if (status == PLURUM_INVALID && error->position < count) /* it names a row */
        error->position = w->members[begin + error->position].change;
    for (size_t i = 0; i < count && !status; i++)
        status = take_row(w, &w->members[begin + i], rows + i * dim, error);
    pli_free(rows);
    pli_free(texts);
    return status;
}

/* Each text of a slice for itself; the first refusal, after all others. */
static plurum_status embed_apart(const work *w, size_t begin, size_t count, plurum_error *error)
{
    plurum_status refused = PLURUM_OK;
    for (size_t i = 0; i < count; i++) {
        plurum_error why = {0};
        plurum_status status = embed_slice(w, begin + i, 1, &why);
        if (status && (!refused || status != PLURUM_INVALID)) *error = why;
        if (status && status != PLURUM_INVALID) return status;
        if (status) refused = status;
    }
    return refused;
}

static int is_spared(const work *w, plurum_status status)
{
    return w->spares && status == PLURUM_INVALID;
}

/* Of several failures that of the first slice is told; a refusal that stops nobody, where there is no
 * other. */
static void note_failure(work *w, size_t begin, plurum_status status, const plurum_error *error)
{
    pthread_mutex_lock(&w->mutex);
    if (!w->status || (is_spared(w, w->status) && !is_spared(w, status)) ||
        (begin < w->failed && is_spared(w, w->status) == is_spared(w, status))) {
        w->failed = begin;
        w->status = status;
        w->error = *error;
    }
    pthread_mutex_unlock(&w->mutex);
    if (!is_spared(w, status)) atomic_store(&w->next, w->count);
}

static void *run(void *payload)
{
    work *w = payload;
    size_t begin;
    while ((begin = atomic_fetch_add(&w->next, w->slice)) < w->count) {
        plurum_error error = {0};
        size_t left = w->count - begin, count = left < w->slice ? left : w->slice;
        plurum_status status = embed_slice(w, begin, count, &error);
        if (is_spared(w, status) && count > 1) status = embed_apart(w, begin, count, &error);
        if (status) note_failure(w, begin, status, &error);
    }
    return NULL;
}

static size_t thread_limit(const plurum_index *index)
{
    size_t wanted = index->options.embed_threads;
    if (wanted) return wanted < PLURUM_EMBED_THREADS_MAX ? wanted : PLURUM_EMBED_THREADS_MAX;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > THREADS_DEFAULT ? THREADS_DEFAULT : (size_t)cores;
}

/* Where a thread cannot be had, the others do its share. */
static void run_threads(work *w, size_t count)
{
    pthread_t threads[PLURUM_EMBED_THREADS_MAX];
    size_t started = 0;
    while (started + 1 < count && !pthread_create(&threads[started], NULL, run, w)) started++;
    run(w);
    while (started) pthread_join(threads[--started], NULL);
}

static plurum_status embed_members(plurum_batch *batch, const member *members, size_t count,
                                   plurum_patience patience, int spares, plurum_error *error)
{
    const plurum_index *index = batch->index;
    size_t limit = thread_limit(index), share = (count + limit - 1) / limit;
    size_t best = pli_embedder_batch(index->options.embedder);
    work w = {.embedder = index->options.embedder,
              .call = PLURUM_EMBED_CALL_INIT,
              .model = &index->fingerprint,
              .changes = batch->changes,
              .members = members,
              .count = count,
              .slice = share < best ? share : best,
              .spares = spares};
    w.call.patience = patience;
    size_t slices = (count + w.slice - 1) / w.slice;
    pthread_mutex_init(&w.mutex, NULL);
    run_threads(&w, slices < limit ? slices : limit);
    pthread_mutex_destroy(&w.mutex);
    if (w.status && error) *error = w.error;
    return w.status;
}

/* ---- documents ---- */

/* Where texts may wait, an embedder that fails is no failure of theirs. */
static plurum_status let_wait(plurum_batch *batch, plurum_status status, plurum_error *error)
{
    if (status && status != PLURUM_NOMEM) {
        pli_later_failed(batch->index, error);
        status = PLURUM_OK;
    } else if (!status) {
        pli_later_answered(batch->index);
    }
    for (size_t i = 0; i < batch->count; i++)
        if (batch->changes[i].text) batch->changes[i].waits = 1;
    return status;
}

static plurum_status embed_documents(plurum_batch *batch, plurum_error *error)
{
    size_t count = 0;
    plurum_error why;
    for (size_t i = 0; i < batch->count; i++) count += batch->changes[i].text != NULL;
    if (count == 0) return PLURUM_OK;
    if (batch->embed_later && pli_later_is_down(batch->index)) {
        for (size_t i = 0; i < batch->count; i++)
            batch->changes[i].waits |= batch->changes[i].text != NULL;
        return PLURUM_OK;
    }
    member *members = pli_calloc(count, sizeof *members);
    if (!members) return pli_nomem(error);
    count = 0;
    for (size_t i = 0; i < batch->count; i++)
        if (batch->changes[i].text)
            members[count++] = (member){.change = i, .text = batch->changes[i].text};
    plurum_status status = embed_members(batch, members, count,
                                         batch->embed_later ? PLURUM_ONCE : PLURUM_PATIENT, 0, &why);
    pli_free(members);
    if (batch->embed_later) status = let_wait(batch, status, &why);
    if (status && error) *error = why;
    return status;
}

/* ---- queries of outcomes ---- */

static void add_query(member *members, size_t *count, size_t change, pli_report_row *row,
                      unsigned char **code)
{
    if (!row->query.len || row->query_code.len) return;
    if (members) members[*count] = (member){change, (const char *)row->query.bytes, row, code};
    ++*count;
}

/* Those that have no code yet, of outcomes and of the events of imported lines. members: NULL only
 * counts. */
static size_t list_queries(member *members, plurum_batch *batch)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++) {
        pli_change *change = &batch->changes[i];
        pli_report_row *row;
        unsigned char **code;
        if (change->kind == PLI_CHANGE_OUTCOME)
            add_query(members, &count, i, &change->report, &change->query_code);
        for (size_t e = 0; change->import && pli_import_query(&row, &code, change->import, e); e++)
            add_query(members, &count, i, row, code);
    }
    return count;
}

static int64_t seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec;
}

/* An outcome does not fail for want of its query's vector. Nor does one after the other wait for an
 * embedder that does not answer: after a failure it is left alone for a while. */
static plurum_status embed_queries(plurum_batch *batch, plurum_error *error)
{
    plurum_index *index = batch->index;
    size_t count = list_queries(NULL, batch);
    plurum_error why;
    if (count == 0 || !index->options.embedder || !index->fingerprint.dim ||
        seconds_now() < atomic_load(&index->queries_rest_until))
        return PLURUM_OK;
    member *members = pli_calloc(count, sizeof *members);
    if (!members) return pli_nomem(error);
    list_queries(members, batch);
    plurum_status status = embed_members(batch, members, count, PLURUM_QUERY, 1, &why);
    pli_free(members);
    if (status == PLURUM_NOMEM) return pli_nomem(error);
    if (status && status != PLURUM_INVALID)
        atomic_store(&index->queries_rest_until, seconds_now() + REST);
    if (status)
        pli_index_log(index, "outcomes are kept without their queries' vectors: %s", why.text);
    return PLURUM_OK;
}

plurum_status pli_batch_embed(plurum_batch *batch, plurum_error *error)
{
    plurum_status status = embed_documents(batch, error);
    return status ? status : embed_queries(batch, error);
}
