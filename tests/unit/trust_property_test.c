/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What holds for every log: each test runs thousands of random ones. PLURUM_TEST_SEED runs another
 * seed than the usual.
 */
#include "trust_logs.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- invariants ------------------------------------------------------------------------------ */

START_TEST(every_score_is_within_bounds_and_adds_up)
{
    event_log log;
    FOR_RANDOM_LOGS(&log)
    {
        plurum_trust_state state = fold_all(&log);
        int64_t now = below(2) ? random_time(below(5)) : not_before(newest(&log));
        plurum_trust_score s = score_of(&state, &log.config, now);
        HOLDS(0.0 < s.trust && s.trust < 1.0 && s.sd > 0.0);
        HOLDS(0.0 <= s.low && s.low <= s.trust && s.trust <= s.high && s.high <= 1.0);
        HOLDS(0.0 <= s.success_rate && s.success_rate <= 1.0);
        HOLDS(log.config.floor <= s.boost && s.boost <= 1.0);
        HOLDS(s.total_reports == (uint64_t)state.success_count + state.failure_count);
        HOLDS(s.alpha == s.prior_alpha + s.report_alpha + s.vote_alpha);
        HOLDS(s.beta == s.prior_beta + s.report_beta + s.vote_beta);
        HOLDS(s.trust == s.alpha / (s.alpha + s.beta));
        double mean = plurum_trust_mean_at(&state, &log.config, now);
        HOLDS(memcmp(&mean, &s.trust, sizeof mean) == 0);
        HOLDS(plurum_trust_quarantined_at(&state, &log.config, now) == s.quarantined);
    }
}
END_TEST

/* The definition itself, in one pass over the log and in long double. */
static void check_against_definition(const event_log *log, int64_t now)
{
    const plurum_trust_config *c = &log->config;
    long double s = 0, f = 0, u = 0, d = 0;
    for (int i = 0; i < log->count; i++) {
        const event *e = &log->events[i];
        if (e->is_vote) {
            *(e->vote > 0 ? &u : &d) += 1;
            continue;
        }
        long double age = (long double)((uint64_t)now - (uint64_t)e->time);
        int decays = c->half_life > 0 && isfinite(c->half_life);
        *(e->success ? &s : &f) += e->weight * (decays ? exp2l(-age / c->half_life) : 1);
    }
    long double gamma = isnan(log->confidence) ? 0 : c->confidence_weight;
    long double mean = (1 - gamma) * c->base_rate + (gamma > 0 ? gamma * log->confidence : 0);
    long double v = fminl(c->vote_weight * (u + d), c->vote_cap);
    long double up = u + d > 0 ? v * u / (u + d) : 0;
    long double alpha = c->prior * mean + s + up, beta = c->prior * (1 - mean) + f + v - up;
    long double n = alpha + beta, trust = alpha / n, e = s + f, z2 = (long double)c->z * c->z;
    long double half = c->z * sqrtl((e > 0 ? s * f / e : 0) + z2 / 4);
    plurum_trust_state state = fold_all(log);
    plurum_trust_score score = score_of(&state, c, now);
    NEAR(score.trust, trust, 1e-12L);
    NEAR(score.low, fminl(trust, fmaxl(0, (s + z2 / 2 - half) / (e + z2))), 1e-12L);
    NEAR(score.high, fmaxl(trust, fminl(1, (s + z2 / 2 + half) / (e + z2))), 1e-12L);
    NEAR(score.sd, sqrtl(alpha * beta / (n * n * (n + 1))), 1e-12L);
    HOLDS(state.up == u && state.down == d);
}

START_TEST(the_incremental_score_is_the_defined_one)
{
    event_log log;
    FOR_RANDOM_LOGS(&log) check_against_definition(&log, not_before(newest(&log)));
}
END_TEST

START_TEST(good_news_never_lowers_trust_and_bad_news_never_raises_it)
{
    event_log log;
    FOR_RANDOM_LOGS(&log)
    {
        plurum_trust_state before = fold_all(&log), after = before;
        event *e = &log.events[log.count++];
        *e = random_event(log.time_kind);
        int64_t now = not_before(newest(&log));
        fold_one(&after, &log.config, e);
        double change = plurum_trust_mean_at(&after, &log.config, now) -
                        plurum_trust_mean_at(&before, &log.config, now);
        int good = e->is_vote ? e->vote > 0 : e->success;
        HOLDS(good ? change >= -1e-15 : change <= 1e-15);
        if (!e->is_vote) continue;
        HOLDS(plurum_trust_vote(&after, e->vote, 0) == PLURUM_TRUST_OK);
        HOLDS(memcmp(&before, &after, sizeof before) == 0);
    }
}
END_TEST

