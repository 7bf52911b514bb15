/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole structs through pipes.
 */
#ifndef ORACLE_PIPES_H
#define ORACLE_PIPES_H

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

/* 0, or -1 at the end or when the other side is gone. */
static inline int pipe_read(int fd, void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = read(fd, (char *)data + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        done += (size_t)n;
    }
    return 0;
}

static inline int pipe_write(int fd, const void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, (const char *)data + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        done += (size_t)n;
    }
    return 0;
}

#endif
