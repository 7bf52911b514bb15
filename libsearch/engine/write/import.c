/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Import: a line becomes a put, with the reports that it brings.
 *
 * A line without any of an export's members is parsed once, as it is. The others are taken apart:
 * what is left of them goes the same way, so that every check of a document holds for them too.
 */
#include <config.h>

#include "engine/write/import.h"

#include <plurum/jobs.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/options.h"
#include "engine/alike.h"
#include "engine/configuration.h"
#include "engine/write/events.h"
#include "experience/content.h"
#include "experience/load.h"

struct pli_import {
    int64_t updated_at;
    uint64_t last_seq;
    uint32_t number;
    json_t *tree; /* the events, which their rows point into */
    pli_event *events;
    size_t count;
};

void pli_import_free(pli_import *import)
{
    if (!import) return;
    json_decref(import->tree);
    for (size_t i = 0; i < import->count; i++) pli_free(import->events[i].code);
    pli_free(import->events);
    pli_free(import);
}

int64_t pli_import_updated_at(const pli_import *import)
{
    return import->updated_at;
}

uint64_t pli_import_last_seq(const pli_import *import)
{
    return import->last_seq;
}

uint32_t pli_import_number(const pli_import *import)
{
    return import->number;
}

int pli_import_query(pli_report_row **row, unsigned char ***code, pli_import *import, size_t i)
{
    if (i >= import->count) return 0;
    *row = &import->events[i].row;
    *code = &import->events[i].code;
    return 1;
}

/* ---- in the transaction ---- */

static plurum_status refuse_second(pli_txn *txn, pli_table table, uint32_t id,
                                   const pli_report_row *row, size_t i, plurum_error *error)
{
    char agent[PLURUM_AGENT_MAX + 1];
    pli_report_row before;
    snprintf(agent, sizeof agent, "%.*s", (int)row->agent.len, (const char *)row->agent.bytes);
    plurum_status status = pli_report_get(&before, txn, table, id, agent, error);
    if (status == PLURUM_NOTFOUND) return PLURUM_OK;
    return status ? status
                  : pli_fail(error, PLURUM_INVALID, "events[%zu]: a second %s of agent %s", i,
                             table == PLI_VOTES ? "vote" : "outcome", agent);
}

static plurum_status count_reporter(pli_txn *txn, pli_slice agent, plurum_error *error)
{
    uint64_t earlier;
    plurum_status status = pli_reporter_get(&earlier, txn, agent, error);
    return status ? status : pli_reporter_put(txn, agent, earlier + 1, error);
}

static plurum_status import_report(plurum_trust_state *trust, pli_event *e, size_t i,
                                   const plurum_index *index, pli_txn *txn, uint32_t id,
                                   plurum_error *error)
{
    pli_report_row *row = &e->row;
    pli_table table = e->vote ? PLI_VOTES : PLI_OUTCOMES;
    plurum_status status = refuse_second(txn, table, id, row, i, error);
    if (!status && !row->seq) status = pli_log_append(txn, PLI_EVENT_TRUST, id, &row->seq, error);
    if (!status) status = pli_report_put(txn, table, id, row, error);
    if (status || !row->counted) return status;
    if (e->vote)
        plurum_trust_vote(trust, 0, row->value);
    else
        plurum_trust_outcome(trust, &index->trust, row->value, row->at, row->weight);
    return e->vote ? PLURUM_OK : count_reporter(txn, row->agent, error);
}

plurum_status pli_import_reports(plurum_trust_state *trust, const pli_import *import,
                                 const plurum_index *index, pli_txn *txn, uint32_t id,
                                 pli_slice owner, int64_t now, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < import->count && !status; i++) {
        pli_event e = import->events[i]; /* a batch may be run again */
        if (e.row.at == PLURUM_TIME_UNSET) e.row.at = now;
        if (e.row.at > now)
            return pli_fail(error, PLURUM_INVALID, "events[%zu].at: later than the clock", i);
        if (e.row.counted == PLI_COUNTED_UNSAID)
            e.row.counted = !(owner.len == e.row.agent.len &&
                              memcmp(owner.bytes, e.row.agent.bytes, owner.len) == 0);
        status = import_report(trust, &e, i, index, txn, id, error);
    }
    return status;
}

/* ---- reading a line ---- */

/* All events are numbered, in ascending order, or none is. */
static plurum_status check_order(pli_import *import, plurum_error *error)
{
    for (size_t i = 0; i < import->count; i++) {
        uint64_t seq = import->events[i].row.seq;
        if (i ? (seq == 0) != (import->last_seq == 0) || (seq && seq <= import->last_seq) : 0)
            return pli_fail(error, PLURUM_INVALID,
                            "events[%zu].seq: above that of the event before expected", i);
        import->last_seq = seq;
    }
    return PLURUM_OK;
}

static plurum_status refuse_member(const json_t *line, const char *name, const char *expected,
                                   plurum_error *error)
{
    return pli_refuse_value(error, name, json_object_get(line, name), expected);
}

