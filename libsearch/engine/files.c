/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files: creating an index directory so that a kill in the middle leaves no half index, and telling
 * what is one.
 */
#include <config.h>

#include "engine/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <plurum/version.h>

#include "base/alloc.h"
#include "base/crash.h"
#include "base/error.h"

static const char FORMAT_LINE[] = "plurum-index ";

char *pli_files_join(const char *directory, const char *name)
{
    size_t size = strlen(directory) + strlen(name) + 2;
    char *path = pli_malloc(size);
    if (path) snprintf(path, size, "%s/%s", directory, name);
    return path;
}

plurum_status pli_files_mkdir(const char *directory, plurum_error *error)
{
    return mkdir(directory, 0755) ? pli_fail_errno(error, errno, "%s", directory) : PLURUM_OK;
}

plurum_status pli_files_check_empty(const char *directory, plurum_error *error)
{
    DIR *dir = opendir(directory);
    if (!dir && errno == ENOENT) return PLURUM_OK;
    if (!dir && errno == ENOTDIR)
        return pli_fail(error, PLURUM_EXISTS, "%s: a file, not a directory", directory);
    if (!dir) return pli_fail_errno(error, errno, "%s", directory);
    int entries = 0;
    for (struct dirent *e; (e = readdir(dir));)
        entries += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(dir);
    return entries ? pli_fail(error, PLURUM_EXISTS, "%s: the directory is not empty", directory)
                   : PLURUM_OK;
}

plurum_status pli_files_claim_empty(const char *directory, int *made, plurum_error *error)
{
    *made = mkdir(directory, 0755) == 0;
    if (*made) return PLURUM_OK;
    if (errno != EEXIST) return pli_fail_errno(error, errno, "%s", directory);
    return pli_files_check_empty(directory, error);
}

plurum_status pli_files_sync(const char *directory, plurum_error *error)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed = fd < 0 || fsync(fd);
    int code = errno;
    if (fd >= 0) close(fd);
    return failed ? pli_fail_errno(error, code, "%s", directory) : PLURUM_OK;
}

plurum_status pli_files_install(plurum_status written, const char *directory, const char *made,
                                const char *finished, const char *kind, plurum_error *error)
{
    plurum_status status = written;
    if (!status) pli_crash_point(kind, "written");
    if (!status && rename(made, finished)) status = pli_fail_errno(error, errno, "%s", made);
    if (!status) status = pli_files_sync(directory, error);
    if (!status) pli_crash_point(kind, "renamed");
    if (status) unlink(made);
    return status;
}

plurum_status pli_files_write_format(const char *directory, plurum_error *error)
{
    char *path = pli_files_join(directory, "FORMAT");
    if (!path) return pli_nomem(error);
    char line[64];
    int len = snprintf(line, sizeof line, "%s%d\n", FORMAT_LINE, PLURUM_FORMAT_NUMBER);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    plurum_status status = PLURUM_OK;
    if (fd < 0 || write(fd, line, (size_t)len) != len || fsync(fd))
        status = pli_fail_errno(error, errno, "%s", path);
    if (fd >= 0) close(fd);
    pli_free(path);
    return status ? status : pli_files_sync(directory, error);
}

void pli_files_sync_parent(const char *path)
{
    char *parent = pli_files_join(path, "..");
    if (parent) pli_files_sync(parent, NULL);
    pli_free(parent);
}

static plurum_status judge_format(const char *directory, const char *line, plurum_error *error)
{
    char *end;
    size_t prefix = sizeof FORMAT_LINE - 1;
    long number = -1;
    if (strncmp(line, FORMAT_LINE, prefix) == 0) {
        number = strtol(line + prefix, &end, 10);
        if (end == line + prefix || *end != '\n') number = -1;
    }
    if (number < 0)
        return pli_fail(error, PLURUM_FORMAT, "%s/FORMAT: not that of a plurum index", directory);
    if (number > PLURUM_FORMAT_NUMBER)
        return pli_fail(error, PLURUM_FORMAT,
                        "%s: written by a newer version: format %ld, this one reads up to %d",
                        directory, number, PLURUM_FORMAT_NUMBER);
    return PLURUM_OK;
}

plurum_status pli_files_check_format(const char *directory, plurum_error *error)
{
    struct stat st;
    if (stat(directory, &st)) return pli_fail_errno(error, errno, "%s", directory);
    char *path = pli_files_join(directory, "FORMAT");
    if (!path) return pli_nomem(error);
    char line[64];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd >= 0 ? read(fd, line, sizeof line - 1) : -1;
    int code = errno;
    if (fd >= 0) close(fd);
    pli_free(path);
    if (len < 0 && code != ENOENT && code != ENOTDIR)
        return pli_fail_errno(error, code, "%s/FORMAT", directory);
    if (len < 0) return pli_fail(error, PLURUM_FORMAT, "%s: not a plurum index", directory);
    line[len] = '\0';
    return judge_format(directory, line, error);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

plurum_status pli_files_remove(const char *path, plurum_error *error)
{
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT)
        return PLURUM_OK;
    return pli_fail_errno(error, errno, "%s", path);
}

uint64_t pli_files_size(const char *directory)
{
    uint64_t bytes = 0;
    DIR *dir = opendir(directory);
    if (!dir) return 0;
    for (struct dirent *e; (e = readdir(dir));) {
        struct stat st;
        if (fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode))
            bytes += (uint64_t)st.st_size;
    }
    closedir(dir);
    return bytes;
}
