/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plots for pages. gnuplot draws them: a plot is a script for it, of which what is common (size,
 * fonts, grid, colours) is written here, and its SVG goes into the page.
 */
#ifndef BENCH_PLOT_H
#define BENCH_PLOT_H

#include <stdio.h>

#include <jansson.h>

typedef struct plot {
    FILE *script;
    char *text;
    size_t size;
    const char *separator; /* between the clauses of the plot command */
} plot;

/* height: of the picture, whose width is fixed. 0, or the exit code. */
int plot_begin(plot *p, int height);
/* A label as gnuplot quotes it, into the script. */
void plot_quote(plot *p, const char *text);
/* Draws, and writes the <svg> element in a <figure>. 0, or the exit code after saying why. */
int plot_end(plot *p, FILE *page);

/* Differences of queries, from gains to losses, as bars. 0, or the exit code. */
int plot_differences(FILE *page, const double *differences, size_t count, const char *metric);
/* A metric along a weight: curves of one weight, a line each: {"collection", "points", "default"}, a
 * point [x, y] or [x, y, standard error]; x, y: what the axes are called. 0, or the exit code. */
int plot_curves(FILE *page, json_t *const *curves, size_t count, const char *x, const char *y);
/* Means with intervals: a row of marks for each label, systems side by side. values: by label, then
 * system, as {"mean", "lo", "hi"} or NULL. 0, or the exit code. */
int plot_means(FILE *page, const char *const *labels, size_t label_count,
               const char *const *systems, size_t system_count, json_t *const *values);
/* Promised against kept: bins of [predicted, observed, count], a line each. 0, or the exit code. */
int plot_calibration(FILE *page, const char *const *names, json_t *const *bins, size_t count);
/* Bars that lie, with a label each, of one or two values; names: of the values. 0, or the exit code. */
int plot_bars(FILE *page, const char *const *labels, const double *values, size_t count,
              const char *const *names, size_t names_count, const char *axis);

#endif
