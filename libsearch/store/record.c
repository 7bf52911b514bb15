/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sealed records. On disk a value is followed by eight bytes:
 *
 *     seal = XXH3_64(value, seed = XXH3_64(key, seed = table + 1))
 *
 * so a record is bound to its key and its table. A table's digest is the sum of its seals modulo
 * 2^64: independent of order, and kept with one addition and one subtraction a write.
 */
#include <config.h>

#include "store/env.h"

#include <stdio.h>
#include <string.h>

#include <xxhash.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"

enum { SEAL = 8 };

static uint64_t seal_of(pli_table table, const void *key, size_t key_len, const void *value,
                        size_t value_len)
{
    uint64_t seed = XXH3_64bits_withSeed(key, key_len, (uint64_t)table + 1);
    return XXH3_64bits_withSeed(value, value_len, seed);
}

/* A key for an error text: ids and numbers as such, names as they are. */
static void describe(char out[96], const unsigned char *key, size_t len)
{
    int printable = len > 0;
    for (size_t i = 0; i < len && printable; i++) printable = key[i] >= 0x20 && key[i] < 0x7F;
    const char *form = printable ? "%c" : "%02x";
    size_t used = 0;
    for (size_t i = 0; i < len && used + 4 < 96; i++)
        used += (size_t)snprintf(out + used, 96 - used, form, key[i]);
    out[used] = '\0';
}

static plurum_status damaged(const pli_txn *txn, pli_table table, const void *key, size_t key_len,
                             plurum_error *error)
{
    char name[96];
    describe(name, key, key_len);
    return pli_fail(error, PLURUM_CORRUPT, "%s/data.mdb: %s: the record of key %s is damaged",
                    txn->store->directory, pli_table_name(table), name);
}

/* Checks the seal of what is on disk and gives the value before it. */
static plurum_status unseal(pli_slice *value, const pli_txn *txn, pli_table table,
                            const MDB_val *key, const MDB_val *stored, plurum_error *error)
{
    if (stored->mv_size < SEAL) return damaged(txn, table, key->mv_data, key->mv_size, error);
    value->bytes = stored->mv_data;
    value->len = stored->mv_size - SEAL;
    uint64_t seal = pli_load_u64(value->bytes + value->len);
    if (seal != seal_of(table, key->mv_data, key->mv_size, value->bytes, value->len))
        return damaged(txn, table, key->mv_data, key->mv_size, error);
    return PLURUM_OK;
}

plurum_status pli_get(pli_slice *value, pli_txn *txn, pli_table table, const void *key,
                      size_t key_len, plurum_error *error)
{
    MDB_val k = {key_len, (void *)(uintptr_t)key}, v;
    int code = mdb_get(txn->mdb, txn->store->dbi[table], &k, &v);
    if (code == MDB_NOTFOUND) return PLURUM_NOTFOUND;
    if (code) return pli_store_fail(txn->store, code, pli_table_name(table), error);
    return unseal(value, txn, table, &k, &v, error);
}

/* Takes a record that is about to go out of the counters. Meta holds the counters: not counted. */
static plurum_status uncount(pli_txn *txn, pli_table table, const void *key, size_t key_len,
                             plurum_error *error)
{
    MDB_val k = {key_len, (void *)(uintptr_t)key}, v;
    int code = mdb_get(txn->mdb, txn->store->dbi[table], &k, &v);
    if (code == MDB_NOTFOUND) return PLURUM_NOTFOUND;
    if (code) return pli_store_fail(txn->store, code, pli_table_name(table), error);
    if (v.mv_size < SEAL) return damaged(txn, table, key, key_len, error);
    txn->counters.count[table]--;
    txn->counters.digest[table] -=
        pli_load_u64((const unsigned char *)v.mv_data + v.mv_size - SEAL);
    return PLURUM_OK;
}

/* Whether a table's new keys usually come in order: ids and numbers only grow. */
static int grows_in_order(pli_table table)
{
    return table == PLI_DOCS || table == PLI_BLOBS || table == PLI_VECTORS || table == PLI_TRUST ||
           table == PLI_LOG;
}

/* Reserves room for a value. A key beyond the last fills its page up (MDB_APPEND), where LMDB would
 * split it in the middle: a third less space for vectors. */
static int reserve(pli_txn *txn, pli_table table, MDB_val *key, MDB_val *value, int is_new)
{
    MDB_dbi dbi = txn->store->dbi[table];
    int code = MDB_KEYEXIST;
    if (is_new && grows_in_order(table))
        code = mdb_put(txn->mdb, dbi, key, value, MDB_RESERVE | MDB_APPEND);
    return code == MDB_KEYEXIST ? mdb_put(txn->mdb, dbi, key, value, MDB_RESERVE) : code;
}

