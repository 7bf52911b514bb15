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
/* "0.1234 [0.1000, 0.1500]" of {"mean", "lo", "hi"}; sign: with a plus too. */
void html_interval(FILE *page, const json_t *interval, int sign);
int result_is(const json_t *result, const char *kind);
const char *result_text(const json_t *result, const char *name);
double result_number(const json_t *result, const char *name);

/* 0, or the exit code. */
int report_quality(const report *r);
int report_differences(const report *r);
int report_curves(const report *r);
int report_calibration(const report *r);
int report_speed(const report *r);
int report_origin(const report *r);

#endif
