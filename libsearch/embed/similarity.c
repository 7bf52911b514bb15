/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cosines of two models do not compare: unrelated texts lie near .05 in one and near .7 in another.
 * The pivot, the cosine that best divides related from unrelated pairs, pins each scale at .4.
 */
#include <config.h>

#include "embed/similarity.h"

double pli_similarity(double cosine, double pivot)
{
    if (!(cosine > 0)) return 0;
    if (cosine >= 1) return 1;
    /* both quotients are rounded ratios ≤ 1, so neither line can cross .4 or 1 */
    if (cosine < pivot) return PLI_SIMILARITY_AT_PIVOT * (cosine / pivot);
    return PLI_SIMILARITY_AT_PIVOT +
           (1 - PLI_SIMILARITY_AT_PIVOT) * ((cosine - pivot) / (1 - pivot));
}
