/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who holds an index: one writing process at a time, and one handle a process.
 */
#ifndef PLI_STORE_LOCK_H
#define PLI_STORE_LOCK_H

#include <plurum/status.h>

typedef struct pli_lock pli_lock;

/*
 * Claims an index directory for this process (LMDB must not be opened twice in one), and for
 * writing when `writer` is set. BUSY: the text names the pid that writes, or this process.
 */
plurum_status pli_lock_take(pli_lock **out, const char *directory, int writer,
                            plurum_error *error);
void pli_lock_release(pli_lock *lock); /* NULL is fine */

#endif
