/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are read whole.
 */
#ifndef TOOLS_WHOLE_H
#define TOOLS_WHOLE_H

#include <stddef.h>

typedef struct whole_file {
    const char *name; /* as it was given; "-" is standard input */
    char *text;       /* a NUL follows the last byte            */
    size_t len;
} whole_file;

/* 0, or the exit code after saying what is wrong. Free in every case. */
int whole_read(whole_file *out, const char *name);
void whole_free(whole_file *file);

/* The line, from 1, that holds the byte at `offset`. */
unsigned long long whole_line(const whole_file *file, size_t offset);

#endif
