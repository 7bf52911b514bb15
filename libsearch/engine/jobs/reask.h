/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Codes of the queries of outcomes that have none of the live model: because another model was live
 * when they came, or the embedder failed then.
 */
#ifndef PLI_ENGINE_JOBS_REASK_H
#define PLI_ENGINE_JOBS_REASK_H

#include "engine/engine.h"
#include "engine/job.h"

/* Of a handle that is this job's alone. May be broken off and done again at any time. What the embedder
 * refuses is passed over; *left: outcomes whose query has no code afterwards, set on failure too. Errors:
 * those of the embedder, CANCELLED, CORRUPT, IO, NOMEM. */
plurum_status pli_reask(uint64_t *left, plurum_index *index, const plurum_embedder *embedder,
                        pli_job *job, plurum_error *error);

#endif
