/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading by id, listing, and histories.
 */
#include <config.h>

#include <plurum/read.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "engine/answer/results.h"
#include "engine/search/plan.h"
#include "experience/acquire.h"

/* A moment without a view: all that reading by id needs. */
static plurum_status read_moment(pli_snapshot *snapshot, plurum_index *index, plurum_error *error)
{
    memset(snapshot, 0, sizeof *snapshot);
    plurum_status status = pli_txn_read(&snapshot->txn, index->store, error);
    if (!status) snapshot->index = index;
    return status;
}

static plurum_status find(uint32_t *id, pli_doc_row *row, pli_snapshot *snapshot, const char *name,
                          const plurum_viewer *viewer, plurum_error *error)
{
    plurum_status status = pli_doc_find(id, snapshot->txn, name, error);
    if (!status) status = pli_doc_get(row, snapshot->txn, *id, error);
    if (!status && !pli_may_see(viewer, row)) status = PLURUM_NOTFOUND;
    char quoted[PLI_QUOTE_SIZE];
    return status == PLURUM_NOTFOUND
               ? pli_fail(error, status, "no document %s", pli_quote(quoted, name, strlen(name)))
               : status;
}

static plurum_status score(plurum_trust_score *out, pli_snapshot *snapshot, uint32_t id,
                           int64_t now, plurum_error *error)
{
    plurum_trust_state state;
    plurum_status status = pli_trust_get(&state, snapshot->txn, id, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, PLURUM_CORRUPT, "trust: document %lu has no state",
                        (unsigned long)id);
    if (!status) plurum_trust_score_at(out, &state, &snapshot->index->trust, now);
    return status;
}

static int64_t moment(const plurum_index *index, int64_t now)
{
    return now == PLURUM_TIME_UNSET ? pli_clock_hour(pli_index_clock(index)) : now;
}

/* The detail object of what the viewer may see. */
static plurum_status detail(json_t **out, plurum_index *index, const char *id,
                            const plurum_viewer *viewer, plurum_error *error)
{
    plurum_viewer v;
    pli_snapshot snapshot;
    pli_doc_row row;
    pli_hit_memory memory;
    pli_facts facts;
    plurum_trust_score trust;
    uint32_t number;
    char *owner = NULL;
    if (!id) return pli_fail(error, PLURUM_ARG, "id: NULL");
    plurum_status status = pli_viewer_copy(&v, viewer, error);
    if (!status) status = read_moment(&snapshot, index, error);
    if (status) return status;
    status = find(&number, &row, &snapshot, id, &v, error);
    if (!status)
        status = score(&trust, &snapshot, number, moment(index, PLURUM_TIME_UNSET), error);
    if (!status)
        status = pli_facts_of(&facts, &owner, &memory, &snapshot, number, &trust, error);
    if (!status) status = pli_detail_json(out, &snapshot, number, &facts, error);
    pli_free(owner);
    pli_snapshot_release(&snapshot);
    return status;
}

plurum_status plurum_index_get(char **out, plurum_index *index, const char *id,
                               const plurum_viewer *viewer, plurum_error *error)
{
    json_t *json;
    *out = NULL;
    plurum_status status = detail(&json, index, id, viewer, error);
    return status ? status : pli_json_line(out, json, error);
}

plurum_status plurum_index_acquire(char **out, plurum_index *index, const char *id,
                                   plurum_acquire_mode mode, const plurum_viewer *viewer,
                                   plurum_error *error)
{
    json_t *json;
    *out = NULL;
    if (!plurum_acquire_mode_name(mode))
        return pli_fail(error, PLURUM_ARG, "mode: %d, allowed are 0 to %d", (int)mode,
                        PLURUM_ACQUIRE_FULL);
    plurum_status status = detail(&json, index, id, viewer, error);
    if (status) return status;
    json_t *form = pli_acquire(json, mode);
    json_decref(json);
    return pli_json_line(out, form, error);
}

/* ---- lists ---- */

typedef struct dated {
    int64_t created_at;
    uint32_t id;
} dated;

static int newest_first(const void *a, const void *b)
{
    const dated *x = a, *y = b;
    if (x->created_at != y->created_at) return x->created_at > y->created_at ? -1 : 1;
    return x->id > y->id ? -1 : x->id < y->id;
}

