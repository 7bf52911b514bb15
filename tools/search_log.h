/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log of plurum search: one JSON line a query, with what all candidates' scores are made of, as
 * plurum/replay.h reads it; vectors go to FILE.npy beside it.
 */
#ifndef TOOLS_SEARCH_LOG_H
#define TOOLS_SEARCH_LOG_H

#include <stdio.h>

#include <plurum/replay.h>

#include "tools/vector_table.h"

typedef struct search_log {
    FILE *file;
    const char *path; /* borrowed */
    char *table_path;
    vector_table table;
} search_log;

/* Opens a log for appending, and waits for another process that writes to it. 0, or the exit code
 * after saying why; close it either way. */
int search_log_open(search_log *out, const char *path);
/* Appends a query, which ran with a trace; its replay is taken out of the results. id may be NULL.
 * 0, or the exit code. */
int search_log_write(search_log *log, const char *id, const char *text, const plurum_query *query,
                     plurum_results *results);
/* Returns code, or the exit code of what goes wrong. */
int search_log_close(search_log *log, int code);

#endif
