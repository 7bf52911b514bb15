/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libtrust by example: the reference's golden rows, the decay against libm, every refusal, the
 * bounds of the parameters, what a sound state is. What holds for all logs is in
 * trust_property_test.c.
 */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/trust.h>

static plurum_trust_config defaults(void)
{
    plurum_trust_config config;
    plurum_trust_config_init(&config);
    return config;
}

static plurum_trust_state fresh(double confidence)
{
    plurum_trust_state state;
    ck_assert_int_eq(plurum_trust_init(&state, confidence), PLURUM_TRUST_OK);
    return state;
}

static plurum_trust_score score_of(const plurum_trust_state *state,
                                   const plurum_trust_config *config, int64_t now)
{
    plurum_trust_score score;
    plurum_trust_score_at(&score, state, config, now);
    return score;
}

/* --- golden rows ----------------------------------------------------------------------------- */

enum { NAME, CONF, EVENTS, NOW, OVERRIDES, S, F, U, D, QUARANTINED, RATE, COLUMNS = RATE + 8 };

static int split(char *line, char **fields, int most)
{
    int n = 0;
    for (char *field = strtok(line, "\t\n"); field != NULL && n < most; n++) {
        fields[n] = field;
        field = strtok(NULL, "\t\n");
    }
    return n;
}

static void fold_event(plurum_trust_state *state, const plurum_trust_config *config, char *text)
{
    if (text[0] == 'V') {
        int before, after;
        ck_assert_int_eq(sscanf(text, "V%d>%d", &before, &after), 2);
        ck_assert_int_eq(plurum_trust_vote(state, before, after), PLURUM_TRUST_OK);
        return;
    }
    ck_assert(text[0] == 'S' || text[0] == 'F');
    char *end;
    int64_t time = strtoll(text + 2, &end, 10);
    double weight = strtod(end + 1, &end);
    long count = *end == 'x' ? strtol(end + 1, NULL, 10) : 1;
    for (long i = 0; i < count; i++)
        ck_assert_int_eq(plurum_trust_outcome(state, config, text[0] == 'S', time, weight),
                         PLURUM_TRUST_OK);
}

static void override(plurum_trust_config *config, const char *text)
{
    struct {
        const char *name;
        double *value;
    } names[] = {
        {"half_life", &config->half_life},        {"k", &config->prior}, {"mu", &config->base_rate},
        {"gamma", &config->confidence_weight},    {"a", &config->floor}, {"e", &config->explore},
        {"q_margin", &config->quarantine_margin},
    };
    char name[16];
    double value;
    ck_assert_msg(sscanf(text, "%15[^=]=%lf", name, &value) == 2, "override %s", text);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i].name) != 0) continue;
        *names[i].value = value;
        return;
    }
    ck_abort_msg("unknown override %s", text);
}

/* Every piece of a list, of which "-" is the empty one. */
#define FOR_PIECES(piece, list, separator)                                                         \
    for (char *piece = strcmp(list, "-") == 0 ? NULL : strtok(list, separator); piece != NULL;     \
         piece = strtok(NULL, separator))

