/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench: measures of the engine, for those who tune it.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "bench/bench.h"
#include "tools/cli.h"

static const struct {
    const char *name;
    int (*run)(int argc, const char **argv);
    const char *summary;
} COMMANDS[] = {
    {"eval", bench_eval, "ranking quality on a judged collection"},
    {"trust", bench_trust, "libtrust against its golden vectors"},
};

static void usage(FILE *stream)
{
    fputs("usage: plurum-bench COMMAND …    (COMMAND --help tells its options)\n\n", stream);
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        fprintf(stream, "  %-9s %s\n", COMMANDS[i].name, COMMANDS[i].summary);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("plurum-bench %s\n", plurum_version_string());
        return EXIT_DONE;
    }
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
        if (strcmp(argv[1], COMMANDS[i].name) == 0)
            return COMMANDS[i].run(argc - 1, (const char **)(argv + 1));
    return cli_error(EXIT_USAGE, "%s: no such command; plurum-bench --help lists them", argv[1]);
}