static dated *sorted_by_date(const pli_bitmap *allowed, const pli_columns *columns)
{
    dated *all = pli_malloc(allowed->count * sizeof *all);
    if (!all) return NULL;
    size_t n = 0;
    for (uint32_t id = pli_bitmap_next(allowed, 0); id < allowed->bound;
         id = pli_bitmap_next(allowed, id + 1))
        all[n++] = (dated){pli_columns_fixed(columns, id)->created_at, id};
    if (n > 1) qsort(all, n, sizeof *all, newest_first);
    return all;
}

static plurum_status list_page(plurum_results **out, pli_snapshot *snapshot, const dated *all,
                               size_t count, size_t limit, size_t offset, int64_t now,
                               plurum_error *error)
{
    size_t left = offset < count ? count - offset : 0, page = left < limit ? left : limit;
    plurum_status status = pli_results_new(out, page, error);
    for (size_t i = 0; i < page && !status; i++) {
        pli_candidate c = {.id = all[offset + i].id, .cosine = NAN, .similarity = NAN, .relevant = NAN};
        plurum_trust_score_at(&c.trust, &pli_view_row(snapshot->view, c.id)->trust,
                              &snapshot->index->trust, now);
        status = pli_results_fill(&(*out)->page, i, snapshot, &c, 1, error);
    }
    if (status) return status;
    (*out)->total = count;
    (*out)->seq = snapshot->view->seq;
    (*out)->now = now;
    return PLURUM_OK;
}

typedef struct listing {
    pli_bitmap *allowed;
    pli_snapshot *snapshot;
    const plurum_viewer *viewer;
    const plurum_filter *filter;
    int64_t now;
} listing;

static plurum_status plan_step(void *payload, plurum_error *error)
{
    listing *l = payload;
    return pli_plan(l->allowed, l->snapshot, l->viewer, l->filter, l->now, error);
}

/* What passes, at the snapshot's moment or, where the text index had to be made anew or left out, at
 * one after it. The snapshot may be a released one when this fails. */
static plurum_status plan_list(listing *l, plurum_error *error)
{
    enum { ATTEMPTS = 3 };
    plurum_index *index = l->snapshot->index;
    plurum_error why = {.text = "it cannot be read"};
    for (int i = 1;; i++) {
        plurum_status status = pli_snapshot_read_text(l->snapshot, plan_step, l, error);
        if (status != PLURUM_CORRUPT || i == ATTEMPTS) return status;
        if (error) why = *error;
        int healed = !pli_snapshot_heal(l->snapshot, &why);
        status = pli_snapshot_take(l->snapshot, index, error);
        if (status) return status;
        if (!healed) pli_snapshot_lose_text(l->snapshot, &why);
    }
}

plurum_status plurum_index_list(plurum_results **out, plurum_index *index,
                                const plurum_viewer *viewer, const plurum_filter *filter,
                                size_t limit, size_t offset, plurum_error *error)
{
    plurum_viewer v;
    plurum_filter f;
    pli_snapshot snapshot;
    pli_bitmap allowed = {0};
    dated *all = NULL;
    *out = NULL;
    if (limit < 1 || limit > PLURUM_LIMIT_MAX)
        return pli_fail(error, PLURUM_ARG, "limit: %zu, allowed are 1 to %d", limit,
                        PLURUM_LIMIT_MAX);
    plurum_status status = pli_viewer_copy(&v, viewer, error);
    if (!status) status = pli_filter_copy(&f, filter, error);
    if (!status) status = pli_snapshot_take(&snapshot, index, error);
    if (status) return status;
    int64_t now = moment(index, PLURUM_TIME_UNSET);
    status = plan_list(&(listing){&allowed, &snapshot, &v, &f, now}, error);
    if (!status && !(all = sorted_by_date(&allowed, &index->columns))) status = pli_nomem(error);
    if (!status)
        status = list_page(out, &snapshot, all, allowed.count, limit, offset, now, error);
    pli_free(all);
    pli_bitmap_free(&allowed);
    pli_snapshot_release(&snapshot);
    if (status) {
        plurum_results_free(*out);
        *out = NULL;
    }
    return status;
}

/* ---- histories ---- */

struct plurum_history {
    char key[PLURUM_KEY_MAX + 1];
    plurum_trust_score score;
    plurum_event *events;
    size_t count;
    pli_buf texts;
};

void plurum_history_free(plurum_history *history)
{
    if (!history) return;
    pli_free(history->events);
    pli_buf_free(&history->texts);
    pli_free(history);
}

/* Copies a text into the history's buffer; its offset + 1, or 0 for none. The buffer may move, so
 * offsets become pointers at the end. */
static size_t keep(plurum_history *history, pli_slice text)
{
    if (!text.len) return 0;
    size_t at = history->texts.len;
    pli_buf_add(&history->texts, text.bytes, text.len);
    pli_buf_u8(&history->texts, 0);
    return at + 1;
}

