/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inner products in single precision, as fast as the processor allows. Their last bits differ from
 * one instruction set to the next: they propose, and pli_dot decides (cosine.c).
 */
#ifndef PLI_VECTOR_KERNEL_H
#define PLI_VECTOR_KERNEL_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef float pli_kernel(const float *a, const float *b, size_t dim);

/* The fastest that this processor has. Fetch it once a search, not once a product. */
pli_kernel *pli_kernel_best(void);

/* All that this processor has, the plain one first; NULL at i = their number (for tests). */
pli_kernel *pli_kernel_at(size_t i);

#ifdef __cplusplus
}
#endif

#endif
