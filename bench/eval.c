/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench eval: a judged collection through the real engine, and how good its rankings are.
 */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/about.h"
#include "bench/bench.h"
#include "bench/calibration.h"
#include "bench/collection.h"
#include "bench/metrics.h"
#include "bench/scratch.h"
#include "tools/model.h"
#include "tools/run.h"
#include "tools/search_log.h"
#include "tools/weights.h"

static const char *const MODES[] = {"hybrid", "text", "vector", NULL};

static struct {
    int embedder, mode, vectors, every, json;
    const char *fusion, *weights_file, *run_file, *per_query_file, *log_file;
} o = {.embedder = MODEL_BEST};

static const cli_option OPTIONS[] = {
    CLI_OPTION_WORD("embedder", &o.embedder, model_words, "E",
                    "where vectors come from, none for the text leg alone (default: minilm, where "
                    "it is installed)"),
    CLI_OPTION_FLAG("vectors", &o.vectors,
                    "the folder's docs.npy and queries.npy instead of an embedder"),
    CLI_OPTION_WORD("mode", &o.mode, MODES, "M", "which legs"),
    CLI_OPTION_TEXT("fusion", &o.fusion, "F",
                    "how the legs become one score: minmax, rrf, tmm, dbsf, z-score, log-odds or "
                    "adaptive (default)"),
    CLI_OPTION_FLAG("every", &o.every, "each leg alone, then both by each fusion: a result for each"),
    CLI_OPTION_TEXT("weights", &o.weights_file, "FILE", "ranking weights"),
    CLI_OPTION_TEXT("run", &o.run_file, "FILE", "write a TREC run there"),
    CLI_OPTION_TEXT("per-query", &o.per_query_file, "FILE",
                    "write every query's metrics there, separated by tabs"),
    CLI_OPTION_TEXT("log", &o.log_file, "FILE.jsonl",
                    "write all queries there for plurum-bench replay; vectors go to FILE.jsonl.npy"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"),
    CLI_OPTION_END};

typedef struct eval {
    collection data;
    scratch_index scratch;
    plurum_weights *weights;
    plurum_query query;
    FILE *run, *per_query;
    search_log log;
    double *values[METRIC_COUNT]; /* by judged query */
    const char **kinds, **ids;    /* likewise */
    calibration calibration;
    double *ms;
    size_t judged;                /* queries that have a judgement */
    double index_s;
} eval;

/* A line a query; the first is a header. */
static void write_metrics(FILE *file, const char *query, const double metrics[METRIC_COUNT])
{
    fputs(query, file);
    for (int m = 0; m < METRIC_COUNT; m++) fprintf(file, "\t%.6f", metrics[m]);
    fputc('\n', file);
}

/* What a judged query is worth. 0, or the exit code. */
static int judge(eval *e, const text_record *record, const plurum_results *results,
                  const judgement *judged, size_t judged_count)
{
    double metrics[METRIC_COUNT];
    size_t count = plurum_results_count(results);
    const char **ids = calloc(count + 1, sizeof *ids);
    if (!ids) return cli_no_memory();
    for (size_t h = 0; h < count; h++) ids[h] = plurum_results_hit(results, h)->key;
    if (e->run) run_write_results(e->run, record->id, results);
    metrics_of(metrics, ids, count, judged, judged_count);
    if (e->per_query) write_metrics(e->per_query, record->id, metrics);
    for (int m = 0; m < METRIC_COUNT; m++) e->values[m][e->judged] = metrics[m];
    calibration_add(&e->calibration, results, judged, judged_count);
    e->kinds[e->judged] = record->kind;
    e->ids[e->judged] = record->id;
    e->judged++;
    free(ids);
    return 0;
}

static int run_query(eval *e, size_t i)
{
    const text_record *record = &e->data.queries[i];
    plurum_results *results;
    plurum_error error;
    size_t judged_count;
    const judgement *judged = qrels_of(&e->data.judged, record->id, &judged_count);
    int nothing = strcmp(record->kind, "none") == 0; /* answers it: the answer should say so */
    if (!judged_count && !nothing) return 0;
    e->query.text = record->text;
    e->query.text_len = strlen(record->text);
    if (o.vectors) {
        e->query.dim = e->data.query_vectors.dim;
        e->query.vector = e->data.query_vectors.values + i * e->query.dim;
    }
    double begun = scratch_seconds();
    if (plurum_search(&results, e->scratch.index, &e->query, &error)) return cli_failed(NULL, &error);
    e->ms[e->judged] = (scratch_seconds() - begun) * 1e3;
    calibration_abstain(&e->calibration, results, nothing);
    int code = judged_count ? judge(e, record, results, judged, judged_count) : 0;
    if (!code && o.log_file && judged_count)
        code = search_log_write(&e->log, record->id, record->text, &e->query, results);
    plurum_results_free(results);
    return code;
}

static void free_room(eval *e)
{
    for (int m = 0; m < METRIC_COUNT; m++) free(e->values[m]);
    free(e->ms);
    free(e->kinds);
    free(e->ids);
    calibration_free(&e->calibration);
    memset(&e->calibration, 0, sizeof e->calibration);
    e->judged = 0;
}

static int make_room(eval *e)
{
    size_t count = e->data.query_count + 1;
    int failed = 0;
    free_room(e);
    for (int m = 0; m < METRIC_COUNT; m++)
        failed |= !(e->values[m] = calloc(count, sizeof(double)));
    e->ms = calloc(count, sizeof *e->ms);
    e->kinds = calloc(count, sizeof *e->kinds);
    e->ids = calloc(count, sizeof *e->ids);
    return failed || !e->ms || !e->kinds || !e->ids ? cli_no_memory() : 0;
}

static int run_queries(eval *e)
{
    int code = make_room(e);
    for (size_t i = 0; i < e->data.query_count && !code; i++) code = run_query(e, i);
    if (!code && !e->judged)
        code = cli_error(EXIT_INPUT, "%s: no query has a judgement", e->data.name);
    return code;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static const char *model_name(const eval *e)
{
    const plurum_fingerprint *model = plurum_index_configuration(e->scratch.index)->fingerprint;
    return model->dim ? model->name : "none";
}

/* By name: the weights know, whichever way they were set. */
static const char *fusion_name(const eval *e)
{
    double value;
    for (size_t i = 0; i < plurum_weight_count(); i++) {
        const plurum_weight_info *info = plurum_weight_info_at(i);
        if (strcmp(info->name, "fusion") == 0 && info->choices &&
            !plurum_weights_get(e->weights, "fusion", &value, NULL))
            return info->choices[(size_t)value];
    }
    return "unknown";
}

/* nDCG@10 of one kind of query, over values in room that the caller gives; its number of queries. */
static size_t kind_values(const eval *e, const char *kind, double *room)
{
    size_t n = 0;
    for (size_t i = 0; i < e->judged; i++)
        if (strcmp(e->kinds[i], kind) == 0) room[n++] = e->values[NDCG_10][i];
    return n;
}

/* Calls each for every kind, in the order of their first query. */
static void each_kind(const eval *e, void (*each)(void *payload, const char *kind, size_t n,
                                                  interval ndcg), void *payload)
{
    double *room = calloc(e->judged + 1, sizeof *room);
    for (size_t i = 0; i < e->judged && room; i++) {
        size_t first = 0;
        while (strcmp(e->kinds[first], e->kinds[i]) != 0) first++;
        if (first < i || !*e->kinds[i]) continue;
        size_t n = kind_values(e, e->kinds[i], room);
        each(payload, e->kinds[i], n, bootstrap(room, n));
    }
    free(room);
}

static void print_kind(void *payload, const char *kind, size_t n, interval v)
{
    (void)payload;
    printf("  %-10s %.4f  [%.4f, %.4f]  ndcg@10 of %zu queries\n", kind, v.mean, v.low, v.high, n);
}

static void add_kind(void *kinds, const char *kind, size_t n, interval v)
{
    json_object_set_new(kinds, kind,
                        json_pack("{s:I, s:f, s:f, s:f}", "queries", (json_int_t)n, "ndcg@10",
                                  v.mean, "lo", v.low, "hi", v.high));
}

static void report(const eval *e, double p50, double p95)
{
    printf("%s: %zu documents, %zu judged queries, %s, %s, model %s\n", e->data.name,
           e->data.document_count, e->judged, MODES[e->query.mode], fusion_name(e), model_name(e));
    for (int m = 0; m < METRIC_COUNT; m++) {
        interval v = bootstrap(e->values[m], e->judged);
        printf("  %-10s %.4f  [%.4f, %.4f]\n", metric_names[m], v.mean, v.low, v.high);
    }
    each_kind(e, print_kind, NULL);
    calibration_print(&e->calibration);
    printf("  indexed in %.2f s; a query takes %.2f ms (median), %.2f ms (p95)\n", e->index_s, p50,
           p95);
}

/* nDCG@10 by query. */
static json_t *per_query_json(const eval *e)
{
    json_t *queries = json_object();
    for (size_t i = 0; i < e->judged; i++)
        json_object_set_new(queries, e->ids[i], json_real(e->values[NDCG_10][i]));
    return queries;
}

static int report_json(const eval *e, double p50, double p95)
{
    json_t *metrics = json_object();
    for (int m = 0; m < METRIC_COUNT; m++) {
        interval v = bootstrap(e->values[m], e->judged);
        json_object_set_new(metrics, metric_names[m],
                            json_pack("{s:f, s:f, s:f}", "mean", v.mean, "lo", v.low, "hi",
                                      v.high));
    }
    json_t *kinds = json_object();
    each_kind(e, add_kind, kinds);
    return cli_print_json(json_pack(
        "{s:s, s:s, s:I, s:I, s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:f, s:{s:f, s:f}, s:o, s:o}", "kind", "eval",
        "collection", e->data.name,
        "documents", (json_int_t)e->data.document_count, "queries", (json_int_t)e->judged, "mode",
        MODES[e->query.mode], "fusion", fusion_name(e), "weights", about_weights(e->weights),
        "embedder", model_name(e), "metrics", metrics, "kinds", kinds, "calibration",
        calibration_json(&e->calibration), "index_s", e->index_s,
        "query_ms", "p50", p50, "p95", p95, "per_query", per_query_json(e), "about",
        about_json("eval", 1)));
}

static int settle(eval *e)
{
    plurum_error error;
    plurum_query_init(&e->query);
    e->query.mode = (plurum_mode)o.mode;
    e->query.limit = PLURUM_LIMIT_MAX;
    e->query.bodies = 0;
    e->query.trace = o.log_file != NULL;
    if (o.vectors && o.embedder != MODEL_BEST)
        return cli_error(EXIT_USAGE, "--embedder: not with --vectors, which are given");
    if (o.every && (o.mode || o.fusion || o.run_file || o.per_query_file || o.log_file))
        return cli_error(EXIT_USAGE, "--every: not with --mode, --fusion, --run, --per-query or --log");
    if (plurum_weights_new(&e->weights, &error)) return cli_failed(NULL, &error);
    /* judgements are of relevance: trust is left out, unless a weights file says otherwise */
    plurum_weights_set(e->weights, "floor", 1.0, NULL);
    int code = o.weights_file ? weights_read(e->weights, o.weights_file) : 0;
    if (!code && o.fusion && plurum_weights_set_text(e->weights, "fusion", o.fusion, &error))
        code = cli_error(EXIT_USAGE, "--%s", error.text); /* the text names the weight: fusion */
    e->query.weights = e->weights;
    return code;
}

static int open_output(FILE **out, const char *path)
{
    if (!path || (*out = fopen(path, "w"))) return 0;
    return cli_error(EXIT_STORAGE, "%s: %s", path, strerror(errno));
}

static int close_output(FILE *file, const char *path, int code)
{
    if (!file || !fclose(file) || code) return code;
    return cli_error(EXIT_STORAGE, "%s: %s", path, strerror(errno));
}

static int tell(eval *e)
{
    qsort(e->ms, e->judged, sizeof *e->ms, ascending);
    double p50 = e->ms[e->judged / 2], p95 = e->ms[e->judged * 95 / 100];
    if (o.json) return report_json(e, p50, p95);
    report(e, p50, p95);
    return EXIT_DONE;
}

/* Each leg alone, then both by each fusion; without vectors the text leg. */
static int measure_every(eval *e)
{
    const plurum_weight_info *fusion = plurum_weight_info_at(0);
    for (size_t i = 0; strcmp(fusion->name, "fusion") != 0;) fusion = plurum_weight_info_at(++i);
    int code = 0, vectors = plurum_index_configuration(e->scratch.index)->fingerprint->dim > 0;
    for (int leg = PLURUM_MODE_TEXT; leg <= PLURUM_MODE_TEXT + vectors && !code; leg++) {
        e->query.mode = (plurum_mode)leg;
        code = run_queries(e);
        if (!code) code = tell(e);
    }
    e->query.mode = PLURUM_MODE_HYBRID;
    for (size_t f = 0; vectors && fusion->choices[f] && !code; f++) {
        plurum_weights_set(e->weights, "fusion", (double)f, NULL);
        code = run_queries(e);
        if (!code) code = tell(e);
    }
    return code;
}

static int evaluate(eval *e, const char *folder)
{
    int code = settle(e);
    if (!code) code = collection_load(&e->data, folder, o.vectors);
    if (!code) code = open_output(&e->run, o.run_file);
    if (!code) code = open_output(&e->per_query, o.per_query_file);
    if (!code && e->per_query) {
        fputs("query", e->per_query);
        for (int m = 0; m < METRIC_COUNT; m++) fprintf(e->per_query, "\t%s", metric_names[m]);
        fputc('\n', e->per_query);
    }
    if (!code) code = scratch_make(&e->scratch, &e->data, o.vectors, o.embedder);
    double begun = scratch_seconds();
    if (!code) code = scratch_load(&e->scratch, &e->data, o.vectors);
    e->index_s = scratch_seconds() - begun;
    if (!code && o.log_file) code = search_log_open(&e->log, o.log_file);
    if (!code) code = o.every ? measure_every(e) : run_queries(e);
    code = search_log_close(&e->log, code);
    code = close_output(e->run, o.run_file, code);
    code = close_output(e->per_query, o.per_query_file, code);
    return code || o.every ? code : tell(e);
}

static int run(const cli_arguments *a)
{
    static eval e;
    int code = evaluate(&e, a->rest[0]);
    scratch_free(&e.scratch);
    plurum_weights_free(e.weights);
    free_room(&e);
    collection_free(&e.data);
    return code;
}

const cli_command eval_command = {
    .name = "eval",
    .summary = "ranking quality on a judged collection",
    .synopsis = "COLLECTION [options]",
    .about = "Puts a judged collection into a temporary index and prints nDCG@10, MRR@10, MAP, "
             "recall@100 and P@10, each with its 95 % bootstrap interval. COLLECTION is a folder "
             "with corpus.jsonl (or experiences.jsonl), queries.jsonl and qrels.tsv or "
             "qrels/test.tsv; where queries have a kind, nDCG@10 is told by kind too.",
    .example = "plurum-bench eval collections/scifact --mode text",
    .least = 1,
    .most = 1,
    .options = OPTIONS,
    .run = run,
};
