/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels in plain C, for processors without better ones and as the reference of those.
 */
#include <config.h>

#include "embed/kernels.h"

#define KERNEL        static
#define KERNEL_INLINE static inline

typedef uint8_t stored_level;
enum { TILE = 4 };
#define TILE_ROWS(X) X(0) X(1) X(2) X(3)

#include "embed/lanes_plain.h"

#include "embed/kernels_rows.h"

/* One row by the 32 outputs of a panel. */
static void multiply_panel(int32_t sums[32], const uint8_t *level, const signed char *weights,
                           size_t in)
{
    for (size_t j = 0; j < 32; j++) sums[j] = 0;
    for (size_t k = 0; k < in; k += 4, level += 4)
        for (size_t j = 0; j < 32; j++, weights += 4)
            sums[j] += level[0] * weights[0] + level[1] * weights[1] + level[2] * weights[2] +
                       level[3] * weights[3];
}

static void multiply(const pli_linear *linear, const void *level, const pli_levels *levels,
                     size_t rows, float *out)
{
    int32_t sums[32];
    for (size_t j = 0; j < linear->out; j += 32)
        for (size_t i = 0; i < rows; i++) {
            multiply_panel(sums, (const uint8_t *)level + i * linear->in,
                           linear->weights + j * linear->in, linear->in);
            for (size_t c = 0; c < 32; c++) {
                float y = (float)sums[c] * levels[i].step + linear->sum[j + c] * levels[i].low;
                out[i * linear->out + j + c] = y * linear->scale[j + c] + linear->bias[j + c];
            }
        }
}

const pli_kernels pli_kernels_plain = {.name = "plain",
                                       .level_size = sizeof(stored_level),
                                       .scale_bytes = scale_bytes,
                                       .add = add,
                                       .add_norm = add_norm,
                                       .gelu = gelu,
                                       .quantise = quantise,
                                       .multiply = multiply,
                                       .attend = attend};