static plurum_status read_events(pli_import *import, json_t *line, plurum_error *error)
{
    json_t *tree = json_object_get(line, "events");
    if (!tree || json_is_null(tree)) return PLURUM_OK;
    if (!json_is_array(tree)) return refuse_member(line, "events", "an array", error);
    size_t count = json_array_size(tree);
    import->tree = json_incref(tree);
    import->events = pli_calloc(count + 1, sizeof *import->events);
    if (!import->events) return pli_nomem(error);
    plurum_status status = PLURUM_OK;
    import->count = count;
    for (size_t i = 0; i < count && !status; i++)
        status = pli_event_read(&import->events[i], json_array_get(tree, i), i, error);
    return status ? status : check_order(import, error);
}

/* The codes of queries' vectors become the index's own, under the rules for vectors. */
static plurum_status adopt_codes(pli_import *import, const plurum_batch *batch, plurum_error *error)
{
    const plurum_fingerprint *model = &batch->index->fingerprint;
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < import->count && !status; i++) {
        pli_event *e = &import->events[i];
        if (!e->code) continue;
        if (e->code_dim != model->dim)
            return pli_fail(error, PLURUM_MISMATCH,
                            "events[%zu].query_code: %zu numbers; the index is of model %s with %lu", i,
                            e->code_dim, model->name, (unsigned long)model->dim);
        status = pli_fingerprint_allow(model, batch->vectors_named ? model : NULL, error);
        if (!status) e->row.query_code = pli_alike_adopt(e->code, model);
    }
    return status;
}

/* "vector": *out is the caller's, NULL where there is none. */
static plurum_status read_vector(float **out, size_t *dim, const json_t *line, plurum_error *error)
{
    const json_t *vector = json_object_get(line, "vector");
    *out = NULL;
    if (!vector || json_is_null(vector)) return PLURUM_OK;
    *dim = json_array_size(vector);
    if (*dim < 1 || *dim > PLURUM_DIM_MAX)
        return pli_fail(error, PLURUM_INVALID, "vector: %zu numbers, an array of 1 to %d expected",
                        *dim, PLURUM_DIM_MAX);
    *out = pli_malloc(*dim * sizeof **out);
    if (!*out) return pli_nomem(error);
    for (size_t i = 0; i < *dim; i++) {
        const json_t *number = json_array_get(vector, i);
        (*out)[i] = (float)json_number_value(number);
        if (!json_is_number(number))
            return pli_fail(error, PLURUM_INVALID, "vector[%zu]: a number expected", i);
    }
    return PLURUM_OK;
}

static plurum_status put_experience(plurum_batch *batch, const char *text, size_t len,
                                    const plurum_import_options *o, plurum_error *error)
{
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_experience *experience;
    options.import = 1;
    options.lifecycle = o->lifecycle;
    plurum_status status = plurum_experience_parse(&experience, text, len, &options, error);
    if (status) return status;
    status = plurum_batch_put_experience(batch, experience, NULL, o->vector, o->dim, o->conflict,
                                         error);
    plurum_experience_free(experience);
    return status;
}

/* The member, or NULL where it is absent or null. */
static const json_t *member(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_null(value) ? NULL : value;
}

/* The members of a plain document that are not its content. */
static plurum_status read_plain(plurum_document *d, const json_t *line, plurum_error *error)
{
    const json_t *key = member(line, "key"), *owner = member(line, "agent_id");
    const json_t *status = member(line, "status"), *visibility = member(line, "visibility");
    const json_t *created = member(line, "created_at"), *confidence = member(line, "confidence");
    if (!json_is_string(key)) return refuse_member(line, "key", "a string", error);
    if (owner && !json_is_string(owner)) return refuse_member(line, "agent_id", "a string", error);
    if (status && (!json_is_string(status) ||
                   plurum_lifecycle_parse(&d->lifecycle, json_string_value(status))))
        return refuse_member(line, "status", "draft, published, verified or archived", error);
    if (visibility && (!json_is_string(visibility) ||
                       plurum_visibility_parse(&d->visibility, json_string_value(visibility))))
        return refuse_member(line, "visibility", "public, team or private", error);
    if (created && pli_json_time(&d->created_at, created))
        return refuse_member(line, "created_at", "a time as 2026-02-07T10:30:00Z", error);
    if (confidence && !json_is_number(confidence))
        return refuse_member(line, "confidence", "a number from 0 to 1", error);
    d->key = json_string_value(key);
    d->owner = json_string_value(owner);
    d->confidence = confidence ? json_number_value(confidence) : NAN;
    return PLURUM_OK;
}

