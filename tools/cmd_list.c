/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum list: what passes viewer and filters, newest first.
 */
#include <config.h>

#include <string.h>

#include "tools/commands.h"
#include "tools/selection.h"
#include "tools/show.h"

static int print_json(const plurum_results *results, int limit, int offset)
{
    plurum_error error;
    char *text;
    if (plurum_results_json(&text, results, 0, &error)) return cli_failed(NULL, &error);
    json_t *whole = json_loads(text, 0, NULL);
    plurum_text_free(text);
    json_int_t total = (json_int_t)plurum_results_total(results);
    json_t *list = json_pack("{s:O, s:I, s:i, s:i, s:b}", "items", json_object_get(whole, "results"),
                             "total", total, "limit", limit, "offset", offset, "has_more",
                             offset + (json_int_t)plurum_results_count(results) < total);
    json_dumpf(list, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
    putchar('\n');
    json_decref(list);
    json_decref(whole);
    return EXIT_DONE;
}

static int print(const plurum_results *results, int limit, int offset, int as_json)
{
    size_t count = plurum_results_count(results);
    if (as_json) {
        int code = print_json(results, limit, offset);
        return code ? code : count ? EXIT_DONE : EXIT_NOTHING;
    }
    for (size_t i = 0; i < count; i++)
        show_hit(plurum_results_hit(results, i), (size_t)offset + i + 1, 0, 0);
    printf("%zu of %zu\n", count, plurum_results_total(results));
    return count ? EXIT_DONE : EXIT_NOTHING;
}

int cmd_list(int argc, const char **argv)
{
    int limit = 20, offset = 0, as_json = 0;
    const struct poptOption options[] = {
        {"limit", 0, POPT_ARG_INT | POPT_ARGFLAG_SHOW_DEFAULT, &limit, 0, "how many", "N"},
        {"offset", 0, POPT_ARG_INT, &offset, 0, "how many to leave out first", "N"},
        {"json", 0, POPT_ARG_NONE, &as_json, 0, "one JSON object", NULL},
        CLI_FILTER_OPTIONS CLI_VIEWER_OPTIONS POPT_AUTOHELP POPT_TABLEEND};
    cli_arguments a;
    cli_index index = {0};
    plurum_error error;
    plurum_results *results = NULL;
    int code = cli_parse(&a, argc, argv, options, "INDEX [filters]", 1, 1, NULL);
    if (!code) code = selection_settle();
    if (!code && (limit < 1 || limit > PLURUM_LIMIT_MAX || offset < 0))
        code = cli_error(EXIT_USAGE, "--limit: 1 to %d, --offset: 0 or more", PLURUM_LIMIT_MAX);
    if (!code) code = cli_open(&index, a.rest[0], CLI_READ, 0);
    if (!code && plurum_index_list(&results, index.index, &cli_selection.viewer,
                                   &cli_selection.filter, (size_t)limit, (size_t)offset, &error))
        code = cli_failed(NULL, &error);
    if (!code) code = print(results, limit, offset, as_json);
    plurum_results_free(results);
    cli_close(&index);
    cli_arguments_free(&a);
    return code;
}
