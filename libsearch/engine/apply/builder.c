/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building segments.
 *
 * A step: take a snapshot, plan, let it go; build the file under a name of its own; rename it; record
 * it, in the transaction that takes those it replaces out of the record; remove their files. A kill
 * between any two leaves either the old set and a file that nobody names, or the new set and files
 * that nobody names any more: the next writer sweeps both kinds away.
 *
 * Vectors are read where the views keep them; they are never moved or changed.
 */
#include <config.h>

#include "engine/apply/builder.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/error.h"
#include "engine/files.h"

enum { PATIENCE_MS = 500 }; /* a handle that is closed sooner than that builds nothing */

void pli_builder_init(pli_builder *builder)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC); /* nobody sets it */
    pthread_mutex_init(&builder->mutex, NULL);
    pthread_mutex_init(&builder->work, NULL);
    pthread_cond_init(&builder->wake, &attributes);
    pthread_condattr_destroy(&attributes);
}

void pli_builder_destroy(pli_builder *builder)
{
    pthread_cond_destroy(&builder->wake);
    pthread_mutex_destroy(&builder->work);
    pthread_mutex_destroy(&builder->mutex);
}

/* ---- one step ---- */

static const float *vector_of(const void *payload, uint32_t id)
{
    const plurum_index *index = payload;
    return pli_flat_vector(index->vectors, id);
}

static int must_stop(void *payload)
{
    plurum_index *index = payload;
    return atomic_load(&index->builder.stopping);
}

static plurum_status make_directory(const plurum_index *index, plurum_error *error)
{
    const char *directory = index->segments.directory;
    if (access(directory, F_OK) == 0) return PLURUM_OK;
    plurum_status status = pli_files_mkdir(directory, error);
    return status ? status : pli_files_sync(index->path, error);
}

/* Writes the file and gives it its name. */
static plurum_status make_file(plurum_index *index, const pli_build_job *job, const char *made,
                               const char *finished, plurum_error *error)
{
    pli_segment_source source = {.dim = index->fingerprint.dim,
                                 .count = job->id_count,
                                 .ids = job->ids,
                                 .seq = job->seq,
                                 .owner = index->segments.owner,
                                 .vector = vector_of,
                                 .stop = must_stop,
                                 .payload = index};
    plurum_status status = make_directory(index, error);
    if (!status) status = pli_segment_write(made, &source, error);
    return pli_files_install(status, index->segments.directory, made, finished, job->kind, error);
}

/* Opens the new segment, which reads all of it back, and records it. */
static plurum_status record_file(plurum_index *index, const pli_build_job *job, uint32_t number,
                                 const char *finished, plurum_error *error)
{
    pli_segment *segment;
    plurum_status status = pli_segment_open(&segment, finished, index->fingerprint.dim,
                                            index->segments.owner, error);
    if (status) return status;
    pli_segment_line line = {number, segment->facts.count, segment->facts.last_id,
                             segment->facts.checksum};
    pli_segment_close(segment);
    return pli_segments_change(index, job->removed, job->removed_count, &line, error);
}

static plurum_status next_number(uint32_t *number, plurum_index *index, plurum_error *error)
{
    pli_txn *txn;
    pli_segments_record record;
    plurum_status status = pli_txn_read(&txn, index->store, error);
    if (status) return status;
    pli_segments_read(&record, txn);
    *number = record.next_number;
    pli_txn_end(txn);
    return PLURUM_OK;
}

static plurum_status build(plurum_index *index, const pli_build_job *job, plurum_error *error)
{
    uint32_t number;
    plurum_status status = next_number(&number, index, error);
    if (status) return status;
    char *made = pli_segments_path(&index->segments, number, 0);
    char *finished = pli_segments_path(&index->segments, number, 1);
    status = made && finished ? make_file(index, job, made, finished, error) : pli_nomem(error);
    if (!status) {
        status = record_file(index, job, number, finished, error);
        if (status) unlink(finished);
    }
    pli_free(made);
    pli_free(finished);
    return status;
}

static void remove_files(plurum_index *index, const pli_build_job *job)
{
    for (size_t i = 0; i < job->removed_count; i++) {
        char *path = pli_segments_path(&index->segments, job->removed[i], 1);
        if (path) unlink(path); /* what stays is swept at the next opening */
        pli_free(path);
        pli_crash_point(job->kind, "removed");
    }
}

