/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sixteen floats in one AVX-512 register. For kernels_rows.h; what each operation does is said in
 * lanes_plain.h.
 */
#ifndef PLI_EMBED_LANES_AVX512_H
#define PLI_EMBED_LANES_AVX512_H

#include <immintrin.h>
#include <stdint.h>

typedef __m512 lanes;

KERNEL_INLINE lanes lanes_all(float x)
{
    return _mm512_set1_ps(x);
}

KERNEL_INLINE lanes lanes_load(const float *x)
{
    return _mm512_loadu_ps(x);
}

KERNEL_INLINE void lanes_store(float *out, lanes x)
{
    _mm512_storeu_ps(out, x);
}

KERNEL_INLINE lanes lanes_bytes(const signed char *bytes)
{
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)bytes)));
}

KERNEL_INLINE void lanes_store_levels(uint8_t *out, lanes x)
{
    _mm_storeu_si128((__m128i *)out, _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(x)));
}

KERNEL_INLINE lanes lanes_add(lanes a, lanes b)
{
    return _mm512_add_ps(a, b);
}

KERNEL_INLINE lanes lanes_sub(lanes a, lanes b)
{
    return _mm512_sub_ps(a, b);
}

KERNEL_INLINE lanes lanes_mul(lanes a, lanes b)
{
    return _mm512_mul_ps(a, b);
}

KERNEL_INLINE lanes lanes_min(lanes a, lanes b)
{
    return _mm512_min_ps(a, b);
}

KERNEL_INLINE lanes lanes_max(lanes a, lanes b)
{
    return _mm512_max_ps(a, b);
}

KERNEL_INLINE lanes lanes_times_power(lanes x, lanes shifted)
{
    __m512i power = _mm512_slli_epi32(_mm512_castps_si512(shifted), 23);
    return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(x), power));
}

/* The upper halves of the lower 16, 8, 4 and 2 lanes. */
#define UPPER_8(x) _mm512_shuffle_f32x4(x, x, 0xEE)
#define UPPER_4(x) _mm512_shuffle_f32x4(x, x, 0x55)
#define UPPER_2(x) _mm512_permute_ps(x, 0xEE)
#define UPPER_1(x) _mm512_permute_ps(x, 0x55)
#define FOLD(operation, x)                                                                         \
    x = operation(x, UPPER_8(x));                                                                  \
    x = operation(x, UPPER_4(x));                                                                  \
    x = operation(x, UPPER_2(x));                                                                  \
    x = operation(x, UPPER_1(x));                                                                  \
    return _mm512_cvtss_f32(x)

KERNEL_INLINE float lanes_sum(lanes x)
{
    FOLD(_mm512_add_ps, x);
}

KERNEL_INLINE float lanes_least(lanes x)
{
    FOLD(_mm512_min_ps, x);
}

KERNEL_INLINE float lanes_greatest(lanes x)
{
    FOLD(_mm512_max_ps, x);
}

#endif
