/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drawing the sample. The hash is Murmur3's 32-bit finaliser, which is a bijection: no two ids
 * share one, so the order needs no ties.
 */
#include <config.h>

#include "engine/view/background.h"

#include <math.h>
#include <string.h>

static uint32_t hash(uint32_t x)
{
    x = (x ^ x >> 16) * 0x85EBCA6Bu;
    x = (x ^ x >> 13) * 0xC2B2AE35u;
    return x ^ x >> 16;
}

/* The first place whose hash is not below that of id. */
static uint32_t place_of(const pli_background *b, uint32_t id)
{
    uint32_t low = 0, high = b->count, wanted = hash(id);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (hash(b->ids[middle]) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void pli_background_add(pli_background *b, uint32_t id)
{
    uint32_t at = place_of(b, id);
    if (at == PLI_BACKGROUND_MAX || (at < b->count && b->ids[at] == id)) return;
    if (b->count < PLI_BACKGROUND_MAX) b->count++;
    memmove(b->ids + at + 1, b->ids + at, (b->count - at - 1) * sizeof *b->ids);
    b->ids[at] = id;
}

int pli_background_has(const pli_background *b, uint32_t id)
{
    uint32_t at = place_of(b, id);
    return at < b->count && b->ids[at] == id;
}

void pli_background_draw(pli_background *b, const pli_bitmap *live, const pli_flat *vectors)
{
    b->count = 0;
    for (uint32_t id = pli_bitmap_next(live, 0); id < live->bound;
         id = pli_bitmap_next(live, id + 1))
        if (pli_flat_has(vectors, id)) pli_background_add(b, id);
}

void pli_background_cosines(double *mean, double *sd, const pli_background *b,
                            const pli_flat *vectors, const float *query)
{
    double cosines[PLI_BACKGROUND_MAX], sum = 0.0;
    pli_flat_cosines(cosines, vectors, b->ids, b->count, query);
    *mean = *sd = 0.0;
    if (!b->count) return;
    for (uint32_t i = 0; i < b->count; i++) sum += cosines[i];
    *mean = sum / b->count;
    sum = 0.0;
    for (uint32_t i = 0; i < b->count; i++) sum += (cosines[i] - *mean) * (cosines[i] - *mean);
    *sd = sqrt(sum / b->count);
}
