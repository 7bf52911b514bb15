/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Progress and interruption of jobs.
 */
#include <config.h>

#include "tools/job.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

/* A signal may come just before a call that blocks: an alarm a second later, and again, ends that too. */
static void note_signal(int number)
{
    (void)number;
    interrupted = 1;
    alarm(1);
}

void job_catch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note_signal;
    action.sa_flags = (int)SA_RESETHAND; /* the second one ends the process at once */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_flags = 0;
    sigaction(SIGALRM, &action, NULL);
}

int job_interrupted(void)
{
    return interrupted;
}

static int step(void *payload, const char *name, uint64_t done, uint64_t total)
{
    job *j = payload;
    if (!j->step || strcmp(j->step, name) != 0) {
        if (j->step) progress_end(&j->progress);
        progress_begin(&j->progress, name);
        j->step = name;
    }
    progress_step(&j->progress, done, total ? (double)done / (double)total : -1.0);
    return interrupted;
}

void job_begin(job *j, plurum_job_options *options)
{
    memset(j, 0, sizeof *j);
    progress_begin(&j->progress, "");
    options->progress = step;
    options->progress_payload = j;
    job_catch_signals();
}

double job_end(job *j)
{
    return progress_end(&j->progress);
}

int job_failed(const plurum_error *error, const char *hint)
{
    if (error->status == PLURUM_CANCELLED && interrupted)
        return cli_error(EXIT_INTERRUPTED, "interrupted: %s", hint);
    return cli_failed(NULL, error);
}
