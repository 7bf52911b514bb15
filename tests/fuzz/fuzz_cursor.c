/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a cursor's text; and, since a checksum that fits is no secret, as the members behind
 * one. What is accepted is written again as the same text and asks for no more than a query may.
 */
#include <config.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "engine/search/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LEAST = 61, MOST = 512 }; /* bytes of members */

static void require(int holds)
{
    if (!holds) abort();
}

static void read(const char *text)
{
    pli_cursor cursor;
    plurum_error error;
    plurum_status status = pli_cursor_read(&cursor, text, &error);
    if (status) {
        require(status == PLURUM_INVALID && error.text[0]);
        pli_cursor_free(&cursor);
        return;
    }
    char *again = pli_cursor_write(&cursor);
    require(again && strcmp(again, text) == 0);
    require(cursor.candidates >= 1 && cursor.candidates <= PLURUM_LIMIT_MAX);
    require(cursor.proposed_count <= cursor.candidates);
    require(pli_time_is_sound(cursor.now));
    for (uint32_t i = 0; i < cursor.proposed_count; i++)
        for (uint32_t j = 0; j < i; j++) require(cursor.proposed[j] != cursor.proposed[i]);
    pli_free(again);
    pli_cursor_free(&cursor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text) abort();
    if (size) memcpy(text, data, size);
    text[size] = '\0';
    read(text);
    free(text);

    unsigned char bytes[MOST + 8] = {0};
    char digits[2 * sizeof bytes + 1];
    size_t members = size < LEAST ? LEAST : size < MOST ? size : MOST;
    if (size) memcpy(bytes, data, size < members ? size : members);
    pli_store_u64(bytes + members, XXH3_64bits(bytes, members));
    for (size_t i = 0; i < members + 8; i++) sprintf(digits + 2 * i, "%02x", bytes[i]);
    read(digits);
    return 0;
}
