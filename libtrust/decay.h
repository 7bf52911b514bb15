/* SPDX-License-Identifier: MIT */
/*
 * The forgetting of reports: what is left at one time of a report made at another. Private to
 * libtrust; every sum, score and quarantine decision goes through pli_trust_decay.
 *
 * 2^(-x) is computed without libm, so that every machine with IEEE doubles gives the same bits and
 * the library depends on nothing. It is inline because it is most of the cost of an event.
 */
#ifndef PLURUM_TRUST_DECAY_H
#define PLURUM_TRUST_DECAY_H

#include <stdint.h>
#include <string.h>

#ifdef __FAST_MATH__
#error "libtrust needs IEEE arithmetic: NaN marks an absent confidence, the order of sums is fixed"
#endif

/* 2^(-j/64) for j = 0..63, correctly rounded. */
extern const double pli_trust_roots[64];

/*
 * 2^(-r) - 1 for 0 <= r < 1/64: the first seven terms (-ln 2)^i/i! of the series, in pairs, which
 * halves the time to the result; the eighth is below 6e-21.
 */
static inline double pli_trust_fraction(double r)
{
    double r2 = r * r;
    double terms_12 = -0x1.62e42fefa39efp-1 + r * 0x1.ebfbdff82c58fp-3;
    double terms_34 = -0x1.c6b08d704a0c0p-5 + r * 0x1.3b2ab6fba4e77p-7;
    double terms_56 = -0x1.5d87fe78a6731p-10 + r * 0x1.430912f86c787p-13;
    double term_7 = -0x1.ffcbfc588b0c7p-17;
    return r * (terms_12 + r2 * (terms_34 + r2 * (terms_56 + r2 * term_7)));
}

/* 2^n from its exponent bits; -1022 <= n <= 1023. */
static inline double pli_trust_power_of_two(int n)
{
    uint64_t bits = (uint64_t)(1023 + n) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/*
 * 2^(-x) for x >= 0; never above 1, and 0 from 1075 on. With x = k/64 + r:
 *
 *     2^(-x) = 2^(-(k >> 6)) · 2^(-(k & 63)/64) · 2^(-r)          0 <= r < 1/64
 *              exponent bits    table, ½ ulp       1 + fraction
 *
 * The splitting is exact. The relative error is that of the table entry and of one addition, at
 * most 2.3e-16 together. The power of two is applied as two factors: the first product is exact
 * and only the second rounds, once, when the result is subnormal, as ldexp does.
 */
static inline double pli_trust_exp2_minus(double x)
{
    if (!(x < 1075.0)) return 0.0;
    int k = (int)(x * 64.0);
    double root = pli_trust_roots[k & 63];
    double mantissa = root + root * pli_trust_fraction(x - k * 0x1p-6);
    return mantissa * pli_trust_power_of_two(64 - (k >> 6)) * 0x1p-64;
}

/* Seconds from `from` to `to`, 0 if that is backwards. Exact for every pair: the difference of two
 * int64 fits uint64, but not int64. */
static inline uint64_t pli_trust_age(int64_t from, int64_t to)
{
    return to > from ? (uint64_t)to - (uint64_t)from : 0;
}

/* What is left of a report of that age, in seconds; all without a half-life (0 or infinity). */
static inline double pli_trust_decay(uint64_t age, double half_life)
{
    return half_life > 0.0 ? pli_trust_exp2_minus((double)age / half_life) : 1.0;
}

#endif
