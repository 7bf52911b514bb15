/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A buffer before a file, and a checksum on the way.
 */
#include <config.h>

#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <xxhash.h>

#include "base/alloc.h"
#include "base/error.h"

enum { BUFFER = 1 << 18 };

static void flush(pli_output *o)
{
    for (size_t done = 0; done < o->used && !o->failed;) {
        ssize_t n = write(o->fd, o->buffer + done, o->used - done);
        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            o->failed = n == 0 ? ENOSPC : errno;
    }
    o->used = 0;
}

void pli_output_add(pli_output *o, const void *bytes, size_t len)
{
    if (!len) return;
    XXH3_64bits_update(o->state, bytes, len);
    o->at += len;
    for (const unsigned char *from = bytes; len;) {
        size_t n = BUFFER - o->used < len ? BUFFER - o->used : len;
        memcpy(o->buffer + o->used, from, n);
        o->used += n;
        from += n;
        len -= n;
        if (o->used == BUFFER) flush(o);
    }
}

uint64_t pli_output_end_section(pli_output *o)
{
    static const unsigned char ZEROS[PLI_OUTPUT_ALIGN];
    uint64_t checksum = XXH3_64bits_digest(o->state);
    size_t over = o->at % PLI_OUTPUT_ALIGN;
    if (over) pli_output_add(o, ZEROS, PLI_OUTPUT_ALIGN - over);
    XXH3_64bits_reset(o->state);
    return checksum;
}

plurum_status pli_output_open(pli_output *o, const char *path, size_t header_len,
                              plurum_error *error)
{
    static const unsigned char ZEROS[PLI_OUTPUT_ALIGN];
    *o = (pli_output){.fd = -1, .state = XXH3_createState(), .buffer = pli_malloc(BUFFER)};
    if (!o->state || !o->buffer) return pli_nomem(error);
    o->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (o->fd < 0) return pli_fail_errno(error, errno, "%s", path);
    XXH3_64bits_reset(o->state);
    for (size_t len = 0; len < header_len; len += sizeof ZEROS) pli_output_add(o, ZEROS, sizeof ZEROS);
    XXH3_64bits_reset(o->state);
    return PLURUM_OK;
}

plurum_status pli_output_finish(pli_output *o, const char *path, const void *header,
                                size_t header_len, plurum_error *error)
{
    flush(o);
    if (!o->failed && pwrite(o->fd, header, header_len, 0) != (ssize_t)header_len)
        o->failed = errno;
    if (!o->failed && fsync(o->fd)) o->failed = errno;
    return o->failed ? pli_fail_errno(error, o->failed, "%s", path) : PLURUM_OK;
}

void pli_output_close(pli_output *o)
{
    if (o->fd >= 0) close(o->fd);
    XXH3_freeState(o->state);
    pli_free(o->buffer);
}
