/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telling the caller how far a job is.
 */
#include <config.h>

#include "engine/job.h"

#include "base/error.h"
#include "base/options.h"

static plurum_status tell(const pli_job *job, plurum_error *error)
{
    const plurum_job_options *o = &job->options;
    if (o->progress && o->progress(o->progress_payload, job->step, job->done, job->total))
        return pli_fail(error, PLURUM_CANCELLED, "stopped after %llu of %llu %s",
                        (unsigned long long)job->done, (unsigned long long)job->total, job->step);
    return PLURUM_OK;
}

plurum_status pli_job_begin(pli_job *job, const plurum_job_options *options, plurum_error *error)
{
    *job = (pli_job){.options = PLURUM_JOB_OPTIONS_INIT};
    return pli_options_copy(&job->options, sizeof job->options, options, "plurum_job_options", error);
}

plurum_status pli_job_step(pli_job *job, const char *step, uint64_t total, plurum_error *error)
{
    job->step = step;
    job->done = 0;
    job->total = total;
    return tell(job, error);
}

plurum_status pli_job_over(pli_job *job, const char *step, pli_store *store, pli_table table,
                           plurum_error *error)
{
    pli_txn *txn;
    plurum_status status = pli_txn_read(&txn, store, error);
    if (status) return status;
    uint64_t total = pli_txn_count(txn, table);
    pli_txn_end(txn);
    return pli_job_step(job, step, total, error);
}

plurum_status pli_job_done(pli_job *job, plurum_error *error)
{
    enum { EVERY = 100 };
    return ++job->done % EVERY == 0 || job->done == job->total ? tell(job, error) : PLURUM_OK;
}
