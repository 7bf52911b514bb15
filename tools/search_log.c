/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing the log. A line is written after the vectors that it counts on.
 */
#include <config.h>

#include "tools/search_log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "tools/cli.h"

static const char *const MODES[] = {"hybrid", "text", "vector"};

static int failed(const search_log *log)
{
    return cli_error(EXIT_STORAGE, "%s: %s", log->path, strerror(errno));
}

int search_log_open(search_log *log, const char *path)
{
    *log = (search_log){.path = path};
    size_t size = strlen(path) + sizeof ".npy";
    if (!(log->file = fopen(path, "a"))) return failed(log);
    if (!(log->table_path = malloc(size))) return cli_no_memory();
    snprintf(log->table_path, size, "%s.npy", path);
    flock(fileno(log->file), LOCK_EX); /* where there are locks */
    return 0;
}

int search_log_close(search_log *log, int code)
{
    vector_table_close(&log->table);
    if (log->file && fclose(log->file) && !code) code = failed(log);
    free(log->table_path);
    return code;
}

/* The rows of all candidates' vectors and of the query's. */
static int find_rows(uint64_t *rows, uint64_t *query_row, search_log *log,
                     const plurum_replay *replay)
{
    int code = 0;
    if (!log->table.file)
        code = vector_table_open(&log->table, log->table_path, plurum_replay_dim(replay));
    if (!code) code = vector_table_row(query_row, &log->table, plurum_replay_query(replay));
    for (size_t i = 0; i < plurum_replay_count(replay) && !code; i++) {
        const float *vector = plurum_replay_vector(replay, i);
        rows[i] = PLURUM_REPLAY_NO_ROW;
        if (vector) code = vector_table_row(&rows[i], &log->table, vector);
    }
    return code ? code : vector_table_write(&log->table);
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

/* Puts what the caller knows before what the library wrote, which begins with a brace. */
static int write_line(search_log *log, json_t *head, const char *line)
{
    char *text = head ? json_dumps(head, JSON_COMPACT) : NULL;
    json_decref(head);
    if (!text) return cli_no_memory();
    int wrong = fprintf(log->file, "%.*s,%s\n", (int)strlen(text) - 1, text, line + 1) < 0 ||
                fflush(log->file);
    free(text);
    return wrong ? failed(log) : 0;
}

int search_log_write(search_log *log, const char *id, const char *text, const plurum_query *query,
                     plurum_results *results)
{
    plurum_error error;
    plurum_replay *replay;
    char *line = NULL;
    if (plurum_replay_take(&replay, results, &error)) return cli_failed(NULL, &error);
    uint64_t *rows = calloc(plurum_replay_count(replay) + 1, sizeof *rows), query_row = 0;
    int has_vectors = plurum_replay_query(replay) != NULL;
    int code = rows ? 0 : cli_no_memory();
    if (!code && has_vectors) code = find_rows(rows, &query_row, log, replay);
    if (!code && plurum_replay_print(&line, replay, has_vectors ? rows : NULL, query_row, &error))
        code = cli_failed(NULL, &error);
    if (!code)
        code = write_line(log, json_pack("{s:s*, s:o, s:s}", "_id", id, "query",
                                         query_json(text, results), "mode", MODES[query->mode]),
                          line);
    plurum_text_free(line);
    free(rows);
    plurum_replay_free(replay);
    return code;
}
