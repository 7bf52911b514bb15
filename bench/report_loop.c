/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Of a report: the metric along each weight that was tried, and the closed loop, with what a weight
 * does to it.
 */
#include <config.h>

#include "bench/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/weights.h>

#include "bench/plot.h"
#include "tools/cli.h"

/* ---- curves ---- */

static const plurum_weight_info *weight_of(const char *name)
{
    for (size_t i = 0; i < plurum_weight_count(); i++)
        if (strcmp(plurum_weight_info_at(i)->name, name) == 0) return plurum_weight_info_at(i);
    return NULL;
}

/* The weight's name and what it means; into axis its name with its unit. */
static void name_weight(FILE *page, char *axis, size_t size, const char *name)
{
    const plurum_weight_info *info = weight_of(name);
    int plain = !info || strcmp(info->unit, "1") == 0;
    snprintf(axis, size, "%s%s%s", name, plain ? "" : ", ", plain ? "" : info->unit);
    html_heading(page, 3, name);
    if (!info) return;
    fputs("<p class=note>", page);
    html_text(page, info->meaning);
    fputs("</p>\n", page);
}

static int draw_curves_of(const report *r, const json_t *result, const char *weight)
{
    size_t i, n = 0;
    char axis[96];
    json_t *curve, *all = json_object_get(result, "curves");
    json_t **same = calloc(json_array_size(all) + 1, sizeof *same);
    if (!same) return cli_no_memory();
    json_array_foreach(all, i, curve)
        if (strcmp(result_text(curve, "weight"), weight) == 0 &&
            json_array_size(json_object_get(curve, "points")) > 2)
            same[n++] = curve;
    int code = 0;
    if (n) {
        name_weight(r->page, axis, sizeof axis, weight);
        code = plot_curves(r->page, same, n, axis, metric_title(result_text(same[0], "metric")));
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
            fputs("<h2>What each weight does</h2>\n<p class=note>One weight changes, all others stay. Dotted: "
                  "the default, by whichever method. The upright axis does not begin at zero.</p>\n", r->page);
        json_array_foreach(curves, c, curve) {
            const char *weight = result_text(curve, "weight");
            const json_t *before = c ? json_array_get(curves, c - 1) : NULL;
            if (before && strcmp(result_text(before, "weight"), weight) == 0) continue;
            if (!code) code = draw_curves_of(r, r->results[i], weight);
        }
    }
    return code;
}

/* ---- the closed loop ---- */

/* Where a row of the engine stands along a weight: 1, and at *x, unless it differs in anything else. */
static int stands_along(double *x, const json_t *row, const plurum_weight_info *weight)
{
    const json_t *engine = json_object_get(row, "engine"), *weights = json_object_get(engine, "weights");
    const json_t *value = json_object_get(weights, weight->name);
    if (!weights || !json_is_true(json_object_get(engine, "quarantine")) ||
        json_is_true(json_object_get(engine, "environment")) ||
        json_is_false(json_object_get(engine, "query_told")))
        return 0;
    *x = value ? json_number_value(value) : weight->initial;
    return !isnan(*x) && json_object_size(weights) == (value != NULL);
}

/* A point for each value of the weight, ascending; NULL where there are fewer than three. */
static json_t *loop_curve(const json_t *result, const plurum_weight_info *weight, const char *figure)
{
    char name[256];
    size_t i;
    json_t *row, *points = json_array(), *level = NULL;
    json_array_foreach(json_object_get(result, "learners"), i, row) {
        double x;
        size_t at = 0;
        const json_t *v = json_object_get(row, figure);
        if (!stands_along(&x, row, weight)) continue;
        if (x == weight->initial) level = json_object_get(v, "mean");
        while (at < json_array_size(points) &&
               json_number_value(json_array_get(json_array_get(points, at), 0)) < x)
            at++;
        if (at < json_array_size(points) && /* the default may be among the values */
            json_number_value(json_array_get(json_array_get(points, at), 0)) == x)
            continue;
        json_array_insert_new(points, at, json_pack("[f, f, f]", x, result_number(v, "mean"),
                                                    result_number(v, "se")));
    }
    if (json_array_size(points) < 3) {
        json_decref(points);
        return NULL;
    }
    snprintf(name, sizeof name, "%s, %s", result_text(result, "collection"), result_text(result, "scenario"));
    json_t *curve = json_pack("{s:s, s:o}", "collection", name, "points", points);
    if (level) json_object_set(curve, "default", level);
    return curve;
}

