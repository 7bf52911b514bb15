/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum check: the secrets check alone, of any files.
 *
 * A file is searched as a text. Lines that are JSON are read as such too, so that whatever an import
 * would refuse is told here, however it is escaped.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "tools/commands.h"
#include "tools/whole.h"

static int as_json, list_rules;

static const cli_option OPTIONS[] = {
    CLI_OPTION_FLAG("rules", &list_rules, "print the kinds of secrets that are found"),
    CLI_OPTION_FLAG("json", &as_json, "one JSON object a finding, or a rule"), CLI_OPTION_END};

typedef struct checking {
    const char *file;
    uint64_t *lines; /* of the findings in the file's text, ascending */
    size_t line_count, line_cap;
    uint64_t line;   /* that is read as JSON */
    uint64_t count;
    int code;
} checking;

static int tell(checking *c, const plurum_secret *secret, uint64_t line)
{
    c->count++;
    if (as_json)
        c->code = cli_print_json(json_pack("{s:s, s:I, s:s, s:s?}", "file", c->file, "line",
                                           (json_int_t)line, "kind", secret->kind, "field",
                                           secret->field));
    if (as_json) return c->code;
    cli_print_text(stdout, c->file, 0);
    printf(":%llu: %s%s", (unsigned long long)line, secret->kind, secret->field ? " in " : "");
    cli_print_text(stdout, secret->field ? secret->field : "", 0);
    putchar('\n');
    return c->code;
}

static int found_in_text(void *payload, const plurum_secret *secret)
{
    checking *c = payload;
    if (c->line_count == c->line_cap) {
        c->line_cap = c->line_cap * 2 + 16;
        uint64_t *larger = realloc(c->lines, c->line_cap * sizeof *larger);
        if (!larger) return c->code = cli_no_memory();
        c->lines = larger;
    }
    c->lines[c->line_count++] = secret->line;
    return tell(c, secret, secret->line);
}

/* The lines of a field's text are not those of the file. */
static int found_in_json(void *payload, const plurum_secret *secret)
{
    checking *c = payload;
    return tell(c, secret, c->line);
}

/* Every line that may be JSON and in whose text nothing was found. */
static void check_json_lines(checking *c, const char *text, size_t len)
{
    const char *end = text + len;
    size_t known = 0;
    c->line = 0;
    for (const char *at = text, *next; at < end && !c->code; at = next) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        next = newline ? newline + 1 : end;
        c->line++;
        while (known < c->line_count && c->lines[known] < c->line) known++;
        if (known < c->line_count && c->lines[known] == c->line) continue;
        while (at < next && (*at == ' ' || *at == '\t')) at++;
        if (at < next && (*at == '{' || *at == '[' || *at == '"'))
            plurum_secrets_find_json(NULL, at, (size_t)(next - at), found_in_json, c, NULL);
    }
}

/* All of it as one text first: a value may stand on the line behind its name. */
static void check_file(checking *c, const whole_file *file)
{
    c->file = file->name;
    c->line_count = 0;
    plurum_secrets_find(file->text, file->len, found_in_text, c);
    if (!c->code) check_json_lines(c, file->text, file->len);
}

static int print_rules(void)
{
    for (size_t i = 0; i < plurum_secrets_rule_count(); i++) {
        const char *name = plurum_secrets_rule_name(i), *text = plurum_secrets_rule_text(i);
        int code = 0;
        if (as_json)
            code = cli_print_json(json_pack("{s:s, s:s}", "kind", name, "finds", text));
        else
            printf("%-18s %s\n", name, text);
        if (code) return code;
    }
    return EXIT_DONE;
}

static int run(const cli_arguments *a)
{
    checking c = {.code = 0};
    if (list_rules && a->count)
        return cli_error(EXIT_USAGE, "check: --rules and %s, one of them expected", a->rest[0]);
    if (list_rules) return print_rules();
    if (!a->count)
        return cli_error(EXIT_USAGE, "check: 0 arguments, expected: plurum check FILE…");
    for (int i = 0; i < a->count && !c.code; i++) {
        whole_file file;
        c.code = whole_read(&file, a->rest[i]);
        if (!c.code) check_file(&c, &file);
        whole_free(&file);
    }
    free(c.lines);
    if (c.code) return c.code;
    return c.count ? EXIT_NOTHING : EXIT_DONE;
}

const cli_command check_command = {
    .name = "check",
    .summary = "look for secrets in files",
    .synopsis = "FILE… [options]\n--rules [--json]",
    .about = "Looks for keys, tokens and passwords in files of any kind, as every command does that "
             "takes experiences, and prints file, line and kind of each, never the secret. Exits 1 "
             "where there are some; prints nothing and exits 0 where there are none. A FILE named - "
             "is standard input.",
    .example = "plurum check notes.md experiences.jsonl",
    .least = 0,
    .most = -1,
    .options = OPTIONS,
    .run = run,
};
