/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Before each use of a document its trust is taken as the forecast of its outcome, and so is the
 * rule of succession, (successes + 1) / (reports + 2), as a yardstick. Documents and agents are as in
 * the closed loop; a few good documents stop working on some day. Nobody ranks: which document is
 * used does not depend on its trust, so that both forecasts meet the same stream.
 */
#include <config.h>

#include "bench/forecast.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <plurum/trust.h>

#include "bench/random.h"
#include "bench/rates.h"
#include "tools/cli.h"

enum { DOCUMENTS = 1600, DAYS = 180, USES_A_DAY = 256, SEEDS = 4, FIRST_SEED = 100, BINS = 10 };
enum { DAY = 86400, TOPICS = 100, OF_TOPIC = DOCUMENTS / TOPICS };
static const double REPORT_RATE = .3, VOTE_RATE = .15, MISTAKEN = .03, UP[2] = {.3, .85};

typedef struct document {
    double rate;
    int breaks; /* the day from which it works at a twelfth of its rate; DAYS: never */
    plurum_trust_state state;
} document;

typedef struct forecast {
    double squares;
    struct {
        double promised, kept;
    } bins[BINS];
} forecast;

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* By rate, so that the worst stand first. Its author's confidence knows a little of it. */
static void make_documents(document *documents, uint64_t *state)
{
    double rates[DOCUMENTS];
    for (int i = 0; i < DOCUMENTS; i++) rates[i] = draw_rate(state);
    qsort(rates, DOCUMENTS, sizeof *rates, ascending);
    for (int i = 0; i < DOCUMENTS; i++) {
        double confidence = .7 + .2 * rates[i] + .4 * (next_unit(state) - .5);
        int breaks = rates[i] > .6 && next_unit(state) < .15;
        documents[i].rate = rates[i];
        documents[i].breaks = breaks ? (int)(DAYS * (.35 + .3 * next_unit(state))) : DAYS;
        plurum_trust_init(&documents[i].state, fmin(confidence, 1.0));
    }
}

static void foretell(forecast *f, double promised, int worked)
{
    int bin = (int)(promised * BINS);
    if (bin == BINS) bin--;
    f->squares += (promised - worked) * (promised - worked);
    f->bins[bin].promised += promised;
    f->bins[bin].kept += worked;
}

static void report(document *d, const plurum_trust_config *config, int success, int up, int64_t at)
{
    plurum_trust_outcome(&d->state, config, success, at, 1.0);
    if (up) plurum_trust_vote(&d->state, 0, up);
}

/* A topic by Zipf's law, of which the first, second or third document is taken, whatever it is worth:
 * the step permutes what stands by rate. */
static size_t choose(uint64_t *state)
{
    static double up_to[TOPICS]; /* weights of topics, added up */
    for (int t = 0; t < TOPICS && up_to[TOPICS - 1] == 0.0; t++)
        up_to[t] = (t ? up_to[t - 1] : 0.0) + pow(t + 1, -.9);
    double at = next_unit(state) * up_to[TOPICS - 1], place = next_unit(state);
    size_t topic = 0;
    while (topic + 1 < TOPICS && up_to[topic] <= at) topic++;
    return (topic * OF_TOPIC + (place < .7 ? 0 : place < .9 ? 1 : 2)) * 769 % DOCUMENTS;
}

/* One use: forecasts, the outcome, and what is said of it; a liar praises a bad one or smears a good
 * one instead, most of the time. */
static void use(document *documents, forecast f[2], const plurum_trust_config *config, int day,
                int64_t at, double liars, uint64_t *state)
{
    document *d = &documents[choose(state)];
    double reports = (double)d->state.success_count + d->state.failure_count;
    int worked = next_unit(state) < d->rate * (day < d->breaks ? 1.0 : .08);
    foretell(&f[0], plurum_trust_mean_at(&d->state, config, at), worked);
    foretell(&f[1], (d->state.success_count + 1.0) / (reports + 2.0), worked);
    if (next_unit(state) >= REPORT_RATE) return;
    if (next_unit(state) < liars * .7) {
        size_t target = (size_t)(next_unit(state) * DOCUMENTS / 10);
        int praise = target < DOCUMENTS / 20;
        report(&documents[praise ? target : DOCUMENTS - 1 - (target - DOCUMENTS / 20)], config, praise,
               praise ? 1 : -1, at);
        return;
    }
    int said = next_unit(state) < MISTAKEN ? !worked : worked, votes = next_unit(state) < VOTE_RATE;
    report(d, config, said, !votes ? 0 : next_unit(state) < UP[worked] ? 1 : -1, at);
}

static void print(const char *who, const forecast *f, double uses)
{
    double apart = 0.0;
    for (int b = 0; b < BINS; b++) apart += fabs(f->bins[b].promised - f->bins[b].kept);
    printf("  %-20s Brier %.4f  calibration error %.4f\n", who, f->squares / uses, apart / uses);
}

int forecast_measure(void)
{
    static const double LIARS[] = {0.0, 0.2};
    plurum_trust_config config;
    document *documents = malloc(DOCUMENTS * sizeof *documents);
    if (!documents) return cli_no_memory();
    plurum_trust_config_init(&config);
    for (size_t l = 0; l < sizeof LIARS / sizeof *LIARS; l++) {
        forecast f[2] = {{0}};
        for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            uint64_t state = seed;
            make_documents(documents, &state);
            for (int64_t n = 0; n < (int64_t)DAYS * USES_A_DAY; n++)
                use(documents, f, &config, (int)(n / USES_A_DAY), n * DAY / USES_A_DAY, LIARS[l], &state);
        }
        double uses = (double)SEEDS * DAYS * USES_A_DAY;
        printf("forecasts of %.0f outcomes, %.0f %% of agents malicious\n", uses, 100 * LIARS[l]);
        print("trust", &f[0], uses);
        print("(s + 1) / (n + 2)", &f[1], uses);
    }
    free(documents);
    return 0;
}