/* One figure of the loop along a weight, a line for each result; *drawn: whether there was one. */
static int draw_loop_curve(const report *r, const plurum_weight_info *weight, const char *figure,
                           const char *title, int *drawn)
{
    char axis[96];
    size_t n = 0;
    json_t **curves = calloc(r->count + 1, sizeof *curves);
    int code = curves ? 0 : cli_no_memory();
    for (size_t i = 0; i < r->count && !code; i++)
        if (result_is(r->results[i], "loop") &&
            (curves[n] = loop_curve(r->results[i], weight, figure)))
            n++;
    snprintf(axis, sizeof axis, "%s", weight->name);
    if (n && !*drawn) name_weight(r->page, axis, sizeof axis, weight->name);
    if (n) code = plot_curves(r->page, curves, n, axis, title);
    *drawn |= n > 0;
    for (size_t i = 0; i < n; i++) json_decref(curves[i]);
    free(curves);
    return code;
}

static int loop_curves(const report *r)
{
    static const char *const FIGURES[][2] = {{"first_pick", "how often what is first works"},
                                             {"ndcg@10", "nDCG@10 after the loop"}};
    int code = 0;
    for (size_t w = 0; w < plurum_weight_count() && !code; w++) {
        const plurum_weight_info *weight = plurum_weight_info_at(w);
        int drawn = 0;
        for (int f = 0; f < 2 && !weight->choices && !code; f++)
            code = draw_loop_curve(r, weight, FIGURES[f][0], FIGURES[f][1], &drawn);
        if (drawn)
            fputs("<p class=note>Bars: standard error of the mean over seeds. Dotted: the default. The upright "
                  "axis does not begin at zero.</p>\n", r->page);
    }
    return code;
}

/* A mean over seeds, and below it how it varies: by member `of`, NULL: not said. */
static void spread_cell(FILE *page, const json_t *row, const char *name, const char *format,
                        const char *of)
{
    const json_t *v = json_object_get(row, name);
    fputs("<td class=n>", page);
    if (v) fprintf(page, format, result_number(v, "mean"));
    if (v && of) fprintf(page, "<br><small>± %.4f</small>", result_number(v, of));
    fputs("</td>", page);
}

static void loop_table(const report *r, const json_t *result)
{
    size_t i;
    json_t *row;
    const char *rival = result_text(result, "best_rival");
    fputs("<h3>", r->page);
    html_text(r->page, result_text(result, "collection"));
    fprintf(r->page, ", %s</h3>\n<p class=note>%.0f days, %.0f seeds", result_text(result, "scenario"),
            result_number(result, "passes"), result_number(result, "seeds"));
    const json_t *oracle = json_object_get(result, "oracle");
    if (oracle) fprintf(r->page, "; the best candidate works %.4f", result_number(oracle, "mean"));
    fputs(*rival ? "; the best of the others: " : "", r->page);
    html_text(r->page, rival);
    fprintf(r->page, "</p>\n<div class=wide><table><tr><th>learner</th><th class=n>what is first works</th>"
            "<th class=n>over relevance alone</th>%s<th class=n>nDCG@10</th><th class=n>nDCG@10, queries held "
            "out</th><th class=n>documents in quarantine</th><th class=n>good ones of them</th></tr>\n",
            *rival ? "<th class=n>over the best other</th>" : "");
    json_array_foreach(json_object_get(result, "learners"), i, row) {
        fputs("<tr>", r->page);
        html_cell(r->page, result_text(row, "learner"));
        spread_cell(r->page, row, "first_pick", "%.4f", "sd");
        spread_cell(r->page, row, "over_relevance", "%+.4f", "se");
        if (*rival) spread_cell(r->page, row, "over_best_rival", "%+.4f", "se");
        spread_cell(r->page, row, "ndcg@10", "%.4f", NULL);
        spread_cell(r->page, row, "held_out_ndcg@10", "%.4f", NULL);
        spread_cell(r->page, row, "quarantined", "%.1f", NULL);
        spread_cell(r->page, row, "good_share", "%.2f", NULL);
        fputs("</tr>\n", r->page);
    }
    fputs("</table></div>\n", r->page);
}

int report_loop(const report *r)
{
    int any = 0;
    for (size_t i = 0; i < r->count; i++) any |= result_is(r->results[i], "loop");
    if (!any) return 0;
    fputs("<h2>The closed loop</h2>\n<p class=note>Agents search, use one of the first results, report and vote. "
          "What is first works: how often, in the last quarter of the days, the first result helped whoever asked "
          "(± standard deviation over seeds). Differences are paired by seed (± standard error of their mean). "
          "Quarantine hides what failed thrice and never worked; good ones of them: the share that works at least "
          "half of the time.</p>\n", r->page);
    int code = loop_curves(r);
    for (size_t i = 0; i < r->count && !code; i++)
        if (result_is(r->results[i], "loop")) loop_table(r, r->results[i]);
    return code;
}
