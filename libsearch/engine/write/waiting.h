/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents that wait for their vector: records of the store beside the vectors, so that they are
 * written, removed, copied and checked with them. They stand under model number 0 and hold the
 * number of the model whose vector is to come.
 */
#ifndef PLI_ENGINE_WRITE_WAITING_H
#define PLI_ENGINE_WRITE_WAITING_H

#include "store/store.h"

plurum_status pli_waiting_put(pli_txn *txn, uint32_t id, uint32_t model, plurum_error *error);
/* Fine where there is none. */
plurum_status pli_waiting_remove(pli_txn *txn, uint32_t id, plurum_error *error);
/* *model: that which a document waits for, or 0. */
plurum_status pli_waiting_get(uint32_t *model, pli_txn *txn, uint32_t id, plurum_error *error);

/* The next ids after `after`, at most `most`, that wait for a model; for any where it is 0. */
plurum_status pli_waiting_list(uint32_t *ids, size_t *count, size_t most, uint32_t after,
                               uint32_t model, pli_txn *txn, plurum_error *error);
/* How many wait for it, or for any. */
plurum_status pli_waiting_count(uint64_t *count, uint32_t model, pli_txn *txn, plurum_error *error);

#endif
