/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measuring graphs. Recall is of the first ten, as most ask for ten. Times are processor time of the one
 * thread that searches or builds, which a busy machine changes little.
 */
#include <config.h>

#include "bench/speed_graphs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIRST = 10, WAYS = GRAPH_EFS + GRAPH_FILTERS, DIM_MOST = 4096 };

static const int EFS[GRAPH_EFS] = {100, 160, 256};

/* Of 1,000 documents so many have the tag. */
static const struct {
    const char *name;
    size_t of_1000;
} TAGS[GRAPH_FILTERS] = {{"all", 1000}, {"half", 500}, {"fifth", 200},
                         {"tenth", 100}, {"fiftieth", 20}, {"thousandth", 1}};

size_t graph_tags(const char *tags[GRAPH_FILTERS], size_t k)
{
    size_t place = (k * UINT64_C(0x9E3779B97F4A7C15) >> 32) % 1000, n = 0;
    for (size_t i = 0; i < GRAPH_FILTERS; i++)
        if (place < TAGS[i].of_1000) tags[n++] = TAGS[i].name;
    return n;
}

static double busy_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- building ---- */

/* A number of /proc/self/status, in MiB; 0: there is none. */
static double status_mib(const char *name)
{
    char line[256];
    unsigned long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0) sscanf(line + strlen(name), ": %lu", &kib);
    if (file) fclose(file);
    return (double)kib / 1024.0;
}

/* The most memory is counted from now on, where the kernel allows it. */
static void forget_most(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (!file) return;
    fputs("5", file);
    fclose(file);
}

int graph_build(graph_speed *out, scratch_index *scratch, size_t graph_from)
{
    plurum_open_options open = PLURUM_OPEN_OPTIONS_INIT;
    plurum_error error;
    char path[sizeof scratch->directory + 8];
    snprintf(path, sizeof path, "%s/index", scratch->directory);
    plurum_index_close(scratch->index);
    scratch->index = NULL;
    open.no_sync = 1;
    open.manual_apply = 1;
    open.graph_from = graph_from;
    open.segment_size = graph_from / 2 + 1;
    out->stats.struct_size = sizeof out->stats;
    if (plurum_index_open(&scratch->index, path, &open, &error) ||
        plurum_index_stats(&out->stats, scratch->index, &error)) /* the vectors are in memory now */
        return cli_failed(NULL, &error);
    forget_most();
    double before = status_mib("VmRSS"), begun = busy_seconds();
    if (plurum_index_apply(scratch->index, &error)) return cli_failed(NULL, &error);
    out->build_s = busy_seconds() - begun;
    out->build_mib = status_mib("VmHWM") - before;
    if (plurum_index_stats(&out->stats, scratch->index, &error)) return cli_failed(NULL, &error);
    return 0;
}

/* ---- asking ---- */

typedef struct answer {
    uint32_t ids[FIRST];
    size_t count;
    double ms;
} answer;

typedef struct ask {
    plurum_index *index;
    const float *vector;
    size_t dim;
    plurum_weights *weights; /* with the ef in question */
    const char *tag;         /* or NULL */
    int exact;
} ask;

static plurum_status search(answer *out, const ask *a, plurum_error *error)
{
    plurum_query query;
    plurum_filter filter = PLURUM_FILTER_INIT;
    plurum_results *results;
    plurum_query_init(&query);
    filter.tags = &a->tag;
    filter.tag_count = a->tag != NULL;
    query.mode = PLURUM_MODE_VECTOR;
    query.vector = a->vector;
    query.dim = a->dim;
    query.filter = &filter;
    query.weights = a->weights;
    query.exact = a->exact;
    query.limit = FIRST;
    query.bodies = 0;
    double begun = busy_seconds();
    plurum_status status = plurum_search(&results, a->index, &query, error);
    out->ms = (busy_seconds() - begun) * 1e3;
    if (status) return status;
    out->count = plurum_results_count(results);
    for (size_t i = 0; i < out->count; i++) out->ids[i] = plurum_results_hit(results, i)->id;
    plurum_results_free(results);
    return PLURUM_OK;
}

static size_t common(const answer *a, const answer *b)
{
    size_t n = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++) n += a->ids[i] == b->ids[j];
    return n;
}

/* The answers of one way. */
typedef struct way {
    graph_row *row;
    const char *tag;
    plurum_weights *weights;
    double *exact, *graph; /* ms of each query */
    size_t wanted, found;
} way;

