/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum acquire: one experience in a form to work with.
 */
#include <config.h>

#include "tools/commands.h"
#include "tools/selection.h"
#include "tools/show.h"

static const char *const MODES[] = {"summary", "checklist", "decision_tree", "full", NULL};
static int mode = PLURUM_ACQUIRE_FULL, as_json;

static const cli_option OPTIONS[] = {
    CLI_OPTION_WORD("mode", &mode, MODES, "M", "the form"),
    CLI_OPTION_FLAG("json", &as_json, "one JSON object"), CLI_VIEWER_OPTIONS, CLI_OPTION_END};

static const char NO_LESSONS[] = "it says nothing of what to do, avoid or watch";

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* "Do", then a line each; nothing where the list is empty. */
static void print_list(const char *heading, const json_t *list)
{
    size_t i;
    const json_t *item;
    if (!json_array_size(list)) return;
    show_bold(heading);
    putchar('\n');
    json_array_foreach(list, i, item) {
        fputs("- ", stdout);
        show_text(json_string_value(item), 2);
    }
}

static void print_decisions(const json_t *list)
{
    size_t i;
    const json_t *item;
    if (!json_array_size(list)) puts(NO_LESSONS);
    json_array_foreach(list, i, item) {
        show_bold(text_of(item, "condition"));
        printf("\n  %s: ", text_of(item, "type"));
        show_text(text_of(item, "action"), 4);
        if (!*text_of(item, "detail")) continue;
        fputs("    ", stdout);
        show_text(text_of(item, "detail"), 4);
    }
}

static void print_checklist(const json_t *lists)
{
    json_t *list;
    const char *name;
    size_t count = 0;
    json_object_foreach((json_t *)(uintptr_t)lists, name, list) count += json_array_size(list);
    print_list("Do", json_object_get(lists, "do"));
    print_list("Don't", json_object_get(lists, "dont"));
    print_list("Watch", json_object_get(lists, "watch"));
    if (!count) puts(NO_LESSONS);
}

static int print(const char *text)
{
    if (as_json) {
        puts(text);
        return EXIT_DONE;
    }
    json_t *object = json_loads(text, 0, NULL), *content = json_object_get(object, "content");
    if (!object) return cli_no_memory();
    switch (mode) {
    case PLURUM_ACQUIRE_SUMMARY:
        cli_print_wrapped(stdout, text_of(content, "summary"), 0, 0);
        break;
    case PLURUM_ACQUIRE_CHECKLIST:
        print_checklist(content);
        break;
    case PLURUM_ACQUIRE_DECISION_TREE:
        print_decisions(json_object_get(content, "decisions"));
        break;
    default: show_detail(content); break;
    }
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
    if (!code && plurum_index_acquire(&text, index.index, a->rest[1], (plurum_acquire_mode)mode,
                                      &viewer, &error))
        code = cli_failed(NULL, &error);
    if (!code) code = print(text);
    plurum_text_free(text);
    cli_close(&index);
    return code;
}

const cli_command acquire_command = {
    .name = "acquire",
    .summary = "print one experience in a form to work with",
    .synopsis = "INDEX ID [options]",
    .about = "Prints an experience as a summary of one paragraph with its trust and success rate, "
             "as a checklist of what to do, not to do and watch, as decisions, or in full.",
    .example = "plurum acquire notes k59xmnom --mode checklist",
    .least = 2,
    .most = 2,
    .options = OPTIONS,
    .run = run,
};
