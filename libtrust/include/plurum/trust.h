/* SPDX-License-Identifier: MIT */
/*
 * libtrust: how far to trust a record, from what happened to those who used it.
 *
 * One 56-byte state per record takes events (outcomes and votes) in any order, each in constant
 * time, and answers at any moment with a posterior mean, an interval, a quarantine decision and a
 * ranking factor. Pure C: no allocation, no I/O, no threads, no global state, and the same bits
 * from every compiler that keeps IEEE double arithmetic (build with -ffp-contract=off).
 *
 * The model. Outcome reports decay with a half-life H; votes count little and are capped together;
 * a prior of k pseudo-reports leans towards the author's stated confidence c:
 *
 *     decay(d) = 2^(-d/H) for d > 0, else 1
 *     S, F     = sums of w·decay(now - t) over the successes, over the failures
 *     m0       = mu if c is absent, else (1 - gamma)·mu + gamma·c
 *     V        = min(vote_weight·(u + d), vote_cap), split in the ratio u : d
 *     alpha    = k·m0 + S + V_up          beta = k·(1 - m0) + F + V_down
 *     trust    = alpha / (alpha + beta)
 *
 * Times are signed Unix seconds. `now` before the newest event scores as at the newest event.
 * Threads: every function may be called from any thread; a state is the caller's to lock.
 */
#ifndef PLURUM_TRUST_H
#define PLURUM_TRUST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Everything marked with it is exported. */
#if defined(__GNUC__)
#define PLURUM_TRUST_API __attribute__((visibility("default")))
#else
#define PLURUM_TRUST_API
#endif

/* What a call returns. */
typedef enum plurum_trust_status {
    PLURUM_TRUST_OK = 0,              /* success                                                  */
    PLURUM_TRUST_BAD_CONFIG = -1,     /* a parameter is out of its range                          */
    PLURUM_TRUST_BAD_CONFIDENCE = -2, /* outside 0..1                                             */
    PLURUM_TRUST_BAD_WEIGHT = -3,     /* NaN, not above 0, or above 1                             */
    PLURUM_TRUST_BAD_VOTE = -4,       /* not -1, 0 or 1                                           */
    PLURUM_TRUST_BAD_STATE = -5,      /* a state that no sequence of events gives                 */
    PLURUM_TRUST_NOT_THERE = -6       /* a retraction of something the state does not hold        */
} plurum_trust_status;

/*
 * A parameter set. Initialise with plurum_trust_config_init, then change members. half_life is
 * part of what a state's sums mean: fold one state with one half-life only. Where no upper bound
 * is named it is 1e9.
 */
typedef struct plurum_trust_config {
    size_t struct_size; /* of this struct, as plurum_trust_config_init sets it                    */
    double half_life;   /* H, seconds; > 0, no bound; 0 or infinity = no decay     7776000 (90 d) */
    double prior;       /* k, pseudo-reports; 0.1..100                                          2 */
    double base_rate;   /* mu, 0..1 exclusive                                                 0.5 */
    double confidence_weight; /* gamma, 0..1, 1 excluded                                     0.25 */
    double vote_weight; /* reports that one vote is worth; >= 0                               0.2 */
    double vote_cap;    /* reports that all votes together are worth at most; >= 0              1 */
    double z;           /* normal quantile of the interval; > 0       1.6448536269514722 (90 %)   */
    uint32_t quarantine_failures; /* N; 0 = never quarantine                                    3 */
    double quarantine_margin; /* parole: released when decayed failures < N - margin; >= 0;
                                 infinity = only a success releases                      infinity */
    double floor;       /* a of the boost, 0..1                                                 0 */
    double explore;     /* e of the boost, standard deviations; >= 0                            0 */
    double noise;       /* P of the boost: how likely it is that reports say nothing; 0..1      0 */
} plurum_trust_config;

/*
 * What a record's events amount to: 56 bytes, plain data, to be copied and stored at will (every
 * member, in any encoding). Change it through the functions below only.
 */
typedef struct plurum_trust_state {
    double successes;      /* sum of the weights of the successes, decayed to `reference`         */
    double failures;       /* the same of the failures                                            */
    double failure_weight; /* sum of the weights of the failures, undecayed                       */
    int64_t reference;     /* newest outcome's time, also of one retracted since; 0 = no outcome  */
    uint32_t success_count, failure_count; /* outcomes, saturating                                */
    uint32_t up, down;     /* current votes, saturating                                           */
    double confidence;     /* the author's, 0..1; NaN = absent                                    */
} plurum_trust_state;

/* A score, with everything that went into it. */
typedef struct plurum_trust_score {
    double trust;         /* posterior mean, in (0, 1)                                            */
    double low, high;     /* Wilson interval of the decayed reports alone, around trust           */
    double sd;            /* standard deviation of the posterior; 0 only by underflow             */
    double alpha, beta;   /* the posterior's parameters                                           */
    double boost;         /* floor + (1 - floor)·((1 - noise)·min(1, trust + explore·sd) + noise/2) */
    double success_rate;  /* raw share of successes, 0 without reports                            */
    uint64_t total_reports; /* outcomes                                                           */
    int quarantined;      /* 1: hide it                                                           */
    /* The summands: alpha = prior_alpha + report_alpha + vote_alpha, likewise beta.              */
    double prior_alpha, prior_beta;
    double report_alpha, report_beta;
    double vote_alpha, vote_beta;
} plurum_trust_score;

/* Fills *config with the defaults named above. Errors: none. Cost: O(1). Since 0.1. */
PLURUM_TRUST_API void plurum_trust_config_init(plurum_trust_config *config);

