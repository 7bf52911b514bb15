/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels for AVX-512 with VNNI: one instruction multiplies 64 levels by 64 weights and adds the
 * products by fours to sixteen sums.
 */
#include <config.h>

#include "embed/kernels.h"

#ifdef PLI_KERNELS_X86

#include <string.h>

#define TARGET        __attribute__((target("avx512f,avx512bw,avx512vnni")))
#define KERNEL        static TARGET
#define KERNEL_INLINE static inline __attribute__((always_inline)) TARGET

typedef uint8_t stored_level;
enum { TILE = 8 };
#define TILE_ROWS(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7)

#include "embed/lanes_avx512.h"

#include "embed/kernels_rows.h"
#include "embed/kernels_tiles.h"

/*
 * sums += products. Written as an instruction because gcc 12, given the intrinsic, copies each sum
 * to another register and back and then spills them: 187 instead of 315 GMAC/s with twelve rows.
 */
KERNEL_INLINE void accumulate(__m512i *sums, __m512i levels, __m512i weights)
{
    __asm__("vpdpbusd %2, %1, %0" : "+v"(*sums) : "v"(levels), "v"(weights));
}

KERNEL_INLINE __m512i four_levels(const uint8_t *level)
{
    int four;
    memcpy(&four, level, sizeof four);
    return _mm512_set1_epi32(four);
}

KERNEL_INLINE void finish(const tile *t, size_t row, size_t half, __m512i sums)
{
    size_t j = 16 * half;
    lanes y = lanes_mul(_mm512_cvtepi32_ps(sums), lanes_all(t->levels[row].step));
    y = lanes_add(y, lanes_mul(lanes_load(t->sum + j), lanes_all(t->levels[row].low)));
    y = lanes_add(lanes_mul(y, lanes_load(t->scale + j)), lanes_load(t->bias + j));
    lanes_store(t->out + row * t->out_stride + j, y);
}

/*
 * Up to twelve rows by the 32 outputs of a panel: 24 registers of sums, two of weights, one of
 * levels. A step takes 4 inputs: 128 bytes of weights against 4 levels of each row, 24 products
 * for 14 loads.
 */
#define START(r) __m512i low##r = _mm512_setzero_si512(), high##r = low##r;
#define STEP(r)                                                                                    \
    levels = four_levels(level + r * in);                                                          \
    accumulate(&low##r, levels, w_low);                                                            \
    accumulate(&high##r, levels, w_high);
#define FINISH(r)                                                                                  \
    finish(t, r, 0, low##r);                                                                       \
    finish(t, r, 1, high##r);

#define TILE_OF(COUNT)                                                                             \
    KERNEL void tile_of_##COUNT(const tile *t)                                                     \
    {                                                                                              \
        const uint8_t *level = t->first;                                                           \
        const signed char *w = t->weights, *end = w + 32 * t->in;                                  \
        size_t in = t->in;                                                                         \
        ROWS_##COUNT(START);                                                                       \
        do {                                                                                       \
            __m512i w_low = _mm512_loadu_si512(w), w_high = _mm512_loadu_si512(w + 64), levels;    \
            _mm_prefetch(w + AHEAD, _MM_HINT_T0);                                                  \
            _mm_prefetch(w + AHEAD + 64, _MM_HINT_T0);                                             \
            ROWS_##COUNT(STEP);                                                                    \
            level += 4;                                                                            \
            w += 128;                                                                              \
        } while (w < end);                                                                         \
        ROWS_##COUNT(FINISH);                                                                      \
    }

TILE_OF(1)
TILE_OF(2)
TILE_OF(3)
TILE_OF(4)
TILE_OF(5)
TILE_OF(6)
TILE_OF(7)
TILE_OF(8)
TILE_OF(9)
TILE_OF(10)
TILE_OF(11)
TILE_OF(12)

enum { MOST_ROWS = 12, OUTPUTS = 32 };

static void (*const TILES[MOST_ROWS + 1])(const tile *) = {
    NULL,      tile_of_1, tile_of_2, tile_of_3,  tile_of_4,  tile_of_5, tile_of_6,
    tile_of_7, tile_of_8, tile_of_9, tile_of_10, tile_of_11, tile_of_12};

static void multiply(const pli_linear *linear, const void *level, const pli_levels *levels,
                     size_t rows, float *out)
{
    multiply_by_tiles(TILES, MOST_ROWS, OUTPUTS, linear, level, levels, rows, out);
}

const pli_kernels pli_kernels_vnni = {.name = "vnni",
                                      .level_size = sizeof(stored_level),
                                      .scale_bytes = scale_bytes,
                                      .add = add,
                                      .add_norm = add_norm,
                                      .gelu = gelu,
                                      .quantise = quantise,
                                      .multiply = multiply,
                                      .attend = attend};

#endif
