/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The heap behind alloc.h: libc's, with a counter that tests can arm.
 */
#include <config.h>

#include "base/alloc.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Allocations left before they fail; 0 = not armed. A switch of the tests. */
static atomic_ulong allocations_left;

static int refused(void)
{
    unsigned long left = atomic_load_explicit(&allocations_left, memory_order_relaxed);
    if (left == 0) return 0;
    if (left == 1) return 1;
    atomic_store_explicit(&allocations_left, left - 1, memory_order_relaxed);
    return 0;
}

void pli_alloc_fail_at(unsigned long nth)
{
    atomic_store_explicit(&allocations_left, nth, memory_order_relaxed);
}

void *pli_malloc(size_t size)
{
    return refused() ? NULL : malloc(size ? size : 1);
}

void *pli_calloc(size_t count, size_t size)
{
    return refused() ? NULL : calloc(count ? count : 1, size ? size : 1);
}

void *pli_realloc(void *old, size_t size)
{
    return refused() ? NULL : realloc(old, size ? size : 1);
}

void *pli_reallocarray(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) return NULL;
    return pli_realloc(old, count * size);
}

void pli_free(void *memory)
{
    free(memory);
}

char *pli_strndup(const char *text, size_t len)
{
    char *copy = pli_malloc(len + 1);
    if (!copy) return NULL;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *pli_strdup(const char *text)
{
    return pli_strndup(text, strlen(text));
}

void *pli_memdup(const void *bytes, size_t len)
{
    void *copy = pli_malloc(len);
    if (copy && len) memcpy(copy, bytes, len);
    return copy;
}

int pli_grow(void *items, size_t *cap, size_t count, size_t size)
{
    if (count < *cap) return 0;
    size_t wanted = *cap < 8 ? 8 : *cap + *cap / 2;
    void *old, *grown;
    memcpy(&old, items, sizeof old);
    grown = pli_reallocarray(old, wanted, size);
    if (!grown) return -1;
    memcpy(items, &grown, sizeof grown);
    *cap = wanted;
    return 0;
}
