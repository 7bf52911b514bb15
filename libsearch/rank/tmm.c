/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Theoretical min-max: each leg is scaled from the lowest score that it can have instead of the
 * lowest that it has, so that a query with only poor vectors does not promote the best of them.
 *
 *     text_normal   = text / highest text      (the lowest BM25 is 0)
 *     vector_normal = (cosine + 1) / 2         (the lowest cosine is -1; 0 without a vector)
 *     weights       = 1 - alpha, alpha
 *
 * (Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023.)
 */
#include <config.h>

#include "rank/fuse.h"

#include <math.h>

void pli_fuse_tmm(pli_candidate *candidates, size_t count, const pli_fusion_input *input)
{
    pli_spread spread;
    pli_spread_of(&spread, candidates, count);
    for (size_t i = 0; i < count; i++) {
        pli_candidate *c = &candidates[i];
        plurum_explain *e = &c->explain;
        pli_leg_weights(e, input, 1.0 - input->alpha, input->alpha);
        e->text_normal = pli_text_share(c, &spread);
        e->vector_normal = isnan(c->cosine) ? 0.0 : (c->cosine + 1.0) / 2.0;
        pli_parts_linear(e);
    }
}
