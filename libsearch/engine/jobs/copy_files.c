/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A copy of an index's files as they are, damage included, for those who want to look at them where
 * a crash of the looking process harms nobody.
 */
#include <config.h>

#include <plurum/jobs.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/files.h"
#include "store/lock.h"
#include "store/store.h"

static plurum_status copy_bytes(const char *from, const char *to, plurum_error *error)
{
    char buffer[65536];
    ssize_t len = -1;
    int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
    if (in < 0) return pli_fail_errno(error, errno, "%s", from);
    out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    while (out >= 0 && (len = read(in, buffer, sizeof buffer)) > 0)
        if (write(out, buffer, (size_t)len) != len) {
            len = -1;
            break;
        }
    plurum_status status = out < 0 || len < 0 ? pli_fail_errno(error, errno, "%s", to) : PLURUM_OK;
    if (out >= 0) close(out);
    close(in);
    return status;
}

static plurum_status copy_file(const char *from, const char *to, const char *name,
                               plurum_error *error)
{
    char *source = pli_files_join(from, name), *target = pli_files_join(to, name);
    plurum_status status =
        source && target ? copy_bytes(source, target, error) : pli_nomem(error);
    pli_free(source);
    pli_free(target);
    return status;
}

static plurum_status copy_directory(const char *from, const char *to, plurum_error *error)
{
    DIR *dir = opendir(from);
    if (!dir) return pli_fail_errno(error, errno, "%s", from);
    plurum_status status = mkdir(to, 0755) && errno != EEXIST
                               ? pli_fail_errno(error, errno, "%s", to)
                               : PLURUM_OK;
    for (struct dirent *e; !status && (e = readdir(dir));)
        if (e->d_name[0] != '.') status = copy_file(from, to, e->d_name, error);
    closedir(dir);
    return status;
}

/* What tells one state of a file from the next. */
static uint64_t state_of(const char *directory, const char *file)
{
    struct stat st = {0};
    char *name = pli_files_join(directory, file);
    if (name && stat(name, &st)) st = (struct stat){0};
    pli_free(name);
    return (uint64_t)st.st_ino ^ (uint64_t)st.st_mtim.tv_sec << 20 ^ (uint64_t)st.st_mtim.tv_nsec;
}

/* Xapian writes new blocks beside the old and renames this file last: while it is the same one, what
 * it points to is as it was. */
static uint64_t revision_of(const char *text)
{
    return state_of(text, "iamglass");
}

static plurum_status copy_text(const char *from, const char *to, plurum_error *error)
{
    enum { ATTEMPTS = 10 };
    plurum_status status = PLURUM_BUSY;
    for (int i = 0; i < ATTEMPTS && status; i++) {
        uint64_t before = revision_of(from);
        status = copy_directory(from, to, error);
        if (!status && revision_of(from) != before)
            status = pli_fail(error, PLURUM_BUSY, "%s: it changes all the time", from);
    }
    return status;
}

/* The text indexes: one, or none. */
static plurum_status copy_texts(const char *path, const char *dest, plurum_error *error)
{
    DIR *dir = opendir(path);
    if (!dir) return pli_fail_errno(error, errno, "%s", path);
    plurum_status status = PLURUM_OK;
    for (struct dirent *e; !status && (e = readdir(dir));) {
        if (strncmp(e->d_name, "text-", 5) != 0 || strchr(e->d_name, '.')) continue;
        char *from = pli_files_join(path, e->d_name), *to = pli_files_join(dest, e->d_name);
        status = from && to ? copy_text(from, to, error) : pli_nomem(error);
        pli_free(from);
        pli_free(to);
    }
    closedir(dir);
    return status;
}

static plurum_status copy_store(const char *path, const char *dest, plurum_error *error)
{
    char *from = pli_files_join(path, "store"), *to = pli_files_join(dest, "store");
    plurum_status status = from && to ? pli_files_remove(to, error) : pli_nomem(error);
    if (!status) status = pli_files_mkdir(to, error);
    if (!status) status = pli_store_copy_file(from, to, error);
    pli_free(from);
    pli_free(to);
    return status;
}

/* The folder of segments: its name, or "", which is the index's own folder, where there is none. */
static plurum_status find_segments(char name[NAME_MAX + 1], const char *path, plurum_error *error)
{
    DIR *dir = opendir(path);
    name[0] = '\0';
    if (!dir) return pli_fail_errno(error, errno, "%s", path);
    for (struct dirent *e; (e = readdir(dir));)
        if (strncmp(e->d_name, "segments-", 9) == 0) strcpy(name, e->d_name);
    closedir(dir);
    return PLURUM_OK;
}

static plurum_status copy_segments(const char *path, const char *dest, const char *name,
                                   plurum_error *error)
{
    if (!*name) return PLURUM_OK;
    char *from = pli_files_join(path, name), *to = pli_files_join(dest, name);
    plurum_status status = from && to ? copy_directory(from, to, error) : pli_nomem(error);
    pli_free(from);
    pli_free(to);
    return status;
}

/* A segment that the store names is there while nothing comes into its folder or leaves it. */
static plurum_status copy_store_and_segments(const char *path, const char *dest,
                                             plurum_error *error)
{
    enum { ATTEMPTS = 10 };
    char name[NAME_MAX + 1];
    for (int i = 0; i < ATTEMPTS; i++) {
        plurum_status status = find_segments(name, path, error);
        uint64_t before = state_of(path, name);
        if (!status) status = copy_store(path, dest, error);
        if (!status) status = copy_segments(path, dest, name, error);
        if (state_of(path, name) == before) return status;
        if (status && status != PLURUM_NOTFOUND) return status;
    }
    return pli_fail(error, PLURUM_BUSY, "%s: its segments change all the time", path);
}

plurum_status plurum_index_copy_files(const char *path, const char *dest, plurum_error *error)
{
    pli_lock *lock;
    int made;
    if (!path || !dest) return pli_fail(error, PLURUM_ARG, "%s: NULL", path ? "dest" : "path");
    plurum_status status = pli_files_check_format(path, error);
    if (!status) status = pli_lock_take(&lock, path, 0, error);
    if (status) return status;
    status = pli_files_claim_empty(dest, &made, error);
    if (!status) status = copy_store_and_segments(path, dest, error);
    if (!status) status = copy_texts(path, dest, error);
    if (!status) status = copy_file(path, dest, "FORMAT", error);
    pli_lock_release(lock);
    return status;
}
