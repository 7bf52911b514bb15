/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench eval: a judged collection through the real engine, and how good its rankings are.
 */
#include <config.h>

#include <ftw.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "bench/bench.h"
#include "bench/collection.h"
#include "bench/metrics.h"
#include "tools/cli.h"
#include "tools/weights.h"

typedef struct eval {
    char *embedder_name, *mode, *fusion, *weights_file, *run_file, *per_query_file;
    int given_vectors, as_json, depth;

    collection data;
    char directory[64];
    plurum_embedder *embedder;
    plurum_index *index;
    plurum_weights *weights;
    plurum_query query;
    FILE *run;
    double *values[METRIC_COUNT]; /* by query */
    double *ms;
    size_t judged;                /* queries that have a relevant document */
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

static int failed(const plurum_error *error)
{
    return cli_failed(NULL, error);
}

/* An empty index in a temporary folder, with the embedder that was asked for. */
static int make_index(eval *e)
{
    plurum_create_options create;
    plurum_open_options open = PLURUM_OPEN_OPTIONS_INIT;
    plurum_fingerprint caller = {.name = "caller", .text_template = 1};
    plurum_error error;
    char path[96];
    plurum_create_options_init(&create);
    if (e->given_vectors) {
        caller.dim = (uint32_t)e->data.document_vectors.dim;
        create.fingerprint = &caller;
    } else if (strcmp(e->embedder_name, "none") != 0) {
        int code = cli_model(&e->embedder, e->embedder_name);
        if (code) return code;
        create.fingerprint = plurum_embedder_fingerprint(e->embedder);
        create.traits = plurum_embedder_traits(e->embedder);
    }
    strcpy(e->directory, "/tmp/plurum-eval-XXXXXX");
    if (!mkdtemp(e->directory)) return cli_error(EXIT_STORAGE, "no temporary folder");
    snprintf(path, sizeof path, "%s/index", e->directory);
    open.embedder = e->embedder;
    open.no_sync = 1;
    if (plurum_index_create(path, &create, &error) ||
        plurum_index_open(&e->index, path, &open, &error))
        return failed(&error);
    return 0;
}

static int load_documents(eval *e)
{
    plurum_batch *batch;
    plurum_error error;
    double begun = seconds();
    if (plurum_batch_new(&batch, e->index, &error)) return failed(&error);
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < e->data.document_count && !status; i++) {
        const text_record *record = &e->data.documents[i];
        plurum_document document = PLURUM_DOCUMENT_INIT;
        document.key = record->id;
        document.text[PLURUM_TEXT_TITLE] = record->title;
        document.text[PLURUM_TEXT_BODY] = record->text;
        if (e->given_vectors) {
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
    return status ? failed(&error) : 0;
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
    if (e->given_vectors) {
        e->query.dim = e->data.query_vectors.dim;
        e->query.vector = e->data.query_vectors.values + i * e->query.dim;
    }
    double begun = seconds(), metrics[METRIC_COUNT];
    if (plurum_search(&results, e->index, &e->query, &error)) return failed(&error);
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
    return code;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void report(eval *e)
{
    double p50 = 0, p95 = 0;
    json_t *metrics = json_object();
    const plurum_fingerprint *model = plurum_index_configuration(e->index)->fingerprint;
    const char *fusion = e->fusion ? e->fusion : "minmax";
    if (!e->as_json)
        printf("%s: %zu documents, %zu judged queries, %s, %s, model %s\n", e->data.name,
               e->data.document_count, e->judged, e->mode, fusion, model->name);
    for (int m = 0; m < METRIC_COUNT; m++) {
        interval v = bootstrap(e->values[m], e->judged);
        if (!e->as_json) printf("  %-10s %.4f  [%.4f, %.4f]\n", metric_names[m], v.mean, v.low, v.high);
        json_object_set_new(metrics, metric_names[m],
                            json_pack("{s:f, s:f, s:f}", "mean", v.mean, "lo", v.low, "hi", v.high));
    }
    qsort(e->ms, e->judged, sizeof *e->ms, ascending);
    if (e->judged) p50 = e->ms[e->judged / 2], p95 = e->ms[e->judged * 95 / 100];
    if (!e->as_json)
        printf("  indexed in %.2f s; a query takes %.2f ms (median), %.2f ms (p95)\n", e->index_s,
               p50, p95);
    json_t *whole = json_pack(
        "{s:s, s:I, s:I, s:s, s:s, s:s, s:o, s:f, s:{s:f, s:f}}", "collection", e->data.name,
        "documents", (json_int_t)e->data.document_count, "queries", (json_int_t)e->judged, "mode",
        e->mode, "fusion", fusion, "embedder", model->name, "metrics", metrics, "index_s",
        e->index_s, "query_ms", "p50", p50, "p95", p95);
    if (e->as_json) {
        json_dumpf(whole, stdout, JSON_COMPACT | JSON_REAL_PRECISION(9));
        putchar('\n');
    }
    json_decref(whole);
}

static int settle(eval *e)
{
    static const char *const MODES[] = {"hybrid", "text", "vector"};
    plurum_error error;
    int mode = 0;
    while (mode < 3 && strcmp(e->mode, MODES[mode]) != 0) mode++;
    if (mode == 3)
        return cli_error(EXIT_USAGE, "--mode: \"%s\", hybrid, text or vector expected", e->mode);
    plurum_query_init(&e->query);
    e->query.mode = (plurum_mode)mode;
    e->query.limit = PLURUM_LIMIT_MAX;
    e->query.bodies = 0;
    if (plurum_weights_new(&e->weights, &error)) return failed(&error);
    /* without feedback trust is the same for all; the order is relevance alone */
    int code = e->weights_file ? weights_read(e->weights, e->weights_file) : 0;
    if (!code && e->fusion && plurum_weights_set_text(e->weights, "fusion", e->fusion, &error))
        code = cli_error(EXIT_USAGE, "--fusion: %s", error.text);
    e->query.weights = e->weights;
    return code;
}

static int evaluate(eval *e, const char *folder)
{
    int code = settle(e);
    if (!code) code = collection_load(&e->data, folder, e->given_vectors);
    if (!code && e->run_file && !(e->run = fopen(e->run_file, "w")))
        code = cli_error(EXIT_STORAGE, "%s: cannot be written", e->run_file);
    if (!code) code = make_index(e);
    if (!code) code = load_documents(e);
    if (!code) code = run_queries(e);
    if (!code) report(e);
    if (e->run && fclose(e->run) && !code)
        code = cli_error(EXIT_STORAGE, "%s: cannot be written", e->run_file);
    return code;
}

int bench_eval(int argc, const char **argv)
{
    static eval e;
    e.embedder_name = (char *)(uintptr_t)"static";
    e.mode = (char *)(uintptr_t)"hybrid";
    const struct poptOption options[] = {
        {"embedder", 0, POPT_ARG_STRING | POPT_ARGFLAG_SHOW_DEFAULT, &e.embedder_name, 0,
         "static, or none for the text leg alone", "E"},
        {"vectors", 0, POPT_ARG_NONE, &e.given_vectors, 0,
         "the folder's docs.npy and queries.npy instead of an embedder", NULL},
        {"mode", 0, POPT_ARG_STRING | POPT_ARGFLAG_SHOW_DEFAULT, &e.mode, 0,
         "hybrid, text or vector", "M"},
        {"fusion", 0, POPT_ARG_STRING, &e.fusion, 0, "minmax or rrf", "F"},
        {"weights", 0, POPT_ARG_STRING, &e.weights_file, 0, "ranking weights", "FILE"},
        {"run", 0, POPT_ARG_STRING, &e.run_file, 0, "write a TREC run there", "FILE"},
        {"json", 0, POPT_ARG_NONE, &e.as_json, 0, "one JSON object", NULL},
        POPT_AUTOHELP POPT_TABLEEND};
    cli_arguments a;
    int code = cli_parse(&a, argc, argv, options, "COLLECTION [options]", 1, 1, NULL);
    if (!code) code = evaluate(&e, a.rest[0]);
    plurum_index_close(e.index);
    plurum_embedder_free(e.embedder);
    plurum_weights_free(e.weights);
    if (*e.directory) nftw(e.directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    for (int m = 0; m < METRIC_COUNT; m++) free(e.values[m]);
    free(e.ms);
    collection_free(&e.data);
    cli_arguments_free(&a);
    return code;
}
