/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Of a report: metrics by collection, calibration.
 */
#include <config.h>

#include "bench/report.h"

#include <stdlib.h>
#include <string.h>

#include "bench/paired.h"
#include "bench/plot.h"
#include "tools/cli.h"

/* ---- metrics ---- */

static const char GLOSSARY[] =
    "<p class=note>Means over queries, and below each from where to where its 95 % bootstrap interval goes; all "
    "from 0 to 1, more is better. nDCG@10: what the grades of the first ten add up to, less the further down they "
    "stand, as a share of the best order's. MRR@10: 1 by the rank of the first relevant one among ten. MAP: "
    "precision at the rank of each relevant one. recall@100: the share of the relevant among the first hundred. "
    "P@10: the share of the first ten that is relevant.</p>\n<p class=note>Ranked by: a leg alone, or how both "
    "legs' scores become one, and weights that are not the default. Given vectors: those that are in the "
    "collection's folder.</p>\n";

static void quality_row(FILE *page, const json_t *result)
{
    char system[SYSTEM_NAME];
    system_name(system, result);
    fputs("<tr>", page);
    html_cell(page, result_text(result, "collection"));
    html_cell(page, system);
    html_cell(page, vectors_name(result));
    html_number(page, "%.0f", result_number(result, "queries"));
    for (int m = 0; m < METRIC_COUNT; m++)
        html_interval(page, json_object_get(json_object_get(result, "metrics"), metric_names[m]));
    fputs("</tr>\n", page);
}

/* The place of a name in a list that grows. */
static size_t place_of(char **names, size_t *count, const char *name)
{
    size_t i = 0;
    while (i < *count && strcmp(names[i], name) != 0) i++;
    if (i == *count && (names[i] = strdup(name))) ++*count;
    return i;
}

static int is_of(const json_t *result, const char *embedder)
{
    return result_is(result, "eval") && strcmp(result_text(result, "embedder"), embedder) == 0;
}

/* Whether nothing before a result has its embedder. */
static int is_first_of(const report *r, size_t i)
{
    const char *embedder = result_text(r->results[i], "embedder");
    for (size_t j = 0; j < i; j++)
        if (is_of(r->results[j], embedder)) return 0;
    return result_is(r->results[i], "eval");
}

/* One picture for all results with vectors of one kind; of one result alone none. */
static int draw_quality(const report *r, size_t evals, const char *embedder, const char *title)
{
    char **labels = calloc(evals + 1, sizeof *labels), **systems = calloc(evals + 1, sizeof *systems);
    json_t **values = calloc(evals * evals + 1, sizeof *values);
    size_t label_count = 0, system_count = 0;
    int code = labels && systems && values ? 0 : cli_no_memory();
    for (int pass = 0; pass < 2 && !code; pass++) /* the table's width is known after the first */
        for (size_t i = 0; i < r->count; i++) {
            char system[SYSTEM_NAME];
            if (!is_of(r->results[i], embedder)) continue;
            system_name(system, r->results[i]);
            size_t l = place_of(labels, &label_count, result_text(r->results[i], "collection"));
            size_t s = place_of(systems, &system_count, system);
            if (pass)
                values[l * system_count + s] =
                    json_object_get(json_object_get(r->results[i], "metrics"), "ndcg@10");
        }
    if (!code && label_count * system_count > 1) {
        html_heading(r->page, 3, title);
        code = plot_means(r->page, (const char *const *)labels, label_count,
                          (const char *const *)systems, system_count, values);
    }
    for (size_t i = 0; i < label_count; i++) free(labels[i]);
    for (size_t i = 0; i < system_count; i++) free(systems[i]);
    free(labels);
    free(systems);
    free(values);
    return code;
}

