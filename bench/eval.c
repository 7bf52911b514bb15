/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench eval: a judged collection through the real engine, and how good its rankings are.
 */
#include <config.h>

#include <errno.h>
#include <ftw.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/bench.h"
#include "bench/collection.h"
#include "bench/metrics.h"
#include "tools/weights.h"

enum { STATIC = 0, NONE = 1 };
static const char *const EMBEDDERS[] = {"static", "none", NULL};
static const char *const MODES[] = {"hybrid", "text", "vector", NULL};

static struct {
    int embedder, mode, vectors, json;
    const char *fusion, *weights_file, *run_file, *per_query_file;
} o;

static const cli_option OPTIONS[] = {
    CLI_OPTION_WORD("embedder", &o.embedder, EMBEDDERS, "E",
                    "where vectors come from, none for the text leg alone"),
    CLI_OPTION_FLAG("vectors", &o.vectors,
                    "the folder's docs.npy and queries.npy instead of an embedder"),
    CLI_OPTION_WORD("mode", &o.mode, MODES, "M", "which legs"),
    CLI_OPTION_TEXT("fusion", &o.fusion, "F",
                    "how the legs become one score: minmax or rrf (default: minmax)"),
    CLI_OPTION_TEXT("weights", &o.weights_file, "FILE", "ranking weights"),
    CLI_OPTION_TEXT("run", &o.run_file, "FILE", "write a TREC run there"),
    CLI_OPTION_TEXT("per-query", &o.per_query_file, "FILE",
                    "write every query's metrics there, separated by tabs"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"),
    CLI_OPTION_END};

typedef struct eval {
    collection data;
    char directory[4096]; /* temporary */
    plurum_embedder *embedder;
    plurum_index *index;
    plurum_weights *weights;
    plurum_query query;
    FILE *run, *per_query;
    double *values[METRIC_COUNT]; /* by judged query */
    double *ms;
    size_t judged;                /* queries that have a judgement */
    double index_s;
} eval;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

/* An empty index in a temporary folder, with the embedder that was asked for. */
static int make_index(eval *e)
{
    plurum_create_options create;
    plurum_open_options open = PLURUM_OPEN_OPTIONS_INIT;
    plurum_fingerprint caller = {.name = "caller", .text_template = 1};
    plurum_error error;
    char path[4096 + 8];
    const char *folder = getenv("TMPDIR");
    plurum_create_options_init(&create);
    if (o.vectors) {
        caller.dim = (uint32_t)e->data.document_vectors.dim;
        create.fingerprint = &caller;
    } else if (o.embedder == STATIC) {
        int code = cli_model(&e->embedder);
        if (code) return code;
        create.fingerprint = plurum_embedder_fingerprint(e->embedder);
        create.traits = plurum_embedder_traits(e->embedder);
    }
    if (!folder || !*folder) folder = "/tmp";
    snprintf(e->directory, sizeof e->directory, "%s/plurum-eval-XXXXXX", folder);
    if (!mkdtemp(e->directory)) {
        *e->directory = '\0';
        return cli_error(EXIT_STORAGE, "%s: no temporary folder: %s", folder, strerror(errno));
    }
    snprintf(path, sizeof path, "%s/index", e->directory);
    open.embedder = e->embedder;
    open.no_sync = 1;
    if (plurum_index_create(path, &create, &error) ||
        plurum_index_open(&e->index, path, &open, &error))
        return cli_failed(NULL, &error);
    return 0;
}

static int load_documents(eval *e)
{
    plurum_batch *batch;
    plurum_error error;
    double begun = seconds();
    if (plurum_batch_new(&batch, e->index, &error)) return cli_failed(NULL, &error);
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < e->data.document_count && !status; i++) {
        const text_record *record = &e->data.documents[i];
        plurum_document document = PLURUM_DOCUMENT_INIT;
        document.key = record->id;
        document.text[PLURUM_TEXT_TITLE] = record->title;
        document.text[PLURUM_TEXT_BODY] = record->text;
        if (o.vectors) {
            document.dim = e->data.document_vectors.dim;
            document.vector = e->data.document_vectors.values + i * document.dim;
        }
        status = plurum_batch_put(batch, &document, PLURUM_CONFLICT_ERROR, &error);
        if (!status && plurum_batch_count(batch) == 1000)
            status = plurum_batch_commit(batch, NULL, &error);
    }
    if (!status) status = plurum_batch_commit(batch, NULL, &error);
    plurum_batch_free(batch);
    if (!status) status = plurum_index_apply(e->index, &error);
    e->index_s = seconds() - begun;
    return status ? cli_failed(NULL, &error) : 0;
}

/* A line a query; the first is a header. */
static void write_metrics(FILE *file, const char *query, const double metrics[METRIC_COUNT])
{
    fputs(query, file);
    for (int m = 0; m < METRIC_COUNT; m++) fprintf(file, "\t%.6f", metrics[m]);
    fputc('\n', file);
}

