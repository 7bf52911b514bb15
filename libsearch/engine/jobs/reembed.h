/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vectors of another generation beside the live one's: removed, and made from the contents.
 */
#ifndef PLI_ENGINE_JOBS_REEMBED_H
#define PLI_ENGINE_JOBS_REEMBED_H

#include "engine/engine.h"
#include "engine/job.h"

/* Removes every vector of a model that is not the live one, in transactions of a bounded size. */
plurum_status pli_vectors_clear(plurum_index *index, uint32_t model, pli_job *job,
                                plurum_error *error);
/*
 * Embeds every document that has no vector of the model yet; so it goes on where a kill or a stop
 * has ended it. *without: documents in which the model finds nothing.
 */
plurum_status pli_vectors_fill(uint64_t *without, plurum_index *index, uint32_t model,
                               const plurum_embedder *embedder, pli_job *job, plurum_error *error);

/* Lets every document that has no vector of the model wait for it. */
plurum_status pli_vectors_await(plurum_index *index, uint32_t model, pli_job *job,
                                plurum_error *error);

#endif
