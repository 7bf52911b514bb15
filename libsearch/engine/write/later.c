/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vectors for what waits: some documents are read, embedded outside of any transaction, and put under
 * a new id each with its vector (change_put.c), in a commit like any other.
 *
 * What an embedder refuses (INVALID) is its text's fault, perhaps that of one text among many: then
 * they are embedded one by one, and those that are refused are passed over and go on waiting.
 */
#include <config.h>

#include "engine/write/later.h"

#include <plurum/jobs.h>

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/alloc.h"
#include "base/error.h"
#include "embed/embedder.h"
#include "engine/write/change.h"
#include "engine/write/waiting.h"

enum {
    RETRY_MS = 1000,    /* after a failure; twice as long after each further one */
    RETRY_DOUBLINGS = 6 /* up to a minute                                        */
};

void pli_later_init(pli_later *later)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC); /* nobody sets it */
    pthread_mutex_init(&later->mutex, NULL);
    pthread_mutex_init(&later->work, NULL);
    pthread_cond_init(&later->wake, &attributes);
    pthread_condattr_destroy(&attributes);
}

void pli_later_destroy(pli_later *later)
{
    pthread_cond_destroy(&later->wake);
    pthread_mutex_destroy(&later->work);
    pthread_mutex_destroy(&later->mutex);
}

/* ---- how the embedder is --------------------------------------------------------------------- */

int pli_later_is_down(const plurum_index *index)
{
    return atomic_load(&index->later.down);
}

void pli_later_failed(plurum_index *index, const plurum_error *why)
{
    if (!atomic_exchange(&index->later.down, 1))
        pli_index_log(index, "documents wait for their vectors: %s", why->text);
}

void pli_later_answered(plurum_index *index)
{
    if (!atomic_exchange(&index->later.down, 0)) return;
    pthread_mutex_lock(&index->later.mutex);
    index->later.hurry = 1;
    pthread_cond_signal(&index->later.wake);
    pthread_mutex_unlock(&index->later.mutex);
}

/* ---- a run ----------------------------------------------------------------------------------- */

/* Some of those that wait. */
typedef struct some {
    uint32_t *ids;
    char **texts;
    float *rows;
    size_t count, most;
} some;

typedef struct run {
    plurum_index *index;
    pli_job *job;
    some some;
    uint32_t last; /* id that was looked at last */
    uint64_t embedded, refused;
    plurum_error refusal; /* the first */
} run;

static int must_stop(void *payload)
{
    plurum_index *index = payload;
    return atomic_load(&index->later.stopping);
}

static void free_texts(some *s)
{
    for (size_t i = 0; i < s->count; i++) pli_free(s->texts[i]);
    memset(s->texts, 0, s->most * sizeof *s->texts);
    s->count = 0;
}

static plurum_status gather(run *r, plurum_error *error)
{
    pli_txn *txn;
    some *s = &r->some;
    plurum_status status = pli_txn_read(&txn, r->index->store, error);
    if (status) return status;
    status = pli_waiting_list(s->ids, &s->count, s->most, r->last, r->index->model, txn, error);
    for (size_t i = 0; i < s->count && !status; i++) {
        pli_doc_row row;
        status = pli_doc_get(&row, txn, s->ids[i], error);
        if (status == PLURUM_NOTFOUND)
            status = pli_fail(error, PLURUM_CORRUPT, "vectors: document %lu, which waits for one, is "
                                                     "not there", (unsigned long)s->ids[i]);
        if (!status)
            status = pli_stored_text(&s->texts[i], r->index, txn, s->ids[i], (pli_kind)row.kind,
                                     error);
    }
    pli_txn_end(txn);
    if (s->count) r->last = s->ids[s->count - 1];
    return status;
}

/* A vector of zeros is none: then the document has only waited. */
static plurum_status add_change(plurum_batch *batch, uint32_t id, const float *row, uint32_t dim,
                                plurum_error *error)
{
    pli_change change = {.kind = PLI_CHANGE_VECTOR, .waited = id};
    int is_zero = 1;
    change.vector = pli_memdup(row, dim * sizeof *row);
    plurum_status status = change.vector
                               ? pli_vector_normalise(change.vector, dim, &is_zero, error)
                               : pli_nomem(error);
    if (!status && is_zero) {
        pli_free(change.vector);
        change.vector = NULL;
    }
    return pli_batch_add(batch, &change, status, error);
}

