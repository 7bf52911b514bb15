/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A snapshot: one moment of an index. A read transaction, the view of exactly its sequence number,
 * and a reader of the text index that, together with the view's tail, covers every document.
 */
#ifndef PLI_ENGINE_VIEW_SNAPSHOT_H
#define PLI_ENGINE_VIEW_SNAPSHOT_H

#include "engine/engine.h"

typedef struct pli_snapshot {
    plurum_index *index;
    pli_txn *txn;
    pli_view *view;
    pli_text_reader *reader; /* NULL: no text index on disk, everything is in the tail */
    unsigned generation;     /* of the text index                                      */
    int text_unread;         /* 1: it cannot be read, as `why` says                    */
    int text_lost;           /* 1: nor does the tail reach back to the first document: */
    plurum_error why;        /* there is no text leg                                   */
} pli_snapshot;

/* The newest moment. A text index that cannot be read is no failure, it only loses the text leg.
 * Errors: CORRUPT, IO (too many readers, too), NOMEM. */
plurum_status pli_snapshot_take(pli_snapshot *snapshot, plurum_index *index,
                                plurum_error *error);
void pli_snapshot_release(pli_snapshot *snapshot);

/* Releases a snapshot whose text index cannot be read, as `error` says, and has the index made anew.
 * OK: take another snapshot. CORRUPT: the handle only reads; the error stays. */
plurum_status pli_snapshot_heal(pli_snapshot *snapshot, plurum_error *error);

/* Goes on without the text index, which proved unreadable as *why says. */
void pli_snapshot_lose_text(pli_snapshot *snapshot, const plurum_error *why);

/* Moves the text reader to its newest revision (its old one is gone); the moment stays. */
plurum_status pli_snapshot_refresh(pli_snapshot *snapshot, plurum_error *error);

/* Gives up what searches keep in memory; nobody else uses the handle, or has a view yet. */
void pli_forget_views(plurum_index *index);

/*
 * Runs a step that reads the text index, some milliseconds long. When its revision goes away under it
 * (BUSY), the step is done again on the newest; the moment stays the same, so does what comes of it.
 * From the fourth time on the applier of the handle is held back meanwhile; one of another process
 * cannot be, and is given a little time instead. BUSY: it was in vain each time.
 */
typedef plurum_status pli_snapshot_step(void *payload, plurum_error *error);
plurum_status pli_snapshot_read_text(pli_snapshot *snapshot, pli_snapshot_step *step, void *payload,
                                     plurum_error *error);

#endif
