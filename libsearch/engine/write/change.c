/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all changes share, and those of a document's state: lifecycle and deletion.
 */
#include <config.h>

#include "engine/write/change.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/write/import.h"
#include "engine/write/waiting.h"

void pli_change_free(pli_change *change)
{
    pli_free(change->id);
    pli_free(change->agent);
    pli_buf_free(&change->strings);
    pli_buf_free(&change->blob);
    pli_free(change->text);
    pli_free(change->vector);
    pli_free(change->query_code);
    pli_terms_unref(change->terms);
    pli_import_free(change->import);
    memset(change, 0, sizeof *change);
}

plurum_status pli_change_run(pli_change *change, plurum_index *index, pli_txn *txn, int64_t now,
                             plurum_receipt *receipt, plurum_error *error)
{
    static pli_change_method *const METHODS[] = {
        [PLI_CHANGE_PUT] = pli_run_put,
        [PLI_CHANGE_OUTCOME] = pli_run_outcome,
        [PLI_CHANGE_VOTE] = pli_run_vote,
        [PLI_CHANGE_LIFECYCLE] = pli_run_lifecycle,
        [PLI_CHANGE_DELETE] = pli_run_delete,
        [PLI_CHANGE_VECTOR] = pli_run_vector,
    };
    memset(receipt, 0, sizeof *receipt);
    return METHODS[change->kind](change, index, txn, now, receipt, error);
}

static plurum_status no_document(const pli_change *change, plurum_error *error)
{
    char quoted[PLI_QUOTE_SIZE];
    return pli_fail(error, PLURUM_NOTFOUND, "no document %s",
                    pli_quote(quoted, change->id, strlen(change->id)));
}

plurum_status pli_change_find(uint32_t *id, pli_doc_row *row, pli_txn *txn,
                              const pli_change *change, plurum_error *error)
{
    plurum_status status = pli_doc_find(id, txn, change->id, error);
    if (status == PLURUM_NOTFOUND) return no_document(change, error);
    if (!status) status = pli_doc_get(row, txn, *id, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, PLURUM_CORRUPT, "docs: document %lu is missing",
                        (unsigned long)*id);
    return status;
}

plurum_status pli_change_permit(const pli_change *change, const pli_doc_row *row,
                                plurum_error *error)
{
    if (!change->agent || pli_slice_is(row->owner, change->agent)) return PLURUM_OK;
    /* what the agent may not see is not there: a refusal would tell that it is */
    if (!pli_may_see(&(plurum_viewer){.agent = change->agent}, row))
        return no_document(change, error);
    char quoted[PLI_QUOTE_SIZE];
    return pli_fail(error, PLURUM_FORBIDDEN, "agent %s is not the owner of %s",
                    pli_quote(quoted, change->agent, strlen(change->agent)), change->id);
}

static void fill_receipt(plurum_receipt *receipt, uint32_t id, const pli_doc_row *row, int changed)
{
    receipt->id = id;
    receipt->changed = changed;
    snprintf(receipt->key, sizeof receipt->key, "%.*s", (int)row->key.len,
             (const char *)row->key.bytes);
    snprintf(receipt->short_id, sizeof receipt->short_id, "%.*s", (int)row->short_id.len,
             (const char *)row->short_id.bytes);
}

plurum_status pli_run_lifecycle(pli_change *change, plurum_index *index, pli_txn *txn,
                                int64_t now, plurum_receipt *receipt, plurum_error *error)
{
    (void)index;
    uint32_t id;
    pli_doc_row row;
    uint64_t seq;
    plurum_status status = pli_change_find(&id, &row, txn, change, error);
    if (!status) status = pli_change_permit(change, &row, error);
    if (status) return status;
    int same = row.lifecycle == change->lifecycle ||
               (row.lifecycle == PLURUM_VERIFIED && change->lifecycle == PLURUM_PUBLISHED);
    fill_receipt(receipt, id, &row, !same);
    if (same) return PLURUM_OK;
    row.lifecycle = (uint8_t)change->lifecycle;
    row.updated_at = now;
    status = pli_doc_put(txn, id, &row, error); /* encodes before it writes: row may point inside */
    return status ? status : pli_log_append(txn, PLI_EVENT_STATE, id, &seq, error);
}

static plurum_status remove_record(pli_txn *txn, pli_table table, const void *key, size_t len,
                                   plurum_error *error)
{
    plurum_status status = pli_del(txn, table, key, len, error);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

plurum_status pli_remove_document(pli_txn *txn, uint32_t id, const pli_doc_row *row,
                                  int keep_names, plurum_error *error)
{
    unsigned char key[4], vector_key[8], name[PLURUM_KEY_MAX], short_id[PLURUM_SHORT_ID_LEN];
    size_t name_len = row->key.len, short_len = row->short_id.len;
    uint64_t seq;
    if (name_len > sizeof name || short_len > sizeof short_id)
        return pli_fail(error, PLURUM_CORRUPT, "docs: document %lu has impossible names",
                        (unsigned long)id);
    memcpy(name, row->key.bytes, name_len); /* the row's memory goes with the first deletion */
    if (short_len) memcpy(short_id, row->short_id.bytes, short_len);
    pli_store_be32(key, id);
    pli_store_be32(vector_key + 4, id);
    plurum_status status = remove_record(txn, PLI_DOCS, key, 4, error);
    if (!status) status = remove_record(txn, PLI_BLOBS, key, 4, error);
    if (!status) status = remove_record(txn, PLI_TRUST, key, 4, error);
    for (uint32_t model = 1; model <= PLI_MODELS && !status; model++) {
        pli_store_be32(vector_key, model);
        status = remove_record(txn, PLI_VECTORS, vector_key, 8, error);
    }
    if (!status) status = pli_waiting_remove(txn, id, error);
    if (!status && !keep_names) status = remove_record(txn, PLI_KEYS, name, name_len, error);
    if (!status && !keep_names && short_len)
        status = remove_record(txn, PLI_SHORTS, short_id, short_len, error);
    return status ? status : pli_log_append(txn, PLI_EVENT_DELETE, id, &seq, error);
}

static plurum_status remove_reports(pli_txn *txn, pli_table table, uint32_t id,
                                    plurum_error *error)
{
    pli_report_row *rows;
    size_t count;
    plurum_status status = pli_reports_of(&rows, &count, txn, table, id, error);
    for (size_t i = 0; i < count && !status; i++)
        status = pli_report_del(txn, table, id, rows[i].agent, error);
    pli_free(rows);
    return status;
}

plurum_status pli_run_delete(pli_change *change, plurum_index *index, pli_txn *txn, int64_t now,
                             plurum_receipt *receipt, plurum_error *error)
{
    (void)index;
    (void)now;
    uint32_t id;
    pli_doc_row row;
    plurum_status status = pli_change_find(&id, &row, txn, change, error);
    if (!status) status = pli_change_permit(change, &row, error);
    if (status) return status;
    fill_receipt(receipt, id, &row, 1);
    status = pli_remove_document(txn, id, &row, 0, error);
    if (!status) status = remove_reports(txn, PLI_OUTCOMES, id, error);
    if (!status) status = remove_reports(txn, PLI_VOTES, id, error);
    return status;
}
