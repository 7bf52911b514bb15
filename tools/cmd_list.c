/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum list: what passes viewer and filters, newest first.
 */
#include <config.h>

#include "tools/commands.h"
#include "tools/selection.h"
#include "tools/show.h"

static struct {
    int64_t limit, offset;
    int json;
} o = {.limit = 20};

static const cli_option OPTIONS[] = {
    CLI_OPTION_WHOLE("limit", &o.limit, 1, PLURUM_LIMIT_MAX, "N", "how many"),
    CLI_OPTION_WHOLE("offset", &o.offset, 0, INT64_MAX, "N", "how many to leave out first"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"),
    CLI_FILTER_OPTIONS,
    CLI_VIEWER_OPTIONS,
    CLI_OPTION_END};

static int print_json(const plurum_results *results)
{
    plurum_error error;
    char *text;
    if (plurum_results_json(&text, results, 0, &error)) return cli_failed(NULL, &error);
    json_t *whole = json_loads(text, 0, NULL);
    plurum_text_free(text);
    json_int_t total = (json_int_t)plurum_results_total(results);
    json_int_t seen = o.offset + (json_int_t)plurum_results_count(results);
    json_t *list = json_pack("{s:O, s:I, s:I, s:I, s:b}", "items",
                             json_object_get(whole, "results"), "total", total, "limit",
                             (json_int_t)o.limit, "offset", (json_int_t)o.offset, "has_more",
                             seen < total);
    json_decref(whole);
    return cli_print_json(list);
}

static void print(const plurum_results *results)
{
    size_t count = plurum_results_count(results);
    for (size_t i = 0; i < count; i++)
        show_hit(plurum_results_hit(results, i), (size_t)o.offset + i + 1, 0, 0);
    if (count)
        printf("%zu of %zu\n", count, plurum_results_total(results));
    else
        puts("nothing found");
}

static int run(const cli_arguments *a)
{
    cli_index index = {0};
    plurum_viewer viewer;
    plurum_filter filter;
    plurum_error error;
    plurum_results *results = NULL;
    selection_filter(&filter);
    int code = selection_viewer(&viewer);
    if (!code) code = cli_open(&index, a->rest[0], CLI_READ, 0);
    if (!code && plurum_index_list(&results, index.index, &viewer, &filter, (size_t)o.limit,
                                   (size_t)o.offset, &error))
        code = cli_failed(NULL, &error);
    if (!code && o.json)
        code = print_json(results);
    else if (!code)
        print(results);
    if (!code && !plurum_results_count(results)) code = EXIT_NOTHING;
    plurum_results_free(results);
    cli_close(&index);
    return code;
}

const cli_command list_command = {
    .name = "list",
    .summary = "list experiences, newest first",
    .synopsis = "INDEX [options]",
    .about = "Lists experiences, newest first. Those that keep failing are left out.",
    .example = "plurum list notes --domain databases --since 2025-01-01",
    .least = 1,
    .most = 1,
    .options = OPTIONS,
    .run = run,
};
