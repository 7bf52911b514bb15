/* SPDX-License-Identifier: MIT */
/*
 * What a state means at a moment: posterior mean, interval, quarantine, ranking factor, and the
 * parameters that rule them. Nothing here changes a state.
 *
 * The mean is not a lower bound and the interval holds no prior: each is the better forecast at
 * its own task. Beside + and - only ·, / and square roots, which IEEE rounds in one way. Build with
 * -fno-math-errno: without it compilers leave a call of libm's sqrt for negative operands, of
 * which there are none.
 */
#include <plurum/trust.h>

#include "decay.h"

/* No parameter without a bound of its own may be above this: products stay far from overflow. */
#define MOST 1e9

/* The largest double below 1, the smallest normal one above 0. */
#define BELOW_ONE  0x1.fffffffffffffp-1
#define ABOVE_ZERO 0x1p-1022

void plurum_trust_config_init(plurum_trust_config *config)
{
    *config = (plurum_trust_config){
        .struct_size = sizeof *config,
        .half_life = 7776000.0,
        .prior = 2.0,
        .base_rate = 0.5,
        .confidence_weight = 0.25,
        .vote_weight = 0.2,
        .vote_cap = 1.0,
        .z = 1.6448536269514722,
        .quarantine_failures = 3,
        .quarantine_margin = __builtin_inf(),
        .floor = 0.0,
        .explore = 0.0,
        .noise = 0.0,
    };
}

static int within(double value, double least, double most)
{
    return value >= least && value <= most;
}

/* Every comparison fails for a NaN, and the sizes of other versions of the struct are refused:
 * there has been no other so far. */
plurum_trust_status plurum_trust_config_check(const plurum_trust_config *config)
{
    int sound = config->struct_size == sizeof *config && config->half_life >= 0.0 &&
                within(config->prior, 0.1, 100.0) &&
                config->base_rate > 0.0 && config->base_rate < 1.0 &&
                config->confidence_weight >= 0.0 && config->confidence_weight < 1.0 &&
                within(config->vote_weight, 0.0, MOST) && within(config->vote_cap, 0.0, MOST) &&
                config->z > 0.0 && config->z <= MOST &&
                config->quarantine_margin >= 0.0 &&
                within(config->floor, 0.0, 1.0) && within(config->explore, 0.0, MOST) &&
                within(config->noise, 0.0, 1.0);
    return sound ? PLURUM_TRUST_OK : PLURUM_TRUST_BAD_CONFIG;
}

static double decay_at(const plurum_trust_state *state, const plurum_trust_config *config,
                       int64_t now)
{
    return pli_trust_decay(pli_trust_age(state->reference, now), config->half_life);
}

/* part / whole, 0 without a whole. No branch: whether there are any is anyone's guess. */
static inline double share(uint32_t part, uint64_t whole)
{
    return part / (double)(whole + (whole == 0));
}

/*
 * Fills alpha, beta, their summands and trust: the one place where they are computed, so that the
 * mean alone has the bits of the full score. The bounds of trust act only where a parameter, or
 * the evidence of 2^32 reports, is within rounding of certainty.
 */
static inline void posterior(plurum_trust_score *score, const plurum_trust_state *state,
                             const plurum_trust_config *config, double decay)
{
    double c = state->confidence, mean = config->base_rate;
    if (c == c) mean = (1.0 - config->confidence_weight) * mean + config->confidence_weight * c;
    score->prior_alpha = config->prior * mean;
    score->prior_beta = config->prior * (1.0 - mean);
    score->report_alpha = state->successes * decay;
    score->report_beta = state->failures * decay;

    uint64_t votes = (uint64_t)state->up + state->down;
    double mass = config->vote_weight * (double)votes;
    if (mass > config->vote_cap) mass = config->vote_cap;
    score->vote_alpha = mass * share(state->up, votes);
    score->vote_beta = mass - score->vote_alpha;

    score->alpha = score->prior_alpha + score->report_alpha + score->vote_alpha;
    score->beta = score->prior_beta + score->report_beta + score->vote_beta;
    double trust = score->alpha / (score->alpha + score->beta);
    if (trust < ABOVE_ZERO) trust = ABOVE_ZERO;
    score->trust = trust < BELOW_ONE ? trust : BELOW_ONE;
}

/*
 * Wilson's score interval of s successes in e = s + f reports (E. B. Wilson 1927), widened to hold
 * trust, which the prior may have moved out of it. 0..1 without reports, for which the tiny summand
 * makes 0/0 into 0; it is lost in the rounding of any other e.
 */
static inline void interval(plurum_trust_score *score, double z)
{
    double s = score->report_alpha, f = score->report_beta, e = s + f, z2 = z * z;
    double half = z * __builtin_sqrt(s * f / (e + ABOVE_ZERO) + 0.25 * z2);
    double low = (s + 0.5 * z2 - half) / (e + z2);
    double high = (s + 0.5 * z2 + half) / (e + z2);
    low = low < 0.0 ? 0.0 : low;
    high = high > 1.0 ? 1.0 : high;
    score->low = low < score->trust ? low : score->trust;
    score->high = high > score->trust ? high : score->trust;
}

/* The undecayed weight keeps three newcomers, at .4 each, from hiding a record. */
static int quarantined(const plurum_trust_state *state, const plurum_trust_config *config,
                       double decay)
{
    double n = config->quarantine_failures;
    return (config->quarantine_failures > 0) & (state->success_count == 0) &
           (state->failure_count >= config->quarantine_failures) &
           (state->failure_weight >= n - 0.5) &
           (state->failures * decay >= n - config->quarantine_margin);
}

double plurum_trust_boost(const plurum_trust_score *score, const plurum_trust_config *config)
{
    double optimistic = score->trust + config->explore * score->sd;
    double heard = (1.0 - config->noise) * (optimistic < 1.0 ? optimistic : 1.0);
    return config->floor + (1.0 - config->floor) * (heard + 0.5 * config->noise);
}

void plurum_trust_score_at(plurum_trust_score *score, const plurum_trust_state *state,
                           const plurum_trust_config *config, int64_t now)
{
    double decay = decay_at(state, config, now);
    posterior(score, state, config, decay);
    interval(score, config->z);

    /* The variance of Beta(alpha, beta). */
    double n = score->alpha + score->beta;
    score->sd = __builtin_sqrt(score->alpha * score->beta / (n * n * (n + 1.0)));
    score->boost = plurum_trust_boost(score, config);

    score->total_reports = (uint64_t)state->success_count + state->failure_count;
    score->success_rate = share(state->success_count, score->total_reports);
    score->quarantined = quarantined(state, config, decay);
}

double plurum_trust_mean_at(const plurum_trust_state *state, const plurum_trust_config *config,
                            int64_t now)
{
    plurum_trust_score score;
    posterior(&score, state, config, decay_at(state, config, now));
    return score.trust;
}

int plurum_trust_quarantined_at(const plurum_trust_state *state, const plurum_trust_config *config,
                                int64_t now)
{
    if (state->success_count > 0) return 0;
    return quarantined(state, config, decay_at(state, config, now));
}

/* The weights of the first five reports: .4, .52, .64, .76, .88. */
double plurum_trust_reporter_weight(uint64_t earlier_reports)
{
    return earlier_reports < 5 ? 0.4 + 0.6 * ((double)earlier_reports / 5.0) : 1.0;
}
