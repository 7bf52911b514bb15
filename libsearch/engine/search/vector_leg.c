/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vector leg over segments.
 *
 * A graph is searched where enough of its documents are allowed: the fewer, the further its search
 * walks, while a scan gets shorter. Whatever is not answered by a graph is scanned: documents that
 * no segment holds, segments with few allowed, and a segment whose graph found fewer than asked
 * although there are more. Cosines are those of the exact scan, computed by the same loop, so a
 * graph can only leave somebody out.
 */
#include <config.h>

#include "engine/search/vector_leg.h"

#include <string.h>

#include "base/error.h"
#include "vector/select.h"

/* Measured at 100,000 × 384: docs/decisions/0005. */
#define GRAPH_SHARE 0.2
enum { GRAPH_K_MOST = 2000 }; /* to find more, a graph's search walks as far as a scan does */

typedef struct leg {
    pli_snapshot *snapshot;
    const pli_vector_ask *ask;
    size_t ef;
    int by_graphs;
    pli_bitmap rest; /* allowed, and not answered for yet */
    pli_best best;
    uint32_t *found;
    double *cosines; /* of those found */
} leg;

/* To find all that are allowed, a graph is walked through: scanning these few is less. */
static int is_worth_it(const leg *l, const pli_segment *segment, uint32_t overlap)
{
    return overlap > l->ef && overlap >= GRAPH_SHARE * segment->facts.count;
}

static void remove_members(pli_bitmap *rest, const pli_segment *segment, uint32_t overlap)
{
    const pli_bitmap *members = &segment->members;
    uint32_t bound = members->bound < rest->bound ? members->bound : rest->bound;
    for (size_t word = segment->facts.first_id / 64; word <= (bound - 1) / 64; word++)
        rest->words[word] &= ~members->words[word];
    rest->count -= overlap;
}

static plurum_status search_segment(leg *l, const pli_segment *segment, uint32_t overlap,
                                    plurum_error *error)
{
    const pli_flat *flat = l->snapshot->index->vectors;
    size_t count, visited;
    plurum_status status = pli_segment_search(l->found, &count, &visited, segment, &l->rest,
                                              l->ask->query, l->ef, error);
    if (status || count < l->ask->k) return status; /* more are allowed: then it is scanned */
    pli_flat_cosines(l->cosines, flat, l->found, count, l->ask->query);
    for (size_t i = 0; i < count; i++)
        pli_best_offer(&l->best, (pli_vector_hit){l->found[i], l->cosines[i]});
    remove_members(&l->rest, segment, overlap);
    l->by_graphs = 1;
    return PLURUM_OK;
}

static plurum_status search_graphs(leg *l, const pli_segment_set *set, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < set->count && !status; i++) {
        const pli_segment *segment = set->segments[i]->segment;
        uint32_t overlap = pli_segment_overlap(segment, &l->rest);
        if (is_worth_it(l, segment, overlap)) status = search_segment(l, segment, overlap, error);
    }
    return status;
}

static plurum_status scan_rest(leg *l, plurum_error *error)
{
    pli_vector_hit *hits;
    size_t count;
    plurum_status status = pli_flat_search(&hits, &count, l->snapshot->index->vectors, &l->rest,
                                           l->ask->query, l->ask->k, error);
    for (size_t i = 0; i < count; i++) pli_best_offer(&l->best, hits[i]);
    pli_free(hits);
    return status;
}

static int make_room(leg *l, const pli_bitmap *allowed)
{
    size_t room = l->ask->k < allowed->count ? l->ask->k : allowed->count;
    l->best.room = room;
    l->best.hits = pli_reallocarray(NULL, room, sizeof *l->best.hits);
    l->found = pli_reallocarray(NULL, l->ef, sizeof *l->found);
    l->cosines = pli_reallocarray(NULL, l->ef, sizeof *l->cosines);
    if (!l->best.hits || !l->found || !l->cosines || pli_bitmap_init(&l->rest, allowed->bound)) return -1;
    memcpy(l->rest.words, allowed->words, ((size_t)allowed->bound / 64 + 1) * sizeof(uint64_t));
    l->rest.count = allowed->count;
    return 0;
}

static plurum_status search_all(leg *l, const pli_segment_set *set, const pli_bitmap *allowed,
                                plurum_error *error)
{
    plurum_status status = make_room(l, allowed) ? pli_nomem(error) : PLURUM_OK;
    if (!status) status = search_graphs(l, set, error);
    if (!status) status = scan_rest(l, error);
    if (!status) pli_best_sort(&l->best);
    pli_bitmap_free(&l->rest);
    pli_free(l->found);
    pli_free(l->cosines);
    return status;
}

plurum_status pli_vector_leg(pli_vector_hit **hits, size_t *hit_count, int *by_graphs,
                             pli_snapshot *snapshot, const pli_bitmap *allowed,
                             const pli_vector_ask *ask, plurum_error *error)
{
    plurum_index *index = snapshot->index;
    *by_graphs = 0;
    leg l = {.snapshot = snapshot, .ask = ask, .ef = ask->ef > ask->k ? ask->ef : ask->k};
    int usable = !ask->exact && ask->k > 0 && ask->k <= GRAPH_K_MOST && allowed->count > 0;
    pli_segment_set *set = usable ? pli_segments_at(index, snapshot->txn) : NULL;
    if (!set || !set->count) {
        pli_segment_set_unref(set);
        return pli_flat_search(hits, hit_count, index->vectors, allowed, ask->query, ask->k, error);
    }
    plurum_status status = search_all(&l, set, allowed, error);
    pli_segment_set_unref(set);
    if (status) pli_free(l.best.hits);
    *hits = status ? NULL : l.best.hits;
    *hit_count = status ? 0 : l.best.count;
    *by_graphs = l.by_graphs;
    return status;
}

plurum_status pli_vector_leg_of(pli_vector_hit **hits, size_t *hit_count, pli_snapshot *snapshot,
                                const pli_bitmap *allowed, const float *query, const uint32_t *ids,
                                size_t count, plurum_error *error)
{
    const pli_flat *flat = snapshot->index->vectors;
    pli_best best = {NULL, 0, count};
    *hits = best.hits = pli_reallocarray(NULL, count, sizeof *best.hits);
    *hit_count = 0;
    if (!best.hits) return pli_nomem(error);
    for (size_t i = 0; i < count; i++)
        if (pli_bitmap_has(allowed, ids[i]) && pli_flat_has(flat, ids[i]))
            pli_best_offer(&best, (pli_vector_hit){ids[i], pli_flat_cosine(flat, ids[i], query)});
    pli_best_sort(&best);
    *hit_count = best.count;
    return PLURUM_OK;
}