static plurum_status store(run *r, size_t begin, size_t count, plurum_error *error)
{
    plurum_batch *batch;
    uint32_t dim = r->index->fingerprint.dim;
    plurum_status status = plurum_batch_new(&batch, r->index, error);
    for (size_t i = begin; i < begin + count && !status; i++)
        status = add_change(batch, r->some.ids[i], r->some.rows + i * dim, dim, error);
    if (!status) status = pli_commit_batch(batch, NULL, error);
    plurum_batch_free(batch);
    for (size_t i = 0; i < count && !status; i++) {
        r->embedded++;
        if (r->job) status = pli_job_done(r->job, error);
    }
    return status;
}

/* Documents begin … begin + count, together or, where one of them is refused, one by one. */
static plurum_status embed(run *r, size_t begin, size_t count, plurum_error *error)
{
    some *s = &r->some;
    plurum_embed_call call = {sizeof call, PLURUM_ONCE, must_stop, r->index};
    plurum_status status = plurum_embedder_embed_call(
        r->index->options.embedder, (const char *const *)s->texts + begin, count,
        s->rows + begin * r->index->fingerprint.dim, &call, error);
    if (!status) return store(r, begin, count, error);
    if (status != PLURUM_INVALID) return status;
    if (count == 1) {
        if (!r->refused++) r->refusal = *error;
        return PLURUM_OK;
    }
    status = PLURUM_OK;
    for (size_t i = begin; i < begin + count && !status; i++) status = embed(r, i, 1, error);
    return status;
}

static plurum_status embed_all(run *r, plurum_error *error)
{
    uint64_t waiting = 0;
    pli_txn *txn;
    plurum_status status = pli_txn_read(&txn, r->index->store, error);
    if (status) return status;
    status = pli_waiting_count(&waiting, r->index->model, txn, error);
    pli_txn_end(txn);
    if (!status && r->job) status = pli_job_step(r->job, "documents", waiting, error);
    for (int more = waiting > 0; more && !status;) {
        status = gather(r, error);
        more = r->some.count > 0;
        if (!status && more) status = embed(r, 0, r->some.count, error);
        free_texts(&r->some);
    }
    return status;
}

static plurum_status begin_run(run *r, plurum_error *error)
{
    some *s = &r->some;
    s->most = pli_embedder_batch(r->index->options.embedder);
    s->ids = pli_calloc(s->most, sizeof *s->ids);
    s->texts = pli_calloc(s->most, sizeof *s->texts);
    s->rows = pli_calloc(s->most, r->index->fingerprint.dim * sizeof *s->rows);
    return s->ids && s->texts && s->rows ? PLURUM_OK : pli_nomem(error);
}

static void end_run(run *r)
{
    pli_free(r->some.ids);
    pli_free(r->some.texts);
    pli_free(r->some.rows);
}

/* What those who ask whether the embedder is down, and the log, are to know of a run. */
static void note(const run *r, plurum_status status, const plurum_error *why)
{
    plurum_index *index = r->index;
    if (r->embedded)
        pli_index_log(index, "vectors of documents that waited for them: %llu",
                      (unsigned long long)r->embedded);
    if (!status || status == PLURUM_INVALID) /* it answers */
        atomic_store(&index->later.down, 0);
    else if (status != PLURUM_CANCELLED)
        pli_later_failed(index, why);
}

plurum_status pli_later_run(plurum_index *index, pli_job *job, plurum_error *error)
{
    run r = {.index = index, .job = job};
    plurum_error why = {0};
    if (!index->options.embedder || !index->fingerprint.dim) return PLURUM_OK;
    pthread_mutex_lock(&index->later.work);
    plurum_status status = begin_run(&r, &why);
    if (!status) status = embed_all(&r, &why);
    end_run(&r);
    pthread_mutex_unlock(&index->later.work);
    if (!status && r.refused) {
        why = r.refusal;
        pli_error_prefix(&why, "still waiting: %llu", (unsigned long long)r.refused);
        status = why.status;
    }
    note(&r, status, &why);
    if (status && error) *error = why;
    return status;
}

