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
#include <time.h>
#include <unistd.h>

int cli_error(int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("plurum: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return code;
}

int cli_exit_code(plurum_status status)
{
    switch (status) {
    case PLURUM_OK: return EXIT_DONE;
    case PLURUM_CORRUPT: return EXIT_DAMAGE;
    case PLURUM_IO:
    case PLURUM_NOMEM:
    case PLURUM_BUSY:
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

int cli_parse(cli_arguments *out, int argc, const char **argv, const struct poptOption *options,
              const char *synopsis, int least, int most, int (*each)(int val, const char *argument))
{
    memset(out, 0, sizeof *out);
    out->context = poptGetContext(NULL, argc, argv, options, 0);
    poptSetOtherOptionHelp(out->context, synopsis);
    int code, failed = 0;
    while ((code = poptGetNextOpt(out->context)) > 0 && !failed)
        if (each) failed = each(code, poptGetOptArg(out->context));
    if (failed) return failed;
    if (code < -1)
        return cli_error(EXIT_USAGE, "%s: %s", poptBadOption(out->context, 0), poptStrerror(code));
    out->rest = poptGetArgs(out->context);
    while (out->rest && out->rest[out->count]) out->count++;
    if (out->count < least || (most >= 0 && out->count > most))
        return cli_error(EXIT_USAGE, "usage: plurum %s %s", argv[0], synopsis);
    return 0;
}

void cli_arguments_free(cli_arguments *arguments)
{
    if (arguments->context) poptFreeContext(arguments->context);
}

static void model_path(char *out, size_t size, const char *file)
{
    const char *directory = getenv("PLURUM_MODELS");
    snprintf(out, size, "%s/%s", directory && *directory ? directory : MODELS_DIR, file);
}

int cli_model(plurum_embedder **out, const char *name)
{
    char path[4096];
    plurum_error error;
    model_path(path, sizeof path, "static-en-256.plsm");
    if (plurum_embedder_open_static(out, path, &error) == PLURUM_OK) return 0;
    return cli_error(cli_exit_code(error.status), "model %s: %s", name, error.text);
}

/* The embedder that the index was made with; none for caller's vectors. */
static int give_embedder(cli_index *out)
{
    const plurum_fingerprint *want = plurum_index_configuration(out->index)->fingerprint;
    plurum_error error;
    if (strncmp(want->name, "static-", 7) != 0) return 0;
    int code = cli_model(&out->embedder, want->name);
    if (code) return code;
    if (plurum_index_use_embedder(out->index, out->embedder, &error))
        return cli_failed(NULL, &error);
    return 0;
}

static void log_line(void *payload, const char *line)
{
    (void)payload;
    fprintf(stderr, "plurum: note: %s\n", line);
}

int cli_open(cli_index *out, const char *path, int write, int embed)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    plurum_error error;
    memset(out, 0, sizeof *out);
    options.read_only = !write;
    options.log = log_line;
    if (plurum_index_open(&out->index, path, &options, &error)) return cli_failed(NULL, &error);
    int code = embed ? give_embedder(out) : 0;
    if (code) cli_close(out);
    return code;
}

void cli_close(cli_index *index)
{
    plurum_index_close(index->index);
    plurum_embedder_free(index->embedder);
    memset(index, 0, sizeof *index);
}

int cli_commit(plurum_batch *batch, plurum_receipt *receipt)
{
    plurum_error error;
    plurum_status status = plurum_batch_commit(batch, receipt, &error);
    plurum_batch_free(batch);
    return status ? cli_failed(NULL, &error) : 0;
}

static int two_forms(struct tm *calendar, const char *text)
{
    static const char *const FORMS[] = {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+00:00",
                                        "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"};
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        memset(calendar, 0, sizeof *calendar);
        const char *end = strptime(text, FORMS[i], calendar);
        if (end && !*end) return 0;
    }
    return -1;
}

int cli_time(int64_t *out, const char *option, const char *text)
{
    struct tm calendar;
    char *end;
    errno = 0;
    long long seconds = strtoll(text, &end, 10);
    if (end != text && !*end && !errno) {
        *out = seconds;
        return 0;
    }
    if (two_forms(&calendar, text))
        return cli_error(EXIT_USAGE, "%s: \"%s\", a time such as 2026-02-07T10:30:00Z, a date or "
                                     "Unix seconds expected", option, text);
    *out = (int64_t)timegm(&calendar);
    return 0;
}

const char *cli_time_text(char buffer[CLI_TIME_SIZE], int64_t t)
{
    time_t seconds = (time_t)t;
    struct tm calendar;
    if (!gmtime_r(&seconds, &calendar) ||
        !strftime(buffer, CLI_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &calendar))
        snprintf(buffer, CLI_TIME_SIZE, "%lld", (long long)t);
    return buffer;
}

size_t cli_list_length(const char *const *list)
{
    size_t n = 0;
    while (list && list[n]) n++;
    return n;
}

int cli_colour(FILE *stream)
{
    const char *no = getenv("NO_COLOR");
    return isatty(fileno(stream)) && (!no || !*no);
}
