/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum get: one experience, whole.
 */
#include <config.h>

#include "tools/commands.h"
#include "tools/selection.h"
#include "tools/show.h"

static int print(const char *text, int as_json)
{
    if (as_json) {
        puts(text);
        return EXIT_DONE;
    }
    json_t *object = json_loads(text, 0, NULL);
    show_detail(object);
    json_decref(object);
    return EXIT_DONE;
}

int cmd_get(int argc, const char **argv)
{
    int as_json = 0;
    const struct poptOption options[] = {
        {"json", 0, POPT_ARG_NONE, &as_json, 0, "one JSON object", NULL},
        CLI_VIEWER_OPTIONS POPT_AUTOHELP POPT_TABLEEND};
    cli_arguments a;
    cli_index index = {0};
    plurum_error error;
    char *text = NULL;
    int code = cli_parse(&a, argc, argv, options, "INDEX ID [--viewer AGENT|--all] [--json]", 2, 2,
                         NULL);
    if (!code) code = selection_settle();
    if (!code) code = cli_open(&index, a.rest[0], CLI_READ, 0);
    if (!code &&
        plurum_index_get(&text, index.index, a.rest[1], &cli_selection.viewer, &error))
        code = cli_failed(NULL, &error);
    if (!code) code = print(text, as_json);
    plurum_text_free(text);
    cli_close(&index);
    cli_arguments_free(&a);
    return code;
}
