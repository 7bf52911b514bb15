/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building beside, and renaming.
 */
#include <config.h>

#include "engine/jobs/build.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/files.h"

/* Removes what a killed job has left at part, unless another process is at it. */
static plurum_status sweep(const char *part, plurum_error *error)
{
    pli_lock *lock;
    plurum_status status = pli_lock_take(&lock, part, 1, error);
    if (status) return status;
    status = pli_files_remove(part, error);
    pli_lock_release(lock);
    return status;
}

static char *part_of(const char *dest)
{
    size_t len = strlen(dest);
    while (len > 1 && dest[len - 1] == '/') len--;
    char *part = pli_malloc(len + sizeof ".part");
    if (part) snprintf(part, len + sizeof ".part", "%.*s.part", (int)len, dest);
    return part;
}

plurum_status pli_build_begin(pli_build *build, const char *dest, plurum_error *error)
{
    struct stat st;
    *build = (pli_build){.dest = dest};
    plurum_status status = pli_files_check_empty(dest, error);
    if (status) return status;
    char *part = part_of(dest);
    if (!part) return pli_nomem(error);
    if (stat(part, &st) == 0) status = sweep(part, error);
    if (!status) status = pli_files_mkdir(part, error);
    if (status)
        pli_free(part);
    else
        build->part = part;
    return status;
}

plurum_status pli_build_fill_store(pli_store **out, const char *directory, uint64_t map_size,
                                   plurum_error *error)
{
    pli_store_options options = {.map_size = map_size, .no_sync = 1};
    *out = NULL;
    plurum_status status = pli_store_create(directory, map_size, error);
    return status ? status : pli_store_open(out, directory, &options, error);
}

plurum_status pli_build_store(pli_build *build, plurum_index *index, pli_copy *copy,
                              plurum_error *error)
{
    char *directory = pli_files_join(build->part, "store");
    pli_lock *lock = NULL; /* tells another process that this one is at it */
    if (!directory) return pli_nomem(error);
    plurum_status status = pli_lock_take(&lock, build->part, 1, error);
    if (!status) status = pli_files_mkdir(directory, error);
    if (!status)
        status = pli_build_fill_store(&copy->to, directory, index->config.map_size, error);
    if (!status) status = pli_copy_run(copy, error);
    pli_store_close(copy->to);
    copy->to = NULL;
    if (!status) status = pli_files_sync(directory, error);
    if (!status) status = pli_files_write_format(build->part, error);
    pli_lock_release(lock);
    pli_free(directory);
    return status;
}

plurum_status pli_build_end(pli_build *build, plurum_status status, plurum_error *error)
{
    if (!build->part) return status;
    if (!status && rename(build->part, build->dest))
        status = pli_fail_errno(error, errno, "%s", build->dest);
    if (status)
        pli_files_remove(build->part, NULL);
    else
        pli_files_sync_parent(build->dest);
    pli_free(build->part);
    build->part = NULL;
    return status;
}
