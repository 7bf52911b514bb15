/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading TREC runs.
 */
#include <config.h>

#include "bench/trec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/grow.h"
#include "tools/cli.h"
#include "tools/lines.h"

static int by_order(const void *a, const void *b)
{
    const run_row *x = a, *y = b;
    int order = strcmp(x->query, y->query);
    if (order) return order;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    return strcmp(y->document, x->document);
}

static int by_pair(const void *a, const void *b)
{
    const run_row *x = a, *y = b;
    int order = strcmp(x->query, y->query);
    if (!order) order = strcmp(x->document, y->document);
    return order ? order : x->line < y->line ? -1 : x->line > y->line;
}

static int check_pairs(const run_file *run, line_file *file)
{
    for (size_t i = 1; i < run->count; i++) {
        const run_row *a = &run->rows[i - 1], *b = &run->rows[i];
        if (strcmp(a->query, b->query) || strcmp(a->document, b->document)) continue;
        file->number = b->line;
        return lines_bad(file, "document %s of query %s was listed in line %llu", b->document,
                         b->query, (unsigned long long)a->line);
    }
    return 0;
}

static int read_row(run_file *run, size_t *cap, const line_file *file)
{
    static const char SEPARATORS[] = " \t";
    char *columns[6], *rest, *end;
    size_t n = 0;
    for (char *at = strtok_r(file->line, SEPARATORS, &rest); at && n < 6;
         at = strtok_r(NULL, SEPARATORS, &rest))
        columns[n++] = at;
    double score = n >= 5 ? strtod(columns[4], &end) : NAN;
    if (n < 5 || end == columns[4] || *end || isnan(score))
        return lines_bad(file, "query, Q0, document, rank and score expected");
    int code = grow(&run->rows, cap, run->count, sizeof *run->rows);
    if (code) return code;
    run_row *row = &run->rows[run->count++];
    *row = (run_row){strdup(columns[0]), strdup(columns[2]), (float)score, file->number};
    return row->query && row->document ? 0 : cli_no_memory();
}

int run_read(run_file *out, const char *path)
{
    line_file file;
    size_t cap = 0;
    long len = 0;
    memset(out, 0, sizeof *out);
    int code = lines_open(&file, path);
    while (!code && (len = lines_next(&file)) >= 0) code = read_row(out, &cap, &file);
    if (!code && len == -2) code = EXIT_STORAGE;
    if (!code && out->count) qsort(out->rows, out->count, sizeof *out->rows, by_pair);
    if (!code) code = check_pairs(out, &file);
    if (!code && out->count) qsort(out->rows, out->count, sizeof *out->rows, by_order);
    lines_close(&file);
    return code;
}

void run_free(run_file *run)
{
    for (size_t i = 0; i < run->count; i++) {
        free(run->rows[i].query);
        free(run->rows[i].document);
    }
    free(run->rows);
    memset(run, 0, sizeof *run);
}

const run_row *run_of(const run_file *run, const char *query, size_t *count)
{
    size_t low = 0, high = run->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(run->rows[mid].query, query) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    size_t end = low;
    while (end < run->count && strcmp(run->rows[end].query, query) == 0) end++;
    *count = end - low;
    return run->rows + low;
}
