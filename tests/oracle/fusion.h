/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reference's formulas over many documents at once, written out over plain arrays: fusion, and
 * whether reports are noise.
 */
#ifndef ORACLE_FUSION_H
#define ORACLE_FUSION_H

#include "tests/oracle/step.h"

typedef struct fusion {
    const query_step *query;
    int count;                    /* candidates                                            */
    answer_hit *hits[KEYS];       /* in: scores and ranks; out: the text and vector parts  */
    float vectors[KEYS][DIM];     /* of the candidates whose cosine is not NAN             */
    float asked[DIM];             /* the query's                                           */
    int text_on, vector_on;       /* a leg found something                                 */
    int background_count;         /* of the query's cosines with all documents             */
    double background_mean, background_sd;
    double text_most;             /* what a document could score by its words at best      */
} fusion;

void fuse_all(fusion *f);

/* How likely each is to be relevant (rank/calibrate.c has the formula), with a pivot of .4. */
void calibrate_all(fusion *f);

/* How likely it is that the reports of count documents are noise (rank/signal.h has the formula). */
double noise_of(const int *successes, const int *failures, int count);

#endif
