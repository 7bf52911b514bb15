/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text index of a writing handle: opened, and made anew from nothing when it is damaged, of
 * another analysis, or ahead of the store. The applier then fills it; until it has, everything is
 * in the tail.
 */
#ifndef PLI_ENGINE_VIEW_TEXT_INDEX_H
#define PLI_ENGINE_VIEW_TEXT_INDEX_H

#include "engine/engine.h"

/* Opens applier.text; under applier.work, or before the handle is anybody's. */
plurum_status pli_text_index_open(plurum_index *index, plurum_error *error);

/* The same where it is not open yet; and where its files are gone, makes it anew. */
plurum_status pli_text_index_ready(plurum_index *index, plurum_error *error);
/* Removes text indexes of other analyses and stores: nobody will read them again. */
void pli_text_index_sweep(const plurum_index *index);

/* The writer has failed half-way: begins again from the disk or, where that is damaged (how; NULL:
 * it is not), from nothing. Under applier.work. */
plurum_status pli_text_index_begin_again(plurum_index *index, const char *damage,
                                         plurum_error *error);

/*
 * A reader of this generation has met damage, as `error` says: makes the index anew, unless
 * somebody has done so since. CORRUPT, and the error as it was: the handle only reads.
 */
plurum_status pli_text_index_heal(plurum_index *index, unsigned generation, plurum_error *error);

#endif
