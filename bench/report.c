/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench report: results as one page that needs nothing else.
 */
#include <config.h>

#include "bench/report.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/grow.h"
#include "bench/plot.h"
#include "tools/lines.h"

static struct {
    const char *out, *title;
} o;

static const cli_option OPTIONS[] = {
    CLI_OPTION_TEXT("out", &o.out, "FILE.html", "write the page there"),
    CLI_OPTION_TEXT("title", &o.title, "TEXT", "the page's title"),
    CLI_OPTION_END};

static const char STYLE[] =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c1c1c;background:#fff}h1{font-size:1.7rem}h2{margin-top:2.6rem;border-bottom:1px solid "
    "#ddd}h3{margin:1.6rem 0 .2rem;font-size:1.05rem}table{border-collapse:collapse;font-size:13px;"
    "font-variant-numeric:tabular-nums;display:block;overflow-x:auto}th,td{padding:.25rem .6rem;"
    "text-align:left;border-bottom:1px solid #e6e6e6;white-space:nowrap}th{font-weight:600;"
    "background:#f6f6f6}.note,small{color:#666;font-size:13px}small{font-size:11px}"
    "svg{max-width:100%;height:auto;display:block;margin:.4rem 0 1rem}code{font-size:12px}";

void html_text(FILE *page, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<': fputs("&lt;", page); break;
        case '>': fputs("&gt;", page); break;
        case '&': fputs("&amp;", page); break;
        case '"': fputs("&quot;", page); break;
        default: putc(*text, page);
        }
    }
}

void html_interval(FILE *page, const json_t *v, int sign)
{
    const char *format = sign ? "%+.4f<br><small>%+.4f to %+.4f</small>"
                              : "%.4f<br><small>%.4f to %.4f</small>";
    if (!v) return;
    fprintf(page, format, result_number(v, "mean"), result_number(v, "lo"), result_number(v, "hi"));
}

int result_is(const json_t *result, const char *kind)
{
    return strcmp(result_text(result, "kind"), kind) == 0;
}

const char *result_text(const json_t *result, const char *name)
{
    const char *text = json_string_value(json_object_get(result, name));
    return text ? text : "";
}

double result_number(const json_t *result, const char *name)
{
    return json_number_value(json_object_get(result, name));
}

/* ---- speed and origin ---- */

/* Median and 95th percentile of every result that has query_ms. */
static int draw_latency(const report *r)
{
    static const char *const NAMES[] = {"median", "95th percentile"};
    const char **labels = calloc(r->count + 1, sizeof *labels);
    double *values = calloc(2 * r->count + 1, sizeof *values);
    size_t n = 0;
    int code = labels && values ? 0 : cli_no_memory();
    for (size_t i = 0; i < r->count && !code; i++) {
        const json_t *ms = json_object_get(r->results[i], "query_ms");
        if (!json_object_get(ms, "p50")) continue;
        labels[n] = result_is(r->results[i], "eval") ? result_text(r->results[i], "collection")
                                                     : r->files[i];
        values[2 * n] = result_number(ms, "p50");
        values[2 * n + 1] = result_number(ms, "p95");
        n++;
    }
    if (!code && n) {
        fputs("<h2>Latency</h2>\n", r->page);
        code = plot_bars(r->page, labels, values, n, NAMES, 2, "milliseconds a query");
    }
    free(labels);
    free(values);
    return code;
}

/* A result of "speed": its tables as they are, rows of objects with the same members. */
static void speed_table(const report *r, const char *name, const json_t *rows)
{
    size_t i;
    json_t *row, *value;
    const char *member;
    fprintf(r->page, "<h3>");
    html_text(r->page, name);
    fputs("</h3>\n<table>", r->page);
    json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
        if (i == 0) {
            fputs("<tr>", r->page);
            json_object_foreach(row, member, value) {
                fputs("<th>", r->page);
                html_text(r->page, member);
                fputs("</th>", r->page);
            }
            fputs("</tr>\n", r->page);
        }
        fputs("<tr>", r->page);
        json_object_foreach(row, member, value) {
            fputs("<td>", r->page);
            if (json_is_string(value))
                html_text(r->page, json_string_value(value));
            else
                fprintf(r->page, "%.6g", json_number_value(value));
            fputs("</td>", r->page);
        }
        fputs("</tr>\n", r->page);
    }
    fputs("</table>\n", r->page);
}

int report_speed(const report *r)
{
    int code = draw_latency(r);
    for (size_t i = 0; i < r->count && !code; i++) {
        const char *name;
        json_t *rows;
        if (!result_is(r->results[i], "speed")) continue;
        fputs("<h2>Speed</h2>\n", r->page);
        json_object_foreach(json_object_get(r->results[i], "tables"), name, rows)
            speed_table(r, name, rows);
    }
    return code;
}

