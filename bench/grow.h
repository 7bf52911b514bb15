/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrays that double.
 */
#ifndef BENCH_GROW_H
#define BENCH_GROW_H

#include <stddef.h>

/* Room for one more member of `size` bytes in *items, a pointer to an array of *cap members of
 * which count are in use. 0, or the exit code after saying that memory is short. */
int grow(void *items, size_t *cap, size_t count, size_t size);

#endif
