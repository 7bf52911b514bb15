/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot: one moment of an index. A read transaction, the view of exactly its sequence number,
 * and a reader of the text index that, together with the view's tail, covers every document.
 */
#ifndef PLI_ENGINE_SNAPSHOT_H
#define PLI_ENGINE_SNAPSHOT_H

#include "engine/engine.h"

typedef struct pli_snapshot {
    plurum_index *index;
    pli_txn *txn;
    pli_view *view;
    pli_text_reader *reader; /* NULL: no text index on disk, everything is in the tail */
    unsigned generation;     /* of the text index                                      */
} pli_snapshot;

/* The newest moment. Errors: CORRUPT, IO, NOMEM, LIMIT (too many readers). */
plurum_status pli_snapshot_take(pli_snapshot *snapshot, plurum_index *index,
                                plurum_error *error);
void pli_snapshot_release(pli_snapshot *snapshot);

/* Releases a snapshot whose text index cannot be read, as `error` says, and has the index made anew.
 * OK: take another snapshot. CORRUPT: the handle only reads; the error stays. */
plurum_status pli_snapshot_heal(pli_snapshot *snapshot, plurum_error *error);

/* Moves the text reader to its newest revision (its old one is gone); the moment stays. */
plurum_status pli_snapshot_refresh(pli_snapshot *snapshot, plurum_error *error);

#endif
