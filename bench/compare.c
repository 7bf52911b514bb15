/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench compare: two runs on the same judgements, query by query.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/about.h"
#include "bench/bench.h"
#include "bench/paired.h"
#include "bench/trec.h"

enum { SHOWN = 5 }; /* of the greatest gains and losses each */

static struct {
    int metric, json;
    int64_t seed, rounds;
} o = {.seed = 1, .rounds = 100000};

static const cli_option OPTIONS[] = {
    CLI_OPTION_WORD("metric", &o.metric, metric_names, "NAME", "what is compared"),
    CLI_OPTION_WHOLE("rounds", &o.rounds, 10000, 10000000, "N", "of the randomisation test"),
    CLI_OPTION_WHOLE("seed", &o.seed, 0, INT64_MAX, "N", "of the randomisation test"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object, with every query"),
    CLI_OPTION_END};

typedef struct compared {
    const char *query;
    double a, b;
} compared;

typedef struct comparison {
    qrels judged;
    run_file runs[2];
    const char *names[2];
    compared *queries;
    double *values[2];
    size_t count;
    paired result;
} comparison;

static double value_of(const run_file *run, const char *query, const judgement *judged,
                       size_t judged_count)
{
    double metrics[METRIC_COUNT];
    size_t count;
    const run_row *rows = run_of(run, query, &count);
    run_metrics(metrics, rows, count, judged, judged_count);
    return metrics[o.metric];
}

/* Every judged query; what a run lacks counts as 0. */
static int measure(comparison *c)
{
    c->queries = calloc(c->judged.count + 1, sizeof *c->queries);
    for (int r = 0; r < 2; r++) c->values[r] = calloc(c->judged.count + 1, sizeof(double));
    if (!c->queries || !c->values[0] || !c->values[1]) return cli_no_memory();
    for (size_t i = 0, next; i < c->judged.count; i = next) {
        const judgement *judged = &c->judged.items[i];
        compared *q = &c->queries[c->count];
        next = qrels_next(&c->judged, i);
        q->query = judged->query;
        c->values[0][c->count] = q->a = value_of(&c->runs[0], q->query, judged, next - i);
        c->values[1][c->count] = q->b = value_of(&c->runs[1], q->query, judged, next - i);
        c->count++;
    }
    return 0;
}

/* Gains first; equal ones by query. */
static int by_difference(const void *x, const void *y)
{
    const compared *p = x, *q = y;
    double d = (q->b - q->a) - (p->b - p->a);
    return d > 0.0 ? 1 : d < 0.0 ? -1 : strcmp(p->query, q->query);
}

static void print_queries(const comparison *c)
{
    for (size_t i = 0; i < c->count; i++) {
        const compared *q = &c->queries[i];
        int is_shown = (i < SHOWN && q->b > q->a) || (i + SHOWN >= c->count && q->b < q->a);
        if (is_shown) printf("    %+.4f  %.4f → %.4f  %s\n", q->b - q->a, q->a, q->b, q->query);
    }
}

static void report(const comparison *c)
{
    const paired *r = &c->result;
    interval a = bootstrap(c->values[0], c->count), b = bootstrap(c->values[1], c->count);
    printf("%s over %zu judged queries\n", metric_names[o.metric], c->count);
    printf("  A  %.4f  [%.4f, %.4f]  %s\n", a.mean, a.low, a.high, c->names[0]);
    printf("  B  %.4f  [%.4f, %.4f]  %s\n", b.mean, b.low, b.high, c->names[1]);
    printf("  B - A  %+.4f  [%+.4f, %+.4f]  p = %.5f (paired randomisation, %lld rounds)\n",
           r->difference.mean, r->difference.low, r->difference.high, r->p, (long long)o.rounds);
    printf("  B wins %zu, ties %zu, loses %zu\n", r->wins, r->ties, r->losses);
    if (r->wins + r->losses) puts("  greatest differences:");
    print_queries(c);
}

static json_t *interval_json(interval v)
{
    return json_pack("{s:f, s:f, s:f}", "mean", v.mean, "lo", v.low, "hi", v.high);
}

static int report_json(const comparison *c)
{
    json_t *queries = json_array();
    for (size_t i = 0; i < c->count; i++) {
        const compared *q = &c->queries[i];
        json_array_append_new(queries, json_pack("{s:s, s:f, s:f, s:f}", "query", q->query, "a",
                                                 q->a, "b", q->b, "difference", q->b - q->a));
    }
    const paired *r = &c->result;
    return cli_print_json(json_pack(
        "{s:s, s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:f, s:I, s:I, s:I, s:I, s:o, s:o}", "kind",
        "compare", "a", c->names[0], "b", c->names[1], "metric", metric_names[o.metric], "queries",
        (json_int_t)c->count, "mean_a", interval_json(bootstrap(c->values[0], c->count)), "mean_b",
        interval_json(bootstrap(c->values[1], c->count)), "difference",
        interval_json(r->difference), "p", r->p, "rounds", (json_int_t)o.rounds, "wins",
        (json_int_t)r->wins, "ties", (json_int_t)r->ties, "losses", (json_int_t)r->losses,
        "per_query", queries, "about", about_json("compare", o.seed)));
}

static int compare_runs(comparison *c, const char *const *paths)
{
    int code = qrels_read(&c->judged, paths[2]);
    for (int r = 0; r < 2 && !code; r++) {
        c->names[r] = paths[r];
        code = run_read(&c->runs[r], paths[r]);
    }
    if (!code) code = measure(c);
    if (!code && !c->count) code = cli_error(EXIT_INPUT, "%s: no judgements", paths[2]);
    if (code) return code;
    c->result = paired_compare(c->values[0], c->values[1], c->count, (size_t)o.rounds,
                               (uint64_t)o.seed);
    qsort(c->queries, c->count, sizeof *c->queries, by_difference);
    if (o.json) return report_json(c);
    report(c);
    return EXIT_DONE;
}

static int run(const cli_arguments *a)
{
    comparison c = {0};
    int code = compare_runs(&c, a->rest);
    for (int r = 0; r < 2; r++) {
        run_free(&c.runs[r]);
        free(c.values[r]);
    }
    free(c.queries);
    qrels_free(&c.judged);
    return code;
}

const cli_command compare_command = {
    .name = "compare",
    .summary = "two runs on the same judgements, query by query",
    .synopsis = "RUN_A RUN_B QRELS [options]",
    .about = "Compares two TREC runs on every judged query; one that a run lacks counts as 0. "
             "Prints both means and their mean difference with 95 % bootstrap intervals, the p of "
             "a paired randomisation test, how many queries B wins, ties and loses, and where it "
             "differs most.",
    .example = "plurum-bench compare minmax.run adaptive.run collections/scifact/qrels.tsv",
    .least = 3,
    .most = 3,
    .options = OPTIONS,
    .run = run,
};
