/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding, using and removing the files of the checkpoint.
 */
#include <config.h>

#include "engine/view/checkpoint.h"

#include <string.h>
#include <sys/stat.h>

#include <xxhash.h>

#include "base/error.h"
#include "engine/engine.h"
#include "engine/files.h"
#include "engine/view/columns_file.h"
#include "engine/view/vectors_file.h"

static const char *const NAMES[] = {"columns", "vectors", "columns.new", "vectors.new"};
enum { FINISHED = 2, ALL = 4 };

char *pli_checkpoint_columns_path(const char *path)
{
    return pli_files_join(path, NAMES[0]);
}

char *pli_checkpoint_vectors_path(const char *path)
{
    return pli_files_join(path, NAMES[1]);
}

/* ---- removing ---- */

static plurum_status remove_name(const char *path, const char *name, plurum_error *error)
{
    char *file = pli_files_join(path, name);
    plurum_status status = file ? pli_files_remove(file, error) : pli_nomem(error);
    pli_free(file);
    return status;
}

plurum_status pli_checkpoint_remove(const char *path, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    for (int i = 0; i < ALL && !status; i++) status = remove_name(path, NAMES[i], error);
    return status;
}

/* Whether a file is this index's, and of a moment that the store has seen. */
static plurum_status judge(uint64_t owner, uint64_t seq, const pli_sections *file, const char *path,
                           plurum_error *error)
{
    if (file->owner != owner)
        return pli_fail(error, PLURUM_FORMAT, "%s: of another store, model or generation", path);
    if (file->seq > seq)
        return pli_fail(error, PLURUM_CORRUPT, "%s: of event %llu, and the store has %llu", path,
                        (unsigned long long)file->seq, (unsigned long long)seq);
    return PLURUM_OK;
}

static plurum_status sweep_one(plurum_index *index, int which, uint64_t seq, plurum_error *error)
{
    pli_sections file;
    plurum_error why;
    char *path = pli_files_join(index->path, NAMES[which]);
    if (!path) return pli_nomem(error);
    plurum_status status =
        pli_sections_open(&file, which ? &pli_vectors_kind : &pli_columns_kind, path, &why);
    if (!status) status = judge(index->checkpoint.owner, seq, &file, path, &why);
    if (!status && which == 0) index->checkpoint.seq = file.seq;
    int is_told = status && status != PLURUM_NOTFOUND;
    if (is_told) pli_index_log(index, "a checkpoint is made anew: %s", why.text);
    pli_sections_close(&file);
    status = status == PLURUM_CORRUPT || status == PLURUM_FORMAT ? pli_files_remove(path, error)
                                                                 : PLURUM_OK;
    pli_free(path);
    return status;
}

plurum_status pli_checkpoint_sweep(plurum_index *index, plurum_error *error)
{
    pli_txn *txn;
    plurum_status status = pli_txn_read(&txn, index->store, error);
    if (status) return status;
    uint64_t seq = pli_txn_seq(txn);
    pli_txn_end(txn);
    for (int i = FINISHED; i < ALL && !status; i++) status = remove_name(index->path, NAMES[i], error);
    for (int i = 0; i < FINISHED && !status; i++) status = sweep_one(index, i, seq, error);
    return status;
}

plurum_status pli_checkpoint_hold(plurum_index *index, plurum_error *error)
{
    pthread_mutex_lock(&index->checkpoint.work);
    plurum_status status = remove_name(index->path, NAMES[0], error);
    if (!status) status = pli_files_sync(index->path, error);
    if (!status) index->checkpoint.seq = 0;
    if (status) pthread_mutex_unlock(&index->checkpoint.work);
    return status;
}

void pli_checkpoint_release(plurum_index *index)
{
    pthread_mutex_unlock(&index->checkpoint.work);
}

/* ---- using ---- */

/* Tells why a file is not used; a writing process leaves the place to the next one. */
static void reject(plurum_index *index, int which, const plurum_error *why)
{
    if (why->status == PLURUM_NOTFOUND) return;
    pli_index_log(index, "a checkpoint is not used, the store is read: %s", why->text);
    if (index->options.read_only) return;
    remove_name(index->path, NAMES[which], NULL);
    if (which == 0) index->checkpoint.seq = 0;
}

static plurum_status open_columns(pli_view **out, plurum_index *index, pli_txn *txn, const char *path,
                                  plurum_error *error)
{
    pli_sections *file = &index->checkpoint.columns;
    plurum_status status = pli_sections_open(file, &pli_columns_kind, path, error);
    if (!status) status = judge(index->checkpoint.owner, pli_txn_seq(txn), file, path, error);
    if (!status && file->seq + pli_txn_count(txn, PLI_LOG) < pli_txn_seq(txn))
        status = pli_fail(error, PLURUM_CORRUPT, "%s: of event %llu, further back than the log goes",
                          path, (unsigned long long)file->seq);
    if (!status) status = pli_sections_check(file, path, error);
    if (!status)
        status = pli_columns_file_read(out, &index->columns, file, &index->trust,
                                       index->vectors != NULL, path, error);
    if (status) pli_sections_close(file);
    if (!status) index->checkpoint.seq = file->seq;
    return status;
}

