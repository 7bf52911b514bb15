/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running a job of the library from the command line: progress on a terminal, and SIGINT or SIGTERM
 * stop it at its next step, so that it leaves everything clean.
 */
#ifndef TOOLS_JOB_H
#define TOOLS_JOB_H

#include "tools/cli.h"
#include "tools/progress.h"

enum { EXIT_INTERRUPTED = 130 };

typedef struct job {
    progress progress;
    const char *step;
} job;

/* From now on signals only leave a note, which job_interrupted gives. */
void job_catch_signals(void);
int job_interrupted(void);

/* Sets what the library is to call. `job` must live until job_end, which gives the seconds. */
void job_begin(job *job, plurum_job_options *options);
double job_end(job *job);

/* The exit code of a job that failed. hint: what an interrupted one leaves, and how to go on. */
int job_failed(const plurum_error *error, const char *hint);

#endif