START_TEST(the_order_of_events_does_not_matter)
{
    event_log log;
    FOR_RANDOM_LOGS(&log)
    {
        int64_t now = not_before(newest(&log));
        plurum_trust_state a = fold_all(&log);
        shuffle(&log);
        plurum_trust_state b = fold_all(&log);
        NEAR(plurum_trust_mean_at(&a, &log.config, now), plurum_trust_mean_at(&b, &log.config, now),
             1e-12);
        NEAR(a.failure_weight, b.failure_weight, 1e-12);
        HOLDS(a.success_count == b.success_count && a.failure_count == b.failure_count);
        HOLDS(a.up == b.up && a.down == b.down && a.reference == b.reference);
    }
}
END_TEST

START_TEST(a_replay_gives_the_same_bytes)
{
    event_log log;
    FOR_RANDOM_LOGS(&log)
    {
        plurum_trust_state whole = fold_all(&log);
        int middle = below(log.count + 1);
        plurum_trust_state state = fold(&log, 0, middle);
        unsigned char stored[sizeof state];
        memcpy(stored, &state, sizeof state); /* written, read, continued */
        memset(&state, 0xAA, sizeof state);
        memcpy(&state, stored, sizeof state);
        for (int i = middle; i < log.count; i++) fold_one(&state, &log.config, &log.events[i]);
        HOLDS(memcmp(&whole, &state, sizeof state) == 0);
    }
}
END_TEST

START_TEST(quarantine_begins_with_failures_and_ends_with_a_success)
{
    event_log log;
    FOR_RANDOM_LOGS(&log)
    {
        plurum_trust_state state = fold_all(&log);
        int64_t now = not_before(newest(&log));
        int inside = plurum_trust_quarantined_at(&state, &log.config, now);
        HOLDS(!inside || (state.success_count == 0 && log.config.quarantine_failures > 0 &&
                          state.failure_count >= log.config.quarantine_failures));
        int64_t time = random_time(log.time_kind);
        if (time > now) time = now;
        plurum_trust_state worse = state, better = state;
        plurum_trust_outcome(&worse, &log.config, 0, time, between(0.1, 1.0));
        plurum_trust_outcome(&better, &log.config, 1, time, random_weight());
        HOLDS(!inside || plurum_trust_quarantined_at(&worse, &log.config, now));
        HOLDS(!plurum_trust_quarantined_at(&better, &log.config, now));
        log.config.quarantine_margin = INFINITY;
        inside = plurum_trust_quarantined_at(&state, &log.config, now);
        for (int i = 0; i < 5; i++)
            HOLDS(plurum_trust_quarantined_at(&state, &log.config, random_time(i)) == inside);
    }
}
END_TEST

START_TEST(time_alone_leads_back_to_prior_and_votes)
{
    event_log log;
    FOR_RANDOM_LOGS(&log)
    {
        int is_default = log.config.prior == 2.0;
        plurum_trust_state state = fold_all(&log);
        plurum_trust_score at = score_of(&state, &log.config, state.reference);
        double limit = (at.prior_alpha + at.vote_alpha) /
                       (at.prior_alpha + at.vote_alpha + at.prior_beta + at.vote_beta);
        int64_t now = state.reference;
        for (int i = 0; i < 8; i++) {
            now = not_before(now);
            plurum_trust_score later = score_of(&state, &log.config, now);
            HOLDS(fabs(later.trust - limit) <= fabs(at.trust - limit) + 1e-15);
            HOLDS(!is_default || later.high - later.low >= at.high - at.low - 1e-14);
            at = later;
        }
    }
}
END_TEST

START_TEST(before_the_newest_outcome_the_clock_stands)
{
    event_log log;
    FOR_RANDOM_LOGS(&log)
    {
        plurum_trust_state state = fold_all(&log);
        int64_t now = random_time(below(5));
        if (now > state.reference) now = state.reference;
        plurum_trust_score a, b;
        memset(&a, 0, sizeof a); /* the padding too */
        memset(&b, 0, sizeof b);
        plurum_trust_score_at(&a, &state, &log.config, now);
        plurum_trust_score_at(&b, &state, &log.config, state.reference);
        HOLDS(memcmp(&a, &b, sizeof a) == 0);
    }
}
END_TEST

