/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following the store.
 *
 * The text index needs only what is new: live documents above its last id, in id order. (Deletions
 * and replacements never reach it; views hide them.) Postings and the mark of how far they reach
 * are one commit, so a kill at any moment leaves a smaller but true index, and applying again
 * continues where it ends.
 *
 * A commit of the text index costs 24 ms or more, so the thread gathers for a moment first.
 */
#include <config.h>

#include "engine/apply/applier.h"

#include <errno.h>
#include <stdatomic.h>
#include <time.h>

#include "base/error.h"
#include "engine/apply/builder.h"
#include "engine/apply/dictionary.h"
#include "engine/apply/upkeep.h"
#include "engine/view/labels.h"
#include "engine/view/text_index.h"

enum {
    COMMIT_DOCUMENTS = 2000, /* most documents a text commit; Xapian would flush by itself at 10,000 */
    GATHER_MS = 200,         /* how long to gather before applying                                   */
    GATHER_DOCUMENTS = 1000, /* or until so many wait                                                */
    RETRY_MS = 1000,         /* after a failure; twice as long after each further one                */
    RETRY_DOUBLINGS = 5      /* up to half a minute                                                  */
};

static plurum_status add_document(plurum_index *index, pli_txn *txn, uint32_t id,
                                  const pli_doc_row *row, plurum_error *error)
{
    pli_terms *terms = NULL;
    pli_row_labels labels;
    plurum_status status = pli_row_labels_of(&labels, row, error);
    if (!status) status = pli_stored_terms(&terms, index, txn, id, error);
    if (!status)
        status = pli_text_writer_add(index->applier.text, id, terms, &labels.labels, error);
    pli_row_labels_free(&labels);
    pli_terms_unref(terms);
    return status;
}

/* Adds documents after *last_id, at most COMMIT_DOCUMENTS; *more: some are left. */
static plurum_status add_some(plurum_index *index, pli_txn *txn, uint32_t *last_id, int *more,
                              plurum_error *error)
{
    unsigned char start[4];
    pli_walk *walk;
    pli_slice key, value;
    size_t added = 0;
    *more = 0;
    if (*last_id == UINT32_MAX) return PLURUM_OK;
    pli_store_be32(start, *last_id + 1);
    plurum_status status = pli_walk_begin(&walk, txn, PLI_DOCS, start, sizeof start, error);
    while (!status && added < COMMIT_DOCUMENTS) {
        pli_doc_row row;
        status = pli_walk_next(walk, &key, &value, error);
        if (!status && key.len != 4)
            status = pli_fail(error, PLURUM_CORRUPT, "docs: a key has %zu bytes", key.len);
        if (!status) status = pli_doc_decode(&row, pli_load_be32(key.bytes), value, error);
        if (!status) status = add_document(index, txn, pli_load_be32(key.bytes), &row, error);
        if (!status) *last_id = pli_load_be32(key.bytes);
        added += !status;
    }
    pli_walk_end(walk);
    *more = !status;
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

static plurum_status commit_text(plurum_index *index, uint64_t reached, uint32_t last_id,
                                 plurum_error *error)
{
    pthread_rwlock_wrlock(&index->applier.still);
    plurum_status status = pli_text_writer_commit(index->applier.text, reached, last_id, error);
    pthread_rwlock_unlock(&index->applier.still);
    return status;
}

/* One text commit, at the store's newest moment. Under applier.work. */
static plurum_status apply_some(plurum_index *index, int *more, plurum_error *error)
{
    pli_txn *txn;
    uint64_t seq;
    uint32_t last_id;
    pli_text_writer_applied(index->applier.text, &seq, &last_id);
    plurum_status status = pli_txn_read(&txn, index->store, error);
    if (status) return status;
    uint64_t reached = pli_txn_seq(txn);
    uint32_t before = last_id;
    status = add_some(index, txn, &last_id, more, error);
    if (!status && !*more) last_id = pli_txn_next_id(txn) - 1; /* the rest is deleted already */
    if (*more) reached = seq; /* not whole: the mark of ids alone moves on */
    pli_txn_end(txn);
    if (!status && last_id > before) status = commit_text(index, reached, last_id, error);
    if (status) return status;
    pli_note_text(index, last_id);
    pli_pending_drop_upto(&index->pending, last_id);
    pthread_mutex_lock(&index->applier.mutex);
    if (reached > index->applier.applied) index->applier.applied = reached;
    pthread_cond_broadcast(&index->applier.progress);
    pthread_mutex_unlock(&index->applier.mutex);
    pli_builder_wake(index);
    return PLURUM_OK;
}

/* A failed application leaves additions in the writer that no commit covers: begin from the disk.
 * Where the text index itself is damaged, from nothing, and then the application can go on: OK. */
static plurum_status recover(plurum_index *index, const plurum_error *why, int may_go_on,
                             plurum_error *error)
{
    int damaged = may_go_on && why->status == PLURUM_CORRUPT &&
                  pli_text_writer_failed(index->applier.text);
    plurum_status status =
        pli_text_index_begin_again(index, damaged ? why->text : NULL, damaged ? error : NULL);
    if (damaged) return status;
    if (error) *error = *why;
    return why->status;
}

/* Tells writers that wait for room how it went. */
static void note_outcome(pli_applier *applier, plurum_status status)
{
    pthread_mutex_lock(&applier->mutex);
    applier->failures = status ? applier->failures + 1 : 0;
    pthread_cond_broadcast(&applier->progress);
    pthread_mutex_unlock(&applier->mutex);
}

static plurum_status apply_all(plurum_index *index, plurum_error *error)
{
    enum { PATIENCE = 3 };
    plurum_error why;
    int more = 1;
    pthread_mutex_lock(&index->applier.work);
    plurum_status status = pli_text_index_ready(index, error);
    for (int failures = 0; !status && more;) {
        status = apply_some(index, &more, &why);
        if (!status) continue;
        status = recover(index, &why, ++failures < PATIENCE, error);
        more = 1;
    }
    note_outcome(&index->applier, status);
    if (!status) status = pli_dictionary_consider(index, error);
    if (!status) status = pli_upkeep(index, error);
    pthread_mutex_unlock(&index->applier.work);
    return status;
}

plurum_status pli_applier_catch_up(plurum_index *index, plurum_error *error)
{
    return apply_all(index, error);
}

void pli_applier_committed(plurum_index *index, uint64_t seq)
{
    pli_applier *applier = &index->applier;
    pthread_mutex_lock(&applier->mutex);
    if (seq > applier->committed) applier->committed = seq;
    pthread_cond_signal(&applier->wake);
    pthread_mutex_unlock(&applier->mutex);
}

void pli_applier_made_room(plurum_index *index)
{
    pthread_mutex_lock(&index->applier.mutex);
    pthread_cond_broadcast(&index->applier.progress);
    pthread_mutex_unlock(&index->applier.mutex);
}

void pli_applier_wait_for_room(plurum_index *index)
{
    pli_applier *applier = &index->applier;
    if (!applier->running || pli_pending_count(&index->pending) <= index->options.max_pending)
        return;
    pthread_mutex_lock(&applier->mutex);
    while (pli_pending_count(&index->pending) > index->options.max_pending && !applier->failures) {
        applier->urgent = 1;
        pthread_cond_signal(&applier->wake);
        pthread_cond_wait(&applier->progress, &applier->mutex);
    }
    pthread_mutex_unlock(&applier->mutex);
}

static struct timespec in_ms(long ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at); /* as the condition was made */
    at.tv_sec += ms / 1000;
    at.tv_nsec += ms % 1000 * 1000000;
    if (at.tv_nsec >= 1000000000) at.tv_sec++, at.tv_nsec -= 1000000000;
    return at;
}