static double worst_of_row(char **row)
{
    plurum_trust_config config = defaults();
    config.quarantine_margin = 0.5; /* the file's default; the library's is infinity */
    FOR_PIECES(piece, row[OVERRIDES], ",") override(&config, piece);
    ck_assert_int_eq(plurum_trust_config_check(&config), PLURUM_TRUST_OK);
    plurum_trust_state state = fresh(strtod(row[CONF], NULL));
    FOR_PIECES(piece, row[EVENTS], ";") fold_event(&state, &config, piece);
    ck_assert_int_eq(plurum_trust_check(&state), PLURUM_TRUST_OK);
    ck_assert_uint_eq(state.success_count, strtoul(row[S], NULL, 10));
    ck_assert_uint_eq(state.failure_count, strtoul(row[F], NULL, 10));
    ck_assert_uint_eq(state.up, strtoul(row[U], NULL, 10));
    ck_assert_uint_eq(state.down, strtoul(row[D], NULL, 10));

    int64_t now = strtoll(row[NOW], NULL, 10);
    plurum_trust_score score = score_of(&state, &config, now);
    ck_assert_int_eq(score.quarantined, atoi(row[QUARANTINED]));
    ck_assert_int_eq(plurum_trust_quarantined_at(&state, &config, now), score.quarantined);
    double got[] = {score.success_rate, score.alpha, score.beta, score.trust,
                    score.low,          score.high,  score.sd,   score.boost};
    double worst = 0.0;
    for (int i = 0; i < 8; i++) {
        double want = strtod(row[RATE + i], NULL);
        double off = fabs(got[i] - want);
        ck_assert_msg(off <= 1e-9, "%s, column %d: %.17g instead of %s", row[NAME], RATE + i + 1,
                      got[i], row[RATE + i]);
        worst = fmax(worst, off / fmax(1.0, fabs(want)));
    }
    return worst;
}

START_TEST(every_golden_row_is_reproduced)
{
    FILE *file = fopen(TEST_DATA "/golden.tsv", "r");
    ck_assert_ptr_nonnull(file);
    char line[8192], *row[COLUMNS];
    int rows = 0;
    double worst = 0.0;
    while (fgets(line, sizeof line, file) != NULL) {
        ck_assert_ptr_nonnull(strchr(line, '\n'));
        if (line[0] == '#') continue;
        ck_assert_int_eq(split(line, row, COLUMNS), COLUMNS);
        worst = fmax(worst, worst_of_row(row));
        rows++;
    }
    fclose(file);
    ck_assert_int_eq(rows, 42);
    ck_assert_msg(worst <= 1e-13, "worst error of a golden value: %g", worst);
}
END_TEST

/* --- decay ----------------------------------------------------------------------------------- */

/* A half-life of 2^40 s makes x = now/2^40 exact, so that the library's 2^(-x) can be seen. */
#define UNIT ((int64_t)1 << 40)

static double decayed(int64_t now)
{
    plurum_trust_config config = defaults();
    config.half_life = (double)UNIT;
    plurum_trust_state state = fresh(0.5);
    plurum_trust_outcome(&state, &config, 1, 0, 1.0);
    return score_of(&state, &config, now).report_alpha;
}

static void check_decay(int64_t now)
{
    long double want = exp2l(-(long double)now / (long double)UNIT);
    long double off = fabsl((long double)decayed(now) - want);
    /* below 2^-1022 the distance of two numbers is 2^-1074, and rounding costs half of it more */
    long double coarse = (LDBL_MANT_DIG > DBL_MANT_DIG ? 0.5L : 1.0L) * ldexpl(1.0L, -1074);
    long double most = 4e-16L * want + (now < 1022 * UNIT ? 0.0L : coarse);
    ck_assert_msg(off <= most, "2^(-%lld/2^40) is off by %Lg, relative %Lg", (long long)now, off,
                  off / want);
}

START_TEST(decay_agrees_with_exp2)
{
    uint64_t random = 88172645463325252u;
    for (int i = 0; i < 300000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        uint64_t range = (uint64_t)(i % 3 == 0 ? 2 : i % 3 == 1 ? 64 : 1075) * (uint64_t)UNIT;
        check_decay((int64_t)(random % range));
    }
    for (int64_t k = 1; k < 1075 * 64; k++) { /* on the seams of the table, and beside them */
        check_decay(k * (UNIT / 64) - 1);
        check_decay(k * (UNIT / 64));
    }
}
END_TEST

START_TEST(decay_by_whole_half_lives_is_exact)
{
    for (int n = 0; n < 1075; n++) ck_assert(decayed(n * UNIT) == ldexp(1.0, -n));
    ck_assert(decayed(1075 * UNIT - 1) == ldexp(1.0, -1074));
    ck_assert(decayed(1075 * UNIT) == 0.0);
    ck_assert(decayed(INT64_MAX) == 0.0);
}
END_TEST

