/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The exact vector leg: all vectors of one model by internal id, and a scan over those allowed.
 *
 * The scan uses a kernel's inner products in single precision over blocks of allowed vectors, and then
 * makes the answer independent of instruction set and blocking: everything within a rounding
 * margin of the k-th is computed again in double precision by one plain loop in index order, and
 * the k best of those are kept by cosine, then id.
 *
 * One thread adds, under a lock of its own; readers see what lies below a bound that they learned
 * through that lock (see base/stable.h).
 */
#ifndef PLI_VECTOR_FLAT_H
#define PLI_VECTOR_FLAT_H

#include <plurum/status.h>

#include "base/bitmap.h"

typedef struct pli_flat pli_flat;

/* Errors: ARG (dim is outside 1..PLURUM_DIM_MAX), NOMEM. */
plurum_status pli_flat_new(pli_flat **out, uint32_t dim, plurum_error *error);
void pli_flat_free(pli_flat *flat);

/*
 * Sets the vector of an id (dim numbers of unit length), once; ids never set have none. Nothing
 * changes on failure. Errors: NOMEM, LIMIT (an id of 2^32 - 1024 or more).
 */
plurum_status pli_flat_set(pli_flat *flat, uint32_t id, const float *vector, plurum_error *error);

/* The same without a copy: the vector stays where it is until pli_flat_free. */
plurum_status pli_flat_lend(pli_flat *flat, uint32_t id, const float *vector, plurum_error *error);

int pli_flat_has(const pli_flat *flat, uint32_t id);

/* Bytes of memory held; vectors that were lent are not. */
size_t pli_flat_memory(const pli_flat *flat);

/* Σ a[i]·b[i] in double, in index order. */
double pli_dot(const float *a, const float *b, uint32_t dim);

/* The same with eight vectors at once. */
#define PLI_DOTS 8
void pli_dots(double out[PLI_DOTS], const float *a, const float *const b[PLI_DOTS], uint32_t dim);

/* The one definition of a cosine: a pli_dot of unit vectors, without what the rounding of their numbers
 * adds beyond 1. */
static inline double pli_cosine(double product)
{
    return product > 1.0 ? 1.0 : product < -1.0 ? -1.0 : product;
}

/* The cosine of an id that has a vector with a query of unit length. */
double pli_flat_cosine(const pli_flat *flat, uint32_t id, const float *query);

/* The same of count ids that have one each, several at a time: their sums do not wait for each
 * other, so it takes a fraction of the time for the same bits. */
void pli_flat_cosines(double *out, const pli_flat *flat, const uint32_t *ids, size_t count,
                      const float *query);

/* The vector of an id that has one. Valid as long as the flat. */
const float *pli_flat_vector(const pli_flat *flat, uint32_t id);

typedef struct pli_vector_hit {
    uint32_t id;
    double cosine;
} pli_vector_hit;

/*
 * The k allowed ids with the highest cosine, best first, ties by lower id. *hits is the caller's
 * (pli_free). Only ids below allowed->bound that have a vector are considered.
 * Errors: NOMEM.
 */
plurum_status pli_flat_search(pli_vector_hit **hits, size_t *hit_count, const pli_flat *flat,
                              const pli_bitmap *allowed, const float *query, size_t k,
                              plurum_error *error);

/*
 * Scales a vector to unit length in place (norm in double, in index order). INVALID: a number that
 * is not finite (error->position is its index). *is_zero: there is no direction; left as it is.
 */
plurum_status pli_vector_normalise(float *vector, uint32_t dim, int *is_zero, plurum_error *error);

#endif