static plurum_status ask_both(way *w, ask a, size_t i, plurum_error *error)
{
    answer exact, graph;
    a.tag = w->tag;
    a.weights = w->weights;
    a.exact = 1;
    plurum_status status = search(&exact, &a, error);
    a.exact = 0;
    if (!status) status = search(&graph, &a, error);
    if (status) return status;
    w->exact[i] = exact.ms;
    w->graph[i] = graph.ms;
    w->wanted += exact.count;
    w->found += common(&exact, &graph);
    w->row->fewer += graph.count < exact.count;
    return PLURUM_OK;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void sum_up(way *w, size_t count)
{
    qsort(w->exact, count, sizeof *w->exact, ascending);
    qsort(w->graph, count, sizeof *w->graph, ascending);
    w->row->exact_ms = w->exact[count / 2];
    w->row->graph_ms = w->graph[count / 2];
    w->row->graph_ms_95 = w->graph[count * 95 / 100];
    w->row->recall = w->wanted ? (double)w->found / (double)w->wanted : 1.0;
}

static plurum_status begin(way *w, graph_row *row, int ef, const char *tag, size_t count)
{
    *w = (way){.row = row, .tag = tag};
    *row = (graph_row){0};
    w->exact = calloc(count, sizeof *w->exact);
    w->graph = calloc(count, sizeof *w->graph);
    if (!w->exact || !w->graph || plurum_weights_new(&w->weights, NULL)) return PLURUM_NOMEM;
    return ef ? plurum_weights_set(w->weights, "ef", ef, NULL) : PLURUM_OK;
}

static int measure(way ways[WAYS], plurum_index *index, graph_query *query, const void *payload,
                   size_t dim, size_t count)
{
    static float vector[DIM_MOST];
    plurum_error error;
    for (size_t i = 0; i < count; i++) {
        ask a = {.index = index, .vector = vector, .dim = dim};
        query(vector, payload, i);
        for (int w = 0; w < WAYS; w++)
            if (ask_both(&ways[w], a, i, &error)) return cli_failed(NULL, &error);
    }
    for (int w = 0; w < WAYS; w++) sum_up(&ways[w], count);
    return 0;
}

int graph_measure(graph_speed *out, plurum_index *index, graph_query *query, const void *payload,
                  size_t dim, size_t count)
{
    way ways[WAYS] = {{NULL, NULL, NULL, NULL, NULL, 0, 0}};
    plurum_status status = PLURUM_OK;
    for (int w = 0; w < GRAPH_EFS && !status; w++)
        status = begin(&ways[w], &out->ef[w], EFS[w], NULL, count);
    for (int f = 0; f < GRAPH_FILTERS && !status; f++)
        status = begin(&ways[GRAPH_EFS + f], &out->filter[f], 0, TAGS[f].name, count);
    int code = status ? cli_no_memory() : measure(ways, index, query, payload, dim, count);
    for (int w = 0; w < WAYS; w++) {
        plurum_weights_free(ways[w].weights);
        free(ways[w].exact);
        free(ways[w].graph);
    }
    return code;
}

/* ---- telling ---- */

static void print_row(const char *name, const graph_row *r)
{
    printf("    %-24s %8.2f %8.2f %8.2f %8.4f", name, r->exact_ms, r->graph_ms, r->graph_ms_95, r->recall);
    printf(r->fewer ? "   fewer %lu times\n" : "\n", r->fewer);
}

void graph_print(const graph_speed *g)
{
    char name[32];
    printf("  graphs        %10.1f busy s to build, %.1f MiB of memory meanwhile; %" PRIu64
           " segments, %.1f MiB of files\n", g->build_s, g->build_mib, g->stats.segments,
           (double)g->stats.segment_bytes / 1048576.0);
    puts("  the vector leg, busy ms         scan    graph     95 %   recall@10");
    for (int i = 0; i < GRAPH_EFS; i++) {
        snprintf(name, sizeof name, "ef %d", EFS[i]);
        print_row(name, &g->ef[i]);
    }
    for (int i = 0; i < GRAPH_FILTERS; i++) {
        snprintf(name, sizeof name, "allowed: %g %%", (double)TAGS[i].of_1000 / 10.0);
        print_row(name, &g->filter[i]);
    }
}

static json_t *json_row(const char *name, double value, const graph_row *r)
{
    return json_pack("{s:f, s:f, s:f, s:f, s:f, s:I}", name, value, "exact_ms", r->exact_ms,
                     "graph_ms", r->graph_ms, "graph_95_ms", r->graph_ms_95, "recall_10", r->recall,
                     "fewer", (json_int_t)r->fewer);
}

json_t *graph_json(const graph_speed *g)
{
    return json_pack("[{s:f, s:f, s:I, s:f}]", "build_s", g->build_s, "build_memory_mib",
                     g->build_mib, "segments", (json_int_t)g->stats.segments, "file_mib",
                     (double)g->stats.segment_bytes / 1048576.0);
}

json_t *graph_json_efs(const graph_speed *g)
{
    json_t *rows = json_array();
    for (int i = 0; i < GRAPH_EFS; i++)
        json_array_append_new(rows, json_row("ef", EFS[i], &g->ef[i]));
    return rows;
}

json_t *graph_json_filters(const graph_speed *g)
{
    json_t *rows = json_array();
    for (int i = 0; i < GRAPH_FILTERS; i++)
        json_array_append_new(rows, json_row("allowed", (double)TAGS[i].of_1000 / 1000.0, &g->filter[i]));
    return rows;
}
