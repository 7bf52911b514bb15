/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Batches: making, filling with reports and changes of state, and committing them. Documents are
 * added in batch_put.c.
 */
#include <config.h>

#include <plurum/secrets.h>
#include <plurum/write.h>

#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/options.h"
#include "base/unicode.h"
#include "engine/alike.h"
#include "engine/write/change.h"
#include "engine/write/later.h"
#include "experience/content.h"

plurum_status plurum_batch_new(plurum_batch **out, plurum_index *index, plurum_error *error)
{
    *out = NULL;
    if (index->options.read_only)
        return pli_fail(error, PLURUM_UNSUPPORTED, "%s: opened for reading only", index->path);
    *out = pli_calloc(1, sizeof **out);
    if (!*out) return pli_nomem(error);
    (*out)->index = index;
    return PLURUM_OK;
}

static void empty(plurum_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) pli_change_free(&batch->changes[i]);
    batch->count = 0;
}

void plurum_batch_free(plurum_batch *batch)
{
    if (!batch) return;
    empty(batch);
    pli_free(batch->changes);
    pli_free(batch);
}

size_t plurum_batch_count(const plurum_batch *batch)
{
    return batch->count;
}

plurum_status pli_batch_add(plurum_batch *batch, pli_change *change, plurum_status status,
                            plurum_error *error)
{
    if (!status && pli_grow(&batch->changes, &batch->cap, batch->count, sizeof *change))
        status = pli_nomem(error);
    if (status)
        pli_change_free(change);
    else
        batch->changes[batch->count++] = *change;
    return status;
}

plurum_status pli_check_agent(const char *agent, const char *what, plurum_error *error)
{
    size_t len = strnlen(agent, PLURUM_AGENT_MAX + 1);
    int sound = len > 0 && len <= PLURUM_AGENT_MAX;
    plurum_status status = plurum_secrets_check(what, agent, len, error);
    if (status) return status;
    for (size_t i = 0; sound && i < len; i++) sound = agent[i] >= 0x20 && agent[i] < 0x7F;
    char quoted[PLI_QUOTE_SIZE];
    return sound ? PLURUM_OK
                 : pli_fail(error, PLURUM_INVALID, "%s: %s, 1 to %d bytes of printable ASCII expected",
                            what, pli_quote(quoted, agent, len), PLURUM_AGENT_MAX);
}

static plurum_status copy_names(pli_change *change, const char *id, const char *agent,
                                plurum_error *error)
{
    if (!id || !*id) return pli_fail(error, PLURUM_INVALID, "id: empty");
    plurum_status status = agent ? pli_check_agent(agent, "agent", error) : PLURUM_OK;
    if (status) return status;
    change->id = pli_strdup(id);
    change->agent = agent ? pli_strdup(agent) : NULL;
    return change->id && (!agent || change->agent) ? PLURUM_OK : pli_nomem(error);
}

static plurum_status check_length(const char *text, const char *what, plurum_error *error)
{
    long length = pli_utf8_length(text, strlen(text));
    if (length < 0) return pli_fail(error, PLURUM_INVALID, "%s: not valid UTF-8", what);
    return length <= PLURUM_TEXT_MAX
               ? PLURUM_OK
               : pli_fail(error, PLURUM_INVALID, "%s: %ld code points, at most %d allowed", what,
                          length, PLURUM_TEXT_MAX);
}

static plurum_status check_note(const char *text, const char *what, plurum_error *error)
{
    if (!text) return PLURUM_OK;
    plurum_status status = check_length(text, what, error);
    return status ? status : plurum_secrets_check(what, text, strlen(text), error);
}

static plurum_status check_environment(const char *text, plurum_error *error)
{
    if (!text) return PLURUM_OK;
    plurum_status status = check_length(text, "env_fingerprint", error);
    if (status) return status;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    status = json_is_object(json)
                 ? pli_refuse_secrets("env_fingerprint", json, error)
                 : pli_fail(error, PLURUM_INVALID, "env_fingerprint: a JSON object expected");
    json_decref(json);
    return status;
}

static plurum_status check_outcome(const plurum_outcome *o, plurum_error *error)
{
    if (!o->agent) return pli_fail(error, PLURUM_INVALID, "agent: missing");
    if (o->execution_time_ms < -1)
        return pli_fail(error, PLURUM_INVALID, "execution_time_ms: %lld, 0 or more expected",
                        (long long)o->execution_time_ms);
    plurum_status status = check_note(o->error_message, "error_message", error);
    if (!status) status = check_note(o->context_notes, "context_notes", error);
    if (!status && o->query && strlen(o->query) > PLURUM_OUTCOME_QUERY_MAX)
        status = pli_fail(error, PLURUM_INVALID, "query: %zu bytes, at most %d allowed",
                          strlen(o->query), PLURUM_OUTCOME_QUERY_MAX);
    if (!status) status = check_note(o->query, "query", error);
    return status ? status : check_environment(o->env_fingerprint, error);
}

