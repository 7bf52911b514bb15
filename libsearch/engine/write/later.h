/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Embedding later: documents whose embedder did not answer at their commit wait in the store
 * (waiting.h), and get their vectors from a thread of a writing handle, or from whoever calls
 * plurum_index_apply or plurum_index_embed.
 */
#ifndef PLI_ENGINE_WRITE_LATER_H
#define PLI_ENGINE_WRITE_LATER_H

#include "engine/engine.h"
#include "engine/job.h"

void pli_later_init(pli_later *later);
void pli_later_destroy(pli_later *later);

/* Starts the thread where the handle writes, has an embedder, does not apply by hand, and documents
 * wait. Told when any of these has come about. */
plurum_status pli_later_start(plurum_index *index, plurum_error *error);
/* Gives up a request that is under way and stops the thread. */
void pli_later_stop(plurum_index *index);

/* Whether the embedder failed the last time that it was asked for what waits: not to be asked again by
 * those who need not wait for it. */
int pli_later_is_down(const plurum_index *index);
/* Told by a commit how its own texts went. */
void pli_later_failed(plurum_index *index, const plurum_error *why);
void pli_later_answered(plurum_index *index);

/*
 * Embeds whatever waits for the live model; OK where nothing does, or there is no embedder. Errors:
 * those of the embedder, INVALID (it refuses some of the texts; the others have their vectors),
 * CANCELLED. job: told of progress; may be NULL.
 */
plurum_status pli_later_run(plurum_index *index, pli_job *job, plurum_error *error);

#endif
