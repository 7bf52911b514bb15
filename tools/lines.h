/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON lines from files and standard input, with the place for error messages.
 */
#ifndef TOOLS_LINES_H
#define TOOLS_LINES_H

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

typedef struct line_file {
    const char *name; /* as it was given; "-" is standard input */
    FILE *file;
    char *line;
    size_t cap;
    uint64_t number;  /* of the line last read, from 1 */
} line_file;

/* 0, or the exit code after saying what is wrong. */
int lines_open(line_file *out, const char *name);
/* Length of the next line that is not blank, in out->line, without its newline; -1 at the end, or
 * where a signal that is caught ends the waiting for it; -2 when reading failed (which is said). */
long lines_next(line_file *file);
void lines_close(line_file *file);

/* Says "FILE:LINE: what" of the line last read; returns EXIT_INPUT. */
int lines_bad(const line_file *file, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The line last read as a JSON object, which the caller releases. 0, or the exit code. */
int lines_object(json_t **out, const line_file *file, size_t len);

/* Members of an object of the line last read, after checking their type; absent and null are the
 * same. 0, or the exit code after saying what is wrong. */
int lines_text(const char **out, const line_file *file, const json_t *object, const char *name,
               int required);
int lines_whole(int64_t *out, const line_file *file, const json_t *object, const char *name,
                int64_t absent);
int lines_time(int64_t *out, const line_file *file, const json_t *object, const char *name);

/* Bytes of a regular file, or 0. */
uint64_t lines_size(const line_file *file);
/* How far the file has been read. */
uint64_t lines_position(const line_file *file);

#endif
