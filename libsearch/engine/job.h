/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A job under way: how it tells what it has done, and is stopped.
 */
#ifndef PLI_ENGINE_JOB_H
#define PLI_ENGINE_JOB_H

#include <plurum/jobs.h>

#include "store/store.h"

typedef struct pli_job {
    plurum_job_options options;
    const char *step;
    uint64_t done, total;
} pli_job;

/* Takes a caller's options, which may be NULL: ARG. */
plurum_status pli_job_begin(pli_job *job, const plurum_job_options *options, plurum_error *error);
/* Begins a step of `total` things. CANCELLED, as the next. */
plurum_status pli_job_step(pli_job *job, const char *step, uint64_t total, plurum_error *error);
/* Begins a step over all records of a table. The same, IO, NOMEM. */
plurum_status pli_job_over(pli_job *job, const char *step, pli_store *store, pli_table table,
                           plurum_error *error);
/* One more of them is done; the caller is told of every 100th. */
plurum_status pli_job_done(pli_job *job, plurum_error *error);

#endif
