/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Columns: what filters and ranking ask of every document, in memory by internal id.
 *
 * The content of an internal id never changes (a replacement gets a new one), so its fixed part
 * lies in an array that only grows, shared by all views. What does change (lifecycle, visibility,
 * owner, trust) lies in chunks that a new view copies before it writes to them.
 */
#ifndef PLI_ENGINE_COLUMNS_H
#define PLI_ENGINE_COLUMNS_H

#include <stdatomic.h>

#include <plurum/document.h>
#include <plurum/trust.h>

#include "base/intern.h"
#include "base/stable.h"
#include "store/rows.h"

/* Sorted numbers of names. */
typedef struct pli_set {
    const uint32_t *members;
    uint32_t count;
} pli_set;

typedef struct pli_fixed {
    int64_t created_at;
    double confidence; /* NAN: not stated    */
    uint32_t length[PLURUM_TEXT_FIELD_COUNT];
    uint32_t domain;   /* 0: none            */
    int filled;        /* for whoever adds   */
    pli_set tools, tags;
} pli_fixed;

/* Shared by all views of a handle; one thread adds at a time, under the view mutex. */
typedef struct pli_columns {
    pli_stable fixed;      /* pli_fixed by id                                     */
    pli_intern *names;     /* domains, tools and tags, folded                     */
    pli_intern *agents;
    void *arena;           /* blocks that hold the sets' members                  */
    atomic_size_t memory;  /* bytes held                                          */
} pli_columns;

plurum_status pli_columns_init(pli_columns *columns, plurum_error *error);
void pli_columns_free(pli_columns *columns);

/* Fills in the fixed part of an id from its header, once: others may be reading it already when a
 * view is made from the whole store again. */
plurum_status pli_columns_add(pli_columns *columns, uint32_t id, const pli_doc_row *row,
                              plurum_error *error);

static inline const pli_fixed *pli_columns_fixed(const pli_columns *columns, uint32_t id)
{
    return pli_stable_at(&columns->fixed, id);
}

/* Whether a set has a number. */
int pli_set_has(const pli_set *set, uint32_t number);

typedef struct pli_variable {
    plurum_trust_state trust;
    uint32_t owner; /* 0: none */
    uint8_t live, lifecycle, visibility;
} pli_variable;

enum { PLI_CHUNK_SHIFT = 9, PLI_CHUNK_ROWS = 1 << PLI_CHUNK_SHIFT };

/* Rows of consecutive ids; counted by reference, immutable once shared. */
typedef struct pli_chunk {
    _Atomic uint32_t references;
    pli_variable rows[PLI_CHUNK_ROWS];
} pli_chunk;

pli_chunk *pli_chunk_new(const pli_chunk *copy_of); /* NULL: all dead */
pli_chunk *pli_chunk_ref(pli_chunk *chunk);
void pli_chunk_unref(pli_chunk *chunk); /* NULL is fine */

#endif
