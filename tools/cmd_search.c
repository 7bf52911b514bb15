/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum search: one query, or a batch of them.
 */
#include <config.h>

#include "tools/commands.h"
#include "tools/search.h"
#include "tools/show.h"
#include "tools/weights.h"

#include <string.h>

static search_options o;

static const struct poptOption OPTIONS[] = {
    {"limit", 0, POPT_ARG_INT | POPT_ARGFLAG_SHOW_DEFAULT, &o.limit, 0, "how many results", "N"},
    {"offset", 0, POPT_ARG_INT, &o.offset, 0, "how many to leave out first", "N"},
    {"cursor", 0, POPT_ARG_STRING, &o.cursor, 0, "go on where the page that gave it ended", "C"},
    {"tool", 0, POPT_ARG_ARGV, &o.tools, 0,
     "a tool at hand: improves relevance, filters nothing (repeatable)", "T"},
    {"mode", 0, POPT_ARG_STRING | POPT_ARGFLAG_SHOW_DEFAULT, &o.mode, 0, "hybrid, text or vector",
     "M"},
    {"exact", 0, POPT_ARG_NONE, &o.exact, 0, "never an approximate leg", NULL},
    {"fusion", 0, POPT_ARG_STRING, &o.fusion, 0, "minmax or rrf", "NAME"},
    {"weights", 0, POPT_ARG_STRING, &o.weights_file, 0, "ranking weights", "FILE"},
    {"vector", 0, POPT_ARG_STRING, &o.vector_file, 0, "the query's vector (float32, .npy)",
     "FILE.npy"},
    {"now", 0, POPT_ARG_STRING, &o.now_text, 0,
     "moment that rules trust (default: the clock, rounded down to the hour)", "TIME"},
    {"explain", 0, POPT_ARG_NONE, &o.explain, 0, "the arithmetic of every score", NULL},
    {"warnings", 0, POPT_ARG_NONE, &o.warnings, 0, "quarantined matches too, apart", NULL},
    {"log", 0, POPT_ARG_STRING, &o.log_file, 0, "append the query and its hits as a JSON line",
     "FILE.jsonl"},
    {"batch", 0, POPT_ARG_STRING, &o.batch_file, 0,
     "queries from JSON lines {\"_id\", \"text\"}; - is standard input", "FILE"},
    {"vectors", 0, POPT_ARG_STRING, &o.vectors_file, 0,
     "with --batch: the queries' vectors, one row a line", "FILE.npy"},
    {"run", 0, POPT_ARG_STRING, &o.run_file, 0, "with --batch: write a TREC run there", "FILE"},
    {"json", 0, POPT_ARG_NONE, &o.as_json, 0, "one JSON object", NULL},
    CLI_FILTER_OPTIONS CLI_VIEWER_OPTIONS POPT_AUTOHELP POPT_TABLEEND};

static int settle_mode(plurum_query *query)
{
    static const char *const MODES[] = {"hybrid", "text", "vector"};
    for (int i = 0; i < 3; i++)
        if (strcmp(o.mode, MODES[i]) == 0) {
            query->mode = (plurum_mode)i;
            return 0;
        }
    return cli_error(EXIT_USAGE, "--mode: \"%s\", hybrid, text or vector expected", o.mode);
}

static int settle_weights(plurum_query *query, plurum_weights **weights)
{
    plurum_error error;
    if (!o.weights_file && !o.fusion) return 0;
    if (plurum_weights_new(weights, &error)) return cli_failed(NULL, &error);
    int code = o.weights_file ? weights_read(*weights, o.weights_file) : 0;
    if (!code && o.fusion && plurum_weights_set_text(*weights, "fusion", o.fusion, &error))
        code = cli_error(EXIT_USAGE, "--fusion: %s", error.text);
    query->weights = *weights;
    return code;
}

static int settle(plurum_query *query, plurum_weights **weights)
{
    plurum_query_init(query);
    int code = selection_settle();
    if (!code && (o.limit < 1 || o.limit > PLURUM_LIMIT_MAX || o.offset < 0))
        code = cli_error(EXIT_USAGE, "--limit: 1 to %d, --offset: 0 or more", PLURUM_LIMIT_MAX);
    if (!code && (o.vectors_file || o.run_file) && !o.batch_file)
        code = cli_error(EXIT_USAGE, "--vectors and --run go with --batch");
    if (!code) code = settle_mode(query);
    if (!code && o.now_text) code = cli_time(&query->now, "--now", o.now_text);
    if (!code) code = settle_weights(query, weights);
    query->limit = (size_t)o.limit;
    query->offset = (size_t)o.offset;
    query->cursor = o.cursor;
    query->exact = o.exact;
    query->tools = (const char *const *)o.tools;
    query->tool_count = cli_list_length(query->tools);
    query->viewer = &cli_selection.viewer;
    query->filter = &cli_selection.filter;
    query->warnings = o.warnings ? 5 : 0;
    return code;
}

static void print(const plurum_results *results)
{
    size_t count = plurum_results_count(results);
    for (size_t i = 0; i < count; i++)
        show_hit(plurum_results_hit(results, i), (size_t)o.offset + i + 1, 1, o.explain);
    if (plurum_results_warning_count(results)) puts("known dead ends, in quarantine:");
    for (size_t i = 0; i < plurum_results_warning_count(results); i++)
        show_hit(plurum_results_warning(results, i), i + 1, 1, o.explain);
    if (plurum_results_note(results)) printf("note: %s\n", plurum_results_note(results));
    if (count)
        printf("%zu of %zu candidates\n", count, plurum_results_total(results));
    else
        puts("nothing found");
    if (plurum_results_cursor(results))
        printf("next page: --cursor %s\n", plurum_results_cursor(results));
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

static int search_once(plurum_index *index, plurum_query *query, const char *text)
{
    plurum_error error;
    plurum_results *results;
    npy vector = {0};
    query->text = text;
    query->text_len = strlen(text);
    if (o.vector_file) {
        const char *wrong = npy_open(&vector, o.vector_file);
        if (wrong) return cli_error(EXIT_INPUT, "%s: %s", o.vector_file, wrong);
        query->vector = vector.values;
        query->dim = vector.dim;
    }
    plurum_status status = plurum_search(&results, index, query, &error);
    npy_close(&vector);
    if (status) return cli_failed(NULL, &error);
    int code = 0;
    if (o.as_json)
        code = print_json(results);
    else
        print(results);
    if (!code && o.log_file) code = search_log(o.log_file, text, query, results);
    if (!code) code = plurum_results_count(results) ? EXIT_DONE : EXIT_NOTHING;
    plurum_results_free(results);
    return code;
}

int cmd_search(int argc, const char **argv)
{
    o = (search_options){.limit = 10, .mode = (char *)(uintptr_t)"hybrid"};
    cli_arguments a;
    cli_index index = {0};
    plurum_query query;
    plurum_weights *weights = NULL;
    int code = cli_parse(&a, argc, argv, OPTIONS, "INDEX QUERY|--batch FILE [options]", 1, 2, NULL);
    if (!code && (a.count == 1) != (o.batch_file != NULL))
        code = cli_error(EXIT_USAGE, "usage: plurum search INDEX QUERY, or INDEX --batch FILE");
    if (!code) code = settle(&query, &weights);
    if (!code)
        code = cli_open(&index, a.rest[0], CLI_READ, !o.vector_file && !o.vectors_file);
    if (!code)
        code = o.batch_file ? search_batch(index.index, &query, &o)
                            : search_once(index.index, &query, a.rest[1]);
    plurum_weights_free(weights);
    cli_close(&index);
    cli_arguments_free(&a);
    return code;
}
