/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts and sizes of an index.
 */
#include <config.h>

#include <plurum/index.h>

#include <stdatomic.h>
#include <string.h>

#include "base/error.h"
#include "base/options.h"
#include "engine/files.h"
#include "engine/view/snapshot.h"
#include "engine/write/waiting.h"

static void count_rows(plurum_stats *s, const pli_snapshot *snapshot)
{
    const pli_view *view = snapshot->view;
    int64_t now = pli_index_clock(snapshot->index);
    for (uint32_t id = pli_bitmap_next(&view->live, 0); id < view->bound;
         id = pli_bitmap_next(&view->live, id + 1)) {
        const pli_variable *row = pli_view_row(view, id);
        s->lifecycle[row->lifecycle]++;
        if (pli_bitmap_has(&view->suspect, id))
            s->quarantined +=
                (uint64_t)plurum_trust_quarantined_at(&row->trust, &snapshot->index->trust, now);
    }
    s->documents = view->live.count;
    s->tombstones = view->bound - 1 - view->live.count;
    s->tail_documents = view->tail_count;
}

static plurum_status sum_values(uint64_t *bytes, pli_txn *txn, pli_table table,
                                uint64_t (*size)(uint32_t id, pli_slice value),
                                plurum_error *error)
{
    pli_walk *walk;
    pli_slice key, value;
    plurum_status status = pli_walk_begin(&walk, txn, table, NULL, 0, error);
    while (!status && !(status = pli_walk_next(walk, &key, &value, error)))
        *bytes += size(pli_load_be32(key.bytes), value);
    pli_walk_end(walk);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

static uint64_t stored_size(uint32_t id, pli_slice value)
{
    (void)id;
    return value.len;
}

/* What the headers tell: sizes before compression, and who has a vector of which generation. */
static plurum_status sum_headers(plurum_stats *s, pli_snapshot *snapshot, plurum_error *error)
{
    uint32_t model = snapshot->index->model;
    pli_walk *walk;
    pli_slice key, value;
    plurum_status status = pli_walk_begin(&walk, snapshot->txn, PLI_DOCS, NULL, 0, error);
    while (!status && !(status = pli_walk_next(walk, &key, &value, error))) {
        pli_doc_row row;
        if (pli_doc_decode(&row, pli_load_be32(key.bytes), value, NULL)) continue;
        s->plain_bytes += row.plain_len;
        s->vectors += (uint64_t)pli_has_vector(&row, model);
        s->kept_vectors += (uint64_t)pli_has_vector(&row, pli_other_model(model));
    }
    pli_walk_end(walk);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

static uint64_t memory_of(const plurum_index *index, const pli_view *view)
{
    uint64_t bytes = index->columns.memory;
    for (size_t i = 0; i << PLI_CHUNK_SHIFT < view->bound; i++) bytes += pli_chunk_memory(view->chunks[i]);
    if (index->vectors) bytes += pli_flat_memory(index->vectors);
    for (size_t i = 0; i < view->tail_count; i++) bytes += pli_terms_memory(view->tail[i].terms);
    return bytes;
}

static plurum_status fill(plurum_stats *s, pli_snapshot *snapshot, plurum_error *error)
{
    plurum_index *index = snapshot->index;
    uint32_t last_id;
    s->seq = pli_txn_seq(snapshot->txn);
    if (snapshot->reader) pli_text_reader_applied(snapshot->reader, &s->text_applied, &last_id);
    count_rows(s, snapshot);
    s->outcomes = pli_txn_count(snapshot->txn, PLI_OUTCOMES);
    s->votes = pli_txn_count(snapshot->txn, PLI_VOTES);
    s->reporters = pli_txn_count(snapshot->txn, PLI_REPORTERS);
    s->dictionary_count = pli_txn_count(snapshot->txn, PLI_DICTS);
    s->dictionary_version = pli_codec_version(index->codec);
    s->store_bytes = pli_store_bytes(index->store);
    s->text_bytes = pli_files_size(index->text_path);
    s->memory_bytes = memory_of(index, snapshot->view);
    pli_segments_count(s, index, snapshot->txn);
    pli_checkpoint_count(s, index);
    plurum_status status = sum_values(&s->blob_bytes, snapshot->txn, PLI_BLOBS, stored_size, error);
    if (!status)
        status = sum_values(&s->dictionary_bytes, snapshot->txn, PLI_DICTS, stored_size, error);
    if (!status) status = sum_headers(s, snapshot, error);
    if (!status) status = pli_waiting_count(&s->waiting, index->model, snapshot->txn, error);
    s->log_events = pli_txn_count(snapshot->txn, PLI_LOG);
    s->next_id = pli_txn_next_id(snapshot->txn);
    s->generation = pli_txn_generation(snapshot->txn);
    s->free_bytes = pli_txn_free_bytes(snapshot->txn);
    return status;
}

plurum_status plurum_index_stats(plurum_stats *out, plurum_index *index, plurum_error *error)
{
    plurum_stats s = {.struct_size = sizeof s};
    size_t size = out->struct_size;
    pli_snapshot snapshot;
    plurum_status status = pli_options_size(size, "plurum_stats", error);
    if (!status) status = pli_snapshot_take(&snapshot, index, error);
    if (status) return status;
    status = fill(&s, &snapshot, error);
    pli_snapshot_release(&snapshot);
    if (status) return status;
    memset(out, 0, size);
    memcpy(out, &s, size < sizeof s ? size : sizeof s);
    out->struct_size = size;
    return PLURUM_OK;
}
