/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When the store gets a compression dictionary, and what it is trained on.
 */
#ifndef PLI_ENGINE_APPLY_DICTIONARY_H
#define PLI_ENGINE_APPLY_DICTIONARY_H

#include "engine/engine.h"

/* Trains on the public documents of a moment; nothing is appended to `bytes` where they do not make
 * a dictionary. *samples: how many were taken. */
plurum_status pli_dictionary_make(pli_buf *bytes, uint64_t *samples, plurum_index *index,
                                  pli_txn *txn, plurum_error *error);

/* Trains the first dictionary once there are enough public documents. */
plurum_status pli_dictionary_consider(plurum_index *index, plurum_error *error);

#endif