START_TEST(without_a_half_life_nothing_is_forgotten)
{
    static const double NONE[] = {0.0, INFINITY};
    for (int i = 0; i < 2; i++) {
        plurum_trust_config config = defaults();
        config.half_life = NONE[i];
        ck_assert_int_eq(plurum_trust_config_check(&config), PLURUM_TRUST_OK);
        plurum_trust_state state = fresh(NAN);
        plurum_trust_outcome(&state, &config, 1, INT64_MIN, 1.0);
        plurum_trust_outcome(&state, &config, 0, INT64_MAX, 1.0);
        plurum_trust_outcome(&state, &config, 1, 0, 1.0);
        ck_assert(state.successes == 2.0 && state.failures == 1.0);
        ck_assert(plurum_trust_mean_at(&state, &config, INT64_MAX) == 0.6);
    }
}
END_TEST

START_TEST(the_whole_range_of_time_is_one_difference)
{
    plurum_trust_config config = defaults();
    config.half_life = 0x1p64; /* the whole range, INT64_MAX - INT64_MIN, rounds to it */
    plurum_trust_state state = fresh(NAN);
    plurum_trust_outcome(&state, &config, 1, INT64_MIN, 1.0);
    ck_assert(score_of(&state, &config, INT64_MAX).report_alpha == 0.5);
    ck_assert(score_of(&state, &config, INT64_MIN).report_alpha == 1.0);
    plurum_trust_outcome(&state, &config, 0, INT64_MAX, 1.0);
    ck_assert(state.successes == 0.5 && state.failures == 1.0 && state.reference == INT64_MAX);
    plurum_trust_outcome(&state, &config, 1, INT64_MIN, 1.0);
    ck_assert(state.successes == 1.0);
    ck_assert_int_eq(plurum_trust_retract(&state, &config, 1, INT64_MIN, 1.0), PLURUM_TRUST_OK);
    ck_assert(state.successes == 0.5);
}
END_TEST

/* --- refusals -------------------------------------------------------------------------------- */

START_TEST(a_refused_event_changes_nothing)
{
    static const double NO_WEIGHTS[] = {NAN,  INFINITY, -INFINITY,         0.0,
                                        -0.0, -1.0,     1.0000000000000002};
    static const int NO_VOTES[][2] = {{2, 0}, {0, -2}, {-2, 1}, {1, 2}, {1000, 0}, {0, -1000}};
    plurum_trust_config config = defaults();
    plurum_trust_state state = fresh(0.7);
    plurum_trust_outcome(&state, &config, 1, 100, 1.0);
    plurum_trust_vote(&state, 0, 1);
    plurum_trust_state before = state;
    for (size_t i = 0; i < sizeof NO_WEIGHTS / sizeof *NO_WEIGHTS; i++) {
        double w = NO_WEIGHTS[i];
        ck_assert_int_eq(plurum_trust_outcome(&state, &config, 1, 0, w), PLURUM_TRUST_BAD_WEIGHT);
        ck_assert_int_eq(plurum_trust_retract(&state, &config, 1, 0, w), PLURUM_TRUST_BAD_WEIGHT);
    }
    for (size_t i = 0; i < sizeof NO_VOTES / sizeof *NO_VOTES; i++)
        ck_assert_int_eq(plurum_trust_vote(&state, NO_VOTES[i][0], NO_VOTES[i][1]),
                         PLURUM_TRUST_BAD_VOTE);
    ck_assert_int_eq(plurum_trust_vote(&state, -1, 0), PLURUM_TRUST_NOT_THERE);
    ck_assert_int_eq(plurum_trust_vote(&state, -1, -1), PLURUM_TRUST_NOT_THERE);
    ck_assert_int_eq(plurum_trust_retract(&state, &config, 0, 100, 1.0), PLURUM_TRUST_NOT_THERE);
    ck_assert_int_eq(plurum_trust_retract(&state, &config, 1, 101, 1.0), PLURUM_TRUST_NOT_THERE);
    ck_assert_mem_eq(&state, &before, sizeof state);
}
END_TEST

