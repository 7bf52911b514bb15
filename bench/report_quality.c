/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Of a report: metrics by collection, differences by query, curves, calibration.
 */
#include <config.h>

#include "bench/report.h"

#include <stdlib.h>
#include <string.h>

#include "bench/paired.h"
#include "bench/plot.h"
#include "tools/cli.h"

/* ---- metrics ---- */

/* What was measured, apart from on what: "hybrid, adaptive, caller". */
static void system_name(char *out, size_t size, const json_t *result)
{
    snprintf(out, size, "%s, %s, %s", result_text(result, "mode"), result_text(result, "fusion"),
             result_text(result, "embedder"));
}

static void quality_row(FILE *page, const json_t *result)
{
    char system[160];
    system_name(system, sizeof system, result);
    fputs("<tr><td>", page);
    html_text(page, result_text(result, "collection"));
    fputs("</td><td>", page);
    html_text(page, system);
    fprintf(page, "</td><td>%.0f</td>", result_number(result, "queries"));
    for (int m = 0; m < METRIC_COUNT; m++) {
        fputs("<td>", page);
        html_interval(page, json_object_get(json_object_get(result, "metrics"), metric_names[m]), 0);
        fputs("</td>", page);
    }
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

/* One picture for all results with vectors of one kind. */
static int draw_quality(const report *r, size_t evals, const char *embedder)
{
    char **labels = calloc(evals + 1, sizeof *labels), **systems = calloc(evals + 1, sizeof *systems);
    json_t **values = calloc(evals * evals + 1, sizeof *values);
    size_t label_count = 0, system_count = 0;
    int code = labels && systems && values ? 0 : cli_no_memory();
    for (int pass = 0; pass < 2 && !code; pass++) /* the table's width is known after the first */
        for (size_t i = 0; i < r->count; i++) {
            char system[160];
            if (!is_of(r->results[i], embedder)) continue;
            system_name(system, sizeof system, r->results[i]);
            size_t l = place_of(labels, &label_count, result_text(r->results[i], "collection"));
            size_t s = place_of(systems, &system_count, system);
            if (pass)
                values[l * system_count + s] =
                    json_object_get(json_object_get(r->results[i], "metrics"), "ndcg@10");
        }
    if (!code)
        code = plot_means(r->page, (const char *const *)labels, label_count,
                          (const char *const *)systems, system_count, values);
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
    fputs("<h2>Quality by collection</h2>\n<table><tr><th>collection</th><th>system</th>"
          "<th>queries</th>", r->page);
    for (int m = 0; m < METRIC_COUNT; m++) fprintf(r->page, "<th>%s</th>", metric_names[m]);
    fputs("</tr>\n", r->page);
    for (size_t i = 0; i < r->count; i++)
        if (result_is(r->results[i], "eval")) quality_row(r->page, r->results[i]);
    fputs("</table>\n<p class=note>Mean over queries, with a 95 % bootstrap interval.</p>\n", r->page);
    int code = 0;
    for (size_t i = 0; i < r->count && !code; i++)
        if (is_first_of(r, i))
            code = draw_quality(r, evals, result_text(r->results[i], "embedder"));
    return code;
}

/* ---- differences ---- */

static int show_differences(const report *r, const char *title, const char *what,
                            const double *differences, size_t count, const char *axis)
{
    paired p = paired_strata(differences, &count, 1, 100000, 1);
    fputs("<h3>", r->page);
    html_text(r->page, title);
    fputs("</h3>\n<p>", r->page);
    html_text(r->page, what);
    fprintf(r->page,
            ": <b>%+.4f</b> [%+.4f, %+.4f], p = %.5f; better on %zu queries, as good on %zu, worse on "
            "%zu</p>\n",
            p.difference.mean, p.difference.low, p.difference.high, p.p, p.wins, p.ties, p.losses);
    return p.wins + p.losses ? plot_differences(r->page, differences, count, axis) : 0;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Of a "compare" result, and of a collection of a "tune" result. */
static int listed_differences(const report *r, const json_t *result, const json_t *part)
{
    char title[256], what[512];
    json_t *queries = json_object_get(part, "per_query"), *value;
    size_t count = json_is_array(queries) ? json_array_size(queries) : json_object_size(queries);
    double *differences = calloc(count + 1, sizeof *differences);
    size_t n = 0, i;
    const char *query;
    if (!differences) return cli_no_memory();
    json_array_foreach(queries, i, value) differences[n++] = result_number(value, "difference");
    json_object_foreach(queries, query, value) differences[n++] = json_number_value(value);
    if (result_is(result, "compare")) {
        snprintf(title, sizeof title, "%s − %s", base_name(result_text(result, "b")),
                 base_name(result_text(result, "a")));
        snprintf(what, sizeof what, "%s", result_text(result, "metric"));
    } else {
        snprintf(title, sizeof title, "tuned − default on %s", result_text(part, "collection"));
        snprintf(what, sizeof what, "%s with %s, chosen without it; decision: %s",
                 result_text(result, "metric"), result_text(part, "weights"),
                 result_text(result, "decision"));
    }
    int code = count ? show_differences(r, title, what, differences, count, result_text(result, "metric"))
                     : 0;
    free(differences);
    return code;
}

/* Two evals of one collection: what the later changes. */
static int eval_differences(const report *r, const json_t *a, const json_t *b)
{
    char title[512], first[160], second[160];
    const char *query;
    json_t *value, *before = json_object_get(a, "per_query"), *after = json_object_get(b, "per_query");
    double *differences = calloc(json_object_size(after) + 1, sizeof *differences);
    size_t n = 0;
    if (!differences) return cli_no_memory();
    json_object_foreach(after, query, value) {
        json_t *was = json_object_get(before, query);
        if (was) differences[n++] = json_number_value(value) - json_number_value(was);
    }
    system_name(first, sizeof first, a);
    system_name(second, sizeof second, b);
    snprintf(title, sizeof title, "%s: (%s) − (%s)", result_text(a, "collection"), second, first);
    int code = n ? show_differences(r, title, "ndcg@10", differences, n, "ndcg@10") : 0;
    free(differences);
    return code;
}

/* More evals of a collection than this are told apart by the table alone. */
enum { COMPARED_MOST = 3 };

static size_t evals_of(const report *r, const char *collection)
{
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++)
        count += result_is(r->results[i], "eval") &&
                 strcmp(result_text(r->results[i], "collection"), collection) == 0;
    return count;
}

/* The eval before this one of the same collection, or NULL. */
static const json_t *earlier_eval(const report *r, size_t i)
{
    if (evals_of(r, result_text(r->results[i], "collection")) > COMPARED_MOST) return NULL;
    for (size_t j = 0; j < i && result_is(r->results[i], "eval"); j++)
        if (result_is(r->results[j], "eval") && strcmp(result_text(r->results[j], "collection"),
                                                       result_text(r->results[i], "collection")) == 0)
            return r->results[j];
    return NULL;
}

int report_differences(const report *r)
{
    int code = 0, any = 0;
    for (size_t i = 0; i < r->count && !code; i++) {
        const json_t *result = r->results[i], *earlier = earlier_eval(r, i);
        size_t c;
        json_t *part;
        int shown = result_is(result, "compare") || result_is(result, "tune") || earlier;
        if (shown && !any++) fputs("<h2>Differences by query</h2>\n", r->page);
        if (earlier) code = eval_differences(r, earlier, result);
        if (result_is(result, "compare")) code = listed_differences(r, result, result);
        if (!result_is(result, "tune")) continue;
        json_array_foreach(json_object_get(result, "collections"), c, part)
            if (!code) code = listed_differences(r, result, part);
    }
    return code;
}

/* ---- curves ---- */

static int draw_curves_of(const report *r, const json_t *result, const char *weight)
{
    size_t i, n = 0;
    json_t *curve, *all = json_object_get(result, "curves");
    json_t **same = calloc(json_array_size(all) + 1, sizeof *same);
    if (!same) return cli_no_memory();
    json_array_foreach(all, i, curve)
        if (strcmp(result_text(curve, "weight"), weight) == 0 &&
            json_array_size(json_object_get(curve, "points")) > 2)
            same[n++] = curve;
    int code = 0;
    if (n) {
        fputs("<h3>", r->page);
        html_text(r->page, weight);
        fputs("</h3>\n", r->page);
        code = plot_curves(r->page, same, n);
    }
    free(same);
    return code;
}

int report_curves(const report *r)
{
    int code = 0, any = 0;
    for (size_t i = 0; i < r->count && !code; i++) {
        json_t *curves = json_object_get(r->results[i], "curves"), *curve;
        size_t c;
        if (json_array_size(curves) && !any++)
            fputs("<h2>What each weight does</h2>\n<p class=note>Dotted: the default.</p>\n", r->page);
        json_array_foreach(curves, c, curve) {
            const char *weight = result_text(curve, "weight");
            const json_t *before = c ? json_array_get(curves, c - 1) : NULL;
            if (before && strcmp(result_text(before, "weight"), weight) == 0) continue;
            if (!code) code = draw_curves_of(r, r->results[i], weight);
        }
    }
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
static int draw_calibration(const report *r, const char *embedder)
{
    const char **names = calloc(r->count + 1, sizeof *names);
    json_t **bins = calloc(r->count + 1, sizeof *bins);
    size_t n = 0;
    if (!names || !bins) {
        free(names);
        free(bins);
        return cli_no_memory();
    }
    fputs("<h3>", r->page);
    html_text(r->page, embedder);
    fputs("</h3>\n<table><tr><th>collection</th><th>system</th><th>expected calibration error</th>"
          "<th>prevalence that would be right</th></tr>\n", r->page);
    for (size_t i = 0; i < r->count; i++) {
        char system[160];
        const json_t *calibration = json_object_get(r->results[i], "calibration");
        if (!is_calibrated(r, i, embedder)) continue;
        system_name(system, sizeof system, r->results[i]);
        names[n] = result_text(r->results[i], "collection");
        bins[n++] = json_object_get(calibration, "bins");
        fputs("<tr><td>", r->page);
        html_text(r->page, names[n - 1]);
        fputs("</td><td>", r->page);
        html_text(r->page, system);
        fprintf(r->page, "</td><td>%.4f</td><td>%+.1f</td></tr>\n", result_number(calibration, "ece"),
                result_number(calibration, "prevalence"));
    }
    fputs("</table>\n", r->page);
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
            fputs("<h2>Calibration</h2>\n<p class=note>How likely the ten best hits were said to be "
                  "relevant, and how many were. Larger points: more hits.</p>\n", r->page);
        code = draw_calibration(r, result_text(r->results[i], "embedder"));
    }
    return code;
}
