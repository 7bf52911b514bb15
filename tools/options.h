/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options as tables: one row says name, kind, where the value goes, what is allowed and what it
 * means. Parsing, checking, error lines and --help all come from the row, so that they agree.
 *
 * The rows point to variables that live as long as the process; a variable's initial value is the
 * option's default, and --help shows it. popt does the splitting into words.
 */
#ifndef TOOLS_OPTIONS_H
#define TOOLS_OPTIONS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum cli_kind {
    CLI_FLAG,  /* no value                             */
    CLI_TEXT,  /* any text; NULL: not given            */
    CLI_LIST,  /* any text, repeatable                 */
    CLI_WHOLE, /* a whole number within min and max    */
    CLI_SHARE, /* a number from 0 to 1                 */
    CLI_WORD,  /* one of words, as its index; -1: none */
    CLI_TIME,  /* see tools/times.h                    */
    CLI_TABLE  /* more rows, under a heading           */
} cli_kind;

typedef struct cli_list {
    const char **items;
    size_t count;
} cli_list;

typedef struct cli_option {
    const char *name;     /* without "--"; of a table its heading; NULL ends a table */
    const char *argument; /* what --help calls the value                             */
    const char *meaning;
    cli_kind kind;
    union {
        int *flag;
        const char **text;
        cli_list *list;
        int64_t *whole; /* a default outside of min and max is not shown */
        double *share;
        int *word;
        int64_t *time;
        const struct cli_option *table;
    } to;
    int64_t min, max;
    const char *const *words; /* NULL-terminated */
    const char **url;         /* of CLI_WORD: what else it may be, a URL, goes there; NULL: it may not */
} cli_option;

#define CLI_OPTION_FLAG(name, variable, meaning)                                                   \
    {name, NULL, meaning, CLI_FLAG, {.flag = variable}, 0, 0, NULL, NULL}
#define CLI_OPTION_TEXT(name, variable, argument, meaning)                                         \
    {name, argument, meaning, CLI_TEXT, {.text = variable}, 0, 0, NULL, NULL}
#define CLI_OPTION_LIST(name, variable, argument, meaning)                                         \
    {name, argument, meaning, CLI_LIST, {.list = variable}, 0, 0, NULL, NULL}
#define CLI_OPTION_WHOLE(name, variable, min, max, argument, meaning)                              \
    {name, argument, meaning, CLI_WHOLE, {.whole = variable}, min, max, NULL, NULL}
#define CLI_OPTION_SHARE(name, variable, argument, meaning)                                        \
    {name, argument, meaning, CLI_SHARE, {.share = variable}, 0, 0, NULL, NULL}
#define CLI_OPTION_WORD(name, variable, words, argument, meaning)                                  \
    {name, argument, meaning, CLI_WORD, {.word = variable}, 0, 0, words, NULL}
/* The same, or a URL: then the variable is the number of words. */
#define CLI_OPTION_WORD_OR_URL(name, variable, words, url, argument, meaning)                      \
    {name, argument, meaning, CLI_WORD, {.word = variable}, 0, 0, words, url}
#define CLI_OPTION_TIME(name, variable, meaning)                                                   \
    {name, "TIME", meaning, CLI_TIME, {.time = variable}, 0, 0, NULL, NULL}
#define CLI_OPTION_TABLE(heading, rows)                                                            \
    {heading, NULL, NULL, CLI_TABLE, {.table = rows}, 0, 0, NULL, NULL}
#define CLI_OPTION_END                                                                             \
    {NULL, NULL, NULL, CLI_FLAG, {.flag = NULL}, 0, 0, NULL, NULL}

/* A subcommand's arguments after parsing. */
typedef struct cli_arguments {
    const char **rest; /* what is not an option, NULL-terminated */
    int count;
    void *context;     /* popt's; owns rest */
    char **values;     /* texts that options and lists point to */
    size_t value_count;
    const cli_option *options;
} cli_arguments;

enum { CLI_HELP = -1 };

/*
 * Parses argv, whose first member is skipped, and writes into the variables of the rows. 0, CLI_HELP
 * when --help was asked for, or the exit code after saying what is wrong. Free in every case.
 */
int cli_options_parse(cli_arguments *out, int argc, const char **argv, const cli_option *options);
void cli_arguments_free(cli_arguments *arguments);

/* The rows as a table for people. */
void cli_options_print(FILE *stream, const cli_option *options);
/* Text that begins at column `column`, broken at spaces, its further lines at column indent. */
void cli_print_wrapped(FILE *stream, const char *text, size_t indent, size_t column);

#endif
