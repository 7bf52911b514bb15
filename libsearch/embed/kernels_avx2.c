/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels for AVX2. Its product of bytes saturates at 16 bits, which 255 · 127 · 2 exceeds; so
 * levels are kept as 16-bit numbers, weights are widened as they are read, and each instruction
 * multiplies sixteen and adds the products by twos to eight sums.
 */
#include <config.h>

#include "embed/kernels.h"

#ifdef PLI_KERNELS_X86

#include <string.h>

#define TARGET        __attribute__((target("avx2")))
#define KERNEL        static TARGET
#define KERNEL_INLINE static inline __attribute__((always_inline)) TARGET

typedef uint16_t stored_level;
enum { TILE = 4 };
#define TILE_ROWS(X) X(0) X(1) X(2) X(3)

#include "embed/lanes_avx2.h"

#include "embed/kernels_rows.h"
#include "embed/kernels_tiles.h"

KERNEL_INLINE __m256i sixteen_weights(const signed char *weights)
{
    return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)weights));
}

KERNEL_INLINE __m256i four_levels(const uint16_t *level)
{
    long long four;
    memcpy(&four, level, sizeof four);
    return _mm256_set1_epi64x(four);
}

/*
 * sums += products. The addition is written as an instruction because gcc 12, given the intrinsic,
 * copies each sum to another register and back, and then spills them.
 */
KERNEL_INLINE void accumulate(__m256i *sums, __m256i levels, __m256i weights)
{
    __m256i products = _mm256_madd_epi16(levels, weights);
    __asm__("vpaddd %1, %0, %0" : "+x"(*sums) : "x"(products));
}

KERNEL_INLINE void finish(const tile *t, size_t row, __m256i low, __m256i high)
{
    /* adding neighbours goes by halves of 128 bits: 0 1 4 5 2 3 6 7, which the permutation mends */
    __m256i sums = _mm256_permute4x64_epi64(_mm256_hadd_epi32(low, high), 0xD8);
    __m256 y = _mm256_mul_ps(_mm256_cvtepi32_ps(sums), _mm256_set1_ps(t->levels[row].step));
    y = _mm256_add_ps(y,
                      _mm256_mul_ps(_mm256_loadu_ps(t->sum), _mm256_set1_ps(t->levels[row].low)));
    y = _mm256_add_ps(_mm256_mul_ps(y, _mm256_loadu_ps(t->scale)), _mm256_loadu_ps(t->bias));
    _mm256_storeu_ps(t->out + row * t->out_stride, y);
}

/*
 * Up to six rows by eight outputs of a panel: twelve registers of sums, two of weights, one of
 * levels, one of products. A step takes 4 inputs; a register of sums holds for each of 4 outputs
 * that over inputs 0 and 1 of each step, and that over 2 and 3.
 */
#define START(r) __m256i low##r = _mm256_setzero_si256(), high##r = low##r;
#define STEP(r)                                                                                    \
    levels = four_levels(level + r * in);                                                          \
    accumulate(&low##r, levels, w_low);                                                            \
    accumulate(&high##r, levels, w_high);
#define FINISH(r) finish(t, r, low##r, high##r);

#define TILE_OF(COUNT)                                                                             \
    KERNEL void tile_of_##COUNT(const tile *t)                                                     \
    {                                                                                              \
        const uint16_t *level = t->first;                                                          \
        const signed char *w = t->weights, *end = w + 32 * t->in;                                  \
        size_t in = t->in;                                                                         \
        ROWS_##COUNT(START);                                                                       \
        do {                                                                                       \
            __m256i w_low = sixteen_weights(w), w_high = sixteen_weights(w + 16), levels;          \
            _mm_prefetch(w + AHEAD, _MM_HINT_T0);                                                  \
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

enum { MOST_ROWS = 6, OUTPUTS = 8 };

static void (*const TILES[MOST_ROWS + 1])(const tile *) = {
    NULL, tile_of_1, tile_of_2, tile_of_3, tile_of_4, tile_of_5, tile_of_6};

static void multiply(const pli_linear *linear, const void *level, const pli_levels *levels,
                     size_t rows, float *out)
{
    multiply_by_tiles(TILES, MOST_ROWS, OUTPUTS, linear, level, levels, rows, out);
}

const pli_kernels pli_kernels_avx2 = {.name = "avx2",
                                      .level_size = sizeof(stored_level),
                                      .scale_bytes = scale_bytes,
                                      .add = add,
                                      .add_norm = add_norm,
                                      .gelu = gelu,
                                      .quantise = quantise,
                                      .multiply = multiply,
                                      .attend = attend};

#endif
