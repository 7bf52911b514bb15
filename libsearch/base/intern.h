/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names as numbers: each distinct text gets the next number from 1; 0 is "no such name". Numbers
 * are of this handle only, but that a table may begin with names that a file has. Any thread.
 */
#ifndef PLI_BASE_INTERN_H
#define PLI_BASE_INTERN_H

#include <stddef.h>
#include <stdint.h>

typedef struct pli_intern pli_intern;

pli_intern *pli_intern_new(void); /* NULL: memory is short */
void pli_intern_free(pli_intern *names);

/* Texts end to end, ascending by bytes and all different: the i-th (from 0) begins at offsets[i] and
 * ends where the next one begins. */
typedef struct pli_intern_base {
    const uint64_t *offsets; /* count + 1 */
    const char *bytes;
    uint32_t count;
} pli_intern_base;

/* Lets an empty table begin with texts that stay where they are: numbers 1 to count. */
void pli_intern_begin(pli_intern *names, const pli_intern_base *base);

/* The number of a text, given one if it has none yet; 0: memory is short. */
uint32_t pli_intern_add(pli_intern *names, const char *text, size_t len);
/* The number of a text, or 0. */
uint32_t pli_intern_find(pli_intern *names, const char *text, size_t len);
/* How many there are, and the text of one of their numbers: where it lies while the table lives. */
uint32_t pli_intern_count(pli_intern *names);
const char *pli_intern_text(pli_intern *names, uint32_t number, size_t *len);

#endif
