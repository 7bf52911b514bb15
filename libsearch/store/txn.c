/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transactions, and the counters that travel with them.
 *
 * The counters (last event, next id, and of every table its record count and digest) are one
 * record of the meta table. A write transaction loads them, every put and delete keeps them, and
 * the commit writes them back: they can never disagree with the records of a committed state.
 */
#include <config.h>

#include "store/env.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/stable.h"

static const char COUNTERS[] = "counters";

static plurum_status load_counters(pli_txn *txn, plurum_error *error)
{
    pli_slice value;
    plurum_status status = pli_get(&value, txn, PLI_META, COUNTERS, sizeof COUNTERS - 1, error);
    if (status == PLURUM_NOTFOUND) { /* only while the store is being created */
        txn->counters = (pli_counters){.next_id = 1, .log_first = 1, .generation = 1};
        return PLURUM_OK;
    }
    if (status) return status;
    pli_reader r = pli_reader_of(value.bytes, value.len);
    pli_counters *c = &txn->counters;
    c->seq = pli_read_u64(&r);
    c->log_first = pli_read_u64(&r);
    c->next_id = pli_read_u32(&r);
    for (int t = 0; t < PLI_TABLE_COUNT; t++) {
        c->count[t] = pli_read_u64(&r);
        c->digest[t] = pli_read_u64(&r);
    }
    c->generation = r.at == r.end ? 1 : pli_read_u32(&r); /* it was not there from the beginning */
    if (r.failed || r.at != r.end)
        return pli_fail(error, PLURUM_CORRUPT, "%s/data.mdb: meta: the counters record has %zu bytes",
                        txn->store->directory, value.len);
    return PLURUM_OK;
}

static plurum_status save_counters(pli_txn *txn, plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT;
    const pli_counters *c = &txn->counters;
    pli_buf_u64(&buf, c->seq);
    pli_buf_u64(&buf, c->log_first);
    pli_buf_u32(&buf, c->next_id);
    for (int t = 0; t < PLI_TABLE_COUNT; t++) {
        pli_buf_u64(&buf, c->count[t]);
        pli_buf_u64(&buf, c->digest[t]);
    }
    pli_buf_u32(&buf, c->generation);
    plurum_status status = buf.failed ? pli_nomem(error)
                                      : pli_put(txn, PLI_META, COUNTERS, sizeof COUNTERS - 1,
                                                buf.bytes, buf.len, error);
    pli_buf_free(&buf);
    return status;
}

/* A read transaction at this moment, an idle one renewed where there is one. */
static int begin_read(pli_store *store, MDB_txn **out)
{
    *out = NULL;
    pthread_mutex_lock(&store->mutex);
    if (store->idle_count) *out = store->idle[--store->idle_count];
    pthread_mutex_unlock(&store->mutex);
    if (!*out) return mdb_txn_begin(store->env, NULL, MDB_RDONLY, out);
    int code = mdb_txn_renew(*out);
    if (code) {
        mdb_txn_abort(*out);
        *out = NULL;
    }
    return code;
}

static void end_read(pli_store *store, MDB_txn *mdb)
{
    mdb_txn_reset(mdb);
    pthread_mutex_lock(&store->mutex);
    if (store->idle_count < PLI_IDLE_READERS) {
        store->idle[store->idle_count++] = mdb;
        mdb = NULL;
    }
    pthread_mutex_unlock(&store->mutex);
    if (mdb) mdb_txn_abort(mdb);
}

/* Whether the index is still the one that this handle has opened. */
static plurum_status check_generation(const pli_txn *txn, plurum_error *error)
{
    uint32_t found = txn->counters.generation, none = 0;
    int same = atomic_compare_exchange_strong(&txn->store->generation, &none, found) ||
               none == found;
    if (same && found != PLI_SUPERSEDED) return PLURUM_OK;
    return pli_fail(error, PLURUM_STALE, "%s: another process has rebuilt the index; open it again",
                    txn->store->directory);
}

static plurum_status begin(pli_txn **out, pli_store *store, pli_txn *parent, int writable,
                           plurum_error *error)
{
    *out = NULL;
    pli_txn *txn = pli_calloc(1, sizeof *txn);
    if (!txn) return pli_nomem(error);
    txn->store = store;
    txn->parent = parent;
    txn->writable = writable;
    int code = writable ? mdb_txn_begin(store->env, parent ? parent->mdb : NULL, 0, &txn->mdb)
                        : begin_read(store, &txn->mdb);
    if (code) {
        pli_free(txn);
        return pli_store_fail(store, code, "beginning a transaction", error);
    }
    plurum_status status = PLURUM_OK;
    if (parent)
        txn->counters = parent->counters;
    else
        status = load_counters(txn, error);
    if (!status && !writable) status = check_generation(txn, error);
    if (status) {
        pli_txn_end(txn);
        return status;
    }
    *out = txn;
    return PLURUM_OK;
}

