/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names as numbers: each distinct text gets the next number from 1; 0 is "no such name". Numbers
 * are of this handle only and never stored. Any thread.
 */
#ifndef PLI_BASE_INTERN_H
#define PLI_BASE_INTERN_H

#include <stddef.h>
#include <stdint.h>

typedef struct pli_intern pli_intern;

pli_intern *pli_intern_new(void); /* NULL: memory is short */
void pli_intern_free(pli_intern *names);

/* The number of a text, given one if it has none yet; 0: memory is short. */
uint32_t pli_intern_add(pli_intern *names, const char *text, size_t len);
/* The number of a text, or 0. */
uint32_t pli_intern_find(pli_intern *names, const char *text, size_t len);

#endif
