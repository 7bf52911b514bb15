/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Z-score fusion: each leg in standard deviations from the candidates' mean, weighted, and the sum
 * through the logistic function.
 *
 *     z         = (score - mean) / sd     (0 when all are equal; -3 without a vector)
 *     relevance = 1 / (1 + e^-((1 - alpha)·z_text + alpha·z_vector))
 */
#include <config.h>

#include "rank/fuse.h"

#include <math.h>

static double z_of(double score, double mean, double sd)
{
    if (isnan(score)) return -3.0;
    return sd > 0.0 ? (score - mean) / sd : 0.0;
}

void pli_fuse_z_score(pli_candidate *candidates, size_t count, const pli_fusion_input *input)
{
    pli_spread s;
    pli_spread_of(&s, candidates, count);
    for (size_t i = 0; i < count; i++) {
        pli_candidate *c = &candidates[i];
        plurum_explain *e = &c->explain;
        double text = z_of(c->text, s.text_mean, s.text_sd);
        double vector = z_of(c->cosine, s.cosine_mean, s.cosine_sd);
        pli_leg_weights(e, input, 1.0 - input->alpha, input->alpha);
        e->text_normal = pli_logistic(text);
        e->vector_normal = pli_logistic(vector);
        pli_parts_logistic(e, e->text_weight * text, e->vector_weight * vector);
    }
}
