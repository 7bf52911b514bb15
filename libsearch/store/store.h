/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The store: the truth of an index, in LMDB.
 *
 * A table is an LMDB sub-database of sealed records: every value ends with a checksum over table,
 * key and value, and every table has a record count and a digest (the sum of its checksums), kept
 * in the same transaction. So a flipped byte, a lost record and a record moved to another key are
 * all found. docs/format.md has the bytes.
 *
 * One write transaction at a time (the caller serialises); any number of read transactions, each a
 * frozen moment, used by one thread at a time but free to move between threads.
 */
#ifndef PLI_STORE_STORE_H
#define PLI_STORE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include <plurum/status.h>

#include "store/slice.h"

typedef enum pli_table {
    PLI_META = 0,  /* name → value: configuration, and the counts of the other tables */
    PLI_DOCS,      /* id → header                                                     */
    PLI_BLOBS,     /* id → content, compressed                                        */
    PLI_KEYS,      /* key → id                                                        */
    PLI_SHORTS,    /* short id → id                                                   */
    PLI_VECTORS,   /* model, id → dim × f32 of unit length                            */
    PLI_TRUST,     /* id → trust state                                                */
    PLI_OUTCOMES,  /* id, agent → outcome                                             */
    PLI_VOTES,     /* id, agent → vote                                                */
    PLI_REPORTERS, /* agent → number of counted outcomes                              */
    PLI_LOG,       /* seq → event                                                     */
    PLI_DICTS      /* version → zstd dictionary                                       */
} pli_table;
#define PLI_TABLE_COUNT 12

const char *pli_table_name(pli_table table);

typedef struct pli_store pli_store;
typedef struct pli_txn pli_txn;

typedef struct pli_store_options {
    int read_only;
    int no_sync;
    uint64_t map_size; /* 0: as it was created */
} pli_store_options;

/*
 * Makes an empty store in an existing directory. Errors: IO, NOMEM.
 */
plurum_status pli_store_create(const char *directory, uint64_t map_size, plurum_error *error);

plurum_status pli_store_open(pli_store **out, const char *directory,
                             const pli_store_options *options, plurum_error *error);
void pli_store_close(pli_store *store);

/* Frees the slots of reading processes that were killed; opening does so too. */
plurum_status pli_store_free_slots(pli_store *store, plurum_error *error);

/* Copies the file of a store that this process has not open, damage included, as it is at one
 * moment. CORRUPT: its meta pages are damaged. */
plurum_status pli_store_copy_file(const char *from, const char *to, plurum_error *error);

/* Waits until everything committed is on disk, whatever the options say. */
plurum_status pli_store_sync(pli_store *store, plurum_error *error);

/* Bytes of the store's file that are in use, and all of it. */
uint64_t pli_store_bytes(const pli_store *store);

/* ---- transactions ---- */

plurum_status pli_txn_read(pli_txn **out, pli_store *store, plurum_error *error);
plurum_status pli_txn_write(pli_txn **out, pli_store *store, plurum_error *error);
/* A transaction inside a write transaction: committing it hands its changes to the parent. */
plurum_status pli_txn_child(pli_txn **out, pli_txn *parent, plurum_error *error);
/* Ends the transaction either way. A failed commit has changed nothing. */
plurum_status pli_txn_commit(pli_txn *txn, plurum_error *error);
void pli_txn_end(pli_txn *txn); /* ends a read, aborts a write; NULL is fine */

/* Number of the last event as this transaction sees it, and the next free internal id. */
uint64_t pli_txn_seq(const pli_txn *txn);
uint32_t pli_txn_next_id(const pli_txn *txn);
/* Takes the next internal id. IO: all 2^32 - 1024 have been used. */
plurum_status pli_txn_take_id(pli_txn *txn, uint32_t *id, plurum_error *error);
/*
 * The generation of an index grows when it is rebuilt in a way that an open handle cannot follow: a
 * store that has seen one gives STALE in every transaction of another. That of a store which has
 * been replaced by another is PLI_SUPERSEDED.
 */
