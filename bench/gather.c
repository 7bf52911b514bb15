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
    if (!g->queries) return cli_no_memory();
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

/* The query's candidates; *out is the caller's. */
static int search_one(plurum_replay **out, const gathered *g, size_t i, const plurum_weights *weights)
{
    plurum_error error;
    plurum_results *results;
    plurum_query query;
    size_t place = g->queries[i];
    plurum_query_init(&query);
    query.limit = 1;
    query.bodies = 0;
    query.trace = 1;
    query.weights = weights;
    query.text = g->data.queries[place].text;
    query.text_len = strlen(query.text);
    if (g->data.query_vectors.values) {
        query.dim = g->data.query_vectors.dim;
        query.vector = g->data.query_vectors.values + place * query.dim;
    }
    if (plurum_search(&results, g->scratch.index, &query, &error)) return cli_failed(NULL, &error);
    plurum_status status = plurum_replay_take(out, results, &error);
    plurum_results_free(results);
    return status ? cli_failed(NULL, &error) : 0;
}

int gather_score(double *out, const gathered *g, size_t i, plurum_weights *const *weights,
                 size_t count, metric which)
{
    enum { MOST = 2 * PLURUM_LIMIT_MAX };
    const char *ids[MOST];
    plurum_error error;
    plurum_replay *replay = NULL;
    size_t judged_count;
    const judgement *judged =
        qrels_of(&g->data.judged, g->data.queries[g->queries[i]].id, &judged_count);
    int code = search_one(&replay, g, i, weights[0]);
    for (size_t s = 0; s < count && !code; s++) {
        double metrics[METRIC_COUNT];
        if (plurum_replay_rank(replay, weights[s], &error)) {
            code = cli_failed(NULL, &error);
            break;
        }
        size_t hits = plurum_replay_count(replay);
        for (size_t h = 0; h < hits; h++) ids[h] = plurum_replay_hit(replay, h)->key;
        metrics_of(metrics, ids, hits, judged, judged_count);
        out[s] = metrics[which];
    }
    plurum_replay_free(replay);
    return code;
}

void gather_close(gathered *g)
{
    free(g->queries);
    scratch_free(&g->scratch);
    collection_free(&g->data);
    memset(g, 0, sizeof *g);
}
