/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From two scores to one order.
 *
 * Every fusion method gives each leg a weight and each candidate's score in that leg a normal form
 * in 0..1; the relevance is their weighted sum, so it lies in 0..1 and on a ratio scale, and every
 * method is explained by the same arithmetic:
 *
 *     relevance = (text_weight·text_normal + vector_weight·vector_normal + w·tools_share) / (1 + w)
 *     score     = relevance · boost
 *
 * where w is the weight of the tools if any were asked for, else 0, and boost is libtrust's.
 */
#ifndef PLI_RANK_FUSE_H
#define PLI_RANK_FUSE_H

#include "rank/candidate.h"
#include "rank/weights.h"

/* What is the same for all candidates of a query. */
typedef struct pli_fusion_input {
    const plurum_weights *weights;
    double alpha;      /* weight of the vector leg where the method has one       */
    int text_active;   /* the leg ran and found something; else the other counts  */
    int vector_active; /* alone                                                   */
    int tools_asked;
} pli_fusion_input;

/* Sets text_normal, vector_normal, text_weight and vector_weight of every candidate's explain. Is
 * called with both legs active or one; weights of an inactive leg are set to 0 after. */
typedef void pli_fusion_method(pli_candidate *candidates, size_t count,
                               const pli_fusion_input *input);

pli_fusion_method pli_fuse_minmax, pli_fuse_rrf;

/* The methods' names, in the order of the weight "fusion"; NULL-terminated. */
extern const char *const pli_fusion_names[];
#define PLI_FUSION_COUNT 2

/* Relevance, score and explain of all candidates, and their total order: score, similarity, text
 * score (each higher first, none last), internal id. */
void pli_rank(pli_candidate *candidates, size_t count, const pli_fusion_input *input);

/* That order: negative when a comes before b. */
int pli_rank_compare(const pli_candidate *a, const pli_candidate *b);

#endif
