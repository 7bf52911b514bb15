/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arithmetic that an answer may depend on: one plain loop in index order, in double. The same
 * bits come out whatever compiler, instruction set or number of threads; speed is the kernels' part.
 */
#include <config.h>

#include "vector/flat.h"

#include <math.h>

#include "base/error.h"

#ifdef __FAST_MATH__
#error "a cosine must be summed in index order: build without -ffast-math"
#endif

/*
 * The product of two floats is exact in double (24 + 24 bits of 53), so only the sum rounds, and a
 * fused multiply-add would not change a bit.
 */
double pli_dot(const float *a, const float *b, uint32_t dim)
{
    double sum = 0;
    for (uint32_t i = 0; i < dim; i++) sum += (double)a[i] * (double)b[i];
    return sum;
}

void pli_dots(double out[PLI_DOTS], const float *a, const float *const b[PLI_DOTS], uint32_t dim)
{
    double sum[PLI_DOTS] = {0};
    for (uint32_t i = 0; i < dim; i++)
        for (int j = 0; j < PLI_DOTS; j++) sum[j] += (double)a[i] * (double)b[j][i];
    for (int j = 0; j < PLI_DOTS; j++) out[j] = sum[j];
}

plurum_status pli_vector_normalise(float *vector, uint32_t dim, int *is_zero, plurum_error *error)
{
    for (uint32_t i = 0; i < dim; i++) {
        if (isfinite(vector[i])) continue;
        pli_fail(error, PLURUM_INVALID, "the vector has %g at %u, expected finite numbers",
                 (double)vector[i], (unsigned)i);
        if (error) error->position = i;
        return PLURUM_INVALID;
    }
    /* squares of floats lie within 1e-90 .. 1.2e77, far inside a double's range */
    double norm = sqrt(pli_dot(vector, vector, dim));
    *is_zero = norm == 0;
    if (*is_zero) return PLURUM_OK;
    for (uint32_t i = 0; i < dim; i++) vector[i] = (float)(vector[i] / norm);
    return PLURUM_OK;
}
