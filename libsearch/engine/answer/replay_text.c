/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A replay as a line of JSON. Candidates are written by column, which is half the size of an object
 * each; numbers as the shortest decimals that read back as the same bits, NAN as null.
 */
#include <config.h>

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "engine/answer/replay.h"
#include "experience/json_text.h"
#include "rank/fuse.h"

/* ---- writing ---- */

static void put_number(pli_buf *buf, double value)
{
    char text[PLI_NUMBER_SIZE];
    if (isnan(value)) {
        pli_buf_text(buf, "null");
        return;
    }
    pli_json_number(text, value);
    pli_buf_text(buf, text);
}

static void put_head(pli_buf *buf, const plurum_replay *r, uint64_t query_row)
{
    const pli_fusion_input *in = &r->input;
    pli_buf_printf(buf, "{\"replay\":1,\"seq\":%llu,\"now\":%lld,\"k\":%u,\"text_active\":%d,"
                        "\"vector_active\":%d,\"tools_asked\":%d,\"model\":{\"alpha\":",
                   (unsigned long long)r->seq, (long long)r->now, (unsigned)r->k, in->text_active,
                   in->vector_active, in->tools_asked);
    put_number(buf, r->model.alpha);
    pli_buf_text(buf, ",\"pivot\":");
    put_number(buf, r->model.pivot);
    pli_buf_text(buf, ",\"lean\":");
    put_number(buf, r->model.lean);
    pli_buf_text(buf, ",\"feedback_lean\":");
    put_number(buf, r->model.feedback_lean);
    pli_buf_text(buf, "},\"text_most\":");
    put_number(buf, in->text_most);
    pli_buf_text(buf, ",\"noise\":");
    put_number(buf, r->noise);
    pli_buf_text(buf, ",\"background\":{\"mean\":");
    put_number(buf, in->background_mean);
    pli_buf_text(buf, ",\"sd\":");
    put_number(buf, in->background_sd);
    pli_buf_printf(buf, ",\"count\":%u}", (unsigned)in->background_count);
    if (r->query && query_row != PLURUM_REPLAY_NO_ROW)
        pli_buf_printf(buf, ",\"dim\":%u,\"query_row\":%llu", (unsigned)in->dim,
                       (unsigned long long)query_row);
    pli_buf_text(buf, ",\"weights\":{");
    for (size_t i = 0; i < PLI_WEIGHT_COUNT; i++) {
        const plurum_weight_info *info = plurum_weight_info_at(i);
        double value = r->weights.value[i];
        pli_buf_printf(buf, "%s\"%s\":", i ? "," : "", info->name);
        if (info->choices)
            pli_buf_printf(buf, "\"%s\"", info->choices[(size_t)value]);
        else
            put_number(buf, value);
    }
    pli_buf_text(buf, "}");
}

/* A member of a candidate: a whole number of 32 bits, or a double. Some are only written where not
 * all are 0. */
static const struct column {
    const char *name;
    size_t offset;
    int whole, rare;
} COLUMNS[] = {
    {"internal", offsetof(pli_candidate, id), 1, 0},
    {"score", offsetof(pli_candidate, score), 0, 0},
    {"text", offsetof(pli_candidate, text), 0, 0},
    {"cosine", offsetof(pli_candidate, cosine), 0, 0},
    {"similarity", offsetof(pli_candidate, similarity), 0, 0},
    {"text_rank", offsetof(pli_candidate, text_rank), 1, 0},
    {"vector_rank", offsetof(pli_candidate, vector_rank), 1, 0},
    {"tools_share", offsetof(pli_candidate, tools_share), 0, 0},
    {"trust", offsetof(pli_candidate, trust.trust), 0, 0},
    {"sd", offsetof(pli_candidate, trust.sd), 0, 0},
    {"here_successes", offsetof(pli_candidate, here_successes), 0, 1},
    {"here_failures", offsetof(pli_candidate, here_failures), 0, 1},
    {"alike_successes", offsetof(pli_candidate, alike_successes), 0, 1},
    {"alike_failures", offsetof(pli_candidate, alike_failures), 0, 1},
    {"told", offsetof(pli_candidate, told), 0, 1},
    {"prior", offsetof(pli_candidate, prior), 0, 1},
};
enum { COLUMN_COUNT = sizeof COLUMNS / sizeof *COLUMNS };