/*
 * Checks every parameter. A config that passes is safe in all calls below, which do not check it
 * again. Errors: BAD_CONFIG. Since 0.1.
 */
PLURUM_TRUST_API plurum_trust_status plurum_trust_config_check(const plurum_trust_config *config);

/*
 * A state without events. confidence: 0..1, NaN = absent. Equal values give equal bytes.
 * Errors: BAD_CONFIDENCE (*state untouched). Since 0.1.
 */
PLURUM_TRUST_API plurum_trust_status plurum_trust_init(plurum_trust_state *state,
                                                       double confidence);

/*
 * Checks a state that came from outside (a file, a wire): finite, non-negative, counters and sums
 * in agreement. Errors: BAD_STATE. Since 0.1.
 */
PLURUM_TRUST_API plurum_trust_status plurum_trust_check(const plurum_trust_state *state);

/*
 * Adds one outcome. success: 0 or not. time: when it happened; clamp it to your own clock first,
 * a time in the future would age all others. weight: 0 < w <= 1, usually 1 or
 * plurum_trust_reporter_weight. Order does not matter beyond rounding (1e-12). A full counter
 * stays full, and so does its sum.
 * Errors: BAD_WEIGHT (*state untouched). Cost: O(1); the arithmetic takes about 10 ns, so that
 * events of many records in random order are ruled by cache misses: prefetch the states of the
 * next ten or so. Since 0.1.
 */
PLURUM_TRUST_API plurum_trust_status plurum_trust_outcome(plurum_trust_state *state,
                                                          const plurum_trust_config *config,
                                                          int success, int64_t time,
                                                          double weight);

/*
 * Takes one outcome back. success, time, weight: as it was added. The sums are good to 1e-12, and
 * exactly zero when none is left; the reference time stays while any outcome is left, and else is 0
 * again. For bit-identical results refold what remains.
 * Errors: BAD_WEIGHT; NOT_THERE where no such outcome is counted or all are older (*state
 * untouched; other mistakes cannot be seen in sums). Cost: O(1). Since 0.1.
 */
PLURUM_TRUST_API plurum_trust_status plurum_trust_retract(plurum_trust_state *state,
                                                          const plurum_trust_config *config,
                                                          int success, int64_t time,
                                                          double weight);

/*
 * Changes one agent's vote. before, after: each -1 (down), 0 (none) or 1 (up). Exact: the
 * reverse call restores every bit, unless a counter was full. Votes do not decay.
 * Errors: BAD_VOTE, NOT_THERE (*state untouched). Cost: O(1). Since 0.1.
 */
PLURUM_TRUST_API plurum_trust_status plurum_trust_vote(plurum_trust_state *state, int before,
                                                       int after);

/*
 * Adds the events of other to state, as if all had been folded into one. state keeps its own
 * confidence. Both must have been folded with config's half-life; they may be the same object.
 * Errors: none. Cost: O(1). Since 0.1.
 */
PLURUM_TRUST_API void plurum_trust_merge(plurum_trust_state *state,
                                         const plurum_trust_state *other,
                                         const plurum_trust_config *config);

/* The full score at `now`. Errors: none. Cost: O(1), two square roots. Since 0.1. */
PLURUM_TRUST_API void plurum_trust_score_at(plurum_trust_score *score,
                                            const plurum_trust_state *state,
                                            const plurum_trust_config *config, int64_t now);

/*
 * The boost of a score under config's floor, explore and noise: the score's own, if they are those it was
 * made with. Only trust and sd are read. Errors: none. Cost: O(1). Since 0.1.
 */
PLURUM_TRUST_API double plurum_trust_boost(const plurum_trust_score *score,
                                           const plurum_trust_config *config);

/* trust alone, bit-identical to the score's. Errors: none. Cost: O(1). Since 0.1. */
PLURUM_TRUST_API double plurum_trust_mean_at(const plurum_trust_state *state,
                                             const plurum_trust_config *config, int64_t now);

/*
 * Whether the record is quarantined at `now`: no success, at least N failures whose undecayed
 * weight is at least N - 1/2, and decayed failures of at least N - margin.
 * Errors: none. Cost: O(1). Since 0.1.
 */
PLURUM_TRUST_API int plurum_trust_quarantined_at(const plurum_trust_state *state,
                                                 const plurum_trust_config *config, int64_t now);

/*
 * The weight of a report by an agent that filed earlier_reports outcomes before, on any record:
 * .4 + .6·min(1, earlier_reports / 5). Freeze it in the event. Errors: none. Since 0.1.
 */
PLURUM_TRUST_API double plurum_trust_reporter_weight(uint64_t earlier_reports);

/*
 * The score as one line of arithmetic:
 * "0.687 = (1.175 prior + 2.333 decayed successes + 0.400 up-votes) / (2 prior + 3.091 decayed
 * reports + 0.600 votes); 90 % range of the reports alone 0.319–0.953".
 * The percentage follows from config's z, the prior is config's; numbers have a decimal point in
 * every locale. text: size bytes for the line and its NUL, 256 always suffice; may be NULL where
 * size is 0. A line that does not fit is cut, never inside a character. Returns the length of the
 * whole line without the NUL, as snprintf does.
 * Errors: none. Since 0.1.
 */
PLURUM_TRUST_API size_t plurum_trust_explain(char *text, size_t size,
                                             const plurum_trust_score *score,
                                             const plurum_trust_config *config);

#ifdef __cplusplus
}
#endif

#endif
