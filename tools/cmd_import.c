/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum import: experiences from JSON lines, in batches that are durable each.
 *
 * Lines are gathered until a batch is full, then parsed, put and committed together. Where a rejects
 * file is given and a commit is refused (an id that is taken shows only then), the lines before the
 * one at fault are committed, that one is rejected, and the rest is tried again: as few waits for the
 * disk as that takes, and no text is embedded twice.
 */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/commands.h"
#include "tools/init.h"
#include "tools/job.h"
#include "tools/lines.h"
#include "tools/model.h"
#include "tools/npy.h"
#include "tools/progress.h"
#include "tools/remove.h"

static const char *const CONFLICTS[] = {"error", "skip", "replace", NULL};

static struct {
    const char *vectors, *rejects;
    const char *url; /* of the embedder */
    int draft, conflict, embedder, later, json;
    int64_t batch, threads;
} o = {.embedder = MODEL_BEST, .batch = 500};

static const cli_option OPTIONS[] = {
    CLI_OPTION_TEXT("vectors", &o.vectors, "FILE.npy",
                    "the experiences' vectors, one row a line, float32"),
    CLI_OPTION_WORD_OR_URL("embedder", &o.embedder, model_words, &o.url, "NAME",
                           "where it makes the index: as with init; a URL otherwise, where the "
                           "index's model is asked, if not where the index says"),
    CLI_OPTION_FLAG("embed-later", &o.later,
                    "where the embedder fails, go on: the experiences are found by their words, and "
                    "get their vectors later"),
    CLI_OPTION_FLAG("draft", &o.draft, "as drafts where a line gives no status, else published"),
    CLI_OPTION_WORD("on-conflict", &o.conflict, CONFLICTS, "WORD",
                    "what to do with an id that is there already"),
    CLI_OPTION_TEXT("rejects", &o.rejects, "FILE",
                    "write bad lines there, each under its reason, and go on"),
    CLI_OPTION_WHOLE("batch", &o.batch, 1, 100000, "N", "lines that become durable together"),
    CLI_OPTION_WHOLE("threads", &o.threads, 0, PLURUM_EMBED_THREADS_MAX, "N",
                     "most threads that make vectors; 0: one a processor, at most 4"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"),
    CLI_OPTION_END};

/* A line that waits for its batch. */
typedef struct waiting {
    char *text;
    size_t len;
    uint64_t number;
    size_t row; /* of the vectors */
} waiting;

typedef struct import {
    cli_index index;
    plurum_batch *batch;
    plurum_receipt *receipts;
    waiting *lines;
    size_t count;
    waiting **members; /* the line of each change in the batch */
    const char *path;  /* of the index */
    const char *name;  /* of the file that is read */
    npy vectors;
    size_t rows;       /* lines read, all files together */
    FILE *rejects;
    uint64_t put, skipped, rejected;
    progress progress;
} import;

/* A bad line: into the rejects file with its reason, or the end of the import. */
static int reject(import *im, const waiting *line, const char *why)
{
    unsigned long long number = line->number;
    if (!im->rejects) return cli_error(EXIT_INPUT, "%s:%llu: %s", im->name, number, why);
    im->rejected++;
    fprintf(im->rejects, "# %s:%llu: %s\n%s\n", im->name, number, why, line->text);
    return ferror(im->rejects) ? cli_error(EXIT_STORAGE, "%s: %s", o.rejects, strerror(errno)) : 0;
}

/* What a failure means: one of a line is rejected, any other ends the import. */
static int fail(import *im, const waiting *line, const plurum_error *error)
{
    if (error->status == PLURUM_MISMATCH) /* another model: not this line's fault alone */
        return cli_error(EXIT_INPUT, "%s:%llu: %s", im->name, (unsigned long long)line->number,
                         error->text);
    if (cli_exit_code(error->status) == EXIT_INPUT) return reject(im, line, error->text);
    return cli_failed(im->name, error);
}

static int renew_batch(import *im)
{
    plurum_error error;
    plurum_batch_free(im->batch);
    im->batch = NULL;
    if (plurum_batch_new(&im->batch, im->index.index, &error)) return cli_failed(NULL, &error);
    if (o.later) plurum_batch_embed_later(im->batch);
    return 0;
}

/* Parses a line and adds it to the batch. */
static int put_line(import *im, waiting *line)
{
    plurum_import_options options = PLURUM_IMPORT_OPTIONS_INIT;
    plurum_error error;
    options.lifecycle = o.draft ? PLURUM_DRAFT : PLURUM_PUBLISHED;
    options.conflict = (plurum_conflict)o.conflict;
    options.vector = im->vectors.values ? im->vectors.values + line->row * im->vectors.dim : NULL;
    options.dim = im->vectors.dim;
    if (plurum_batch_import(im->batch, line->text, line->len, &options, &error))
        return fail(im, line, &error);
    im->members[plurum_batch_count(im->batch) - 1] = line;
    return 0;
}

/* Commits the batch; *refused: the change at fault where it is one, which is the caller's then. */
static int commit(import *im, plurum_error *error, size_t *refused)
{
    size_t count = plurum_batch_count(im->batch);
    *refused = SIZE_MAX;
    if (!count) return 0;
    plurum_status status = plurum_batch_commit(im->batch, im->receipts, error);
    for (size_t i = 0; i < count && !status; i++)
        im->receipts[i].changed ? im->put++ : im->skipped++;
    if (!status) return 0;
    if (cli_exit_code(status) != EXIT_INPUT || error->position >= count)
        return cli_failed(im->name, error);
    *refused = (size_t)error->position;
    return 0;
}

/* Commits the changes before one that is refused, and leaves those after it in the batch. */
static int commit_before(import *im, size_t refused)
{
    plurum_error error;
    plurum_batch *from = NULL, *after = NULL;
    size_t again = SIZE_MAX;
    int code = 0;
    if (plurum_batch_split(&from, im->batch, refused, &error) ||
        plurum_batch_split(&after, from, 1, &error))
        code = cli_failed(NULL, &error);
    plurum_batch_free(from);
    if (!code) code = commit(im, &error, &again);
    if (!code && again != SIZE_MAX) code = cli_failed(im->name, &error);
    if (code) {
        plurum_batch_free(after);
        return code;
    }
    plurum_batch_free(im->batch);
    im->batch = after;
    return 0;
}

/* Commits the batch, or all of it but what is refused and may be. */
static int commit_batch(import *im)
{
    plurum_error error;
    size_t refused = SIZE_MAX;
    waiting **members = im->members;
    int code = commit(im, &error, &refused);
    while (!code && refused != SIZE_MAX) {
        code = reject(im, members[refused], error.text);
        if (!code) code = commit_before(im, refused);
        members += refused + 1;
        if (!code) code = commit(im, &error, &refused);
    }
    return code;
}

static int commit_waiting(import *im)
{
    int code = 0;
    for (size_t i = 0; i < im->count && !code; i++) code = put_line(im, &im->lines[i]);
    if (!code) code = commit_batch(im);
    for (size_t i = 0; i < im->count; i++) free(im->lines[i].text);
    im->count = 0;
    return code ? code : renew_batch(im);
}

static int add(import *im, const line_file *file, size_t len)
{
    waiting *line = &im->lines[im->count];
    size_t row = im->rows++;
    if (im->vectors.values && row >= im->vectors.rows)
        return lines_bad(file, "no vector left: %s has %zu rows", o.vectors, im->vectors.rows);
    *line = (waiting){malloc(len + 1), len, file->number, row};
    if (!line->text) return cli_no_memory();
    memcpy(line->text, file->line, len + 1);
    return ++im->count == (size_t)o.batch ? commit_waiting(im) : 0;
}

/* After SIGINT: what was read is committed, and the line to go on from is named. */
static int interrupt(import *im, const line_file *file)
{
    int code = commit_waiting(im);
    return code ? code
                : cli_error(EXIT_INTERRUPTED,
                            "%s:%llu: interrupted; the lines up to this one are in the index, "
                            "tail -n +%llu gives the others",
                            im->name, (unsigned long long)file->number,
                            (unsigned long long)file->number + 1);
}

/* Lines that begin with # are skipped: a rejects file can be mended and imported as it is. */
static int is_comment(const line_file *file)
{
    return *file->line == '#';
}

static int import_file(import *im, const char *name)
{
    line_file file;
    int code = lines_open(&file, name);
    if (code) return code;
    uint64_t size = lines_size(&file);
    long len = -1;
    im->name = file.name;
    while (!code && !job_interrupted() && (len = lines_next(&file)) >= 0) {
        if (is_comment(&file)) continue;
        code = add(im, &file, (size_t)len);
        progress_step(&im->progress, im->put,
                      size ? (double)lines_position(&file) / (double)size : -1.0);
    }
    if (!code && len == -2) code = EXIT_STORAGE;
    if (!code) code = job_interrupted() ? interrupt(im, &file) : commit_waiting(im);
    lines_close(&file);
    return code;
}

static int count_lines(size_t *count, const char *name)
{
    line_file file;
    long len = -1;
    int code = lines_open(&file, name);
    while (!code && (len = lines_next(&file)) >= 0) *count += !is_comment(&file);
    lines_close(&file);
    return !code && len == -2 ? EXIT_STORAGE : code;
}

/* Before anything changes: the files are there, and there are as many vectors as lines. What is no
 * regular file can be read only once and is left alone. */
static int survey(const import *im, const char **names)
{
    size_t count = 0;
    int code = 0, piped = 0;
    for (; *names && !code; names++) {
        struct stat st;
        if (strcmp(*names, "-") == 0)
            piped = 1;
        else if (stat(*names, &st) || access(*names, R_OK))
            code = cli_error(EXIT_STORAGE, "%s: %s", *names, strerror(errno));
        else if (!S_ISREG(st.st_mode))
            piped = 1;
        else if (im->vectors.values)
            code = count_lines(&count, *names);
    }
    if (!code && !piped && im->vectors.values && count != im->vectors.rows)
        code = cli_error(EXIT_INPUT, "%s: %zu rows for %zu lines, one a line expected", o.vectors,
                         im->vectors.rows, count);
    return code;
}

/* Whether there is no index, or half of one that a kill has left. */
static int is_unmade(const char *path)
{
    char format[4096], store[4096];
    return snprintf(format, sizeof format, "%s/FORMAT", path) < (int)sizeof format &&
           snprintf(store, sizeof store, "%s/store.begun", path) < (int)sizeof store &&
           (access(format, F_OK) != 0 || access(store, F_OK) == 0);
}

/* Opens the index, and makes it first where there is none. */
static int open_target(import *im, const char *path, int *made)
{
    init_options options = {.embedder = o.embedder, .url = o.url};
    if (im->vectors.values) {
        options.url = NULL;
        options.embedder = MODEL_NONE;
        options.dim = (int64_t)im->vectors.dim;
    }
    *made = is_unmade(path);
    int code = *made ? init_index(path, &options) : 0;
    if (code) {
        *made = 0;
        return code;
    }
    if (!*made) model_endpoint = o.url;
    plurum_open_options open = PLURUM_OPEN_OPTIONS_INIT;
    open.embed_threads = (size_t)o.threads;
    code = cli_open_with(&im->index, path, &open, !im->vectors.values);
    return code ? code : renew_batch(im);
}

static int prepare(import *im, const char **names)
{
    size_t size = (size_t)o.batch;
    im->receipts = calloc(size, sizeof *im->receipts);
    im->lines = calloc(size, sizeof *im->lines);
    im->members = calloc(size, sizeof *im->members);
    if (!im->receipts || !im->lines || !im->members) return cli_no_memory();
    int code = o.vectors ? npy_open(&im->vectors, o.vectors) : 0;
    if (!code) code = survey(im, names);
    if (!code && o.rejects && !(im->rejects = fopen(o.rejects, "w")))
        code = cli_error(EXIT_STORAGE, "%s: %s", o.rejects, strerror(errno));
    return code;
}

static int print(const import *im, double seconds)
{
    if (o.json)
        return cli_print_json(json_pack("{s:I, s:I, s:I, s:f}", "put", (json_int_t)im->put,
                                        "skipped", (json_int_t)im->skipped, "rejected",
                                        (json_int_t)im->rejected, "seconds", seconds));
    printf("%llu put, %llu skipped, %llu rejected in %.1f s\n", (unsigned long long)im->put,
           (unsigned long long)im->skipped, (unsigned long long)im->rejected, seconds);
    return EXIT_DONE;
}

/* How many have no vector yet, once all that can be done about it has been. */
static int tell_waiting(const import *im)
{
    plurum_stats stats = {.struct_size = sizeof stats};
    plurum_error error;
    if (plurum_index_stats(&stats, im->index.index, &error)) return cli_failed(NULL, &error);
    if (stats.waiting)
        fprintf(stderr, "%s: note: %llu wait for their vectors; %s embed %s asks for them\n",
                cli_program, (unsigned long long)stats.waiting, cli_program, im->path);
    return 0;
}

static int clean_up(import *im, int code)
{
    plurum_batch_free(im->batch);
    /* closing would give up the graphs that many vectors are due; searches can do without them */
    if (!code && im->put) plurum_index_apply(im->index.index, NULL);
    if (!code && o.later) code = tell_waiting(im);
    cli_close(&im->index);
    if (im->rejects && fclose(im->rejects) && !code)
        code = cli_error(EXIT_STORAGE, "%s: %s", o.rejects, strerror(errno));
    npy_close(&im->vectors);
    for (size_t i = 0; i < im->count; i++) free(im->lines[i].text);
    free(im->lines);
    free(im->members);
    free(im->receipts);
    return code;
}

static int run(const cli_arguments *a)
{
    import im = {.path = a->rest[0]};
    int made = 0;
    int code = prepare(&im, a->rest + 1);
    progress_begin(&im.progress, "experiences");
    job_catch_signals();
    if (!code) code = open_target(&im, a->rest[0], &made);
    for (int i = 1; i < a->count && !code; i++) code = import_file(&im, a->rest[i]);
    double seconds = progress_end(&im.progress);
    if (!code || im.put) {
        int printed = print(&im, seconds);
        if (!code) code = printed;
    }
    made = made && code && !im.put;
    code = clean_up(&im, code);
    if (made) remove_tree(a->rest[0]);
    return code;
}

const cli_command import_command = {
    .name = "import",
    .summary = "put experiences from JSON lines",
    .synopsis = "INDEX FILE.jsonl… [options]",
    .about = "Puts experiences, one JSON object a line, into an index, which is made where there "
             "is none; - is standard input. \"goal\" is required. A bad line stops the import with "
             "exit status 3, and nothing of its batch is kept. Blank lines and lines that begin "
             "with # are skipped.",
    .example = "plurum import notes experiences.jsonl --rejects bad.jsonl",
    .least = 2,
    .most = -1,
    .options = OPTIONS,
    .run = run,
};
