/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Columns: filling the fixed part, and the copied chunks.
 */
#include <config.h>

#include "engine/columns.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Sets are small and live as long as the columns: they are cut from blocks. */
typedef struct block {
    struct block *next;
    size_t used, size; /* in members */
    uint32_t members[];
} block;

enum { BLOCK_MEMBERS = 16384 };

plurum_status pli_columns_init(pli_columns *columns, plurum_error *error)
{
    memset(columns, 0, sizeof *columns);
    columns->fixed.item_size = sizeof(pli_fixed);
    columns->names = pli_intern_new();
    columns->agents = pli_intern_new();
    return columns->names && columns->agents ? PLURUM_OK : pli_nomem(error);
}

void pli_columns_free(pli_columns *columns)
{
    for (block *b = columns->arena, *next; b; b = next) {
        next = b->next;
        pli_free(b);
    }
    pli_stable_free(&columns->fixed);
    pli_intern_free(columns->names);
    pli_intern_free(columns->agents);
    memset(columns, 0, sizeof *columns);
}

static uint32_t *cut(pli_columns *columns, size_t count)
{
    block *b = columns->arena;
    if (!b || b->size - b->used < count) {
        size_t size = count > BLOCK_MEMBERS ? count : BLOCK_MEMBERS;
        b = pli_malloc(sizeof *b + size * sizeof *b->members);
        if (!b) return NULL;
        b->used = 0;
        b->size = size;
        b->next = columns->arena;
        columns->arena = b;
        columns->memory += sizeof *b + size * sizeof *b->members;
    }
    b->used += count;
    return b->members + b->used - count;
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
    uint32_t *members = cut(columns, count);
    if (!members) return pli_nomem(error);
    for (size_t i = 0; i < count; i++, at += strlen(at) + 1)
        if (!(members[i] = pli_intern_add(columns->names, at, strlen(at))))
            return pli_nomem(error);
    qsort(members, count, sizeof *members, by_number);
    set->members = members;
    set->count = (uint32_t)count;
    return PLURUM_OK;
}

plurum_status pli_columns_add(pli_columns *columns, uint32_t id, const pli_doc_row *row,
                              plurum_error *error)
{
    uint64_t first;
    unsigned in = pli_stable_block(id, &first);
    if (!columns->fixed.blocks[in])
        columns->memory += pli_stable_block_items(in) * sizeof(pli_fixed);
    pli_fixed *fixed = pli_stable_reserve(&columns->fixed, id);
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

int pli_set_has(const pli_set *set, uint32_t number)
{
    for (uint32_t i = 0; i < set->count && set->members[i] <= number; i++)
        if (set->members[i] == number) return 1;
    return 0;
}

pli_chunk *pli_chunk_new(const pli_chunk *copy_of)
{
    pli_chunk *chunk = pli_calloc(1, sizeof *chunk);
    if (!chunk) return NULL;
    if (copy_of) memcpy(chunk->rows, copy_of->rows, sizeof chunk->rows);
    atomic_init(&chunk->references, 1);
    return chunk;
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
