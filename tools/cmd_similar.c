/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum similar: experiences like one that is at hand.
 */
#include <config.h>

#include "tools/commands.h"
#include "tools/selection.h"
#include "tools/show.h"
#include "tools/weights.h"

static const char *const MODES[] = {"hybrid", "text", "vector", NULL};

static struct {
    int64_t limit, now;
    int mode, explain, json;
    const char *fusion, *weights_file;
} o = {.limit = 5, .now = PLURUM_TIME_UNSET};

static const cli_option OPTIONS[] = {
    CLI_OPTION_WHOLE("limit", &o.limit, 1, PLURUM_LIMIT_MAX, "N", "how many results"),
    CLI_OPTION_WORD("mode", &o.mode, MODES, "M", "text: by words even where there is a vector"),
    CLI_OPTION_TEXT("fusion", &o.fusion, "NAME", "as in search"),
    CLI_OPTION_TEXT("weights", &o.weights_file, "FILE", "ranking weights"),
    CLI_OPTION_TIME("now", &o.now,
                    "the moment that rules trust (default: the clock, rounded down to the hour)"),
    CLI_OPTION_FLAG("explain", &o.explain, "the arithmetic of every score"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"),
    CLI_FILTER_OPTIONS,
    CLI_VIEWER_OPTIONS,
    CLI_OPTION_END};

static int print(const plurum_results *results)
{
    plurum_error error;
    char *text;
    if (o.json) {
        if (plurum_results_json(&text, results, o.explain, &error)) return cli_failed(NULL, &error);
        puts(text);
        plurum_text_free(text);
        return 0;
    }
    size_t count = plurum_results_count(results);
    for (size_t i = 0; i < count; i++)
        show_hit(plurum_results_hit(results, i), i + 1, 1, o.explain);
    if (!count) puts("nothing found");
    if (plurum_results_note(results)) printf("note: %s\n", plurum_results_note(results));
    return 0;
}

static int ask(plurum_index *index, const char *id, const plurum_viewer *viewer,
               const plurum_weights *weights)
{
    plurum_error error;
    plurum_filter filter;
    plurum_query query;
    plurum_results *results;
    plurum_query_init(&query);
    selection_filter(&filter);
    query.like = id;
    query.viewer = viewer;
    query.filter = &filter;
    query.weights = weights;
    query.mode = (plurum_mode)o.mode;
    query.limit = (size_t)o.limit;
    query.now = o.now;
    if (plurum_search(&results, index, &query, &error)) return selection_failed(NULL, &error);
    int code = print(results);
    if (!code) code = plurum_results_count(results) ? EXIT_DONE : EXIT_NOTHING;
    plurum_results_free(results);
    return code;
}

static int run(const cli_arguments *a)
{
    cli_index index = {0};
    plurum_viewer viewer;
    plurum_weights *weights = NULL;
    int code = selection_viewer(&viewer);
    if (!code) code = weights_choose(&weights, o.weights_file, o.fusion);
    if (!code) code = cli_open(&index, a->rest[0], CLI_READ, 0);
    if (!code) code = ask(index.index, a->rest[1], &viewer, weights);
    plurum_weights_free(weights);
    cli_close(&index);
    return code;
}

const cli_command similar_command = {
    .name = "similar",
    .summary = "find experiences like one",
    .synopsis = "INDEX ID [options]",
    .about = "Finds what is like an experience: near its vector or, where it has none, in its words. "
             "ID is its UUID or its short id; it is not in the answer itself. Exits 1 where nothing "
             "is found.",
    .example = "plurum similar notes k59xmnom --limit 3",
    .least = 2,
    .most = 2,
    .options = OPTIONS,
    .run = run,
};
