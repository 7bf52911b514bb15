/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ranking a kept query again. Candidates stay in id order, as in a search before its last sort:
 * sums over them then have the same bits. Cosines with a moved query are kept, since most sets of
 * weights that are tried in a row move it alike.
 */
#include <config.h>

#include "engine/answer/replay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/answer/results.h"
#include "rank/calibrate.h"
#include "vector/flat.h"

enum { LANES = 8 };
typedef double pair __attribute__((vector_size(2 * sizeof(double))));

void plurum_replay_free(plurum_replay *r)
{
    if (!r) return;
    for (size_t i = 0; i < r->count && r->keys; i++) pli_free(r->keys[i]);
    void *const parts[] = {r->candidates,    r->keys,        (void *)r->vectors, r->written,
                           r->written_place, r->query,       r->moved,           r->cosines,
                           r->fewer,         r->fewer_place, r->ranked,          r->hits,
                           r->name,          r->lanes};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) pli_free(parts[i]);
    pli_free(r);
}

plurum_status pli_replay_room(plurum_replay *r, size_t count, plurum_error *error)
{
    size_t room = count + 1; /* of none, too */
    r->count = count;
    r->candidates = pli_calloc(room, sizeof *r->candidates);
    r->keys = pli_calloc(room, sizeof *r->keys);
    r->vectors = pli_calloc(room, sizeof *r->vectors);
    r->fewer = pli_calloc(room, sizeof *r->fewer);
    r->fewer_place = pli_calloc(room, sizeof *r->fewer_place);
    r->ranked = pli_calloc(room, sizeof *r->ranked);
    r->hits = pli_calloc(room, sizeof *r->hits);
    r->cosines = pli_calloc(room + LANES, sizeof *r->cosines);
    r->moved = pli_calloc(r->input.dim + 1, sizeof *r->moved);
    int whole = r->candidates && r->keys && r->vectors && r->fewer && r->fewer_place && r->ranked &&
                r->hits && r->cosines && r->moved;
    return whole ? PLURUM_OK : pli_nomem(error);
}

size_t pli_replay_place(const plurum_replay *r, const pli_candidate *candidate)
{
    return candidate >= r->candidates && candidate < r->candidates + r->count
               ? (size_t)(candidate - r->candidates)
               : r->fewer_place[candidate - r->fewer];
}

/* ---- what a method asks of the vectors ---- */

