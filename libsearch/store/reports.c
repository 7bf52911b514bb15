/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Outcomes, votes and reporters. An outcome and a vote share one form: who said what of which
 * document, when, and with what weight; keyed by document and agent, so that there is one of each.
 */
#include <config.h>

#include "store/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"

typedef struct report_key {
    unsigned char bytes[4 + PLURUM_AGENT_MAX];
    size_t len;
} report_key;

static report_key key_of(uint32_t id, pli_slice agent)
{
    report_key key = {{0}, 4 + (agent.len < PLURUM_AGENT_MAX ? agent.len : PLURUM_AGENT_MAX)};
    pli_store_be32(key.bytes, id);
    if (agent.len) memcpy(key.bytes + 4, agent.bytes, key.len - 4);
    return key;
}

plurum_status pli_report_decode(pli_report_row *row, uint32_t *id, pli_slice key, pli_slice value,
                                plurum_error *error)
{
    *id = key.len >= 4 ? pli_load_be32(key.bytes) : 0;
    pli_reader r = pli_reader_of(value.bytes, value.len);
    row->seq = pli_read_u64(&r);
    row->value = (int8_t)pli_read_u8(&r);
    row->counted = (uint8_t)pli_read_u8(&r);
    row->at = (int64_t)pli_read_u64(&r);
    row->weight = pli_read_f64(&r);
    row->execution_time_ms = (int64_t)pli_read_u64(&r);
    row->error_message = pli_slice_read(&r);
    row->context_notes = pli_slice_read(&r);
    row->env_fingerprint = pli_slice_read(&r);
    int has_query = r.at != r.end; /* a row without ends here */
    row->query = has_query ? pli_slice_read(&r) : pli_slice_of(NULL, 0);
    row->query_words = has_query ? pli_read_u64(&r) : 0;
    row->query_code = has_query ? pli_slice_read(&r) : pli_slice_of(NULL, 0);
    if (r.failed || r.at != r.end || key.len <= 4 || key.len > 4 + PLURUM_AGENT_MAX ||
        row->value < -1 || row->value > 1 ||
        row->counted > 1 || !(row->weight > 0.0 && row->weight <= 1.0) ||
        (has_query && !row->query.len && !row->query_code.len))
        return pli_fail(error, PLURUM_CORRUPT, "a report on document %lu is malformed",
                        (unsigned long)*id);
    row->agent = pli_slice_of(key.bytes + 4, key.len - 4);
    return PLURUM_OK;
}

plurum_status pli_report_get(pli_report_row *row, pli_txn *txn, pli_table table, uint32_t id,
                             const char *agent, plurum_error *error)
{
    report_key key = key_of(id, pli_slice_text(agent));
    pli_slice value;
    plurum_status status = pli_get(&value, txn, table, key.bytes, key.len, error);
    if (status) return status;
    status = pli_report_decode(row, &id, pli_slice_of(key.bytes, key.len), value, error);
    row->agent = pli_slice_text(agent);
    return status;
}

plurum_status pli_report_put(pli_txn *txn, pli_table table, uint32_t id,
                             const pli_report_row *row, plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT;
    pli_buf_u64(&buf, row->seq);
    pli_buf_u8(&buf, (unsigned char)row->value);
    pli_buf_u8(&buf, row->counted);
    pli_buf_u64(&buf, (uint64_t)row->at);
    pli_buf_f64(&buf, row->weight);
    pli_buf_u64(&buf, (uint64_t)row->execution_time_ms);
    pli_slice_put(&buf, row->error_message);
    pli_slice_put(&buf, row->context_notes);
    pli_slice_put(&buf, row->env_fingerprint);
    if (row->query.len || row->query_code.len) {
        pli_slice_put(&buf, row->query);
        pli_buf_u64(&buf, row->query_words);
        pli_slice_put(&buf, row->query_code);
    }
    report_key key = key_of(id, row->agent);
    plurum_status status = buf.failed
                               ? pli_nomem(error)
                               : pli_put(txn, table, key.bytes, key.len, buf.bytes, buf.len, error);
    pli_buf_free(&buf);
    return status;
}

