/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernels that work on rows of floats, written once. A kernels_*.c includes this after
 *
 *   its lanes_*.h    sixteen floats side by side: the type `lanes` and its operations
 *   KERNEL           what stands before a function: static, and the instruction set;
 *   KERNEL_INLINE    the same for one that must disappear
 *   stored_level     the type in which it keeps levels
 *   TILE, TILE_ROWS  how many rows a product takes at a time, and X(0) … X(TILE - 1)
 *
 * Nothing here is fused or reordered by the compiler, sums over a row go by lanes first and then by
 * halves, and so all instruction sets give the same bits.
 */
#ifndef PLI_EMBED_KERNELS_ROWS_H
#define PLI_EMBED_KERNELS_ROWS_H

#include <math.h>
#include <string.h>

#include "embed/kernels.h"

enum { LANES = 16 };

KERNEL void scale_bytes(float *out, const signed char *bytes, float scale, size_t n)
{
    for (size_t i = 0; i < n; i += LANES)
        lanes_store(out + i, lanes_mul(lanes_bytes(bytes + i), lanes_all(scale)));
}

KERNEL void add(float *sum, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i += LANES)
        lanes_store(sum + i, lanes_add(lanes_load(sum + i), lanes_load(x + i)));
}

KERNEL void add_norm(float *x, const float *y, const float *norm, float epsilon, size_t n)
{
    lanes sum = lanes_all(0), squares = lanes_all(0);
    for (size_t i = 0; i < n; i += LANES) {
        lanes both = lanes_add(lanes_load(x + i), lanes_load(y + i));
        lanes_store(x + i, both);
        sum = lanes_add(sum, both);
    }
    lanes mean = lanes_all(lanes_sum(sum) / (float)n);
    for (size_t i = 0; i < n; i += LANES) {
        lanes off = lanes_sub(lanes_load(x + i), mean);
        squares = lanes_add(squares, lanes_mul(off, off));
    }
    lanes factor = lanes_all(1 / sqrtf(lanes_sum(squares) / (float)n + epsilon));
    for (size_t i = 0; i < n; i += LANES) {
        lanes unit = lanes_mul(lanes_sub(lanes_load(x + i), mean), factor);
        lanes_store(x + i,
                    lanes_add(lanes_mul(unit, lanes_load(norm + i)), lanes_load(norm + n + i)));
    }
}

/* A step of Horner's rule. */
KERNEL_INLINE lanes step(lanes y, lanes x, float c)
{
    return lanes_add(lanes_mul(y, x), lanes_all(c));
}

/*
 * GELU(x) = x/2 + x · erf(x/√2)/2. For |x| ≤ X = 3.4·√2, erf(x/√2)/2 = x · P(2x²/X² - 1) with the
 * polynomial P of least error in x · erf; beyond, erf is that of X, which is 1 - 1.5e-6. In powers
 * of 2x²/X² - 1, which lies in [-1, 1], rounding does not grow as it would in powers of x².
 */
KERNEL void gelu(float *x, size_t n)
{
    const float limit = 4.808326f, twice = (float)(2 / (4.808326 * 4.808326));
    for (size_t i = 0; i < n; i += LANES) {
        lanes v = lanes_load(x + i);
        lanes c = lanes_max(lanes_min(v, lanes_all(limit)), lanes_all(-limit));
        lanes t = lanes_sub(lanes_mul(lanes_mul(c, c), lanes_all(twice)), lanes_all(1));
        lanes p = lanes_all(1.472563776e-3f);
        p = step(p, t, -4.268678815e-3f);
        p = step(p, t, 5.456312428e-3f);
        p = step(p, t, -7.487464821e-3f);
        p = step(p, t, 1.393922621e-2f);
        p = step(p, t, -2.227590504e-2f);
        p = step(p, t, 3.077126589e-2f);
        p = step(p, t, -4.056308502e-2f);
        p = step(p, t, 5.284791628e-2f);
        p = step(p, t, -7.286587875e-2f);
        p = step(p, t, 1.469600315e-1f);
        lanes_store(x + i, lanes_mul(v, step(c, p, .5f)));
    }
}

