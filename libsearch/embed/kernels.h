/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arithmetic of a transformer, once for each instruction set.
 *
 * Products with weight matrices are of 8-bit integers, everything else is in single precision.
 * Every implementation gives the same bits: integer sums are exact, and what is done in floats is
 * done by the same operations in the same order, sixteen numbers side by side, never fused
 * (kernels_rows.h). So vectors depend neither on the machine nor on what else is in a batch.
 *
 * Rows are tokens; the sizes of rows are multiples of PLI_KERNEL_STEP numbers.
 */
#ifndef PLI_EMBED_KERNELS_H
#define PLI_EMBED_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define PLI_KERNEL_STEP 32

/*
 * A matrix of weights w[j][k] ≈ scale[j] · q[j][k] from in numbers to out, multiples of 32 both.
 * The q come in panels of 32 outputs, each panel in steps of 4 inputs: byte
 * (j / 32 · in / 4 + k / 4) · 128 + j % 32 · 4 + k % 4.
 */
typedef struct pli_linear {
    uint32_t in, out;
    const float *smooth;        /* in: an input is multiplied by it before it is turned */
    const float *scale;         /* out                                                  */
    const float *sum;           /* out: Σ_k q[j][k]                                     */
    const float *bias;          /* out                                                  */
    const signed char *weights; /* in · out; need no alignment                          */
} pli_linear;

/* A row of numbers as levels 0 to 255: number ≈ low + step · level. */
typedef struct pli_levels {
    float low, step;
} pli_levels;

/* Attention of one text. */
typedef struct pli_attention {
    size_t tokens;
    size_t heads, head_size; /* head_size: a multiple of 16 */
    float *scratch;          /* PLI_ATTENTION_SCRATCH(tokens, head_size) floats */
} pli_attention;

#define PLI_ATTENTION_SCRATCH(tokens, head_size)                                                   \
    ((((tokens) + 15) & ~(size_t)15) * (2 * (head_size) + 8))

typedef struct pli_kernels {
    const char *name;  /* "vnni", "avx2", "plain"                        */
    size_t level_size; /* bytes in which it keeps a level: 1, or 2       */

    /* out[n] = scale · bytes[n] */
    void (*scale_bytes)(float *out, const signed char *bytes, float scale, size_t n);

    /* sum[n] += x[n] */
    void (*add)(float *sum, const float *x, size_t n);

    /*
     * Layer normalisation of x + y, in place: each row to mean 0 and variance 1, then by gain and
     * offset, norm[0..n) and norm[n..2n).
     */
    void (*add_norm)(float *x, const float *y, const float *norm, float epsilon, size_t n);

    /* x · Φ(x), the exact GELU, within 5e-6. */
    void (*gelu)(float *x, size_t n);

    /*
     * The row x · smooth, turned, as levels of level_size bytes. Turning replaces numbers 16 apart
     * by their sums and differences, then those 32 apart, 64 and so on, as long as pairs fill the
     * row: Hadamard transforms, which share out what is large in a few places, so that levels lie
     * closer. turned: room for n numbers.
     */
    void (*quantise)(void *out, pli_levels *levels, const float *x, const float *smooth, size_t n,
                     float *turned);

    /*
     * out[i][j] = scale[j] · (step_i · Σ_k level[i][k] q[j][k] + low_i · sum[j]) + bias[j].
     * level: rows × in; out: rows × linear->out.
     */
    void (*multiply)(const pli_linear *linear, const void *level, const pli_levels *levels,
                     size_t rows, float *out);

    /*
     * Softmax(q·k / √head_size) · v for every head. qkv: tokens × 3 · heads · head_size, the heads'
     * queries first, then keys, then values; out: tokens × heads · head_size.
     */
    void (*attend)(const pli_attention *attention, const float *qkv, float *out);
} pli_kernels;

/* The fastest that this processor has. */
const pli_kernels *pli_kernels_best(void);

/* One by name; NULL where the processor, or this build, does not have it. */
const pli_kernels *pli_kernels_named(const char *name);

extern const pli_kernels pli_kernels_plain;
#if defined(__x86_64__) && defined(__GNUC__)
#define PLI_KERNELS_X86 1
extern const pli_kernels pli_kernels_avx2, pli_kernels_vnni;
#endif

#endif
