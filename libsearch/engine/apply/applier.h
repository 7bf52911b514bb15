/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The applier: lets the text index follow the store, and trains the compression dictionary when
 * there is enough to train on. A thread of a writing handle, or whoever calls plurum_index_apply.
 */
#ifndef PLI_ENGINE_APPLY_APPLIER_H
#define PLI_ENGINE_APPLY_APPLIER_H

#include "engine/engine.h"

/* Opens the text index for writing, making it anew where it is missing, damaged or ahead of the
 * store; starts the thread unless the handle applies by hand. */
plurum_status pli_applier_start(plurum_index *index, plurum_error *error);
/* Applies what is left (unless by hand), stops the thread and closes the text index. */
void pli_applier_stop(plurum_index *index);

/* Told after every commit. */
void pli_applier_committed(plurum_index *index, uint64_t seq);
/* Waits while more documents are pending than the handle allows; not while applying fails, since
 * a commit does not depend on it. */
void pli_applier_wait_for_room(plurum_index *index);
/* Told when pending documents are given up. */
void pli_applier_made_room(plurum_index *index);
/* Applies everything committed before the call. */
plurum_status pli_applier_catch_up(plurum_index *index, plurum_error *error);

#endif
