/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Columns: filling the fixed part, and the copied chunks.
 */
#include <config.h>

#include "engine/view/columns.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

plurum_status pli_columns_init(pli_columns *columns, plurum_error *error)
{
    memset(columns, 0, sizeof *columns);
    columns->fixed.item_size = sizeof(pli_fixed);
    columns->members.item_size = sizeof(uint32_t);
    columns->names = pli_intern_new();
    columns->agents = pli_intern_new();
    return columns->names && columns->agents ? PLURUM_OK : pli_nomem(error);
}

void pli_columns_free(pli_columns *columns)
{
    pli_stable_free(&columns->fixed);
    pli_stable_free(&columns->members);
    pli_intern_free(columns->names);
    pli_intern_free(columns->agents);
    memset(columns, 0, sizeof *columns);
}

/* Room for index i, counted. */
static void *reserve(pli_columns *columns, pli_stable *array, uint32_t i)
{
    uint64_t first;
    unsigned block = pli_stable_block(i, &first);
    int is_new = !array->blocks[block];
    void *item = pli_stable_reserve(array, i);
    if (item && is_new) columns->memory += pli_stable_block_items(block) * array->item_size;
    return item;
}

/* Room for a set's members, which lie in one block. */
static plurum_status cut(uint32_t **out, pli_set *set, pli_columns *columns, size_t count,
                         plurum_error *error)
{
    uint64_t at = columns->member_count - columns->base.member_count, first, end;
    for (;; at = end) { /* what is left of a block that is too small stays empty */
        unsigned block = pli_stable_block((uint32_t)at, &first);
        end = first + pli_stable_block_items(block);
        if (at + count <= end) break;
    }
    uint64_t sum = at + count + columns->base.member_count;
    if (sum >= PLI_STABLE_ITEMS)
        return pli_fail(error, PLURUM_LIMIT, "tools and tags: %llu in all, no more can be kept",
                        (unsigned long long)sum);
    *out = reserve(columns, &columns->members, (uint32_t)at);
    if (!*out) return pli_nomem(error);
    *set = (pli_set){(uint32_t)at + columns->base.member_count, (uint32_t)count};
    columns->member_count = (uint32_t)sum;
    return PLURUM_OK;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* names: folded texts, each followed by a NUL. */
static plurum_status make_set(pli_set *set, pli_columns *columns, pli_slice names,
                              plurum_error *error)
{
    const char *at = (const char *)names.bytes, *end = at + names.len;
    size_t count = 0;
    for (const char *c = at; c < end; c++) count += *c == '\0';
    if (count == 0) return PLURUM_OK;
    uint32_t *members;
    pli_set made;
    plurum_status status = cut(&members, &made, columns, count, error);
    if (status) return status;
    for (size_t i = 0; i < count; i++, at += strlen(at) + 1)
        if (!(members[i] = pli_intern_add(columns->names, at, strlen(at))))
            return pli_nomem(error);
    qsort(members, count, sizeof *members, by_number);
    *set = made;
    return PLURUM_OK;
}

plurum_status pli_columns_add(pli_columns *columns, uint32_t id, const pli_doc_row *row,
                              plurum_error *error)
{
    uint32_t bound = columns->base.bound;
    if (id < bound) /* a checkpoint has all that lived at its moment, and what died stays dead */
        return columns->base.fixed[id].filled
                   ? PLURUM_OK
                   : pli_fail(error, PLURUM_CORRUPT, "columns: document %lu was not there before",
                              (unsigned long)id);
    pli_fixed *fixed = reserve(columns, &columns->fixed, id - bound);
    if (!fixed) return pli_nomem(error);
    if (fixed->filled) return PLURUM_OK;
    fixed->created_at = row->created_at;
    fixed->confidence = row->confidence;
    memcpy(fixed->length, row->length, sizeof fixed->length);
    fixed->domain = 0;
    if (row->domain.len) {
        fixed->domain =
            pli_intern_add(columns->names, (const char *)row->domain.bytes, row->domain.len);
        if (!fixed->domain) return pli_nomem(error);
    }
    plurum_status status = make_set(&fixed->tools, columns, row->tools, error);
    if (!status) status = make_set(&fixed->tags, columns, row->tags, error);
    fixed->filled = !status;
    return status;
}

int pli_set_has(const pli_columns *columns, const pli_set *set, uint32_t number)
{
    if (!set->count) return 0;
    const uint32_t *members = pli_set_members(columns, set);
    for (uint32_t i = 0; i < set->count && members[i] <= number; i++)
        if (members[i] == number) return 1;
    return 0;
}

pli_chunk *pli_chunk_new(const pli_chunk *copy_of)
{
    pli_chunk *chunk = pli_calloc(1, sizeof *chunk + PLI_CHUNK_ROWS * sizeof *chunk->own);
    if (!chunk) return NULL;
    if (copy_of) memcpy(chunk->own, copy_of->rows, PLI_CHUNK_ROWS * sizeof *chunk->own);
    chunk->rows = chunk->own;
    atomic_init(&chunk->references, 1);
    return chunk;
}

pli_chunk *pli_chunk_lent(const pli_variable *rows)
{
    pli_chunk *chunk = pli_calloc(1, sizeof *chunk);
    if (!chunk) return NULL;
    chunk->rows = rows;
    atomic_init(&chunk->references, 1);
    return chunk;
}

size_t pli_chunk_memory(const pli_chunk *chunk)
{
    return sizeof *chunk + (chunk->rows == chunk->own ? PLI_CHUNK_ROWS * sizeof *chunk->own : 0);
}

pli_chunk *pli_chunk_ref(pli_chunk *chunk)
{
    atomic_fetch_add_explicit(&chunk->references, 1, memory_order_relaxed);
    return chunk;
}

void pli_chunk_unref(pli_chunk *chunk)
{
    if (chunk && atomic_fetch_sub_explicit(&chunk->references, 1, memory_order_acq_rel) == 1)
        pli_free(chunk);
}
