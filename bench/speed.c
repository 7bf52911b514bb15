/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench speed: how fast documents go in and queries come back, and what that takes.
 */
#include <config.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/about.h"
#include "bench/bench.h"
#include "bench/generate.h"
#include "bench/scratch.h"
#include "bench/speed_graphs.h"
#include "tools/model.h"
#include "tools/npy.h"

enum { BATCH = 1000, THREADS_MAX = 64 };

static struct {
    int64_t n, dim, queries, threads, seed, graph_from;
    const char *vectors, *query_vectors;
    int json;
} o = {.n = 10000, .dim = 384, .queries = 300, .threads = 2, .seed = 1, .graph_from = 65536};

static const cli_option OPTIONS[] = {
    CLI_OPTION_WHOLE("n", &o.n, 1, 100000000, "N", "documents"),
    CLI_OPTION_WHOLE("dim", &o.dim, 0, 4096, "D", "dimensions of their vectors; 0: none"),
    CLI_OPTION_TEXT("vectors", &o.vectors, "FILE.npy", "a row a document, instead of generated ones"),
    CLI_OPTION_TEXT("query-vectors", &o.query_vectors, "FILE.npy", "likewise of queries"),
    CLI_OPTION_WHOLE("graph-from", &o.graph_from, 2, INT32_MAX, "N",
                     "vectors from which on graphs are built, half as many in a segment"),
    CLI_OPTION_WHOLE("queries", &o.queries, 1, 1000000, "N", "queries of each kind"),
    CLI_OPTION_WHOLE("threads", &o.threads, 1, THREADS_MAX, "N", "most threads that search at once"),
    CLI_OPTION_WHOLE("seed", &o.seed, 0, INT64_MAX, "N", "of documents and queries"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"),
    CLI_OPTION_END};

/* One kind of query. */
typedef struct kind {
    const char *name;
    plurum_mode mode;
    int domain, tool, since; /* which filters */
} kind;

static const kind KINDS[] = {
    {"text leg", PLURUM_MODE_TEXT, 0, 0, 0},
    {"vector leg", PLURUM_MODE_VECTOR, 0, 0, 0},
    {"both legs", PLURUM_MODE_HYBRID, 0, 0, 0},
    {"both, one domain of 20", PLURUM_MODE_HYBRID, 1, 0, 0},
    {"both, a tool of 1 in 50", PLURUM_MODE_HYBRID, 0, 1, 0},
    {"both, newer half", PLURUM_MODE_HYBRID, 0, 0, 1},
    {"both, domain and tool", PLURUM_MODE_HYBRID, 1, 1, 0},
};
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS, BOTH = 2 };

typedef struct latency {
    double p50, p95, p99;
} latency;

typedef struct speed {
    generator from;
    collection shape; /* of vectors alone */
    scratch_index scratch;
    npy vectors, query_vectors; /* if they are given */
    graph_speed graphs;
    double make_s, put_s, apply_s, open_ms, first_ms;
    plurum_stats stats;
    double resident_mib;
    latency kinds[KIND_COUNT];
    double rate[THREADS_MAX + 1]; /* queries a second, by threads */
} speed;

/* ---- documents ---- */

static void given_row(float *vector, const npy *given, size_t i)
{
    if (given->values) memcpy(vector, given->values + i % given->rows * given->dim, given->dim * sizeof *vector);
}

static void make_document(generated *out, float *vector, const speed *s, size_t k)
{
    generate_document(out, vector, &s->from, k);
    given_row(vector, &s->vectors, k);
}

static void make_query(char text[160], float *vector, const speed *s, size_t i)
{
    generate_query(text, vector, &s->from, (i * 7919) % (size_t)o.n);
    given_row(vector, &s->query_vectors, i);
}

static void make_query_vector(float *vector, const void *payload, size_t i)
{
    char text[160];
    make_query(text, vector, payload, i);
}