/* Whether a column is rare and has nothing but zeros; its numbers are doubles, 0 or more. */
static int is_left_out(const plurum_replay *r, const struct column *column)
{
    double sum = 0.0, number;
    for (size_t i = 0; i < r->ranked_count && column->rare; i++) {
        memcpy(&number, (const char *)r->ranked[i] + column->offset, sizeof number);
        sum += number;
    }
    return column->rare && sum == 0.0;
}

static void put_column(pli_buf *buf, const plurum_replay *r, const struct column *column)
{
    if (is_left_out(r, column)) return;
    pli_buf_printf(buf, ",\"%s\":[", column->name);
    for (size_t i = 0; i < r->ranked_count; i++) {
        const char *member = (const char *)r->ranked[i] + column->offset;
        uint32_t whole = 0;
        double number = 0.0;
        if (i) pli_buf_text(buf, ",");
        if (column->whole) {
            memcpy(&whole, member, sizeof whole);
            pli_buf_printf(buf, "%lu", (unsigned long)whole);
        } else {
            memcpy(&number, member, sizeof number);
            put_number(buf, number);
        }
    }
    pli_buf_text(buf, "]");
}

static void put_rows(pli_buf *buf, const plurum_replay *r, const uint64_t *rows)
{
    pli_buf_text(buf, ",\"row\":[");
    for (size_t i = 0; i < r->ranked_count; i++) {
        if (i) pli_buf_text(buf, ",");
        if (rows[i] == PLURUM_REPLAY_NO_ROW)
            pli_buf_text(buf, "null");
        else
            pli_buf_printf(buf, "%llu", (unsigned long long)rows[i]);
    }
    pli_buf_text(buf, "]");
}

plurum_status plurum_replay_print(char **out, plurum_replay *r, const uint64_t *rows,
                                  uint64_t query_row, plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT;
    put_head(&buf, r, rows ? query_row : PLURUM_REPLAY_NO_ROW);
    pli_buf_text(&buf, ",\"candidates\":{\"id\":[");
    for (size_t i = 0; i < r->ranked_count; i++) {
        const char *key = r->keys[pli_replay_place(r, r->ranked[i])];
        if (i) pli_buf_text(&buf, ",");
        pli_json_put_string(&buf, key, strlen(key));
    }
    pli_buf_text(&buf, "]");
    for (size_t i = 0; i < COLUMN_COUNT; i++) put_column(&buf, r, &COLUMNS[i]);
    if (rows) put_rows(&buf, r, rows);
    pli_buf_text(&buf, "}}");
    *out = pli_buf_take_text(&buf);
    return *out ? PLURUM_OK : pli_nomem(error);
}

/* ---- reading ---- */

typedef struct table {
    const float *vectors;
    size_t rows, dim;
} table;

static plurum_status bad(plurum_error *error, const char *member)
{
    return pli_fail(error, PLURUM_INVALID, "%s: missing or malformed", member);
}

/* A number, or null as NAN. */
static int number_of(double *out, const json_t *value)
{
    *out = json_is_null(value) ? NAN : json_number_value(value);
    return json_is_number(value) || json_is_null(value);
}

static int member_of(double *out, const json_t *object, const char *name)
{
    return number_of(out, json_object_get(object, name));
}

/* A whole number within 0 and most. */
static int whole_of(uint64_t *out, const json_t *value, uint64_t most)
{
    *out = (uint64_t)json_integer_value(value);
    return json_is_integer(value) && json_integer_value(value) >= 0 && *out <= most;
}

static plurum_status read_weights(plurum_replay *r, const json_t *line, plurum_error *error)
{
    const json_t *weights = json_object_get(line, "weights");
    const char *name;
    json_t *value;
    if (!json_is_object(weights)) return bad(error, "weights");
    pli_weights_init(&r->weights); /* of those that a later version has added */
    json_object_foreach((json_t *)(uintptr_t)weights, name, value) {
        const char *word = json_string_value(value);
        double number = 0.0;
        if (!word && !number_of(&number, value)) return bad(error, "weights");
        plurum_status status = word ? plurum_weights_set_text(&r->weights, name, word, error)
                                    : plurum_weights_set(&r->weights, name, number, error);
        if (status) return status;
    }
    return PLURUM_OK;
}