START_TEST(twice_the_reports_at_half_the_weight_are_the_same)
{
    event_log log;
    FOR_RANDOM_LOGS(&log)
    {
        plurum_trust_state whole = fold_all(&log), halves = fold(&log, 0, 0);
        for (int i = 0; i < log.count; i++) {
            event e = log.events[i];
            if (e.weight > 1e-300) e.weight /= 2; /* 0 is no weight */
            fold_one(&halves, &log.config, &e);
            if (!e.is_vote) fold_one(&halves, &log.config, &e);
        }
        int64_t now = not_before(newest(&log));
        NEAR(plurum_trust_mean_at(&whole, &log.config, now),
             plurum_trust_mean_at(&halves, &log.config, now), 1e-12);
        NEAR(whole.failure_weight, halves.failure_weight, 1e-12);
    }
}
END_TEST

START_TEST(merged_states_are_the_state_of_the_union)
{
    event_log log;
    FOR_RANDOM_LOGS(&log)
    {
        int middle = below(log.count + 1);
        plurum_trust_state whole = fold_all(&log);
        plurum_trust_state a = fold(&log, 0, middle), b = fold(&log, middle, log.count);
        plurum_trust_state ab = a, ba = b;
        plurum_trust_merge(&ab, &b, &log.config);
        plurum_trust_merge(&ba, &a, &log.config);
        HOLDS(memcmp(&ab, &ba, sizeof ab) == 0); /* both have the same confidence */
        HOLDS(plurum_trust_check(&ab) == PLURUM_TRUST_OK);
        NEAR(ab.successes, whole.successes, 1e-12);
        NEAR(ab.failures, whole.failures, 1e-12);
        NEAR(ab.failure_weight, whole.failure_weight, 1e-12);
        HOLDS(ab.reference == whole.reference);
        HOLDS(ab.success_count == whole.success_count && ab.failure_count == whole.failure_count);
        HOLDS(ab.up == whole.up && ab.down == whole.down);
        plurum_trust_state none = fold(&log, 0, 0), kept = whole;
        plurum_trust_merge(&kept, &none, &log.config);
        HOLDS(memcmp(&kept, &whole, sizeof kept) == 0);
    }
}
END_TEST

START_TEST(all_votes_together_move_trust_by_their_cap_at_most)
{
    event_log log;
    FOR_RANDOM_LOGS(&log)
    {
        plurum_trust_state with = fold_all(&log), without = with;
        without.up = without.down = 0;
        if (below(2)) with.up = (uint32_t)random_bits();
        if (below(4) == 0) with.down = (uint32_t)random_bits();
        int64_t now = not_before(newest(&log));
        plurum_trust_score a = score_of(&with, &log.config, now);
        plurum_trust_score b = score_of(&without, &log.config, now);
        double cap = log.config.vote_cap;
        double mass = log.config.prior + b.report_alpha + b.report_beta + cap;
        NEAR(a.trust, b.trust, cap / mass + 1e-15);
        HOLDS(a.vote_alpha >= 0.0 && a.vote_beta >= 0.0 &&
              a.vote_alpha + a.vote_beta <= cap + 1e-15);
    }
}
END_TEST

static double random_double(void)
{
    uint64_t bits = random_bits();
    double value;
    memcpy(&value, &bits, sizeof value);
    return below(2) ? value : between(-1.0, 2.0);
}

START_TEST(what_is_out_of_range_is_refused_and_changes_nothing)
{
    event_log log;
    FOR_RANDOM_LOGS(&log)
    {
        plurum_trust_state state = fold_all(&log), before = state;
        double x = random_double();
        int64_t time = random_time(log.time_kind);
        int is_weight = x > 0.0 && x <= 1.0, is_confidence = isnan(x) || (x >= 0.0 && x <= 1.0);
        plurum_trust_status status = plurum_trust_outcome(&state, &log.config, below(2), time, x);
        HOLDS((status == PLURUM_TRUST_OK) == is_weight);
        HOLDS((memcmp(&state, &before, sizeof state) == 0) == !is_weight);
        state = before;
        HOLDS(plurum_trust_init(&state, x) ==
              (is_confidence ? PLURUM_TRUST_OK : PLURUM_TRUST_BAD_CONFIDENCE));
        HOLDS(is_confidence || memcmp(&state, &before, sizeof state) == 0);
    }
}
END_TEST

