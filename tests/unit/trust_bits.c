/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A long random log, folded, and one number from every bit of the states, scores and lines that it
 * gives. The number is known: a build that gives another does not keep IEEE arithmetic (or the
 * formula was changed, and then the number changes with it). trust_bits.sh runs this under several
 * compilers and levels of optimisation.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <plurum/trust.h>

#define KNOWN  UINT64_C(0x47cf7877dc460f5c)
#define STATES 64
#define EVENTS 200000

static uint64_t digest = 14695981039346656037u; /* FNV-1a, a word at a time */

static void add(uint64_t word)
{
    digest = (digest ^ word) * 1099511628211u;
    digest ^= digest >> 32;
}

static void add_double(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    add(bits);
}

static uint64_t random_bits(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void add_state(const plurum_trust_state *s)
{
    add_double(s->successes);
    add_double(s->failures);
    add_double(s->failure_weight);
    add((uint64_t)s->reference);
    add((uint64_t)s->success_count << 32 | s->failure_count);
    add((uint64_t)s->up << 32 | s->down);
    add_double(s->confidence);
}

static void add_score(const plurum_trust_score *s, const plurum_trust_config *config)
{
    const double members[] = {s->trust,       s->low,          s->high,       s->sd,
                              s->alpha,       s->beta,         s->boost,      s->success_rate,
                              s->prior_alpha, s->report_alpha, s->vote_alpha, s->prior_beta,
                              s->report_beta, s->vote_beta};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) add_double(members[i]);
    add(s->total_reports << 1 | (uint64_t)s->quarantined);
    char line[256];
    size_t length = plurum_trust_explain(line, sizeof line, s, config);
    for (size_t i = 0; i < length; i++) add((unsigned char)line[i]);
}

static void one_event(plurum_trust_state *state, plurum_trust_state *other,
                      const plurum_trust_config *config)
{
    uint64_t bits = random_bits();
    int64_t time = (int64_t)(bits % 40000000000u) - 10000000000; /* a thousand years and more */
    double weight = (double)(random_bits() % 4096 + 1) / 4096.0;
    switch (bits >> 60) {
    case 0: plurum_trust_vote(state, 0, 1); break;
    case 1: plurum_trust_vote(state, 0, -1); break;
    case 2: plurum_trust_vote(state, 1, -1); break;
    case 3: plurum_trust_retract(state, config, (int)(bits >> 59 & 1), time, weight); break;
    case 4:
        if (bits >> 50 & 63) break; /* rarely: merging doubles the counters */
        plurum_trust_merge(state, other, config);
        break;
    default: plurum_trust_outcome(state, config, (int)(bits >> 59 & 1), time, weight);
    }
}

int main(void)
{
    plurum_trust_config config;
    plurum_trust_config_init(&config);
    config.half_life = 300000000.0;
    config.explore = 0.25;
    config.floor = 1.0 / 3.0;
    plurum_trust_state states[STATES];
    for (int i = 0; i < STATES; i++)
        plurum_trust_init(&states[i], i == 0 ? __builtin_nan("") : (double)i / STATES);
    for (int i = 0; i < EVENTS; i++) {
        plurum_trust_state *state = &states[random_bits() % STATES];
        one_event(state, &states[random_bits() % STATES], &config);
        plurum_trust_score score;
        plurum_trust_score_at(&score, state, &config, (int64_t)(random_bits() % 60000000000u));
        add_state(state);
        add_score(&score, &config);
    }
    printf("%016" PRIx64 "\n", digest);
    return digest == KNOWN ? 0 : 1;
}
