/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: one event a change, numbered without gaps. It says only which document changed; whoever
 * follows it reads the document's present state from the store, so that following twice, or from
 * further back, gives the same.
 */
#include <config.h>

#include "store/env.h"

#include "base/buf.h"
#include "base/error.h"

plurum_status pli_log_append(pli_txn *txn, pli_event_kind kind, uint32_t id, uint64_t *seq,
                             plurum_error *error)
{
    unsigned char key[8], value[5];
    *seq = txn->counters.seq + 1;
    pli_store_be64(key, *seq);
    value[0] = (unsigned char)kind;
    pli_store_u32(value + 1, id);
    plurum_status status = pli_put(txn, PLI_LOG, key, sizeof key, value, sizeof value, error);
    if (!status) txn->counters.seq = *seq;
    return status;
}

static plurum_status bad_event(const pli_txn *txn, uint64_t seq, plurum_error *error)
{
    return pli_fail(error, PLURUM_CORRUPT, "%s/data.mdb: log: event %llu is missing or malformed",
                    txn->store->directory, (unsigned long long)seq);
}

plurum_status pli_log_replay(pli_txn *txn, uint64_t after,
                             plurum_status (*each)(void *payload, uint64_t seq,
                                                   pli_event_kind kind, uint32_t id,
                                                   plurum_error *error),
                             void *payload, plurum_error *error)
{
    uint64_t last = txn->counters.seq;
    if (after >= last) return PLURUM_OK;
    if (after + 1 < txn->counters.log_first) return PLURUM_NOTFOUND;
    unsigned char start[8];
    pli_store_be64(start, after + 1);
    pli_walk *walk;
    plurum_status status = pli_walk_begin(&walk, txn, PLI_LOG, start, sizeof start, error);
    if (status) return status;
    for (uint64_t seq = after + 1; seq <= last && !status; seq++) {
        pli_slice key, value;
        status = pli_walk_next(walk, &key, &value, error);
        if (status == PLURUM_NOTFOUND ||
            (!status && (key.len != 8 || pli_load_be64(key.bytes) != seq || value.len != 5)))
            status = bad_event(txn, seq, error);
        if (!status)
            status = each(payload, seq, (pli_event_kind)value.bytes[0],
                          pli_load_u32(value.bytes + 1), error);
    }
    pli_walk_end(walk);
    return status;
}

plurum_status pli_log_truncate(pli_txn *txn, uint64_t upto, plurum_error *error)
{
    if (upto > txn->counters.seq) upto = txn->counters.seq;
    for (uint64_t seq = txn->counters.log_first; seq <= upto; seq++) {
        unsigned char key[8];
        pli_store_be64(key, seq);
        plurum_status status = pli_del(txn, PLI_LOG, key, sizeof key, error);
        if (status == PLURUM_NOTFOUND) status = bad_event(txn, seq, error);
        if (status) return status;
        txn->counters.log_first = seq + 1;
    }
    return PLURUM_OK;
}

plurum_status pli_log_skip(pli_txn *txn, uint64_t seq, plurum_error *error)
{
    if (seq <= txn->counters.seq) return PLURUM_OK;
    plurum_status status = pli_log_truncate(txn, txn->counters.seq, error);
    if (status) return status;
    txn->counters.seq = seq;
    txn->counters.log_first = seq + 1;
    return PLURUM_OK;
}
