/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the subcommands of plurum share: options, exit codes, errors, opening an index.
 *
 * Each subcommand has its own table of popt options, from which --help comes; the options that
 * several have are included tables.
 */
#ifndef TOOLS_CLI_H
#define TOOLS_CLI_H

#include <popt.h>
#include <stdio.h>

#include <plurum/plurum.h>

/* Exit codes, as people script them. */
enum {
    EXIT_DONE = 0,
    EXIT_NOTHING = 1, /* found nothing, or a check failed */
    EXIT_USAGE = 2,
    EXIT_INPUT = 3,   /* bad input, nothing changed       */
    EXIT_STORAGE = 4, /* storage or I/O                   */
    EXIT_DAMAGE = 5   /* the index is damaged             */
};

/* One line on stderr, "plurum: …"; returns code. */
int cli_error(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for a failed call: the exit code that its status has. where may be NULL. */
int cli_failed(const char *where, const plurum_error *error);
int cli_exit_code(plurum_status status);

/* A subcommand's arguments after popt. */
typedef struct cli_arguments {
    poptContext context;
    const char **rest; /* what is not an option, NULL-terminated */
    int count;
} cli_arguments;

/*
 * Parses argv (argv[0] is the subcommand's name). synopsis is what follows "plurum NAME " in the
 * usage line, at least `least` and at most `most` arguments are wanted (most < 0: any number). 0, or
 * the exit code. each: NULL, or called for every option with a val.
 */
int cli_parse(cli_arguments *out, int argc, const char **argv, const struct poptOption *options,
              const char *synopsis, int least, int most, int (*each)(int val, const char *argument));
void cli_arguments_free(cli_arguments *arguments);

/* An open index and the embedder it wants. */
typedef struct cli_index {
    plurum_index *index;
    plurum_embedder *embedder;
} cli_index;

enum { CLI_READ = 0, CLI_WRITE = 1 };
/* embed: find the model too (it is needed for texts and queries). 0, or the exit code. */
int cli_open(cli_index *out, const char *path, int write, int embed);
void cli_close(cli_index *index);

/* A model that is shipped: "static". 0, or the exit code. */
int cli_model(plurum_embedder **out, const char *name);

/* A batch with one change, committed. Fills *receipt. 0, or the exit code. */
int cli_commit(plurum_batch *batch, plurum_receipt *receipt);

/* "2026-02-07T10:30:00Z", a date, or Unix seconds. 0, or the exit code after saying what is wrong
 * with the option of this name. */
int cli_time(int64_t *out, const char *option, const char *text);
/* A time for people. buffer is returned. */
#define CLI_TIME_SIZE 32
const char *cli_time_text(char buffer[CLI_TIME_SIZE], int64_t t);

/* Length of a popt list of strings. */
size_t cli_list_length(const char *const *list);

/* Whether to colour a stream: only a terminal, and never with NO_COLOR. */
int cli_colour(FILE *stream);

#endif
