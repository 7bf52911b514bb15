/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Codes of vectors: integers, so that a cosine has no order of summation.
 */
#include <config.h>

#include "vector/code.h"

#include <math.h>

#include <plurum/embed.h>

void pli_code_of(int8_t *code, const float *vector, size_t dim)
{
    double most = 0.0;
    for (size_t i = 0; i < dim; i++) most = fmax(most, fabs((double)vector[i]));
    for (size_t i = 0; i < dim; i++) code[i] = (int8_t)nearbyint(127.0 * (double)vector[i] / most);
}

_Static_assert(PLURUM_DIM_MAX <= INT32_MAX / (127 * 127), "a product of codes fits 32 bits");

enum { BLOCK = 32 }; /* a number that compilers see, so that they make vector code of it */

static int32_t product_of_block(const int8_t *a, const int8_t *b)
{
    int32_t sum = 0;
    for (int i = 0; i < BLOCK; i++) sum += a[i] * b[i];
    return sum;
}

static int32_t product(const int8_t *a, const int8_t *b, size_t dim)
{
    int32_t sum = 0;
    size_t i = 0;
    for (; i + BLOCK <= dim; i += BLOCK) sum += product_of_block(a + i, b + i);
    for (; i < dim; i++) sum += a[i] * b[i];
    return sum;
}

double pli_code_cosine(const int8_t *a, const int8_t *b, size_t dim)
{
    double squares = (double)product(a, a, dim) * (double)product(b, b, dim);
    return squares > 0.0 ? product(a, b, dim) / sqrt(squares) : 0.0;
}
