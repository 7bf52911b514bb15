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
#include "engine/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMBERS = 61, WHOLE = MEMBERS + 8 };

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
        return;
    }
    char *again = pli_cursor_write(&cursor);
    require(again && strcmp(again, text) == 0);
    require(cursor.candidates >= 1 && cursor.candidates <= PLURUM_LIMIT_MAX);
    pli_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text) abort();
    if (size) memcpy(text, data, size);
    text[size] = '\0';
    read(text);
    free(text);

    unsigned char bytes[WHOLE] = {0};
    char digits[2 * WHOLE + 1];
    if (size) memcpy(bytes, data, size < MEMBERS ? size : MEMBERS);
    pli_store_u64(bytes + MEMBERS, XXH3_64bits(bytes, MEMBERS));
    for (size_t i = 0; i < WHOLE; i++) sprintf(digits + 2 * i, "%02x", bytes[i]);
    read(digits);
    return 0;
}
