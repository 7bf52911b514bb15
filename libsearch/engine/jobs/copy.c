/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The copy: tables in order, in transactions of a bounded size.
 */
#include <config.h>

#include "engine/jobs/copy.h"

#include "base/error.h"
#include "engine/view/segments.h"

/* What one transaction takes; LMDB keeps its pages in memory. */
enum { STEP_RECORDS = 20000, STEP_BYTES = 32 << 20 };

typedef struct step {
    pli_txn *txn;
    size_t records, bytes;
} step;

static plurum_status commit(step *s, pli_copy *copy, int more, plurum_error *error)
{
    plurum_status status = s->txn ? pli_txn_commit(s->txn, error) : PLURUM_OK;
    *s = (step){0};
    return status || !more ? status : pli_txn_write(&s->txn, copy->to, error);
}

/* Counters are the copy's own. Segments are files that do not come along, and hold vectors of deleted
 * documents, which no copy is to keep. */
static int stays_behind(pli_table table, pli_slice key)
{
    return (table == PLI_META && pli_slice_is(key, "counters")) || pli_segments_is_record(table, key);
}

static plurum_status copy_record(step *s, pli_copy *copy, pli_table table, pli_slice key,
                                 pli_slice value, plurum_error *error)
{
    pli_buf blob = PLI_BUF_INIT;
    plurum_status status = PLURUM_OK;
    if (table == PLI_BLOBS && copy->repack) {
        if (key.len != 4)
            return pli_fail(error, PLURUM_CORRUPT, "blobs: a key has %zu bytes", key.len);
        status = copy->repack(copy->payload, &blob, pli_load_be32(key.bytes), error);
        value = pli_slice_of(blob.bytes, blob.len);
    }
    if (!status)
        status = pli_put(s->txn, table, key.bytes, key.len, value.bytes, value.len, error);
    s->records++;
    s->bytes += value.len;
    copy->records++;
    pli_buf_free(&blob);
    return status ? status : pli_job_done(copy->job, error);
}

static plurum_status copy_table(step *s, pli_copy *copy, pli_table table, plurum_error *error)
{
    pli_walk *walk;
    pli_slice key, value;
    plurum_status status = pli_walk_begin(&walk, copy->from, table, NULL, 0, error);
    while (!status && !(status = pli_walk_next(walk, &key, &value, error))) {
        if (stays_behind(table, key)) continue;
        status = copy_record(s, copy, table, key, value, error);
        if (!status && (s->records >= STEP_RECORDS || s->bytes >= STEP_BYTES))
            status = commit(s, copy, 1, error);
    }
    pli_walk_end(walk);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

/* Contents that are packed anew have other bytes. */
static int is_verbatim(const pli_copy *copy, pli_table table)
{
    return table != PLI_META && !(copy->repack && (table == PLI_BLOBS || table == PLI_DICTS));
}

static plurum_status copy_tables(pli_copy *copy, plurum_error *error)
{
    step s = {0};
    plurum_status status = commit(&s, copy, 1, error);
    for (int t = 0; t < PLI_TABLE_COUNT && !status; t++)
        if (t != PLI_DICTS || !copy->repack)
            status = copy_table(&s, copy, (pli_table)t, error);
    if (!status) {
        pli_txn_take_place(s.txn, copy->from);
        status = commit(&s, copy, 0, error);
    }
    pli_txn_end(s.txn);
    return status;
}

/* The copy as it now is on disk: sound, and the same records. */
static plurum_status audit(pli_copy *copy, plurum_error *error)
{
    pli_txn *txn;
    plurum_status status = pli_txn_read(&txn, copy->to, error);
    if (status) return status;
    status = pli_job_step(copy->job, "tables checked", PLI_TABLE_COUNT, error);
    for (int t = 0; t < PLI_TABLE_COUNT && !status; t++) {
        uint64_t records;
        pli_table table = (pli_table)t;
        status = pli_table_audit(txn, table, &records, error);
        int same = !is_verbatim(copy, table) ||
                   (pli_txn_count(txn, table) == pli_txn_count(copy->from, table) &&
                    pli_txn_digest(txn, table) == pli_txn_digest(copy->from, table));
        if (!status && !same)
            status = pli_fail(error, PLURUM_CORRUPT, "%s: the records are not those that the "
                                                     "counters of the original tell of",
                              pli_table_name(table));
        if (!status) status = pli_job_done(copy->job, error);
    }
    pli_txn_end(txn);
    return status;
}

plurum_status pli_copy_run(pli_copy *copy, plurum_error *error)
{
    uint64_t records = 0;
    for (int t = 0; t < PLI_TABLE_COUNT; t++) records += pli_txn_count(copy->from, (pli_table)t);
    plurum_status status = pli_job_step(copy->job, "records", records, error);
    if (!status) status = copy_tables(copy, error);
    if (!status) status = pli_store_sync(copy->to, error);
    return status ? status : audit(copy, error);
}
