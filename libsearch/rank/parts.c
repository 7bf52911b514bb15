/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What fusion methods share: weights, parts, and the spread of the candidates' scores.
 */
#include <config.h>

#include "rank/fuse.h"

#include <math.h>

void pli_leg_weights(plurum_explain *e, const pli_fusion_input *input, double text, double vector)
{
    e->text_weight = text;
    e->vector_weight = vector;
    if (!input->text_active) e->text_weight = 0.0, e->vector_weight = input->vector_active;
    if (!input->vector_active) e->vector_weight = 0.0, e->text_weight = input->text_active;
}

void pli_parts_linear(plurum_explain *e)
{
    e->text = e->text_weight * e->text_normal;
    e->vector = e->vector_weight * e->vector_normal;
}

double pli_logistic(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

void pli_parts_logistic(plurum_explain *e, double text, double vector)
{
    double both = pli_logistic(text + vector), alone = pli_logistic(text);
    double other = pli_logistic(vector), none = 0.5;
    e->text = 0.5 * ((alone - none) + (both - other)) + none * e->text_weight;
    e->vector = both - e->text;
}

/* Vectors are kept in single precision: cosines that are closer than this are equal, and what tells them
 * apart is rounding. */
static const double GRAIN = 1e-6;

void pli_spread_of(pli_spread *s, const pli_candidate *candidates, size_t count)
{
    double text = 0.0, cosine = 0.0;
    size_t vectors = 0;
    *s = (pli_spread){.cosine_low = INFINITY, .cosine_high = -INFINITY};
    for (size_t i = 0; i < count; i++) {
        const pli_candidate *c = &candidates[i];
        text += c->text;
        if (c->text > s->text_high) s->text_high = c->text;
        if (isnan(c->cosine)) continue;
        vectors++;
        cosine += c->cosine;
        if (c->cosine < s->cosine_low) s->cosine_low = c->cosine;
        if (c->cosine > s->cosine_high) s->cosine_high = c->cosine;
    }
    if (count) s->text_mean = text / (double)count;
    if (vectors) s->cosine_mean = cosine / (double)vectors;
    text = cosine = 0.0;
    for (size_t i = 0; i < count; i++) {
        double t = candidates[i].text - s->text_mean, c = candidates[i].cosine - s->cosine_mean;
        text += t * t;
        if (!isnan(c)) cosine += c * c;
    }
    if (count) s->text_sd = sqrt(text / (double)count);
    if (vectors) s->cosine_sd = sqrt(cosine / (double)vectors);
    if (s->cosine_high - s->cosine_low > GRAIN) return;
    s->cosine_low = s->cosine_high;
    s->cosine_sd = 0.0;
}

double pli_text_share(const pli_candidate *c, const pli_spread *s)
{
    return s->text_high > 0.0 ? c->text / s->text_high : 0.0;
}

double pli_cosine_share(const pli_candidate *c, const pli_spread *s)
{
    if (isnan(c->cosine)) return 0.0;
    return s->cosine_high > s->cosine_low
               ? (c->cosine - s->cosine_low) / (s->cosine_high - s->cosine_low)
               : 1.0;
}
