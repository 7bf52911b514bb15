/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench trust: libtrust against golden vectors, its forecasts, and its rates.
 *
 * A row of the golden file: name, confidence, events, now, overrides, four counters, quarantined,
 * and eight numbers, separated by tabs; its header says what each is.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/bench.h"
#include "bench/forecast.h"
#include "tools/lines.h"

enum { COLUMNS = 18, FIRST_COUNTER = 5, QUARANTINED = 9, FIRST_NUMBER = 10 };

static const char *const NUMBER_NAMES[] = {"success_rate", "alpha", "beta", "trust",
                                           "low",          "high",  "sd",   "boost"};

static const char *golden;

static const cli_option OPTIONS[] = {
    CLI_OPTION_TEXT("golden", &golden, "FILE", "compare with the rows of this file"),
    CLI_OPTION_END};

static double parse(const char *text)
{
    return strcmp(text, "inf") == 0 ? INFINITY : strtod(text, NULL);
}

/* name=value,… over the defaults that the golden file states. NULL, or the item that is none. */
static const char *configure(plurum_trust_config *config, char *overrides)
{
    const struct {
        const char *name;
        double *value;
    } NAMES[] = {{"half_life", &config->half_life}, {"k", &config->prior},
                 {"mu", &config->base_rate},        {"gamma", &config->confidence_weight},
                 {"w_vote", &config->vote_weight},  {"vote_cap", &config->vote_cap},
                 {"z", &config->z},                 {"q_margin", &config->quarantine_margin},
                 {"a", &config->floor},             {"e", &config->explore}};
    plurum_trust_config_init(config);
    config->quarantine_margin = 0.5;
    if (strcmp(overrides, "-") == 0) return NULL;
    char *rest;
    for (char *item = strtok_r(overrides, ",", &rest); item; item = strtok_r(NULL, ",", &rest)) {
        size_t len = strcspn(item, "="), i = 0, count = sizeof NAMES / sizeof *NAMES;
        while (i < count && (strlen(NAMES[i].name) != len || memcmp(NAMES[i].name, item, len)))
            i++;
        if (!item[len] || i == count) return item;
        *NAMES[i].value = parse(item + len + 1);
    }
    return NULL;
}

/* S@time*weight, F@time*weight, S@time*weightxtimes, Vold>new; separated by semicolons. */
static void fold(plurum_trust_state *state, const plurum_trust_config *config, char *events)
{
    char *rest;
    if (strcmp(events, "-") == 0) return;
    for (char *e = strtok_r(events, ";", &rest); e; e = strtok_r(NULL, ";", &rest)) {
        if (*e == 'V') {
            char *arrow = strchr(e, '>');
            plurum_trust_vote(state, atoi(e + 1), arrow ? atoi(arrow + 1) : 0);
            continue;
        }
        char *star = strchr(e, '*'), *times = strchr(e, 'x');
        for (long n = times ? atol(times + 1) : 1; n > 0; n--)
            plurum_trust_outcome(state, config, *e == 'S', atoll(e + 2),
                                 star ? strtod(star + 1, NULL) : 1.0);
    }
}

static int agrees(const char *row, const char *column, double have, const char *want,
                  double tolerance)
{
    if (fabs(have - parse(want)) <= tolerance) return 1;
    printf("%s: %s is %.15g, golden is %s\n", row, column, have, want);
    return 0;
}

static int check_row(char *columns[COLUMNS])
{
    plurum_trust_config config;
    plurum_trust_state state;
    plurum_trust_score s;
    const char *unknown = configure(&config, columns[4]);
    if (unknown) {
        printf("%s: overrides: \"%s\" is no parameter and its value\n", columns[0], unknown);
        return 0;
    }
    if (plurum_trust_config_check(&config) || plurum_trust_init(&state, parse(columns[1]))) {
        printf("%s: refused\n", columns[0]);
        return 0;
    }
    fold(&state, &config, columns[2]);
    plurum_trust_score_at(&s, &state, &config, atoll(columns[3]));
    const double counters[] = {state.success_count, state.failure_count, state.up, state.down,
                               s.quarantined};
    static const char *const COUNTER_NAMES[] = {"s", "f", "u", "d", "quarantined"};
    const double numbers[] = {s.success_rate, s.alpha, s.beta, s.trust,
                              s.low,          s.high,  s.sd,   s.boost};
    int good = 1;
    for (int i = 0; i < 5; i++)
        good &= agrees(columns[0], COUNTER_NAMES[i], counters[i], columns[FIRST_COUNTER + i], 0.0);
    for (int i = 0; i < 8; i++)
        good &= agrees(columns[0], NUMBER_NAMES[i], numbers[i], columns[FIRST_NUMBER + i], 1e-9);
    return good;
}

static int check_file(const char *path)
{
    line_file file;
    long len = 0;
    size_t rows = 0, good = 0;
    int code = lines_open(&file, path);
    while (!code && (len = lines_next(&file)) >= 0) {
        char *columns[COLUMNS], *rest;
        int n = 0;
        if (*file.line == '#') continue;
        for (char *c = strtok_r(file.line, "\t", &rest); c && n < COLUMNS;
             c = strtok_r(NULL, "\t", &rest))
            columns[n++] = c;
        if (n < COLUMNS) {
            code = cli_error(EXIT_INPUT, "%s:%llu: %d columns, %d expected", path,
                             (unsigned long long)file.number, n, COLUMNS);
            break;
        }
        rows++;
        good += (size_t)check_row(columns);
    }
    if (!code && len == -2) code = EXIT_STORAGE;
    lines_close(&file);
    if (code) return code;
    printf("%zu of %zu rows agree\n", good, rows);
    return good == rows && rows ? EXIT_DONE : EXIT_NOTHING;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Events and scores a second over states that are touched at random. */
static int measure(size_t states)
{
    enum { EVENTS = 4000000 };
    plurum_trust_config config;
    plurum_trust_config_init(&config);
    plurum_trust_state *all = malloc(states * sizeof *all);
    if (!all) return cli_no_memory();
    for (size_t i = 0; i < states; i++) plurum_trust_init(&all[i], 0.8);
    uint64_t x = 88172645463325252u;
    double begun = seconds(), sum = 0.0;
    for (int64_t t = 0; t < EVENTS; t++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        plurum_trust_outcome(&all[x % states], &config, x >> 40 & 1, t, 1.0);
    }
    double applied = seconds() - begun;
    begun = seconds();
    for (size_t i = 0; i < states; i++) sum += plurum_trust_mean_at(&all[i], &config, EVENTS);
    double scored = seconds() - begun;
    printf("%zu states: %.1f M events/s, %.1f M scores/s (mean trust %.3f)\n", states,
           EVENTS / applied / 1e6, (double)states / scored / 1e6, sum / (double)states);
    free(all);
    return 0;
}

static int run(const cli_arguments *a)
{
    (void)a;
    if (golden) return check_file(golden);
    int code = forecast_measure();
    if (!code) code = measure(100000);
    return code ? code : measure(2000000);
}

const cli_command trust_command = {
    .name = "trust",
    .summary = "libtrust: golden vectors, forecasts and rates",
    .synopsis = "[--golden FILE]",
    .about = "Measures how well trust foretells the next outcome (Brier score and calibration error), "
             "and events and scores a second. With --golden compares scores with the rows of "
             "a file instead, to 1e-9; exits 1 where one differs and names its column.",
    .example = "plurum-bench trust --golden tests/data/golden.tsv",
    .least = 0,
    .most = 0,
    .options = OPTIONS,
    .run = run,
};