/* Sums and differences of numbers that are `span` apart. */
KERNEL_INLINE void turn_once(float *x, size_t n, size_t span)
{
    for (size_t begin = 0; begin < n; begin += 2 * span)
        for (size_t i = begin; i < begin + span; i += LANES) {
            lanes a = lanes_load(x + i), b = lanes_load(x + i + span);
            lanes_store(x + i, lanes_add(a, b));
            lanes_store(x + i + span, lanes_sub(a, b));
        }
}

KERNEL void quantise(void *out, pli_levels *levels, const float *x, const float *smooth, size_t n,
                     float *turned)
{
    for (size_t i = 0; i < n; i += LANES)
        lanes_store(turned + i, lanes_mul(lanes_load(x + i), lanes_load(smooth + i)));
    for (size_t span = LANES; n % (2 * span) == 0; span *= 2) turn_once(turned, n, span);
    lanes least = lanes_load(turned), greatest = least;
    for (size_t i = LANES; i < n; i += LANES) {
        lanes y = lanes_load(turned + i);
        least = lanes_min(least, y);
        greatest = lanes_max(greatest, y);
    }
    levels->low = lanes_least(least);
    float range = lanes_greatest(greatest) - levels->low;
    levels->step = range / 255;
    lanes low = lanes_all(levels->low), inverse = lanes_all(range > 0 ? 255 / range : 0);
    for (size_t i = 0; i < n; i += LANES) {
        lanes y = lanes_sub(lanes_load(turned + i), low);
        lanes_store_levels((stored_level *)out + i, lanes_mul(y, inverse));
    }
}

/* ---- attention ------------------------------------------------------------------------------- */

/*
 * e^x for x ≤ 0, within 2e-7 of it; below -86 it is that of -86, which is 0 beside 1. With
 * n = round(x / ln 2), e^x = 2^n · e^r, |r| ≤ ln 2 / 2. Adding 1.5 · 2^23 rounds to a whole number
 * and leaves n in the last bits; ln 2 is taken away in two parts, the first exact in n · HIGH.
 */
KERNEL_INLINE lanes exponential(lanes x)
{
    const lanes high = lanes_all(.693359375f), low = lanes_all(-2.12194440e-4f);
    const lanes whole = lanes_all(12582912.f);
    x = lanes_max(x, lanes_all(-86));
    lanes shifted = lanes_add(lanes_mul(x, lanes_all(1.44269504f)), whole);
    lanes n = lanes_sub(shifted, whole);
    lanes r = lanes_sub(lanes_sub(x, lanes_mul(n, high)), lanes_mul(n, low));
    lanes e = lanes_all(1.f / 720);
    e = step(e, r, 1.f / 120);
    e = step(e, r, 1.f / 24);
    e = step(e, r, 1.f / 6);
    e = step(e, r, 1.f / 2);
    e = step(e, r, 1);
    e = step(e, r, 1);
    return lanes_times_power(e, shifted);
}

/* In place: e^(scale · (score - greatest)) over their sum. */
KERNEL void softmax(float *scores, size_t n, float scale)
{
    lanes greatest = lanes_load(scores), sum = lanes_all(0);
    for (size_t i = LANES; i < n; i += LANES)
        greatest = lanes_max(greatest, lanes_load(scores + i));
    greatest = lanes_all(lanes_greatest(greatest));
    for (size_t i = 0; i < n; i += LANES) {
        lanes off = lanes_sub(lanes_load(scores + i), greatest);
        lanes e = exponential(lanes_mul(off, lanes_all(scale)));
        lanes_store(scores + i, e);
        sum = lanes_add(sum, e);
    }
    lanes inverse = lanes_all(1 / lanes_sum(sum));
    for (size_t i = 0; i < n; i += LANES)
        lanes_store(scores + i, lanes_mul(lanes_load(scores + i), inverse));
}