/* The texts of a report end to end in one buffer, which no longer moves when the slices are set. */
static plurum_status copy_texts(pli_change *change, const plurum_outcome *o, plurum_error *error)
{
    const char *texts[] = {o->error_message, o->context_notes, o->env_fingerprint, o->query};
    pli_slice *slices[] = {&change->report.error_message, &change->report.context_notes,
                           &change->report.env_fingerprint, &change->report.query};
    enum { COUNT = sizeof texts / sizeof *texts };
    for (int i = 0; i < COUNT; i++)
        if (texts[i]) pli_buf_text(&change->strings, texts[i]);
    pli_buf_u8(&change->strings, 0); /* so that the query is a text for an embedder */
    if (change->strings.failed) return pli_nomem(error);
    size_t at = 0;
    for (int i = 0; i < COUNT; i++) {
        size_t len = texts[i] ? strlen(texts[i]) : 0;
        *slices[i] = len ? pli_slice_of(change->strings.bytes + at, len) : pli_slice_of(NULL, 0);
        at += len;
    }
    return pli_alike_words(&change->report.query_words, o->query, change->report.query.len, error);
}

/* The code of the query's vector, where one is given; else the commit has one made. */
static plurum_status prepare_query(pli_change *change, const plurum_batch *batch,
                                   const plurum_outcome *o, plurum_error *error)
{
    float *vector = NULL;
    if (!o->query_vector) return PLURUM_OK;
    plurum_status status = pli_batch_take_vector(&vector, batch, o->query_vector, o->dim, error);
    if (!status && vector)
        status = pli_alike_code(&change->report.query_code, &change->query_code,
                                &batch->index->fingerprint, vector, error);
    pli_free(vector);
    return status;
}

plurum_status plurum_batch_outcome(plurum_batch *batch, const plurum_outcome *outcome,
                                   plurum_error *error)
{
    plurum_outcome o = PLURUM_OUTCOME_INIT;
    if (!outcome) return pli_fail(error, PLURUM_ARG, "outcome: NULL");
    plurum_status status = pli_options_copy(&o, sizeof o, outcome, "plurum_outcome", error);
    if (!status) status = check_outcome(&o, error);
    if (status) return status;
    pli_change change = {.kind = PLI_CHANGE_OUTCOME};
    status = copy_names(&change, o.id, o.agent, error);
    if (!status) status = copy_texts(&change, &o, error);
    if (!status) status = prepare_query(&change, batch, &o, error);
    change.report.value = o.success != 0;
    change.report.at = o.at;
    change.report.execution_time_ms = o.execution_time_ms;
    return pli_batch_add(batch, &change, status, error);
}

plurum_status plurum_batch_vote(plurum_batch *batch, const char *id, const char *agent, int vote,
                                int64_t at, plurum_error *error)
{
    if (vote != 1 && vote != -1)
        return pli_fail(error, PLURUM_INVALID, "vote: %d, 1 or -1 expected", vote);
    if (!agent) return pli_fail(error, PLURUM_INVALID, "agent: missing");
    pli_change change = {.kind = PLI_CHANGE_VOTE};
    change.report.value = (int8_t)vote;
    change.report.at = at;
    change.report.execution_time_ms = -1;
    return pli_batch_add(batch, &change, copy_names(&change, id, agent, error), error);
}

plurum_status plurum_batch_set_lifecycle(plurum_batch *batch, const char *id, const char *agent,
                                         plurum_lifecycle lifecycle, plurum_error *error)
{
    if (!plurum_lifecycle_name(lifecycle))
        return pli_fail(error, PLURUM_INVALID, "lifecycle: %d is none", (int)lifecycle);
    pli_change change = {.kind = PLI_CHANGE_LIFECYCLE, .lifecycle = lifecycle};
    return pli_batch_add(batch, &change, copy_names(&change, id, agent, error), error);
}

plurum_status plurum_batch_delete(plurum_batch *batch, const char *id, const char *agent,
                                  plurum_error *error)
{
    pli_change change = {.kind = PLI_CHANGE_DELETE};
    return pli_batch_add(batch, &change, copy_names(&change, id, agent, error), error);
}

plurum_status plurum_batch_split(plurum_batch **rest, plurum_batch *batch, size_t at,
                                 plurum_error *error)
{
    *rest = NULL;
    if (at > batch->count)
        return pli_fail(error, PLURUM_ARG, "at: %zu, at most %zu expected", at, batch->count);
    size_t count = batch->count - at;
    plurum_status status = plurum_batch_new(rest, batch->index, error);
    if (status) return status;
    (*rest)->vectors_named = batch->vectors_named;
    (*rest)->embed_later = batch->embed_later;
    if (count == 0) return PLURUM_OK;
    (*rest)->changes = pli_reallocarray(NULL, count, sizeof *batch->changes);
    if (!(*rest)->changes) {
        plurum_batch_free(*rest);
        *rest = NULL;
        return pli_nomem(error);
    }
    memcpy((*rest)->changes, batch->changes + at, count * sizeof *batch->changes);
    (*rest)->count = (*rest)->cap = count;
    batch->count = at;
    return PLURUM_OK;
}

plurum_status plurum_batch_commit(plurum_batch *batch, plurum_receipt *receipts,
                                  plurum_error *error)
{
    if (batch->count == 0) return PLURUM_OK;
    plurum_status status = pli_batch_embed(batch, error);
    if (!status) status = pli_commit_batch(batch, receipts, error);
    if (status) return status;
    int waits = 0;
    for (size_t i = 0; i < batch->count; i++) waits |= batch->changes[i].waits;
    empty(batch);
    if (waits) pli_later_start(batch->index, NULL); /* it is committed: whatever comes of that */
    return PLURUM_OK;
}
