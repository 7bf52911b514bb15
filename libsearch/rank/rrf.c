/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reciprocal rank fusion, divided by its highest possible sum so that the relevance is in 0..1:
 *
 *     Σ_leg w_leg / (k + rank_leg)  ÷  Σ_leg w_leg / (k + 1)
 *
 * that is, normal = (k + 1)/(k + rank), 0 for what a leg did not list; weight = w_leg / Σ w.
 * (Cormack, Clarke and Büttcher, SIGIR 2009, with k = 60.)
 */
#include <config.h>

#include "rank/fuse.h"

static double normal(double k, uint32_t rank)
{
    return rank ? (k + 1.0) / (k + (double)rank) : 0.0;
}

void pli_fuse_rrf(pli_candidate *candidates, size_t count, const pli_fusion_input *input)
{
    double k = input->weights->value[PLI_W_RRF_K];
    double text = input->weights->value[PLI_W_RRF_TEXT];
    double vector = input->weights->value[PLI_W_RRF_VECTOR];
    double sum = text + vector;
    for (size_t i = 0; i < count; i++) {
        plurum_explain *e = &candidates[i].explain;
        pli_leg_weights(e, input, sum > 0.0 ? text / sum : 0.5, sum > 0.0 ? vector / sum : 0.5);
        e->text_normal = normal(k, candidates[i].text_rank);
        e->vector_normal = normal(k, candidates[i].vector_rank);
        pli_parts_linear(e);
    }
}
