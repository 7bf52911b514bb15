/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of a text's terms. While a text is read its terms lie in a hash table; in the end they
 * are copied, sorted, into one block of memory that holds the counter, the entries and their
 * bytes.
 */
#include <config.h>

#include "text/collect.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/alloc.h"
#include "text/cut.h"

enum { FIRST_SLOTS = 1024, KEPT_SLOTS = 1 << 16 };

/* What is allocated; users see `seen` only. */
typedef struct counted_terms {
    _Atomic uint32_t references;
    size_t memory;
    pli_terms seen;
    pli_term terms[];
} counted_terms;

static counted_terms *counted(pli_terms *terms)
{
    return (counted_terms *)((char *)terms - offsetof(counted_terms, seen));
}

void pli_collector_free(pli_collector *collector)
{
    pli_free(collector->terms);
    pli_free(collector->arena);
    pli_free(collector->slots);
    memset(collector, 0, sizeof *collector);
}

void pli_collector_clear(pli_collector *collector)
{
    if (collector->slot_count > KEPT_SLOTS) {
        pli_collector_free(collector);
        return;
    }
    if (collector->count) memset(collector->slots, 0, collector->slot_count * sizeof(uint32_t));
    collector->count = 0;
    collector->arena_len = 0;
    memset(collector->length, 0, sizeof collector->length);
}

/* Slots are at least twice the terms, so a search ends soon. */
static int grow_slots(pli_collector *c)
{
    size_t wanted = c->slot_count ? 2 * c->slot_count : FIRST_SLOTS;
    uint32_t *slots = pli_calloc(wanted, sizeof *slots);
    if (!slots) return -1;
    for (size_t i = 0; i < c->count; i++) {
        size_t slot = c->terms[i].hash & (wanted - 1);
        while (slots[slot]) slot = (slot + 1) & (wanted - 1);
        slots[slot] = (uint32_t)(i + 1);
    }
    pli_free(c->slots);
    c->slots = slots;
    c->slot_count = wanted;
    return 0;
}

static int keep_bytes(pli_collector *c, const char *bytes, size_t len)
{
    if (c->arena_cap - c->arena_len < len) {
        size_t cap = c->arena_cap + c->arena_cap / 2 + 4096;
        char *arena = pli_realloc(c->arena, cap);
        if (!arena) return -1;
        c->arena = arena;
        c->arena_cap = cap;
    }
    memcpy(c->arena + c->arena_len, bytes, len);
    c->arena_len += len;
    return 0;
}

static int add_new(pli_collector *c, const char *bytes, size_t len, uint32_t hash, int field)
{
    pli_collected term = {.offset = c->arena_len, .len = (uint32_t)len, .hash = hash};
    if (c->count >= INT32_MAX || pli_grow(&c->terms, &c->cap, c->count, sizeof *c->terms) ||
        keep_bytes(c, bytes, len))
        return -1;
    term.tf[field] = 1;
    c->terms[c->count++] = term;
    return 0;
}

int pli_collector_add(pli_collector *c, const char *bytes, size_t len, int field)
{
    char cut[PLI_TERM_MAX];
    if (len > PLI_TERM_MAX) {
        len = pli_term_cut(cut, bytes, len);
        bytes = cut;
    }
    if (2 * (c->count + 1) > c->slot_count && grow_slots(c)) return -1;
    uint32_t hash = (uint32_t)XXH3_64bits(bytes, len);
    size_t slot = hash & (c->slot_count - 1);
    for (; c->slots[slot]; slot = (slot + 1) & (c->slot_count - 1)) {
        pli_collected *term = &c->terms[c->slots[slot] - 1];
        if (term->hash == hash && term->len == len &&
            memcmp(c->arena + term->offset, bytes, len) == 0) {
            if (term->tf[field] < UINT32_MAX) term->tf[field]++;
            return 0;
        }
    }
    if (add_new(c, bytes, len, hash, field)) return -1;
    c->slots[slot] = (uint32_t)c->count;
    return 0;
}

static int compare_bytes(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    if (order) return order;
    return a_len < b_len ? -1 : a_len > b_len;
}

static int compare_terms(const void *a, const void *b)
{
    const pli_term *s = a, *t = b;
    return compare_bytes(s->bytes, s->len, t->bytes, t->len);
}

pli_terms *pli_collector_finish(const pli_collector *c)
{
    size_t memory = sizeof(counted_terms) + c->count * sizeof(pli_term) + c->arena_len;
    counted_terms *made = pli_malloc(memory);
    if (!made) return NULL;
    atomic_init(&made->references, 1);
    made->memory = memory;
    char *bytes = (char *)(made->terms + c->count);
    if (c->arena_len) memcpy(bytes, c->arena, c->arena_len);
    for (size_t i = 0; i < c->count; i++) {
        made->terms[i].bytes = bytes + c->terms[i].offset;
        made->terms[i].len = c->terms[i].len;
        memcpy(made->terms[i].tf, c->terms[i].tf, sizeof c->terms[i].tf);
    }
    qsort(made->terms, c->count, sizeof(pli_term), compare_terms);
    made->seen.terms = made->terms;
    made->seen.count = (uint32_t)c->count;
    memcpy(made->seen.length, c->length, sizeof c->length);
    return &made->seen;
}

pli_terms *pli_terms_ref(pli_terms *terms)
{
    atomic_fetch_add_explicit(&counted(terms)->references, 1, memory_order_relaxed);
    return terms;
}

void pli_terms_unref(pli_terms *terms)
{
    if (!terms) return;
    if (atomic_fetch_sub_explicit(&counted(terms)->references, 1, memory_order_acq_rel) == 1)
        pli_free(counted(terms));
}

const pli_term *pli_terms_find(const pli_terms *terms, const char *bytes, size_t len)
{
    size_t low = 0, high = terms->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const pli_term *term = &terms->terms[middle];
        int order = compare_bytes(term->bytes, term->len, bytes, len);
        if (order == 0) return term;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

size_t pli_terms_memory(const pli_terms *terms)
{
    return ((const counted_terms *)((const char *)terms - offsetof(counted_terms, seen)))->memory;
}
