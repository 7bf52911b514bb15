/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The store's file copied as it is, at one moment, by LMDB, which looks at its first two pages only:
 * the meta pages. Those are looked at here too: of two commits in a row, one each.
 */
#include <config.h>

#include "store/env.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"

/* Where LMDB 0.9 keeps the number of a meta page's transaction, on machines of 64 bits: behind the
 * page's header (16), magic, version, address, size, two tables (48 each) and the last page. */
enum { META_TXN = 16 + 4 + 4 + 8 + 8 + 2 * 48 + 8 };

static plurum_status read_meta(uint64_t *txn, int fd, off_t at)
{
    unsigned char bytes[8];
    if (pread(fd, bytes, sizeof bytes, at + META_TXN) != (ssize_t)sizeof bytes) return PLURUM_CORRUPT;
    *txn = pli_load_u64(bytes);
    return PLURUM_OK;
}

static plurum_status check_metas(const char *directory, unsigned page_size, plurum_error *error)
{
    char path[4096];
    uint64_t a = 0, b = 0;
    if (snprintf(path, sizeof path, "%s/data.mdb", directory) >= (int)sizeof path)
        return pli_fail(error, PLURUM_ARG, "%.100s…: path too long", directory);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return pli_fail_errno(error, errno, "%s", path);
    plurum_status status = read_meta(&a, fd, 0);
    if (!status) status = read_meta(&b, fd, (off_t)page_size);
    close(fd);
    if (!status && (a > b ? a - b : b - a) == 1) return PLURUM_OK;
    return pli_fail(error, PLURUM_CORRUPT,
                    "%s: its meta pages are of transactions %llu and %llu, which do not follow "
                    "each other", path, (unsigned long long)a, (unsigned long long)b);
}

/* What LMDB says of a file that is gone or cut is no help. */
static plurum_status copy_failed(const pli_store *store, int code, plurum_error *error)
{
    if (code != ENOENT && code != EINVAL)
        return pli_store_fail(store, code, "copying", error);
    return pli_fail(error, PLURUM_CORRUPT, "%s/data.mdb: the store's file is %s", store->directory,
                    code == ENOENT ? "missing" : "cut short");
}

plurum_status pli_store_copy_file(const char *from, const char *to, plurum_error *error)
{
    pli_store store = {.directory = (char *)(uintptr_t)from}; /* for error texts */
    MDB_stat stat;
    int code = mdb_env_create(&store.env);
    if (!code) code = mdb_env_set_maxreaders(store.env, PLI_MAX_READERS);
    if (!code) code = mdb_env_open(store.env, from, MDB_RDONLY | MDB_NOTLS, 0644);
    if (!code) code = mdb_env_stat(store.env, &stat);
    if (!code) code = mdb_env_copy(store.env, to);
    plurum_status status =
        code ? copy_failed(&store, code, error) : check_metas(to, stat.ms_psize, error);
    mdb_env_close(store.env);
    return status;
}
