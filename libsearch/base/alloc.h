/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one door to the heap. All memory of the library comes through here, so that tests can make
 * the nth allocation fail and see that nothing leaks or half-happens.
 */
#ifndef PLI_BASE_ALLOC_H
#define PLI_BASE_ALLOC_H

#include <stddef.h>

void *pli_malloc(size_t size);
void *pli_calloc(size_t count, size_t size); /* NULL when the product overflows */
void *pli_realloc(void *old, size_t size);
/* realloc to count × size; NULL (old stays) when the product overflows. */
void *pli_reallocarray(void *old, size_t count, size_t size);
void pli_free(void *memory);
char *pli_strdup(const char *text);
char *pli_strndup(const char *text, size_t len);
void *pli_memdup(const void *bytes, size_t len);

/*
 * Makes room for one more member of an array that grows by half. *items points to *cap members of
 * `size` bytes of which `count` are used. 0, or -1 when memory is short (nothing changed).
 */
int pli_grow(void *items, size_t *cap, size_t count, size_t size);

/* Tests: the nth allocation from now (1 = the next) and all after it fail; 0 = none. */
void pli_alloc_fail_at(unsigned long nth);

#endif
