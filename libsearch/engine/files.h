/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of an index directory: FORMAT, writer.lock, store/, and the text index beside it.
 */
#ifndef PLI_ENGINE_FILES_H
#define PLI_ENGINE_FILES_H

#include <stdint.h>

#include <plurum/status.h>

/* "directory/name", the caller's; NULL: memory is short. */
char *pli_files_join(const char *directory, const char *name);

/* Makes a directory for a new index; EXISTS when it holds something. *made: it was not there. */
plurum_status pli_files_claim_empty(const char *directory, int *made, plurum_error *error);
/* EXISTS unless there is no such thing or an empty directory. */
plurum_status pli_files_check_empty(const char *directory, plurum_error *error);
plurum_status pli_files_mkdir(const char *directory, plurum_error *error);

/* Makes the names in a directory durable. */
plurum_status pli_files_sync(const char *directory, plurum_error *error);
/* Likewise the name of a directory in its parent, where that may be read. */
void pli_files_sync_parent(const char *path);

/*
 * Gives a file that was written as `made` (with this status, already on the disk) the name `finished`
 * in the directory, durably; where anything fails it is removed. Crash points: KIND-written and
 * KIND-renamed.
 */
plurum_status pli_files_install(plurum_status written, const char *directory, const char *made,
                                const char *finished, const char *kind, plurum_error *error);

/* Writes FORMAT: a directory without it is no index. */
plurum_status pli_files_write_format(const char *directory, plurum_error *error);
/* NOTFOUND (no such directory), FORMAT (no index, or a newer one). */
plurum_status pli_files_check_format(const char *directory, plurum_error *error);

/* Removes a file or a whole directory; fine when there is none. */
plurum_status pli_files_remove(const char *path, plurum_error *error);
/* Bytes of all files below a directory. */
uint64_t pli_files_size(const char *directory);

#endif