static int run_query(eval *e, size_t i)
{
    const text_record *record = &e->data.queries[i];
    plurum_results *results;
    plurum_error error;
    size_t judged_count;
    const judgement *judged = collection_judged(&e->data, record->id, &judged_count);
    if (!judged_count) return 0;
    e->query.text = record->text;
    e->query.text_len = strlen(record->text);
    if (o.vectors) {
        e->query.dim = e->data.query_vectors.dim;
        e->query.vector = e->data.query_vectors.values + i * e->query.dim;
    }
    double begun = seconds(), metrics[METRIC_COUNT];
    if (plurum_search(&results, e->index, &e->query, &error)) return cli_failed(NULL, &error);
    e->ms[e->judged] = (seconds() - begun) * 1e3;
    size_t count = plurum_results_count(results);
    const char **ids = calloc(count + 1, sizeof *ids);
    for (size_t h = 0; h < count && ids; h++) {
        const plurum_hit *hit = plurum_results_hit(results, h);
        ids[h] = hit->key;
        if (e->run)
            fprintf(e->run, "%s Q0 %s %zu %.17g plurum\n", record->id, hit->key, h + 1, hit->score);
    }
    metrics_of(metrics, ids, ids ? count : 0, judged, judged_count);
    if (e->per_query) write_metrics(e->per_query, record->id, metrics);
    for (int m = 0; m < METRIC_COUNT; m++) e->values[m][e->judged] = metrics[m];
    e->judged++;
    free(ids);
    plurum_results_free(results);
    return 0;
}

static int run_queries(eval *e)
{
    for (int m = 0; m < METRIC_COUNT; m++)
        e->values[m] = calloc(e->data.query_count + 1, sizeof(double));
    e->ms = calloc(e->data.query_count + 1, sizeof *e->ms);
    int code = 0;
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
    const plurum_fingerprint *model = plurum_index_configuration(e->index)->fingerprint;
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

static void report(const eval *e, double p50, double p95)
{
    printf("%s: %zu documents, %zu judged queries, %s, %s, model %s\n", e->data.name,
           e->data.document_count, e->judged, MODES[o.mode], fusion_name(e), model_name(e));
    for (int m = 0; m < METRIC_COUNT; m++) {
        interval v = bootstrap(e->values[m], e->judged);
        printf("  %-10s %.4f  [%.4f, %.4f]\n", metric_names[m], v.mean, v.low, v.high);
    }
    printf("  indexed in %.2f s; a query takes %.2f ms (median), %.2f ms (p95)\n", e->index_s, p50,
           p95);
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
    return cli_print_json(json_pack(
        "{s:s, s:I, s:I, s:s, s:s, s:s, s:o, s:f, s:{s:f, s:f}}", "collection", e->data.name,
        "documents", (json_int_t)e->data.document_count, "queries", (json_int_t)e->judged, "mode",
        MODES[o.mode], "fusion", fusion_name(e), "embedder", model_name(e), "metrics", metrics,
        "index_s", e->index_s, "query_ms", "p50", p50, "p95", p95));
}

static int settle(eval *e)
{
    plurum_error error;
    plurum_query_init(&e->query);
    e->query.mode = (plurum_mode)o.mode;
    e->query.limit = PLURUM_LIMIT_MAX;
    e->query.bodies = 0;
    if (o.vectors && o.embedder != STATIC)
        return cli_error(EXIT_USAGE, "--embedder: not with --vectors, which are given");
    if (plurum_weights_new(&e->weights, &error)) return cli_failed(NULL, &error);
    /* without feedback trust is the same for all; the order is relevance alone */
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
    if (!code) code = make_index(e);
    if (!code) code = load_documents(e);
    if (!code) code = run_queries(e);
    code = close_output(e->run, o.run_file, code);
    code = close_output(e->per_query, o.per_query_file, code);
    if (code) return code;
    qsort(e->ms, e->judged, sizeof *e->ms, ascending);
    double p50 = e->ms[e->judged / 2], p95 = e->ms[e->judged * 95 / 100];
    if (o.json) return report_json(e, p50, p95);
    report(e, p50, p95);
    return EXIT_DONE;
}

static int run(const cli_arguments *a)
{
    static eval e;
    int code = evaluate(&e, a->rest[0]);
    plurum_index_close(e.index);
    plurum_embedder_free(e.embedder);
    plurum_weights_free(e.weights);
    if (*e.directory) nftw(e.directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    for (int m = 0; m < METRIC_COUNT; m++) free(e.values[m]);
    free(e.ms);
    collection_free(&e.data);
    return code;
}

const cli_command eval_command = {
    .name = "eval",
    .summary = "ranking quality on a judged collection",
    .synopsis = "COLLECTION [options]",
    .about = "Puts a judged collection into a temporary index and prints nDCG@10, MRR@10, MAP, "
             "recall@100 and P@10, each with its 95 % bootstrap interval. COLLECTION is a folder "
             "with corpus.jsonl, queries.jsonl and qrels.tsv or qrels/test.tsv.",
    .example = "plurum-bench eval collections/scifact --mode text",
    .least = 1,
    .most = 1,
    .options = OPTIONS,
    .run = run,
};
