/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrays that double.
 */
#include <config.h>

#include "bench/grow.h"

#include <stdlib.h>

#include "tools/cli.h"

int grow(void *items, size_t *cap, size_t count, size_t size)
{
    void **array = items;
    if (count < *cap) return 0;
    size_t wanted = *cap ? 2 * *cap : 256;
    void *grown = realloc(*array, wanted * size);
    if (!grown) return cli_no_memory();
    *array = grown;
    *cap = wanted;
    return 0;
}
