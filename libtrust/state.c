/* SPDX-License-Identifier: MIT */
/*
 * How events change a state. Each sum is kept decayed to one reference time, that of the newest
 * outcome: a newer outcome first ages the sums, an older one ages itself. Both are products with
 * 2^(-age/H), so the order of events matters for the rounding only.
 *
 * Every function leaves what plurum_trust_check demands: 0 <= successes <= success_count and
 * 0 <= failures <= failure_weight <= failure_count. Adding keeps these without a clamp, because
 * weights and decays are at most 1 and rounding is monotone; clamps act where something is
 * subtracted and where a counter is full.
 */
#include <plurum/trust.h>

#include "decay.h"

_Static_assert(sizeof(plurum_trust_state) == 56, "a state is 56 bytes without padding");

#define ABSENT __builtin_nan("")

static double clamp(double value, double most)
{
    if (!(value > 0.0)) return 0.0;
    return value < most ? value : most;
}

static uint32_t add_count(uint32_t a, uint32_t b)
{
    uint32_t sum = a + b;
    return sum < a ? UINT32_MAX : sum;
}

static int has_outcomes(const plurum_trust_state *state)
{
    return (state->success_count | state->failure_count) != 0;
}

static int is_weight(double weight)
{
    return weight > 0.0 && weight <= 1.0;
}

static int is_confidence(double confidence)
{
    return confidence != confidence || (confidence >= 0.0 && confidence <= 1.0);
}

/* Moves the sums to a reference time that is `age` seconds later. */
static inline void age_to(plurum_trust_state *state, int64_t reference, uint64_t age,
                          double half_life)
{
    double left = pli_trust_decay(age, half_life);
    state->successes *= left;
    state->failures *= left;
    state->reference = reference;
}

/* A full counter no longer bounds its sum. */
static int is_full(const plurum_trust_state *state)
{
    return state->success_count == UINT32_MAX || state->failure_count == UINT32_MAX;
}

/* Restores the order of sums and counters after a subtraction or a full counter. */
static void settle(plurum_trust_state *state)
{
    state->successes = clamp(state->successes, state->success_count);
    state->failure_weight = clamp(state->failure_weight, state->failure_count);
    state->failures = clamp(state->failures, state->failure_weight);
    if (!has_outcomes(state)) state->reference = 0;
}

/* Equal inputs give equal bytes: one NaN, one zero. */
plurum_trust_status plurum_trust_init(plurum_trust_state *state, double confidence)
{
    if (!is_confidence(confidence)) return PLURUM_TRUST_BAD_CONFIDENCE;
    *state = (plurum_trust_state){
        .confidence = confidence != confidence ? ABSENT : confidence + 0.0,
    };
    return PLURUM_TRUST_OK;
}

/* The comparisons are written so that a NaN fails them. */
plurum_trust_status plurum_trust_check(const plurum_trust_state *state)
{
    int sound = state->successes >= 0.0 && state->successes <= state->success_count &&
                state->failures >= 0.0 && state->failures <= state->failure_weight &&
                state->failure_weight <= state->failure_count &&
                (has_outcomes(state) || state->reference == 0) && is_confidence(state->confidence);
    return sound ? PLURUM_TRUST_OK : PLURUM_TRUST_BAD_STATE;
}

/* Plain branches on purpose: past a wrong guess the processor still fetches the next record. With
 * selects instead, folding events of random records took a fifth longer and more. */
plurum_trust_status plurum_trust_outcome(plurum_trust_state *state,
                                         const plurum_trust_config *config, int success,
                                         int64_t time, double weight)
{
    if (!is_weight(weight)) return PLURUM_TRUST_BAD_WEIGHT;
    int64_t reference = has_outcomes(state) ? state->reference : time;
    double left = weight;
    if (time > reference) {
        age_to(state, time, pli_trust_age(reference, time), config->half_life);
    } else {
        left *= pli_trust_decay(pli_trust_age(time, reference), config->half_life);
        state->reference = reference;
    }
    if (success) {
        state->successes += left;
        state->success_count = add_count(state->success_count, 1);
    } else {
        state->failures += left;
        state->failure_weight += weight;
        state->failure_count = add_count(state->failure_count, 1);
    }
    if (is_full(state)) settle(state);
    return PLURUM_TRUST_OK;
}

plurum_trust_status plurum_trust_retract(plurum_trust_state *state,
                                         const plurum_trust_config *config, int success,
                                         int64_t time, double weight)
{
    if (!is_weight(weight)) return PLURUM_TRUST_BAD_WEIGHT;
    uint32_t *count = success ? &state->success_count : &state->failure_count;
    if (*count == 0 || time > state->reference) return PLURUM_TRUST_NOT_THERE;
    uint64_t age = pli_trust_age(time, state->reference);
    double left = weight * pli_trust_decay(age, config->half_life);
    *count -= 1;
    if (success) {
        state->successes -= left;
    } else {
        state->failures -= left;
        state->failure_weight -= weight;
    }
    settle(state);
    return PLURUM_TRUST_OK;
}

plurum_trust_status plurum_trust_vote(plurum_trust_state *state, int before, int after)
{
    if (before < -1 || before > 1 || after < -1 || after > 1) return PLURUM_TRUST_BAD_VOTE;
    if ((before == 1 && state->up == 0) || (before == -1 && state->down == 0))
        return PLURUM_TRUST_NOT_THERE;
    state->up = add_count(state->up - (before == 1), after == 1);
    state->down = add_count(state->down - (before == -1), after == -1);
    return PLURUM_TRUST_OK;
}

void plurum_trust_merge(plurum_trust_state *state, const plurum_trust_state *other,
                        const plurum_trust_config *config)
{
    plurum_trust_state more = *other; /* a copy: both may be one state, and it may be the older */
    if (!has_outcomes(state)) state->reference = more.reference;
    if (!has_outcomes(&more)) more.reference = state->reference;
    plurum_trust_state *older = state->reference < more.reference ? state : &more;
    int64_t reference = older == state ? more.reference : state->reference;
    age_to(older, reference, pli_trust_age(older->reference, reference), config->half_life);
    state->successes += more.successes;
    state->failures += more.failures;
    state->failure_weight += more.failure_weight;
    state->success_count = add_count(state->success_count, more.success_count);
    state->failure_count = add_count(state->failure_count, more.failure_count);
    state->up = add_count(state->up, more.up);
    state->down = add_count(state->down, more.down);
    settle(state);
}
