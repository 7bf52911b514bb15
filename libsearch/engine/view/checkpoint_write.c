/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing the checkpoint: by the builder's thread between segments, by whoever applies by hand, and
 * when a writing handle is closed. A file gets its name when it is on the disk; a kill before that
 * leaves the old one.
 */
#include <config.h>

#include "engine/view/checkpoint.h"

#include "base/error.h"
#include "engine/files.h"
#include "engine/view/columns_file.h"
#include "engine/view/snapshot.h"
#include "engine/view/vectors_file.h"

/* ---- vectors ---- */

/* What the file of vectors should hold, and how far the present one is from it. */
typedef struct wanted {
    pli_bitmap ids;            /* live documents with a vector that no segment has */
    uint32_t missing, surplus; /* in the file, against them                        */
} wanted;

static int in_a_segment(const pli_segment_set *set, uint32_t id)
{
    for (size_t i = 0; set && i < set->count; i++)
        if (pli_bitmap_has(&set->segments[i]->segment->members, id)) return 1;
    return 0;
}

static plurum_status want(wanted *out, pli_snapshot *snapshot, plurum_error *error)
{
    const pli_view *view = snapshot->view;
    const pli_flat *vectors = snapshot->index->vectors;
    const pli_bitmap *held = &snapshot->index->checkpoint.held;
    pli_segment_set *set = pli_segments_at(snapshot->index, snapshot->txn);
    uint32_t common = 0;
    int failed = pli_bitmap_init(&out->ids, view->bound);
    for (uint32_t id = pli_bitmap_next(&view->live, 0); id < view->bound && !failed;
         id = pli_bitmap_next(&view->live, id + 1)) {
        if (!pli_flat_has(vectors, id) || in_a_segment(set, id)) continue;
        pli_bitmap_add(&out->ids, id);
        common += (uint32_t)pli_bitmap_has(held, id);
    }
    pli_segment_set_unref(set);
    out->missing = out->ids.count - common;
    out->surplus = held->count - common;
    return failed ? pli_nomem(error) : PLURUM_OK;
}

static int is_vectors_due(const plurum_index *index, const wanted *w)
{
    uint64_t asked = index->options.checkpoint_events;
    uint64_t least = asked && asked < PLI_CHECKPOINT_VECTORS ? asked : PLI_CHECKPOINT_VECTORS;
    uint32_t part = index->checkpoint.held.count / PLI_CHECKPOINT_VECTORS_PART;
    return (w->missing >= least && w->missing >= part) || w->surplus > part;
}

static plurum_status write_ids(pli_snapshot *snapshot, const wanted *w, const char *made,
                               plurum_error *error)
{
    plurum_index *index = snapshot->index;
    uint32_t count = 0, *ids = pli_reallocarray(NULL, (size_t)w->ids.count + 1, sizeof *ids);
    if (!ids) return pli_nomem(error);
    for (uint32_t id = pli_bitmap_next(&w->ids, 0); id < w->ids.bound;
         id = pli_bitmap_next(&w->ids, id + 1))
        ids[count++] = id;
    plurum_status status =
        pli_vectors_file_write(made, index->vectors, index->fingerprint.dim, ids, count,
                               index->checkpoint.owner, snapshot->view->seq, error);
    pli_free(ids);
    return status;
}

/* ---- files ---- */

static plurum_status install(plurum_index *index, plurum_status written, const char *made,
                             const char *name, plurum_error *error)
{
    char *finished = pli_files_join(index->path, name);
    plurum_status status = written || finished ? written : pli_nomem(error);
    status = pli_files_install(status, index->path, made, finished, name, error);
    pli_free(finished);
    return status;
}

static plurum_status write_vectors(pli_snapshot *snapshot, wanted *w, plurum_error *error)
{
    pli_checkpoint *checkpoint = &snapshot->index->checkpoint;
    char *made = pli_files_join(snapshot->index->path, "vectors.new");
    if (!made) return pli_nomem(error);
    plurum_status status = write_ids(snapshot, w, made, error);
    status = install(snapshot->index, status, made, "vectors", error);
    pli_free(made);
    if (status) return status;
    pli_bitmap before = checkpoint->held;
    checkpoint->held = w->ids;
    w->ids = before;
    return PLURUM_OK;
}

static plurum_status write_columns(pli_snapshot *snapshot, plurum_error *error)
{
    plurum_index *index = snapshot->index;
    char *made = pli_files_join(index->path, "columns.new");
    if (!made) return pli_nomem(error);
    plurum_status status = pli_columns_file_write(made, snapshot->view, &index->columns,
                                                  index->checkpoint.owner, error);
    status = install(index, status, made, "columns", error);
    pli_free(made);
    if (!status) index->checkpoint.seq = snapshot->view->seq;
    return status;
}

/* The view is enough for writing: nothing of the store need be kept for it. */
static plurum_status write_both(pli_snapshot *snapshot, plurum_error *error)
{
    wanted w = {0};
    plurum_status status = snapshot->index->vectors ? want(&w, snapshot, error) : PLURUM_OK;
    pli_txn_end(snapshot->txn);
    snapshot->txn = NULL;
    if (!status && snapshot->index->vectors && is_vectors_due(snapshot->index, &w))
        status = write_vectors(snapshot, &w, error);
    pli_bitmap_free(&w.ids);
    return status ? status : write_columns(snapshot, error);
}

/* ---- when ---- */

static int is_due(const plurum_index *index, const pli_txn *txn)
{
    uint64_t after = index->options.checkpoint_events;
    if (!after) {
        after = pli_txn_count(txn, PLI_DOCS) / PLI_CHECKPOINT_PART;
        if (after < PLI_CHECKPOINT_EVENTS) after = PLI_CHECKPOINT_EVENTS;
    }
    return pli_txn_seq(txn) - index->checkpoint.seq >= after;
}

/* Under checkpoint.work. */
static plurum_status write_due(plurum_index *index, plurum_error *error)
{
    pli_txn *txn;
    pli_snapshot snapshot;
    plurum_status status = pli_txn_read(&txn, index->store, error);
    if (status) return status;
    int due = is_due(index, txn);
    pli_txn_end(txn);
    if (!due) return PLURUM_OK;
    status = pli_snapshot_take(&snapshot, index, error);
    if (status) return status;
    status = write_both(&snapshot, error);
    pli_snapshot_release(&snapshot);
    return status;
}

void pli_checkpoint_consider(plurum_index *index)
{
    plurum_error error;
    pthread_mutex_lock(&index->checkpoint.work);
    plurum_status status = write_due(index, &error);
    pthread_mutex_unlock(&index->checkpoint.work);
    if (status) pli_index_log(index, "a checkpoint was not written: %s", error.text);
}
