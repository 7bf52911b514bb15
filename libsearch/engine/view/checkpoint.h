/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checkpoint of an index: the files `columns` and `vectors`, from which a handle makes its first
 * view without reading the whole store (docs/decisions/0015).
 *
 * Both are derived, and never truth: one that is missing, damaged, of another store or generation, or
 * of a moment that the store or its log does not know is left alone, and the store is read instead. A
 * writing process removes what it cannot use, and writes another when enough has changed.
 */
#ifndef PLI_ENGINE_VIEW_CHECKPOINT_H
#define PLI_ENGINE_VIEW_CHECKPOINT_H

#include <pthread.h>
#include <stdatomic.h>

#include <plurum/index.h>

#include "engine/view/sections.h"
#include "engine/view/view.h"

enum {
    /* Events after which another checkpoint is due: so many, or a part of the documents. Following
     * them takes an opening as long as reading as many documents. */
    PLI_CHECKPOINT_EVENTS = 4096,
    PLI_CHECKPOINT_PART = 16,
    /* Vectors that no file has before the one of vectors is written anew: so many, or a part. */
    PLI_CHECKPOINT_VECTORS = 1024,
    PLI_CHECKPOINT_VECTORS_PART = 4
};

/* Of the handle. */
typedef struct pli_checkpoint {
    uint64_t owner;        /* goes into both files: whose they are                          */
    pthread_mutex_t work;  /* held while files are written, or kept from being              */
    _Atomic uint64_t seq;  /* moment of `columns`; 0: there is none                         */
    pli_bitmap held;       /* ids that `vectors` has; of who makes the first view, then of  */
                           /* who holds `work`                                              */
    pli_sections columns, vectors; /* what the handle's views use where it is mapped        */
} pli_checkpoint;

void pli_checkpoint_init(pli_checkpoint *checkpoint);
void pli_checkpoint_destroy(pli_checkpoint *checkpoint);
/* What goes into the files of an open store: a hash over the owner of its segments and its generation. */
uint64_t pli_checkpoint_owner(const plurum_index *index, uint32_t generation);
/* Unmaps the files; whoever uses them is gone already. */
void pli_checkpoint_drop(pli_checkpoint *checkpoint);

/* Removes files that this index cannot use, and what a killed process left half-written. For writing
 * processes, before they commit anything: later a file of a lost future would look like one of the past. */
plurum_status pli_checkpoint_sweep(plurum_index *index, plurum_error *error);
/* Removes both files: what is in them is to be left nowhere. */
plurum_status pli_checkpoint_remove(const char *path, plurum_error *error);

/*
 * Lets empty columns begin with the checkpoint: *out is the view of its moment, whose vectors are all
 * there, or NULL where there is none of use. Under the view mutex, once a handle.
 * Errors: of the store's alone.
 */
plurum_status pli_checkpoint_load(pli_view **out, plurum_index *index, const pli_view_source *source,
                                  pli_txn *txn, plurum_error *error);
/* Lends vectors that the handle has not yet. */
plurum_status pli_checkpoint_lend(plurum_index *index, plurum_error *error);

/* Writes what is due. Nothing depends on it: a failure is told and forgotten. */
void pli_checkpoint_consider(plurum_index *index);

/* Removes `columns` and keeps others from coming until pli_checkpoint_release: names leave the index. */
plurum_status pli_checkpoint_hold(plurum_index *index, plurum_error *error);
void pli_checkpoint_release(plurum_index *index);

/* Adds to the statistics. */
void pli_checkpoint_count(plurum_stats *stats, plurum_index *index);

/* The files' names; the caller's. */
char *pli_checkpoint_columns_path(const char *path);
char *pli_checkpoint_vectors_path(const char *path);

#endif