static plurum_status do_job(plurum_index *index, const pli_build_job *job, plurum_error *error)
{
    plurum_status status =
        job->id_count ? build(index, job, error)
                      : pli_segments_change(index, job->removed, job->removed_count, NULL, error);
    if (status) return status;
    pli_crash_point(job->kind, "recorded");
    remove_files(index, job);
    pli_index_log(index, "vector segments: %s of %lu documents", job->kind,
                  (unsigned long)job->id_count);
    return PLURUM_OK;
}

/* ---- when ---- */

/* Whether it is worth while to make a view and a plan: something may be due, and enough has happened
 * since a plan found nothing. */
static plurum_status is_due(int *due, plurum_index *index, plurum_error *error)
{
    enum { LOOKS_A_SEGMENT = 16 };
    pli_txn *txn;
    plurum_status status = pli_txn_read(&txn, index->store, error);
    if (status) return status;
    uint64_t looked_at = index->builder.looked_at;
    uint64_t pause = index->options.segment_size / LOOKS_A_SEGMENT;
    *due = (!looked_at || pli_txn_seq(txn) >= looked_at + pause) && pli_build_may_be_due(index, txn);
    pli_txn_end(txn);
    return PLURUM_OK;
}

/* Under builder.work. */
static plurum_status step(plurum_index *index, int *more, plurum_error *error)
{
    pli_build_job job;
    pli_snapshot snapshot;
    *more = 0;
    plurum_status status = pli_snapshot_take(&snapshot, index, error);
    if (status) return status;
    status = pli_build_plan(&job, &snapshot, error);
    pli_snapshot_release(&snapshot);
    if (!status && job.kind) {
        status = do_job(index, &job, error);
        *more = !status;
    } else if (!status) {
        index->builder.looked_at = job.seq;
    }
    pli_free(job.ids);
    return status;
}

plurum_status pli_builder_run(plurum_index *index, plurum_error *error)
{
    int more;
    pthread_mutex_lock(&index->builder.work);
    plurum_status status = is_due(&more, index, error);
    while (!status && more && !must_stop(index)) status = step(index, &more, error);
    if (!must_stop(index)) pli_checkpoint_consider(index);
    pthread_mutex_unlock(&index->builder.work);
    return status;
}

void pli_builder_wake(plurum_index *index)
{
    pthread_mutex_lock(&index->builder.mutex);
    index->builder.wanted = 1;
    pthread_cond_signal(&index->builder.wake);
    pthread_mutex_unlock(&index->builder.mutex);
}

/* Under the mutex: a handle may be open for one command only, and even a look makes a view. */
static void be_patient(plurum_index *index)
{
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_nsec += PATIENCE_MS * 1000000L;
    if (deadline.tv_nsec >= 1000000000L) deadline.tv_sec++, deadline.tv_nsec -= 1000000000L;
    while (!must_stop(index))
        if (pthread_cond_timedwait(&index->builder.wake, &index->builder.mutex, &deadline)) break;
}

static void *follow(void *payload)
{
    plurum_index *index = payload;
    pli_builder *builder = &index->builder;
    pthread_mutex_lock(&builder->mutex);
    for (;;) {
        while (!builder->wanted && !must_stop(index))
            pthread_cond_wait(&builder->wake, &builder->mutex);
        be_patient(index);
        if (must_stop(index)) break;
        builder->wanted = 0;
        pthread_mutex_unlock(&builder->mutex);
        plurum_error error;
        plurum_status status = pli_builder_run(index, &error);
        if (status && status != PLURUM_CANCELLED)
            pli_index_log(index, "a vector segment was not built: %s", error.text);
        pthread_mutex_lock(&builder->mutex);
    }
    pthread_mutex_unlock(&builder->mutex);
    return NULL;
}

plurum_status pli_builder_start(plurum_index *index, plurum_error *error)
{
    plurum_status status = pli_segments_sweep(index, error);
    if (status || index->options.manual_apply) return status;
    index->builder.wanted = 1; /* what was begun before, or was damaged since */
    int code = pthread_create(&index->builder.thread, NULL, follow, index);
    if (code) return pli_fail_errno(error, code, "starting the builder");
    index->builder.running = 1;
    return PLURUM_OK;
}

void pli_builder_stop(plurum_index *index)
{
    pli_builder *builder = &index->builder;
    if (!builder->running) return;
    pthread_mutex_lock(&builder->mutex);
    atomic_store(&builder->stopping, 1);
    pthread_cond_signal(&builder->wake);
    pthread_mutex_unlock(&builder->mutex);
    pthread_join(builder->thread, NULL);
    builder->running = 0;
}
