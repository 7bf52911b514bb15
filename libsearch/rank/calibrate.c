/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * P(relevant): a hit is believed as far as either leg singles it out.
 *
 *   vector   v = cosine / (.3 max(sd, .02));      nothing: the model's pivot in place of the cosine
 *   text     t = text score / highest / .1;       nothing: a tenth of what a text could score at best
 *   rivals   R = ln (Σ over all candidates and over nothing of e^x) - x(hit), of either leg's x:
 *            0 where the leg knows no rival, ln 2 beside one as good, large where there are better
 *   both     P = logistic(1.10 - .23 Rv - .65 Rt)
 *   one leg  P = logistic(.74 - 1.01 Rt) or logistic(.04 - .72 Rv)
 *
 * "Nothing" is a rival that is no document: without it the only hit would be certain, whatever it
 * says. sd is that of the query's cosines with documents at large, which is what makes the numbers
 * hold for any model. A hit without a vector goes by its text alone. The weight `prevalence` is added
 * to the log-odds: how many documents answer a question is nothing that scores know.
 *
 * The numbers are those of a logistic regression on the ten best of each query of six collections,
 * with two models at once; docs/decisions/0010 has what they keep of their promise, and where not.
 */
#include <config.h>

#include "rank/calibrate.h"

#include <math.h>

typedef struct rivalry {
    int active;
    double high;   /* best score                                          */
    double width;  /* the difference that counts as a factor of e         */
    double rivals; /* ln Σ e^((score - high) / width), over nothing too   */
} rivalry;

static double rivals_of(const rivalry *leg, double score)
{
    return leg->rivals + (leg->high - score) / leg->width;
}

static void look_at_text(rivalry *text, const pli_candidate *candidates, size_t count, double most)
{
    text->high = 0.0;
    for (size_t i = 0; i < count; i++) text->high = fmax(text->high, candidates[i].text);
    text->active = text->active && text->high > 0.0;
    if (!text->active) return;
    text->width = 0.1 * text->high;
    double sum = exp((0.1 * most - text->high) / text->width);
    for (size_t i = 0; i < count; i++) sum += exp((candidates[i].text - text->high) / text->width);
    text->rivals = log(sum);
}

static void look_at_cosines(rivalry *vector, const pli_candidate *candidates, size_t count, double sd,
                            double pivot)
{
    vector->high = -INFINITY;
    for (size_t i = 0; i < count; i++)
        if (candidates[i].cosine > vector->high) vector->high = candidates[i].cosine;
    vector->active = vector->active && vector->high > -INFINITY;
    if (!vector->active) return;
    vector->width = 0.3 * fmax(sd, 0.02);
    double sum = exp((pivot - vector->high) / vector->width);
    for (size_t i = 0; i < count; i++)
        if (!isnan(candidates[i].cosine))
            sum += exp((candidates[i].cosine - vector->high) / vector->width);
    vector->rivals = log(sum);
}

/* The log-odds. */
static double odds(const pli_candidate *c, const rivalry *text, const rivalry *vector)
{
    int has_vector = vector->active && !isnan(c->cosine);
    double t = text->active ? rivals_of(text, c->text) : 0.0;
    double v = has_vector ? rivals_of(vector, c->cosine) : 0.0;
    if (text->active && has_vector) return 1.10 - 0.23 * v - 0.65 * t;
    if (text->active) return 0.74 - 1.01 * t;
    return has_vector ? 0.04 - 0.72 * v : -INFINITY;
}

void pli_calibrate(pli_candidate *candidates, size_t count, const pli_fusion_input *input)
{
    rivalry text = {.active = input->text_active}, vector = {.active = input->vector_active};
    look_at_text(&text, candidates, count, input->text_most);
    look_at_cosines(&vector, candidates, count, input->background_sd, input->pivot);
    for (size_t i = 0; i < count; i++)
        candidates[i].relevant =
            pli_logistic(odds(&candidates[i], &text, &vector) + input->prevalence);
}

int pli_abstains(const pli_candidate *candidates, size_t count, double threshold)
{
    for (size_t i = 0; i < count; i++)
        if (candidates[i].relevant >= threshold) return 0;
    return threshold > 0.0;
}
