/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A candidate: one document that a leg proposed, with the full scores of both legs, and what the
 * ranking makes of it.
 */
#ifndef PLI_RANK_CANDIDATE_H
#define PLI_RANK_CANDIDATE_H

#include <plurum/search.h>
#include <plurum/trust.h>
#include <plurum/weights.h>

typedef struct pli_candidate {
    uint32_t id;
    uint32_t text_rank, vector_rank; /* place in the leg's list, from 1; 0: not in it  */
    double text;                     /* BM25; 0: no term matches                       */
    double cosine;                   /* NAN: it or the query has no vector             */
    double similarity;               /* calibrated cosine; NAN likewise                */
    double tools_share;              /* share of the asked tools that it uses          */
    plurum_trust_score trust;        /* but for the boost, of all reports              */
    double here_successes, here_failures;   /* decayed reports from the asked environment  */
    double alike_successes, alike_failures; /* and for queries like the asked one          */
    double told;                     /* share of the reports that say what was asked   */
    double prior;                    /* trust without reports, where told is not 0     */
    double relevant;                 /* how likely that it is, 0..1                    */
    double relevance, score;         /* results                                        */
    uint32_t place;                  /* of what collapsing keeps: its place before     */
    uint32_t collapsed;              /* duplicates that it stands for                  */
    plurum_explain explain;
} pli_candidate;

#endif
