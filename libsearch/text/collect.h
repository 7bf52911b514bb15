/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gathering the occurrences of terms while a text is read, and making the sorted table of them.
 * One collector serves any number of texts, one after another.
 */
#ifndef PLI_TEXT_COLLECT_H
#define PLI_TEXT_COLLECT_H

#include "text/terms.h"

typedef struct pli_collected {
    size_t offset; /* of its bytes in the arena */
    uint32_t len;
    uint32_t hash;
    uint32_t tf[PLURUM_TEXT_FIELD_COUNT];
} pli_collected;

typedef struct pli_collector {
    pli_collected *terms;
    size_t count, cap;
    char *arena;
    size_t arena_len, arena_cap;
    uint32_t *slots; /* open addressing: index of a term + 1, 0 = free */
    size_t slot_count;
    uint32_t length[PLURUM_TEXT_FIELD_COUNT];
} pli_collector;

void pli_collector_free(pli_collector *collector);

/* Forgets what was gathered; keeps the memory unless it is unusually much. */
void pli_collector_clear(pli_collector *collector);

/* One occurrence of a term in a field; longer ones than PLI_TERM_MAX are cut. 0, or -1: memory. */
int pli_collector_add(pli_collector *collector, const char *bytes, size_t len, int field);

/* The table of what was gathered, with one reference. NULL: memory is short. */
pli_terms *pli_collector_finish(const pli_collector *collector);

#endif
