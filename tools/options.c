/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parsing by table. popt is given every option with a number and no place of its own: what it hands
 * back is checked, kept and put in place here, so that each text has one owner.
 */
#include <config.h>

#include "tools/options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <popt.h>

#include "tools/cli.h"
#include "tools/times.h"

enum { MOST = 64, WIDTH = 79, INDENT = 24 };

/* The rows of a table and of the tables in it, in order. */
static size_t flatten(const cli_option *flat[MOST], size_t count, const cli_option *options)
{
    for (const cli_option *o = options; o->name && count < MOST; o++)
        if (o->kind == CLI_TABLE)
            count = flatten(flat, count, o->to.table);
        else
            flat[count++] = o;
    return count;
}

/* "hybrid, text or vector" */
static const char *join_words(char *out, size_t size, const char *const *words, int or_url)
{
    size_t len = 0;
    *out = '\0';
    for (size_t i = 0; words[i] && len < size; i++) {
        const char *separator = i == 0 ? "" : words[i + 1] || or_url ? ", " : " or ";
        len += (size_t)snprintf(out + len, size - len, "%s%s", separator, words[i]);
    }
    if (or_url && len < size) snprintf(out + len, size - len, " or a URL");
    return out;
}

/* What the values of an option are, as a noun; NULL: anything. */
static const char *allowed(char *out, size_t size, const cli_option *o)
{
    switch (o->kind) {
    case CLI_WHOLE:
        if (o->max == INT64_MAX)
            snprintf(out, size, "a whole number of %lld or more", (long long)o->min);
        else
            snprintf(out, size, "a whole number from %lld to %lld", (long long)o->min,
                     (long long)o->max);
        return out;
    case CLI_SHARE: return "a number from 0 to 1";
    case CLI_WORD: return join_words(out, size, o->words, o->url != NULL);
    case CLI_TIME: return TIMES_ACCEPTED;
    default: return NULL;
    }
}

static int refuse(const cli_option *o, const char *value)
{
    char text[256];
    return cli_error(EXIT_USAGE, "--%s: \"%s\", %s expected", o->name, value,
                     allowed(text, sizeof text, o));
}

static int assign_whole(const cli_option *o, const char *value)
{
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    int plain = *value == '-' || (*value >= '0' && *value <= '9');
    if (!plain || end == value || *end || errno || number < o->min || number > o->max)
        return refuse(o, value);
    *o->to.whole = number;
    return 0;
}

static int assign_share(const cli_option *o, const char *value)
{
    char *end;
    double number = strtod(value, &end);
    if (end == value || *end || !(number >= 0.0 && number <= 1.0)) return refuse(o, value);
    *o->to.share = number;
    return 0;
}

static int is_url(const char *value)
{
    return strncmp(value, "http://", 7) == 0 || strncmp(value, "https://", 8) == 0;
}

static int assign_word(const cli_option *o, const char *value)
{
    int i = 0;
    if (o->url) *o->url = NULL;
    while (o->words[i] && strcmp(o->words[i], value) != 0) i++;
    if (!o->words[i]) {
        if (!o->url || !is_url(value)) return refuse(o, value);
        *o->url = value;
    }
    *o->to.word = i;
    return 0;
}

static int append(cli_list *list, const char *value)
{
    const char **items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (!items) return cli_error(EXIT_STORAGE, "out of memory");
    list->items = items;
    items[list->count++] = value;
    return 0;
}

static int assign(const cli_option *o, const char *value)
{
    switch (o->kind) {
    case CLI_FLAG: *o->to.flag = 1; return 0;
    case CLI_TEXT: *o->to.text = value; return 0;
    case CLI_LIST: return append(o->to.list, value);
    case CLI_WHOLE: return assign_whole(o, value);
    case CLI_SHARE: return assign_share(o, value);
    case CLI_WORD: return assign_word(o, value);
    case CLI_TIME: return times_parse(o->to.time, value) ? refuse(o, value) : 0;
    case CLI_TABLE: break;
    }
    return 0;
}

/* Keeps what popt allocated until the end. */
static int keep(cli_arguments *a, char *value)
{
    char **values = realloc(a->values, (a->value_count + 1) * sizeof *values);
    if (!values) {
        free(value);
        return cli_error(EXIT_STORAGE, "out of memory");
    }
    a->values = values;
    values[a->value_count++] = value;
    return 0;
}

static int bad_option(poptContext context, int code, const char *command)
{
    const char *option = poptBadOption(context, POPT_BADOPTION_NOALIAS);
    if (code == POPT_ERROR_BADOPT)
        return cli_error(EXIT_USAGE, "%s: no such option; %s %s --help lists them", option,
                         cli_program, command);
    if (code == POPT_ERROR_NOARG) return cli_error(EXIT_USAGE, "%s: a value is missing", option);
    return cli_error(EXIT_USAGE, "%s: %s", option, poptStrerror(code));
}

