/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench replay: a log of plurum search scored again under other weights, without an index.
 */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/grow.h"
#include "bench/metrics.h"
#include "tools/lines.h"
#include "tools/npy.h"
#include "tools/run.h"
#include "tools/weights.h"

enum { TOP = 10 };

static struct {
    cli_list weights_files;
    const char *qrels_file, *run_file;
    int64_t limit;
    int json;
} o = {.limit = 10};

static const cli_option OPTIONS[] = {
    CLI_OPTION_LIST("weights", &o.weights_files, "FILE",
                    "ranking weights (default: those of each search)"),
    CLI_OPTION_TEXT("qrels", &o.qrels_file, "FILE",
                    "judgements by the log's query ids: prints nDCG@10 too"),
    CLI_OPTION_TEXT("run", &o.run_file, "FILE", "write a TREC run there, for one set of weights"),
    CLI_OPTION_WHOLE("limit", &o.limit, 1, PLURUM_LIMIT_MAX, "N", "results a query with --json"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON line for each query and set of weights"),
    CLI_OPTION_END};

/* What becomes of the log under one set of weights. */
typedef struct rescored {
    const char *name;
    plurum_weights *weights; /* NULL: those of each search */
    double kept;             /* Σ over queries of the share of the old top ten that stays */
    size_t same_first;
    double *ndcg;            /* of judged queries, as they come */
    size_t cap;
} rescored;

typedef struct replayer {
    rescored *sets;
    size_t set_count;
    line_file log;
    npy vectors;
    qrels judged;
    FILE *run;
    size_t queries, judged_queries, differ;
} replayer;

/* Files after --weights, and all arguments after the log: --weights A B C means three. */
static int load_weights(replayer *r, const cli_arguments *a)
{
    plurum_error error;
    size_t listed = o.weights_files.count, count = listed + (size_t)a->count - 1;
    r->set_count = count ? count : 1;
    r->sets = calloc(r->set_count, sizeof *r->sets);
    if (!r->sets) return cli_no_memory();
    r->sets[0].name = "as logged";
    for (size_t i = 0; i < count; i++) {
        rescored *set = &r->sets[i];
        set->name = i < listed ? o.weights_files.items[i] : a->rest[1 + i - listed];
        if (plurum_weights_new(&set->weights, &error)) return cli_failed(NULL, &error);
        int code = weights_read(set->weights, set->name);
        if (code) return code;
    }
    return 0;
}

/* LOG.npy, where there is one. */
static int load_vectors(replayer *r, const char *log)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s.npy", log) >= (int)sizeof path || access(path, F_OK))
        return 0;
    return npy_open(&r->vectors, path);
}

static int print_json(const rescored *set, plurum_replay *replay)
{
    json_t *results = json_array();
    size_t count = plurum_replay_count(replay);
    if (count > (size_t)o.limit) count = (size_t)o.limit;
    for (size_t i = 0; i < count; i++) {
        const plurum_hit *hit = plurum_replay_hit(replay, i);
        json_array_append_new(results, json_pack("{s:s, s:f, s:f}", "id", hit->key, "score",
                                                 hit->score, "relevance", hit->relevance));
    }
    return cli_print_json(json_pack("{s:s, s:s, s:I, s:I, s:o}", "_id", plurum_replay_name(replay),
                                    "weights", set->name, "now",
                                    (json_int_t)plurum_replay_now(replay), "seq",
                                    (json_int_t)plurum_replay_seq(replay), "results", results));
}

static int measure(replayer *r, rescored *set, plurum_replay *replay)
{
    double metrics[METRIC_COUNT];
    size_t judged_count, count = plurum_replay_count(replay);
    const judgement *judged = qrels_of(&r->judged, plurum_replay_name(replay), &judged_count);
    if (!judged_count) return 0;
    int code = grow(&set->ndcg, &set->cap, r->judged_queries, sizeof *set->ndcg);
    const char **ids = code ? NULL : malloc((count + 1) * sizeof *ids);
    if (!ids) return code ? code : cli_no_memory();
    for (size_t i = 0; i < count; i++) ids[i] = plurum_replay_hit(replay, i)->key;
    metrics_of(metrics, ids, count, judged, judged_count);
    set->ndcg[r->judged_queries] = metrics[NDCG_10];
    free(ids);
    return 0;
}

/* How much of the old top stays. */
static void count_kept(rescored *set, plurum_replay *replay, const uint32_t old[TOP], size_t n)
{
    size_t kept = 0, count = plurum_replay_count(replay);
    for (size_t i = 0; i < count && i < TOP; i++) {
        uint32_t id = plurum_replay_hit(replay, i)->id;
        for (size_t j = 0; j < n; j++) kept += old[j] == id;
        if (i == 0) set->same_first += n > 0 && old[0] == id;
    }
    if (!count) set->same_first += n == 0;
    set->kept += n ? (double)kept / (double)n : 1.0;
}