plurum_status plurum_index_embed(plurum_index *index, const plurum_job_options *options,
                                 plurum_error *error)
{
    pli_job job;
    if (index->options.read_only)
        return pli_fail(error, PLURUM_UNSUPPORTED, "%s: opened for reading only", index->path);
    if (!index->options.embedder)
        return pli_fail(error, PLURUM_MISMATCH, "no embedder; the index is of model %s",
                        index->fingerprint.name);
    plurum_status status = pli_job_begin(&job, options, error);
    return status ? status : pli_later_run(index, &job, error);
}

/* ---- the thread ------------------------------------------------------------------------------ */

/* Under the mutex: a while, a part of it at random, until the embedder is known to answer again. */
static void pause_after_failure(pli_later *later, unsigned failures)
{
    uint32_t random = 0;
    struct timespec deadline;
    unsigned doublings = failures - 1 < RETRY_DOUBLINGS ? failures - 1 : RETRY_DOUBLINGS;
    long ms = (long)RETRY_MS << doublings;
    if (getrandom(&random, sizeof random, 0) == (ssize_t)sizeof random)
        ms = ms / 2 + (long)(random % (unsigned long)(ms / 2 + 1));
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += ms / 1000;
    deadline.tv_nsec += ms % 1000 * 1000000;
    if (deadline.tv_nsec >= 1000000000) deadline.tv_sec++, deadline.tv_nsec -= 1000000000;
    later->hurry = 0;
    while (!atomic_load(&later->stopping) && !later->hurry)
        if (pthread_cond_timedwait(&later->wake, &later->mutex, &deadline) == ETIMEDOUT) break;
    later->wanted = 1;
}

static void *follow(void *payload)
{
    plurum_index *index = payload;
    pli_later *later = &index->later;
    unsigned failures = 0;
    pthread_mutex_lock(&later->mutex);
    for (;;) {
        while (!later->wanted && !atomic_load(&later->stopping))
            pthread_cond_wait(&later->wake, &later->mutex);
        if (atomic_load(&later->stopping)) break;
        later->wanted = 0;
        pthread_mutex_unlock(&later->mutex);
        plurum_error error;
        plurum_status status = pli_later_run(index, NULL, &error);
        if (status == PLURUM_INVALID) { /* it will not change its mind: until there is more to ask */
            pli_index_log(index, "%s", error.text);
            status = PLURUM_OK;
        }
        failures = status ? failures + 1 : 0;
        pthread_mutex_lock(&later->mutex);
        if (status) pause_after_failure(later, failures);
    }
    pthread_mutex_unlock(&later->mutex);
    return NULL;
}

static plurum_status does_anything_wait(int *waits, plurum_index *index, plurum_error *error)
{
    uint32_t id;
    size_t count = 0;
    pli_txn *txn;
    plurum_status status = pli_txn_read(&txn, index->store, error);
    if (status) return status;
    status = pli_waiting_list(&id, &count, 1, 0, index->model, txn, error);
    pli_txn_end(txn);
    *waits = count > 0;
    return status;
}

plurum_status pli_later_start(plurum_index *index, plurum_error *error)
{
    int waits = 0;
    const plurum_open_options *o = &index->options;
    if (o->read_only || o->manual_apply || !o->embedder || !index->fingerprint.dim) return PLURUM_OK;
    plurum_status status = does_anything_wait(&waits, index, error);
    if (status || !waits) return status;
    pthread_mutex_lock(&index->later.mutex);
    index->later.wanted = 1;
    int code = 0;
    if (!index->later.running) {
        code = pthread_create(&index->later.thread, NULL, follow, index);
        index->later.running = !code;
    }
    pthread_cond_signal(&index->later.wake);
    pthread_mutex_unlock(&index->later.mutex);
    return code ? pli_fail_errno(error, code, "starting the thread that embeds later") : PLURUM_OK;
}

void pli_later_stop(plurum_index *index)
{
    pli_later *later = &index->later;
    pthread_mutex_lock(&later->mutex);
    int running = later->running;
    later->running = 0;
    atomic_store(&later->stopping, 1);
    pthread_cond_signal(&later->wake);
    pthread_mutex_unlock(&later->mutex);
    if (running) pthread_join(later->thread, NULL);
}
