/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The segments that an index has, as the store records them.
 *
 * Any set of segments serves any moment: a segment proposes documents by id, the snapshot says which
 * ids are allowed, and what no segment holds is scanned. So a search takes the newest set that its
 * process has at hand, and a segment that is damaged or gone only makes it slower.
 */
#ifndef PLI_ENGINE_VIEW_SEGMENTS_H
#define PLI_ENGINE_VIEW_SEGMENTS_H

#include <pthread.h>
#include <stdatomic.h>

#include <plurum/index.h>

#include "store/store.h"
#include "vector/segment.h"

enum { PLI_SEGMENTS_MAX = 64 }; /* recorded at once; merging keeps them far below */

/* One line of the record. */
typedef struct pli_segment_line {
    uint32_t number;   /* and so the name of its file */
    uint32_t count, last_id;
    uint64_t checksum; /* of its header               */
} pli_segment_line;

/* The record: what the store says. */
typedef struct pli_segments_record {
    uint64_t serial; /* goes up with every change */
    uint32_t next_number;
    uint32_t count;
    pli_segment_line lines[PLI_SEGMENTS_MAX];
} pli_segments_record;

/* An open segment, shared by the sets that have it. */
typedef struct pli_shared_segment {
    _Atomic uint32_t references;
    pli_segment_line line;
    pli_segment *segment;
} pli_shared_segment;

/* The open segments of one record. */
typedef struct pli_segment_set {
    _Atomic uint32_t references;
    uint64_t serial;
    size_t count;
    size_t lost_count; /* recorded, but damaged or gone */
    uint32_t lost[PLI_SEGMENTS_MAX];
    pli_shared_segment *segments[PLI_SEGMENTS_MAX];
} pli_segment_set;

/* Of the handle. */
typedef struct pli_segments {
    char *directory;
    uint64_t owner;          /* goes into every segment: whose it is       */
    pthread_mutex_t loading; /* held by the one thread that opens segments */
    pthread_mutex_t mutex;   /* guards set                                 */
    pli_segment_set *set;    /* the newest known, or NULL                  */
    pli_segment_set *lender; /* whose vectors the handle uses, or NULL     */
} pli_segments;

/* What the store says at the transaction's moment; nothing (serial 0) where there is no record or a
 * damaged one. */
void pli_segments_read(pli_segments_record *out, pli_txn *txn);

/*
 * The newest set this process has, brought up to the transaction's record unless another thread is
 * doing so. One reference is the caller's; NULL: there are no segments.
 */
pli_segment_set *pli_segments_at(plurum_index *index, pli_txn *txn);
void pli_segment_set_unref(pli_segment_set *set); /* NULL is fine */

/* The name of a segment's file, or of the one under way; the caller's. */
char *pli_segments_path(const pli_segments *segments, uint32_t number, int is_finished);

/*
 * Records in one transaction that some segments are gone and, unless added is NULL, that one is new;
 * the new set is this process's from then on. Files are the caller's part.
 */
plurum_status pli_segments_change(plurum_index *index, const uint32_t *removed,
                                  size_t removed_count, const pli_segment_line *added,
                                  plurum_error *error);

/* Removes files that no record names: what a killed process has left. Writing processes only. */
plurum_status pli_segments_sweep(plurum_index *index, plurum_error *error);

/*
 * Lends the vectors of the set at this moment to an empty pli_flat, for the handle's life: they need
 * not be read from the store. Waits for whoever is opening segments. Once a handle.
 */
plurum_status pli_segments_lend(plurum_index *index, pli_txn *txn, plurum_error *error);

/* Records that there are none: other vectors become the live ones in this transaction. Numbers of
 * files are not given twice. */
plurum_status pli_segments_forget(pli_txn *txn, plurum_error *error);
/* Whether a record of the store is the one of segments. */
int pli_segments_is_record(pli_table table, pli_slice key);

/* Sums for statistics. */
void pli_segments_count(plurum_stats *stats, plurum_index *index, pli_txn *txn);

void pli_segments_init(pli_segments *segments);
/* number: of the model in the store. */
plurum_status pli_segments_open(pli_segments *segments, const char *path, const char *identity,
                                const plurum_fingerprint *model, uint32_t number,
                                plurum_error *error);
/* Closes what is open; whatever borrows vectors is gone already. Another store may be opened then. */
void pli_segments_drop(pli_segments *segments);
void pli_segments_close(pli_segments *segments);

#endif
