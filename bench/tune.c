/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench tune: better weights from judgements, or the advice to keep the default.
 */
#include <config.h>

#include "bench/tune.h"

#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/workers.h"
#include "tools/model.h"
#include "tools/weights.h"

static struct {
    cli_list held_out;
    int embedder, vectors, metric, no_text, json;
    int64_t queries, folds, seed, threads;
    const char *out;
} o = {.embedder = MODEL_BEST, .queries = 500, .folds = 5, .seed = 1};

static const cli_option OPTIONS[] = {
    CLI_OPTION_LIST("held-out", &o.held_out, "COLLECTION",
                    "a collection that takes no part in the choice and decides on it"),
    CLI_OPTION_TEXT("out", &o.out, "WEIGHTS",
                    "write the weights there, where they are worth a change"),
    CLI_OPTION_WORD("embedder", &o.embedder, model_words, "E",
                    "where vectors come from, none for the text leg alone (default: minilm, where "
                    "it is installed)"),
    CLI_OPTION_FLAG("vectors", &o.vectors,
                    "each folder's docs.npy and queries.npy instead of an embedder"),
    CLI_OPTION_WORD("metric", &o.metric, metric_names, "NAME", "what is to rise"),
    CLI_OPTION_FLAG("no-text", &o.no_text, "leave the text leg's own weights alone"),
    CLI_OPTION_WHOLE("queries", &o.queries, 10, 1000000, "N",
                     "most queries of a collection; of more so many are drawn"),
    CLI_OPTION_WHOLE("folds", &o.folds, 2, 100, "N", "of the queries, where one collection is given"),
    CLI_OPTION_WHOLE("seed", &o.seed, 0, INT64_MAX, "N", "of all that is drawn"),
    WORKERS_OPTION(&o.threads),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object, with curves and every query"),
    CLI_OPTION_END};

static int gather_all(tuning *t, const cli_arguments *a)
{
    int code = 0;
    size_t total = 0;
    t->train_count = (size_t)a->count;
    t->count = t->train_count + o.held_out.count;
    t->collections = calloc(t->count, sizeof *t->collections);
    t->ends = calloc(t->count, sizeof *t->ends);
    if (!t->collections || !t->ends) return cli_no_memory();
    for (size_t c = 0; c < t->count && !code; c++) {
        const char *folder =
            c < t->train_count ? a->rest[c] : o.held_out.items[c - t->train_count];
        code = gather_open(&t->collections[c], folder, o.vectors, o.embedder,
                           (size_t)o.queries, t->seed);
        t->ends[c] = total += t->collections[c].count;
    }
    if (code) return code;
    const plurum_fingerprint *model =
        plurum_index_configuration(t->collections[0].scratch.index)->fingerprint;
    t->model = o.vectors ? "given" : model->dim ? model->name : "none";
    return 0;
}

/* The default of a judged collection: relevance alone, since nobody has reported anything. */
static plurum_weights *new_weights(const weight_set *set)
{
    plurum_weights *weights;
    if (plurum_weights_new(&weights, NULL)) return NULL;
    plurum_weights_set(weights, "floor", 1.0, NULL);
    if (set) space_apply(weights, set);
    return weights;
}

/* All sets that share one setting of the text leg, whose candidates are searched for once. */
typedef struct text_sets {
    tuning *t;
    plurum_weights **weights;
    size_t *sets; /* their places in the space */
    size_t count;
} text_sets;

/* One query of any collection under all of them. */
static int score_query(void *context, size_t q)
{
    const text_sets *all = context;
    tuning *t = all->t;
    size_t c = 0, total = t->ends[t->count - 1];
    while (q >= t->ends[c]) c++;
    double *values = calloc(all->count, sizeof *values);
    if (!values) return cli_no_memory();
    int code = gather_score(values, &t->collections[c], q - tuning_begin(t, c), all->weights,
                            all->count, t->metric);
    for (size_t i = 0; i < all->count && !code; i++) t->scores[all->sets[i] * total + q] = values[i];
    free(values);
    return code;
}

static int score_text(tuning *t, size_t text)
{
    text_sets all = {.t = t};
    all.weights = calloc(t->space.count, sizeof *all.weights);
    all.sets = calloc(t->space.count, sizeof *all.sets);
    int code = all.weights && all.sets ? 0 : cli_no_memory();
    for (size_t s = 0; s < t->space.count && !code; s++) {
        if (t->space.sets[s].text != text) continue;
        all.sets[all.count] = s;
        if ((all.weights[all.count] = new_weights(&t->space.sets[s]))) all.count++;
        else code = cli_no_memory();
    }
    if (!code) code = workers_run(o.threads, t->ends[t->count - 1], score_query, &all);
    for (size_t i = 0; i < all.count; i++) plurum_weights_free(all.weights[i]);
    free(all.weights);
    free(all.sets);
    return code;
}

static int tune(tuning *t, const cli_arguments *a)
{
    if (o.vectors && o.embedder != MODEL_BEST)
        return cli_error(EXIT_USAGE, "--embedder: not with --vectors, which are given");
    int code = gather_all(t, a), experiences = 0;
    for (size_t c = 0; c < t->count && !code; c++)
        experiences |= t->collections[c].data.documents[0].experience != NULL;
    if (!code) code = space_make(&t->space, !o.no_text, experiences);
    if (code) return code;
    t->scores = calloc(t->space.count * t->ends[t->count - 1], sizeof *t->scores);
    if (!t->scores) return cli_no_memory();
    for (size_t text = 0; text < t->space.text_count && !code; text++) code = score_text(t, text);
    if (!code) code = tuning_decide(t, (size_t)o.folds);
    if (code) return code;
    if (o.json)
        code = tuning_print_json(t);
    else
        tuning_print(t);
    if (!code && !t->accepted) return EXIT_NOTHING;
    return code || (o.json && !o.out) ? code : tuning_write(t, o.out);
}

static int run(const cli_arguments *a)
{
    tuning t = {.metric = (metric)o.metric, .seed = (uint64_t)o.seed};
    int code = tune(&t, a);
    for (size_t c = 0; c < t.count && t.collections; c++) gather_close(&t.collections[c]);
    space_free(&t.space);
    free(t.collections);
    free(t.ends);
    free(t.scores);
    free(t.fold);
    free(t.chosen);
    free(t.differences);
    return code;
}

const cli_command tune_command = {
    .name = "tune",
    .summary = "better weights from judgements, or the advice to keep the default",
    .synopsis = "COLLECTION… [--held-out COLLECTION]… [options]",
    .about = "Searches for the candidates of every judged query once, and ranks them under "
             "hundreds of sets of weights: every fusion method, and settings of the text leg. What "
             "is best on some collections is measured on the one left out (with one collection: on "
             "queries left out). Only where the 95 % interval of that gain lies above zero are the "
             "weights written; else says keep the default, writes nothing and exits 1.",
    .example = "plurum-bench tune support wiki --vectors --out tuned.weights\n"
               "plurum-bench tune support --held-out wiki --out tuned.weights",
    .least = 1,
    .most = -1,
    .options = OPTIONS,
    .run = run,
};