plurum_status pli_txn_read(pli_txn **out, pli_store *store, plurum_error *error)
{
    return begin(out, store, NULL, 0, error);
}

plurum_status pli_txn_write(pli_txn **out, pli_store *store, plurum_error *error)
{
    return begin(out, store, NULL, 1, error);
}

plurum_status pli_txn_child(pli_txn **out, pli_txn *parent, plurum_error *error)
{
    return begin(out, parent->store, parent, 1, error);
}

plurum_status pli_txn_commit(pli_txn *txn, plurum_error *error)
{
    plurum_status status = txn->parent ? PLURUM_OK : save_counters(txn, error);
    if (status) {
        pli_txn_end(txn);
        return status;
    }
    int code = mdb_txn_commit(txn->mdb);
    txn->mdb = NULL;
    if (code)
        status = pli_store_fail(txn->store, code, "committing", error);
    else if (txn->parent)
        txn->parent->counters = txn->counters;
    pli_txn_end(txn);
    return status;
}

void pli_txn_end(pli_txn *txn)
{
    if (!txn) return;
    if (txn->mdb && txn->writable)
        mdb_txn_abort(txn->mdb);
    else if (txn->mdb)
        end_read(txn->store, txn->mdb);
    pli_free(txn);
}

uint64_t pli_txn_seq(const pli_txn *txn)
{
    return txn->counters.seq;
}

uint32_t pli_txn_next_id(const pli_txn *txn)
{
    return txn->counters.next_id;
}

uint64_t pli_txn_count(const pli_txn *txn, pli_table table)
{
    return txn->counters.count[table];
}

uint32_t pli_txn_generation(const pli_txn *txn)
{
    return txn->counters.generation;
}

void pli_txn_set_generation(pli_txn *txn, uint32_t generation)
{
    txn->counters.generation = generation;
}

/* LMDB keeps lists of free pages in a table of its own, number 0: a count and that many numbers. */
uint64_t pli_txn_free_bytes(const pli_txn *txn)
{
    uint64_t pages = 0;
    MDB_cursor *cursor;
    MDB_stat stat;
    MDB_val key, value;
    if (mdb_env_stat(txn->store->env, &stat) || mdb_cursor_open(txn->mdb, 0, &cursor)) return 0;
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        size_t count = 0;
        if (value.mv_size >= sizeof count) memcpy(&count, value.mv_data, sizeof count);
        pages += count;
    }
    mdb_cursor_close(cursor);
    return pages * stat.ms_psize;
}

/* Seconds. */
static uint64_t monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (uint64_t)now.tv_sec;
}

void pli_txn_limit(pli_txn *txn, uint64_t seconds)
{
    enum { AGES = INT32_MAX };
    txn->limit = seconds < AGES ? seconds : AGES;
    txn->deadline = monotonic() + txn->limit;
}

plurum_status pli_txn_check_age(const pli_txn *txn, plurum_error *error)
{
    if (!txn->limit || monotonic() <= txn->deadline) return PLURUM_OK;
    return pli_fail(error, PLURUM_LIMIT,
                    "this moment has been kept for more than %lu seconds (snapshot_seconds), so long "
                    "no page of the store is used again", (unsigned long)txn->limit);
}

void pli_txn_skip_ids(pli_txn *txn, uint32_t id)
{
    uint32_t *next = &txn->counters.next_id;
    if (id > *next && id - *next <= PLI_IDS_SKIPPED_MAX && id < PLI_STABLE_ITEMS) *next = id;
}

uint64_t pli_txn_digest(const pli_txn *txn, pli_table table)
{
    return txn->counters.digest[table];
}

void pli_txn_take_place(pli_txn *txn, const pli_txn *original)
{
    txn->counters.seq = original->counters.seq;
    txn->counters.log_first = original->counters.log_first;
    txn->counters.next_id = original->counters.next_id;
    txn->counters.generation = original->counters.generation;
    atomic_store(&txn->store->generation, 0); /* the copy's handle goes along with it */
}

plurum_status pli_txn_take_id(pli_txn *txn, uint32_t *id, plurum_error *error)
{
    if (txn->counters.next_id == PLI_STABLE_ITEMS)
        return pli_fail(error, PLURUM_IO, "all %lu internal ids are used; export and import anew",
                        (unsigned long)PLI_STABLE_ITEMS - 1);
    *id = txn->counters.next_id++;
    return PLURUM_OK;
}