START_TEST(a_refused_confidence_changes_nothing)
{
    static const double NONE[] = {-0.1, 1.0000000000000002, INFINITY, -INFINITY};
    plurum_trust_state state = fresh(0.7), before = state;
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        ck_assert_int_eq(plurum_trust_init(&state, NONE[i]), PLURUM_TRUST_BAD_CONFIDENCE);
    ck_assert_mem_eq(&state, &before, sizeof state);
}
END_TEST

START_TEST(equal_confidences_give_equal_bytes)
{
    plurum_trust_state a = fresh(0.0), b = fresh(-0.0);
    ck_assert_mem_eq(&a, &b, sizeof a);
    a = fresh(NAN), b = fresh(-NAN);
    ck_assert_mem_eq(&a, &b, sizeof a);
}
END_TEST

/* Each bound of a parameter: the last good value, and one beyond it. */
START_TEST(every_bound_of_a_parameter_is_kept)
{
    plurum_trust_config config = defaults();
    ck_assert_int_eq(plurum_trust_config_check(&config), PLURUM_TRUST_OK);
    struct {
        double *value, good_low, bad_low, good_high, bad_high;
    } bounds[] = {
        {&config.half_life, 0.0, -5e-324, INFINITY, NAN},
        {&config.prior, 0.1, nextafter(0.1, 0), 100.0, nextafter(100, 200)},
        {&config.base_rate, 5e-324, 0.0, nextafter(1, 0), 1.0},
        {&config.confidence_weight, 0.0, -5e-324, nextafter(1, 0), 1.0},
        {&config.vote_weight, 0.0, -5e-324, 1e9, nextafter(1e9, 2e9)},
        {&config.vote_cap, 0.0, -5e-324, 1e9, nextafter(1e9, 2e9)},
        {&config.z, 5e-324, 0.0, 1e9, nextafter(1e9, 2e9)},
        {&config.quarantine_margin, 0.0, -5e-324, INFINITY, NAN},
        {&config.floor, 0.0, -5e-324, 1.0, nextafter(1, 2)},
        {&config.explore, 0.0, -5e-324, 1e9, nextafter(1e9, 2e9)},
        {&config.noise, 0.0, -5e-324, 1.0, nextafter(1, 2)},
    };
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        double bad[] = {bounds[i].bad_low, bounds[i].bad_high, NAN, -INFINITY};
        double good[] = {bounds[i].good_low, bounds[i].good_high};
        double before = *bounds[i].value;
        for (int j = 0; j < 4; j++) {
            *bounds[i].value = bad[j];
            ck_assert_msg(plurum_trust_config_check(&config) == PLURUM_TRUST_BAD_CONFIG,
                          "parameter %zu: %g accepted", i, bad[j]);
        }
        for (int j = 0; j < 2; j++) {
            *bounds[i].value = good[j];
            ck_assert_msg(plurum_trust_config_check(&config) == PLURUM_TRUST_OK,
                          "parameter %zu: %g refused", i, good[j]);
        }
        *bounds[i].value = before;
    }
    config.quarantine_failures = UINT32_MAX;
    ck_assert_int_eq(plurum_trust_config_check(&config), PLURUM_TRUST_OK);
    config.struct_size = 0;
    ck_assert_int_eq(plurum_trust_config_check(&config), PLURUM_TRUST_BAD_CONFIG);
}
END_TEST

