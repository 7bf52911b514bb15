/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Of a report: what changes from query to query.
 */
#include <config.h>

#include "bench/report.h"

#include <stdlib.h>
#include <string.h>

#include "bench/paired.h"
#include "bench/plot.h"
#include "tools/cli.h"

typedef struct difference {
    const char *query;
    double value;
} difference;

static int descending(const void *a, const void *b)
{
    const difference *x = a, *y = b;
    if (x->value != y->value) return x->value < y->value ? 1 : -1;
    return strcmp(x->query, y->query);
}

/* The queries at one end, greatest first: what to look at before anything else. */
static void list_end(FILE *page, const char *what, const difference *d, size_t count, int from_end)
{
    enum { MOST = 5 };
    size_t shown = 0;
    for (; shown < MOST && shown < count; shown++) {
        const difference *at = &d[from_end ? count - 1 - shown : shown];
        if (from_end ? at->value >= -1e-9 : at->value <= 1e-9) break;
        fputs(shown ? ", " : what, page);
        html_text(page, at->query);
        fprintf(page, " (%+.3f)", at->value);
    }
    if (shown) fputs(". ", page);
}

/* d: sorted here. */
static int show_differences(const report *r, const char *title, const char *what, difference *d,
                            size_t count, const char *axis)
{
    double *values = calloc(count + 1, sizeof *values);
    if (!values) return cli_no_memory();
    for (size_t i = 0; i < count; i++) values[i] = d[i].value;
    paired p = paired_strata(values, &count, 1, 100000, 1);
    html_heading(r->page, 3, title);
    fputs("<p>", r->page);
    html_text(r->page, what);
    fprintf(r->page,
            ": <b>%+.4f</b> [%+.4f, %+.4f], p = %.5f; better on %zu queries, as good on %zu, worse on "
            "%zu</p>\n",
            p.difference.mean, p.difference.low, p.difference.high, p.p, p.wins, p.ties, p.losses);
    int code = p.wins + p.losses ? plot_differences(r->page, values, count, axis) : 0;
    free(values);
    if (code || !(p.wins + p.losses)) return code;
    qsort(d, count, sizeof *d, descending);
    fputs("<p class=note>", r->page);
    list_end(r->page, "Greatest gains: ", d, count, 0);
    list_end(r->page, "Greatest losses: ", d, count, 1);
    fputs("</p>\n", r->page);
    return 0;
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
    const char *query, *measure = metric_title(result_text(result, "metric"));
    json_t *queries = json_object_get(part, "per_query"), *value;
    size_t count = json_is_array(queries) ? json_array_size(queries) : json_object_size(queries);
    difference *d = calloc(count + 1, sizeof *d);
    size_t n = 0, i;
    if (!d) return cli_no_memory();
    json_array_foreach(queries, i, value)
        d[n++] = (difference){result_text(value, "query"), result_number(value, "difference")};
    json_object_foreach(queries, query, value) d[n++] = (difference){query, json_number_value(value)};
    if (result_is(result, "compare")) {
        snprintf(title, sizeof title, "%s − %s", base_name(result_text(result, "b")),
                 base_name(result_text(result, "a")));
        snprintf(what, sizeof what, "%s", measure);
    } else {
        snprintf(title, sizeof title, "tuned − default on %s", result_text(part, "collection"));
        snprintf(what, sizeof what, "%s with %s, chosen without it; decision: %s", measure,
                 result_text(part, "weights"), result_text(result, "decision"));
    }
    int code = count ? show_differences(r, title, what, d, n, measure) : 0;
    free(d);
    return code;
}

/* Two evals of one collection: what the later changes. */
static int eval_differences(const report *r, const json_t *a, const json_t *b)
{
    char title[1024], first[SYSTEM_NAME], second[SYSTEM_NAME];
    const char *query;
    json_t *value, *before = json_object_get(a, "per_query"), *after = json_object_get(b, "per_query");
    difference *d = calloc(json_object_size(after) + 1, sizeof *d);
    size_t n = 0;
    if (!d) return cli_no_memory();
    json_object_foreach(after, query, value) {
        json_t *was = json_object_get(before, query);
        if (was) d[n++] = (difference){query, json_number_value(value) - json_number_value(was)};
    }
    system_name(first, a);
    system_name(second, b);
    snprintf(title, sizeof title, "%s: %s (%s) − %s (%s)", result_text(a, "collection"), second,
             vectors_name(b), first, vectors_name(a));
    int code = n ? show_differences(r, title, "nDCG@10", d, n, "nDCG@10") : 0;
    free(d);
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
        if (shown && !any++)
            fputs("<h2>Differences by query</h2>\n<p class=note>The mean difference, in brackets its 95 % "
                  "bootstrap interval, and the p of a paired randomisation test. An interval that holds zero, "
                  "or a p above .05: the queries cannot tell which is better.</p>\n", r->page);
        if (earlier) code = eval_differences(r, earlier, result);
        if (result_is(result, "compare")) code = listed_differences(r, result, result);
        if (!result_is(result, "tune")) continue;
        json_array_foreach(json_object_get(result, "collections"), c, part)
            if (!code) code = listed_differences(r, result, part);
    }
    return code;
}

