/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Selection without a worst case. The k-th largest score is found digit by digit, as in a radix
 * sort: three counting passes, whatever the order and however many ties (a quickselect is faster
 * by a hair on random scores and quadratic on the wrong ones). The best hits are kept in a bounded
 * heap, sorted in place at the end; no call of qsort, whose glibc version takes heap memory.
 */
#include <config.h>

#include "vector/select.h"

#include <string.h>

/* A number that orders as the float does: negative ones have all bits turned, others the sign. */
static uint32_t key_of(float score)
{
    uint32_t bits;
    memcpy(&bits, &score, sizeof bits);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

static float score_of(uint32_t key)
{
    uint32_t bits = key & 0x80000000u ? key & 0x7FFFFFFFu : ~key;
    float score;
    memcpy(&score, &bits, sizeof score);
    return score;
}

float pli_kth_largest(const float *scores, size_t count, size_t k)
{
    enum { PASSES = 3, DIGIT = 11 };
    static const unsigned shifts[PASSES] = {21, 10, 0};
    static const unsigned widths[PASSES] = {DIGIT, DIGIT, 10};
    uint32_t found = 0, known = 0; /* digits found so far, and the bits that they occupy */
    for (int pass = 0; pass < PASSES; pass++) {
        uint32_t counts[1 << DIGIT] = {0}; /* ids are u32, so no count overflows */
        uint32_t digits = ((uint32_t)1 << widths[pass]) - 1;
        for (size_t i = 0; i < count; i++) {
            uint32_t key = key_of(scores[i]);
            if ((key & known) == found) counts[key >> shifts[pass] & digits]++;
        }
        uint32_t digit = digits;
        while (digit > 0 && counts[digit] < k) k -= counts[digit--];
        found |= digit << shifts[pass];
        known |= digits << shifts[pass];
    }
    return score_of(found);
}

static int is_better(pli_vector_hit a, pli_vector_hit b)
{
    return a.cosine > b.cosine || (a.cosine == b.cosine && a.id < b.id);
}

/* Lets a hit sink from slot `at` of a heap of `count` until none below it is worse. */
static void sink(pli_vector_hit *heap, size_t count, size_t at, pli_vector_hit hit)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count) break;
        if (child + 1 < count && is_better(heap[child], heap[child + 1])) child++;
        if (!is_better(hit, heap[child])) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = hit;
}

void pli_best_offer(pli_best *best, pli_vector_hit hit)
{
    if (best->count < best->room) {
        size_t at = best->count++;
        while (at > 0 && is_better(best->hits[(at - 1) / 2], hit)) {
            best->hits[at] = best->hits[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        best->hits[at] = hit;
    } else if (best->room > 0 && is_better(hit, best->hits[0])) {
        sink(best->hits, best->count, 0, hit);
    }
}

void pli_best_sort(pli_best *best)
{
    for (size_t left = best->count; left > 1; left--) {
        pli_vector_hit worst = best->hits[0];
        sink(best->hits, left - 1, 0, best->hits[left - 1]);
        best->hits[left - 1] = worst;
    }
}