static plurum_status read_head(plurum_replay *r, const json_t *line, plurum_error *error)
{
    const json_t *model = json_object_get(line, "model");
    const json_t *background = json_object_get(line, "background");
    uint64_t version, k, text, vector, tools, count;
    if (!whole_of(&version, json_object_get(line, "replay"), 1) || version != 1)
        return bad(error, "replay");
    if (!whole_of(&r->seq, json_object_get(line, "seq"), INT64_MAX)) return bad(error, "seq");
    if (!json_is_integer(json_object_get(line, "now"))) return bad(error, "now");
    r->now = json_integer_value(json_object_get(line, "now"));
    if (!whole_of(&k, json_object_get(line, "k"), PLURUM_LIMIT_MAX)) return bad(error, "k");
    if (!whole_of(&text, json_object_get(line, "text_active"), 1) ||
        !whole_of(&vector, json_object_get(line, "vector_active"), 1) ||
        !whole_of(&tools, json_object_get(line, "tools_asked"), 1))
        return bad(error, "text_active, vector_active or tools_asked");
    if (!member_of(&r->model.alpha, model, "alpha") ||
        !member_of(&r->model.pivot, model, "pivot") || !member_of(&r->model.lean, model, "lean") ||
        !member_of(&r->model.feedback_lean, model, "feedback_lean"))
        return bad(error, "model");
    if (!member_of(&r->input.text_most, line, "text_most") || !(r->input.text_most >= 0.0))
        return bad(error, "text_most");
    if (!member_of(&r->noise, line, "noise") || !(r->noise >= 0.0 && r->noise <= 1.0))
        return bad(error, "noise");
    if (!member_of(&r->input.background_mean, background, "mean") ||
        !member_of(&r->input.background_sd, background, "sd") ||
        !whole_of(&count, json_object_get(background, "count"), UINT32_MAX))
        return bad(error, "background");
    r->k = (uint32_t)k;
    r->input.pivot = r->model.pivot;
    r->input.text_active = (int)text;
    r->input.vector_active = (int)vector;
    r->input.tools_asked = (int)tools;
    r->input.background_count = (uint32_t)count;
    const char *name = json_string_value(json_object_get(line, "_id"));
    if (!name) name = json_string_value(json_object_get(line, "query"));
    if (name && !(r->name = pli_strdup(name))) return pli_nomem(error);
    return read_weights(r, line, error);
}

static plurum_status read_query(plurum_replay *r, const json_t *line, const table *vectors,
                                plurum_error *error)
{
    const json_t *row = json_object_get(line, "query_row"), *dim = json_object_get(line, "dim");
    uint64_t place, wide;
    if (!row || !vectors->vectors) return PLURUM_OK;
    if (!whole_of(&place, row, INT64_MAX)) return bad(error, "query_row");
    if (!whole_of(&wide, dim, PLURUM_DIM_MAX)) return bad(error, "dim");
    if (wide != vectors->dim || place >= vectors->rows)
        return pli_fail(error, PLURUM_MISMATCH,
                        "vector %llu of %llu dimensions, the table has %zu of %zu",
                        (unsigned long long)place, (unsigned long long)wide, vectors->rows,
                        vectors->dim);
    r->input.dim = (uint32_t)wide;
    r->query = pli_memdup(vectors->vectors + place * vectors->dim, wide * sizeof *r->query);
    return r->query ? PLURUM_OK : pli_nomem(error);
}

static plurum_status read_column(plurum_replay *r, const json_t *columns,
                                 const struct column *column, plurum_error *error)
{
    const json_t *values = json_object_get(columns, column->name);
    if (!values && column->rare) return PLURUM_OK; /* zeros */
    if (json_array_size(values) != r->count) return bad(error, column->name);
    for (size_t i = 0; i < r->count; i++) {
        const json_t *value = json_array_get(values, i);
        char *member = (char *)&r->candidates[i] + column->offset;
        uint64_t wide = 0;
        double number = 0.0;
        if (column->whole ? !whole_of(&wide, value, UINT32_MAX) : !number_of(&number, value))
            return bad(error, column->name);
        uint32_t whole = (uint32_t)wide;
        if (column->whole)
            memcpy(member, &whole, sizeof whole);
        else
            memcpy(member, &number, sizeof number);
    }
    return PLURUM_OK;
}

