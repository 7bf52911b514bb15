/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum search: one query, or a batch of them.
 */
#include <config.h>

#include <string.h>

#include "tools/commands.h"
#include "tools/model.h"
#include "tools/npy.h"
#include "tools/search.h"
#include "tools/search_log.h"
#include "tools/selection.h"
#include "tools/show.h"
#include "tools/weights.h"

enum { WARNINGS = 5, SNIPPET = 160, FACETS = 10 };

static const char *const MODES[] = {"hybrid", "text", "vector", NULL};

static search_options o = {.limit = 10, .now = PLURUM_TIME_UNSET, .mmr = 1};

static const cli_option BATCH_OPTIONS[] = {
    CLI_OPTION_TEXT("batch", &o.batch_file, "FILE",
                    "queries from JSON lines {\"_id\", \"text\"}; - is standard input"),
    CLI_OPTION_TEXT("vectors", &o.vectors_file, "FILE.npy", "their vectors, one row a line"),
    CLI_OPTION_TEXT("run", &o.run_file, "FILE", "write a TREC run there instead of JSON lines"),
    CLI_OPTION_END};

static const cli_option OPTIONS[] = {
    CLI_OPTION_WHOLE("limit", &o.limit, 1, PLURUM_LIMIT_MAX, "N", "how many results"),
    CLI_OPTION_WHOLE("offset", &o.offset, 0, INT64_MAX, "N", "how many to leave out first"),
    CLI_OPTION_TEXT("cursor", &o.cursor, "C",
                    "go on where the page ended whose JSON has this cursor"),
    CLI_OPTION_LIST("tool", &o.tools, "T", "a tool at hand: improves relevance, filters nothing"),
    CLI_OPTION_TEXT("env", &o.environment, "JSON",
                    "the environment at hand, a JSON object: outcomes from one like it count more"),
    CLI_OPTION_WORD("mode", &o.mode, MODES, "M", "which legs"),
    CLI_OPTION_FLAG("exact", &o.exact, "never an approximate leg"),
    CLI_OPTION_TEXT("fusion", &o.fusion, "NAME",
                    "how the legs become one score: minmax, rrf, tmm, dbsf, z-score, log-odds or "
                    "adaptive (default)"),
    CLI_OPTION_TEXT("weights", &o.weights_file, "FILE", "ranking weights"),
    CLI_OPTION_TEXT("vector", &o.vector_file, "FILE.npy", "the query's vector, float32"),
    CLI_OPTION_TIME("now", &o.now,
                    "the moment that rules trust (default: the clock, rounded down to the hour)"),
    CLI_OPTION_FLAG("explain", &o.explain, "the arithmetic of every score"),
    CLI_OPTION_FLAG("snippets", &o.snippets, "a passage of each with the query's words marked"),
    CLI_OPTION_FLAG("facets", &o.facets, "counts by domain, tool and tag over all candidates"),
    CLI_OPTION_SHARE("collapse", &o.collapse, "C",
                     "of those whose vectors have this cosine or more, only the best; 0: all"),
    CLI_OPTION_FLAG("collapse-goals", &o.collapse_goals, "of those with the same goal, only the best"),
    CLI_OPTION_SHARE("mmr", &o.mmr, "LAMBDA",
                     "weight of the score against likeness to results before; 1: the score alone"),
    CLI_OPTION_FLAG("warnings", &o.warnings, "matches that keep failing too, apart"),
    CLI_OPTION_FLAG("no-suggestion", &o.no_suggestion,
                    "offer no other spelling where nothing or little matches"),
    MODEL_ENDPOINT_OPTION,
    CLI_OPTION_TEXT("log", &o.log_file, "FILE.jsonl",
                    "append the query there, with all that plurum-bench replay needs; vectors go to "
                    "FILE.jsonl.npy"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"),
    CLI_OPTION_TABLE("Many queries", BATCH_OPTIONS),
    CLI_FILTER_OPTIONS,
    CLI_VIEWER_OPTIONS,
    CLI_OPTION_END};

/* What the options allow together. */
static int check(int has_text)
{
    if (!has_text && !o.batch_file)
        return cli_error(EXIT_USAGE, "search: a QUERY or --batch FILE expected");
    if (has_text && o.batch_file)
        return cli_error(EXIT_USAGE, "--batch: the queries are in %s; give no other",
                         o.batch_file);
    if (!o.batch_file && (o.vectors_file || o.run_file))
        return cli_error(EXIT_USAGE, "--%s: goes with --batch", o.run_file ? "run" : "vectors");
    if (o.batch_file && (o.vector_file || o.cursor))
        return cli_error(EXIT_USAGE, "--%s: goes with one query, not with --batch",
                         o.cursor ? "cursor" : "vector");
    if (o.cursor && o.offset)
        return cli_error(EXIT_USAGE, "--offset: not with --cursor, which says where to go on");
    return 0;
}

static int settle(plurum_query *query, plurum_viewer *viewer, plurum_filter *filter,
                  plurum_weights **weights)
{
    plurum_query_init(query);
    selection_filter(filter);
    int code = selection_viewer(viewer);
    if (!code) code = weights_choose(weights, o.weights_file, o.fusion);
    query->weights = *weights;
    query->mode = (plurum_mode)o.mode;
    query->now = o.now;
    query->limit = (size_t)o.limit;
    query->offset = (size_t)o.offset;
    query->cursor = o.cursor;
    query->exact = o.exact;
    query->collapse = o.collapse;
    query->collapse_titles = o.collapse_goals;
    query->lambda = o.mmr;
    query->facets = o.facets ? FACETS : 0;
    query->snippet = o.snippets ? SNIPPET : 0;
    query->suggest = !o.no_suggestion && !o.batch_file;
    query->trace = o.log_file != NULL;
    query->tools = o.tools.items;
    query->tool_count = o.tools.count;
    query->environment = o.environment;
    query->viewer = viewer;
    query->filter = filter;
    query->warnings = o.warnings ? WARNINGS : 0;
    return code;
}

static void print_facets(const plurum_results *results)
{
    static const char *const NAMES[PLURUM_FACET_COUNT] = {"domains", "tools", "tags"};
    for (int kind = 0; kind < PLURUM_FACET_COUNT; kind++) {
        size_t count = plurum_results_facet_count(results, (plurum_facet_kind)kind);
        if (!count) continue;
        printf("%s:", NAMES[kind]);
        for (size_t i = 0; i < count; i++) {
            const plurum_facet *f = plurum_results_facet(results, (plurum_facet_kind)kind, i);
            printf("%s %s %zu", i ? "," : "", f->name, f->count);
        }
        putchar('\n');
    }
}

static void print_suggestion(const plurum_results *results)
{
    if (!plurum_results_suggestion(results)) return;
    fputs("did you mean: ", stdout);
    show_bold(plurum_results_suggestion(results));
    putchar('\n');
}

static void print(const plurum_results *results)
{
    size_t count = plurum_results_count(results);
    size_t seen = (size_t)o.offset + count, total = plurum_results_total(results);
    print_suggestion(results);
    for (size_t i = 0; i < count; i++) {
        show_hit(plurum_results_hit(results, i), (size_t)o.offset + i + 1, 1, o.explain);
        show_snippet(plurum_results_hit(results, i));
    }
    if (!count) puts("nothing found");
    if (count && plurum_results_abstain(results)) puts("nothing here seems to answer this");
    print_facets(results);
    if (plurum_results_warning_count(results)) puts("known dead ends, in quarantine:");
    for (size_t i = 0; i < plurum_results_warning_count(results); i++)
        show_hit(plurum_results_warning(results, i), i + 1, 1, o.explain);
    if (plurum_results_note(results)) printf("note: %s\n", plurum_results_note(results));
    int more = o.mmr < 1 ? seen < total : plurum_results_cursor(results) != NULL;
    if (!count || !more) return;
    if (o.cursor)
        printf("%zu candidates; the next page: --cursor %s\n", total,
               plurum_results_cursor(results));
    else
        printf("%zu of %zu candidates; the next page: --offset %zu\n", count, total, seen);
}

static int print_json(const plurum_results *results)
{
    plurum_error error;
    char *text;
    if (plurum_results_json(&text, results, o.explain, &error)) return cli_failed(NULL, &error);
    puts(text);
    plurum_text_free(text);
    return 0;
}

static int write_log(const char *text, const plurum_query *query, plurum_results *results)
{
    search_log log;
    int code = search_log_open(&log, o.log_file);
    if (!code) code = search_log_write(&log, NULL, text, query, results);
    return search_log_close(&log, code);
}

static int search_once(plurum_index *index, plurum_query *query, const char *text)
{
    plurum_error error;
    plurum_results *results;
    npy vector = {0};
    query->text = text;
    query->text_len = strlen(text);
    int code = o.vector_file ? npy_open(&vector, o.vector_file) : 0;
    if (code) return code;
    if (o.vector_file && vector.rows != 1) {
        code = cli_error(EXIT_INPUT, "%s: %zu rows, one expected", o.vector_file, vector.rows);
        npy_close(&vector);
        return code;
    }
    query->vector = vector.values;
    query->dim = vector.dim;
    plurum_status status = plurum_search(&results, index, query, &error);
    npy_close(&vector);
    if (status) return selection_failed(NULL, &error);
    if (o.json)
        code = print_json(results);
    else
        print(results);
    if (!code && o.log_file) code = write_log(text, query, results);
    if (!code) code = plurum_results_count(results) ? EXIT_DONE : EXIT_NOTHING;
    plurum_results_free(results);
    return code;
}

static int run(const cli_arguments *a)
{
    cli_index index = {0};
    plurum_query query;
    plurum_viewer viewer;
    plurum_filter filter;
    plurum_weights *weights = NULL;
    int embed = o.mode != PLURUM_MODE_TEXT && !o.vector_file && !o.vectors_file;
    int code = check(a->count == 2);
    if (!code) code = settle(&query, &viewer, &filter, &weights);
    if (!code) code = cli_open(&index, a->rest[0], CLI_READ, embed);
    if (!code)
        code = o.batch_file ? search_batch(index.index, &query, &o)
                            : search_once(index.index, &query, a->rest[1]);
    plurum_weights_free(weights);
    cli_close(&index);
    return code;
}

const cli_command search_command = {
    .name = "search",
    .summary = "find experiences",
    .synopsis = "INDEX QUERY [options]\nINDEX --batch FILE [options]",
    .about = "Finds experiences for a task in plain words, best first: by words, by meaning and by "
             "what has worked. Exits 1 where nothing is found, with --batch 0 all the same.",
    .example = "plurum search notes 'add a column to a large table' --tool psql --explain",
    .least = 1,
    .most = 2,
    .options = OPTIONS,
    .run = run,
};