int report_quality(const report *r)
{
    size_t evals = 0;
    for (size_t i = 0; i < r->count; i++) evals += (size_t)result_is(r->results[i], "eval");
    if (!evals) return 0;
    fputs("<h2>Quality by collection</h2>\n<div class=wide><table><tr><th>collection</th><th>ranked by</th>"
          "<th>vectors</th><th class=n>queries</th>", r->page);
    for (int m = 0; m < METRIC_COUNT; m++)
        fprintf(r->page, "<th class=n>%s</th>", metric_title(metric_names[m]));
    fputs("</tr>\n", r->page);
    for (size_t i = 0; i < r->count; i++)
        if (result_is(r->results[i], "eval")) quality_row(r->page, r->results[i]);
    fputs("</table></div>\n", r->page);
    fputs(GLOSSARY, r->page);
    int code = 0;
    for (size_t i = 0; i < r->count && !code; i++)
        if (is_first_of(r, i))
            code = draw_quality(r, evals, result_text(r->results[i], "embedder"), vectors_name(r->results[i]));
    return code;
}

/* ---- calibration ---- */

/* Whether the calibration of an eval is shown: of an answer as people get it, or where that is not
 * there, of any. */
static int is_calibrated(const report *r, size_t i, const char *embedder)
{
    int as_people_get_it = 0;
    for (size_t j = 0; j <= r->count; j++) {
        const json_t *result = r->results[j < r->count ? j : i];
        int same = is_of(result, embedder) && json_object_get(result, "calibration");
        int whole = same && strcmp(result_text(result, "mode"), "hybrid") == 0 &&
                    strcmp(result_text(result, "fusion"), "adaptive") == 0;
        if (j == r->count) return same && (whole || !as_people_get_it);
        as_people_get_it |= whole;
    }
    return 0;
}

/* One picture, a line each. */
static int draw_calibration(const report *r, const char *embedder, const char *title)
{
    const char **names = calloc(r->count + 1, sizeof *names);
    json_t **bins = calloc(r->count + 1, sizeof *bins);
    size_t n = 0;
    if (!names || !bins) {
        free(names);
        free(bins);
        return cli_no_memory();
    }
    html_heading(r->page, 3, title);
    fputs("<div class=wide><table><tr><th>collection</th><th>ranked by</th><th class=n>expected calibration "
          "error</th><th class=n>prevalence that would be right</th></tr>\n", r->page);
    for (size_t i = 0; i < r->count; i++) {
        char system[SYSTEM_NAME];
        const json_t *calibration = json_object_get(r->results[i], "calibration");
        if (!is_calibrated(r, i, embedder)) continue;
        system_name(system, r->results[i]);
        names[n] = result_text(r->results[i], "collection");
        bins[n++] = json_object_get(calibration, "bins");
        fputs("<tr>", r->page);
        html_cell(r->page, names[n - 1]);
        html_cell(r->page, system);
        html_number(r->page, "%.4f", result_number(calibration, "ece"));
        html_number(r->page, "%+.1f", result_number(calibration, "prevalence"));
        fputs("</tr>\n", r->page);
    }
    fputs("</table></div>\n", r->page);
    int code = n ? plot_calibration(r->page, names, bins, n) : 0;
    free(names);
    free(bins);
    return code;
}

int report_calibration(const report *r)
{
    int code = 0, any = 0;
    for (size_t i = 0; i < r->count && !code; i++) {
        if (!is_first_of(r, i)) continue;
        if (!any++)
            fputs("<h2>Calibration</h2>\n<p class=note>How likely the ten best hits of each query were said to "
                  "be relevant, and which share of them was, in ten bins of equal width. Above the dotted line "
                  "more was kept than promised. Larger marks: more hits. Expected calibration error: how far "
                  "promised and kept are apart, in the mean over hits; 0 is best. Prevalence that would be "
                  "right: the ranking weight <code>prevalence</code> (log-odds) with which as many would be "
                  "promised as there are.</p>\n", r->page);
        code = draw_calibration(r, result_text(r->results[i], "embedder"), vectors_name(r->results[i]));
    }
    return code;
}