/* Which candidate of the line has the ith lowest id; equal ids are refused. */
typedef struct line_place {
    uint32_t id, place;
} line_place;

static int by_id(const void *a, const void *b)
{
    const line_place *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static plurum_status read_row(const float **out, const json_t *value, const table *vectors,
                              plurum_error *error)
{
    uint64_t row;
    *out = NULL;
    if (json_is_null(value)) return PLURUM_OK;
    if (!whole_of(&row, value, INT64_MAX)) return bad(error, "row");
    if (row >= vectors->rows)
        return pli_fail(error, PLURUM_MISMATCH, "vector %llu, the table has %zu",
                        (unsigned long long)row, vectors->rows);
    *out = vectors->vectors + row * vectors->dim;
    return PLURUM_OK;
}

/* What belongs to the candidate at one place of the order by id. */
static plurum_status settle(plurum_replay *r, size_t i, const line_place *from,
                            const json_t *columns, const table *vectors, plurum_error *error)
{
    const char *key = json_string_value(json_array_get(json_object_get(columns, "id"), from->place));
    if (!key) return bad(error, "id");
    r->keys[i] = pli_strdup(key);
    if (!r->keys[i]) return pli_nomem(error);
    r->written[i] = r->candidates[i].score;
    r->written_place[i] = from->place;
    if (!r->query || isnan(r->candidates[i].cosine)) return PLURUM_OK;
    const json_t *row = json_array_get(json_object_get(columns, "row"), from->place);
    plurum_status status = read_row(&r->vectors[i], row, vectors, error);
    return status || r->vectors[i] ? status : bad(error, "row");
}

static plurum_status order_candidates(plurum_replay *r, const json_t *columns,
                                      const table *vectors, plurum_error *error)
{
    line_place *places = pli_calloc(r->count + 1, sizeof *places);
    plurum_status status = places ? PLURUM_OK : pli_nomem(error);
    for (size_t i = 0; i < r->count && places; i++)
        places[i] = (line_place){r->candidates[i].id, (uint32_t)i};
    if (places && r->count > 1) qsort(places, r->count, sizeof *places, by_id);
    if (places && r->count) memcpy(r->fewer, r->candidates, r->count * sizeof *r->fewer);
    for (size_t i = 0; i < r->count && !status; i++) {
        r->candidates[i] = r->fewer[places[i].place];
        if (i && places[i].id == places[i - 1].id)
            status = bad(error, "internal");
        else
            status = settle(r, i, &places[i], columns, vectors, error);
    }
    pli_free(places);
    return status;
}

static plurum_status read_candidates(plurum_replay *r, const json_t *line, const table *vectors,
                                     plurum_error *error)
{
    const json_t *columns = json_object_get(line, "candidates");
    const json_t *ids = json_object_get(columns, "id");
    if (!json_is_array(ids)) return bad(error, "candidates");
    plurum_status status = pli_replay_room(r, json_array_size(ids), error);
    r->written = pli_calloc(r->count + 1, sizeof *r->written);
    r->written_place = pli_calloc(r->count + 1, sizeof *r->written_place);
    if (!status && (!r->written || !r->written_place)) status = pli_nomem(error);
    for (size_t c = 0; c < COLUMN_COUNT && !status; c++)
        status = read_column(r, columns, &COLUMNS[c], error);
    return status ? status : order_candidates(r, columns, vectors, error);
}

plurum_status plurum_replay_parse(plurum_replay **out, const char *text, size_t len,
                                  const float *vectors, size_t row_count, size_t dim,
                                  plurum_error *error)
{
    const table rows = {vectors, vectors ? row_count : 0, dim};
    *out = NULL;
    json_t *line = json_loadb(text, len, 0, NULL);
    plurum_replay *r = pli_calloc(1, sizeof *r);
    plurum_status status = r ? PLURUM_OK : pli_nomem(error);
    if (!status && !json_is_object(line)) status = bad(error, "the line");
    if (!status) status = read_head(r, line, error);
    if (!status) status = read_query(r, line, &rows, error);
    if (!status) status = read_candidates(r, line, &rows, error);
    json_decref(line);
    if (status) {
        plurum_replay_free(r);
        return status;
    }
    pli_replay_point(r);
    plurum_replay_rank(r, &r->weights, NULL); /* without vectors there may be no ranking yet */
    *out = r;
    return PLURUM_OK;
}