static int put_all(speed *s)
{
    plurum_batch *batch;
    plurum_error error;
    float vector[4096];
    generated g;
    if (plurum_batch_new(&batch, s->scratch.index, &error)) return cli_failed(NULL, &error);
    plurum_status status = PLURUM_OK;
    for (size_t k = 0; k < (size_t)o.n && !status; k++) {
        plurum_document d = PLURUM_DOCUMENT_INIT;
        double begun = scratch_seconds();
        make_document(&g, vector, s, k);
        s->make_s += scratch_seconds() - begun;
        const char *tools[] = {g.tools[0], g.tools[1]}, *tags[GRAPH_FILTERS];
        d.tags = tags;
        d.tag_count = graph_tags(tags, k);
        d.key = g.key;
        d.text[PLURUM_TEXT_TITLE] = g.title;
        d.text[PLURUM_TEXT_BODY] = g.body;
        d.domain = g.domain;
        d.tools = tools;
        d.tool_count = 2;
        d.created_at = g.created_at;
        d.vector = o.dim ? vector : NULL;
        d.dim = (size_t)o.dim;
        status = plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error);
        if (!status && plurum_batch_count(batch) == BATCH)
            status = plurum_batch_commit(batch, NULL, &error);
    }
    if (!status) status = plurum_batch_commit(batch, NULL, &error);
    plurum_batch_free(batch);
    return status ? cli_failed(NULL, &error) : 0;
}

static int fill(speed *s)
{
    plurum_error error;
    s->shape.document_vectors.dim = (size_t)o.dim;
    s->scratch.without_graphs = 1; /* they have a measure of their own */
    int code = scratch_make(&s->scratch, &s->shape, o.dim > 0, MODEL_NONE);
    double begun = scratch_seconds();
    if (!code) code = put_all(s);
    s->put_s = scratch_seconds() - begun - s->make_s;
    if (code) return code;
    begun = scratch_seconds();
    if (plurum_index_apply(s->scratch.index, &error)) return cli_failed(NULL, &error);
    s->apply_s = scratch_seconds() - begun;
    return o.dim ? graph_build(&s->graphs, &s->scratch, (size_t)o.graph_from) : 0;
}

/* Closes and opens, as another process would. */
static int reopen(speed *s)
{
    plurum_open_options open = PLURUM_OPEN_OPTIONS_INIT;
    plurum_error error;
    char path[4096 + 8];
    plurum_index_close(s->scratch.index);
    s->scratch.index = NULL;
    snprintf(path, sizeof path, "%s/index", s->scratch.directory);
    double begun = scratch_seconds();
    open.no_sync = 1;
    open.graph_from = (size_t)o.graph_from;
    open.segment_size = (size_t)o.graph_from / 2 + 1;
    if (plurum_index_open(&s->scratch.index, path, &open, &error)) return cli_failed(NULL, &error);
    s->open_ms = (scratch_seconds() - begun) * 1e3;
    return 0;
}

static double resident_mib(void)
{
    unsigned long size = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%lu %lu", &size, &pages) != 2) pages = 0;
    if (file) fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1024.0 * 1024.0);
}

/* ---- queries ---- */

/* *took: seconds of the search alone. */
static plurum_status search(double *took, const speed *s, const kind *k, size_t i,
                            plurum_error *error)
{
    char text[160];
    float vector[4096];
    generated wanted;
    size_t of = (i * 7919) % (size_t)o.n;
    plurum_query query;
    plurum_filter filter = PLURUM_FILTER_INIT;
    plurum_results *results;
    generate_document(&wanted, vector, &s->from, of);
    make_query(text, vector, s, i);
    const char *tool = wanted.tools[0];
    plurum_query_init(&query);
    query.mode = k->mode;
    query.text = text;
    query.text_len = strlen(text);
    query.vector = o.dim ? vector : NULL;
    query.dim = (size_t)o.dim;
    query.filter = &filter;
    if (k->domain) filter.domain = wanted.domain;
    if (k->tool) filter.tools = &tool, filter.tool_count = 1;
    if (k->since) filter.since = 1725000000;
    double begun = scratch_seconds();
    plurum_status status = plurum_search(&results, s->scratch.index, &query, error);
    *took = scratch_seconds() - begun;
    if (!status) plurum_results_free(results);
    return status;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static int time_kind(speed *s, size_t k)
{
    size_t n = (size_t)o.queries;
    plurum_error error;
    double *ms = calloc(n, sizeof *ms);
    if (!ms) return cli_no_memory();
    int code = 0;
    for (size_t i = 0; i < n && !code; i++) {
        double took = 0.0;
        if (search(&took, s, &KINDS[k], i, &error)) code = cli_failed(NULL, &error);
        ms[i] = took * 1e3;
    }
    qsort(ms, n, sizeof *ms, ascending);
    s->kinds[k] = (latency){ms[n / 2], ms[n * 95 / 100], ms[n * 99 / 100]};
    free(ms);
    return code;
}

typedef struct worker {
    pthread_t thread;
    const speed *speed;
    size_t begin;
    double seconds; /* of its searches */
    plurum_error error;
    plurum_status status;
} worker;

static void *work(void *payload)
{
    worker *w = payload;
    for (size_t i = 0; i < (size_t)o.queries && !w->status; i++) {
        double took = 0.0;
        w->status = search(&took, w->speed, &KINDS[BOTH], w->begin + i, &w->error);
        w->seconds += took;
    }
    return NULL;
}

static int time_threads(speed *s, int threads)
{
    worker workers[THREADS_MAX];
    int code = 0, started = 0;
    s->rate[threads] = 0.0;
    for (; started < threads; started++) {
        workers[started] = (worker){.speed = s, .begin = (size_t)started * (size_t)o.queries};
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started])) break;
    }
    for (int i = 0; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
        if (workers[i].status && !code) code = cli_failed(NULL, &workers[i].error);
        s->rate[threads] += (double)o.queries / workers[i].seconds;
    }
    if (!code && started < threads) code = cli_error(EXIT_STORAGE, "threads: only %d start", started);
    return code;
}