plurum_status pli_put(pli_txn *txn, pli_table table, const void *key, size_t key_len,
                      const void *value, size_t value_len, plurum_error *error)
{
    int counted = table != PLI_META, is_new = 0;
    if (counted) {
        plurum_status status = uncount(txn, table, key, key_len, error);
        if (status && status != PLURUM_NOTFOUND) return status;
        is_new = status == PLURUM_NOTFOUND;
    }
    uint64_t seal = seal_of(table, key, key_len, value, value_len);
    MDB_val k = {key_len, (void *)(uintptr_t)key}, v = {value_len + SEAL, NULL};
    int code = reserve(txn, table, &k, &v, is_new);
    if (code) return pli_store_fail(txn->store, code, pli_table_name(table), error);
    if (value_len) memcpy(v.mv_data, value, value_len);
    pli_store_u64((unsigned char *)v.mv_data + value_len, seal);
    if (counted) {
        txn->counters.count[table]++;
        txn->counters.digest[table] += seal;
    }
    return PLURUM_OK;
}

plurum_status pli_del(pli_txn *txn, pli_table table, const void *key, size_t key_len,
                      plurum_error *error)
{
    plurum_status status = uncount(txn, table, key, key_len, error);
    if (status) return status;
    MDB_val k = {key_len, (void *)(uintptr_t)key};
    int code = mdb_del(txn->mdb, txn->store->dbi[table], &k, NULL);
    return code ? pli_store_fail(txn->store, code, pli_table_name(table), error) : PLURUM_OK;
}

plurum_status pli_del_meta(pli_txn *txn, const void *key, size_t key_len, plurum_error *error)
{
    MDB_val k = {key_len, (void *)(uintptr_t)key};
    int code = mdb_del(txn->mdb, txn->store->dbi[PLI_META], &k, NULL);
    return code ? pli_store_fail(txn->store, code, pli_table_name(PLI_META), error) : PLURUM_OK;
}

struct pli_walk {
    pli_txn *txn;
    pli_table table;
    MDB_cursor *cursor;
    MDB_cursor_op next; /* how to get the next record */
    int ended;          /* LMDB cannot go on              */
    MDB_val key;        /* where to begin             */
};

plurum_status pli_walk_begin(pli_walk **out, pli_txn *txn, pli_table table, const void *start,
                             size_t start_len, plurum_error *error)
{
    *out = NULL;
    pli_walk *walk = pli_calloc(1, sizeof *walk + start_len);
    if (!walk) return pli_nomem(error);
    walk->txn = txn;
    walk->table = table;
    walk->next = start_len ? MDB_SET_RANGE : MDB_FIRST;
    walk->key = (MDB_val){start_len, walk + 1};
    if (start_len) memcpy(walk + 1, start, start_len);
    int code = mdb_cursor_open(txn->mdb, txn->store->dbi[table], &walk->cursor);
    if (code) {
        pli_free(walk);
        return pli_store_fail(txn->store, code, pli_table_name(table), error);
    }
    *out = walk;
    return PLURUM_OK;
}

plurum_status pli_walk_next(pli_walk *walk, pli_slice *key, pli_slice *value, plurum_error *error)
{
    MDB_val k = walk->key, v;
    if (walk->ended) return PLURUM_NOTFOUND;
    plurum_status status = pli_txn_check_age(walk->txn, error);
    if (status) return status;
    int code = mdb_cursor_get(walk->cursor, &k, &v, walk->next);
    if (code == MDB_NOTFOUND) return PLURUM_NOTFOUND;
    *key = pli_slice_of(k.mv_data, code ? 0 : k.mv_size);
    walk->ended = code != 0;
    if (code) return pli_store_fail(walk->txn->store, code, pli_table_name(walk->table), error);
    walk->next = MDB_NEXT;
    return unseal(value, walk->txn, walk->table, &k, &v, error);
}

void pli_walk_end(pli_walk *walk)
{
    if (!walk) return;
    mdb_cursor_close(walk->cursor);
    pli_free(walk);
}

plurum_status pli_table_audit(pli_txn *txn, pli_table table, uint64_t *records,
                              plurum_error *error)
{
    pli_walk *walk;
    *records = 0;
    plurum_status status = pli_walk_begin(&walk, txn, table, NULL, 0, error);
    if (status) return status;
    uint64_t digest = 0;
    pli_slice key, value;
    while ((status = pli_walk_next(walk, &key, &value, error)) != PLURUM_NOTFOUND) {
        if (status && status != PLURUM_CORRUPT) break;
        if (!status) digest += pli_load_u64(value.bytes + value.len);
        ++*records;
    }
    pli_walk_end(walk);
    if (status != PLURUM_NOTFOUND) return status;
    if (table == PLI_META) return PLURUM_OK;
    if (*records != txn->counters.count[table])
        return pli_fail(error, PLURUM_CORRUPT, "%s/data.mdb: %s: %llu records, the counter says %llu",
                        txn->store->directory, pli_table_name(table), (unsigned long long)*records,
                        (unsigned long long)txn->counters.count[table]);
    if (digest != txn->counters.digest[table])
        return pli_fail(error, PLURUM_CORRUPT,
                        "%s/data.mdb: %s: the records' digest is %016llx, the counter says %016llx",
                        txn->store->directory, pli_table_name(table), (unsigned long long)digest,
                        (unsigned long long)txn->counters.digest[table]);
    return PLURUM_OK;
}