/* Sixteen columns of a product: out[r][0..16) = start + Σ_k a[r][k] · b[k][0..16). */
KERNEL void product(float *const out[TILE], const float *const a[TILE], const float *b,
                    size_t b_stride, size_t depth, lanes start)
{
#define POINT(r)  const float *a##r = a[r];
#define START(r)  lanes sum##r = start;
#define STEP(r)   sum##r = lanes_add(sum##r, lanes_mul(lanes_all(a##r[k]), row));
#define FINISH(r) lanes_store(out[r], sum##r);
    TILE_ROWS(POINT)
    TILE_ROWS(START)
    for (size_t k = 0; k < depth; k++, b += b_stride) {
        lanes row = lanes_load(b);
        TILE_ROWS(STEP)
    }
    TILE_ROWS(FINISH)
#undef POINT
#undef START
#undef STEP
#undef FINISH
}

/*
 * One head of a text. Its keys are transposed and its values brought together: in the rows that
 * they come from, neighbours are so many bytes apart that they would share a few lines of the
 * cache.
 */
typedef struct head {
    size_t tokens, padded, size; /* padded: to whole lanes */
    const float *queries;
    size_t query_stride;
    float *keys;   /* size × padded, zeros behind the last token */
    float *values; /* tokens × size                              */
    float *scores; /* TILE × padded                              */
} head;

KERNEL void gather(head *h, const float *keys, const float *values, size_t stride)
{
    for (size_t i = 0; i < h->tokens; i++) {
        for (size_t d = 0; d < h->size; d++) h->keys[d * h->padded + i] = keys[i * stride + d];
        memcpy(h->values + i * h->size, values + i * stride, h->size * sizeof *values);
    }
    for (size_t d = 0; d < h->size; d++)
        for (size_t i = h->tokens; i < h->padded; i++) h->keys[d * h->padded + i] = 0;
}

/*
 * The results of TILE queries from `first` on into rows of out. Where there are fewer, the last one
 * stands for the rest, which write the same numbers to its places once more. beyond: -infinity in
 * the lanes of the last sixteen scores that are no token.
 */
KERNEL void attend_tile(const head *h, size_t first, float *out, size_t out_stride, lanes beyond)
{
    const float *queries[TILE], *weights[TILE];
    float *scores[TILE], *rows[TILE], *columns[TILE];
    float scale = 1 / sqrtf((float)h->size);
    size_t count = h->tokens - first < TILE ? h->tokens - first : TILE;
    for (size_t r = 0; r < TILE; r++) {
        size_t row = r < count ? r : count - 1;
        queries[r] = h->queries + (first + row) * h->query_stride;
        rows[r] = out + (first + row) * out_stride;
        weights[r] = scores[r] = h->scores + row * h->padded;
    }
    for (size_t i = 0; i < h->padded; i += LANES) {
        lanes start = i + LANES < h->padded ? lanes_all(0) : beyond;
        for (size_t r = 0; r < TILE; r++) columns[r] = scores[r] + i;
        product(columns, queries, h->keys + i, h->padded, h->size, start);
    }
    for (size_t r = 0; r < count; r++) softmax(scores[r], h->padded, scale);
    for (size_t d = 0; d < h->size; d += LANES) {
        for (size_t r = 0; r < TILE; r++) columns[r] = rows[r] + d;
        product(columns, weights, h->values + d, h->size, h->tokens, lanes_all(0));
    }
}

KERNEL void attend(const pli_attention *with, const float *qkv, float *out)
{
    size_t tokens = with->tokens, size = with->head_size, width = with->heads * size;
    size_t padded = (tokens + LANES - 1) / LANES * LANES;
    float beyond[LANES];
    for (size_t i = 0; i < LANES; i++) beyond[i] = padded - LANES + i < tokens ? 0 : -INFINITY;
    for (size_t at = 0; at < width; at += size) {
        head h = {.tokens = tokens,
                  .padded = padded,
                  .size = size,
                  .queries = qkv + at,
                  .query_stride = 3 * width,
                  .keys = with->scratch,
                  .values = with->scratch + size * padded,
                  .scores = with->scratch + 2 * size * padded};
        gather(&h, qkv + width + at, qkv + 2 * width + at, 3 * width);
        for (size_t first = 0; first < tokens; first += TILE)
            attend_tile(&h, first, out + at, width, lanes_load(beyond));
    }
}

#endif
