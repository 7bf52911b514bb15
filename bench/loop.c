/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench loop: the closed loop over collections, scenarios, seeds and learners, and what a
 * reader asks of it: success of the first pick, differences that are paired by seed, and what is
 * left of relevance.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/about.h"
#include "bench/bench.h"
#include "bench/loop.h"
#include "tools/weights.h"

enum { LEARNERS_MAX = 24 };

static struct {
    int scenario;
    int vectors, engine_only, json;
    int64_t seeds, first_seed, passes;
    cli_list weights;
    const char *along;
} o = {.scenario = -1, .seeds = 5, .first_seed = 101, .passes = 20};

static const cli_option OPTIONS[] = {
    CLI_OPTION_WORD("scenario", &o.scenario, loop_scenario_names, "S", "what agents do (default: all)"),
    CLI_OPTION_WHOLE("seeds", &o.seeds, 1, 1000, "N", "how many worlds"),
    CLI_OPTION_WHOLE("first-seed", &o.first_seed, 0, INT64_MAX, "N", "the first; each next is one more"),
    CLI_OPTION_WHOLE("passes", &o.passes, 4, 365, "N", "days on which every query is asked once"),
    CLI_OPTION_LIST("weights", &o.weights, "FILE", "the engine with these ranking weights, too"),
    CLI_OPTION_TEXT("along", &o.along, "NAME=V,V", "the engine with each value of one ranking weight, too"),
    CLI_OPTION_FLAG("engine-only", &o.engine_only, "leave out the other formulas"),
    CLI_OPTION_FLAG("vectors", &o.vectors, "the folder's docs.npy and queries.npy, not the static model"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object a collection and scenario"),
    CLI_OPTION_END};

typedef struct lab {
    loop_world world;
    learner learners[LEARNERS_MAX];
    size_t learner_count, engine; /* engine: the place of the first that is one */
    plurum_weights *weights[LEARNERS_MAX];
    size_t weights_count;
    char along[LEARNERS_MAX][48]; /* names of learners */
    loop_result *results; /* by learner, then seed */
} lab;

static plurum_weights *new_weights(lab *l)
{
    plurum_weights **w = &l->weights[l->weights_count];
    if (plurum_weights_new(w, NULL)) return NULL;
    l->weights_count++;
    return *w;
}

/* One more engine, with weights that are yet to be set. */
static int add_weighted(lab *l, plurum_weights **out, const char *name)
{
    if (l->learner_count == LEARNERS_MAX)
        return cli_error(EXIT_USAGE, "--weights, --along: at most %zu engines",
                         LEARNERS_MAX - l->engine - 5);
    if (!(*out = new_weights(l))) return cli_no_memory();
    loop_engine(&l->learners[l->learner_count++], name, *out, 1);
    return 0;
}

/* The engine with each value of "NAME=V,V…". */
static int gather_along(lab *l)
{
    const char *value = strchr(o.along, '=');
    int code = value ? 0 : cli_error(EXIT_USAGE, "--along: \"%s\", NAME=V,V… expected", o.along);
    while (!code && *value) {
        plurum_error error;
        plurum_weights *w;
        char weight[48], number[48], *name = l->along[l->learner_count % LEARNERS_MAX];
        int len = (int)strcspn(++value, ",");
        snprintf(weight, sizeof weight, "%.*s", (int)strcspn(o.along, "="), o.along);
        snprintf(number, sizeof number, "%.*s", len, value);
        snprintf(name, sizeof l->along[0], "%.24s=%.22s", weight, number);
        code = add_weighted(l, &w, name);
        if (!code && plurum_weights_set_text(w, weight, number, &error))
            code = cli_error(EXIT_USAGE, "--along: %s", error.text);
        value += len;
    }
    return code;
}

/* Relevance only, the others if wanted, the engine as it is, where reports do not say what was asked,
 * without its two guards and told where the asker works, and the engine with each weights file and
 * along one weight. */
static int gather(lab *l)
{
    for (int i = 0; i < (o.engine_only ? 1 : LOOP_FORMULA_COUNT); i++)
        loop_formula(&l->learners[l->learner_count++], i);
    l->engine = l->learner_count;
    loop_engine(&l->learners[l->learner_count++], "plurum", NULL, 1);
    learner *silent = &l->learners[l->learner_count++];
    loop_engine(silent, "plurum, query not told", NULL, 1);
    silent->silent = 1;
    plurum_weights *open = new_weights(l);
    if (!open) return cli_no_memory();
    plurum_weights_set(open, "gate", 0.0, NULL);
    loop_engine(&l->learners[l->learner_count++], "plurum, no gate", open, 1);
    loop_engine(&l->learners[l->learner_count++], "plurum, no quarantine", NULL, 0);
    learner *asked = &l->learners[l->learner_count++];
    loop_engine(asked, "plurum, environment", NULL, 1);
    asked->environment = 1;
    int code = 0;
    for (size_t i = 0; i < o.weights.count && !code; i++) {
        plurum_weights *w;
        code = add_weighted(l, &w, o.weights.items[i]);
        if (!code) code = weights_read(w, o.weights.items[i]);
    }
    return code || !o.along ? code : gather_along(l);
}

/* Where the asker works is told where it matters, and where it should do no harm. */
static int takes_part(const learner *l, loop_scenario scenario)
{
    return !l->environment || scenario == LOOP_ENVIRONMENT || scenario == LOOP_BENIGN;
}

static const loop_result *result(const lab *l, size_t who, int64_t seed)
{
    return &l->results[who * (size_t)o.seeds + (size_t)seed];
}

typedef struct spread {
    double mean, sd, error; /* error: standard error of the mean */
} spread;

/* Of one figure over the seeds, less another learner's of the same seed (SIZE_MAX: nothing). */
static spread over_seeds(const lab *l, size_t who, size_t less, size_t offset)
{
    double sum = 0.0, squares = 0.0, n = (double)o.seeds;
    for (int pass = 0; pass < 2; pass++)
        for (int64_t s = 0; s < o.seeds; s++) {
            double x = *(const double *)(const void *)((const char *)result(l, who, s) + offset);
            if (less != SIZE_MAX)
                x -= *(const double *)(const void *)((const char *)result(l, less, s) + offset);
            if (pass == 0) sum += x;
            else squares += (x - sum / n) * (x - sum / n);
        }
    double sd = o.seeds > 1 ? sqrt(squares / (n - 1)) : 0.0;
    return (spread){sum / n, sd, sd / sqrt(n)};
}
#define OVER_SEEDS(lab, who, less, member)                                                         \
    over_seeds(lab, who, less, offsetof(loop_result, member))

/* Of the formulas other than relevance, the one with the highest mean; SIZE_MAX: there are none. */
static size_t best_rival(const lab *l)
{
    size_t best = SIZE_MAX;
    for (size_t i = 1; i < l->engine; i++)
        if (best == SIZE_MAX || OVER_SEEDS(l, i, SIZE_MAX, first_pick).mean >
                                    OVER_SEEDS(l, best, SIZE_MAX, first_pick).mean)
            best = i;
    return best;
}

static void print_table(const lab *l, loop_scenario scenario)
{
    size_t rival = best_rival(l);
    size_t held_out = 0;
    for (size_t i = 0; i < l->world.query_count; i++) held_out += (size_t)l->world.queries[i].held_out;
    printf("%s, %s: %zu queries asked on %lld days, %zu held out, %lld seeds from %lld; the best candidate "
           "works %.4f\n",
           l->world.data.name, loop_scenario_names[scenario], l->world.query_count - held_out,
           (long long)o.passes, held_out, (long long)o.seeds, (long long)o.first_seed,
           OVER_SEEDS(l, 0, SIZE_MAX, oracle).mean);
    printf("  %-24s %-15s %-18s %-18s %-7s %-7s %-8s %-5s %s\n", "learner",
           "first pick", "over relevance", "over best rival", "ndcg@10", "shown", "held out", "quar.",
           "good of them");
    for (size_t i = 0; i < l->learner_count; i++) {
        if (!takes_part(&l->learners[i], scenario)) continue;
        spread first = OVER_SEEDS(l, i, SIZE_MAX, first_pick);
        spread gain = OVER_SEEDS(l, i, 0, first_pick);
        printf("  %-24s %.4f ±%.4f  %+.4f ±%.4f   ", l->learners[i].name, first.mean, first.sd,
               gain.mean, gain.error);
        if (rival != SIZE_MAX && i >= l->engine) {
            spread more = OVER_SEEDS(l, i, rival, first_pick);
            printf("%+.4f ±%.4f   ", more.mean, more.error);
        } else {
            printf("%-18s ", i == rival ? "(best rival)" : "");
        }
        printf("%.4f  %.4f  %.4f   %-5.1f %.2f\n", OVER_SEEDS(l, i, SIZE_MAX, ndcg).mean,
               OVER_SEEDS(l, i, SIZE_MAX, shown_ndcg).mean,
               OVER_SEEDS(l, i, SIZE_MAX, held_out_ndcg).mean,
               OVER_SEEDS(l, i, SIZE_MAX, quarantined).mean,
               OVER_SEEDS(l, i, SIZE_MAX, good_share).mean);
    }
}

static json_t *spread_json(spread s)
{
    return json_pack("{s:f, s:f, s:f}", "mean", s.mean, "sd", s.sd, "se", s.error);
}

/* What an engine among the learners was run with. */
static json_t *engine_json(const learner *l)
{
    return json_pack("{s:o, s:b, s:b, s:b}", "weights", about_weights(l->weights), "quarantine",
                     l->quarantine, "environment", l->environment, "query_told", !l->silent);
}

static int print_json(const lab *l, loop_scenario scenario)
{
    json_t *learners = json_array();
    size_t rival = best_rival(l);
    for (size_t i = 0; i < l->learner_count; i++) {
        if (!takes_part(&l->learners[i], scenario)) continue;
        json_t *row = json_pack(
            "{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "learner", l->learners[i].name, "first_pick",
            spread_json(OVER_SEEDS(l, i, SIZE_MAX, first_pick)), "over_relevance",
            spread_json(OVER_SEEDS(l, i, 0, first_pick)), "ndcg@10",
            spread_json(OVER_SEEDS(l, i, SIZE_MAX, ndcg)), "shown_ndcg@10",
            spread_json(OVER_SEEDS(l, i, SIZE_MAX, shown_ndcg)), "held_out_ndcg@10",
            spread_json(OVER_SEEDS(l, i, SIZE_MAX, held_out_ndcg)), "quarantined",
            spread_json(OVER_SEEDS(l, i, SIZE_MAX, quarantined)), "good_share",
            spread_json(OVER_SEEDS(l, i, SIZE_MAX, good_share)));
        if (rival != SIZE_MAX && i >= l->engine)
            json_object_set_new(row, "over_best_rival",
                                spread_json(OVER_SEEDS(l, i, rival, first_pick)));
        if (i >= l->engine)
            json_object_set_new(row, "engine", engine_json(&l->learners[i]));
        json_array_append_new(learners, row);
    }
    return cli_print_json(json_pack(
        "{s:s, s:s, s:s, s:I, s:I, s:I, s:o, s:s?, s:o, s:o}", "kind", "loop", "collection",
        l->world.data.name, "scenario", loop_scenario_names[scenario], "seeds", (json_int_t)o.seeds,
        "first_seed", (json_int_t)o.first_seed, "passes", (json_int_t)o.passes, "oracle",
        spread_json(OVER_SEEDS(l, 0, SIZE_MAX, oracle)), "best_rival",
        rival == SIZE_MAX ? NULL : l->learners[rival].name, "learners", learners, "about",
        about_json("loop", o.first_seed)));
}

static int run_scenario(lab *l, loop_scenario scenario)
{
    int code = 0;
    for (int64_t s = 0; s < o.seeds && !code; s++) {
        loop_world_draw(&l->world, (uint64_t)(o.first_seed + s), scenario);
        for (size_t i = 0; i < l->learner_count && !code; i++) {
            if (!takes_part(&l->learners[i], scenario)) continue;
            l->learners[i].world = &l->world;
            code = loop_run(&l->results[i * (size_t)o.seeds + (size_t)s], &l->learners[i],
                            (int)o.passes);
        }
    }
    if (code) return code;
    if (o.json) return print_json(l, scenario);
    print_table(l, scenario);
    return 0;
}

static int run_collection(const char *folder)
{
    lab l = {0};
    int code = loop_world_load(&l.world, folder, o.vectors);
    if (!code) code = gather(&l);
    l.results = calloc(LEARNERS_MAX * (size_t)o.seeds, sizeof *l.results);
    if (!code && !l.results) code = cli_no_memory();
    for (int s = 0; s < LOOP_SCENARIO_COUNT && !code; s++)
        if (o.scenario < 0 || o.scenario == s) code = run_scenario(&l, (loop_scenario)s);
    for (size_t i = 0; i < l.weights_count; i++) plurum_weights_free(l.weights[i]);
    free(l.results);
    loop_world_free(&l.world);
    return code;
}

static int run(const cli_arguments *arguments)
{
    int code = 0;
    for (int i = 0; i < arguments->count && !code; i++) code = run_collection(arguments->rest[i]);
    return code;
}

const cli_command loop_command = {
    .name = "loop",
    .summary = "the closed loop: agents search, use, report and vote",
    .synopsis = "COLLECTION… [options]",
    .about = "Gives every relevant document of a judged collection a hidden rate of success, lets "
             "agents ask the queries day after day, use a result, report and vote, and prints how "
             "often the first result works in the last quarter of the days: for relevance alone, "
             "for the formulas of others, and for the engine, on the same random numbers.",
    .example = "plurum-bench loop collections/cranfield --vectors --scenario benign --seeds 5",
    .least = 1,
    .most = -1,
    .options = OPTIONS,
    .run = run};
