/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bins are of equal width. A share of no queries is printed as nothing rather than as 0.
 */
#include <config.h>

#include "bench/calibration.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LOOKED_AT = 10 };

void calibration_hit(calibration *c, double promised, int relevant)
{
    size_t bin = (size_t)(promised * CALIBRATION_BINS);
    if (bin >= CALIBRATION_BINS) bin = CALIBRATION_BINS - 1;
    c->bins[bin].promised += promised;
    c->bins[bin].kept += relevant != 0;
    c->bins[bin].count++;
    if (c->hits == c->room) {
        double *more = realloc(c->odds, (2 * c->room + 64) * sizeof *more);
        if (!more) return;
        c->odds = more;
        c->room = 2 * c->room + 64;
    }
    c->odds[c->hits++] = log(promised / (1.0 - promised));
}

void calibration_free(calibration *c)
{
    free(c->odds);
}

void calibration_add(calibration *c, const plurum_results *results, const judgement *judged,
                     size_t judged_count)
{
    for (size_t i = 0; i < LOOKED_AT && i < plurum_results_count(results); i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        calibration_hit(c, hit->relevant, grade_of(judged, judged_count, hit->key) > 0);
    }
}

void calibration_abstain(calibration *c, const plurum_results *results, int nothing)
{
    size_t abstained = plurum_results_abstain(results) != 0;
    *(nothing ? &c->unanswered : &c->answered) += 1;
    *(nothing ? &c->unanswered_abstained : &c->answered_abstained) += abstained;
}

double calibration_error(const calibration *c)
{
    double sum = 0.0;
    size_t count = 0;
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        sum += fabs(c->bins[i].promised - (double)c->bins[i].kept);
        count += c->bins[i].count;
    }
    return count ? sum / (double)count : 0.0;
}

static double promised_with(const calibration *c, double prevalence)
{
    double sum = 0.0;
    for (size_t i = 0; i < c->hits; i++) sum += 1.0 / (1.0 + exp(-c->odds[i] - prevalence));
    return sum;
}

double calibration_prevalence(const calibration *c)
{
    double low = -10.0, high = 10.0, kept = 0.0;
    for (size_t i = 0; i < CALIBRATION_BINS; i++) kept += (double)c->bins[i].kept;
    for (int step = 0; step < 60 && c->hits; step++) {
        double middle = (low + high) / 2.0;
        *(promised_with(c, middle) < kept ? &low : &high) = middle;
    }
    return (low + high) / 2.0;
}

void calibration_print(const calibration *c)
{
    printf("  %-10s %.4f  calibration error of P(relevant), ten best; prevalence %+.1f would be right\n",
           "ece", calibration_error(c), calibration_prevalence(c));
    printf("  says that nothing answers: %zu of %zu queries", c->answered_abstained, c->answered);
    if (c->unanswered)
        printf(", %zu of %zu that nothing answers", c->unanswered_abstained, c->unanswered);
    putchar('\n');
}

json_t *calibration_json(const calibration *c)
{
    json_t *bins = json_array();
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        double n = (double)c->bins[i].count;
        if (c->bins[i].count)
            json_array_append_new(bins, json_pack("[f, f, I]", c->bins[i].promised / n,
                                                  (double)c->bins[i].kept / n,
                                                  (json_int_t)c->bins[i].count));
    }
    return json_pack("{s:f, s:f, s:o, s:{s:I, s:I, s:I, s:I}}", "ece", calibration_error(c),
                     "prevalence", calibration_prevalence(c), "bins", bins, "abstain", "answered",
                     (json_int_t)c->answered, "answered_abstained",
                     (json_int_t)c->answered_abstained, "unanswered", (json_int_t)c->unanswered,
                     "unanswered_abstained", (json_int_t)c->unanswered_abstained);
}