/* Takes events out of the end of the log, in random order. */
START_TEST(retracted_outcomes_were_never_there)
{
    event_log log;
    FOR_RANDOM_LOGS(&log)
    {
        plurum_trust_state state = fold_all(&log);
        int64_t last = newest(&log);
        shuffle(&log);
        for (int kept = below(log.count + 1); log.count > kept; log.count--) {
            const event *e = &log.events[log.count - 1];
            plurum_trust_status status =
                e->is_vote
                    ? plurum_trust_vote(&state, e->vote, 0)
                    : plurum_trust_retract(&state, &log.config, e->success, e->time, e->weight);
            HOLDS(status == PLURUM_TRUST_OK);
            HOLDS(plurum_trust_check(&state) == PLURUM_TRUST_OK);
        }
        plurum_trust_state rest = fold_all(&log);
        int64_t now = not_before(last);
        plurum_trust_score a = score_of(&state, &log.config, now);
        plurum_trust_score b = score_of(&rest, &log.config, now);
        NEAR(a.trust, b.trust, 1e-12);
        NEAR(a.report_alpha, b.report_alpha, 1e-12);
        NEAR(a.report_beta, b.report_beta, 1e-12);
        NEAR(state.failure_weight, rest.failure_weight, 1e-12);
        HOLDS(state.success_count == rest.success_count);
        HOLDS(state.failure_count == rest.failure_count);
        HOLDS(state.success_count > 0 || state.successes == 0.0);
        HOLDS(state.failure_count > 0 || (state.failures == 0.0 && state.failure_weight == 0.0));
        if (a.total_reports == 0) HOLDS(memcmp(&state, &rest, sizeof state) == 0);
    }
}
END_TEST

/* Twenty agents change their votes at random. */
START_TEST(votes_are_counted_exactly)
{
    for (case_number = 0; case_number < CASES / 10; case_number++) {
        plurum_trust_state state, first;
        plurum_trust_init(&state, NAN);
        first = state;
        int votes[20] = {0}, changes[100][2];
        for (int i = 0; i < 100; i++) {
            int agent = below(20), vote = below(3) - 1;
            changes[i][0] = votes[agent], changes[i][1] = vote;
            HOLDS(plurum_trust_vote(&state, votes[agent], vote) == PLURUM_TRUST_OK);
            votes[agent] = vote;
            uint32_t up = 0, down = 0;
            for (int j = 0; j < 20; j++) up += votes[j] > 0, down += votes[j] < 0;
            HOLDS(state.up == up && state.down == down);
        }
        for (int i = 99; i >= 0; i--) plurum_trust_vote(&state, changes[i][1], changes[i][0]);
        HOLDS(memcmp(&state, &first, sizeof state) == 0);
    }
}
END_TEST

int main(void)
{
    const char *other = getenv("PLURUM_TEST_SEED");
    if (other != NULL) seed = strtoull(other, NULL, 0);
    printf("seed %" PRIu64 "\n", seed);
    fflush(stdout);
    Suite *suite = suite_create("trust properties");
    TCase *tc = tcase_create("properties");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, start, NULL);
    tcase_add_test(tc, every_score_is_within_bounds_and_adds_up);
    tcase_add_test(tc, the_incremental_score_is_the_defined_one);
    tcase_add_test(tc, good_news_never_lowers_trust_and_bad_news_never_raises_it);
    tcase_add_test(tc, the_order_of_events_does_not_matter);
    tcase_add_test(tc, a_replay_gives_the_same_bytes);
    tcase_add_test(tc, quarantine_begins_with_failures_and_ends_with_a_success);
    tcase_add_test(tc, time_alone_leads_back_to_prior_and_votes);
    tcase_add_test(tc, before_the_newest_outcome_the_clock_stands);
    tcase_add_test(tc, twice_the_reports_at_half_the_weight_are_the_same);
    tcase_add_test(tc, merged_states_are_the_state_of_the_union);
    tcase_add_test(tc, all_votes_together_move_trust_by_their_cap_at_most);
    tcase_add_test(tc, what_is_out_of_range_is_refused_and_changes_nothing);
    tcase_add_test(tc, retracted_outcomes_were_never_there);
    tcase_add_test(tc, votes_are_counted_exactly);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
