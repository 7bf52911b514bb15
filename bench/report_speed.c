/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Of a report: how long things take, and where all results are from.
 */
#include <config.h>

#include "bench/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plot.h"
#include "tools/cli.h"

/* What a result's latency is of: "cacm: minmax, given vectors". */
static void latency_label(char *out, size_t size, const json_t *result)
{
    char system[SYSTEM_NAME];
    system_name(system, result);
    if (result_is(result, "eval"))
        snprintf(out, size, "%s: %s, %s", result_text(result, "collection"), system, vectors_name(result));
    else
        snprintf(out, size, "%.0f made documents", result_number(result, "n"));
}

/* Median and 95th percentile of every result that has query_ms. */
static int draw_latency(const report *r)
{
    enum { LABEL = 320 };
    static const char *const NAMES[] = {"median", "95th percentile: slower in 1 of 20 queries"};
    char (*labels)[LABEL] = calloc(r->count + 1, sizeof *labels);
    const char **names = calloc(r->count + 1, sizeof *names);
    double *values = calloc(2 * r->count + 1, sizeof *values);
    size_t n = 0;
    int code = labels && names && values ? 0 : cli_no_memory();
    for (size_t i = 0; i < r->count && !code; i++) {
        const json_t *ms = json_object_get(r->results[i], "query_ms");
        if (!json_object_get(ms, "p50")) continue;
        latency_label(labels[n], LABEL, r->results[i]);
        names[n] = labels[n];
        values[2 * n] = result_number(ms, "p50");
        values[2 * n + 1] = result_number(ms, "p95");
        n++;
    }
    if (!code && n) {
        fputs("<h2>Latency</h2>\n<p class=note>Of one query at a time, vectors of its text included where a "
              "model in process makes them.</p>\n", r->page);
        code = plot_bars(r->page, names, values, n, NAMES, 2, "milliseconds a query");
    }
    free(labels);
    free(names);
    free(values);
    return code;
}

/* "graphs_by_ef", "documents_per_s", "p50_ms" for people: the unit stands behind a comma. */
static void speed_heading(FILE *page, const char *name)
{
    static const char *const UNITS[][2] = {
        {"_per_s", "a second"}, {"_ms", "ms"}, {"_mib", "MiB"}, {"_s", "s"}};
    size_t len = strlen(name);
    const char *unit = NULL;
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS && !unit; i++) {
        size_t tail = strlen(UNITS[i][0]);
        if (len <= tail || strcmp(name + len - tail, UNITS[i][0]) != 0) continue;
        unit = UNITS[i][1];
        len -= tail;
    }
    for (size_t i = 0; i < len; i++) putc(name[i] == '_' ? ' ' : name[i], page);
    if (unit) fprintf(page, ", %s", unit);
}

/* Three digits, and all of what stands before the point. */
static void speed_cell(FILE *page, const json_t *value)
{
    double number = json_number_value(value);
    if (json_is_string(value))
        html_cell(page, json_string_value(value));
    else if (number == floor(number) || fabs(number) >= 100.0)
        html_number(page, "%.0f", number);
    else
        html_number(page, "%.3g", number);
}

/* A result of "speed": its tables as they are, rows of objects with the same members. */
static void speed_table(const report *r, const char *name, json_t *rows)
{
    size_t i;
    json_t *row, *value;
    const char *member;
    fputs("<h3>", r->page);
    speed_heading(r->page, name);
    fputs("</h3>\n<div class=wide><table>", r->page);
    json_array_foreach(rows, i, row) {
        if (i == 0) {
            fputs("<tr>", r->page);
            json_object_foreach(row, member, value) {
                fputs(json_is_string(value) ? "<th>" : "<th class=n>", r->page);
                speed_heading(r->page, member);
                fputs("</th>", r->page);
            }
            fputs("</tr>\n", r->page);
        }
        fputs("<tr>", r->page);
        json_object_foreach(row, member, value) speed_cell(r->page, value);
        fputs("</tr>\n", r->page);
    }
    fputs("</table></div>\n", r->page);
}

int report_speed(const report *r)
{
    int code = draw_latency(r);
    for (size_t i = 0; i < r->count && !code; i++) {
        const char *name;
        json_t *rows;
        if (!result_is(r->results[i], "speed")) continue;
        fprintf(r->page, "<h2>Speed with %.0f made documents, vectors of %.0f dimensions</h2>\n<p class=note>p50: "
                "median; p95, p99: slower in 1 of 20, 1 of 100.</p>\n", result_number(r->results[i], "n"),
                result_number(r->results[i], "dim"));
        json_object_foreach(json_object_get(r->results[i], "tables"), name, rows)
            speed_table(r, name, rows);
    }
    return code;
}

/* ---- origin ---- */

/* What a result ran on, in a line. */
static void origin_line(char *out, size_t size, const json_t *result)
{
    json_t *about = json_object_get(result, "about"), *value;
    const json_t *machine = json_object_get(about, "machine");
    const char *library;
    size_t len = (size_t)snprintf(out, size, "%s, %.0f cores, %.0f GiB; built with",
                                  result_text(machine, "processor"), result_number(machine, "cores"),
                                  result_number(machine, "memory_gib"));
    json_object_foreach(json_object_get(about, "built_with"), library, value)
        if (len < size)
            len += (size_t)snprintf(out + len, size - len, " %s %s,", library,
                                    json_string_value(value) ? json_string_value(value) : "");
    if (len && len < size) out[len - 1] = '.';
}

int report_origin(const report *r)
{
    enum { LINE = 1024 };
    char (*lines)[LINE] = calloc(r->count + 1, sizeof *lines);
    size_t count = 0;
    if (!lines) return cli_no_memory();
    fputs("<h2>Where these results are from</h2>\n<div class=wide><table><tr><th>file</th><th>command</th>"
          "<th>commit</th><th>version</th><th class=n>seed</th><th>time</th><th>machine</th></tr>\n", r->page);
    for (size_t i = 0; i < r->count; i++) {
        const json_t *about = json_object_get(r->results[i], "about");
        size_t line = 0;
        origin_line(lines[count], LINE, r->results[i]);
        while (strcmp(lines[line], lines[count]) != 0) line++;
        count += line == count;
        fputs("<tr>", r->page);
        html_cell(r->page, r->files[i]);
        html_cell(r->page, result_text(about, "command"));
        html_cell(r->page, result_text(about, "commit"));
        html_cell(r->page, result_text(about, "version"));
        html_number(r->page, "%.0f", result_number(about, "seed"));
        html_cell(r->page, result_text(about, "time"));
        fprintf(r->page, "<td>%zu</td></tr>\n", line + 1);
    }
    fputs("</table></div>\n", r->page);
    for (size_t i = 0; i < count; i++) {
        fprintf(r->page, "<p class=note>Machine %zu: ", i + 1);
        html_text(r->page, lines[i]);
        fputs("</p>\n", r->page);
    }
    free(lines);
    return 0;
}
