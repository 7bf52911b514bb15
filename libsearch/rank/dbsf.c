/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Distribution-based score fusion: each leg is scaled from three standard deviations below the mean
 * of the candidates to three above, and cut there.
 *
 *     normal  = clip((score - (mean - 3 sd)) / (6 sd), 0, 1)   (1/2 when all are equal)
 *     weights = 1 - alpha, alpha
 */
#include <config.h>

#include "rank/fuse.h"

#include <math.h>

static double place(double score, double mean, double sd)
{
    if (isnan(score)) return 0.0;
    if (sd <= 0.0) return 0.5;
    return fmin(1.0, fmax(0.0, (score - mean + 3.0 * sd) / (6.0 * sd)));
}

void pli_fuse_dbsf(pli_candidate *candidates, size_t count, const pli_fusion_input *input)
{
    pli_spread s;
    pli_spread_of(&s, candidates, count);
    for (size_t i = 0; i < count; i++) {
        pli_candidate *c = &candidates[i];
        plurum_explain *e = &c->explain;
        pli_leg_weights(e, input, 1.0 - input->alpha, input->alpha);
        e->text_normal = place(c->text, s.text_mean, s.text_sd);
        e->vector_normal = place(c->cosine, s.cosine_mean, s.cosine_sd);
        pli_parts_linear(e);
    }
}
