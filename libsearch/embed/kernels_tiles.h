/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the products of AVX-512 and AVX2 share: a product is cut into tiles of some rows by some
 * outputs, small enough that all sums of a tile stay in registers, and there is one function for
 * each number of rows, so that no row is computed in vain. Included like kernels_rows.h; wants the
 * type stored_level, in which levels are kept.
 */
#ifndef PLI_EMBED_KERNELS_TILES_H
#define PLI_EMBED_KERNELS_TILES_H

#include "embed/kernels.h"

typedef struct tile {
    const stored_level *first;  /* level of its first row                              */
    const pli_levels *levels;   /* of its first row                                    */
    const signed char *weights; /* of its panel, from its first output on             */
    const float *scale, *sum, *bias;
    float *out;
    size_t in, out_stride;
} tile;

/* X(0) to X(n - 1): sums have names, as an array of them would live in memory. */
#define ROWS_1(X)  X(0)
#define ROWS_2(X)  ROWS_1(X) X(1)
#define ROWS_3(X)  ROWS_2(X) X(2)
#define ROWS_4(X)  ROWS_3(X) X(3)
#define ROWS_5(X)  ROWS_4(X) X(4)
#define ROWS_6(X)  ROWS_5(X) X(5)
#define ROWS_7(X)  ROWS_6(X) X(6)
#define ROWS_8(X)  ROWS_7(X) X(7)
#define ROWS_9(X)  ROWS_8(X) X(8)
#define ROWS_10(X) ROWS_9(X) X(9)
#define ROWS_11(X) ROWS_10(X) X(10)
#define ROWS_12(X) ROWS_11(X) X(11)

/*
 * Weights come from far away when the first rows meet them, and in order; asked for this many bytes
 * ahead they arrive in time. Asking for what lies behind the end of a file does no harm.
 */
enum { AHEAD = 2048 };

/*
 * The whole product in tiles of up to most_rows rows, by functions tiles[rows], and of this many
 * outputs. The weights of a column of tiles stay near while all rows pass by; the tiles are of
 * nearly equal height.
 */
static void multiply_by_tiles(void (*const *tiles)(const tile *), size_t most_rows, size_t outputs,
                              const pli_linear *linear, const void *level, const pli_levels *levels,
                              size_t rows, float *out)
{
    size_t in = linear->in, column = (rows + most_rows - 1) / most_rows;
    for (size_t j = 0; j < linear->out; j += outputs)
        for (size_t i = 0, row = 0; i < column; i++) {
            size_t height = (rows - row + column - i - 1) / (column - i);
            const tile t = {
                .first = (const stored_level *)level + row * in,
                .levels = levels + row,
                .weights = linear->weights + j / 32 * 32 * in + j % 32 * 4,
                .scale = linear->scale + j,
                .sum = linear->sum + j,
                .bias = linear->bias + j,
                .out = out + row * linear->out + j,
                .in = in,
                .out_stride = linear->out,
            };
            tiles[height](&t);
            row += height;
        }
}

#endif
