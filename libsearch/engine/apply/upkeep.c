/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeping the log short and the reader slots free.
 */
#include <config.h>

#include "engine/apply/upkeep.h"

/* Drops the oldest events, one step at most. */
static plurum_status drop_events(void *payload, pli_txn *txn, plurum_error *error)
{
    (void)payload;
    uint64_t seq = pli_txn_seq(txn), dropped = seq - pli_txn_count(txn, PLI_LOG);
    uint64_t upto = seq > PLI_LOG_KEPT ? seq - PLI_LOG_KEPT : 0;
    if (upto > dropped + PLI_LOG_STEP) upto = dropped + PLI_LOG_STEP;
    return pli_log_truncate(txn, upto, error);
}

static plurum_status count_events(uint64_t *count, plurum_index *index, plurum_error *error)
{
    pli_txn *txn;
    plurum_status status = pli_txn_read(&txn, index->store, error);
    if (status) return status;
    *count = pli_txn_count(txn, PLI_LOG);
    pli_txn_end(txn);
    return PLURUM_OK;
}

plurum_status pli_upkeep(plurum_index *index, plurum_error *error)
{
    uint64_t count;
    plurum_status status = pli_store_free_slots(index->store, error);
    if (!status) status = count_events(&count, index, error);
    while (!status && count >= PLI_LOG_KEPT + PLI_LOG_STEP) {
        status = pli_write_apart(index, drop_events, NULL, error);
        if (!status) status = count_events(&count, index, error);
    }
    return status;
}
