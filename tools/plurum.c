/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum: the command-line tool. Finds the subcommand and hands over.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "tools/cli.h"
#include "tools/commands.h"

static const struct {
    const char *name;
    command *run;
    const char *summary;
} COMMANDS[] = {
    {"init", cmd_init, "make a new, empty index"},
    {"import", cmd_import, "put experiences from JSON lines"},
    {"feedback", cmd_feedback, "add outcomes and votes from JSON lines"},
    {"search", cmd_search, "find experiences"},
    {"get", cmd_get, "print one experience"},
    {"list", cmd_list, "list experiences, newest first"},
    {"outcome", cmd_outcome, "report whether an experience worked"},
    {"vote", cmd_vote, "vote an experience up or down"},
    {"trust", cmd_trust, "explain an experience's trust score"},
    {"publish", cmd_publish, "publish a draft"},
    {"archive", cmd_archive, "hide an experience without losing it"},
    {"delete", cmd_delete, "remove an experience"},
    {"stats", cmd_stats, "counts and sizes of an index"},
    {"verify", cmd_verify, "check an index against itself"},
};

static void usage(FILE *stream)
{
    fputs("usage: plurum COMMAND …    (plurum COMMAND --help tells its options)\n\n", stream);
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        fprintf(stream, "  %-9s %s\n", COMMANDS[i].name, COMMANDS[i].summary);
    fputs("\nexit status: 0 done, 1 found nothing or a check failed, 2 wrong usage, 3 bad input\n"
          "(nothing changed), 4 storage or I/O error, 5 the index is damaged\n", stream);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        usage(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        usage(stdout);
        return EXIT_DONE;
    }
    if (strcmp(name, "--version") == 0) {
        printf("plurum %s (format %d)\n", plurum_version_string(), PLURUM_FORMAT_NUMBER);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        if (strcmp(name, COMMANDS[i].name) == 0)
            return COMMANDS[i].run(argc - 1, (const char **)(argv + 1));
    return cli_error(EXIT_USAGE, "%s: no such command; plurum --help lists them", name);
}
