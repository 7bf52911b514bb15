/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world of a loop: a judged collection, every query's candidates with their scores, and hidden
 * rates of success drawn per seed. Where the environment matters, half of the documents work in one of
 * two systems, and elsewhere a tenth as often.
 */
#include <config.h>

#include "bench/loop.h"
#include "bench/random.h"
#include "bench/rates.h"
#include "tools/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HOLD_OUT = 5 }; /* every fifth query is not asked */

uint64_t loop_state(uint64_t seed, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t state = seed;
    const uint64_t parts[] = {a, b, c};
    for (int i = 0; i < 3; i++) {
        state ^= parts[i];
        state = next_random(&state);
    }
    return state;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const loop_key *)a)->key, ((const loop_key *)b)->key);
}

static int sort_keys(loop_world *w)
{
    size_t n = w->data.document_count;
    w->keys = malloc((n + 1) * sizeof *w->keys);
    if (!w->keys) return cli_no_memory();
    for (size_t i = 0; i < n; i++)
        w->keys[i] = (loop_key){w->data.documents[i].id, (uint32_t)i};
    qsort(w->keys, n, sizeof *w->keys, by_key);
    return 0;
}

uint32_t loop_document(const loop_world *w, const char *key)
{
    const loop_key wanted = {.key = key};
    const loop_key *found =
        bsearch(&wanted, w->keys, w->data.document_count, sizeof *w->keys, by_key);
    return found ? found->document : UINT32_MAX;
}

/* Ranks one query as the engine does without trust, by both fusions that formulas need. */
static int fill_rows(loop_world *w, loop_query *q, plurum_index *index, plurum_weights *weights)
{
    static const char *const FUSIONS[] = {"rrf", "adaptive"};
    plurum_query query;
    plurum_results *results;
    plurum_error error;
    plurum_query_init(&query);
    query.text = w->data.queries[q->number].text;
    query.text_len = strlen(query.text);
    query.limit = PLURUM_LIMIT_MAX;
    query.bodies = 0;
    query.weights = weights;
    if (w->vectors) {
        query.dim = w->data.query_vectors.dim;
        query.vector = w->data.query_vectors.values + q->number * query.dim;
    }
    double *rrf = calloc(w->data.document_count, sizeof *rrf);
    if (!rrf) return cli_no_memory();
    for (int f = 0; f < 2; f++) {
        plurum_weights_set_text(weights, "fusion", FUSIONS[f], NULL);
        if (plurum_search(&results, index, &query, &error)) {
            free(rrf);
            return cli_failed(NULL, &error);
        }
        size_t n = plurum_results_count(results);
        if (f == 1) q->rows = calloc(n + 1, sizeof *q->rows);
        for (size_t i = 0; i < n; i++) {
            const plurum_hit *h = plurum_results_hit(results, i);
            uint32_t document = loop_document(w, h->key);
            if (f == 0) rrf[document] = h->relevance;
            else if (q->rows)
                q->rows[q->row_count++] = (loop_row){document, h->relevance, rrf[document],
                                                     h->text_score, h->cosine};
        }
        plurum_results_free(results);
    }
    free(rrf);
    return q->rows ? 0 : cli_no_memory();
}

static int fill_queries(loop_world *w, plurum_index *index)
{
    plurum_weights *weights;
    plurum_error error;
    if (plurum_weights_new(&weights, &error)) return cli_failed(NULL, &error);
    plurum_weights_set(weights, "floor", 1.0, NULL);
    int code = 0;
    for (size_t i = 0; i < w->data.query_count && !code; i++) {
        loop_query q = {.number = i, .held_out = w->query_count % HOLD_OUT == HOLD_OUT - 1};
        q.judged = qrels_of(&w->data.judged, w->data.queries[i].id, &q.judged_count);
        if (!q.judged_count) continue;
        code = fill_rows(w, &q, index, weights);
        w->queries[w->query_count++] = q;
    }
    plurum_weights_free(weights);
    return code;
}

int loop_world_load(loop_world *w, const char *folder, int vectors)
{
    scratch_index scratch = {0};
    memset(w, 0, sizeof *w);
    w->vectors = vectors;
    int code = collection_load(&w->data, folder, vectors);
    if (!code) code = sort_keys(w);
    w->queries = calloc(w->data.query_count + 1, sizeof *w->queries);
    w->rate = calloc(w->data.document_count + 1, sizeof *w->rate);
    w->home = calloc(w->data.document_count + 1, sizeof *w->home);
    if (!code && (!w->queries || !w->rate || !w->home)) code = cli_no_memory();
    if (!code) code = scratch_make(&scratch, &w->data, vectors, MODEL_STATIC);
    if (!code) code = scratch_load(&scratch, &w->data, vectors);
    if (!code) code = fill_queries(w, scratch.index);
    scratch_free(&scratch);
    return code;
}

void loop_world_free(loop_world *w)
{
    for (size_t i = 0; i < w->query_count; i++) free(w->queries[i].rows);
    free(w->queries);
    free(w->keys);
    free(w->rate);
    free(w->home);
    collection_free(&w->data);
}

unsigned char loop_system(unsigned agent)
{
    return (unsigned char)(1 + agent % 2);
}

void loop_environment(char out[LOOP_ENVIRONMENT_SIZE], unsigned agent)
{
    snprintf(out, LOOP_ENVIRONMENT_SIZE, "{\"os\":\"%s\",\"runtime\":%u}",
             loop_system(agent) == 1 ? "linux" : "windows", agent / 2 % 3);
}

void loop_world_draw(loop_world *w, uint64_t seed, loop_scenario scenario)
{
    w->seed = seed;
    w->scenario = scenario;
    for (size_t d = 0; d < w->data.document_count; d++) w->rate[d] = NAN;
    for (size_t i = 0; i < w->data.judged.count; i++) {
        const judgement *j = &w->data.judged.items[i];
        uint32_t d = j->grade > 0 ? loop_document(w, j->document) : UINT32_MAX;
        if (d == UINT32_MAX) continue;
        uint64_t state = loop_state(seed, 1, d, 0), place = loop_state(seed, 5, d, 0);
        double side = next_unit(&place);
        w->home[d] = scenario != LOOP_ENVIRONMENT || side < 0.5 ? 0 : side < 0.75 ? 1 : 2;
        w->rate[d] = draw_rate(&state);
    }
}
