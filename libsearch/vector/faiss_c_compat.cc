/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of FAISS's C API that this room uses, over a libfaiss that ships the C headers without
 * their symbols (Debian 12: 1.7.3). Built only where configure finds no libfaiss_c.
 *
 * The one function here lives in an object of libfaiss.a that calls neither BLAS nor OpenMP, and
 * throws nothing, so linking it brings in neither and no exception can cross into C. Debian built
 * it without SIMD: one product after the other, 480 ns for 384 dimensions.
 */
#include <stdint.h> /* distances_c.h forgets it */

#include <faiss/c_api/utils/distances_c.h>
#include <faiss/utils/distances.h>

extern "C" void faiss_fvec_inner_products_ny(float *ip, const float *x, const float *y, size_t d,
                                             size_t ny)
{
    faiss::fvec_inner_products_ny(ip, x, y, d, ny);
}
