/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening and closing the LMDB environment.
 *
 * The map is made large at once (address space, not disk: the file grows as pages are written),
 * since LMDB 0.9.24 does not refuse to resize it under a live reader. Read transactions are not
 * tied to threads (MDB_NOTLS), so that a snapshot may move with a request.
 */
#include <config.h>

#include "store/env.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"

static const char *const TABLE_NAMES[PLI_TABLE_COUNT] = {
    "meta",  "docs",     "blobs", "keys",      "shorts", "vectors",
    "trust", "outcomes", "votes", "reporters", "log",    "dicts",
};

const char *pli_table_name(pli_table table)
{
    return TABLE_NAMES[table];
}

static plurum_status status_of(int code)
{
    switch (code) {
    case ENOMEM: return PLURUM_NOMEM;
    case ENOENT: return PLURUM_NOTFOUND;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_INCOMPATIBLE:
    case MDB_BAD_TXN: /* LMDB met damage in this transaction before */
    case MDB_NOTFOUND: return PLURUM_CORRUPT;
    case MDB_VERSION_MISMATCH: return PLURUM_FORMAT;
    /* a limit of the store, not of the data: no other document would fare better */
    case MDB_MAP_FULL:
    case MDB_READERS_FULL:
    case MDB_TXN_FULL:
    case MDB_PANIC: /* a write to the meta page failed: only reopening helps */
    case EIO:
    case ENOSPC:
    case EACCES:
    case EROFS:
    case EDQUOT: return PLURUM_IO;
    default: return code > 0 ? PLURUM_IO : PLURUM_BACKEND;
    }
}

plurum_status pli_store_fail(const pli_store *store, int code, const char *what,
                             plurum_error *error)
{
    plurum_status status = status_of(code);
    const char *text = code == MDB_MAP_FULL ? "the store's map is full; create it with a larger "
                                              "map_size"
                       : code == MDB_READERS_FULL ? "too many readers at once"
                       : code == EIO ? "the disk is full or fails" /* LMDB's code for half a write */
                                                  : mdb_strerror(code);
    pli_fail(error, status, "%s/data.mdb: %s: %s", store->directory, what, text);
    if (error) {
        error->backend_code = code;
        if (code > 0) error->sys_errno = code;
    }
    return status;
}

static plurum_status open_tables(pli_store *store, unsigned flags, plurum_error *error)
{
    MDB_txn *txn;
    int code = mdb_txn_begin(store->env, NULL, store->read_only ? MDB_RDONLY : 0, &txn);
    if (code) return pli_store_fail(store, code, "begin", error);
    for (int t = 0; t < PLI_TABLE_COUNT && !code; t++)
        code = mdb_dbi_open(txn, TABLE_NAMES[t], flags, &store->dbi[t]);
    if (code) {
        mdb_txn_abort(txn);
        return pli_store_fail(store, code, "opening the tables", error);
    }
    code = mdb_txn_commit(txn);
    return code ? pli_store_fail(store, code, "opening the tables", error) : PLURUM_OK;
}

plurum_status pli_store_free_slots(pli_store *store, plurum_error *error)
{
    int dead, code = mdb_reader_check(store->env, &dead);
    return code ? pli_store_fail(store, code, "checking the readers", error) : PLURUM_OK;
}

static plurum_status open_env(pli_store *store, const pli_store_options *options, unsigned flags,
                              plurum_error *error)
{
    int code = mdb_env_create(&store->env);
    if (!code) code = mdb_env_set_maxdbs(store->env, PLI_TABLE_COUNT + 4);
    if (!code) code = mdb_env_set_maxreaders(store->env, PLI_MAX_READERS);
    if (!code && options->map_size)
        code = mdb_env_set_mapsize(store->env, (size_t)options->map_size);
    if (!code) code = mdb_env_open(store->env, store->directory, flags, 0644);
    return code ? pli_store_fail(store, code, "opening", error) : pli_store_free_slots(store, error);
}

static plurum_status open_store(pli_store **out, const char *directory,
                                const pli_store_options *options, unsigned table_flags,
                                plurum_error *error)
{
    *out = NULL;
    pli_store *store = pli_calloc(1, sizeof *store);
    if (!store) return pli_nomem(error);
    pthread_mutex_init(&store->mutex, NULL);
    store->read_only = options->read_only;
    store->directory = pli_strdup(directory);
    unsigned flags = MDB_NOTLS | MDB_NORDAHEAD;
    if (options->read_only) flags |= MDB_RDONLY;
    if (options->no_sync) flags |= MDB_NOSYNC;
    plurum_status status = store->directory ? open_env(store, options, flags, error)
                                            : pli_nomem(error);
    if (!status) status = open_tables(store, table_flags, error);
    if (status) {
        pli_store_close(store);
        return status;
    }
    *out = store;
    return PLURUM_OK;
}

plurum_status pli_store_open(pli_store **out, const char *directory,
                             const pli_store_options *options, plurum_error *error)
{
    char path[4096];
    *out = NULL;
    /* LMDB would make a new, empty file */
    struct stat st = {.st_size = 0};
    if (snprintf(path, sizeof path, "%s/data.mdb", directory) < (int)sizeof path) {
        if (stat(path, &st) && (errno == ENOENT || errno == ENOTDIR))
            return pli_fail(error, PLURUM_CORRUPT, "%s: the store's file is missing", path);
        if (S_ISREG(st.st_mode) && st.st_size == 0)
            return pli_fail(error, PLURUM_CORRUPT, "%s: the store's file is empty", path);
    }
    return open_store(out, directory, options, 0, error);
}

plurum_status pli_store_create(const char *directory, uint64_t map_size, plurum_error *error)
{
    pli_store_options options = {.map_size = map_size};
    pli_store *store;
    plurum_status status = open_store(&store, directory, &options, MDB_CREATE, error);
    if (status) return status;
    pli_txn *txn;
    status = pli_txn_write(&txn, store, error);
    if (!status) status = pli_txn_commit(txn, error);
    pli_store_close(store);
    return status;
}

void pli_store_close(pli_store *store)
{
    if (!store) return;
    for (size_t i = 0; i < store->idle_count; i++) mdb_txn_abort(store->idle[i]);
    if (store->env) mdb_env_close(store->env);
    pthread_mutex_destroy(&store->mutex);
    pli_free(store->directory);
    pli_free(store);
}

plurum_status pli_store_sync(pli_store *store, plurum_error *error)
{
    int code = mdb_env_sync(store->env, 1);
    return code ? pli_store_fail(store, code, "syncing", error) : PLURUM_OK;
}

uint64_t pli_store_bytes(const pli_store *store)
{
    MDB_envinfo info;
    MDB_stat stat;
    if (mdb_env_info(store->env, &info) || mdb_env_stat(store->env, &stat)) return 0;
    return ((uint64_t)info.me_last_pgno + 1) * stat.ms_psize;
}
