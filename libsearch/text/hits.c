/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The k best scores by a heap whose root is the worst of them. Nearly all scores end at one
 * comparison with it.
 */
#include <config.h>

#include "text/hits.h"

#include <stdlib.h>

#include "base/alloc.h"

/* Whether a is a worse hit than b. */
static int is_worse(const pli_text_hit *a, const pli_text_hit *b)
{
    return a->score != b->score ? a->score < b->score : a->id > b->id;
}

static int compare_hits(const void *a, const void *b)
{
    return is_worse(a, b) ? 1 : is_worse(b, a) ? -1 : 0;
}

/* Puts a hit in the place of the worst, which a heap has at its root. */
static void replace_worst(pli_text_hit *heap, size_t count, pli_text_hit hit)
{
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= count) break;
        if (child + 1 < count && is_worse(&heap[child + 1], &heap[child])) child++;
        if (!is_worse(&heap[child], &hit)) break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = hit;
}

static void push_hit(pli_text_hit *heap, size_t count, pli_text_hit hit)
{
    size_t i = count;
    for (; i > 0 && is_worse(&hit, &heap[(i - 1) / 2]); i = (i - 1) / 2)
        heap[i] = heap[(i - 1) / 2];
    heap[i] = hit;
}

pli_text_hit *pli_best_hits(const double *scores, uint32_t bound, size_t k, size_t *count)
{
    *count = 0;
    pli_text_hit *hits = pli_reallocarray(NULL, k, sizeof *hits);
    if (!hits || k == 0) return hits;
    size_t found = 0;
    double floor = 0; /* what a hit must exceed: of equal ones the lower id, seen first, stays */
    for (uint32_t id = 0; id < bound; id++) {
        if (!(scores[id] > floor)) continue;
        pli_text_hit hit = {id, scores[id]};
        if (found < k) {
            push_hit(hits, found++, hit);
        } else {
            replace_worst(hits, k, hit);
        }
        if (found == k) floor = hits[0].score;
    }
    qsort(hits, found, sizeof *hits, compare_hits);
    *count = found;
    return hits;
}
