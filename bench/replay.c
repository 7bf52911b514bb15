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
#include "bench/workers.h"
#include "tools/lines.h"
#include "tools/npy.h"
#include "tools/run.h"
#include "tools/weights.h"

enum { TOP = 10, BLOCK = 256 };

static struct {
    cli_list weights_files;
    const char *qrels_file, *run_file;
    int64_t limit, threads;
    int json;
} o = {.limit = 10};

static const cli_option OPTIONS[] = {
    CLI_OPTION_LIST("weights", &o.weights_files, "FILE",
                    "ranking weights (default: those of each search)"),
    CLI_OPTION_TEXT("qrels", &o.qrels_file, "FILE",
                    "judgements by the log's query ids: prints nDCG@10 too"),
    CLI_OPTION_TEXT("run", &o.run_file, "FILE", "write a TREC run there, for one set of weights"),
    CLI_OPTION_WHOLE("limit", &o.limit, 1, PLURUM_LIMIT_MAX, "N", "results a query with --json"),
    WORKERS_OPTION(&o.threads),
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

/* A query under one set of weights. */
typedef struct answer {
    double kept, ndcg;
    int same_first;
    json_t *json; /* with --json */
} answer;

/* A line of the log, and what is found of it. */
typedef struct logged {
    char *line;
    size_t len;
    uint64_t number;
    answer *answers; /* by set */
    size_t answered; /* sets before the one that failed */
    int differs, judged, wrong; /* wrong: the line is */
    char *run;       /* with --run */
    plurum_error error;
} logged;

typedef struct replayer {
    rescored *sets;
    size_t set_count;
    line_file log;
    npy vectors;
    qrels judged;
    FILE *run;
    logged block[BLOCK]; /* lines that are worked on together */
    size_t block_count;
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

static json_t *answer_json(const rescored *set, plurum_replay *replay)
{
    json_t *results = json_array();
    size_t count = plurum_replay_count(replay);
    if (count > (size_t)o.limit) count = (size_t)o.limit;
    for (size_t i = 0; i < count; i++) {
        const plurum_hit *hit = plurum_replay_hit(replay, i);
        json_array_append_new(results, json_pack("{s:s, s:f, s:f}", "id", hit->key, "score",
                                                 hit->score, "relevance", hit->relevance));
    }
    return json_pack("{s:s, s:s, s:I, s:I, s:o}", "_id", plurum_replay_name(replay), "weights",
                     set->name, "now", (json_int_t)plurum_replay_now(replay), "seq",
                     (json_int_t)plurum_replay_seq(replay), "results", results);
}

static int measure(answer *out, plurum_replay *replay, const judgement *judged, size_t judged_count)
{
    double metrics[METRIC_COUNT];
    size_t count = plurum_replay_count(replay);
    const char **ids = malloc((count + 1) * sizeof *ids);
    if (!ids) return cli_no_memory();
    for (size_t i = 0; i < count; i++) ids[i] = plurum_replay_hit(replay, i)->key;
    metrics_of(metrics, ids, count, judged, judged_count);
    out->ndcg = metrics[NDCG_10];
    free(ids);
    return 0;
}

/* How much of the old top stays. */
static void count_kept(answer *out, plurum_replay *replay, const uint32_t old[TOP], size_t n)
{
    size_t kept = 0, count = plurum_replay_count(replay);
    for (size_t i = 0; i < count && i < TOP; i++) {
        uint32_t id = plurum_replay_hit(replay, i)->id;
        for (size_t j = 0; j < n; j++) kept += old[j] == id;
        if (i == 0) out->same_first = n > 0 && old[0] == id;
    }
    if (!count) out->same_first = n == 0;
    out->kept = n ? (double)kept / (double)n : 1.0;
}

static int keep_run(logged *l, plurum_replay *replay)
{
    size_t size;
    FILE *text = open_memstream(&l->run, &size);
    if (!text) return cli_no_memory();
    run_writer writer = run_begin(text, plurum_replay_name(replay));
    for (size_t i = 0; i < plurum_replay_count(replay); i++) {
        const plurum_hit *hit = plurum_replay_hit(replay, i);
        run_write(&writer, hit->key, hit->score);
    }
    return fclose(text) ? cli_no_memory() : 0;
}

/* Under every set of weights; what is wrong with one is said later, in the order of the log. */
static int rank_all(const replayer *r, logged *l, plurum_replay *replay)
{
    uint32_t old[TOP];
    size_t n = 0, judged_count = 0;
    int code = 0;
    for (; n < TOP && n < plurum_replay_count(replay); n++) old[n] = plurum_replay_hit(replay, n)->id;
    const judgement *judged =
        o.qrels_file ? qrels_of(&r->judged, plurum_replay_name(replay), &judged_count) : NULL;
    l->judged = judged_count > 0;
    for (; l->answered < r->set_count && !code; l->answered++) {
        const rescored *set = &r->sets[l->answered];
        answer *out = &l->answers[l->answered];
        const plurum_weights *weights = set->weights ? set->weights : plurum_replay_weights(replay);
        if (plurum_replay_rank(replay, weights, &l->error)) break;
        count_kept(out, replay, old, n);
        if (o.json) out->json = answer_json(set, replay);
        if (o.run_file) code = keep_run(l, replay);
        if (!code && judged_count) code = measure(out, replay, judged, judged_count);
    }
    return code;
}

static int replay_one(void *context, size_t i)
{
    replayer *r = context;
    logged *l = &r->block[i];
    plurum_replay *replay;
    l->answers = calloc(r->set_count, sizeof *l->answers);
    if (!l->answers) return cli_no_memory();
    l->wrong = plurum_replay_parse(&replay, l->line, l->len, r->vectors.values, r->vectors.rows,
                                   r->vectors.dim, &l->error) != PLURUM_OK;
    if (l->wrong) return 0;
    l->differs = !plurum_replay_agrees(replay);
    int code = rank_all(r, l, replay);
    plurum_replay_free(replay);
    return code;
}

/* Adds a line's answers to what becomes of the log, in the order of the log. */
static int take_answers(replayer *r, logged *l)
{
    char where[512];
    int code = 0;
    snprintf(where, sizeof where, "%s:%llu", r->log.name, (unsigned long long)l->number);
    if (l->wrong) return cli_error(EXIT_INPUT, "%s: %s", where, l->error.text);
    r->differ += (size_t)l->differs;
    for (size_t i = 0; i < l->answered && !code; i++) {
        rescored *set = &r->sets[i];
        set->kept += l->answers[i].kept;
        set->same_first += (size_t)l->answers[i].same_first;
        if (l->judged) code = grow(&set->ndcg, &set->cap, r->judged_queries, sizeof *set->ndcg);
        if (l->judged && !code) set->ndcg[r->judged_queries] = l->answers[i].ndcg;
        if (o.json && !code) code = cli_print_json(l->answers[i].json);
        l->answers[i].json = NULL;
    }
    if (!code && l->answered < r->set_count) return cli_failed(where, &l->error);
    if (l->run) fputs(l->run, r->run);
    r->judged_queries += (size_t)l->judged;
    r->queries++;
    return code;
}

static void forget(const replayer *r, logged *l)
{
    for (size_t i = 0; i < r->set_count && l->answers; i++) json_decref(l->answers[i].json);
    free(l->answers);
    free(l->run);
    free(l->line);
    memset(l, 0, sizeof *l);
}

static int replay_block(replayer *r)
{
    int code = workers_run(o.threads, r->block_count, replay_one, r);
    for (size_t i = 0; i < r->block_count; i++) {
        if (!code) code = take_answers(r, &r->block[i]);
        forget(r, &r->block[i]);
    }
    r->block_count = 0;
    return code;
}

static int replay_line(replayer *r, size_t len)
{
    logged *l = &r->block[r->block_count];
    l->line = malloc(len + 1);
    if (!l->line) return cli_no_memory();
    memcpy(l->line, r->log.line, len + 1);
    l->len = len;
    l->number = r->log.number;
    r->block_count++;
    return r->block_count == BLOCK ? replay_block(r) : 0;
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
    if (!code) code = replay_block(r);
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
    static replayer r;
    int code = replay_all(&r, a);
    for (size_t i = 0; i < r.block_count; i++) forget(&r, &r.block[i]);
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
