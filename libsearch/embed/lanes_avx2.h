/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sixteen floats in two AVX registers. For kernels_rows.h; what each operation does is said in
 * lanes_plain.h.
 */
#ifndef PLI_EMBED_LANES_AVX2_H
#define PLI_EMBED_LANES_AVX2_H

#include <immintrin.h>
#include <stdint.h>

typedef struct lanes {
    __m256 low, high;
} lanes;

KERNEL_INLINE lanes lanes_all(float x)
{
    return (lanes){_mm256_set1_ps(x), _mm256_set1_ps(x)};
}

KERNEL_INLINE lanes lanes_load(const float *x)
{
    return (lanes){_mm256_loadu_ps(x), _mm256_loadu_ps(x + 8)};
}

KERNEL_INLINE void lanes_store(float *out, lanes x)
{
    _mm256_storeu_ps(out, x.low);
    _mm256_storeu_ps(out + 8, x.high);
}

KERNEL_INLINE lanes lanes_bytes(const signed char *bytes)
{
    __m128i all = _mm_loadu_si128((const __m128i *)bytes);
    return (lanes){_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(all)),
                   _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_srli_si128(all, 8)))};
}

KERNEL_INLINE void lanes_store_levels(uint16_t *out, lanes x)
{
    /* packing goes by halves of 128 bits: 0-3 8-11 4-7 12-15, which the permutation mends */
    __m256i packed = _mm256_packs_epi32(_mm256_cvtps_epi32(x.low), _mm256_cvtps_epi32(x.high));
    _mm256_storeu_si256((__m256i *)out, _mm256_permute4x64_epi64(packed, 0xD8));
}

KERNEL_INLINE lanes lanes_add(lanes a, lanes b)
{
    return (lanes){_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)};
}

KERNEL_INLINE lanes lanes_sub(lanes a, lanes b)
{
    return (lanes){_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)};
}

KERNEL_INLINE lanes lanes_mul(lanes a, lanes b)
{
    return (lanes){_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)};
}

KERNEL_INLINE lanes lanes_min(lanes a, lanes b)
{
    return (lanes){_mm256_min_ps(a.low, b.low), _mm256_min_ps(a.high, b.high)};
}

KERNEL_INLINE lanes lanes_max(lanes a, lanes b)
{
    return (lanes){_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)};
}

KERNEL_INLINE __m256 times_power(__m256 x, __m256 shifted)
{
    __m256i power = _mm256_slli_epi32(_mm256_castps_si256(shifted), 23);
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(x), power));
}

KERNEL_INLINE lanes lanes_times_power(lanes x, lanes shifted)
{
    return (lanes){times_power(x.low, shifted.low), times_power(x.high, shifted.high)};
}

/* 16 lanes to 8, 4, 2, 1. */
#define FOLD(operation, x)                                                                         \
    __m256 x8 = _mm256_##operation##_ps(x.low, x.high);                                            \
    __m128 x4 = _mm_##operation##_ps(_mm256_castps256_ps128(x8), _mm256_extractf128_ps(x8, 1));    \
    __m128 x2 = _mm_##operation##_ps(x4, _mm_movehl_ps(x4, x4));                                   \
    return _mm_cvtss_f32(_mm_##operation##_ss(x2, _mm_shuffle_ps(x2, x2, 1)))

KERNEL_INLINE float lanes_sum(lanes x)
{
    FOLD(add, x);
}

KERNEL_INLINE float lanes_least(lanes x)
{
    FOLD(min, x);
}

KERNEL_INLINE float lanes_greatest(lanes x)
{
    FOLD(max, x);
}

#endif
