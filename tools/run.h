/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing TREC run files so that trec_eval sees the order that was found. It reads scores in
 * single precision and puts equal ones into an order of its own, so a score that would not be
 * lower than the one above it is written as the next lower float.
 */
#ifndef TOOLS_RUN_H
#define TOOLS_RUN_H

#include <stdio.h>

#include <plurum/search.h>

typedef struct run_writer {
    FILE *file;
    const char *query;
    size_t rank;
    float last;
} run_writer;

run_writer run_begin(FILE *file, const char *query);
/* The next lower place. */
void run_write(run_writer *writer, const char *document, double score);
/* All hits of an answer. */
void run_write_results(FILE *file, const char *query, const plurum_results *results);

#endif
