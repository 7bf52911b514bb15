/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TREC run files: query, Q0, document, rank, score, tag. The order of a run is trec_eval's: by
 * score in single precision, equal ones by document, the greater first; the rank column is not
 * looked at.
 */
#ifndef BENCH_TREC_H
#define BENCH_TREC_H

#include <stddef.h>
#include <stdint.h>

typedef struct run_row {
    char *query, *document;
    float score;
    uint64_t line; /* of its file */
} run_row;

/* Sorted by query, then by that order. */
typedef struct run_file {
    run_row *rows;
    size_t count;
} run_file;

/* Reads a run, in which a document is listed once a query. 0, or the exit code after saying why; free it either way. */
int run_read(run_file *out, const char *path);
void run_free(run_file *run);

/* The rows of a query, best first: the first, and how many. */
const run_row *run_of(const run_file *run, const char *query, size_t *count);

#endif
