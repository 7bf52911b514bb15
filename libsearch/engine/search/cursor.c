/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cursors: the members in a fixed order, a checksum, all as hexadecimal digits.
 */
#include <config.h>

#include "engine/search/cursor.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"

enum {
    VERSION = 3,
    LEAST = 1 + 8 + 8 + 8 + 4 + 4 + 8 + 8 + 8 + 4 + 8, /* bytes of one without proposals */
    MOST = LEAST + 4 * PLURUM_LIMIT_MAX
};

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
    pli_buf_u32(&buf, c->proposed_count);
    for (uint32_t i = 0; i < c->proposed_count; i++) pli_buf_u32(&buf, c->proposed[i]);
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

static plurum_status refuse(plurum_error *error)
{
    return pli_fail(error, PLURUM_INVALID, "cursor: not one that a search gave");
}

/* The bytes that digits stand for, without version and checksum. */
static plurum_status read_digits(pli_buf *out, const char *text, plurum_error *error)
{
    size_t digits = strnlen(text, 2 * MOST + 1), len = digits / 2;
    if (digits % 2 || len < LEAST || len > MOST) return refuse(error);
    for (size_t i = 0; i < len; i++) {
        int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return refuse(error);
        pli_buf_u8(out, (uint8_t)(high << 4 | low));
    }
    if (out->failed) return pli_nomem(error);
    len -= 8;
    if (out->bytes[0] != VERSION || pli_load_u64(out->bytes + len) != XXH3_64bits(out->bytes, len))
        return refuse(error);
    out->len = len;
    return PLURUM_OK;
}

static int ascending(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Whether no id is there twice: joining the legs adds up what they say of an id. The order of ids means
 * nothing, their cosines rank them. -1: memory is short. */
static int are_distinct(const uint32_t *ids, uint32_t count)
{
    uint32_t *sorted = pli_memdup(ids, count * sizeof *ids);
    if (!sorted) return -1;
    int distinct = 1;
    qsort(sorted, count, sizeof *sorted, ascending);
    for (uint32_t i = 1; i < count && distinct; i++) distinct = sorted[i] != sorted[i - 1];
    pli_free(sorted);
    return distinct;
}

/* A checksum is no secret: what was made up is refused as well. */
static plurum_status read_members(pli_cursor *c, pli_reader *r, plurum_error *error)
{
    c->query = pli_read_u64(r);
    c->seq = pli_read_u64(r);
    c->now = (int64_t)pli_read_u64(r);
    c->candidates = pli_read_u32(r);
    c->last.id = pli_read_u32(r);
    c->last.score = pli_read_f64(r);
    c->last.similarity = pli_read_f64(r);
    c->last.text = pli_read_f64(r);
    uint32_t count = pli_read_u32(r);
    if (c->candidates < 1 || c->candidates > PLURUM_LIMIT_MAX)
        return pli_fail(error, PLURUM_INVALID, "cursor: of %lu candidates, allowed are 1 to %d",
                        (unsigned long)c->candidates, PLURUM_LIMIT_MAX);
    if (!pli_time_is_sound(c->now)) return refuse(error);
    if (count > c->candidates || (size_t)(r->end - r->at) != 4 * (size_t)count) return refuse(error);
    if (!count) return PLURUM_OK;
    c->proposed = pli_reallocarray(NULL, count, sizeof *c->proposed);
    if (!c->proposed) return pli_nomem(error);
    for (; c->proposed_count < count; c->proposed_count++)
        c->proposed[c->proposed_count] = pli_read_u32(r);
    int distinct = are_distinct(c->proposed, count);
    if (distinct < 0) return pli_nomem(error);
    return distinct ? PLURUM_OK : refuse(error);
}

plurum_status pli_cursor_read(pli_cursor *c, const char *text, plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT;
    memset(c, 0, sizeof *c);
    plurum_status status = read_digits(&buf, text, error);
    if (!status) {
        pli_reader r = pli_reader_of(buf.bytes + 1, buf.len - 1);
        status = read_members(c, &r, error);
    }
    pli_buf_free(&buf);
    return status;
}

void pli_cursor_free(pli_cursor *cursor)
{
    pli_free(cursor->proposed);
    cursor->proposed = NULL;
}
