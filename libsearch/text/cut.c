/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cutting a long term: as much of it as fits, a tilde, and its XXH3 as 16 hexadecimal digits.
 */
#include <config.h>

#include "text/cut.h"

#include <string.h>

#include <xxhash.h>

enum { TAIL = 17 };

size_t pli_term_cut(char out[PLI_TERM_MAX], const char *bytes, size_t len)
{
    size_t kept = PLI_TERM_MAX - TAIL;
    while (kept > 0 && ((unsigned char)bytes[kept] & 0xC0) == 0x80) kept--;
    memcpy(out, bytes, kept);
    out[kept] = '~';
    XXH64_hash_t hash = XXH3_64bits(bytes, len);
    for (int i = 0; i < TAIL - 1; i++)
        out[kept + 1 + (size_t)i] = "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
    return kept + TAIL;
}
