/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From two scores to one order.
 *
 * Every fusion method splits a candidate's relevance, 0..1, into a part of the text leg and a part
 * of the vector leg; tools and trust come after, the same for all methods:
 *
 *     relevance = (text part + vector part + w·tools_share) / (1 + w)
 *     score     = relevance · boost
 *
 * where w is the weight of the tools if any were asked for, else 0, and boost is libtrust's (boost.c).
 * In most methods a part is the leg's weight times the leg's score brought to 0..1.
 */
#ifndef PLI_RANK_FUSE_H
#define PLI_RANK_FUSE_H

#include "rank/candidate.h"
#include "rank/weights.h"

/* What is the same for all candidates of a query. */
typedef struct pli_fusion_input {
    const plurum_weights *weights;
    double alpha;      /* weight of the vector leg where the method has a fixed one */
    int text_active;   /* the leg ran and found something; else the other counts    */
    int vector_active; /* alone                                                     */
    int tools_asked;
    double text_most;  /* what a text score could be at best                        */
    double prevalence; /* log-odds, added to those of being relevant                */
    double pivot;      /* of the model: the cosine that divides useful from not     */

    /* For methods that look at the vectors themselves; unused by the others. */
    double lean, feedback_lean;  /* of the adaptive method: how far the model is trusted */
    double background_mean, background_sd; /* of the query's cosines with documents at large */
    uint32_t background_count;
    uint32_t dim;
    const float *query;          /* dim numbers of unit length; NULL: the query has none */
    const float *(*vector)(const void *payload, uint32_t id);
    void (*cosines)(double *out, const void *payload, const uint32_t *ids, size_t count,
                    const float *query);
    const void *payload;
} pli_fusion_input;

/* Sets normals, weights and the two parts of every candidate's explain. */
typedef void pli_fusion_method(pli_candidate *candidates, size_t count,
                               const pli_fusion_input *input);

pli_fusion_method pli_fuse_adaptive, pli_fuse_dbsf, pli_fuse_log_odds, pli_fuse_minmax,
    pli_fuse_rrf, pli_fuse_tmm, pli_fuse_z_score;

/* The methods' names, in the order of the weight "fusion"; NULL-terminated. */
extern const char *const pli_fusion_names[];
#define PLI_FUSION_COUNT 7

/* Relevance, score and explain of all candidates, and their total order: score, similarity, text
 * score (each higher first, none last), internal id. */
void pli_rank(pli_candidate *candidates, size_t count, const pli_fusion_input *input);

/* The same without the order: candidates stay where they are. */
void pli_score(pli_candidate *candidates, size_t count, const pli_fusion_input *input);

/*
 * Sets the boost of a candidate whose trust is known, and what explain says of it. Reports from the
 * environment that the query is asked from (s successes and f failures, decayed) are weighed against
 * the trust that all reports gave, which counts as much as k of them, the weight "environment":
 *
 *     trust here = (k·trust + s) / (k + s + f)
 *
 * Without such a report it is the trust itself, to the bit. noise: how likely it is that reports say
 * nothing.
 */
void pli_boost(pli_candidate *candidate, const plurum_weights *weights, double noise);

/* Sets what the input has of weights; what is unset there is as given, the model's own. */
void pli_fusion_weigh(pli_fusion_input *input, const plurum_weights *weights, double alpha,
                      double lean, double feedback_lean);

/* Whether the method that the weights name looks at vectors, where both legs are active. */
int pli_fusion_needs_vectors(const plurum_weights *weights);

/* That order: negative when a comes before b. */
int pli_rank_compare(const pli_candidate *a, const pli_candidate *b);

/* ---- for methods ---- */

/* Sets the weights of the legs; one that is not active leaves all to the other. */
void pli_leg_weights(plurum_explain *explain, const pli_fusion_input *input, double text,
                     double vector);

/* Parts of a weighted sum: weight × normal of each leg. */
void pli_parts_linear(plurum_explain *explain);

/*
 * Parts of a sum on the logistic scale, relevance = 1/(1 + e^-(text + vector)): each leg's share
 * is the mean of what it adds before and after the other (their Shapley values), and the half that
 * nothing would give is split by weight. They add up to the relevance exactly.
 */
void pli_parts_logistic(plurum_explain *explain, double text, double vector);
double pli_logistic(double x);

/* What is common to the candidates' scores. */
typedef struct pli_spread {
    double text_high;                 /* highest text score                       */
    double cosine_low, cosine_high;   /* among those that have a vector; the same */
                                      /* where only rounding tells them apart     */
    double text_mean, text_sd;        /* population standard deviations           */
    double cosine_mean, cosine_sd;
} pli_spread;

void pli_spread_of(pli_spread *spread, const pli_candidate *candidates, size_t count);

/* text / highest; 0 where nothing matches. */
double pli_text_share(const pli_candidate *candidate, const pli_spread *spread);
/* (cosine - lowest) / (highest - lowest); 1 when all are equal, 0 without a vector. */
double pli_cosine_share(const pli_candidate *candidate, const pli_spread *spread);

#endif