static plurum_status put_plain(plurum_batch *batch, const json_t *line, const char *text,
                               size_t len, const plurum_import_options *o, plurum_error *error)
{
    static const char STORED[] = "stored content: ";
    pli_projection *projection;
    plurum_status status = pli_project(&projection, PLI_KIND_PLAIN, text, len, error);
    if (status == PLURUM_CORRUPT) {
        const char *said = error ? error->text : "";
        size_t skip = strncmp(said, STORED, sizeof STORED - 1) ? 0 : sizeof STORED - 1;
        char what[PLURUM_ERROR_TEXT_SIZE];
        snprintf(what, sizeof what, "%s", said + skip);
        return pli_fail(error, PLURUM_INVALID, "%s", what);
    }
    if (status) return status;
    plurum_document d = *pli_projection_document(projection);
    d.lifecycle = o->lifecycle;
    d.vector = o->vector;
    d.dim = o->dim;
    status = read_plain(&d, line, error);
    if (!status) status = plurum_batch_put(batch, &d, o->conflict, error);
    pli_projection_free(projection);
    return status;
}

/* A vector that has unit length already keeps its bits: scaled again, the last one might change. */
static void keep_bits(pli_change *change, const float *vector, size_t dim)
{
    double square = 0;
    for (size_t i = 0; i < dim; i++) square += (double)vector[i] * vector[i];
    if (change->vector && fabs(square - 1.0) < 1e-6)
        memcpy(change->vector, vector, dim * sizeof *vector);
}

static plurum_status put_rest(plurum_batch *batch, json_t *line, const plurum_import_options *o,
                              plurum_error *error)
{
    const char *kind = json_string_value(json_object_get(line, "kind"));
    int plain = kind && strcmp(kind, "plain") == 0;
    json_object_del(line, "events");
    json_object_del(line, "vector");
    char *text = pli_json_text(line);
    if (!text) return pli_nomem(error);
    size_t len = strlen(text);
    plurum_status status = plain ? put_plain(batch, line, text, len, o, error)
                                 : put_experience(batch, text, len, o, error);
    pli_free(text);
    return status;
}

static plurum_status read_facts(pli_import *import, const json_t *line, plurum_error *error)
{
    const json_t *updated = json_object_get(line, "updated_at");
    const json_t *number = json_object_get(line, "internal_id");
    double value = json_number_value(number);
    import->updated_at = PLURUM_TIME_UNSET;
    if (updated && !json_is_null(updated) && pli_json_time(&import->updated_at, updated))
        return refuse_member(line, "updated_at", "a time as 2026-02-07T10:30:00Z", error);
    if (!number || json_is_null(number)) return PLURUM_OK;
    if (!json_is_number(number) || !(value >= 1 && value < UINT32_MAX) ||
        value != (double)(uint32_t)value)
        return refuse_member(line, "internal_id", "a whole number from 1 to 4294967294", error);
    import->number = (uint32_t)value;
    return PLURUM_OK;
}

static plurum_status put_whole(plurum_batch *batch, json_t *line, const plurum_import_options *o,
                               plurum_error *error)
{
    plurum_import_options given = *o;
    float *vector = NULL;
    pli_import *import = pli_calloc(1, sizeof *import);
    if (!import) return pli_nomem(error);
    plurum_status status = read_facts(import, line, error);
    if (!status) status = read_events(import, line, error);
    if (!status) status = adopt_codes(import, batch, error);
    if (!status && !o->vector) status = read_vector(&vector, &given.dim, line, error);
    if (vector) given.vector = vector;
    if (!status) status = put_rest(batch, line, &given, error);
    if (!status) {
        pli_change *change = &batch->changes[batch->count - 1];
        if (vector) keep_bits(change, vector, given.dim);
        change->import = import;
        import = NULL;
    }
    pli_free(vector);
    pli_import_free(import);
    return status;
}

/* Whether a line has a member of an export; "events" inside a text costs a little time at worst. */
static int is_export(const char *line, size_t len)
{
    static const char *const NAMES[] = {"\"events\"", "\"vector\"", "\"updated_at\"", "\"internal_id\"",
                                        "\"kind\""};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (memmem(line, len, NAMES[i], strlen(NAMES[i]))) return 1;
    return 0;
}

plurum_status plurum_batch_import(plurum_batch *batch, const char *line, size_t len,
                                  const plurum_import_options *options, plurum_error *error)
{
    plurum_import_options o = PLURUM_IMPORT_OPTIONS_INIT;
    json_t *object;
    if (!line && len) return pli_fail(error, PLURUM_ARG, "line: NULL");
    plurum_status status =
        pli_options_copy(&o, sizeof o, options, "plurum_import_options", error);
    if (status) return status;
    if (!line || !is_export(line, len)) return put_experience(batch, line, len, &o, error);
    status = pli_json_read(&object, line, len, error);
    if (status) return status;
    json_t *exact = json_loadb(line, len, 0, NULL); /* whole numbers as such, where they fit */
    if (exact) {
        json_decref(object);
        object = exact;
    }
    if (json_is_object(object))
        status = put_whole(batch, object, &o, error);
    else
        status = put_experience(batch, line, len, &o, error); /* which says what is wrong */
    json_decref(object);
    return status;
}
