/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum search --log: one JSON line a query, with what every hit's score was made of.
 */
#include <config.h>

#include "tools/search.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static json_t *number(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *hit_json(const plurum_hit *h)
{
    const plurum_trust_score *t = h->trust;
    return json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "id",
                     h->key, "internal", (json_int_t)h->id, "score", number(h->score), "text",
                     number(h->text_score), "cosine", number(h->cosine), "similarity",
                     number(h->similarity), "text_rank", (json_int_t)h->text_rank, "vector_rank",
                     (json_int_t)h->vector_rank, "tools_share", number(h->explain->tools_share),
                     "trust", number(t->trust), "sd", number(t->sd), "relevance",
                     number(h->relevance), "boost", number(h->explain->boost));
}

/* The query's text; where it is no UTF-8, as the answer shows it. */
static json_t *query_json(const char *text, const plurum_results *results)
{
    json_t *query = json_string(text);
    char *answer = NULL;
    if (query || plurum_results_json(&answer, results, 0, NULL)) return query;
    json_t *whole = json_loads(answer, 0, NULL);
    query = json_incref(json_object_get(whole, "query"));
    json_decref(whole);
    plurum_text_free(answer);
    return query;
}

int search_log(const char *path, const char *text, const plurum_query *query,
               const plurum_results *results)
{
    json_t *hits = json_array();
    for (size_t i = 0; i < plurum_results_count(results); i++)
        json_array_append_new(hits, hit_json(plurum_results_hit(results, i)));
    json_t *line = json_pack("{s:o, s:i, s:I, s:I, s:I, s:i, s:o}", "query",
                             query_json(text, results), "mode",
                             (int)query->mode, "now", (json_int_t)plurum_results_now(results),
                             "seq", (json_int_t)plurum_results_seq(results), "total",
                             (json_int_t)plurum_results_total(results), "tools_asked",
                             (int)query->tool_count, "hits", hits);
    FILE *file = fopen(path, "a");
    int failed = !file || !line || json_dumpf(line, file, JSON_COMPACT | JSON_REAL_PRECISION(17));
    if (file) fputc('\n', file);
    if (file && fclose(file)) failed = 1;
    json_decref(line);
    return failed ? cli_error(EXIT_STORAGE, "%s: %s", path, strerror(errno)) : 0;
}
