/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the store room share: the environment and the transaction.
 */
#ifndef PLI_STORE_ENV_H
#define PLI_STORE_ENV_H

#include <lmdb.h>
#include <pthread.h>

#include "store/store.h"

/* Counters that a commit writes as one record of PLI_META, in table order. */
typedef struct pli_counters {
    uint64_t seq;       /* of the last event                       */
    uint64_t log_first; /* oldest event still in the log           */
    uint32_t next_id;   /* internal ids are handed out from 1      */
    uint32_t generation; /* of what is derived and of the store    */
    uint64_t count[PLI_TABLE_COUNT];
    uint64_t digest[PLI_TABLE_COUNT];
} pli_counters;

/* LMDB's default of 126 is too few for a server with a snapshot a request. */
enum { PLI_MAX_READERS = 1024 };

enum { PLI_IDLE_READERS = 64 };

struct pli_store {
    MDB_env *env;
    MDB_dbi dbi[PLI_TABLE_COUNT];
    int read_only;
    _Atomic uint32_t generation; /* that of the first transaction; 0: none yet */
    char *directory;
    pthread_mutex_t mutex; /* guards idle */
    MDB_txn *idle[PLI_IDLE_READERS]; /* reset read transactions, to be renewed */
    size_t idle_count;
};

struct pli_txn {
    pli_store *store;
    pli_txn *parent;
    MDB_txn *mdb;
    int writable;
    uint64_t limit;   /* seconds that it may last; 0: as long as it likes */
    uint64_t deadline; /* of a clock that nobody sets                      */
    pli_counters counters;
};

/* Turns an LMDB code into a status and a text; the path is named. */
plurum_status pli_store_fail(const pli_store *store, int code, const char *what,
                             plurum_error *error);

/* LIMIT once a transaction has lasted longer than it may. */
plurum_status pli_txn_check_age(const pli_txn *txn, plurum_error *error);

#endif
