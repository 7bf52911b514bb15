/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sixteen floats side by side in plain C, for kernels_rows.h: the meaning of each operation, which
 * lanes_avx2.h and lanes_avx512.h have to give bit for bit.
 */
#ifndef PLI_EMBED_LANES_PLAIN_H
#define PLI_EMBED_LANES_PLAIN_H

#include <stdint.h>
#include <string.h>

typedef struct lanes {
    float at[16];
} lanes;

#define EACH for (int i = 0; i < 16; i++)

/* x in every lane. */
KERNEL_INLINE lanes lanes_all(float x)
{
    lanes all;
    EACH all.at[i] = x;
    return all;
}

KERNEL_INLINE lanes lanes_load(const float *x)
{
    lanes loaded;
    memcpy(&loaded, x, sizeof loaded);
    return loaded;
}

KERNEL_INLINE void lanes_store(float *out, lanes x)
{
    memcpy(out, &x, sizeof x);
}

/* Sixteen bytes as floats. */
KERNEL_INLINE lanes lanes_bytes(const signed char *bytes)
{
    lanes x;
    EACH x.at[i] = (float)bytes[i];
    return x;
}

/*
 * Each lane, a number from 0 to 255, to the nearest whole number, halves to the even one. Adding
 * 1.5 · 2^23 leaves that in the last bits; what is no number gives some level too.
 */
KERNEL_INLINE void lanes_store_levels(uint8_t *out, lanes x)
{
    uint32_t bits[16];
    EACH x.at[i] += 12582912.f;
    memcpy(bits, &x, sizeof bits);
    EACH out[i] = (uint8_t)bits[i];
}

KERNEL_INLINE lanes lanes_add(lanes a, lanes b)
{
    EACH a.at[i] += b.at[i];
    return a;
}

KERNEL_INLINE lanes lanes_sub(lanes a, lanes b)
{
    EACH a.at[i] -= b.at[i];
    return a;
}

KERNEL_INLINE lanes lanes_mul(lanes a, lanes b)
{
    EACH a.at[i] *= b.at[i];
    return a;
}

KERNEL_INLINE lanes lanes_min(lanes a, lanes b)
{
    EACH a.at[i] = a.at[i] < b.at[i] ? a.at[i] : b.at[i];
    return a;
}

KERNEL_INLINE lanes lanes_max(lanes a, lanes b)
{
    EACH a.at[i] = a.at[i] > b.at[i] ? a.at[i] : b.at[i];
    return a;
}

/* x · 2^n for normal numbers x and x · 2^n, where `shifted` is n + 1.5 · 2^23. */
KERNEL_INLINE lanes lanes_times_power(lanes x, lanes shifted)
{
    uint32_t bits[16], power[16];
    memcpy(bits, &x, sizeof bits);
    memcpy(power, &shifted, sizeof power);
    EACH bits[i] += power[i] << 23;
    memcpy(&x, bits, sizeof x);
    return x;
}

/* Sixteen lanes to one by halves: lane i with lane i + 8, then + 4, + 2, + 1. */
#define FOLD(x, operation)                                                                         \
    for (int half = 8; half > 0; half /= 2)                                                        \
        for (int i = 0; i < half; i++) {                                                           \
            float a = x.at[i], b = x.at[i + half];                                                 \
            x.at[i] = operation;                                                                   \
        }                                                                                          \
    return x.at[0]

KERNEL_INLINE float lanes_sum(lanes x)
{
    FOLD(x, a + b);
}

KERNEL_INLINE float lanes_least(lanes x)
{
    FOLD(x, a < b ? a : b);
}

KERNEL_INLINE float lanes_greatest(lanes x)
{
    FOLD(x, a > b ? a : b);
}

#endif
