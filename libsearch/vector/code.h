/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vectors as codes of a byte a dimension, for what is compared roughly and kept in numbers: a quarter
 * of the bytes, cosines within .01. Only the direction is kept.
 */
#ifndef PLI_VECTOR_CODE_H
#define PLI_VECTOR_CODE_H

#include <stddef.h>
#include <stdint.h>

/* code[i] = round(127·vector[i] / largest |vector[j]|), halves to the even one. The vector is finite
 * and not zero. */
void pli_code_of(int8_t *code, const float *vector, size_t dim);

/* The cosine of two codes, the same bits everywhere; 0 where one is all zeros. dim ≤ PLURUM_DIM_MAX. */
double pli_code_cosine(const int8_t *a, const int8_t *b, size_t dim);

#endif
