/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum search --batch: queries from JSON lines, answers as JSON lines or as a TREC run.
 */
#include <config.h>

#include "tools/search.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "tools/job.h"
#include "tools/lines.h"
#include "tools/npy.h"
#include "tools/run.h"
#include "tools/search_log.h"
#include "tools/selection.h"

typedef struct batch {
    plurum_index *index;
    plurum_query *query;
    const search_options *options;
    line_file file;
    npy vectors;
    size_t row;
    FILE *run;
    search_log log;
    progress progress;
    uint64_t answered;
} batch;

static double milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int print(const batch *b, const char *id, double ms, const plurum_results *results)
{
    plurum_error error;
    char *text;
    if (plurum_results_json(&text, results, b->options->explain, &error))
        return cli_failed(NULL, &error);
    json_t *answer = json_loads(text, 0, NULL);
    plurum_text_free(text);
    json_t *line = json_pack("{s:s, s:f, s:O}", "_id", id, "ms", ms, "results",
                             json_object_get(answer, "results"));
    json_decref(answer);
    return cli_print_json(line);
}

static int answer(batch *b, const char *id, const char *text)
{
    plurum_error error;
    plurum_results *results;
    b->query->text = text;
    b->query->text_len = strlen(text);
    if (b->vectors.values) {
        if (b->row >= b->vectors.rows)
            return lines_bad(&b->file, "no vector left: %s has %zu rows", b->options->vectors_file,
                             b->vectors.rows);
        b->query->vector = b->vectors.values + b->row++ * b->vectors.dim;
        b->query->dim = b->vectors.dim;
    }
    double begun = milliseconds();
    if (plurum_search(&results, b->index, b->query, &error)) {
        char where[512];
        snprintf(where, sizeof where, "%s:%llu", b->file.name, (unsigned long long)b->file.number);
        return selection_failed(where, &error);
    }
    double ms = milliseconds() - begun;
    int code = 0;
    if (b->run)
        run_write_results(b->run, id, results);
    else
        code = print(b, id, ms, results);
    if (!code && b->options->log_file)
        code = search_log_write(&b->log, id, text, b->query, results);
    plurum_results_free(results);
    return code;
}

/* After SIGINT: what was answered is written, and the line to go on from is named. */
static int interrupt(const batch *b)
{
    unsigned long long line = b->file.number;
    return cli_error(EXIT_INTERRUPTED,
                     "%s:%llu: interrupted; the queries up to this one are answered, tail -n +%llu "
                     "gives the others", b->file.name, line, line + 1);
}

static int read_queries(batch *b)
{
    uint64_t size = lines_size(&b->file);
    int code = 0;
    long len = -1;
    while (!code && !job_interrupted() && (len = lines_next(&b->file)) >= 0) {
        const char *id, *text;
        json_t *object;
        code = lines_object(&object, &b->file, (size_t)len);
        if (!code) code = lines_text(&id, &b->file, object, "_id", 1);
        if (!code) code = lines_text(&text, &b->file, object, "text", 1);
        if (!code) code = answer(b, id, text);
        json_decref(object);
        progress_step(&b->progress, ++b->answered,
                      size ? (double)lines_position(&b->file) / (double)size : -1.0);
    }
    progress_end(&b->progress);
    if (!code && len != -2 && job_interrupted()) return interrupt(b);
    return !code && len == -2 ? EXIT_STORAGE : code;
}

int search_batch(plurum_index *index, plurum_query *query, const search_options *options)
{
    batch b = {.index = index, .query = query, .options = options};
    progress_begin(&b.progress, "queries");
    job_catch_signals();
    int code = lines_open(&b.file, options->batch_file);
    if (!code && options->vectors_file) code = npy_open(&b.vectors, options->vectors_file);
    if (!code && options->run_file && !(b.run = fopen(options->run_file, "w")))
        code = cli_error(EXIT_STORAGE, "%s: %s", options->run_file, strerror(errno));
    query->bodies = b.run == NULL;
    if (!code && options->log_file) code = search_log_open(&b.log, options->log_file);
    if (!code) code = read_queries(&b);
    code = search_log_close(&b.log, code);
    if (b.run && fclose(b.run) && !code)
        code = cli_error(EXIT_STORAGE, "%s: %s", options->run_file, strerror(errno));
    npy_close(&b.vectors);
    lines_close(&b.file);
    return code;
}
