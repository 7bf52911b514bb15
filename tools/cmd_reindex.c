/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum reindex: another generation of vectors, weights and text index.
 */
#include <config.h>

#include <string.h>

#include "tools/commands.h"
#include "tools/job.h"
#include "tools/judge.h"
#include "tools/model.h"
#include "tools/weights.h"

static struct {
    int embedder, rollback, json;
    const char *url, *model; /* of the embedder */
    int64_t dim;
    const char *weights, *queries;
} o = {.embedder = MODEL_BEST}; /* not given: as it is */

static const cli_option OPTIONS[] = {
    CLI_OPTION_WORD_OR_URL("embedder", &o.embedder, model_words, &o.url, "NAME",
                           "where vectors come from: a model that is shipped, nowhere, or an "
                           "endpoint of OpenAI's kind"),
    CLI_OPTION_TEXT("model", &o.model, "NAME",
                    "with a URL, as the endpoint calls it (default: default)"),
    CLI_OPTION_WHOLE("dim", &o.dim, 0, PLURUM_DIM_MAX, "N",
                     "with a URL, the dimensions of its vectors; 0 asks for one to see"),
    CLI_OPTION_TEXT("weights", &o.weights, "FILE",
                    "ranking weights of searches that are given none"),
    CLI_OPTION_TEXT("queries", &o.queries, "DIR",
                    "judged queries: go back unless they are answered as well as before"),
    CLI_OPTION_FLAG("rollback", &o.rollback, "back to vectors and weights of before"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"),
    CLI_OPTION_END};

/* How judged queries were answered before, and are now. */
typedef struct judgement {
    judge queries;
    double before, now;
} judgement;

static int print(const plurum_reindex_report *r, const judgement *judged, double seconds)
{
    const char *model = r->dim ? r->model : "none";
    if (o.json) {
        json_t *object = json_pack("{s:s, s:I, s:I, s:I, s:I, s:f}", "model", model, "dimensions",
                                   (json_int_t)r->dim, "documents", (json_int_t)r->documents,
                                   "without_vector", (json_int_t)r->without, "unasked",
                                   (json_int_t)r->unasked, "seconds", seconds);
        if (object && o.queries) {
            json_object_set_new(object, "ndcg_before", json_real(judged->before));
            json_object_set_new(object, "ndcg", json_real(judged->now));
        }
        return cli_print_json(object);
    }
    printf("%llu documents reindexed and verified in %.1f s; vectors by %s\n",
           (unsigned long long)r->documents, seconds, model);
    if (r->unasked)
        printf("%llu outcomes are without a vector of their query\n", (unsigned long long)r->unasked);
    if (o.queries) printf("nDCG@10 %.3f, before %.3f\n", judged->now, judged->before);
    return EXIT_DONE;
}

/* Which model the generation before has shows only when it is tried. */
static plurum_status go(plurum_reindex_report *report, const char *path,
                        plurum_reindex_options *options, plurum_error *error)
{
    plurum_embedder *other = NULL;
    plurum_status status = plurum_index_reindex(report, path, options, error);
    if (status != PLURUM_MISMATCH || !o.rollback || !options->embedder) return status;
    if (strstr(error->text, "minilm") || strstr(error->text, "MiniLM"))
        if (model_open(&other, MODEL_MINILM)) other = NULL;
    options->embedder = other; /* none: what was put since waits for its vectors */
    status = plurum_index_reindex(report, path, options, error);
    plurum_embedder_free(other);
    return status;
}

/* Worse than this is worse; less is chance. */
#define NDCG_TOLERANCE 0.005

/* Judges the new generation, and goes back where it answers worse. */
static int check(judgement *judged, const char *path, const plurum_embedder *before)
{
    plurum_reindex_options back = PLURUM_REINDEX_OPTIONS_INIT;
    plurum_error error;
    int code = judge_index(&judged->now, &judged->queries, path);
    if (!code && judged->now >= judged->before - NDCG_TOLERANCE) return 0;
    back.rollback = 1;
    back.embedder = before;
    if (plurum_index_reindex(NULL, path, &back, &error)) return cli_failed(NULL, &error);
    return code ? code
                : cli_error(EXIT_NOTHING, "nDCG@10 %.3f, before %.3f: worse, rolled back",
                            judged->now, judged->before);
}

/* The embedder of the generation that is live; NULL: it has none, or it cannot be had. */
static plurum_embedder *live_embedder(const char *path)
{
    cli_index index;
    plurum_embedder *embedder = NULL;
    if (!cli_open(&index, path, CLI_READ, 0) && !cli_give_embedder(&index)) {
        embedder = index.embedder;
        index.embedder = NULL;
    }
    cli_close(&index);
    return embedder;
}

static int reindex(const char *path, plurum_reindex_options *options, judgement *judged)
{
    plurum_reindex_report report = {.struct_size = sizeof report};
    plurum_error error;
    job running;
    plurum_embedder *before = o.queries ? live_embedder(path) : NULL;
    job_begin(&running, &options->job);
    plurum_status status = go(&report, path, options, &error);
    double seconds = job_end(&running);
    int code = 0;
    if (!status && o.queries) code = check(judged, path, before);
    plurum_embedder_free(before);
    if (status == PLURUM_NOTFOUND)
        return cli_error(o.rollback ? EXIT_INPUT : EXIT_STORAGE, "%s", error.text);
    if (status)
        return job_failed(&error, "the index is as it was; the same command goes on from here");
    return code ? code : print(&report, judged, seconds);
}

static int run(const cli_arguments *a)
{
    plurum_reindex_options options = PLURUM_REINDEX_OPTIONS_INIT;
    plurum_embedder *embedder = NULL;
    plurum_weights *weights = NULL;
    plurum_error error;
    judgement judged = {0};
    int code = 0;
    if (o.rollback && o.queries) return cli_error(EXIT_USAGE, "--queries: goes without --rollback");
    if (o.queries && o.embedder < 0 && !o.weights)
        return cli_error(EXIT_USAGE, "--queries: goes with --embedder or --weights");
    if (o.rollback && (o.embedder >= 0 || o.weights))
        return cli_error(EXIT_USAGE, "--rollback: goes without --embedder and --weights");
    if ((o.model || o.dim) && o.embedder != MODEL_URL)
        return cli_error(EXIT_USAGE, "--%s: goes with --embedder and a URL", o.model ? "model" : "dim");
    if (o.embedder == MODEL_URL)
        code = model_open_url(&embedder, o.url, o.model, (uint32_t)o.dim);
    else if (o.rollback || (o.embedder >= 0 && o.embedder != MODEL_NONE))
        code = model_open(&embedder, o.rollback ? MODEL_STATIC : o.embedder);
    if (!code && o.weights && plurum_weights_new(&weights, &error)) code = cli_failed(NULL, &error);
    if (!code && o.weights) code = weights_read(weights, o.weights);
    if (!code && o.queries) code = judge_read(&judged.queries, o.queries);
    if (!code && o.queries) code = judge_index(&judged.before, &judged.queries, a->rest[0]);
    options.embedder = embedder;
    options.embedder_url = o.url;
    options.weights = weights;
    options.without_vectors = o.embedder == MODEL_NONE;
    options.rollback = o.rollback;
    if (!code) code = reindex(a->rest[0], &options, &judged);
    judge_free(&judged.queries);
    plurum_weights_free(weights);
    plurum_embedder_free(embedder);
    return code;
}

const cli_command reindex_command = {
    .name = "reindex",
    .summary = "make vectors, weights and text index anew",
    .synopsis = "INDEX [options]",
    .about = "Makes what an index derives from its experiences anew, beside what is in use: the text "
             "index and, with --embedder, vectors of another model. Then it is in use at once, and "
             "verified; vectors and weights of before are kept for one --rollback. Interrupted or "
             "killed, it leaves the index as it was, and goes on from there the next time. Nobody "
             "else may be writing; processes that read must open the index again.",
    .example = "plurum reindex notes --embedder static\n"
               "plurum reindex notes --rollback",
    .least = 1,
    .most = 1,
    .options = OPTIONS,
    .run = run,
};
