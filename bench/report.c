/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench report: results as one page that needs nothing else.
 */
#include <config.h>

#include "bench/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/grow.h"
#include "tools/lines.h"

static struct {
    const char *out, *title;
} o;

static const cli_option OPTIONS[] = {
    CLI_OPTION_TEXT("out", &o.out, "FILE.html", "write the page there"),
    CLI_OPTION_TEXT("title", &o.title, "TEXT", "the page's title"),
    CLI_OPTION_END};

static const char STYLE[] =
    ":root{color-scheme:light dark;--ink:#1c1c1c;--paper:#fff;--soft:#595959;--line:#ddd;--head:#f4f4f4}"
    "body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;"
    "color:var(--ink);background:var(--paper)}h1{font-size:1.7rem;line-height:1.25}h2{margin-top:2.6rem;"
    "border-bottom:1px solid var(--line)}h3{margin:1.6rem 0 .2rem;font-size:1.05rem;overflow-wrap:anywhere}"
    "p{max-width:46rem;overflow-wrap:break-word}.note,small{color:var(--soft);font-size:13px}"
    "small{font-size:11px}.wide,figure{overflow-x:auto;margin:.6rem 0 1rem}"
    "table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}"
    "th,td{padding:.25rem .6rem;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}"
    "th{font-weight:600;background:var(--head);white-space:normal;vertical-align:bottom}.n{text-align:right}"
    "svg{display:block;width:100%;min-width:35rem;max-width:52rem;height:auto}"
    "@media screen and (prefers-color-scheme:dark){:root{--ink:#ddd;--paper:#17191c;--soft:#a3a3a3;"
    "--line:#3a3d42;--head:#24272b}svg{filter:invert(.88) hue-rotate(180deg)}}"
    "@media print{body{max-width:none;margin:0;font-size:10pt}.wide,figure{overflow:visible}"
    "table{font-size:7pt}th,td{padding:.15rem .25rem}svg{min-width:0;max-width:17cm}"
    "h2,h3,h2+p,h3+p{break-after:avoid}figure,tr{break-inside:avoid}}";

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

void html_heading(FILE *page, int level, const char *text)
{
    fprintf(page, "<h%d>", level);
    html_text(page, text);
    fprintf(page, "</h%d>\n", level);
}

void html_cell(FILE *page, const char *text)
{
    fputs("<td>", page);
    html_text(page, text);
    fputs("</td>", page);
}

void html_number(FILE *page, const char *format, double value)
{
    fputs("<td class=n>", page);
    fprintf(page, format, value);
    fputs("</td>", page);
}

void html_interval(FILE *page, const json_t *v)
{
    fputs("<td class=n>", page);
    if (v)
        fprintf(page, "%.4f<br><small>%.4f to %.4f</small>", result_number(v, "mean"),
                result_number(v, "lo"), result_number(v, "hi"));
    fputs("</td>", page);
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

const char *metric_title(const char *name)
{
    static const char *const TITLES[][2] = {
        {"ndcg@10", "nDCG@10"}, {"mrr@10", "MRR@10"}, {"map", "MAP"}, {"p@10", "P@10"}};
    for (size_t i = 0; i < sizeof TITLES / sizeof *TITLES; i++)
        if (strcmp(TITLES[i][0], name) == 0) return TITLES[i][1];
    return name;
}

void system_name(char out[SYSTEM_NAME], const json_t *result)
{
    const char *mode = result_text(result, "mode"), *weight;
    json_t *value;
    int hybrid = strcmp(mode, "hybrid") == 0;
    size_t len = (size_t)snprintf(out, SYSTEM_NAME, "%s%s", hybrid ? result_text(result, "fusion") : mode,
                                  hybrid ? "" : " leg");
    json_object_foreach(json_object_get(result, "weights"), weight, value) {
        double number = json_number_value(value);
        int told = strcmp(weight, "fusion") == 0; /* or the same of every eval: trust is left out */
        if (told || (strcmp(weight, "floor") == 0 && number == 1.0) || len >= SYSTEM_NAME) continue;
        len += (size_t)snprintf(out + len, SYSTEM_NAME - len, " %s=%g", weight, number);
    }
}

const char *vectors_name(const json_t *result)
{
    const char *model = result_text(result, "embedder");
    if (strcmp(model, "caller") == 0) return "given vectors";
    return strcmp(model, "none") == 0 ? "no vectors" : model;
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
    static int (*const PARTS[])(const report *) = {
        report_quality, report_differences, report_curves, report_loop,
        report_calibration, report_speed, report_origin};
    const char *title = o.title ? o.title : "How well and how fast plurum works";
    fputs("<!doctype html>\n<html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-"
          "width,initial-scale=1\">\n<title>", r->page);
    html_text(r->page, title);
    fprintf(r->page, "</title>\n<style>%s</style>\n", STYLE);
    html_heading(r->page, 1, title);
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
    .about = "Makes one page of the results that eval, compare, tune, loop and speed wrote with "
             "--json: metrics by collection, differences by query, the metric along each weight, "
             "the closed loop, calibration and latency where a result has them, and where everything is from. The "
             "page needs nothing else; gnuplot draws its plots.",
    .example = "plurum-bench eval support --json >support.json\n"
               "plurum-bench report support.json --out report.html",
    .least = 1,
    .most = -1,
    .options = OPTIONS,
    .run = run,
};
