/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether P(relevant) keeps its promise: hits in ten bins by what was promised, and in each how
 * many were relevant. And how often an answer said that nothing answers the query.
 */
#ifndef BENCH_CALIBRATION_H
#define BENCH_CALIBRATION_H

#include <jansson.h>

#include <plurum/search.h>

#include "bench/metrics.h"

#define CALIBRATION_BINS 10

typedef struct calibration {
    struct {
        double promised; /* sum of P           */
        size_t kept;     /* relevant among them */
        size_t count;
    } bins[CALIBRATION_BINS];
    double *odds; /* of every hit: what P is the logistic of */
    size_t hits, room;
    /* Of queries: those that something answers, and those that nothing does. */
    size_t answered, unanswered, answered_abstained, unanswered_abstained;
} calibration;

/* One hit: P, and whether it is relevant. */
void calibration_hit(calibration *c, double promised, int relevant);
/* The ten best of an answer; a document without judgement is not relevant. */
void calibration_add(calibration *c, const plurum_results *results, const judgement *judged,
                     size_t judged_count);
/* Whether an answer said that nothing answers; nothing: whether that is so. */
void calibration_abstain(calibration *c, const plurum_results *results, int nothing);

/* Expected calibration error: Σ over bins of |promised - kept| / all hits; 0 of none. */
double calibration_error(const calibration *c);
/* The weight `prevalence`, beyond the one that was searched with, that promises as many relevant
 * hits as there are; 0 of none. */
double calibration_prevalence(const calibration *c);
void calibration_free(calibration *c);

void calibration_print(const calibration *c);
/* {"ece", "prevalence", "bins": [[promised, kept, count]…], "abstain": {…}}; bins without hits are left out. */
json_t *calibration_json(const calibration *c);

#endif
