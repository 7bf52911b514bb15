/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Matrices of 32-bit floats in numpy's .npy format, version 1 or 2, little-endian, C order.
 */
#ifndef TOOLS_NPY_H
#define TOOLS_NPY_H

#include <stddef.h>
#include <stdint.h>

typedef struct npy {
    const float *values; /* rows × dim, row-major */
    size_t rows, dim;    /* a vector is one row   */
    void *map;
    size_t map_size;
} npy;

/* Maps a file. 0, or the exit code after saying what is wrong. */
int npy_open(npy *out, const char *path);
/* Reads the header of bytes that begin a file of `size` bytes; *offset: where the values begin.
 * NULL, or what is wrong (a constant text). */
const char *npy_parse(npy *out, size_t *offset, const unsigned char *bytes, size_t size);
void npy_close(npy *matrix);

#endif