/* What a handle that has just been opened needs for its first answer. */
static int time_first(speed *s)
{
    double took = 0.0;
    plurum_error error;
    if (search(&took, s, &KINDS[0], 0, &error)) return cli_failed(NULL, &error);
    s->first_ms = took * 1e3;
    return 0;
}

/* ---- the command ---- */

static int has_kind(size_t k)
{
    return o.dim || KINDS[k].mode == PLURUM_MODE_TEXT || KINDS[k].mode == PLURUM_MODE_HYBRID;
}

/* Files of which a handle uses the pages that all processes share: segments and checkpoints. */
static double mapped_mib(const speed *s)
{
    return (double)(s->stats.segment_bytes + s->stats.mapped_bytes) / 1048576.0;
}

static void report(const speed *s)
{
    printf("%lld documents of 128 words, %lld dimensions\n", (long long)o.n, (long long)o.dim);
    printf("  put           %10.0f documents/s, batches of %d; the text index follows %.2f s later\n",
           (double)o.n / s->put_s, BATCH, s->apply_s);
    printf("  open          %10.1f ms, then %.1f ms to the first answer\n", s->open_ms, s->first_ms);
    printf("  memory        %10.1f MiB of the index, %.1f MiB mapped, %.1f MiB of the process\n",
           (double)s->stats.memory_bytes / 1048576.0, mapped_mib(s), s->resident_mib);
    printf("  disk          %10.1f MiB store, %.1f MiB text index, %.1f MiB checkpoint\n",
           (double)s->stats.store_bytes / 1048576.0, (double)s->stats.text_bytes / 1048576.0,
           (double)s->stats.checkpoint_bytes / 1048576.0);
    puts("  a query, in ms              median     95 %     99 %");
    for (size_t k = 0; k < KIND_COUNT; k++)
        if (has_kind(k))
            printf("    %-24s %8.2f %8.2f %8.2f\n", KINDS[k].name, s->kinds[k].p50, s->kinds[k].p95,
                   s->kinds[k].p99);
    if (s->graphs.stats.segments) graph_print(&s->graphs);
    for (int t = 1; t <= o.threads; t *= 2)
        printf("  %2d thread%s    %10.0f queries/s of both legs\n", t, t == 1 ? " " : "s", s->rate[t]);
}

