/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Candidates of a collection's queries.
 */
#include <config.h>

#include "bench/gather.h"

#include <stdlib.h>
#include <string.h>

#include "bench/random.h"

static int ascending(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

static int choose_queries(gathered *g, size_t most, uint64_t seed)
{
    size_t n = 0, judged;
    g->queries = calloc(g->data.query_count + 1, sizeof *g->queries);
    g->replays = calloc(g->data.query_count + 1, sizeof *g->replays);
    if (!g->queries || !g->replays) return cli_no_memory();
    for (size_t i = 0; i < g->data.query_count; i++) {
        qrels_of(&g->data.judged, g->data.queries[i].id, &judged);
        if (judged) g->queries[n++] = i;
    }
    if (!n) return cli_error(EXIT_INPUT, "%s: no query has a judgement", g->data.name);
    for (size_t i = 0; i < most && n > most; i++) { /* the first of a shuffle */
        size_t j = i + (size_t)(next_random(&seed) % (n - i)), other = g->queries[i];
        g->queries[i] = g->queries[j];
        g->queries[j] = other;
    }
    g->count = n < most ? n : most;
    qsort(g->queries, g->count, sizeof *g->queries, ascending);
    return 0;
}

int gather_open(gathered *g, const char *folder, int vectors, int model, size_t most, uint64_t seed)
{
    memset(g, 0, sizeof *g);
    int code = collection_load(&g->data, folder, vectors);
    if (!code) code = choose_queries(g, most, seed);
    if (!code) code = scratch_make(&g->scratch, &g->data, vectors, model);
    if (!code) code = scratch_load(&g->scratch, &g->data, vectors);
    return code;
}

static void free_replays(gathered *g)
{
    for (size_t i = 0; i < g->count && g->replays; i++) {
        plurum_replay_free(g->replays[i]);
        g->replays[i] = NULL;
    }
}

static int search_one(gathered *g, plurum_query *query, size_t i)
{
    plurum_error error;
    plurum_results *results;
    size_t place = g->queries[i];
    query->text = g->data.queries[place].text;
    query->text_len = strlen(query->text);
    if (g->data.query_vectors.values) {
        query->dim = g->data.query_vectors.dim;
        query->vector = g->data.query_vectors.values + place * query->dim;
    }
    if (plurum_search(&results, g->scratch.index, query, &error)) return cli_failed(NULL, &error);
    plurum_status status = plurum_replay_take(&g->replays[i], results, &error);
    plurum_results_free(results);
    return status ? cli_failed(NULL, &error) : 0;
}

int gather_search(gathered *g, const plurum_weights *weights)
{
    plurum_query query;
    int code = 0;
    free_replays(g);
    plurum_query_init(&query);
    query.limit = 1;
    query.bodies = 0;
    query.trace = 1;
    query.weights = weights;
    for (size_t i = 0; i < g->count && !code; i++) code = search_one(g, &query, i);
    return code;
}

int gather_score(double *out, const gathered *g, const plurum_weights *weights, metric which)
{
    enum { MOST = 2 * PLURUM_LIMIT_MAX };
    static const char *ids[MOST];
    plurum_error error;
    for (size_t i = 0; i < g->count; i++) {
        double metrics[METRIC_COUNT];
        size_t judged_count, count;
        const judgement *judged =
            qrels_of(&g->data.judged, g->data.queries[g->queries[i]].id, &judged_count);
        if (plurum_replay_rank(g->replays[i], weights, &error)) return cli_failed(NULL, &error);
        count = plurum_replay_count(g->replays[i]);
        for (size_t h = 0; h < count; h++) ids[h] = plurum_replay_hit(g->replays[i], h)->key;
        metrics_of(metrics, ids, count, judged, judged_count);
        out[i] = metrics[which];
    }
    return 0;
}

void gather_close(gathered *g)
{
    free_replays(g);
    free(g->replays);
    free(g->queries);
    scratch_free(&g->scratch);
    collection_free(&g->data);
    memset(g, 0, sizeof *g);
}
