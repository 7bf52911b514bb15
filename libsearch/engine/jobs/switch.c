/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The switch from one store to another.
 */
#include <config.h>

#include "engine/jobs/switch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/files.h"
#include "engine/jobs/build.h"

typedef struct names {
    char *live, *made, *old, *building;
} names;

static void free_names(names *n)
{
    pli_free(n->live);
    pli_free(n->made);
    pli_free(n->old);
    pli_free(n->building);
}

static plurum_status name_them(names *n, const char *path, plurum_error *error)
{
    *n = (names){pli_files_join(path, "store"), pli_files_join(path, "store.new"),
                 pli_files_join(path, "store.old"), pli_files_join(path, "store.new/building")};
    if (n->live && n->made && n->old && n->building) return PLURUM_OK;
    free_names(n);
    return pli_nomem(error);
}

static int there(const char *name)
{
    return access(name, F_OK) == 0;
}

static plurum_status mark_building(const names *n, plurum_error *error)
{
    int fd = open(n->building, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) return pli_fail_errno(error, errno, "%s", n->building);
    close(fd);
    return PLURUM_OK;
}

plurum_status pli_switch_begin(pli_store **out, plurum_index *index, plurum_error *error)
{
    names n;
    *out = NULL;
    plurum_status status = name_them(&n, index->path, error);
    if (status) return status;
    status = pli_files_remove(n.made, error);
    if (!status) status = pli_files_mkdir(n.made, error);
    if (!status) status = mark_building(&n, error);
    if (!status) status = pli_build_fill_store(out, n.made, index->config.map_size, error);
    free_names(&n);
    return status;
}

void pli_switch_abandon(plurum_index *index)
{
    names n;
    if (name_them(&n, index->path, NULL)) return;
    pli_files_remove(n.made, NULL);
    free_names(&n);
}

/* Afterwards the live one is the new one, and what was live is at n->made. */
static plurum_status exchange(const names *n, const char *path, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    if (renameat2(AT_FDCWD, n->made, AT_FDCWD, n->live, RENAME_EXCHANGE)) {
        if (errno != EINVAL && errno != ENOSYS)
            return pli_fail_errno(error, errno, "%s", n->live);
        if (rename(n->live, n->old) || rename(n->made, n->live) || rename(n->old, n->made))
            status = pli_fail_errno(error, errno, "%s", n->live);
    }
    return status ? status : pli_files_sync(path, error);
}

static plurum_status supersede(pli_store *store, plurum_error *error)
{
    pli_txn *txn;
    plurum_status status = pli_txn_write(&txn, store, error);
    if (status) return status;
    pli_txn_set_generation(txn, PLI_SUPERSEDED);
    return pli_txn_commit(txn, error);
}

plurum_status pli_switch_commit(plurum_index *index, plurum_error *error)
{
    names n;
    plurum_status status = name_them(&n, index->path, error);
    if (status) return status;
    status = pli_checkpoint_remove(index->path, error); /* it may have rows of what was deleted */
    if (!status) status = pli_files_sync(n.made, error);
    if (!status && unlink(n.building)) status = pli_fail_errno(error, errno, "%s", n.building);
    if (!status) status = pli_files_sync(n.made, error);
    if (!status) status = exchange(&n, index->path, error);
    if (!status) status = supersede(index->store, error);
    if (!status) status = pli_index_reopen_store(index, error);
    if (!status) status = pli_files_remove(n.made, error);
    free_names(&n);
    return status;
}

/* What is at n->made is half of a new store, or a whole one: the new one before the exchange, or
 * the old one after it, which others may have open. */
static plurum_status sweep(const names *n, plurum_error *error)
{
    pli_store_options options = {0};
    pli_store *store;
    plurum_error why;
    if (!there(n->building)) {
        plurum_status status = pli_store_open(&store, n->made, &options, &why);
        if (!status) {
            status = supersede(store, &why);
            pli_store_close(store);
        }
        if (status == PLURUM_IO || status == PLURUM_NOMEM) {
            if (error) *error = why;
            return status;
        }
    }
    return pli_files_remove(n->made, error);
}

plurum_status pli_switch_recover(const char *path, int read_only, plurum_error *error)
{
    names n;
    plurum_status status = name_them(&n, path, error);
    if (status) return status;
    int half = !there(n.live) && there(n.old);
    if (half && read_only)
        status = pli_fail(error, PLURUM_BUSY,
                          "%s: a compaction is under way, or was killed: then open it for writing",
                          path);
    else if (half && rename(n.old, n.live))
        status = pli_fail_errno(error, errno, "%s", n.live);
    if (!status && !read_only && there(n.made)) status = sweep(&n, error);
    if (!status && !read_only && there(n.old)) status = pli_files_remove(n.old, error);
    free_names(&n);
    return status;
}
