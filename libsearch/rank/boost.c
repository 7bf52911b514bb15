/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far trust moves a candidate: libtrust's boost, of all reports or of those from here.
 */
#include <config.h>

#include "rank/fuse.h"

#include <math.h>

/* Moves a score's mean and standard deviation to those of Beta(k·trust + s, k·(1 - trust) + f). */
static void hear(plurum_trust_score *score, double s, double f, double k)
{
    double alpha = k * score->trust + s, beta = k * (1.0 - score->trust) + f, n = alpha + beta;
    score->trust = alpha / n;
    score->sd = sqrt(alpha * beta / (n * n * (n + 1.0)));
}

void pli_boost(pli_candidate *c, const plurum_weights *weights, double noise)
{
    plurum_trust_config config = {.floor = weights->value[PLI_W_FLOOR],
                                  .explore = weights->value[PLI_W_EXPLORE],
                                  .noise = weights->value[PLI_W_GATE] * noise};
    plurum_trust_score heard = c->trust;
    int is_local = c->here_successes + c->here_failures > 0.0;
    if (is_local)
        hear(&heard, c->here_successes, c->here_failures, weights->value[PLI_W_ENVIRONMENT]);
    c->trust.boost = plurum_trust_boost(&heard, &config);
    c->explain.noise = config.noise;
    c->explain.here_successes = c->here_successes;
    c->explain.here_failures = c->here_failures;
    c->explain.here_trust = is_local ? heard.trust : NAN;
}