/* Vectors that a view's documents have and neither segments nor the file of vectors; of documents
 * that have died since the store has none. */
static plurum_status load_missing(const pli_view *view, const pli_view_source *source, pli_txn *txn,
                                  plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    for (uint32_t id = pli_bitmap_next(&view->live, 0); id < view->bound && !status;
         id = pli_bitmap_next(&view->live, id + 1)) {
        pli_doc_row row;
        if (!pli_view_row(view, id)->vector || pli_flat_has(source->vectors, id)) continue;
        status = pli_doc_get(&row, txn, id, error);
        if (!status) status = pli_view_load_vector(source, txn, id, error);
        if (status == PLURUM_NOTFOUND) status = PLURUM_OK;
    }
    return status;
}

plurum_status pli_checkpoint_load(pli_view **out, plurum_index *index, const pli_view_source *source,
                                  pli_txn *txn, plurum_error *error)
{
    plurum_error why;
    *out = NULL;
    char *path = pli_checkpoint_columns_path(index->path);
    if (!path) return pli_nomem(error);
    plurum_status status = open_columns(out, index, txn, path, &why);
    pli_free(path);
    if (status == PLURUM_NOMEM) return pli_nomem(error);
    if (status) reject(index, 0, &why);
    if (!*out || !source->vectors) return PLURUM_OK;
    return load_missing(*out, source, txn, error);
}

/* Notes which ids the file has. */
static plurum_status note_held(pli_checkpoint *checkpoint, const pli_vectors_file *have,
                               plurum_error *error)
{
    pli_bitmap held;
    if (pli_bitmap_init(&held, have->count ? have->ids[have->count - 1] + 1 : 1))
        return pli_nomem(error);
    for (uint32_t i = 0; i < have->count; i++) pli_bitmap_add(&held, have->ids[i]);
    pli_bitmap_free(&checkpoint->held);
    checkpoint->held = held;
    return PLURUM_OK;
}

static plurum_status open_vectors(pli_vectors_file *have, plurum_index *index, const char *path,
                                  plurum_error *error)
{
    pli_sections *file = &index->checkpoint.vectors;
    plurum_status status = pli_sections_open(file, &pli_vectors_kind, path, error);
    if (!status) status = judge(index->checkpoint.owner, UINT64_MAX, file, path, error);
    if (!status) status = pli_sections_check(file, path, error);
    if (!status) status = pli_vectors_file_read(have, file, index->fingerprint.dim, path, error);
    if (!status) status = note_held(&index->checkpoint, have, error);
    if (status) pli_sections_close(file);
    return status;
}

plurum_status pli_checkpoint_lend(plurum_index *index, plurum_error *error)
{
    pli_vectors_file have;
    plurum_error why;
    const uint32_t dim = index->fingerprint.dim;
    char *path = pli_checkpoint_vectors_path(index->path);
    if (!path) return pli_nomem(error);
    plurum_status status = open_vectors(&have, index, path, &why);
    pli_free(path);
    if (status == PLURUM_NOMEM) return pli_nomem(error);
    if (status) {
        reject(index, 1, &why);
        return PLURUM_OK;
    }
    for (uint32_t i = 0; i < have.count && !status; i++)
        if (!pli_flat_has(index->vectors, have.ids[i]))
            status = pli_flat_lend(index->vectors, have.ids[i], have.rows + (size_t)i * dim, error);
    return status;
}

/* ---- the handle's part ---- */

void pli_checkpoint_init(pli_checkpoint *checkpoint)
{
    pthread_mutex_init(&checkpoint->work, NULL);
}

uint64_t pli_checkpoint_owner(const plurum_index *index, uint32_t generation)
{
    return XXH3_64bits_withSeed(&generation, sizeof generation, index->segments.owner);
}

void pli_checkpoint_drop(pli_checkpoint *checkpoint)
{
    pli_sections_close(&checkpoint->columns);
    pli_sections_close(&checkpoint->vectors);
    pli_bitmap_free(&checkpoint->held);
    checkpoint->held = (pli_bitmap){0};
    checkpoint->seq = 0;
}

void pli_checkpoint_destroy(pli_checkpoint *checkpoint)
{
    pthread_mutex_destroy(&checkpoint->work);
}

static uint64_t size_of(const char *path, const char *name)
{
    struct stat st = {0};
    char *file = pli_files_join(path, name);
    if (!file || stat(file, &st)) st.st_size = 0;
    pli_free(file);
    return (uint64_t)st.st_size;
}

void pli_checkpoint_count(plurum_stats *stats, plurum_index *index)
{
    const pli_checkpoint *checkpoint = &index->checkpoint;
    stats->checkpoint_bytes = size_of(index->path, NAMES[0]) + size_of(index->path, NAMES[1]);
    stats->checkpoint_seq = checkpoint->seq;
    stats->mapped_bytes = checkpoint->columns.map_size + checkpoint->vectors.map_size;
}
