/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Putting another store in the place of an index's own.
 *
 *     store.new/   is filled, with a file "building" in it until it is whole
 *     exchange     one step where the file system can, so that there is always a store/
 *     told         the old store gets a mark that every process which has it open meets in its next
 *                  transaction: STALE
 *     removed      the old one
 *
 * Whatever a kill leaves is put right when the index is next opened for writing, before anything is
 * written: until then the old and the new store say the same, so nobody is misled.
 */
#ifndef PLI_ENGINE_JOBS_SWITCH_H
#define PLI_ENGINE_JOBS_SWITCH_H

#include "engine/engine.h"

/* A new, empty store beside the live one: to be filled, closed, and given to one of these two. */
plurum_status pli_switch_begin(pli_store **out, plurum_index *index, plurum_error *error);
/* Puts it in place; the index goes on with it. No transaction may be open. */
plurum_status pli_switch_commit(plurum_index *index, plurum_error *error);
void pli_switch_abandon(plurum_index *index);

/* At opening: puts right what a kill has left (writing), or says that it must be (BUSY). */
plurum_status pli_switch_recover(const char *path, int read_only, plurum_error *error);

#endif
