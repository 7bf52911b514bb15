/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vectors of one model by internal id, and where they lie: rows in blocks that never move, or
 * wherever their owner keeps them, and one flag an id that says which. Scanning them is scan.c's part.
 *
 * What readers touch without a lock: flags are bytes, not bits, so that setting one writes nothing
 * that a reader of earlier ids may be looking at; flag blocks exist for all ids below `end`, which
 * is published after them; a row's block is looked up only once its flag is seen.
 */
#include <config.h>

#include "vector/flat_store.h"

#include <string.h>

#include <plurum/embed.h>

#include "base/error.h"

/* The blocks of pli_stable cover this many indices. */
static const uint64_t IDS_MAX = (((uint64_t)1 << PLI_STABLE_BLOCKS) - 1) << PLI_STABLE_SHIFT;

plurum_status pli_flat_new(pli_flat **out, uint32_t dim, plurum_error *error)
{
    *out = NULL;
    if (dim < 1 || dim > PLURUM_DIM_MAX)
        return pli_fail(error, PLURUM_ARG, "a vector of %u dimensions, expected 1 to %d",
                        (unsigned)dim, PLURUM_DIM_MAX);
    pli_flat *flat = pli_calloc(1, sizeof *flat);
    if (!flat) return pli_nomem(error);
    flat->dim = dim;
    flat->rows.item_size = dim * sizeof(float);
    flat->lent.item_size = sizeof(const float *);
    flat->flags.item_size = 1;
    atomic_init(&flat->end, 0);
    atomic_init(&flat->memory, sizeof *flat);
    *out = flat;
    return PLURUM_OK;
}

void pli_flat_free(pli_flat *flat)
{
    if (!flat) return;
    pli_stable_free(&flat->rows);
    pli_stable_free(&flat->lent);
    pli_stable_free(&flat->flags);
    pli_free(flat);
}

static void *reserve(pli_flat *flat, pli_stable *array, uint32_t id)
{
    uint64_t first;
    unsigned block = pli_stable_block(id, &first);
    int is_new = !array->blocks[block];
    void *item = pli_stable_reserve(array, id);
    if (item && is_new)
        atomic_fetch_add_explicit(&flat->memory, pli_stable_block_items(block) * array->item_size,
                                  memory_order_relaxed);
    return item;
}

/* Flag blocks up to the one of id, those without a vector in them too. */
static unsigned char *reserve_flags(pli_flat *flat, uint32_t id)
{
    uint64_t first;
    unsigned last = pli_stable_block(id, &first);
    for (unsigned block = 0; block < last; block++) {
        uint32_t start = (((uint32_t)1 << block) - 1) << PLI_STABLE_SHIFT;
        if (!flat->flags.blocks[block] && !reserve(flat, &flat->flags, start)) return NULL;
    }
    return reserve(flat, &flat->flags, id);
}

/* Room for an id in one of the two arrays; *flag is what tells of it. */
static plurum_status make_room(void **item, unsigned char **flag, pli_flat *flat,
                               pli_stable *array, uint32_t id, plurum_error *error)
{
    *flag = NULL;
    if (id >= IDS_MAX)
        return pli_fail(error, PLURUM_LIMIT, "a vector for id %lu, the highest is %lu",
                        (unsigned long)id, (unsigned long)(IDS_MAX - 1));
    *flag = reserve_flags(flat, id);
    *item = *flag ? reserve(flat, array, id) : NULL;
    return *item ? PLURUM_OK : pli_nomem(error);
}

static void publish(pli_flat *flat, uint32_t id)
{
    if (id >= atomic_load_explicit(&flat->end, memory_order_relaxed))
        atomic_store_explicit(&flat->end, id + 1, memory_order_release);
}

plurum_status pli_flat_set(pli_flat *flat, uint32_t id, const float *vector, plurum_error *error)
{
    void *row;
    unsigned char *flag;
    plurum_status status = make_room(&row, &flag, flat, &flat->rows, id, error);
    if (status) return status;
    memcpy(row, vector, flat->rows.item_size);
    *flag = PLI_FLAT_OWN;
    publish(flat, id);
    return PLURUM_OK;
}

plurum_status pli_flat_lend(pli_flat *flat, uint32_t id, const float *vector, plurum_error *error)
{
    void *address;
    unsigned char *flag;
    plurum_status status = make_room(&address, &flag, flat, &flat->lent, id, error);
    if (status) return status;
    *(const float **)address = vector;
    *flag = PLI_FLAT_LENT;
    publish(flat, id);
    return PLURUM_OK;
}

int pli_flat_has(const pli_flat *flat, uint32_t id)
{
    return id < pli_flat_end(flat) && *(const unsigned char *)pli_stable_at(&flat->flags, id);
}

size_t pli_flat_memory(const pli_flat *flat)
{
    return atomic_load_explicit(&flat->memory, memory_order_relaxed);
}

double pli_flat_cosine(const pli_flat *flat, uint32_t id, const float *query)
{
    return pli_cosine(pli_dot(query, pli_flat_row(flat, id), flat->dim));
}

void pli_flat_cosines(double *out, const pli_flat *flat, const uint32_t *ids, size_t count,
                      const float *query)
{
    size_t i = 0;
    for (; i + PLI_DOTS <= count; i += PLI_DOTS) {
        const float *rows[PLI_DOTS];
        for (size_t j = 0; j < PLI_DOTS; j++) rows[j] = pli_flat_row(flat, ids[i + j]);
        pli_dots(out + i, query, rows, flat->dim);
        for (size_t j = 0; j < PLI_DOTS; j++) out[i + j] = pli_cosine(out[i + j]);
    }
    for (; i < count; i++) out[i] = pli_flat_cosine(flat, ids[i], query);
}

const float *pli_flat_vector(const pli_flat *flat, uint32_t id)
{
    return pli_flat_row(flat, id);
}
