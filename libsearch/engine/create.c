/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Creating an index, so that a kill at any moment leaves an index or something that the next
 * creation takes for what it is.
 *
 * The store is made as store.begun and gets its name as the very last step, under the lock of the
 * writer. So a directory that holds no more than that lock, store.begun and FORMAT is what a killed
 * creation left, and nobody has written into it.
 */
#include <config.h>

#include <plurum/index.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/configuration.h"
#include "engine/files.h"

typedef struct paths {
    const char *index;
    char *format, *lock, *made, *store; /* made: the store before it has its name */
} paths;

static void free_paths(paths *p)
{
    pli_free(p->format);
    pli_free(p->lock);
    pli_free(p->made);
    pli_free(p->store);
}

static plurum_status name_paths(paths *p, const char *path, plurum_error *error)
{
    p->index = path;
    p->format = pli_files_join(path, "FORMAT");
    p->lock = pli_files_join(path, "writer.lock");
    p->made = pli_files_join(path, "store.begun");
    p->store = pli_files_join(path, "store");
    if (p->format && p->lock && p->made && p->store) return PLURUM_OK;
    free_paths(p);
    return pli_nomem(error);
}

/* One of ours; a power failure may have left it empty. */
static int is_format(const paths *p)
{
    struct stat st;
    return pli_files_check_format(p->index, NULL) == PLURUM_OK ||
           (stat(p->format, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0);
}

static int is_leftover(const paths *p, const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "writer.lock") == 0 ||
           strcmp(name, "store.begun") == 0 || (strcmp(name, "FORMAT") == 0 && is_format(p));
}

/* Makes the directory, unless it is empty or left by a creation that was killed. */
static plurum_status claim(const paths *p, int *made, plurum_error *error)
{
    *made = mkdir(p->index, 0755) == 0;
    if (*made) return PLURUM_OK;
    if (errno != EEXIST) return pli_fail_errno(error, errno, "%s", p->index);
    DIR *dir = opendir(p->index);
    if (!dir && errno == ENOTDIR)
        return pli_fail(error, PLURUM_EXISTS, "%s: a file, not a directory", p->index);
    if (!dir) return pli_fail_errno(error, errno, "%s", p->index);
    int others = 0;
    for (struct dirent *e; (e = readdir(dir));) others += !is_leftover(p, e->d_name);
    closedir(dir);
    return others ? pli_fail(error, PLURUM_EXISTS, "%s: the directory is not empty", p->index)
                  : PLURUM_OK;
}

static plurum_status create_store(const char *directory, const pli_configuration *configuration,
                                  plurum_error *error)
{
    pli_store *store = NULL;
    pli_txn *txn;
    pli_store_options options = {.map_size = configuration->map_size};
    plurum_status status = pli_files_mkdir(directory, error);
    if (!status) status = pli_store_create(directory, configuration->map_size, error);
    if (!status) status = pli_store_open(&store, directory, &options, error);
    if (!status) status = pli_txn_write(&txn, store, error);
    if (!status) {
        status = pli_configuration_save(configuration, txn, error);
        if (status)
            pli_txn_end(txn);
        else
            status = pli_txn_commit(txn, error);
    }
    pli_store_close(store);
    return status ? status : pli_files_sync(directory, error);
}

static plurum_status remove_leftovers(const paths *p, plurum_error *error)
{
    plurum_status status = pli_files_remove(p->made, error);
    return status ? status : pli_files_remove(p->format, error);
}

static plurum_status fill(const paths *p, const pli_configuration *configuration,
                          plurum_error *error)
{
    plurum_status status = remove_leftovers(p, error);
    if (!status) status = create_store(p->made, configuration, error);
    if (!status) status = pli_files_write_format(p->index, error);
    if (!status && rename(p->made, p->store)) status = pli_fail_errno(error, errno, "%s", p->store);
    return status ? status : pli_files_sync(p->index, error);
}

/* Under the lock: another process that makes the same index is refused, not undone. */
static plurum_status make(const paths *p, int made, const pli_configuration *configuration,
                          plurum_error *error)
{
    pli_lock *lock;
    plurum_status status = pli_lock_take(&lock, p->index, 1, error);
    if (status == PLURUM_BUSY) return status;
    if (!status) status = claim(p, &(int){0}, error); /* somebody may have been faster */
    if (status == PLURUM_EXISTS) {
        pli_lock_release(lock);
        return status;
    }
    if (!status) status = fill(p, configuration, error);
    if (!status && made) pli_files_sync_parent(p->index);
    if (status) {
        remove_leftovers(p, NULL);
        pli_files_remove(p->store, NULL);
        pli_files_remove(p->lock, NULL);
        if (made) pli_files_remove(p->index, NULL);
    }
    pli_lock_release(lock);
    return status;
}

plurum_status plurum_index_create(const char *path, const plurum_create_options *options,
                                  plurum_error *error)
{
    pli_configuration configuration;
    paths p;
    int made;
    if (!path) return pli_fail(error, PLURUM_ARG, "path: NULL");
    plurum_status status = pli_configuration_from(&configuration, options, error);
    if (!status) status = name_paths(&p, path, error);
    if (status) return status;
    status = claim(&p, &made, error);
    if (!status) status = make(&p, made, &configuration, error);
    free_paths(&p);
    return status;
}
