/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a report: each looks through all results for what it shows, and writes nothing where
 * there is none.
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdio.h>

#include <jansson.h>

typedef struct report {
    json_t **results;
    const char **files; /* where each is from */
    size_t count;
    FILE *page;
} report;

/* Text with what HTML gives a meaning to written out. */
void html_text(FILE *page, const char *text);
void html_heading(FILE *page, int level, const char *text);
/* A cell of a table. */
void html_cell(FILE *page, const char *text);
void html_number(FILE *page, const char *format, double value) __attribute__((format(printf, 2, 0)));
/* The mean of {"mean", "lo", "hi"}, and below it from where to where; NULL: an empty cell. */
void html_interval(FILE *page, const json_t *interval);
int result_is(const json_t *result, const char *kind);
const char *result_text(const json_t *result, const char *name);
double result_number(const json_t *result, const char *name);

/* "nDCG@10" of "ndcg@10". */
const char *metric_title(const char *name);
enum { SYSTEM_NAME = 200 };
/* How an eval ranks: "text leg", "minmax alpha=0.3". */
void system_name(char out[SYSTEM_NAME], const json_t *result);
/* Whose vectors an eval has: "given vectors", "static-en-256", "no vectors". */
const char *vectors_name(const json_t *result);

/* 0, or the exit code. */
int report_quality(const report *r);
int report_differences(const report *r);
int report_curves(const report *r);
int report_loop(const report *r);
int report_calibration(const report *r);
int report_speed(const report *r);
int report_origin(const report *r);

#endif
