/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Putting a document.
 *
 * Content under an internal id never changes: a replacement gets a new id, takes over key, short
 * id, reports and votes, and the old id becomes a tombstone. So everything derived by internal id
 * (postings, vectors, columns) only ever appends.
 */
#include <config.h>

#include "engine/write/change.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/write/import.h"
#include "engine/write/waiting.h"
#include "experience/content.h"

/* 0-9 and a-z without i, l, o and u, which people misread. */
static const char SHORT_ALPHABET[] = "0123456789abcdefghjkmnpqrstvwxyz";

static plurum_status draw_short_id(char out[PLURUM_SHORT_ID_LEN + 1], plurum_error *error)
{
    unsigned char random[PLURUM_SHORT_ID_LEN];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return pli_fail_errno(error, errno, "getrandom");
    for (size_t i = 0; i < sizeof random; i++) out[i] = SHORT_ALPHABET[random[i] % 32];
    out[sizeof random] = '\0';
    return PLURUM_OK;
}

/* Whether a name is the key or short id of some document. */
static plurum_status is_taken(int *taken, pli_txn *txn, const char *name, plurum_error *error)
{
    uint32_t id;
    plurum_status status = pli_doc_find(&id, txn, name, error);
    *taken = status == PLURUM_OK;
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

/* The short id of the new document: the one it brings, the one it had, or a new one. */
static plurum_status settle_short_id(pli_change *change, pli_txn *txn, const pli_doc_row *old,
                                     char out[PLURUM_SHORT_ID_LEN + 1], plurum_error *error)
{
    out[0] = '\0';
    if (change->row.kind != PLI_KIND_EXPERIENCE) return PLURUM_OK;
    int taken;
    if (change->short_id[0]) {
        strcpy(out, change->short_id);
        if (old && pli_slice_is(old->short_id, out)) return PLURUM_OK;
        plurum_status status = is_taken(&taken, txn, out, error);
        if (!status && taken)
            status = pli_fail(error, PLURUM_EXISTS, "short_id: \"%s\" is taken", out);
        return status;
    }
    if (old && old->short_id.len == PLURUM_SHORT_ID_LEN) {
        snprintf(out, PLURUM_SHORT_ID_LEN + 1, "%.*s", (int)old->short_id.len,
                 (const char *)old->short_id.bytes);
        return PLURUM_OK;
    }
    plurum_status status;
    do {
        status = draw_short_id(out, error);
        if (!status) status = is_taken(&taken, txn, out, error);
    } while (!status && taken);
    return status;
}

static plurum_status put_name(pli_txn *txn, pli_table table, pli_slice name, uint32_t id,
                              plurum_error *error)
{
    unsigned char value[4];
    pli_store_u32(value, id);
    return pli_put(txn, table, name.bytes, name.len, value, sizeof value, error);
}

static plurum_status put_records(pli_change *change, const plurum_index *index, pli_txn *txn,
                                 uint32_t id, const pli_doc_row *row, plurum_error *error)
{
    unsigned char key[8];
    pli_store_be32(key, id);
    plurum_status status = pli_doc_put(txn, id, row, error);
    if (!status)
        status = pli_put(txn, PLI_BLOBS, key, 4, change->blob.bytes, change->blob.len, error);
    if (!status) status = put_name(txn, PLI_KEYS, row->key, id, error);
    if (!status && row->short_id.len) status = put_name(txn, PLI_SHORTS, row->short_id, id, error);
    if (!status && change->vector) {
        pli_store_be32(key, index->model);
        pli_store_be32(key + 4, id);
        status = pli_put(txn, PLI_VECTORS, key, 8, change->vector,
                         4 * (size_t)index->fingerprint.dim, error);
    }
    if (!status && change->waits) status = pli_waiting_put(txn, id, index->model, error);
    return status;
}

static plurum_status move_reports(pli_txn *txn, pli_table table, uint32_t from, uint32_t to,
                                  plurum_error *error)
{
    pli_report_row *rows;
    size_t count;
    plurum_status status = pli_reports_of(&rows, &count, txn, table, from, error);
    for (size_t i = 0; i < count && !status; i++) {
        status = pli_report_del(txn, table, from, rows[i].agent, error);
        if (!status) status = pli_report_put(txn, table, to, &rows[i], error);
    }
    pli_free(rows);
    return status;
}

/* Takes over what the old document's id stood for. */
static plurum_status replace(pli_txn *txn, uint32_t old_id, const pli_doc_row *old, uint32_t id,
                             plurum_trust_state *trust, plurum_error *error)
{
    double confidence = trust->confidence;
    plurum_status status = pli_trust_get(trust, txn, old_id, error);
    if (status == PLURUM_NOTFOUND)
        status = pli_fail(error, PLURUM_CORRUPT, "trust: document %lu has no state",
                          (unsigned long)old_id);
    trust->confidence = confidence;
    /* the row's names point into the store: they are good until the first write */
    if (!status) status = pli_remove_document(txn, old_id, old, 0, error);
    if (!status) status = move_reports(txn, PLI_OUTCOMES, old_id, id, error);
    return status ? status : move_reports(txn, PLI_VOTES, old_id, id, error);
}

static plurum_status find_old(uint32_t *id, pli_doc_row *row, pli_txn *txn, const char *key,
                              plurum_error *error)
{
    pli_slice value;
    *id = 0;
    plurum_status status = pli_get(&value, txn, PLI_KEYS, key, strlen(key), error);
    if (status == PLURUM_NOTFOUND) return PLURUM_OK;
    if (!status && value.len != 4)
        status = pli_fail(error, PLURUM_CORRUPT, "keys: the record of %s is malformed", key);
    if (status) return status;
    *id = pli_load_u32(value.bytes);
    return pli_doc_get(row, txn, *id, error);
}

static plurum_status refuse_taken(pli_change *change, pli_txn *txn, plurum_error *error)
{
    /* a key that is somebody's short id would make that name ambiguous */
    int taken;
    plurum_status status = is_taken(&taken, txn, change->id, error);
    if (!status && taken)
        status = pli_fail(error, PLURUM_EXISTS, "key: \"%s\" is taken", change->id);
    return status;
}

/* The times of the new row, those that an exported line brings before others. */
static void settle_times(pli_doc_row *row, const pli_change *change, const pli_doc_row *old,
                         int64_t now)
{
    row->updated_at = change->import ? pli_import_updated_at(change->import) : PLURUM_TIME_UNSET;
    if (row->updated_at == PLURUM_TIME_UNSET) row->updated_at = now;
    if (row->created_at == PLURUM_TIME_UNSET) row->created_at = old ? old->created_at : now;
}

plurum_status pli_run_put(pli_change *change, plurum_index *index, pli_txn *txn, int64_t now,
                          plurum_receipt *receipt, plurum_error *error)
{
    uint32_t old_id, id;
    pli_doc_row old, row = change->row;
    plurum_trust_state trust;
    change->new_id = 0;
    plurum_status status = find_old(&old_id, &old, txn, change->id, error);
    if (!status && (!old_id || change->conflict == PLURUM_CONFLICT_ERROR))
        status = refuse_taken(change, txn, error);
    if (status) return status;
    snprintf(receipt->key, sizeof receipt->key, "%s", change->id);
    if (old_id && change->conflict == PLURUM_CONFLICT_SKIP) {
        snprintf(receipt->short_id, sizeof receipt->short_id, "%.*s", (int)old.short_id.len,
                 (const char *)old.short_id.bytes);
        receipt->id = old_id;
        return PLURUM_OK;
    }
    status = settle_short_id(change, txn, old_id ? &old : NULL, receipt->short_id, error);
    if (status) return status;
    row.short_id = pli_slice_text(receipt->short_id);
    row.has_vector = change->vector ? PLI_VECTOR_BIT(index->model) : 0;
    settle_times(&row, change, old_id ? &old : NULL, now);
    plurum_trust_init(&trust, row.confidence);
    if (!old_id && change->import) pli_txn_skip_ids(txn, pli_import_number(change->import));
    status = pli_txn_take_id(txn, &id, error);
    if (!status && old_id) status = replace(txn, old_id, &old, id, &trust, error);
    const pli_import *import = old_id ? NULL : change->import; /* a replaced one keeps its reports */
    if (!status && import) status = pli_log_skip(txn, pli_import_last_seq(import), error);
    if (!status) status = pli_log_append(txn, PLI_EVENT_PUT, id, &row.put_seq, error);
    if (!status) status = put_records(change, index, txn, id, &row, error);
    if (!status && import)
        status = pli_import_reports(&trust, import, index, txn, id, row.owner, now, error);
    if (!status) status = pli_trust_put(txn, id, &trust, error);
    change->new_id = status ? 0 : id;
    receipt->id = id;
    receipt->changed = 1;
    return status;
}

/* ---- the vector of a document that has waited for it ---- */

/* A row's strings end to end in the change's own memory: the store's goes with the first write. */
static plurum_status keep_row(pli_change *change, const pli_doc_row *row, plurum_error *error)
{
    pli_slice *const slices[] = {&change->row.key,    &change->row.short_id, &change->row.owner,
                                 &change->row.domain, &change->row.tools,    &change->row.tags};
    enum { COUNT = sizeof slices / sizeof *slices };
    change->row = *row;
    pli_buf_clear(&change->strings); /* a batch may be run again */
    for (int i = 0; i < COUNT; i++)
        pli_buf_add(&change->strings, slices[i]->bytes, slices[i]->len);
    if (change->strings.failed) return pli_nomem(error);
    const unsigned char *at = change->strings.bytes;
    for (int i = 0; i < COUNT; i++) {
        slices[i]->bytes = at;
        at += slices[i]->len;
    }
    return PLURUM_OK;
}

static plurum_status keep_blob(pli_change *change, pli_txn *txn, plurum_error *error)
{
    unsigned char key[4];
    pli_slice value;
    pli_store_be32(key, change->waited);
    plurum_status status = pli_get(&value, txn, PLI_BLOBS, key, sizeof key, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, PLURUM_CORRUPT, "blobs: that of document %lu is missing",
                        (unsigned long)change->waited);
    pli_buf_clear(&change->blob);
    if (!status) pli_buf_add(&change->blob, value.bytes, value.len);
    return status || !change->blob.failed ? status : pli_nomem(error);
}

/* All that a document is, under a new id and with a vector. */
static plurum_status put_again(pli_change *change, plurum_index *index, pli_txn *txn,
                               const pli_doc_row *old, plurum_receipt *receipt, plurum_error *error)
{
    uint32_t id;
    plurum_trust_state trust;
    pli_doc_row *row = &change->row;
    plurum_status status = keep_row(change, old, error);
    if (!status) status = keep_blob(change, txn, error);
    if (!status) status = pli_txn_take_id(txn, &id, error);
    if (status) return status;
    row->has_vector = PLI_VECTOR_BIT(index->model);
    plurum_trust_init(&trust, row->confidence);
    status = replace(txn, change->waited, old, id, &trust, error);
    if (!status) status = pli_log_append(txn, PLI_EVENT_PUT, id, &row->put_seq, error);
    if (!status) status = put_records(change, index, txn, id, row, error);
    if (!status) status = pli_trust_put(txn, id, &trust, error);
    receipt->id = id;
    receipt->changed = 1;
    return status;
}

/*
 * A document that has been deleted or replaced meanwhile waits no more, and stays as it is. Otherwise
 * its vector comes with a new id: what is known of the old one, that it has none, stays true.
 */
plurum_status pli_run_vector(pli_change *change, plurum_index *index, pli_txn *txn, int64_t now,
                             plurum_receipt *receipt, plurum_error *error)
{
    (void)now;
    uint32_t model;
    pli_doc_row old;
    receipt->id = change->waited;
    plurum_status status = pli_waiting_get(&model, txn, change->waited, error);
    if (status || model != index->model) return status;
    if (!change->vector) return pli_waiting_remove(txn, change->waited, error);
    status = pli_doc_get(&old, txn, change->waited, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, PLURUM_CORRUPT, "docs: document %lu is missing",
                        (unsigned long)change->waited);
    return status ? status : put_again(change, index, txn, &old, receipt, error);
}