typedef struct text_offsets {
    size_t agent, error_message, context_notes, env_fingerprint, query;
} text_offsets;

static const char *text_at(const plurum_history *history, size_t offset)
{
    return offset ? (const char *)history->texts.bytes + offset - 1 : NULL;
}

static void copy_event(plurum_history *h, text_offsets *at, plurum_event *e, int kind,
                       const pli_report_row *row)
{
    *e = (plurum_event){.seq = row->seq,
                        .kind = kind,
                        .value = row->value,
                        .counted = row->counted,
                        .at = row->at,
                        .weight = row->weight,
                        .execution_time_ms = row->execution_time_ms};
    *at = (text_offsets){keep(h, row->agent), keep(h, row->error_message),
                         keep(h, row->context_notes), keep(h, row->env_fingerprint),
                         keep(h, row->query)};
}

/* Merges outcomes and votes, each in seq order, into one list. */
static plurum_status merge(plurum_history *h, const pli_report_row *outcomes, size_t outcome_count,
                           const pli_report_row *votes, size_t vote_count, plurum_error *error)
{
    size_t n = outcome_count + vote_count, o = 0, v = 0;
    text_offsets *at = pli_calloc(n, sizeof *at);
    h->events = pli_calloc(n, sizeof *h->events);
    if (!at || !h->events) {
        pli_free(at);
        return pli_nomem(error);
    }
    while (o + v < n) {
        int vote = o == outcome_count || (v < vote_count && votes[v].seq < outcomes[o].seq);
        size_t i = o + v;
        copy_event(h, &at[i], &h->events[i], vote, vote ? &votes[v++] : &outcomes[o++]);
    }
    for (size_t i = 0; i < n && !h->texts.failed; i++) {
        h->events[i].agent = text_at(h, at[i].agent);
        h->events[i].error_message = text_at(h, at[i].error_message);
        h->events[i].context_notes = text_at(h, at[i].context_notes);
        h->events[i].env_fingerprint = text_at(h, at[i].env_fingerprint);
        h->events[i].query = text_at(h, at[i].query);
    }
    pli_free(at);
    h->count = n;
    return h->texts.failed ? pli_nomem(error) : PLURUM_OK;
}

static plurum_status fill_history(plurum_history *h, pli_snapshot *snapshot, const char *id,
                                  int64_t now, plurum_error *error)
{
    plurum_viewer everything = PLURUM_VIEWER_INIT;
    everything.is_operator = 1;
    pli_doc_row row;
    pli_report_row *outcomes = NULL, *votes = NULL;
    size_t outcome_count = 0, vote_count = 0;
    uint32_t number;
    plurum_status status = find(&number, &row, snapshot, id, &everything, error);
    if (status) return status;
    memcpy(h->key, row.key.bytes, row.key.len < PLURUM_KEY_MAX ? row.key.len : PLURUM_KEY_MAX);
    status = score(&h->score, snapshot, number, now, error);
    if (!status)
        status = pli_reports_of(&outcomes, &outcome_count, snapshot->txn, PLI_OUTCOMES, number,
                                error);
    if (!status)
        status = pli_reports_of(&votes, &vote_count, snapshot->txn, PLI_VOTES, number, error);
    if (!status) status = merge(h, outcomes, outcome_count, votes, vote_count, error);
    pli_free(outcomes);
    pli_free(votes);
    return status;
}

plurum_status plurum_index_history(plurum_history **out, plurum_index *index, const char *id,
                                   int64_t now, plurum_error *error)
{
    pli_snapshot snapshot;
    *out = NULL;
    if (!id) return pli_fail(error, PLURUM_ARG, "id: NULL");
    plurum_status status = read_moment(&snapshot, index, error);
    if (status) return status;
    plurum_history *h = pli_calloc(1, sizeof *h);
    status = h ? fill_history(h, &snapshot, id, moment(index, now), error) : pli_nomem(error);
    pli_snapshot_release(&snapshot);
    if (status)
        plurum_history_free(h);
    else
        *out = h;
    return status;
}

const char *plurum_history_key(const plurum_history *history)
{
    return history->key;
}

const plurum_trust_score *plurum_history_score(const plurum_history *history)
{
    return &history->score;
}

size_t plurum_history_count(const plurum_history *history)
{
    return history->count;
}

const plurum_event *plurum_history_event(const plurum_history *history, size_t i)
{
    return i < history->count ? &history->events[i] : NULL;
}
