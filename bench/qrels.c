/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading judgements.
 */
#include <config.h>

#include "bench/qrels.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "bench/grow.h"
#include "tools/cli.h"
#include "tools/lines.h"

static int by_query(const void *a, const void *b)
{
    const judgement *x = a, *y = b;
    int order = strcmp(x->query, y->query);
    if (!order) order = strcmp(x->document, y->document);
    return order ? order : x->line < y->line ? -1 : x->line > y->line;
}

/* Of a pair that is judged twice, neither grade is the right one. */
static int check_pairs(const qrels *judged, line_file *file)
{
    for (size_t i = 1; i < judged->count; i++) {
        const judgement *a = &judged->items[i - 1], *b = &judged->items[i];
        if (strcmp(a->query, b->query) || strcmp(a->document, b->document)) continue;
        file->number = b->line;
        return lines_bad(file, "query %s and document %s were judged in line %llu", b->query,
                         b->document, (unsigned long long)a->line);
    }
    return 0;
}

/* Splits a line into its columns; their number, of which at most four are kept. */
static size_t split(char *columns[4], char *line)
{
    const char *separators = strchr(line, '\t') ? "\t" : " ";
    size_t n = 0;
    char *rest;
    for (char *at = strtok_r(line, separators, &rest); at; at = strtok_r(NULL, separators, &rest)) {
        if (n < 4) columns[n] = at;
        n++;
    }
    return n;
}

static int read_judgement(qrels *judged, size_t *cap, const line_file *file)
{
    char *columns[4], *end = NULL;
    int tabs = strchr(file->line, '\t') != NULL;
    size_t n = split(columns, file->line);
    int sound = n == 4 || (n == 3 && tabs);
    const char *grade = sound ? columns[n - 1] : "";
    errno = 0;
    long value = strtol(grade, &end, 10);
    if (end == grade) {
        if (file->number == 1) return 0; /* the header */
        return lines_bad(file, "query, document and grade expected, separated by tabs");
    }
    if (end[strspn(end, " ")] || errno || value < INT_MIN || value > INT_MAX)
        return lines_bad(file, "grade: \"%s\", a whole number expected", grade);
    int code = grow(&judged->items, cap, judged->count, sizeof *judged->items);
    if (code) return code;
    judgement *j = &judged->items[judged->count++];
    *j = (judgement){strdup(columns[0]), strdup(columns[n - 2]), (int)value, file->number};
    return j->query && j->document ? 0 : cli_no_memory();
}

int qrels_read(qrels *out, const char *path)
{
    line_file file;
    size_t cap = 0;
    long len = 0;
    memset(out, 0, sizeof *out);
    int code = lines_open(&file, path);
    while (!code && (len = lines_next(&file)) >= 0) code = read_judgement(out, &cap, &file);
    if (!code && len == -2) code = EXIT_STORAGE;
    if (!code && out->count) qsort(out->items, out->count, sizeof *out->items, by_query);
    if (!code) code = check_pairs(out, &file);
    lines_close(&file);
    return code;
}

void qrels_free(qrels *judged)
{
    for (size_t i = 0; i < judged->count; i++) {
        free(judged->items[i].query);
        free(judged->items[i].document);
    }
    free(judged->items);
    memset(judged, 0, sizeof *judged);
}

const judgement *qrels_of(const qrels *judged, const char *query, size_t *count)
{
    size_t low = 0, high = judged->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(judged->items[mid].query, query) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *count = 0;
    if (low == judged->count || strcmp(judged->items[low].query, query) != 0)
        return judged->items + low;
    *count = qrels_next(judged, low) - low;
    return judged->items + low;
}

size_t qrels_next(const qrels *judged, size_t i)
{
    size_t end = i;
    while (end < judged->count && strcmp(judged->items[end].query, judged->items[i].query) == 0)
        end++;
    return end;
}