static int score(replayer *r, rescored *set, plurum_replay *replay, const uint32_t old[TOP],
                 size_t old_count)
{
    plurum_error error;
    const plurum_weights *weights = set->weights ? set->weights : plurum_replay_weights(replay);
    if (plurum_replay_rank(replay, weights, &error)) {
        char where[512];
        snprintf(where, sizeof where, "%s:%llu", r->log.name, (unsigned long long)r->log.number);
        return cli_failed(where, &error);
    }
    int code = o.json ? print_json(set, replay) : 0;
    if (code) return code;
    count_kept(set, replay, old, old_count);
    if (r->run) {
        run_writer writer = run_begin(r->run, plurum_replay_name(replay));
        for (size_t i = 0; i < plurum_replay_count(replay); i++) {
            const plurum_hit *hit = plurum_replay_hit(replay, i);
            run_write(&writer, hit->key, hit->score);
        }
    }
    return o.qrels_file ? measure(r, set, replay) : 0;
}

static int replay_line(replayer *r, size_t len)
{
    plurum_error error;
    plurum_replay *replay;
    uint32_t old[TOP];
    size_t n = 0, judged = 0;
    if (plurum_replay_parse(&replay, r->log.line, len, r->vectors.values, r->vectors.rows,
                            r->vectors.dim, &error))
        return lines_bad(&r->log, "%s", error.text);
    r->differ += !plurum_replay_agrees(replay);
    for (; n < TOP && n < plurum_replay_count(replay); n++)
        old[n] = plurum_replay_hit(replay, n)->id;
    int code = 0;
    for (size_t i = 0; i < r->set_count && !code; i++)
        code = score(r, &r->sets[i], replay, old, n);
    if (o.qrels_file) qrels_of(&r->judged, plurum_replay_name(replay), &judged);
    r->judged_queries += judged > 0;
    r->queries++;
    plurum_replay_free(replay);
    return code;
}

static void report(const replayer *r)
{
    printf("%zu queries; under the weights of the search %zu of them give the log's scores to the "
           "bit\n", r->queries, r->queries - r->differ);
    for (size_t i = 0; i < r->set_count; i++) {
        const rescored *set = &r->sets[i];
        double n = r->queries ? (double)r->queries : 1.0;
        printf("  top ten kept %5.1f %%  first kept %5.1f %%", 100.0 * set->kept / n,
               100.0 * (double)set->same_first / n);
        if (r->judged_queries) {
            interval v = bootstrap(set->ndcg, r->judged_queries);
            printf("  ndcg@10 %.4f [%.4f, %.4f]", v.mean, v.low, v.high);
        }
        printf("  %s\n", set->name);
    }
    if (o.qrels_file) printf("  %zu queries have judgements\n", r->judged_queries);
}

static int replay_all(replayer *r, const cli_arguments *a)
{
    const char *path = a->rest[0];
    long len = 0;
    int code = load_weights(r, a);
    if (!code && o.run_file && r->set_count > 1)
        code = cli_error(EXIT_USAGE, "--run: for one set of weights, %zu are given", r->set_count);
    if (!code && o.qrels_file) code = qrels_read(&r->judged, o.qrels_file);
    if (!code) code = lines_open(&r->log, path);
    if (!code) code = load_vectors(r, path);
    if (!code && o.run_file && !(r->run = fopen(o.run_file, "w")))
        code = cli_error(EXIT_STORAGE, "%s: %s", o.run_file, strerror(errno));
    while (!code && (len = lines_next(&r->log)) >= 0) code = replay_line(r, (size_t)len);
    if (!code && len == -2) code = EXIT_STORAGE;
    if (r->run && fclose(r->run) && !code)
        code = cli_error(EXIT_STORAGE, "%s: %s", o.run_file, strerror(errno));
    if (!code && !o.json) report(r);
    if (!code && r->differ)
        code = cli_error(EXIT_NOTHING, "%s: %zu of %zu queries do not give the log's scores", path,
                         r->differ, r->queries);
    return code;
}

static int run(const cli_arguments *a)
{
    replayer r = {0};
    int code = replay_all(&r, a);
    for (size_t i = 0; i < r.set_count && r.sets; i++) {
        plurum_weights_free(r.sets[i].weights);
        free(r.sets[i].ndcg);
    }
    free(r.sets);
    lines_close(&r.log);
    npy_close(&r.vectors);
    qrels_free(&r.judged);
    return code;
}

const cli_command replay_command = {
    .name = "replay",
    .summary = "score a log of searches again under other weights",
    .synopsis = "LOG [--weights FILE…] [options]",
    .about = "Scores every query of a log that plurum search --log wrote, without its index, under "
             "the weights of each FILE: to the bit what a search would have given. Prints how much "
             "of the top ten stays. Weights of the text leg and more candidates need a search. "
             "Exits 1 where the log does not give its own scores again.",
    .example = "plurum-bench replay log.jsonl --weights tuned.weights --json",
    .least = 1,
    .most = -1,
    .options = OPTIONS,
    .run = run,
};
