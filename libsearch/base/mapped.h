/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are read where they are mapped.
 */
#ifndef PLI_BASE_MAPPED_H
#define PLI_BASE_MAPPED_H

#include <stddef.h>

#include <plurum/status.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "files are mapped as they are written: little-endian machines only"
#endif

/* Maps a file of at least `least` bytes, for reading. Errors: NOTFOUND, IO, CORRUPT (too short). */
plurum_status pli_map_file(void **map, size_t *size, const char *path, size_t least,
                           plurum_error *error);
void pli_unmap(void *map, size_t size); /* NULL is fine */

#endif
