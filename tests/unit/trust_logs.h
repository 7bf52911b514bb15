/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random parameters and logs of events for libtrust's property tests, with times from one second
 * to the whole of int64, and the folding of a log, which checks every state on the way. A failure
 * names the seed and the case.
 */
#ifndef TESTS_UNIT_TRUST_LOGS_H
#define TESTS_UNIT_TRUST_LOGS_H

#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/trust.h>

#define CASES       3000
#define MOST_EVENTS 60
#define DAY         86400

static uint64_t seed = 20260207;
static uint64_t random_state;
static int case_number;

#define HOLDS(condition)                                                                           \
    ck_assert_msg(condition, "not so: %s (seed %" PRIu64 ", case %d)", #condition, seed,           \
                  case_number)

#define NEAR(a, b, most) HOLDS(fabsl((long double)(a) - (b)) <= (most))

/* --- random logs ----------------------------------------------------------------------------- */

static void start(void)
{
    random_state = seed;
}

/* splitmix64 */
static uint64_t random_bits(void)
{
    uint64_t z = random_state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static int below(int n)
{
    return (int)(random_bits() % (uint64_t)n);
}

/* In [low, high). */
static double between(double low, double high)
{
    return low + (high - low) * ((double)(random_bits() >> 11) * 0x1p-53);
}

typedef struct event {
    int is_vote;
    int success; /* of an outcome */
    int64_t time;
    double weight;
    int vote; /* a new agent's: -1 or 1 */
} event;

typedef struct event_log {
    plurum_trust_config config;
    double confidence;
    int time_kind;
    int count;
    event events[MOST_EVENTS + 1]; /* room for one that a test adds */
} event_log;

static int64_t random_time(int kind)
{
    static const int64_t EDGES[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
    switch (kind) {
    case 0: return (int64_t)(random_bits() % (400 * DAY));
    case 1: return (int64_t)(random_bits() % (4000 * (uint64_t)DAY)) - 2000 * (int64_t)DAY;
    case 2: return (int64_t)random_bits();
    case 3: return EDGES[below(7)];
    default: return -7;
    }
}

static double random_weight(void)
{
    static const double USUAL[] = {1.0, 1.0, 0.4, 0.52, 0.64};
    int i = below(8);
    if (i < 5) return USUAL[i];
    return i < 7 ? 1.0 - between(0.0, 1.0) : ldexp(1.0, -below(1075));
}

static event random_event(int time_kind)
{
    event e = {.is_vote = below(4) == 0, .success = below(2), .vote = below(2) ? 1 : -1};
    e.time = random_time(time_kind);
    e.weight = random_weight();
    return e;
}

static void random_config(plurum_trust_config *config)
{
    static const double HALF_LIVES[] = {0.0, INFINITY, 1.0, DAY, 90.0 * DAY, 1e9, 1e17, 0x1p64};
    static const double MARGINS[] = {0.0, 0.5, 1.0, INFINITY};
    plurum_trust_config_init(config);
    if (below(3) == 0) return;
    config->half_life = HALF_LIVES[below(8)];
    config->prior = pow(10.0, between(-1.0, 2.0));
    config->base_rate = between(0.01, 0.99);
    config->confidence_weight = between(0.0, 0.99);
    config->vote_weight = between(0.0, 2.0);
    config->vote_cap = between(0.0, 5.0);
    config->z = between(0.1, 4.0);
    config->quarantine_failures = (uint32_t)below(6);
    config->quarantine_margin = MARGINS[below(4)];
    config->floor = between(0.0, 1.0);
    config->explore = between(0.0, 2.0);
    HOLDS(plurum_trust_config_check(config) == PLURUM_TRUST_OK);
}

static void random_log(event_log *log)
{
    random_config(&log->config);
    log->confidence = below(5) == 0 ? NAN : between(0.0, 1.0);
    log->time_kind = below(5);
    log->count = below(MOST_EVENTS + 1);
    int outcomes_only = below(4) == 0, failures_only = below(4) == 0;
    for (int i = 0; i < log->count; i++) {
        log->events[i] = random_event(log->time_kind);
        if (outcomes_only) log->events[i].is_vote = 0;
        if (failures_only) log->events[i].success = 0;
    }
}

#define FOR_RANDOM_LOGS(log)                                                                       \
    for (case_number = 0; case_number < CASES && (random_log(log), 1); case_number++)

/* --- states ---------------------------------------------------------------------------------- */

static void fold_one(plurum_trust_state *state, const plurum_trust_config *config, const event *e)
{
    plurum_trust_status status =
        e->is_vote ? plurum_trust_vote(state, 0, e->vote)
                   : plurum_trust_outcome(state, config, e->success, e->time, e->weight);
    HOLDS(status == PLURUM_TRUST_OK);
    HOLDS(plurum_trust_check(state) == PLURUM_TRUST_OK);
}

static plurum_trust_state fold(const event_log *log, int from, int to)
{
    plurum_trust_state state;
    HOLDS(plurum_trust_init(&state, log->confidence) == PLURUM_TRUST_OK);
    for (int i = from; i < to; i++) fold_one(&state, &log->config, &log->events[i]);
    return state;
}

static plurum_trust_state fold_all(const event_log *log)
{
    return fold(log, 0, log->count);
}

static plurum_trust_score score_of(const plurum_trust_state *state,
                                   const plurum_trust_config *config, int64_t now)
{
    plurum_trust_score score;
    plurum_trust_score_at(&score, state, config, now);
    return score;
}

static int64_t newest(const event_log *log)
{
    int64_t time = INT64_MIN; /* also without any */
    for (int i = 0; i < log->count; i++)
        if (!log->events[i].is_vote && log->events[i].time > time) time = log->events[i].time;
    return time;
}

/* A moment at or after `time`. */
static int64_t not_before(int64_t time)
{
    uint64_t room = (uint64_t)INT64_MAX - (uint64_t)time;
    uint64_t step = below(4) == 0 ? random_bits() : random_bits() % (300 * DAY);
    return (int64_t)((uint64_t)time + (step < room ? step : room));
}

static void swap(event *a, event *b)
{
    event e = *a;
    *a = *b;
    *b = e;
}

static void shuffle(event_log *log)
{
    for (int i = log->count; i > 1; i--) swap(&log->events[i - 1], &log->events[below(i)]);
}

#endif
