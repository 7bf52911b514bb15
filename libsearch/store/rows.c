/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Encoding and decoding of documents' headers and trust states. Bytes in docs/format.md.
 */
#include <config.h>

#include "store/rows.h"

#include <math.h>
#include <string.h>

#include <plurum/experience.h>

#include "base/buf.h"
#include "base/error.h"

static plurum_status malformed(pli_table table, uint32_t id, plurum_error *error)
{
    return pli_fail(error, PLURUM_CORRUPT, "%s: the record of document %lu is malformed",
                    pli_table_name(table), (unsigned long)id);
}

static int plausible(double confidence)
{
    return isnan(confidence) || (confidence >= 0.0 && confidence <= 1.0);
}

plurum_status pli_doc_decode(pli_doc_row *row, uint32_t id, pli_slice value, plurum_error *error)
{
    pli_reader r = pli_reader_of(value.bytes, value.len);
    row->kind = (uint8_t)pli_read_u8(&r);
    row->lifecycle = (uint8_t)pli_read_u8(&r);
    row->visibility = (uint8_t)pli_read_u8(&r);
    row->has_vector = (uint8_t)pli_read_u8(&r);
    row->put_seq = pli_read_u64(&r);
    row->created_at = (int64_t)pli_read_u64(&r);
    row->updated_at = (int64_t)pli_read_u64(&r);
    row->confidence = pli_read_f64(&r);
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) row->length[f] = pli_read_u32(&r);
    row->plain_len = pli_read_u32(&r);
    row->key = pli_slice_read(&r);
    row->short_id = pli_slice_read(&r);
    row->owner = pli_slice_read(&r);
    row->domain = pli_slice_read(&r);
    row->tools = pli_slice_read(&r);
    row->tags = pli_slice_read(&r);
    int sound = !r.failed && r.at == r.end && row->kind <= 1 && row->has_vector < 1 << PLI_MODELS &&
                row->lifecycle < PLURUM_LIFECYCLE_COUNT &&
                row->visibility < PLURUM_VISIBILITY_COUNT && row->key.len > 0 &&
                row->key.len <= PLURUM_KEY_MAX && row->short_id.len <= PLURUM_SHORT_ID_LEN &&
                row->owner.len <= PLURUM_AGENT_MAX && plausible(row->confidence) &&
                (row->tools.len == 0 || row->tools.bytes[row->tools.len - 1] == '\0') &&
                (row->tags.len == 0 || row->tags.bytes[row->tags.len - 1] == '\0');
    return sound ? PLURUM_OK : malformed(PLI_DOCS, id, error);
}

plurum_status pli_doc_get(pli_doc_row *row, pli_txn *txn, uint32_t id, plurum_error *error)
{
    unsigned char key[4];
    pli_slice value;
    pli_store_be32(key, id);
    plurum_status status = pli_get(&value, txn, PLI_DOCS, key, sizeof key, error);
    return status ? status : pli_doc_decode(row, id, value, error);
}

plurum_status pli_doc_put(pli_txn *txn, uint32_t id, const pli_doc_row *row, plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT;
    pli_buf_u8(&buf, row->kind);
    pli_buf_u8(&buf, row->lifecycle);
    pli_buf_u8(&buf, row->visibility);
    pli_buf_u8(&buf, row->has_vector);
    pli_buf_u64(&buf, row->put_seq);
    pli_buf_u64(&buf, (uint64_t)row->created_at);
    pli_buf_u64(&buf, (uint64_t)row->updated_at);
    pli_buf_f64(&buf, row->confidence);
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++) pli_buf_u32(&buf, row->length[f]);
    pli_buf_u32(&buf, row->plain_len);
    pli_slice_put(&buf, row->key);
    pli_slice_put(&buf, row->short_id);
    pli_slice_put(&buf, row->owner);
    pli_slice_put(&buf, row->domain);
    pli_slice_put(&buf, row->tools);
    pli_slice_put(&buf, row->tags);
    unsigned char key[4];
    pli_store_be32(key, id);
    plurum_status status = buf.failed
                               ? pli_nomem(error)
                               : pli_put(txn, PLI_DOCS, key, sizeof key, buf.bytes, buf.len, error);
    pli_buf_free(&buf);
    return status;
}

static plurum_status find_in(uint32_t *id, pli_txn *txn, pli_table table, const char *name,
                             size_t len, plurum_error *error)
{
    pli_slice value;
    plurum_status status = pli_get(&value, txn, table, name, len, error);
    if (status) return status;
    if (value.len != 4)
        return pli_fail(error, PLURUM_CORRUPT, "%s: the record of %.40s has %zu bytes",
                        pli_table_name(table), name, value.len);
    *id = pli_load_u32(value.bytes);
    return PLURUM_OK;
}

plurum_status pli_doc_find(uint32_t *id, pli_txn *txn, const char *name, plurum_error *error)
{
    size_t len = strlen(name);
    if (len == 0 || len > PLURUM_KEY_MAX) return PLURUM_NOTFOUND;
    plurum_status status = find_in(id, txn, PLI_KEYS, name, len, error);
    if (status == PLURUM_NOTFOUND && len == 8)
        status = find_in(id, txn, PLI_SHORTS, name, len, error);
    return status;
}

enum { TRUST_BYTES = 56 };

plurum_status pli_trust_decode(plurum_trust_state *state, uint32_t id, pli_slice value,
                               plurum_error *error)
{
    pli_reader r = pli_reader_of(value.bytes, value.len);
    state->successes = pli_read_f64(&r);
    state->failures = pli_read_f64(&r);
    state->failure_weight = pli_read_f64(&r);
    state->reference = (int64_t)pli_read_u64(&r);
    state->success_count = pli_read_u32(&r);
    state->failure_count = pli_read_u32(&r);
    state->up = pli_read_u32(&r);
    state->down = pli_read_u32(&r);
    state->confidence = pli_read_f64(&r);
    if (r.failed || r.at != r.end || plurum_trust_check(state))
        return malformed(PLI_TRUST, id, error);
    return PLURUM_OK;
}

plurum_status pli_trust_get(plurum_trust_state *state, pli_txn *txn, uint32_t id,
                            plurum_error *error)
{
    unsigned char key[4];
    pli_slice value;
    pli_store_be32(key, id);
    plurum_status status = pli_get(&value, txn, PLI_TRUST, key, sizeof key, error);
    return status ? status : pli_trust_decode(state, id, value, error);
}

plurum_status pli_trust_put(pli_txn *txn, uint32_t id, const plurum_trust_state *state,
                            plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT;
    pli_buf_f64(&buf, state->successes);
    pli_buf_f64(&buf, state->failures);
    pli_buf_f64(&buf, state->failure_weight);
    pli_buf_u64(&buf, (uint64_t)state->reference);
    pli_buf_u32(&buf, state->success_count);
    pli_buf_u32(&buf, state->failure_count);
    pli_buf_u32(&buf, state->up);
    pli_buf_u32(&buf, state->down);
    pli_buf_f64(&buf, state->confidence);
    unsigned char key[4];
    pli_store_be32(key, id);
    plurum_status status = buf.failed ? pli_nomem(error)
                                      : pli_put(txn, PLI_TRUST, key, sizeof key, buf.bytes,
                                                buf.len, error);
    pli_buf_free(&buf);
    return status;
}