#define PLI_SUPERSEDED UINT32_MAX
uint32_t pli_txn_generation(const pli_txn *txn);
void pli_txn_set_generation(pli_txn *txn, uint32_t generation);
/* Bytes of pages that wait to be used again. */
uint64_t pli_txn_free_bytes(const pli_txn *txn);
/* Lets the next id be `id`, where that is higher and not by more than PLI_IDS_SKIPPED_MAX, as what
 * is kept in memory grows with the ids. */
enum { PLI_IDS_SKIPPED_MAX = 100000 };
void pli_txn_skip_ids(pli_txn *txn, uint32_t id);
/* After so many seconds from now walks of a read transaction fail with LIMIT: while it lasts no page
 * that it might see is used again. 0: never. */
void pli_txn_limit(pli_txn *txn, uint64_t seconds);
/* Records of a table and the sum of their seals, by its counters. */
uint64_t pli_txn_count(const pli_txn *txn, pli_table table);
uint64_t pli_txn_digest(const pli_txn *txn, pli_table table);
/* A copy's write transaction goes on where the original's ends: numbers of events and ids. */
void pli_txn_take_place(pli_txn *txn, const pli_txn *original);

/* ---- records ---- */

/* NOTFOUND (the error is left alone), or CORRUPT naming table and key. */
plurum_status pli_get(pli_slice *value, pli_txn *txn, pli_table table, const void *key,
                      size_t key_len, plurum_error *error);
/* Inserts or overwrites. */
plurum_status pli_put(pli_txn *txn, pli_table table, const void *key, size_t key_len,
                      const void *value, size_t value_len, plurum_error *error);
/* Deletes a record of the meta table, which is not counted. */
plurum_status pli_del_meta(pli_txn *txn, const void *key, size_t key_len, plurum_error *error);
/* NOTFOUND when there is none. */
plurum_status pli_del(pli_txn *txn, pli_table table, const void *key, size_t key_len,
                      plurum_error *error);

/* A walk over a table in key order. Do not write to the table during it. */
typedef struct pli_walk pli_walk;
/* Begins at the first key ≥ start. */
plurum_status pli_walk_begin(pli_walk **out, pli_txn *txn, pli_table table, const void *start,
                             size_t start_len, plurum_error *error);
/* The next record; NOTFOUND at the end. A damaged record gives CORRUPT once and is passed over
 * by the next call; *key is set then too. Where whole pages are damaged the walk ends after that,
 * and *key is empty. */
plurum_status pli_walk_next(pli_walk *walk, pli_slice *key, pli_slice *value,
                            plurum_error *error);
void pli_walk_end(pli_walk *walk); /* NULL is fine */

/* Recounts a table and adds up its checksums, and compares with the counters (verification).
 * *records: how many there are. CORRUPT when they differ. */
plurum_status pli_table_audit(pli_txn *txn, pli_table table, uint64_t *records,
                              plurum_error *error);

/* ---- the log ---- */

typedef enum pli_event_kind {
    PLI_EVENT_PUT = 1,
    PLI_EVENT_DELETE = 2,
    PLI_EVENT_STATE = 3, /* lifecycle, visibility or owner */
    PLI_EVENT_TRUST = 4
} pli_event_kind;

/* Appends an event about a document: *seq is its number. */
plurum_status pli_log_append(pli_txn *txn, pli_event_kind kind, uint32_t id, uint64_t *seq,
                             plurum_error *error);
/*
 * Calls each for every event with after < seq ≤ pli_txn_seq, in order. NOTFOUND: the log no longer
 * reaches back that far.
 */
plurum_status pli_log_replay(pli_txn *txn, uint64_t after,
                             plurum_status (*each)(void *payload, uint64_t seq,
                                                   pli_event_kind kind, uint32_t id,
                                                   plurum_error *error),
                             void *payload, plurum_error *error);
/* Drops events with seq ≤ upto. */
plurum_status pli_log_truncate(pli_txn *txn, uint64_t upto, plurum_error *error);
/* Goes on numbering above seq, where that is higher: rows with numbers of another store's log come
 * in. The log has no gaps, so that of before is dropped. */
plurum_status pli_log_skip(pli_txn *txn, uint64_t seq, plurum_error *error);

#endif
