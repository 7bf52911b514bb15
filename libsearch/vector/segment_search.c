/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searching a segment: from the entry down to the ground floor by the shortest way, then best first.
 *
 * The search keeps the ef best documents that are allowed, of those with the same vector the ones with
 * the lowest ids, and walks through all nodes, whether
 * allowed or not: a filter and deletions leave no gaps in the graph. It ends when the best node not
 * yet looked at is worse than the worst kept, so the fewer are allowed, the further it walks;
 * whoever asks scans instead where few are.
 */
#include <config.h>

#include "vector/segment.h"

#include <string.h>

#include "base/error.h"
#include "vector/kernel.h"

typedef struct node {
    float score;
    uint32_t at;
} node;

/* A heap with the best node on top, or with the worst (sign −1). */
typedef struct heap {
    node *nodes;
    size_t count, cap;
    float sign;
} heap;

typedef struct search {
    const pli_segment *segment;
    const pli_bitmap *allowed;
    const float *query;
    pli_kernel *product;
    uint64_t *seen;
    heap open; /* not yet looked at, best on top */
    heap kept; /* documents, worst on top        */
    size_t ef, visited;
} search;

static int is_above(const heap *h, node a, node b)
{
    return h->sign * a.score > h->sign * b.score;
}

static int push(heap *h, node n)
{
    if (pli_grow(&h->nodes, &h->cap, h->count, sizeof *h->nodes)) return -1;
    size_t at = h->count++;
    while (at > 0 && is_above(h, n, h->nodes[(at - 1) / 2])) {
        h->nodes[at] = h->nodes[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    h->nodes[at] = n;
    return 0;
}

/* Puts a node in the place of the top one. */
static void replace_top(heap *h, node n)
{
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < h->count; at = child) {
        if (child + 1 < h->count && is_above(h, h->nodes[child + 1], h->nodes[child])) child++;
        if (!is_above(h, h->nodes[child], n)) break;
        h->nodes[at] = h->nodes[child];
    }
    h->nodes[at] = n;
}

static node pop(heap *h)
{
    node top = h->nodes[0], last = h->nodes[--h->count];
    if (h->count) replace_top(h, last);
    return top;
}

static float score(search *s, uint32_t at)
{
    s->visited++;
    return s->product(s->query, s->segment->vectors + (size_t)at * s->segment->facts.dim,
                      s->segment->facts.dim);
}

/* A node's places on a floor. */
static const int32_t *places(const pli_segment *s, uint32_t at, uint32_t floor, uint32_t *count)
{
    *count = floor ? s->facts.m : 2 * s->facts.m;
    return s->neighbours + s->offsets[at] + (floor ? (uint64_t)s->facts.m * (floor + 1) : 0);
}

/* To the node of the floors above that is nearest. */
static node descend(search *s)
{
    node best = {score(s, s->segment->facts.entry), s->segment->facts.entry};
    for (uint32_t floor = s->segment->facts.max_level; floor > 0; floor--)
        for (int better = 1; better;) {
            uint32_t count;
            const int32_t *list = places(s->segment, best.at, floor, &count);
            better = 0;
            for (uint32_t i = 0; i < count && list[i] >= 0; i++) {
                node n = {score(s, (uint32_t)list[i]), (uint32_t)list[i]};
                if (n.score > best.score) best = n, better = 1;
            }
        }
    return best;
}

/* A node's documents; what is kept says where in the segment's ids they are. */
static int keep(search *s, node n)
{
    const pli_segment *segment = s->segment;
    for (uint32_t i = segment->starts[n.at]; i < segment->starts[n.at + 1]; i++) {
        if (s->kept.count >= s->ef && n.score <= s->kept.nodes[0].score) return 0;
        if (!pli_bitmap_has(s->allowed, segment->ids[i])) continue;
        node kept = {n.score, i};
        if (s->kept.count >= s->ef)
            replace_top(&s->kept, kept);
        else if (push(&s->kept, kept))
            return -1;
    }
    return 0;
}

/* Neighbours on the ground floor that were not seen before; their vectors are asked for at once. */
static uint32_t unseen(search *s, uint32_t at, uint32_t *out)
{
    uint32_t count, found = 0;
    const int32_t *list = places(s->segment, at, 0, &count);
    for (uint32_t i = 0; i < count && list[i] >= 0; i++) {
        uint32_t next = (uint32_t)list[i];
        if (s->seen[next / 64] >> (next % 64) & 1) continue;
        s->seen[next / 64] |= (uint64_t)1 << (next % 64);
        const char *vector = (const char *)(s->segment->vectors + (size_t)next * s->segment->facts.dim);
        __builtin_prefetch(vector);
        __builtin_prefetch(vector + 64);
        out[found++] = next;
    }
    return found;
}

static int look_at(search *s, uint32_t at)
{
    uint32_t next[2 * 1024]; /* m ≤ 1024, which opening checks */
    uint32_t count = unseen(s, at, next);
    for (uint32_t i = 0; i < count; i++) {
        node n = {score(s, next[i]), next[i]};
        if (s->kept.count >= s->ef && n.score <= s->kept.nodes[0].score) continue;
        if (push(&s->open, n) || keep(s, n)) return -1;
    }
    return 0;
}

static int walk(search *s)
{
    node start = descend(s);
    s->seen[start.at / 64] |= (uint64_t)1 << (start.at % 64);
    if (push(&s->open, start) || keep(s, start)) return -1;
    while (s->open.count) {
        node best = pop(&s->open);
        if (s->kept.count >= s->ef && best.score < s->kept.nodes[0].score) break;
        if (look_at(s, best.at)) return -1;
    }
    return 0;
}

plurum_status pli_segment_search(uint32_t *ids, size_t *count, size_t *visited,
                                 const pli_segment *segment, const pli_bitmap *allowed,
                                 const float *query, size_t ef, plurum_error *error)
{
    search s = {.segment = segment, .allowed = allowed, .query = query, .ef = ef};
    s.product = pli_kernel_best();
    s.open.sign = 1;
    s.kept.sign = -1;
    s.seen = pli_calloc((size_t)segment->facts.nodes / 64 + 1, sizeof *s.seen);
    int failed = !s.seen || (ef && walk(&s));
    *count = failed ? 0 : s.kept.count;
    *visited = s.visited;
    for (size_t i = 0; i < *count; i++) ids[i] = segment->ids[s.kept.nodes[i].at];
    pli_free(s.seen);
    pli_free(s.open.nodes);
    pli_free(s.kept.nodes);
    return failed ? pli_nomem(error) : PLURUM_OK;
}
