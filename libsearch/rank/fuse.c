/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of fusion methods, what comes after all of them, and the total order.
 */
#include <config.h>

#include "rank/fuse.h"

#include <math.h>
#include <stdlib.h>

static pli_fusion_method *const METHODS[PLI_FUSION_COUNT] = {
    pli_fuse_minmax, pli_fuse_rrf,      pli_fuse_tmm,      pli_fuse_dbsf,
    pli_fuse_z_score, pli_fuse_log_odds, pli_fuse_adaptive,
};
const char *const pli_fusion_names[] = {"minmax",  "rrf",      "tmm",      "dbsf",
                                        "z-score", "log-odds", "adaptive", NULL};

/* Tools and trust, and the sums. */
static void settle(pli_candidate *c, const pli_fusion_input *input)
{
    plurum_explain *e = &c->explain;
    double w = input->tools_asked ? input->weights->value[PLI_W_TOOLS] : 0.0;
    e->tools_weight = w;
    e->tools_share = c->tools_share;
    e->text /= 1.0 + w;
    e->vector /= 1.0 + w;
    e->tools = w * c->tools_share / (1.0 + w);
    e->boost = c->trust.boost;
    c->relevance = e->text + e->vector + e->tools;
    c->score = c->relevance * e->boost;
    e->trust = c->relevance * (e->boost - 1.0);
}

/* Higher first; NAN after every number. */
static int higher_first(double a, double b)
{
    if (isnan(a) || isnan(b)) return !isnan(b) - !isnan(a);
    return a > b ? -1 : a < b;
}

int pli_rank_compare(const pli_candidate *a, const pli_candidate *b)
{
    int order = higher_first(a->score, b->score);
    if (!order) order = higher_first(a->similarity, b->similarity);
    if (!order) order = higher_first(a->text, b->text);
    return order ? order : a->id < b->id ? -1 : a->id > b->id;
}

static int compare(const void *a, const void *b)
{
    return pli_rank_compare(a, b);
}

static double model_if_unset(double weight, double model)
{
    return isnan(weight) ? model : weight;
}

void pli_fusion_weigh(pli_fusion_input *input, const plurum_weights *weights, double alpha,
                      double lean, double feedback_lean)
{
    input->weights = weights;
    input->prevalence = weights->value[PLI_W_PREVALENCE];
    input->alpha = model_if_unset(weights->value[PLI_W_ALPHA], alpha);
    input->lean = model_if_unset(weights->value[PLI_W_LEAN], lean);
    input->feedback_lean = model_if_unset(weights->value[PLI_W_FEEDBACK_LEAN], feedback_lean);
}

int pli_fusion_needs_vectors(const plurum_weights *weights)
{
    return METHODS[(size_t)weights->value[PLI_W_FUSION]] == pli_fuse_adaptive;
}

void pli_score(pli_candidate *candidates, size_t count, const pli_fusion_input *input)
{
    METHODS[(size_t)input->weights->value[PLI_W_FUSION]](candidates, count, input);
    for (size_t i = 0; i < count; i++) settle(&candidates[i], input);
}

void pli_rank(pli_candidate *candidates, size_t count, const pli_fusion_input *input)
{
    pli_score(candidates, count, input);
    if (count > 1) qsort(candidates, count, sizeof *candidates, compare);
}
