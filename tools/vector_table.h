/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing .npy file of distinct vectors: a log says at which row a vector is, and vectors that
 * many queries share are there once. Rows are only ever appended; the shape in the header follows
 * when they are written, so that a program that stops half way leaves a sound file.
 */
#ifndef TOOLS_VECTOR_TABLE_H
#define TOOLS_VECTOR_TABLE_H

#include <stdint.h>
#include <stdio.h>

typedef struct vector_table {
    FILE *file;
    const char *path; /* borrowed */
    size_t rows, dim;
    struct vector_slot *slots;
    size_t slot_count; /* a power of two, or 0 */
} vector_table;

/* Makes the file, or goes on with it. 0, or the exit code after saying why; close it either way. */
int vector_table_open(vector_table *out, const char *path, size_t dim);
/* The row of a vector, which is appended unless it is there. 0, or the exit code. */
int vector_table_row(uint64_t *row, vector_table *table, const float *vector);
/* Writes what is still in memory, and the shape. 0, or the exit code. */
int vector_table_write(vector_table *table);
void vector_table_close(vector_table *table);

#endif
