/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing byte buffer, the little-endian numbers written to it, and a bounded reader for bytes
 * that come from disk. Both remember the first failure, so that a run of calls needs one check.
 */
#ifndef PLI_BASE_BUF_H
#define PLI_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

typedef struct pli_buf {
    unsigned char *bytes;
    size_t len, cap;
    int failed; /* memory was short; what follows is ignored */
} pli_buf;

#define PLI_BUF_INIT {NULL, 0, 0, 0}

void pli_buf_free(pli_buf *buf);
void pli_buf_clear(pli_buf *buf); /* keeps the memory */
void pli_buf_add(pli_buf *buf, const void *bytes, size_t len);
void pli_buf_text(pli_buf *buf, const char *text);
void pli_buf_printf(pli_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pli_buf_u8(pli_buf *buf, unsigned value);
void pli_buf_u32(pli_buf *buf, uint32_t value);
void pli_buf_u64(pli_buf *buf, uint64_t value);
void pli_buf_f64(pli_buf *buf, double value); /* the bits, as u64 */
/* A length as u32, then the bytes; NULL counts as empty. */
void pli_buf_string(pli_buf *buf, const char *text);
/* The content as a NUL-terminated text that the caller frees; the buffer is empty after. */
char *pli_buf_take_text(pli_buf *buf);

typedef struct pli_reader {
    const unsigned char *at, *end;
    int failed; /* asked for more than there was */
} pli_reader;

pli_reader pli_reader_of(const void *bytes, size_t len);
unsigned pli_read_u8(pli_reader *reader);
uint32_t pli_read_u32(pli_reader *reader);
uint64_t pli_read_u64(pli_reader *reader);
double pli_read_f64(pli_reader *reader);
/* The next len bytes, in place; NULL when there are fewer. */
const unsigned char *pli_read_bytes(pli_reader *reader, size_t len);
/* A string as written by pli_buf_string: in place, not NUL-terminated. */
const char *pli_read_string(pli_reader *reader, size_t *len);

uint32_t pli_load_u32(const void *bytes);
uint64_t pli_load_u64(const void *bytes);
void pli_store_u32(void *bytes, uint32_t value);
void pli_store_u64(void *bytes, uint64_t value);
/* Big-endian, so that keys sort by number. */
uint32_t pli_load_be32(const void *bytes);
uint64_t pli_load_be64(const void *bytes);
void pli_store_be32(void *bytes, uint32_t value);
void pli_store_be64(void *bytes, uint64_t value);

#endif
