/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cursors: the members in a fixed order, a checksum, all as hexadecimal digits.
 */
#include <config.h>

#include "engine/cursor.h"

#include <string.h>

#include <xxhash.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"

enum { VERSION = 2, BYTES = 1 + 8 + 8 + 8 + 4 + 4 + 8 + 8 + 8 + 8 };

char *pli_cursor_write(const pli_cursor *c)
{
    pli_buf buf = PLI_BUF_INIT, text = PLI_BUF_INIT;
    pli_buf_u8(&buf, VERSION);
    pli_buf_u64(&buf, c->query);
    pli_buf_u64(&buf, c->seq);
    pli_buf_u64(&buf, (uint64_t)c->now);
    pli_buf_u32(&buf, c->candidates);
    pli_buf_u32(&buf, c->last.id);
    pli_buf_f64(&buf, c->last.score);
    pli_buf_f64(&buf, c->last.similarity);
    pli_buf_f64(&buf, c->last.text);
    if (!buf.failed) pli_buf_u64(&buf, XXH3_64bits(buf.bytes, buf.len));
    for (size_t i = 0; i < buf.len; i++) pli_buf_printf(&text, "%02x", buf.bytes[i]);
    text.failed |= buf.failed;
    pli_buf_free(&buf);
    return pli_buf_take_text(&text);
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

plurum_status pli_cursor_read(pli_cursor *c, const char *text, plurum_error *error)
{
    unsigned char bytes[BYTES];
    int sound = strnlen(text, 2 * BYTES + 1) == 2 * BYTES;
    for (size_t i = 0; i < BYTES && sound; i++) {
        int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        sound = high >= 0 && low >= 0;
        if (sound) bytes[i] = (unsigned char)(high << 4 | low);
    }
    if (!sound || bytes[0] != VERSION || pli_load_u64(bytes + BYTES - 8) != XXH3_64bits(bytes, BYTES - 8))
        return pli_fail(error, PLURUM_INVALID, "cursor: not one that a search gave");
    pli_reader r = pli_reader_of(bytes + 1, BYTES - 1);
    memset(c, 0, sizeof *c);
    c->query = pli_read_u64(&r);
    c->seq = pli_read_u64(&r);
    c->now = (int64_t)pli_read_u64(&r);
    c->candidates = pli_read_u32(&r);
    c->last.id = pli_read_u32(&r);
    c->last.score = pli_read_f64(&r);
    c->last.similarity = pli_read_f64(&r);
    c->last.text = pli_read_f64(&r);
    if (c->candidates < 1 || c->candidates > PLURUM_LIMIT_MAX) /* a checksum is no secret */
        return pli_fail(error, PLURUM_INVALID, "cursor: of %lu candidates, allowed are 1 to %d",
                        (unsigned long)c->candidates, PLURUM_LIMIT_MAX);
    return PLURUM_OK;
}