int report_origin(const report *r)
{
    fputs("<h2>Where these results are from</h2>\n<table><tr><th>file</th><th>command</th><th>commit"
          "</th><th>version</th><th>seed</th><th>time</th><th>machine</th><th>built with</th></tr>\n",
          r->page);
    for (size_t i = 0; i < r->count; i++) {
        const json_t *about = json_object_get(r->results[i], "about");
        const json_t *machine = json_object_get(about, "machine");
        const char *const cells[] = {r->files[i], result_text(about, "command"),
                                     result_text(about, "commit"), result_text(about, "version")};
        json_t *built = json_object_get(about, "built_with"), *value;
        const char *library;
        fputs("<tr>", r->page);
        for (size_t c = 0; c < sizeof cells / sizeof *cells; c++) {
            fputs("<td>", r->page);
            html_text(r->page, cells[c]);
            fputs("</td>", r->page);
        }
        fprintf(r->page, "<td>%.0f</td><td>", result_number(about, "seed"));
        html_text(r->page, result_text(about, "time"));
        fputs("</td><td>", r->page);
        html_text(r->page, result_text(machine, "processor"));
        fprintf(r->page, ", %.0f cores, %.0f GiB</td><td>", result_number(machine, "cores"),
                result_number(machine, "memory_gib"));
        json_object_foreach(built, library, value) {
            html_text(r->page, library);
            fputs(" ", r->page);
            html_text(r->page, json_string_value(value) ? json_string_value(value) : "");
            fputs("; ", r->page);
        }
        fputs("</td></tr>\n", r->page);
    }
    fputs("</table>\n", r->page);
    return 0;
}

/* ---- the page ---- */

/* A file holds one JSON document, or one a line. */
static int read_results(report *r, size_t *cap, size_t *file_cap, const char *path)
{
    line_file file;
    long len = 0;
    int code = lines_open(&file, path);
    while (!code && (len = lines_next(&file)) >= 0) {
        json_t *object;
        code = lines_object(&object, &file, (size_t)len);
        if (!code) code = grow(&r->results, cap, r->count, sizeof *r->results);
        if (!code) code = grow(&r->files, file_cap, r->count, sizeof *r->files);
        if (code) {
            json_decref(object);
            break;
        }
        r->files[r->count] = path;
        r->results[r->count++] = object;
        if (!*result_text(object, "kind"))
            code = lines_bad(&file, "kind: missing; a result that plurum-bench wrote with --json expected");
    }
    lines_close(&file);
    return !code && len == -2 ? EXIT_STORAGE : code;
}

static int write_page(report *r)
{
    static int (*const PARTS[])(const report *) = {report_quality,     report_differences,
                                                   report_curves,      report_calibration,
                                                   report_speed,       report_origin};
    const char *title = o.title ? o.title : "How well and how fast plurum works";
    fputs("<!doctype html>\n<html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-"
          "width\">\n<title>", r->page);
    html_text(r->page, title);
    fprintf(r->page, "</title>\n<style>%s</style>\n<h1>", STYLE);
    html_text(r->page, title);
    fputs("</h1>\n", r->page);
    int code = 0;
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS && !code; i++) code = PARTS[i](r);
    fputs("</html>\n", r->page);
    return code;
}

static int make_report(report *r, const cli_arguments *a)
{
    size_t cap = 0, file_cap = 0;
    int code = o.out ? 0 : cli_error(EXIT_USAGE, "report: --out FILE.html expected");
    for (int i = 0; i < a->count && !code; i++) code = read_results(r, &cap, &file_cap, a->rest[i]);
    if (!code && !r->count) code = cli_error(EXIT_INPUT, "%s: no results", a->rest[0]);
    if (!code && !(r->page = fopen(o.out, "w")))
        code = cli_error(EXIT_STORAGE, "%s: %s", o.out, strerror(errno));
    if (!code) code = write_page(r);
    if (r->page && fclose(r->page) && !code)
        code = cli_error(EXIT_STORAGE, "%s: %s", o.out, strerror(errno));
    if (r->page && code) remove(o.out);
    return code;
}

static int run(const cli_arguments *a)
{
    report r = {0};
    int code = make_report(&r, a);
    for (size_t i = 0; i < r.count; i++) json_decref(r.results[i]);
    free(r.results);
    free(r.files);
    return code;
}

const cli_command report_command = {
    .name = "report",
    .summary = "results as one page with tables and plots",
    .synopsis = "RESULTS… --out FILE.html [--title TEXT]",
    .about = "Makes one page of the results that eval, compare, tune and speed wrote with --json: "
             "metrics by collection, differences by query, the metric along each weight, "
             "calibration and latency where a result has them, and where everything is from. The "
             "page needs nothing else; gnuplot draws its plots.",
    .example = "plurum-bench eval support --json >support.json\n"
               "plurum-bench report support.json --out report.html",
    .least = 1,
    .most = -1,
    .options = OPTIONS,
    .run = run,
};
