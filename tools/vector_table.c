/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vectors are told apart by 128 bits of their contents: those of an earlier run, or of another
 * index, are found again without being read.
 */
#include <config.h>

#include "tools/vector_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/cli.h"
#include "tools/npy.h"

enum { HEADER = 128 };

struct vector_slot {
    uint64_t hash[2];
    uint64_t row; /* + 1; 0: empty */
};

static void hash_of(uint64_t out[2], const float *vector, size_t dim)
{
    uint64_t a = 0x9E3779B97F4A7C15u, b = 0xC2B2AE3D27D4EB4Fu;
    for (size_t i = 0; i < dim; i++) {
        uint32_t bits;
        memcpy(&bits, vector + i, sizeof bits);
        a = (a ^ bits) * 0xFF51AFD7ED558CCDu;
        a ^= a >> 32;
        b = (b ^ bits) * 0xC4CEB9FE1A85EC53u;
        b ^= b >> 29;
    }
    out[0] = a;
    out[1] = b;
}

/* The slot of a hash: its own, or an empty one. */
static struct vector_slot *slot_of(const vector_table *t, const uint64_t hash[2])
{
    size_t i = hash[0] & (t->slot_count - 1);
    while (t->slots[i].row && memcmp(t->slots[i].hash, hash, sizeof t->slots[i].hash) != 0)
        i = (i + 1) & (t->slot_count - 1);
    return &t->slots[i];
}

/* At most half of the slots are in use. */
static int make_room(vector_table *t)
{
    if (2 * (t->rows + 1) <= t->slot_count) return 0;
    struct vector_slot *old = t->slots;
    size_t count = t->slot_count;
    t->slot_count = count ? 2 * count : 1024;
    t->slots = calloc(t->slot_count, sizeof *t->slots);
    for (size_t i = 0; i < count && t->slots; i++)
        if (old[i].row) *slot_of(t, old[i].hash) = old[i];
    free(old);
    return t->slots ? 0 : cli_no_memory();
}

static int add(vector_table *t, const uint64_t hash[2])
{
    int code = make_room(t);
    if (code) return code;
    struct vector_slot *slot = slot_of(t, hash);
    memcpy(slot->hash, hash, sizeof slot->hash);
    slot->row = ++t->rows;
    return 0;
}

static int failed(const vector_table *t)
{
    return cli_error(EXIT_STORAGE, "%s: %s", t->path, strerror(errno));
}

/* What is there already, of the same dimensions. */
static int read_rows(vector_table *t, const char *path)
{
    npy matrix;
    struct stat st;
    if (stat(path, &st) || !st.st_size) return 0;
    int code = npy_open(&matrix, path);
    if (code) return code;
    size_t offset = (size_t)((const char *)matrix.values - (const char *)matrix.map);
    if (matrix.dim != t->dim && matrix.rows)
        code = cli_error(EXIT_INPUT, "%s: vectors of %zu dimensions, the index has %zu", path,
                         matrix.dim, t->dim);
    else if (offset != HEADER)
        code = cli_error(EXIT_INPUT, "%s: not a file that --log has made", path);
    for (size_t i = 0; i < matrix.rows && !code; i++) {
        uint64_t hash[2];
        hash_of(hash, matrix.values + i * t->dim, t->dim);
        code = add(t, hash);
    }
    npy_close(&matrix);
    return code;
}

int vector_table_open(vector_table *t, const char *path, size_t dim)
{
    *t = (vector_table){.path = path, .dim = dim};
    int code = read_rows(t, path);
    if (!code) code = make_room(t);
    if (code) return code;
    if (!(t->file = fopen(path, "r+b"))) t->file = fopen(path, "w+b");
    off_t end = (off_t)(HEADER + t->rows * dim * sizeof(float));
    if (!t->file || ftruncate(fileno(t->file), end) || fseeko(t->file, end, SEEK_SET))
        return failed(t);
    return vector_table_write(t);
}

int vector_table_row(uint64_t *row, vector_table *t, const float *vector)
{
    uint64_t hash[2];
    hash_of(hash, vector, t->dim);
    const struct vector_slot *slot = slot_of(t, hash);
    *row = slot->row ? slot->row - 1 : t->rows;
    if (slot->row) return 0;
    if (fwrite(vector, sizeof *vector, t->dim, t->file) != t->dim) return failed(t);
    return add(t, hash);
}

int vector_table_write(vector_table *t)
{
    char header[HEADER + 1];
    memset(header, ' ', HEADER);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10); /* 118 bytes follow */
    int len = snprintf(header + 10, HEADER - 10,
                       "{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %zu), }", t->rows,
                       t->dim);
    header[10 + len] = ' ';
    header[HEADER - 1] = '\n';
    if (fflush(t->file) || pwrite(fileno(t->file), header, HEADER, 0) != HEADER) return failed(t);
    return 0;
}

void vector_table_close(vector_table *t)
{
    if (t->file) fclose(t->file);
    free(t->slots);
    memset(t, 0, sizeof *t);
}
