/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum import: experiences from JSON lines, in batches that are durable each.
 */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/cli.h"
#include "tools/commands.h"
#include "tools/init.h"
#include "tools/lines.h"
#include "tools/npy.h"
#include "tools/progress.h"

typedef struct import {
    cli_index index;
    plurum_batch *batch;
    plurum_receipt *receipts;
    uint64_t *numbers;      /* line of each change in the batch */
    size_t size;            /* changes a batch */
    plurum_conflict conflict;
    plurum_lifecycle lifecycle;
    npy vectors;
    size_t row;             /* next row of vectors */
    FILE *rejects;
    uint64_t put, skipped, rejected;
    progress progress;
} import;

/* A bad line: into the rejects file with its reason, or the end of the import. */
static int reject(import *im, const line_file *file, uint64_t number, const char *line,
                  const char *why)
{
    if (!im->rejects)
        return cli_error(EXIT_INPUT, "%s:%llu: %s", file->name, (unsigned long long)number, why);
    im->rejected++;
    fprintf(im->rejects, "# %s:%llu: %s\n", file->name, (unsigned long long)number, why);
    if (line) fprintf(im->rejects, "%s\n", line);
    return ferror(im->rejects) ? cli_error(EXIT_STORAGE, "rejects file: %s", strerror(errno)) : 0;
}

static int is_bad_input(plurum_status status)
{
    return cli_exit_code(status) == EXIT_INPUT;
}

static int commit(import *im, const line_file *file)
{
    size_t count = plurum_batch_count(im->batch);
    plurum_error error;
    if (!count) return 0;
    plurum_status status = plurum_batch_commit(im->batch, im->receipts, &error);
    if (status && error.position < count) {
        char where[512];
        snprintf(where, sizeof where, "%s:%llu", file->name,
                 (unsigned long long)im->numbers[error.position]);
        return cli_failed(where, &error);
    }
    if (status) return cli_failed(file->name, &error);
    for (size_t i = 0; i < count; i++) im->receipts[i].changed ? im->put++ : im->skipped++;
    return 0;
}

/* Commits what is there line by line, so that only lines at fault are rejected. */
static int add(import *im, const line_file *file, const plurum_experience *experience,
               const char *line)
{
    const float *vector = NULL;
    plurum_error error;
    if (im->vectors.values) {
        if (im->row >= im->vectors.rows)
            return cli_error(EXIT_INPUT, "%s:%llu: the vectors' file has only %zu rows",
                             file->name, (unsigned long long)file->number, im->vectors.rows);
        vector = im->vectors.values + im->row++ * im->vectors.dim;
    }
    plurum_status status =
        plurum_batch_put_experience(im->batch, experience, NULL, vector,
                                    vector ? im->vectors.dim : 0, im->conflict, &error);
    if (is_bad_input(status)) return reject(im, file, file->number, line, error.text);
    if (status) return cli_failed(file->name, &error);
    size_t count = plurum_batch_count(im->batch);
    im->numbers[count - 1] = file->number;
    return 0;
}

/* With a rejects file every line is committed alone: a conflict shows only at the commit. */
static int commit_or_reject(import *im, const line_file *file, const char *line)
{
    plurum_error error;
    plurum_receipt receipt;
    if (!plurum_batch_count(im->batch)) return 0;
    plurum_status status = plurum_batch_commit(im->batch, &receipt, &error);
    if (!status) {
        receipt.changed ? im->put++ : im->skipped++;
        return 0;
    }
    if (!is_bad_input(status)) return cli_failed(file->name, &error);
    plurum_batch_free(im->batch);
    im->batch = NULL;
    if (plurum_batch_new(&im->batch, im->index.index, &error)) return cli_failed(NULL, &error);
    return reject(im, file, file->number, line, error.text);
}

static int import_line(import *im, line_file *file, size_t len)
{
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_experience *experience;
    plurum_error error;
    options.import = 1;
    options.lifecycle = im->lifecycle;
    plurum_status status =
        plurum_experience_parse(&experience, file->line, len, &options, &error);
    if (status) {
        if (im->vectors.values) im->row++;
        return is_bad_input(status) ? reject(im, file, file->number, file->line, error.text)
                                    : cli_failed(file->name, &error);
    }
    int code = add(im, file, experience, file->line);
    plurum_experience_free(experience);
    if (code) return code;
    if (im->rejects) return commit_or_reject(im, file, file->line);
    return plurum_batch_count(im->batch) >= im->size ? commit(im, file) : 0;
}

