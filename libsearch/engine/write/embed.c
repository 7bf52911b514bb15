/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vectors for the documents of a batch, made at its commit and before its transaction: encoders
 * are slow, take several texts faster than one by one, and keep several threads busy. The threads
 * live as long as the call; the calling one is among them, and alone for a single document.
 */
#include <config.h>

#include "engine/write/change.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "embed/embedder.h"
#include "engine/write/later.h"

enum { THREADS_DEFAULT = 4 };

typedef struct work {
    const plurum_embedder *embedder;
    plurum_embed_call call;
    pli_change *changes;
    const size_t *members; /* changes that wait for a vector */
    size_t count, dim;
    size_t slice;          /* texts that a thread takes at a time */
    _Atomic size_t next;   /* first member that nobody took  */
    pthread_mutex_t mutex; /* over what follows              */
    size_t failed;         /* first member of the first slice that failed */
    plurum_status status;
    plurum_error error;
} work;

/* A row becomes the change's vector; of zeros it is none: no word that the model knows. */
static plurum_status take_row(pli_change *change, const float *row, size_t dim, plurum_error *error)
{
    int is_zero;
    change->vector = pli_malloc(dim * sizeof *row);
    if (!change->vector) return pli_nomem(error);
    memcpy(change->vector, row, dim * sizeof *row);
    plurum_status status = pli_vector_normalise(change->vector, dim, &is_zero, error);
    if (status || is_zero) {
        pli_free(change->vector);
        change->vector = NULL;
    }
    if (status) return status;
    change->row.has_vector = change->vector != NULL;
    pli_free(change->text);
    change->text = NULL;
    change->waits = 0;
    return PLURUM_OK;
}

static plurum_status embed_slice(const work *w, size_t begin, size_t count, plurum_error *error)
{
    const char **texts = pli_reallocarray(NULL, count, sizeof *texts);
    float *rows = pli_reallocarray(NULL, count * w->dim, sizeof *rows);
    for (size_t i = 0; i < count && texts; i++)
        texts[i] = w->changes[w->members[begin + i]].text;
    plurum_status status =
        texts && rows ? plurum_embedder_embed_call(w->embedder, texts, count, rows, &w->call, error)
                      : pli_nomem(error);
    if (status == PLURUM_INVALID && error->position < count) /* it names a row */
        error->position = w->members[begin + error->position];
    for (size_t i = 0; i < count && !status; i++)
        status = take_row(&w->changes[w->members[begin + i]], rows + i * w->dim, w->dim, error);
    pli_free(rows);
    pli_free(texts);
    return status;
}

static void *run(void *payload)
{
    work *w = payload;
    size_t begin;
    while ((begin = atomic_fetch_add(&w->next, w->slice)) < w->count) {
        plurum_error error = {0};
        size_t left = w->count - begin;
        plurum_status status = embed_slice(w, begin, left < w->slice ? left : w->slice, &error);
        if (!status) continue;
        pthread_mutex_lock(&w->mutex);
        if (!w->status || begin < w->failed) {
            w->failed = begin;
            w->status = status;
            w->error = error;
        }
        pthread_mutex_unlock(&w->mutex);
        atomic_store(&w->next, w->count);
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

static plurum_status embed_members(plurum_batch *batch, const size_t *members, size_t count,
                                   plurum_error *error)
{
    const plurum_index *index = batch->index;
    size_t limit = thread_limit(index), share = (count + limit - 1) / limit;
    size_t best = pli_embedder_batch(index->options.embedder);
    work w = {.embedder = index->options.embedder,
              .call = PLURUM_EMBED_CALL_INIT,
              .changes = batch->changes,
              .members = members,
              .count = count,
              .slice = share < best ? share : best,
              .dim = index->fingerprint.dim};
    if (batch->embed_later) w.call.patience = PLURUM_ONCE;
    size_t slices = (count + w.slice - 1) / w.slice;
    pthread_mutex_init(&w.mutex, NULL);
    run_threads(&w, slices < limit ? slices : limit);
    pthread_mutex_destroy(&w.mutex);
    if (w.status && error) *error = w.error;
    return w.status;
}

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

plurum_status pli_batch_embed(plurum_batch *batch, plurum_error *error)
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
    size_t *members = pli_reallocarray(NULL, count, sizeof *members);
    if (!members) return pli_nomem(error);
    count = 0;
    for (size_t i = 0; i < batch->count; i++)
        if (batch->changes[i].text) members[count++] = i;
    plurum_status status = embed_members(batch, members, count, &why);
    pli_free(members);
    if (batch->embed_later) status = let_wait(batch, status, &why);
    if (status && error) *error = why;
    return status;
}
