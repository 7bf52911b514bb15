/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the subcommands of plurum and plurum-bench share: how one is described, exit codes, error
 * lines, opening an index.
 *
 * A subcommand is one cli_command in a file of its own. cli_main finds it, parses its options,
 * counts its arguments and calls it; what it returns is the exit status.
 */
#ifndef TOOLS_CLI_H
#define TOOLS_CLI_H

#include <stdio.h>

#include <jansson.h>
#include <plurum/plurum.h>

#include "tools/options.h"

/* Exit codes, as people script them. */
enum {
    EXIT_DONE = 0,
    EXIT_NOTHING = 1, /* found nothing, or a check failed */
    EXIT_USAGE = 2,
    EXIT_INPUT = 3,   /* bad input, nothing changed       */
    EXIT_STORAGE = 4, /* storage or I/O                   */
    EXIT_DAMAGE = 5   /* the index is damaged             */
};

typedef struct cli_command {
    const char *name;
    const char *summary;       /* for the list of commands: one line, lower case     */
    const char *synopsis;      /* what follows the name, one form a line              */
    const char *about;         /* what it does, in sentences                          */
    const char *example;       /* one or more lines as they are typed, without "$ "   */
    int least, most;           /* arguments that are no options; most < 0: any number */
    const cli_option *options;
    int (*run)(const cli_arguments *arguments);
} cli_command;

/* The tool's name, for error lines: each tool defines it. */
extern const char cli_program[];

/*
 * The whole of main. commands: NULL-terminated. about and footer: what --help prints before and
 * after the list of commands.
 */
int cli_main(int argc, char **argv, const cli_command *const *commands, const char *about,
             const char *footer);

/* One line on stderr, "plurum: …"; returns code. */
int cli_error(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for a failed call: the exit code that its status has. where may be NULL. */
int cli_failed(const char *where, const plurum_error *error);
int cli_exit_code(plurum_status status);
int cli_no_memory(void);

/* An open index and the embedder it wants. */
typedef struct cli_index {
    plurum_index *index;
    plurum_embedder *embedder;
} cli_index;

/* CLI_BY_HAND: writes, and does nothing in the background. */
enum { CLI_READ = 0, CLI_WRITE = 1, CLI_BY_HAND = 2 };
/* embed: find the model too (it is needed for texts and queries). 0, or the exit code. */
int cli_open(cli_index *out, const char *path, int write, int embed);
/* The same with other options; what is logged goes to standard error. */
int cli_open_with(cli_index *out, const char *path, plurum_open_options *options, int embed);
/* Gives an open index the embedder that it was made with, if it has none yet; none for a caller's
 * vectors. 0, or the exit code. */
int cli_give_embedder(cli_index *index);
/* The same for what can do without: a failure is told and that is all. */
void cli_try_embedder(cli_index *index);
void cli_close(cli_index *index);

/* A text that somebody else wrote: a terminal would obey its control characters, so each but newline
 * and tab is printed as "?". Further lines begin at column indent. */
void cli_print_text(FILE *stream, const char *text, int indent);
void cli_print_part(FILE *stream, const char *text, size_t len, int indent);

/* Says that standard output cannot be written, for the reason in errno, once. The exit code. */
int cli_output_failed(void);

/* One JSON document on one line of standard output, numbers with all their bits; takes over object.
 * 0, or the exit code. */
int cli_print_json(json_t *object);

/* Whether to colour a stream: only a terminal, and never with NO_COLOR. */
int cli_colour(FILE *stream);

#endif
