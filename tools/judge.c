/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nDCG@10: the sum of grade / log2(rank + 1) over the first ten, by that of the best order.
 */
#include <config.h>

#include "tools/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/lines.h"

enum { DEPTH = 10 };

static int read_queries(judge *j, const char *folder)
{
    char path[4096];
    line_file file;
    long len;
    snprintf(path, sizeof path, "%s/queries.jsonl", folder);
    int code = lines_open(&file, path);
    if (code) return code;
    while (!code && (len = lines_next(&file)) >= 0) {
        json_t *object = NULL;
        const char *id = NULL, *text = NULL;
        code = lines_object(&object, &file, (size_t)len);
        if (!code) code = lines_text(&id, &file, object, "_id", 1);
        if (!code) code = lines_text(&text, &file, object, "text", 1);
        if (!code && json_object_set_new(j->texts, id, json_string(text))) code = cli_no_memory();
        json_decref(object);
    }
    if (!code && len == -2) code = EXIT_STORAGE;
    lines_close(&file);
    return code;
}

/* "query TAB experience TAB grade" */
static int take_grade(judge *j, line_file *file)
{
    char *end, *query = file->line, *id = strchr(query, '\t');
    char *number = id ? strchr(id + 1, '\t') : NULL;
    double grade = number ? strtod(number + 1, &end) : 0;
    if (!number || end == number + 1 || *end)
        return file->number == 1 ? 0 : lines_bad(file, "query, experience and grade expected");
    *id++ = *number = '\0';
    json_t *of_query = json_object_get(j->grades, query);
    if (!of_query && !json_object_set_new(j->grades, query, json_object()))
        of_query = json_object_get(j->grades, query);
    return json_object_set_new(of_query, id, json_real(grade)) ? cli_no_memory() : 0;
}

static int read_grades(judge *j, const char *folder)
{
    char path[4096];
    line_file file;
    long len;
    snprintf(path, sizeof path, "%s/qrels.tsv", folder);
    if (access(path, F_OK)) snprintf(path, sizeof path, "%s/qrels/test.tsv", folder);
    int code = lines_open(&file, path);
    if (code) return code;
    while (!code && (len = lines_next(&file)) >= 0) code = take_grade(j, &file);
    if (!code && len == -2) code = EXIT_STORAGE;
    lines_close(&file);
    return code;
}

int judge_read(judge *out, const char *folder)
{
    *out = (judge){json_object(), json_object()};
    if (!out->texts || !out->grades) return cli_no_memory();
    int code = read_queries(out, folder);
    return code ? code : read_grades(out, folder);
}

void judge_free(judge *j)
{
    json_decref(j->texts);
    json_decref(j->grades);
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x > y ? -1 : x < y;
}

static double best_gain(json_t *grades)
{
    size_t count = json_object_size(grades), n = 0;
    double *all = calloc(count + 1, sizeof *all), sum = 0;
    const char *id;
    json_t *grade;
    json_object_foreach(grades, id, grade) if (all && n < count) all[n++] = json_real_value(grade);
    if (all) qsort(all, n, sizeof *all, descending);
    for (size_t i = 0; i < n && i < DEPTH; i++) sum += all[i] / log2((double)i + 2);
    free(all);
    return sum;
}

static double gain(const plurum_results *results, const json_t *grades)
{
    double sum = 0;
    for (size_t i = 0; i < plurum_results_count(results) && i < DEPTH; i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        const json_t *grade = json_object_get(grades, hit->key);
        if (!grade) grade = json_object_get(grades, hit->short_id);
        if (grade) sum += json_real_value(grade) / log2((double)i + 2);
    }
    return sum;
}

static int judge_all(double *ndcg, const judge *j, plurum_index *index)
{
    size_t count = 0;
    const char *id;
    json_t *text;
    *ndcg = 0;
    json_object_foreach(j->texts, id, text) {
        json_t *grades = json_object_get(j->grades, id);
        double best = best_gain(grades);
        plurum_query query;
        plurum_results *results;
        plurum_error error;
        if (best <= 0) continue;
        plurum_query_init(&query);
        query.text = json_string_value(text);
        query.text_len = json_string_length(text);
        query.limit = DEPTH;
        if (plurum_search(&results, index, &query, &error)) return cli_failed(id, &error);
        *ndcg += gain(results, grades) / best;
        count++;
        plurum_results_free(results);
    }
    if (!count) return cli_error(EXIT_INPUT, "no query has a grade above 0");
    *ndcg /= (double)count;
    return 0;
}

int judge_index(double *ndcg, const judge *j, const char *path)
{
    cli_index index;
    int code = cli_open(&index, path, CLI_READ, 1);
    if (code) return code;
    code = judge_all(ndcg, j, index.index);
    cli_close(&index);
    return code;
}
