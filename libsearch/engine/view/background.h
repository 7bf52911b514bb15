/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sample of the documents that have a vector, drawn by a hash of the internal id: what a query's
 * cosines with documents at large look like, at a price that does not grow with the index.
 *
 * The sample is a function of which documents live, so every process and every moment has the same
 * one for the same content, whatever way led there.
 */
#ifndef PLI_ENGINE_VIEW_BACKGROUND_H
#define PLI_ENGINE_VIEW_BACKGROUND_H

#include "base/bitmap.h"
#include "vector/flat.h"

/* 512 cosines tell a mean to .04 and a standard deviation to .03 of the latter. */
#define PLI_BACKGROUND_MAX 512

typedef struct pli_background {
    uint32_t count;
    uint32_t ids[PLI_BACKGROUND_MAX]; /* those with the lowest hashes, ascending by hash */
} pli_background;

/* Adds a document that has a vector; one that is in the sample already changes nothing. */
void pli_background_add(pli_background *background, uint32_t id);

int pli_background_has(const pli_background *background, uint32_t id);

/* Draws anew: after one of the sample has died, its successor must be found. */
void pli_background_draw(pli_background *background, const pli_bitmap *live,
                         const pli_flat *vectors);

/* Mean and population standard deviation of the query's cosines; 0 and 0 of an empty sample. */
void pli_background_cosines(double *mean, double *sd, const pli_background *background,
                            const pli_flat *vectors, const float *query);

#endif
