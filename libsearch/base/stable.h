/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An array that grows without moving: addresses of items stay valid until it is freed.
 *
 * Block b holds 1024 << b items, so 22 blocks cover PLI_STABLE_ITEMS indices and an index is found
 * with one count of leading zeros. One thread appends; others may read items whose index they learned
 * through a lock or another release/acquire pair, without any lock of their own.
 */
#ifndef PLI_BASE_STABLE_H
#define PLI_BASE_STABLE_H

#include <stdint.h>

#include "base/alloc.h"

enum { PLI_STABLE_BLOCKS = 22, PLI_STABLE_SHIFT = 10 };
#define PLI_STABLE_ITEMS (UINT32_MAX - (1u << PLI_STABLE_SHIFT) + 1) /* 2^32 - 1024 */

typedef struct pli_stable {
    size_t item_size;
    unsigned char *blocks[PLI_STABLE_BLOCKS];
} pli_stable;

/* The block of index i, and in *first the index that the block begins with. */
static inline unsigned pli_stable_block(uint32_t i, uint64_t *first)
{
    uint64_t shifted = ((uint64_t)i >> PLI_STABLE_SHIFT) + 1;
    unsigned block = 63u - (unsigned)__builtin_clzll(shifted);
    *first = (((uint64_t)1 << block) - 1) << PLI_STABLE_SHIFT;
    return block;
}

/* Items in a block. */
static inline uint64_t pli_stable_block_items(unsigned block)
{
    return (uint64_t)1 << (block + PLI_STABLE_SHIFT);
}

/* The item at i, which pli_stable_reserve has made room for. */
static inline void *pli_stable_at(const pli_stable *array, uint32_t i)
{
    uint64_t first;
    unsigned block = pli_stable_block(i, &first);
    return array->blocks[block] + (i - first) * array->item_size;
}

/* Room for index i, zeroed: the item's address, or NULL when memory is short. */
static inline void *pli_stable_reserve(pli_stable *array, uint32_t i)
{
    uint64_t first;
    unsigned block = pli_stable_block(i, &first);
    if (!array->blocks[block]) {
        array->blocks[block] = pli_calloc(pli_stable_block_items(block), array->item_size);
        if (!array->blocks[block]) return NULL;
    }
    return array->blocks[block] + (i - first) * array->item_size;
}

static inline void pli_stable_free(pli_stable *array)
{
    for (unsigned b = 0; b < PLI_STABLE_BLOCKS; b++) {
        pli_free(array->blocks[b]);
        array->blocks[b] = NULL;
    }
}

#endif