plurum_status pli_report_del(pli_txn *txn, pli_table table, uint32_t id, pli_slice agent,
                             plurum_error *error)
{
    report_key key = key_of(id, agent);
    return pli_del(txn, table, key.bytes, key.len, error);
}

static int by_seq(const void *a, const void *b)
{
    const pli_report_row *x = a, *y = b;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Copies rows and the bytes they point to into one block, which outlives any write. */
static pli_report_row *own(const pli_report_row *rows, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += rows[i].agent.len + rows[i].error_message.len + rows[i].context_notes.len +
                 rows[i].env_fingerprint.len + rows[i].query.len + rows[i].query_code.len;
    pli_report_row *owned = pli_malloc(count * sizeof *owned + bytes);
    if (!owned) return NULL;
    unsigned char *room = (unsigned char *)(owned + count);
    for (size_t i = 0; i < count; i++) {
        owned[i] = rows[i];
        pli_slice *slices[] = {&owned[i].agent,           &owned[i].error_message,
                               &owned[i].context_notes,   &owned[i].env_fingerprint,
                               &owned[i].query,           &owned[i].query_code};
        for (size_t s = 0; s < sizeof slices / sizeof *slices; s++) {
            if (slices[s]->len) memcpy(room, slices[s]->bytes, slices[s]->len);
            slices[s]->bytes = room;
            room += slices[s]->len;
        }
    }
    return owned;
}

static plurum_status collect(pli_report_row **rows, size_t *count, pli_txn *txn, pli_table table,
                             uint32_t id, plurum_error *error)
{
    unsigned char start[4];
    pli_walk *walk;
    size_t cap = 0;
    pli_store_be32(start, id);
    plurum_status status = pli_walk_begin(&walk, txn, table, start, sizeof start, error);
    pli_slice key, value;
    while (!status && !(status = pli_walk_next(walk, &key, &value, error))) {
        uint32_t of;
        if (key.len < 4 || pli_load_be32(key.bytes) != id) break;
        if (pli_grow(rows, &cap, *count, sizeof **rows)) status = pli_nomem(error);
        if (!status) status = pli_report_decode(&(*rows)[*count], &of, key, value, error);
        if (!status) ++*count;
    }
    pli_walk_end(walk);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

plurum_status pli_reports_of(pli_report_row **rows, size_t *count, pli_txn *txn, pli_table table,
                             uint32_t id, plurum_error *error)
{
    pli_report_row *found = NULL;
    *rows = NULL;
    *count = 0;
    plurum_status status = collect(&found, count, txn, table, id, error);
    if (!status && *count) {
        qsort(found, *count, sizeof *found, by_seq);
        *rows = own(found, *count);
        if (!*rows) status = pli_nomem(error);
    }
    if (status) *count = 0;
    pli_free(found);
    return status;
}

plurum_status pli_reporter_get(uint64_t *outcomes, pli_txn *txn, pli_slice agent,
                               plurum_error *error)
{
    pli_slice value;
    *outcomes = 0;
    plurum_status status = pli_get(&value, txn, PLI_REPORTERS, agent.bytes, agent.len, error);
    if (status == PLURUM_NOTFOUND) return PLURUM_OK;
    if (status) return status;
    if (value.len != 8)
        return pli_fail(error, PLURUM_CORRUPT, "reporters: the record of %.*s has %zu bytes",
                        (int)agent.len, (const char *)agent.bytes, value.len);
    *outcomes = pli_load_u64(value.bytes);
    return PLURUM_OK;
}

plurum_status pli_reporter_put(pli_txn *txn, pli_slice agent, uint64_t outcomes,
                               plurum_error *error)
{
    unsigned char value[8];
    pli_store_u64(value, outcomes);
    return pli_put(txn, PLI_REPORTERS, agent.bytes, agent.len, value, sizeof value, error);
}
