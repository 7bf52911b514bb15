/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the events of an imported line: the members of a line of feedback, and with them what the
 * index that exported them had settled: number, weight, and whether they count.
 */
#include <config.h>

#include "engine/write/events.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/unicode.h"
#include "engine/alike.h"
#include "engine/write/change.h"
#include "experience/content.h"

#define WHOLE_MAX 9007199254740992.0 /* 2^53: whole numbers that JSON carries safely */

/* The member, or NULL where it is absent or null. */
static const json_t *member(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_null(value) ? NULL : value;
}

static plurum_status refuse(plurum_error *error, const json_t *object, size_t i, const char *name,
                            const char *expected)
{
    char path[64];
    snprintf(path, sizeof path, "events[%zu].%s", i, name);
    return pli_refuse_value(error, path, member(object, name), expected);
}

int pli_json_time(int64_t *out, const json_t *value)
{
    if (json_is_string(value))
        return pli_time_parse(out, json_string_value(value), json_string_length(value));
    double seconds = json_number_value(value);
    if (!json_is_number(value) || !(seconds >= -WHOLE_MAX && seconds <= WHOLE_MAX)) return -1;
    *out = (int64_t)seconds;
    return (double)*out == seconds ? 0 : -1;
}

static plurum_status read_whole(int64_t *out, const json_t *object, const char *name, int64_t least,
                                size_t i, plurum_error *error)
{
    const json_t *value = member(object, name);
    if (!value) return PLURUM_OK;
    double number = json_number_value(value);
    if (!json_is_number(value) || !(number >= (double)least && number <= WHOLE_MAX) ||
        (double)(int64_t)number != number)
        return refuse(error, object, i, name, least ? "a whole number of 1 or more"
                                            : "a whole number of 0 or more");
    *out = (int64_t)number;
    return PLURUM_OK;
}

static plurum_status read_note(pli_slice *out, const json_t *object, const char *name, size_t i,
                               plurum_error *error)
{
    const json_t *value = member(object, name);
    if (!value) return PLURUM_OK;
    if (!json_is_string(value) ||
        pli_utf8_length(json_string_value(value), json_string_length(value)) > PLURUM_TEXT_MAX)
        return refuse(error, object, i, name, "a string of at most 50000 code points");
    *out = pli_slice_of(json_string_value(value), json_string_length(value));
    return PLURUM_OK;
}

static plurum_status read_query(pli_report_row *row, const json_t *object, size_t i,
                                plurum_error *error)
{
    if (json_string_length(member(object, "query")) > PLURUM_OUTCOME_QUERY_MAX)
        return pli_fail(error, PLURUM_INVALID, "events[%zu].query: at most %d bytes allowed", i,
                        PLURUM_OUTCOME_QUERY_MAX);
    plurum_status status = read_note(&row->query, object, "query", i, error);
    return status ? status
                  : pli_alike_words(&row->query_words, (const char *)row->query.bytes, row->query.len,
                                    error);
}

/* An object, or the text of one; the text is kept in the object's place. */
static plurum_status read_environment(pli_slice *out, json_t *object, size_t i, plurum_error *error)
{
    static const char NAME[] = "env_fingerprint";
    const json_t *value = member(object, NAME);
    if (json_is_object(value)) {
        char *text = pli_json_text(value);
        int failed = !text || json_object_set_new(object, NAME, json_string(text));
        pli_free(text);
        if (failed) return pli_nomem(error);
    } else if (json_is_string(value)) {
        json_t *inside = json_loads(json_string_value(value), JSON_REJECT_DUPLICATES, NULL);
        int sound = json_is_object(inside);
        json_decref(inside);
        if (!sound) return refuse(error, object, i, NAME, "a JSON object");
    } else if (value) {
        return refuse(error, object, i, NAME, "a JSON object");
    }
    return read_note(out, object, NAME, i, error);
}