static size_t place_of_id(const plurum_replay *r, uint32_t id)
{
    size_t low = 0, high = r->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->candidates[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static const float *vector_of(const void *payload, uint32_t id)
{
    const plurum_replay *r = payload;
    return r->vectors[place_of_id(r, id)];
}

/* Eight vectors side by side, number by number, so that their sums go through a register each: the
 * order within every sum is that of pli_dot, and so are the bits of the cosines. */
static plurum_status lay_side_by_side(plurum_replay *r)
{
    size_t dim = r->input.dim, blocks = (r->count + LANES - 1) / LANES;
    r->lanes = pli_calloc(blocks * dim + 1, LANES * sizeof *r->lanes);
    if (!r->lanes) return PLURUM_NOMEM;
    for (size_t i = 0; i < r->count; i++) {
        float *block = r->lanes + (i / LANES) * dim * LANES;
        for (size_t d = 0; d < dim && r->vectors[i]; d++)
            block[d * LANES + i % LANES] = r->vectors[i][d];
    }
    return PLURUM_OK;
}

static void find_cosines(plurum_replay *r)
{
    size_t dim = r->input.dim, blocks = (r->count + LANES - 1) / LANES;
    for (size_t b = 0; b < blocks; b++) {
        const float *block = r->lanes + b * dim * LANES;
        pair sum[LANES / 2] = {{0}};
        for (size_t d = 0; d < dim; d++, block += LANES) {
            pair q = {(double)r->moved[d], (double)r->moved[d]};
            for (int j = 0; j < LANES / 2; j++)
                sum[j] += q * (pair){(double)block[2 * j], (double)block[2 * j + 1]};
        }
        for (int j = 0; j < LANES; j++)
            r->cosines[b * LANES + (size_t)j] = pli_cosine(sum[j / 2][j % 2]);
    }
}

static void cosines_of(double *out, const void *payload, const uint32_t *ids, size_t count,
                       const float *query)
{
    plurum_replay *r = (plurum_replay *)(uintptr_t)payload; /* const to the method only */
    size_t size = r->input.dim * sizeof *query;
    if (!r->has_cosines || memcmp(r->moved, query, size) != 0) {
        memcpy(r->moved, query, size);
        find_cosines(r);
        r->has_cosines = 1;
    }
    for (size_t i = 0; i < count; i++) out[i] = r->cosines[place_of_id(r, ids[i])];
}

/* ---- ranking ---- */

/* What the candidates themselves depend on must be as it was. */
static plurum_status check_weights(const plurum_replay *r, const plurum_weights *weights,
                                   plurum_error *error)
{
    static const pli_weight SEARCHED[] = {PLI_W_EF,   PLI_W_K1,     PLI_W_B,   PLI_W_TITLE,
                                          PLI_W_BODY, PLI_W_LABELS, PLI_W_CODE,
                                          PLI_W_FUNCTION_WORDS};
    for (size_t i = 0; i < sizeof SEARCHED / sizeof *SEARCHED; i++) {
        double wanted = weights->value[SEARCHED[i]], was = r->weights.value[SEARCHED[i]];
        if (wanted != was)
            return pli_fail(error, PLURUM_INVALID, "%s: %g needs a search, this one was with %g",
                            plurum_weight_info_at(SEARCHED[i])->name, wanted, was);
    }
    if (weights->value[PLI_W_CANDIDATES] > (double)r->k)
        return pli_fail(error, PLURUM_INVALID,
                        "candidates: %g need a search, this one was with %u",
                        weights->value[PLI_W_CANDIDATES], (unsigned)r->k);
    if (r->input.text_active && r->input.vector_active && !r->query &&
        pli_fusion_needs_vectors(weights))
        return pli_fail(error, PLURUM_INVALID, "fusion: %s needs vectors, there are none",
                        pli_fusion_names[(size_t)weights->value[PLI_W_FUSION]]);
    return PLURUM_OK;
}

/* The candidates of legs that list k each; what a leg would not list has no rank there. */
static size_t take_fewer(plurum_replay *r, uint32_t k)
{
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++) {
        pli_candidate c = r->candidates[i];
        if (c.text_rank > k) c.text_rank = 0;
        if (c.vector_rank > k) c.vector_rank = 0;
        if (!c.text_rank && !c.vector_rank) continue;
        r->fewer_place[n] = (uint32_t)i;
        r->fewer[n++] = c;
    }
    return n;
}

static int compare(const void *a, const void *b)
{
    const pli_candidate *const *x = a, *const *y = b;
    return pli_rank_compare(*x, *y);
}

plurum_status plurum_replay_rank(plurum_replay *r, const plurum_weights *weights,
                                 plurum_error *error)
{
    plurum_status status = check_weights(r, weights, error);
    if (status) return status;
    if (r->query && !r->lanes && pli_fusion_needs_vectors(weights) && lay_side_by_side(r))
        return pli_nomem(error);
    uint32_t k = (uint32_t)weights->value[PLI_W_CANDIDATES];
    size_t count = k < r->k ? take_fewer(r, k) : r->count;
    pli_candidate *all = k < r->k ? r->fewer : r->candidates;
    for (size_t i = 0; i < count; i++) {
        pli_boost(&all[i], weights, r->noise);
        r->ranked[i] = &all[i];
    }
    pli_fusion_weigh(&r->input, weights, r->model.alpha, r->model.lean, r->model.feedback_lean);
    pli_score(all, count, &r->input);
    if (count > 1) qsort(r->ranked, count, sizeof *r->ranked, compare);
    r->ranked_count = count;
    r->calibrated = 0;
    return PLURUM_OK;
}

/* ---- keeping ---- */

static int by_id(const void *a, const void *b)
{
    const pli_candidate *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static plurum_status copy_candidates(plurum_replay *r, const pli_search *s, plurum_error *error)
{
    if (s->count) memcpy(r->candidates, s->candidates, s->count * sizeof *r->candidates);
    if (s->count > 1) qsort(r->candidates, s->count, sizeof *r->candidates, by_id);
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < r->count && !status; i++) {
        pli_doc_row row;
        pli_candidate *c = &r->candidates[i];
        status = pli_doc_get(&row, s->snapshot->txn, c->id, error);
        if (status) break;
        r->keys[i] = pli_strndup((const char *)row.key.bytes, row.key.len);
        if (!r->keys[i]) return pli_nomem(error);
        if (!isnan(c->cosine)) r->vectors[i] = pli_flat_vector(s->index->vectors, c->id);
    }
    return status;
}

plurum_status pli_replay_keep(plurum_replay **out, const pli_search *s, plurum_error *error)
{
    plurum_replay *r = pli_calloc(1, sizeof *r);
    *out = r;
    if (!r) return pli_nomem(error);
    r->weights = s->weights;
    r->weights.value[PLI_W_CANDIDATES] = s->k; /* a cursor's, on a further page */
    r->model = s->index->traits;
    r->input = s->input;
    r->seq = s->snapshot->view->seq;
    r->now = s->now;
    r->noise = pli_signal_noise(&s->snapshot->view->signal);
    r->k = s->k;
    plurum_status status = pli_replay_room(r, s->count, error);
    if (!status && s->input.query) {
        r->query = pli_memdup(s->input.query, s->input.dim * sizeof *r->query);
        if (!r->query) status = pli_nomem(error);
    }
    if (!status) status = copy_candidates(r, s, error);
    pli_replay_point(r);
    if (!status) status = plurum_replay_rank(r, &r->weights, error);
    if (!status) return PLURUM_OK;
    plurum_replay_free(r);
    *out = NULL;
    return status;
}

void pli_replay_point(plurum_replay *r)
{
    r->input.query = r->query;
    r->input.vector = vector_of;
    r->input.cosines = cosines_of;
    r->input.payload = r;
}

plurum_status plurum_replay_take(plurum_replay **out, plurum_results *results, plurum_error *error)
{
    *out = results->replay;
    results->replay = NULL;
    return *out ? PLURUM_OK : pli_fail(error, PLURUM_ARG, "results: the query was without a trace");
}

/* ---- reading ---- */

size_t plurum_replay_count(const plurum_replay *r)
{
    return r->ranked_count;
}

const plurum_hit *plurum_replay_hit(plurum_replay *r, size_t i)
{
    if (i >= r->ranked_count) return NULL;
    const pli_candidate *c = r->ranked[i];
    if (!r->calibrated) /* no score asks for it, so rankings alone do without */
        pli_calibrate(c >= r->candidates && c < r->candidates + r->count ? r->candidates : r->fewer,
                      r->ranked_count, &r->input);
    r->calibrated = 1;
    r->hits[i] = (plurum_hit){.key = r->keys[pli_replay_place(r, c)],
                              .short_id = "",
                              .id = c->id,
                              .score = c->score,
                              .relevance = c->relevance,
                              .relevant = c->relevant,
                              .similarity = c->similarity,
                              .text_score = c->text,
                              .cosine = c->cosine,
                              .text_rank = c->text_rank,
                              .vector_rank = c->vector_rank,
                              .trust = &c->trust,
                              .explain = &c->explain};
    return &r->hits[i];
}

int plurum_replay_agrees(plurum_replay *r)
{
    if (plurum_replay_rank(r, &r->weights, NULL)) return 0;
    for (size_t i = 0; i < r->ranked_count; i++) {
        size_t place = pli_replay_place(r, r->ranked[i]);
        if (!r->written || r->written_place[place] != i ||
            memcmp(&r->written[place], &r->ranked[i]->score, sizeof *r->written) != 0)
            return 0;
    }
    return 1;
}

const char *plurum_replay_name(const plurum_replay *r)
{
    return r->name ? r->name : "";
}

uint64_t plurum_replay_seq(const plurum_replay *r)
{
    return r->seq;
}

int64_t plurum_replay_now(const plurum_replay *r)
{
    return r->now;
}

const plurum_weights *plurum_replay_weights(const plurum_replay *r)
{
    return &r->weights;
}

size_t plurum_replay_dim(const plurum_replay *r)
{
    return r->query ? r->input.dim : 0;
}

const float *plurum_replay_query(const plurum_replay *r)
{
    return r->query;
}

const float *plurum_replay_vector(const plurum_replay *r, size_t i)
{
    return i < r->ranked_count ? r->vectors[pli_replay_place(r, r->ranked[i])] : NULL;
}
