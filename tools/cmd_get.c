/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum get: one experience, whole.
 */
#include <config.h>

#include "tools/commands.h"
#include "tools/selection.h"
#include "tools/show.h"

static int as_json;

static const cli_option OPTIONS[] = {CLI_OPTION_FLAG("json", &as_json, "one JSON object"),
                                     CLI_VIEWER_OPTIONS, CLI_OPTION_END};

static int print(const char *text)
{
    if (as_json) {
        puts(text);
        return EXIT_DONE;
    }
    json_t *object = json_loads(text, 0, NULL);
    if (!object) return cli_no_memory();
    show_detail(object);
    json_decref(object);
    return EXIT_DONE;
}

static int run(const cli_arguments *a)
{
    cli_index index = {0};
    plurum_viewer viewer;
    plurum_error error;
    char *text = NULL;
    int code = selection_viewer(&viewer);
    if (!code) code = cli_open(&index, a->rest[0], CLI_READ, 0);
    if (!code && plurum_index_get(&text, index.index, a->rest[1], &viewer, &error))
        code = cli_failed(NULL, &error);
    if (!code) code = print(text);
    plurum_text_free(text);
    cli_close(&index);
    return code;
}

const cli_command get_command = {
    .name = "get",
    .summary = "print one experience",
    .synopsis = "INDEX ID [options]",
    .about = "Prints everything about one experience. ID is its UUID or its short id. Quarantine "
             "hides nothing here.",
    .example = "plurum get notes k59xmnom",
    .least = 2,
    .most = 2,
    .options = OPTIONS,
    .run = run,
};
