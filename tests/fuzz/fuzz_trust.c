/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as parameters, a stored state and a log of events: whatever the checks let pass gives
 * scores within bounds and states that pass again; whatever is refused changes nothing.
 *
 * The bytes, in this order, zeros once they end: 10 numbers (the parameters), N, a state's 56
 * bytes, a confidence; then events of one byte that says which, followed by what they need. A
 * number is a byte b: below 128 the default or b/128, else the eight bytes that follow.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/trust.h>

#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) abort();                                                                 \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct input {
    const uint8_t *at, *end;
} input;

static void take(input *in, void *to, size_t size)
{
    size_t left = (size_t)(in->end - in->at), n = left < size ? left : size;
    memset(to, 0, size);
    if (n > 0) memcpy(to, in->at, n);
    in->at += n;
}

static uint8_t take_byte(input *in)
{
    uint8_t byte;
    take(in, &byte, 1);
    return byte;
}

static int64_t take_time(input *in)
{
    int64_t time;
    take(in, &time, sizeof time);
    return time;
}

static double take_number(input *in, double usual)
{
    uint8_t byte = take_byte(in);
    if (byte == 0) return usual;
    if (byte < 128) return byte / 128.0;
    double value;
    take(in, &value, sizeof value);
    return value;
}

static plurum_trust_config take_config(input *in)
{
    plurum_trust_config config, usual;
    plurum_trust_config_init(&usual);
    config = usual;
    double *parameters[] = {
        &config.half_life,   &config.prior,    &config.base_rate, &config.confidence_weight,
        &config.vote_weight, &config.vote_cap, &config.z,         &config.quarantine_margin,
        &config.floor,       &config.explore,  &config.noise};
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        *parameters[i] = take_number(in, *parameters[i]);
    config.quarantine_failures = take_byte(in);
    return plurum_trust_config_check(&config) == PLURUM_TRUST_OK ? config : usual;
}

static plurum_trust_state take_state(input *in)
{
    plurum_trust_state state, made;
    take(in, &state, sizeof state);
    double confidence = take_number(in, 0.5);
    if (plurum_trust_check(&state) == PLURUM_TRUST_OK) return state;
    if (plurum_trust_init(&made, confidence) != PLURUM_TRUST_OK)
        HOLDS(plurum_trust_init(&made, 0.5) == PLURUM_TRUST_OK);
    return made;
}

static void check_score(const plurum_trust_state *state, const plurum_trust_config *config,
                        int64_t now)
{
    plurum_trust_score s;
    plurum_trust_score_at(&s, state, config, now);
    HOLDS(0.0 < s.trust && s.trust < 1.0);
    HOLDS(0.0 <= s.low && s.low <= s.trust && s.trust <= s.high && s.high <= 1.0);
    HOLDS(0.0 <= s.sd && s.sd <= 0.5);
    HOLDS(config->floor <= s.boost && s.boost <= 1.0);
    HOLDS(0.0 <= s.success_rate && s.success_rate <= 1.0);
    HOLDS(s.alpha == s.prior_alpha + s.report_alpha + s.vote_alpha);
    HOLDS(s.beta == s.prior_beta + s.report_beta + s.vote_beta);
    HOLDS(s.prior_alpha >= 0.0 && s.report_alpha >= 0.0 && s.vote_alpha >= 0.0);
    HOLDS(s.prior_beta >= 0.0 && s.report_beta >= 0.0 && s.vote_beta >= 0.0);
    HOLDS(s.total_reports == (uint64_t)state->success_count + state->failure_count);
    HOLDS(s.quarantined == plurum_trust_quarantined_at(state, config, now));
    HOLDS(!s.quarantined || (state->success_count == 0 && state->failure_count > 0));
    double mean = plurum_trust_mean_at(state, config, now);
    HOLDS(memcmp(&mean, &s.trust, sizeof mean) == 0);
    char line[256];
    size_t length = plurum_trust_explain(line, sizeof line, &s, config);
    HOLDS(length < sizeof line && line[length] == '\0' && strlen(line) == length);
}

static plurum_trust_status one_event(input *in, plurum_trust_state *state,
                                     const plurum_trust_state *other,
                                     const plurum_trust_config *config)
{
    uint8_t which = take_byte(in);
    int64_t time;
    switch (which % 5) {
    case 0:
        time = take_time(in);
        return plurum_trust_outcome(state, config, which & 128, time, take_number(in, 1.0));
    case 1:
        time = take_time(in);
        return plurum_trust_retract(state, config, which & 128, time, take_number(in, 1.0));
    case 2: return plurum_trust_vote(state, (which >> 3) % 5 - 2, (which >> 6) - 1);
    case 3: plurum_trust_merge(state, other, config); return PLURUM_TRUST_OK;
    default: check_score(state, config, take_time(in)); return PLURUM_TRUST_OK;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = {data, data + size};
    plurum_trust_config config = take_config(&in);
    plurum_trust_state state = take_state(&in), other = state;
    check_score(&state, &config, 0);
    while (in.at < in.end) {
        plurum_trust_state before = state;
        if (one_event(&in, &state, &other, &config) != PLURUM_TRUST_OK)
            HOLDS(memcmp(&state, &before, sizeof state) == 0);
        else
            other = before;
        HOLDS(plurum_trust_check(&state) == PLURUM_TRUST_OK);
    }
    check_score(&state, &config, state.reference);
    check_score(&state, &config, INT64_MAX);
    return 0;
}
