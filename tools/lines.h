/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON lines from files and standard input, with the place for error messages.
 */
#ifndef TOOLS_LINES_H
#define TOOLS_LINES_H

#include <stdint.h>
#include <stdio.h>

typedef struct line_file {
    const char *name; /* as it was given; "-" is standard input */
    FILE *file;
    char *line;
    size_t cap;
    uint64_t number;  /* of the line last read, from 1 */
} line_file;

/* 0, or the exit code after saying what is wrong. */
int lines_open(line_file *out, const char *name);
/* Length of the next line that is not blank, in out->line, without its newline; -1 at the end,
 * -2 when reading failed (which is said). */
long lines_next(line_file *file);
void lines_close(line_file *file);

/* Bytes of a regular file, or 0. */
uint64_t lines_size(const line_file *file);
/* How far the file has been read. */
uint64_t lines_position(const line_file *file);

#endif