static plurum_status read_code(pli_event *out, const json_t *object, size_t i, plurum_error *error)
{
    static const char NAME[] = "query_code", EXPECTED[] = "whole numbers from -127 to 127, not all 0";
    const json_t *value = member(object, NAME);
    int is_zero = 1;
    if (!value) return PLURUM_OK;
    out->code_dim = json_array_size(value);
    if (out->code_dim < 1 || out->code_dim > PLURUM_DIM_MAX)
        return refuse(error, object, i, NAME, EXPECTED);
    out->code = pli_malloc(PLI_ALIKE_HEAD + out->code_dim);
    if (!out->code) return pli_nomem(error);
    for (size_t j = 0; j < out->code_dim; j++) {
        double number = json_number_value(json_array_get(value, j));
        if (!json_is_number(json_array_get(value, j)) || !(fabs(number) <= 127.0) ||
            number != nearbyint(number))
            return refuse(error, object, i, NAME, EXPECTED);
        out->code[PLI_ALIKE_HEAD + j] = (unsigned char)(int8_t)number;
        is_zero &= number == 0.0;
    }
    return is_zero ? refuse(error, object, i, NAME, EXPECTED) : PLURUM_OK;
}

static plurum_status read_kind(pli_event *out, const json_t *object, size_t i, plurum_error *error)
{
    const char *type = json_string_value(member(object, "type"));
    const json_t *success = member(object, "success");
    const char *vote = json_string_value(member(object, "vote"));
    if (!type || (strcmp(type, "outcome") != 0 && strcmp(type, "vote") != 0))
        return refuse(error, object, i, "type", "outcome or vote");
    out->vote = *type == 'v';
    if (!out->vote && !json_is_boolean(success)) return refuse(error, object, i, "success", "true or false");
    if (out->vote && (!vote || (strcmp(vote, "up") != 0 && strcmp(vote, "down") != 0)))
        return refuse(error, object, i, "vote", "up or down");
    out->row.value = (int8_t)(out->vote ? (*vote == 'u' ? 1 : -1) : json_is_true(success));
    return PLURUM_OK;
}

static plurum_status read_agent(pli_event *out, const json_t *object, size_t i, plurum_error *error)
{
    const json_t *agent = member(object, "agent");
    const char *name = json_string_value(agent);
    if (!name || strlen(name) != json_string_length(agent) || pli_check_agent(name, "agent", NULL))
        return refuse(error, object, i, "agent", "1 to 64 bytes of printable ASCII");
    out->row.agent = pli_slice_text(name);
    return PLURUM_OK;
}

/* What an export says beside: whether it counts, with what weight, and its number. */
static plurum_status read_settled(pli_event *out, const json_t *object, size_t i,
                                  plurum_error *error)
{
    const json_t *counted = member(object, "counted"), *weight = member(object, "weight");
    int64_t seq = 0;
    if (counted && !json_is_boolean(counted)) return refuse(error, object, i, "counted", "true or false");
    if (counted) out->row.counted = json_is_true(counted);
    if (weight) out->row.weight = json_number_value(weight);
    if (!(out->row.weight > 0.0 && out->row.weight <= 1.0))
        return refuse(error, object, i, "weight", "a number above 0 and up to 1");
    plurum_status status = read_whole(&seq, object, "seq", 1, i, error);
    out->row.seq = (uint64_t)seq;
    return status;
}

plurum_status pli_event_read(pli_event *out, json_t *object, size_t i, plurum_error *error)
{
    *out = (pli_event){.row = {.at = PLURUM_TIME_UNSET,
                               .weight = 1.0,
                               .execution_time_ms = -1,
                               .counted = PLI_COUNTED_UNSAID}};
    if (!json_is_object(object))
        return pli_fail(error, PLURUM_INVALID, "events[%zu]: an object expected", i);
    char name[32];
    snprintf(name, sizeof name, "events[%zu]", i);
    plurum_status status = pli_refuse_secrets(name, object, error); /* before anything is quoted */
    if (status) return status;
    const json_t *at = member(object, "at");
    if (at && pli_json_time(&out->row.at, at))
        return refuse(error, object, i, "at", "a time as 2026-02-07T10:30:00Z or Unix seconds");
    status = read_kind(out, object, i, error);
    if (!status) status = read_agent(out, object, i, error);
    if (!status) status = read_settled(out, object, i, error);
    if (out->vote || status) return status;
    status = read_whole(&out->row.execution_time_ms, object, "execution_time_ms", 0, i, error);
    if (!status) status = read_note(&out->row.error_message, object, "error_message", i, error);
    if (!status) status = read_note(&out->row.context_notes, object, "context_notes", i, error);
    if (!status) status = read_query(&out->row, object, i, error);
    if (!status) status = read_code(out, object, i, error);
    return status ? status : read_environment(&out->row.env_fingerprint, object, i, error);
}
