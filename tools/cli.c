/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Common parts of the subcommands.
 */
#include <config.h>

#include "tools/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/completion.h"
#include "tools/model.h"

int cli_error(int code, const char *format, ...)
{
    va_list arguments;
    char *text;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) text = NULL;
    va_end(arguments);
    fprintf(stderr, "%s: ", cli_program);
    cli_print_text(stderr, text ? text : "out of memory", 0);
    fputc('\n', stderr);
    free(text);
    return code;
}

int cli_no_memory(void)
{
    return cli_error(EXIT_STORAGE, "out of memory");
}

int cli_exit_code(plurum_status status)
{
    switch (status) {
    case PLURUM_OK: return EXIT_DONE;
    case PLURUM_ARG: return EXIT_USAGE;
    case PLURUM_CORRUPT: return EXIT_DAMAGE;
    case PLURUM_IO:
    case PLURUM_NOMEM:
    case PLURUM_BUSY:
    case PLURUM_STALE:
    case PLURUM_BACKEND:
    case PLURUM_FORMAT:
    case PLURUM_INTERNAL: return EXIT_STORAGE;
    default: return EXIT_INPUT;
    }
}

int cli_failed(const char *where, const plurum_error *error)
{
    return cli_error(cli_exit_code(error->status), "%s%s%s", where ? where : "", where ? ": " : "",
                     error->text);
}

/* ---- main ----------------------------------------------------------------------------------- */

/* "usage: plurum search INDEX QUERY", one line a form of the synopsis. */
static void print_usage(FILE *stream, const cli_command *command)
{
    const char *lead = "usage:", *form = command->synopsis;
    while (*form) {
        size_t len = strcspn(form, "\n");
        fprintf(stream, "%s %s %s %.*s\n", lead, cli_program, command->name, (int)len, form);
        lead = "      ";
        form += len + (form[len] == '\n');
    }
}

static int print_help(const cli_command *command)
{
    print_usage(stdout, command);
    putchar('\n');
    cli_print_wrapped(stdout, command->about, 0, 0);
    putchar('\n');
    cli_options_print(stdout, command->options);
    if (command->options[0].name) putchar('\n');
    fputs("Example:\n", stdout);
    for (const char *line = command->example; *line;) {
        size_t len = strcspn(line, "\n");
        printf("  %.*s\n", (int)len, line);
        line += len + (line[len] == '\n');
    }
    return EXIT_DONE;
}

static int wrong_count(const cli_command *command, int count)
{
    size_t len = strcspn(command->synopsis, "\n");
    return cli_error(EXIT_USAGE, "%s: %d argument%s, expected: %s %s %.*s", command->name, count,
                     count == 1 ? "" : "s", cli_program, command->name, (int)len,
                     command->synopsis);
}

int cli_output_failed(void)
{
    static int told;
    if (!told) cli_error(EXIT_STORAGE, "standard output: %s", strerror(errno ? errno : EIO));
    told = 1;
    return EXIT_STORAGE;
}

static int run_command(const cli_command *command, int argc, const char **argv)
{
    cli_arguments a;
    int code = cli_options_parse(&a, argc, argv, command->options);
    if (code == CLI_HELP)
        code = print_help(command);
    else if (!code && (a.count < command->least || (command->most >= 0 && a.count > command->most)))
        code = wrong_count(command, a.count);
    else if (!code)
        code = command->run(&a);
    cli_arguments_free(&a);
    return code;
}

static void print_commands(FILE *stream, const cli_command *const *commands, const char *about,
                           const char *footer)
{
    fprintf(stream, "usage: %s COMMAND …\n\n%s\n", cli_program, about);
    for (size_t i = 0; commands[i]; i++)
        fprintf(stream, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(stream, "\n%s", footer);
}

static int dispatch(int argc, char **argv, const cli_command *const *commands, const char *about,
                    const char *footer)
{
    if (argc < 2) {
        print_commands(stderr, commands, about, footer);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_commands(stdout, commands, about, footer);
        return EXIT_DONE;
    }
    if (strcmp(name, "--version") == 0) {
        printf("%s %s (index format %d)\n", cli_program, plurum_version_string(),
               PLURUM_FORMAT_NUMBER);
        return EXIT_DONE;
    }
    if (strcmp(name, "--completion") == 0 && argc == 3) return completion_print(argv[2], commands);
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(name, commands[i]->name) == 0)
            return run_command(commands[i], argc - 1, (const char **)(argv + 1));
    return cli_error(EXIT_USAGE, "%s: no such command; %s --help lists them", name, cli_program);
}

int cli_main(int argc, char **argv, const cli_command *const *commands, const char *about,
             const char *footer)
{
    int code = dispatch(argc, argv, commands, about, footer);
    errno = 0;
    return fflush(stdout) || ferror(stdout) ? cli_output_failed() : code;
}

/* ---- the index ------------------------------------------------------------------------------ */

int cli_give_embedder(cli_index *out)
{
    plurum_error error;
    if (out->embedder) return 0;
    int code = model_open_for(&out->embedder, plurum_index_configuration(out->index));
    if (code || !out->embedder) return code;
    if (plurum_index_use_embedder(out->index, out->embedder, &error))
        return cli_failed(NULL, &error);
    return 0;
}

void cli_try_embedder(cli_index *index)
{
    if (cli_give_embedder(index))
        fprintf(stderr, "%s: note: queries of outcomes are kept without their vectors\n", cli_program);
}

/* A rebuilt index is worth a line, a trained dictionary is not: that happens to every index. */
static void log_line(void *payload, const char *line)
{
    (void)payload;
    if (strncmp(line, "compression dictionary", 22) != 0)
        fprintf(stderr, "%s: note: %s\n", cli_program, line);
}

int cli_open(cli_index *out, const char *path, int write, int embed)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.read_only = write == CLI_READ;
    options.manual_apply = write == CLI_BY_HAND;
    return cli_open_with(out, path, &options, embed);
}

int cli_open_with(cli_index *out, const char *path, plurum_open_options *options, int embed)
{
    plurum_error error;
    memset(out, 0, sizeof *out);
    options->log = log_line;
    plurum_status status = plurum_index_open(&out->index, path, options, &error);
    if (status == PLURUM_NOTFOUND)
        return cli_error(EXIT_STORAGE, "%s: no such index; %s init and import make one", path,
                         cli_program);
    if (status) return cli_failed(NULL, &error);
    int code = embed ? cli_give_embedder(out) : 0;
    if (code) cli_close(out);
    return code;
}

void cli_close(cli_index *index)
{
    plurum_index_close(index->index);
    plurum_embedder_free(index->embedder);
    memset(index, 0, sizeof *index);
}

/* ---- output --------------------------------------------------------------------------------- */

/* Those of ASCII, and U+0080 to U+009F, which some terminals obey too. */
void cli_print_part(FILE *stream, const char *text, size_t len, int indent)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    for (; at < end; at++) {
        int upper = end - at > 1 && at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0;
        int lower = (*at < 0x20 && *at != '\n' && *at != '\t') || *at == 0x7F;
        fputc(upper || lower ? '?' : *at, stream);
        at += upper;
        if (*at == '\n') fprintf(stream, "%*s", indent, "");
    }
}

void cli_print_text(FILE *stream, const char *text, int indent)
{
    cli_print_part(stream, text, strlen(text), indent);
}

int cli_colour(FILE *stream)
{
    const char *no = getenv("NO_COLOR");
    return isatty(fileno(stream)) && (!no || !*no);
}