int cli_options_parse(cli_arguments *out, int argc, const char **argv, const cli_option *options)
{
    const cli_option *flat[MOST];
    static struct poptOption rows[MOST + 2];
    size_t count = flatten(flat, 0, options);
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct poptOption){.longName = flat[i]->name,
                                      .argInfo = flat[i]->kind == CLI_FLAG ? POPT_ARG_NONE
                                                                           : POPT_ARG_STRING,
                                      .val = (int)i + 1};
    int help = (int)count + 1;
    rows[count] = (struct poptOption){.longName = "help", .shortName = 'h', .val = help};
    rows[count + 1] = (struct poptOption)POPT_TABLEEND;
    *out = (cli_arguments){.options = options};
    poptContext context = out->context = poptGetContext(NULL, argc, argv, rows, 0);
    if (!context) return cli_error(EXIT_STORAGE, "out of memory");
    int next, code = 0;
    while (!code && (next = poptGetNextOpt(context)) > 0) {
        if (next == help) return CLI_HELP;
        char *value = poptGetOptArg(context);
        code = value ? keep(out, value) : 0;
        if (!code) code = assign(flat[next - 1], value);
    }
    if (!code && next < -1) code = bad_option(context, next, argv[0]);
    if (code) return code;
    out->rest = poptGetArgs(context);
    while (out->rest && out->rest[out->count]) out->count++;
    return 0;
}

void cli_arguments_free(cli_arguments *a)
{
    const cli_option *flat[MOST];
    size_t count = a->options ? flatten(flat, 0, a->options) : 0;
    for (size_t i = 0; i < count; i++)
        if (flat[i]->kind == CLI_LIST) {
            free(flat[i]->to.list->items);
            *flat[i]->to.list = (cli_list){0};
        }
    for (size_t i = 0; i < a->value_count; i++) free(a->values[i]);
    free(a->values);
    if (a->context) poptFreeContext(a->context);
    *a = (cli_arguments){0};
}

/* ---- help ----------------------------------------------------------------------------------- */

/* The default as a text, or NULL where there is none to tell. */
static const char *initial(char *out, size_t size, const cli_option *o)
{
    switch (o->kind) {
    case CLI_TEXT: return *o->to.text;
    case CLI_WORD: return *o->to.word >= 0 ? o->words[*o->to.word] : NULL;
    case CLI_WHOLE:
        if (*o->to.whole < o->min || *o->to.whole > o->max) return NULL;
        snprintf(out, size, "%lld", (long long)*o->to.whole);
        return out;
    case CLI_SHARE: snprintf(out, size, "%g", *o->to.share); return out;
    default: return NULL;
    }
}

void cli_print_wrapped(FILE *stream, const char *text, size_t indent, size_t column)
{
    while (*text) {
        size_t len = strcspn(text, " ");
        if (column > indent && column + 1 + len > WIDTH) {
            fprintf(stream, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', stream);
            column++;
        }
        cli_print_part(stream, text, len, (int)indent);
        column += len;
        text += len + (text[len] == ' ');
    }
    fputc('\n', stream);
}

static void print_row(FILE *stream, const cli_option *o)
{
    char left[64], noun[256], number[32], text[768];
    int column = snprintf(left, sizeof left, "  --%s%s%s", o->name, o->argument ? " " : "",
                          o->argument ? o->argument : "");
    const char *values = o->kind == CLI_TIME ? NULL : allowed(noun, sizeof noun, o);
    const char *preset = initial(number, sizeof number, o);
    snprintf(text, sizeof text, "%s%s%s%s%s%s%s", o->meaning, values ? ": " : "",
             values ? values : "", o->kind == CLI_LIST ? " (repeatable)" : "",
             preset ? " (default: " : "", preset ? preset : "", preset ? ")" : "");
    if (column < INDENT)
        fprintf(stream, "%-*s", INDENT, left);
    else
        fprintf(stream, "%s\n%*s", left, INDENT, "");
    cli_print_wrapped(stream, text, INDENT, INDENT);
}

static void print_rows(FILE *stream, const cli_option *options)
{
    for (const cli_option *o = options; o->name; o++)
        if (o->kind == CLI_TABLE) {
            fprintf(stream, "\n%s:\n", o->name);
            print_rows(stream, o->to.table);
        } else {
            print_row(stream, o);
        }
}

void cli_options_print(FILE *stream, const cli_option *options)
{
    const cli_option *flat[MOST];
    size_t count = flatten(flat, 0, options), times = 0;
    print_rows(stream, options);
    for (size_t i = 0; i < count; i++) times += flat[i]->kind == CLI_TIME;
    if (times) fputs("\nTIME: " TIMES_ACCEPTED ".\n", stream);
}
