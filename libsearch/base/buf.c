/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes out and bytes in. Everything on disk is written and read here, byte by byte, so that
 * neither alignment nor the machine's byte order can matter.
 */
#include <config.h>

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

void pli_buf_free(pli_buf *buf)
{
    pli_free(buf->bytes);
    *buf = (pli_buf)PLI_BUF_INIT;
}

void pli_buf_clear(pli_buf *buf)
{
    buf->len = 0;
    buf->failed = 0;
}

static int reserve(pli_buf *buf, size_t more)
{
    if (buf->failed) return -1;
    if (more <= buf->cap - buf->len) return 0;
    size_t cap = buf->cap + buf->cap / 2;
    if (cap < buf->len + more) cap = buf->len + more;
    if (cap < 64) cap = 64;
    unsigned char *grown = buf->len + more < more ? NULL : pli_realloc(buf->bytes, cap);
    if (!grown) {
        buf->failed = 1;
        return -1;
    }
    buf->bytes = grown;
    buf->cap = cap;
    return 0;
}

void pli_buf_add(pli_buf *buf, const void *bytes, size_t len)
{
    if (len == 0 || reserve(buf, len)) return;
    memcpy(buf->bytes + buf->len, bytes, len);
    buf->len += len;
}

void pli_buf_text(pli_buf *buf, const char *text)
{
    pli_buf_add(buf, text, strlen(text));
}

void pli_buf_printf(pli_buf *buf, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    if (len >= 0 && reserve(buf, (size_t)len + 1) == 0) {
        vsnprintf((char *)buf->bytes + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
    va_end(arguments);
}

void pli_buf_u8(pli_buf *buf, unsigned value)
{
    unsigned char byte = (unsigned char)value;
    pli_buf_add(buf, &byte, 1);
}

void pli_buf_u32(pli_buf *buf, uint32_t value)
{
    unsigned char bytes[4];
    pli_store_u32(bytes, value);
    pli_buf_add(buf, bytes, sizeof bytes);
}

void pli_buf_u64(pli_buf *buf, uint64_t value)
{
    unsigned char bytes[8];
    pli_store_u64(bytes, value);
    pli_buf_add(buf, bytes, sizeof bytes);
}

void pli_buf_f64(pli_buf *buf, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    pli_buf_u64(buf, bits);
}

void pli_buf_string(pli_buf *buf, const char *text)
{
    size_t len = text ? strlen(text) : 0;
    pli_buf_u32(buf, (uint32_t)len);
    pli_buf_add(buf, text, len);
}

char *pli_buf_take_text(pli_buf *buf)
{
    pli_buf_u8(buf, 0);
    char *text = buf->failed ? NULL : (char *)buf->bytes;
    if (!text) pli_free(buf->bytes);
    *buf = (pli_buf)PLI_BUF_INIT;
    return text;
}

pli_reader pli_reader_of(const void *bytes, size_t len)
{
    pli_reader reader = {bytes, (const unsigned char *)bytes + len, 0};
    return reader;
}

const unsigned char *pli_read_bytes(pli_reader *reader, size_t len)
{
    if (reader->failed || len > (size_t)(reader->end - reader->at)) {
        reader->failed = 1;
        return NULL;
    }
    const unsigned char *bytes = reader->at;
    reader->at += len;
    return bytes;
}

unsigned pli_read_u8(pli_reader *reader)
{
    const unsigned char *bytes = pli_read_bytes(reader, 1);
    return bytes ? bytes[0] : 0;
}

uint32_t pli_read_u32(pli_reader *reader)
{
    const unsigned char *bytes = pli_read_bytes(reader, 4);
    return bytes ? pli_load_u32(bytes) : 0;
}

uint64_t pli_read_u64(pli_reader *reader)
{
    const unsigned char *bytes = pli_read_bytes(reader, 8);
    return bytes ? pli_load_u64(bytes) : 0;
}

double pli_read_f64(pli_reader *reader)
{
    uint64_t bits = pli_read_u64(reader);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

const char *pli_read_string(pli_reader *reader, size_t *len)
{
    size_t wanted = pli_read_u32(reader);
    const unsigned char *bytes = pli_read_bytes(reader, wanted);
    *len = bytes ? wanted : 0;
    return (const char *)bytes;
}

uint32_t pli_load_u32(const void *bytes)
{
    const unsigned char *b = bytes;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

uint64_t pli_load_u64(const void *bytes)
{
    const unsigned char *b = bytes;
    return (uint64_t)pli_load_u32(b) | (uint64_t)pli_load_u32(b + 4) << 32;
}

void pli_store_u32(void *bytes, uint32_t value)
{
    unsigned char *b = bytes;
    for (int i = 0; i < 4; i++) b[i] = (unsigned char)(value >> (8 * i));
}

void pli_store_u64(void *bytes, uint64_t value)
{
    unsigned char *b = bytes;
    for (int i = 0; i < 8; i++) b[i] = (unsigned char)(value >> (8 * i));
}

uint32_t pli_load_be32(const void *bytes)
{
    const unsigned char *b = bytes;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | (uint32_t)b[3];
}

uint64_t pli_load_be64(const void *bytes)
{
    const unsigned char *b = bytes;
    return (uint64_t)pli_load_be32(b) << 32 | (uint64_t)pli_load_be32(b + 4);
}

void pli_store_be32(void *bytes, uint32_t value)
{
    unsigned char *b = bytes;
    for (int i = 0; i < 4; i++) b[i] = (unsigned char)(value >> (24 - 8 * i));
}

void pli_store_be64(void *bytes, uint64_t value)
{
    pli_store_be32(bytes, (uint32_t)(value >> 32));
    pli_store_be32((unsigned char *)bytes + 4, (uint32_t)value);
}