START_TEST(impossible_states_are_refused)
{
    plurum_trust_config config = defaults();
    plurum_trust_state good = fresh(0.7);
    plurum_trust_outcome(&good, &config, 1, 5, 1.0);
    plurum_trust_outcome(&good, &config, 0, 5, 0.4);
    ck_assert_int_eq(plurum_trust_check(&good), PLURUM_TRUST_OK);
    plurum_trust_state s = good;
    struct {
        double *value;
        double bad[5];
    } cases[] = {
        {&s.successes, {NAN, INFINITY, -INFINITY, -5e-324, 1.0000000000000002}},
        {&s.failures, {NAN, INFINITY, -INFINITY, -5e-324, 0.41}},
        {&s.failure_weight, {NAN, INFINITY, -INFINITY, 0.39, 1.0000000000000002}},
        {&s.confidence, {INFINITY, -INFINITY, -5e-324, 1.0000000000000002, 2.0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int j = 0; j < 5; j++) {
            *cases[i].value = cases[i].bad[j];
            ck_assert_msg(plurum_trust_check(&s) == PLURUM_TRUST_BAD_STATE,
                          "member %zu: %g accepted", i, cases[i].bad[j]);
            s = good;
        }
    s.success_count = 0; /* a sum without a counter */
    ck_assert_int_eq(plurum_trust_check(&s), PLURUM_TRUST_BAD_STATE);
    s = fresh(NAN);
    s.reference = 1; /* a time without an outcome */
    ck_assert_int_eq(plurum_trust_check(&s), PLURUM_TRUST_BAD_STATE);
}
END_TEST

/* --- full counters, extremes ----------------------------------------------------------------- */

START_TEST(full_counters_and_their_sums_stay_full)
{
    plurum_trust_config config = defaults();
    plurum_trust_state state = fresh(0.7);
    plurum_trust_outcome(&state, &config, 1, 0, 1.0);
    plurum_trust_outcome(&state, &config, 0, 0, 1.0);
    plurum_trust_vote(&state, 0, 1);
    plurum_trust_vote(&state, 0, -1);
    for (int i = 0; i < 40; i++) { /* doubles every counter each time */
        plurum_trust_merge(&state, &state, &config);
        ck_assert_int_eq(plurum_trust_check(&state), PLURUM_TRUST_OK);
    }
    ck_assert(state.success_count == UINT32_MAX && state.failure_count == UINT32_MAX);
    ck_assert(state.up == UINT32_MAX && state.down == UINT32_MAX);
    ck_assert(state.successes == UINT32_MAX && state.failures == UINT32_MAX);
    plurum_trust_state full = state;
    plurum_trust_outcome(&state, &config, 1, 0, 1.0);
    plurum_trust_outcome(&state, &config, 0, 0, 1.0);
    plurum_trust_vote(&state, 0, 1);
    plurum_trust_vote(&state, 0, -1);
    ck_assert_mem_eq(&state, &full, sizeof state);
    plurum_trust_score score = score_of(&state, &config, 0);
    ck_assert(score.total_reports == 2 * (uint64_t)UINT32_MAX && score.success_rate == 0.5);
    ck_assert_int_eq(plurum_trust_retract(&state, &config, 0, 0, 0.4), PLURUM_TRUST_OK);
    ck_assert_int_eq(plurum_trust_check(&state), PLURUM_TRUST_OK);
}
END_TEST

START_TEST(what_is_noise_moves_no_boost)
{
    plurum_trust_config config = defaults();
    plurum_trust_state good = fresh(NAN), bad = fresh(NAN);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(plurum_trust_outcome(&good, &config, 1, 1000, 1.0), PLURUM_TRUST_OK);
        ck_assert_int_eq(plurum_trust_outcome(&bad, &config, 0, 1000, 1.0), PLURUM_TRUST_OK);
    }
    config.floor = 0.25;
    config.noise = 1.0;
    ck_assert_double_eq(score_of(&good, &config, 1000).boost, 0.625);
    ck_assert_double_eq(score_of(&bad, &config, 1000).boost, 0.625);
    config.noise = 0.5; /* half of the way from there to what trust says */
    double trust = score_of(&good, &config, 1000).trust;
    ck_assert_double_eq_tol(score_of(&good, &config, 1000).boost,
                            0.25 + 0.75 * (0.5 * trust + 0.25), 1e-15);
    ck_assert_double_eq(trust, score_of(&good, &config, 1000).trust);
}
END_TEST

START_TEST(certainty_is_never_reached)
{
    plurum_trust_config config = defaults();
    plurum_trust_state state = fresh(1.0);
    config.prior = 0.1;
    config.confidence_weight = nextafter(1, 0);
    config.base_rate = nextafter(1, 0);
    config.explore = 1e9;
    ck_assert(score_of(&state, &config, 0).trust < 1.0);
    ck_assert(score_of(&state, &config, 0).boost <= 1.0);
    config.base_rate = 5e-324;
    state = fresh(0.0);
    ck_assert(score_of(&state, &config, 0).trust > 0.0);
    config.z = 5e-324; /* its square is 0 */
    plurum_trust_score score = score_of(&state, &config, 0);
    ck_assert(0.0 <= score.low && score.low <= score.trust && score.trust <= score.high);
}
END_TEST

START_TEST(quarantine_needs_failures_weight_and_no_success)
{
    plurum_trust_config config = defaults();
    plurum_trust_state state = fresh(0.9);
    for (int i = 0; i < 6; i++) { /* six newcomers: weight 2.4 */
        plurum_trust_outcome(&state, &config, 0, i, 0.4);
        ck_assert_int_eq(plurum_trust_quarantined_at(&state, &config, i), 0);
    }
    plurum_trust_outcome(&state, &config, 0, 6, 0.4);
    ck_assert_int_eq(plurum_trust_quarantined_at(&state, &config, 6), 1);
    ck_assert_int_eq(plurum_trust_quarantined_at(&state, &config, INT64_MAX), 1);
    config.quarantine_failures = 0;
    ck_assert_int_eq(plurum_trust_quarantined_at(&state, &config, 6), 0);
    config.quarantine_failures = 8;
    ck_assert_int_eq(plurum_trust_quarantined_at(&state, &config, 6), 0);
    config = defaults();
    plurum_trust_outcome(&state, &config, 1, 7, 0.01);
    ck_assert_int_eq(plurum_trust_quarantined_at(&state, &config, 7), 0);
    ck_assert_int_eq(plurum_trust_retract(&state, &config, 1, 7, 0.01), PLURUM_TRUST_OK);
    ck_assert_int_eq(plurum_trust_quarantined_at(&state, &config, 7), 1);
}
END_TEST

START_TEST(newcomers_count_less)
{
    static const double WEIGHTS[] = {0.4, 0.52, 0.64, 0.76, 0.88, 1.0, 1.0};
    for (uint64_t n = 0; n < 7; n++)
        ck_assert_double_eq_tol(plurum_trust_reporter_weight(n), WEIGHTS[n], 1e-15);
    ck_assert(plurum_trust_reporter_weight(5) == 1.0);
    ck_assert(plurum_trust_reporter_weight(UINT64_MAX) == 1.0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("trust");
    TCase *tc = tcase_create("trust");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, every_golden_row_is_reproduced);
    tcase_add_test(tc, decay_agrees_with_exp2);
    tcase_add_test(tc, decay_by_whole_half_lives_is_exact);
    tcase_add_test(tc, without_a_half_life_nothing_is_forgotten);
    tcase_add_test(tc, the_whole_range_of_time_is_one_difference);
    tcase_add_test(tc, a_refused_event_changes_nothing);
    tcase_add_test(tc, a_refused_confidence_changes_nothing);
    tcase_add_test(tc, equal_confidences_give_equal_bytes);
    tcase_add_test(tc, every_bound_of_a_parameter_is_kept);
    tcase_add_test(tc, impossible_states_are_refused);
    tcase_add_test(tc, full_counters_and_their_sums_stay_full);
    tcase_add_test(tc, what_is_noise_moves_no_boost);
    tcase_add_test(tc, certainty_is_never_reached);
    tcase_add_test(tc, quarantine_needs_failures_weight_and_no_success);
    tcase_add_test(tc, newcomers_count_less);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
