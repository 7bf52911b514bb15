/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libtrust's explain line: its numbers, its percentage, its length, and that it is the same in
 * every locale.
 */
#include <check.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/trust.h>

static plurum_trust_config defaults(void)
{
    plurum_trust_config config;
    plurum_trust_config_init(&config);
    return config;
}

static const char LINE[] =
    "0.687 = (1.175 prior + 2.333 decayed successes + 0.400 up-votes) / (2 prior + 3.091 decayed "
    "reports + 0.600 votes); 90 % range of the reports alone 0.319\xE2\x80\x93"
    "0.953";

/* The golden row votes_and_reports. */
static plurum_trust_score explained_score(const plurum_trust_config *config)
{
    static const struct {
        int success, day;
    } REPORTS[] = {{1, 0}, {1, 5}, {0, 9}, {1, 30}};
    plurum_trust_state state;
    plurum_trust_init(&state, 0.85);
    for (int i = 0; i < 4; i++)
        plurum_trust_outcome(&state, config, REPORTS[i].success, REPORTS[i].day * 86400, 1.0);
    plurum_trust_vote(&state, 0, 1);
    plurum_trust_vote(&state, 0, 1);
    plurum_trust_vote(&state, 0, -1);
    plurum_trust_score score;
    plurum_trust_score_at(&score, &state, config, 45 * 86400);
    return score;
}

START_TEST(a_score_explains_itself_in_one_line)
{
    plurum_trust_config config = defaults();
    plurum_trust_score score = explained_score(&config);
    char text[256];
    ck_assert_uint_eq(plurum_trust_explain(text, sizeof text, &score, &config), strlen(LINE));
    ck_assert_str_eq(text, LINE);
}
END_TEST

START_TEST(numbers_are_rounded_half_up)
{
    plurum_trust_config config = defaults();
    plurum_trust_score score = {.trust = 0.9995, .low = 0.0625, .high = 0.062499};
    char text[256];
    plurum_trust_explain(text, sizeof text, &score, &config);
    ck_assert(strncmp(text, "1.000 = (", 9) == 0);
    ck_assert_ptr_nonnull(strstr(text, " 0.063\xE2\x80\x93"
                                       "0.062"));
}
END_TEST

/* Fails only where one of these locales is installed, as on most desktops. */
START_TEST(the_line_has_a_point_in_every_locale)
{
    static const char *const COMMAS[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8", "ru_RU.UTF-8",
                                         "pt_BR.UTF-8", "de_DE",       "fr_FR"};
    plurum_trust_config config = defaults();
    plurum_trust_score score = explained_score(&config);
    char text[256];
    for (size_t i = 0; i < sizeof COMMAS / sizeof *COMMAS; i++) {
        if (setlocale(LC_ALL, COMMAS[i]) == NULL) continue;
        plurum_trust_explain(text, sizeof text, &score, &config);
        setlocale(LC_ALL, "C");
        ck_assert_str_eq(text, LINE);
    }
}
END_TEST

START_TEST(a_cut_line_is_whole_characters_and_ends)
{
    plurum_trust_config config = defaults();
    plurum_trust_score score = explained_score(&config);
    ck_assert_uint_eq(plurum_trust_explain(NULL, 0, &score, &config), strlen(LINE));
    size_t dash = (size_t)(strchr(LINE, '\xE2') - LINE);
    for (size_t size = 1; size <= sizeof LINE; size++) {
        char text[256];
        memset(text, 'x', sizeof text);
        ck_assert_uint_eq(plurum_trust_explain(text, size, &score, &config), strlen(LINE));
        size_t length = strlen(text);
        ck_assert(length < size && text[size] == 'x');
        ck_assert_uint_eq(length, size - 1 > dash && size - 1 < dash + 3 ? dash : size - 1);
        ck_assert_mem_eq(text, LINE, length);
    }
}
END_TEST

START_TEST(the_longest_line_needs_256_bytes_at_most)
{
    plurum_trust_config config = defaults();
    config.prior = 99.123;
    config.z = 1.0;
    plurum_trust_score score = {0};
    double *members[] = {&score.trust,       &score.low,          &score.high,
                         &score.prior_alpha, &score.report_alpha, &score.report_beta,
                         &score.vote_alpha,  &score.vote_beta};
    static const double EXTREMES[] = {INFINITY, 1e300, NAN, -INFINITY};
    for (int i = 0; i < 4; i++) {
        for (size_t j = 0; j < sizeof members / sizeof *members; j++) *members[j] = EXTREMES[i];
        char text[256];
        ck_assert_uint_lt(plurum_trust_explain(text, sizeof text, &score, &config), 256);
        ck_assert(strncmp(text, i < 2 ? "10000000000.000 = (" : "0.000 = (", 9) == 0);
    }
}
END_TEST

static const struct {
    double z;
    const char *text;
} SHARES[] = {
    {1.6448536269514722, "; 90 %"},
    {1.96, "; 95 %"},
    {1.2815515655446004, "; 80 %"},
    {2.5758293035489004, "; 99 %"},
    {1.0, "; 68.3 %"},
    {0.6744897501960817, "; 50 %"},
    {3.0, "; 99.7 %"},
    {3.6, "; 99.9 %"},
    {1e9, "; 99.9 %"},
    {5e-324, "; 0 %"},
};

START_TEST(the_percentage_follows_from_z)
{
    plurum_trust_config config = defaults();
    plurum_trust_score score = explained_score(&config);
    config.z = SHARES[_i].z;
    char text[256];
    plurum_trust_explain(text, sizeof text, &score, &config);
    ck_assert_msg(strstr(text, SHARES[_i].text) != NULL, "z = %g: %s", SHARES[_i].z, text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("trust explain");
    TCase *tc = tcase_create("explain");
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, a_score_explains_itself_in_one_line);
    tcase_add_test(tc, numbers_are_rounded_half_up);
    tcase_add_test(tc, the_line_has_a_point_in_every_locale);
    tcase_add_test(tc, a_cut_line_is_whole_characters_and_ends);
    tcase_add_test(tc, the_longest_line_needs_256_bytes_at_most);
    tcase_add_loop_test(tc, the_percentage_follows_from_z, 0, sizeof SHARES / sizeof *SHARES);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
