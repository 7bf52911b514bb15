/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A slice: bytes that somebody else holds. Of a record that was read: bytes in the map, valid until
 * the transaction ends or, in a write transaction, until its next write.
 */
#ifndef PLI_STORE_SLICE_H
#define PLI_STORE_SLICE_H

#include <string.h>

#include "base/buf.h"

typedef struct pli_slice {
    const unsigned char *bytes;
    size_t len;
} pli_slice;

static inline pli_slice pli_slice_of(const void *bytes, size_t len)
{
    pli_slice slice = {bytes, len};
    return slice;
}

/* The bytes of a text without its NUL; NULL gives an empty slice. */
static inline pli_slice pli_slice_text(const char *text)
{
    return pli_slice_of(text, text ? strlen(text) : 0);
}

static inline int pli_slice_is(pli_slice slice, const char *text)
{
    size_t len = strlen(text);
    return slice.len == len && (len == 0 || memcmp(slice.bytes, text, len) == 0);
}

static inline void pli_slice_put(pli_buf *buf, pli_slice slice)
{
    pli_buf_u32(buf, (uint32_t)slice.len);
    pli_buf_add(buf, slice.bytes, slice.len);
}

static inline pli_slice pli_slice_read(pli_reader *reader)
{
    size_t len;
    const char *bytes = pli_read_string(reader, &len);
    return pli_slice_of(bytes, len);
}

#endif