static int import_file(import *im, const char *name)
{
    line_file file;
    int code = lines_open(&file, name);
    if (code) return code;
    uint64_t size = lines_size(&file);
    long len;
    while (!code && (len = lines_next(&file)) >= 0) {
        code = import_line(im, &file, (size_t)len);
        progress_step(&im->progress, im->put,
                      size ? (double)lines_position(&file) / (double)size : -1.0);
    }
    if (!code && len == -2) code = EXIT_STORAGE;
    if (!code) code = commit(im, &file);
    lines_close(&file);
    return code;
}

static int parse_conflict(plurum_conflict *out, const char *word)
{
    static const char *const WORDS[] = {"error", "skip", "replace"};
    for (int i = 0; i < 3; i++)
        if (strcmp(word, WORDS[i]) == 0) {
            *out = (plurum_conflict)i;
            return 0;
        }
    return cli_error(EXIT_USAGE, "--on-conflict: \"%s\", error, skip or replace expected", word);
}

/* Opens the index, and makes it first where there is none. */
static int open_target(import *im, const char *path)
{
    if (access(path, F_OK)) {
        int code = im->vectors.values
                       ? init_index(path, "none", "caller", (int)im->vectors.dim, 0)
                       : init_index(path, "static", "", 0, 0);
        if (code) return code;
    }
    int code = cli_open(&im->index, path, CLI_WRITE, !im->vectors.values);
    plurum_error error;
    if (!code && plurum_batch_new(&im->batch, im->index.index, &error))
        code = cli_failed(NULL, &error);
    return code;
}

static int run(import *im, const char **arguments, const char *vectors, const char *rejects)
{
    if (vectors) {
        const char *wrong = npy_open(&im->vectors, vectors);
        if (wrong) return cli_error(EXIT_INPUT, "%s: %s", vectors, wrong);
    }
    if (rejects && !(im->rejects = fopen(rejects, "w")))
        return cli_error(EXIT_STORAGE, "%s: %s", rejects, strerror(errno));
    im->receipts = calloc(im->size, sizeof *im->receipts);
    im->numbers = calloc(im->size, sizeof *im->numbers);
    if (!im->receipts || !im->numbers) return cli_error(EXIT_STORAGE, "out of memory");
    int code = open_target(im, arguments[0]);
    progress_begin(&im->progress, "experiences");
    for (size_t i = 1; arguments[i] && !code; i++) code = import_file(im, arguments[i]);
    double seconds = progress_end(&im->progress);
    if (im->index.index)
        printf("%llu put, %llu skipped, %llu rejected in %.1f s\n", (unsigned long long)im->put,
               (unsigned long long)im->skipped, (unsigned long long)im->rejected, seconds);
    return code;
}

int cmd_import(int argc, const char **argv)
{
    const char *vectors = NULL, *rejects = NULL, *conflict = "error";
    int draft = 0, size = 500;
    const struct poptOption options[] = {
        {"vectors", 0, POPT_ARG_STRING, &vectors, 0,
         "vectors of the experiences, one row a line (float32, .npy)", "FILE.npy"},
        {"draft", 0, POPT_ARG_NONE, &draft, 0, "as drafts, where a line gives no status", NULL},
        {"on-conflict", 0, POPT_ARG_STRING | POPT_ARGFLAG_SHOW_DEFAULT, &conflict, 0,
         "what to do with an id that is there already: error, skip or replace", "WORD"},
        {"rejects", 0, POPT_ARG_STRING, &rejects, 0,
         "write bad lines there, with the reason, and go on", "FILE"},
        {"batch", 0, POPT_ARG_INT | POPT_ARGFLAG_SHOW_DEFAULT, &size, 0,
         "lines that become durable together", "N"},
        POPT_AUTOHELP POPT_TABLEEND};
    cli_arguments a;
    import im = {0};
    int code = cli_parse(&a, argc, argv, options, "INDEX FILE.jsonl… [options]", 2, -1, NULL);
    if (!code && (size < 1 || size > 100000))
        code = cli_error(EXIT_USAGE, "--batch: %d, allowed are 1 to 100000", size);
    if (!code) code = parse_conflict(&im.conflict, conflict);
    im.size = (size_t)size;
    im.lifecycle = draft ? PLURUM_DRAFT : PLURUM_PUBLISHED;
    if (!code) code = run(&im, a.rest, vectors, rejects);
    plurum_batch_free(im.batch);
    cli_close(&im.index);
    if (im.rejects && fclose(im.rejects) && !code)
        code = cli_error(EXIT_STORAGE, "%s: %s", rejects, strerror(errno));
    npy_close(&im.vectors);
    free(im.receipts);
    free(im.numbers);
    cli_arguments_free(&a);
    return code;
}