/* Under the mutex: until there is enough to apply, or somebody waits for it. */
static void gather(plurum_index *index, long ms)
{
    pli_applier *applier = &index->applier;
    struct timespec deadline = in_ms(ms);
    while (!applier->stopping && !applier->urgent &&
           pli_pending_count(&index->pending) < GATHER_DOCUMENTS)
        if (pthread_cond_timedwait(&applier->wake, &applier->mutex, &deadline) == ETIMEDOUT) break;
    applier->urgent = 0;
}

/* Under the mutex: a while without another try, however much there is to apply. */
static void pause_after_failure(pli_applier *applier)
{
    uint64_t doublings = applier->failures < RETRY_DOUBLINGS ? applier->failures : RETRY_DOUBLINGS;
    struct timespec deadline = in_ms((long)RETRY_MS << doublings);
    while (!applier->stopping)
        if (pthread_cond_timedwait(&applier->wake, &applier->mutex, &deadline) == ETIMEDOUT) break;
}

static void *follow(void *payload)
{
    plurum_index *index = payload;
    pli_applier *applier = &index->applier;
    pthread_mutex_lock(&applier->mutex);
    for (;;) {
        while (!applier->stopping && applier->committed <= applier->applied)
            pthread_cond_wait(&applier->wake, &applier->mutex);
        if (applier->stopping) break;
        gather(index, GATHER_MS);
        if (applier->stopping) break;
        pthread_mutex_unlock(&applier->mutex);
        plurum_error error;
        plurum_status status = apply_all(index, &error);
        if (status) pli_index_log(index, "applying failed, will be tried again: %s", error.text);
        pthread_mutex_lock(&applier->mutex);
        if (status) pause_after_failure(applier);
    }
    pthread_mutex_unlock(&applier->mutex);
    return NULL;
}

static plurum_status open_text(plurum_index *index, plurum_error *error)
{
    pli_txn *txn;
    plurum_status status = pli_txn_read(&txn, index->store, error);
    if (status) return status;
    index->applier.committed = pli_txn_seq(txn);
    pli_txn_end(txn);
    pli_text_index_sweep(index);
    return pli_text_index_open(index, error);
}

plurum_status pli_applier_start(plurum_index *index, plurum_error *error)
{
    plurum_status status = open_text(index, error);
    if (status || index->options.manual_apply) return status;
    int code = pthread_create(&index->applier.thread, NULL, follow, index);
    if (code) return pli_fail_errno(error, code, "starting the applier");
    index->applier.running = 1;
    return PLURUM_OK;
}

void pli_applier_stop(plurum_index *index)
{
    pli_applier *applier = &index->applier;
    if (applier->running) {
        pthread_mutex_lock(&applier->mutex);
        applier->stopping = 1;
        pthread_cond_signal(&applier->wake);
        pthread_mutex_unlock(&applier->mutex);
        pthread_join(applier->thread, NULL);
        applier->running = 0;
        plurum_error error;
        if (apply_all(index, &error)) pli_index_log(index, "applying failed: %s", error.text);
    }
    pli_text_writer_close(applier->text);
    applier->text = NULL;
}
