/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Columns: what filters and ranking ask of every document, in memory by internal id.
 *
 * The content of an internal id never changes (a replacement gets a new one), so its fixed part
 * lies in an array that only grows, shared by all views. What does change (lifecycle, visibility,
 * owner, trust) lies in chunks that a new view copies before it writes to them.
 *
 * Either may begin in a checkpoint (columns_file.h), whose rows are read where they are mapped: no
 * member of a row is an address.
 */
#ifndef PLI_ENGINE_VIEW_COLUMNS_H
#define PLI_ENGINE_VIEW_COLUMNS_H

#include <stdatomic.h>

#include <plurum/document.h>
#include <plurum/trust.h>

#include "base/intern.h"
#include "base/stable.h"
#include "store/rows.h"

/* Ascending numbers of names: where they lie in the members of the columns. */
typedef struct pli_set {
    uint32_t first, count;
} pli_set;

typedef struct pli_fixed {
    int64_t created_at;
    double confidence; /* NAN: not stated    */
    uint32_t length[PLURUM_TEXT_FIELD_COUNT];
    uint32_t domain;   /* 0: none            */
    uint32_t filled;   /* for whoever adds   */
    pli_set tools, tags;
} pli_fixed;

/* What a checkpoint has, while it is mapped. */
typedef struct pli_columns_base {
    const pli_fixed *fixed; /* of ids below bound */
    const uint32_t *members;
    uint32_t bound, member_count;
} pli_columns_base;

/* Shared by all views of a handle; one thread adds at a time, under the view mutex. */
typedef struct pli_columns {
    pli_columns_base base; /* what comes first, or zeros                          */
    pli_stable fixed;      /* pli_fixed by id, from base.bound on                 */
    pli_stable members;    /* of sets, from base.member_count on                  */
    uint32_t member_count; /* with those of the base                              */
    pli_intern *names;     /* domains, tools and tags, folded                     */
    pli_intern *agents;
    atomic_size_t memory;  /* bytes held; those of the base are not               */
} pli_columns;

plurum_status pli_columns_init(pli_columns *columns, plurum_error *error);
void pli_columns_free(pli_columns *columns);

/* Fills in the fixed part of an id from its header, once: others may be reading it already when a
 * view is made from the whole store again. */
plurum_status pli_columns_add(pli_columns *columns, uint32_t id, const pli_doc_row *row,
                              plurum_error *error);

static inline const pli_fixed *pli_columns_fixed(const pli_columns *columns, uint32_t id)
{
    const pli_columns_base *base = &columns->base;
    return id < base->bound ? base->fixed + id : pli_stable_at(&columns->fixed, id - base->bound);
}

/* The numbers of a set that has any. */
static inline const uint32_t *pli_set_members(const pli_columns *columns, const pli_set *set)
{
    const pli_columns_base *base = &columns->base;
    return set->first < base->member_count
               ? base->members + set->first
               : pli_stable_at(&columns->members, set->first - base->member_count);
}

/* Whether a set has a number. */
int pli_set_has(const pli_columns *columns, const pli_set *set, uint32_t number);

typedef struct pli_variable {
    plurum_trust_state trust;
    uint32_t owner; /* 0: none */
    uint8_t live, lifecycle, visibility;
    uint8_t vector; /* it has one of the live model */
} pli_variable;

enum { PLI_CHUNK_SHIFT = 9, PLI_CHUNK_ROWS = 1 << PLI_CHUNK_SHIFT };

/* Rows of consecutive ids; counted by reference, immutable once shared. */
typedef struct pli_chunk {
    _Atomic uint32_t references;
    const pli_variable *rows; /* own, or of a checkpoint */
    pli_variable own[];
} pli_chunk;

pli_chunk *pli_chunk_new(const pli_chunk *copy_of); /* NULL: all dead */
/* One whose rows stay where they are. */
pli_chunk *pli_chunk_lent(const pli_variable *rows);
pli_chunk *pli_chunk_ref(pli_chunk *chunk);
void pli_chunk_unref(pli_chunk *chunk); /* NULL is fine */
/* Bytes held. */
size_t pli_chunk_memory(const pli_chunk *chunk);

#endif
