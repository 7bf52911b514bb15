/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log-odds fusion: each leg's min-max share is taken for a probability, and the weighted log-odds
 * are added, as if the legs were independent witnesses.
 *
 *     p         = share, kept within .01 and .99
 *     relevance = 1 / (1 + e^-((1 - alpha)·ln(p/(1-p))_text + alpha·ln(p/(1-p))_vector))
 */
#include <config.h>

#include "rank/fuse.h"

#include <math.h>

static double log_odds(double p)
{
    return log(p / (1.0 - p));
}

static double kept(double share)
{
    return fmin(0.99, fmax(0.01, share));
}

void pli_fuse_log_odds(pli_candidate *candidates, size_t count, const pli_fusion_input *input)
{
    pli_spread spread;
    pli_spread_of(&spread, candidates, count);
    for (size_t i = 0; i < count; i++) {
        plurum_explain *e = &candidates[i].explain;
        pli_leg_weights(e, input, 1.0 - input->alpha, input->alpha);
        e->text_normal = kept(pli_text_share(&candidates[i], &spread));
        e->vector_normal = kept(pli_cosine_share(&candidates[i], &spread));
        pli_parts_logistic(e, e->text_weight * log_odds(e->text_normal),
                           e->vector_weight * log_odds(e->vector_normal));
    }
}