static int report_json(const speed *s)
{
    json_t *latencies = json_array(), *threads = json_array();
    for (size_t k = 0; k < KIND_COUNT; k++)
        if (has_kind(k))
            json_array_append_new(latencies, json_pack("{s:s, s:f, s:f, s:f}", "query",
                                                       KINDS[k].name, "p50_ms", s->kinds[k].p50,
                                                       "p95_ms", s->kinds[k].p95, "p99_ms",
                                                       s->kinds[k].p99));
    for (int t = 1; t <= o.threads; t *= 2)
        json_array_append_new(threads, json_pack("{s:i, s:f}", "threads", t, "queries_per_s", s->rate[t]));
    json_t *ingest = json_pack("[{s:I, s:f, s:f, s:f, s:f}]", "documents", (json_int_t)o.n,
                               "documents_per_s", (double)o.n / s->put_s, "apply_s", s->apply_s,
                               "open_ms", s->open_ms, "first_answer_ms", s->first_ms);
    json_t *size = json_pack("[{s:f, s:f, s:f, s:f, s:f}]", "index_memory_mib",
                             (double)s->stats.memory_bytes / 1048576.0, "mapped_mib", mapped_mib(s),
                             "process_memory_mib",
                             s->resident_mib, "store_mib", (double)s->stats.store_bytes / 1048576.0,
                             "text_index_mib", (double)s->stats.text_bytes / 1048576.0);
    json_t *tables = json_pack("{s:o, s:o, s:o, s:o}", "ingest", ingest, "latency", latencies,
                               "threads", threads, "size", size);
    if (s->graphs.stats.segments) {
        json_object_set_new(tables, "graphs", graph_json(&s->graphs));
        json_object_set_new(tables, "graphs_by_ef", graph_json_efs(&s->graphs));
        json_object_set_new(tables, "graphs_by_filter", graph_json_filters(&s->graphs));
    }
    return cli_print_json(json_pack(
        "{s:s, s:I, s:I, s:I, s:{s:f, s:f}, s:o, s:o}", "kind", "speed", "n",
        (json_int_t)o.n, "dim", (json_int_t)o.dim, "queries", (json_int_t)o.queries, "query_ms", "p50",
        s->kinds[BOTH].p50, "p95", s->kinds[BOTH].p95, "tables", tables, "about",
        about_json("speed", o.seed)));
}

/* The vectors that were given; their dimensions are those of the index. */
static int open_rows(npy *out, const char *path)
{
    int code = path ? npy_open(out, path) : 0;
    return !code && path && !out->rows ? cli_error(EXIT_INPUT, "%s: no rows", path) : code;
}

static int open_given(speed *s)
{
    int code = open_rows(&s->vectors, o.vectors);
    if (!code) code = open_rows(&s->query_vectors, o.query_vectors);
    if (code) return code;
    if (s->vectors.values) o.dim = (int64_t)s->vectors.dim;
    if (s->query_vectors.values && (int64_t)s->query_vectors.dim != o.dim)
        return cli_error(EXIT_INPUT, "%s: %zu dimensions, the documents have %lld", o.query_vectors,
                         s->query_vectors.dim, (long long)o.dim);
    return 0;
}

static int measure(speed *s)
{
    plurum_error error;
    int code = open_given(s);
    if (!code) code = generate_begin(&s->from, (uint64_t)o.seed, (size_t)o.dim);
    if (!code) code = fill(s);
    if (!code) code = reopen(s);
    if (!code) code = time_first(s);
    if (!code && s->graphs.stats.segments)
        code = graph_measure(&s->graphs, s->scratch.index, make_query_vector, s, (size_t)o.dim,
                             (size_t)o.queries);
    for (size_t k = 0; k < KIND_COUNT && !code; k++)
        if (has_kind(k)) code = time_kind(s, k);
    for (int t = 1; t <= o.threads && !code; t *= 2) code = time_threads(s, t);
    if (code) return code;
    s->stats.struct_size = sizeof s->stats;
    if (plurum_index_stats(&s->stats, s->scratch.index, &error)) return cli_failed(NULL, &error);
    s->resident_mib = resident_mib();
    if (o.json) return report_json(s);
    report(s);
    return EXIT_DONE;
}

static int run(const cli_arguments *a)
{
    static speed s;
    (void)a;
    int code = measure(&s);
    scratch_free(&s.scratch);
    npy_close(&s.vectors);
    npy_close(&s.query_vectors);
    generate_end(&s.from);
    return code;
}

const cli_command speed_command = {
    .name = "speed",
    .summary = "how fast documents go in and queries come back",
    .synopsis = "[--n N] [--dim D] [options]",
    .about = "Puts generated documents into a temporary index, opens it again, and measures: "
             "documents a second, opening, the latency of each leg, of both and under filters, "
             "queries a second with several threads, memory and disk; where there are graphs, what they "
             "take to be built and what they find against the scan. Commits do not wait for the disk.",
    .example = "plurum-bench speed --n 100000 --dim 384",
    .least = 0,
    .most = 0,
    .options = OPTIONS,
    .run = run,
};
