/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of internal ids below a bound, one bit each.
 */
#ifndef PLI_BASE_BITMAP_H
#define PLI_BASE_BITMAP_H

#include <stdint.h>
#include <stdlib.h>

#include "base/alloc.h"

typedef struct pli_bitmap {
    uint64_t *words;
    uint32_t bound; /* ids are below it          */
    uint32_t count; /* bits set, kept by the setter */
} pli_bitmap;

static inline int pli_bitmap_init(pli_bitmap *bitmap, uint32_t bound)
{
    bitmap->words = pli_calloc((size_t)bound / 64 + 1, sizeof *bitmap->words);
    bitmap->bound = bound;
    bitmap->count = 0;
    return bitmap->words ? 0 : -1;
}

static inline void pli_bitmap_free(pli_bitmap *bitmap)
{
    pli_free(bitmap->words);
    bitmap->words = NULL;
}

static inline int pli_bitmap_has(const pli_bitmap *bitmap, uint32_t id)
{
    return id < bitmap->bound && (bitmap->words[id / 64] >> (id % 64) & 1);
}

/* id must be below the bound */
static inline void pli_bitmap_add(pli_bitmap *bitmap, uint32_t id)
{
    uint64_t bit = (uint64_t)1 << (id % 64);
    bitmap->count += !(bitmap->words[id / 64] & bit);
    bitmap->words[id / 64] |= bit;
}

/* The first member at or after id, or the bound when there is none. */
static inline uint32_t pli_bitmap_next(const pli_bitmap *bitmap, uint32_t id)
{
    if (id >= bitmap->bound) return bitmap->bound;
    size_t word = id / 64;
    uint64_t left = bitmap->words[word] >> (id % 64) << (id % 64);
    while (!left) {
        if (++word > (bitmap->bound - 1) / 64) return bitmap->bound;
        left = bitmap->words[word];
    }
    uint32_t found = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(left);
    return found < bitmap->bound ? found : bitmap->bound;
}

#endif
