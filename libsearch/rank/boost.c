/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far trust moves a candidate: libtrust's boost, of all reports, and those from the asker's
 * environment and for queries like the asked one once more (docs/decisions/0014, 0016).
 */
#include <config.h>

#include "rank/fuse.h"

#include <math.h>

/* Moves a score's mean and standard deviation to those of Beta(k·trust + s, k·(1 - trust) + f); 0:
 * nothing was heard. */
static int hear(plurum_trust_score *score, double s, double f, double k)
{
    if (!(s + f > 0.0)) return 0;
    double alpha = k * score->trust + s, beta = k * (1.0 - score->trust) + f, n = alpha + beta;
    score->trust = alpha / n;
    score->sd = sqrt(alpha * beta / (n * n * (n + 1.0)));
    return 1;
}

/* Reports for other queries say little of how this one is answered: of what the reports have moved
 * trust by, so much stays as do not say what was asked, and `rest` of the others. */
static void discount(plurum_trust_score *score, double told, double prior, double rest)
{
    if (told > 0.0) score->trust = prior + (1.0 - told * (1.0 - rest)) * (score->trust - prior);
}

void pli_boost(pli_candidate *c, const plurum_weights *weights, double noise)
{
    const double *w = weights->value;
    plurum_trust_config config = {.floor = w[PLI_W_FLOOR],
                                  .explore = w[PLI_W_EXPLORE],
                                  .noise = w[PLI_W_GATE] * noise};
    plurum_trust_score heard = c->trust;
    plurum_explain *e = &c->explain;
    e->noise = config.noise;
    e->told = c->told;
    discount(&heard, c->told, c->prior, w[PLI_W_TOLD]);
    e->here_successes = c->here_successes;
    e->here_failures = c->here_failures;
    int here = hear(&heard, c->here_successes, c->here_failures, w[PLI_W_ENVIRONMENT]);
    e->here_trust = here ? heard.trust : NAN;
    e->alike_successes = c->alike_successes;
    e->alike_failures = c->alike_failures;
    hear(&heard, c->alike_successes, c->alike_failures, w[PLI_W_ALIKE]);
    e->alike_trust = c->told > 0.0 ? heard.trust : NAN;
    c->trust.boost = plurum_trust_boost(&heard, &config);
}
