/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verification: the frame, and the store's records.
 *
 * Nothing is trusted to vouch for itself: records are checked against their seals, tables against
 * their counters, documents against each other's tables, trust against its events, postings against
 * a fresh analysis, and the view that was made step by step against one made from the whole store.
 */
#include <config.h>

#include "engine/verify/verify.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/options.h"

plurum_status pli_verify_find(pli_verify *v, plurum_error *error, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    pli_one_line(line);
    v->report.findings++;
    if (v->finding && v->finding(v->payload, line))
        return pli_fail(error, PLURUM_CANCELLED, "verification was stopped");
    return PLURUM_OK;
}

/* What a part of the check came to: damage is a finding, and whatever keeps from checking ends it. */
static plurum_status judge(pli_verify *v, plurum_status came_to, const plurum_error *what,
                           plurum_error *error)
{
    if (!came_to) return PLURUM_OK;
    if (came_to == PLURUM_CORRUPT) return pli_verify_find(v, error, "%s", what->text);
    if (error) *error = *what;
    return came_to;
}

/* Names every damaged record of a table, then compares the table with its counters. */
static plurum_status verify_table(pli_verify *v, pli_table table, plurum_error *error)
{
    plurum_error what;
    pli_walk *walk;
    pli_slice key, value;
    pli_txn *txn = v->snapshot->txn;
    plurum_status status = pli_walk_begin(&walk, txn, table, NULL, 0, error);
    while (!status) {
        plurum_status found = pli_walk_next(walk, &key, &value, &what);
        if (found == PLURUM_NOTFOUND) break;
        v->report.records++;
        status = judge(v, found, &what, error);
    }
    pli_walk_end(walk);
    uint64_t records;
    return status ? status
                  : judge(v, pli_table_audit(txn, table, &records, &what), &what, error);
}

static plurum_status ignore_event(void *payload, uint64_t seq, pli_event_kind kind, uint32_t id,
                                  plurum_error *error)
{
    (void)payload;
    (void)seq;
    (void)kind;
    (void)id;
    (void)error;
    return PLURUM_OK;
}

/* The log: no gap from its first event to the newest. */
static plurum_status verify_log(pli_verify *v, plurum_error *error)
{
    plurum_error what;
    uint64_t seq = pli_txn_seq(v->snapshot->txn), kept = pli_txn_count(v->snapshot->txn, PLI_LOG);
    if (kept > seq)
        return pli_verify_find(v, error, "log: %llu events, but only %llu were numbered",
                               (unsigned long long)kept, (unsigned long long)seq);
    plurum_status status = pli_log_replay(v->snapshot->txn, seq - kept, ignore_event, NULL, &what);
    if (status == PLURUM_NOTFOUND)
        return pli_verify_find(v, error, "log: it does not reach back to event %llu",
                               (unsigned long long)(seq - kept + 1));
    return judge(v, status, &what, error);
}

plurum_status pli_verify_records(pli_verify *v, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    for (int t = 0; t < PLI_TABLE_COUNT && !status; t++)
        status = verify_table(v, (pli_table)t, error);
    return status ? status : verify_log(v, error);
}

static int same_background(const pli_view *view, const pli_flat *vectors)
{
    pli_background drawn = {0};
    if (!vectors) return view->background.count == 0;
    pli_background_draw(&drawn, &view->live, vectors);
    return drawn.count == view->background.count &&
           memcmp(drawn.ids, view->background.ids, drawn.count * sizeof *drawn.ids) == 0;
}

int pli_verify_same_view(const pli_view *fresh, const pli_view *have, const pli_flat *vectors)
{
    int same = fresh->bound == have->bound && fresh->live.count == have->live.count &&
               fresh->open.count == have->open.count &&
               fresh->suspect.count == have->suspect.count &&
               memcmp(&fresh->signal, &have->signal, sizeof have->signal) == 0 &&
               same_background(have, vectors) &&
               memcmp(fresh->live_length, have->live_length, sizeof have->live_length) == 0;
    for (uint32_t id = pli_bitmap_next(&fresh->live, 0); same && id < fresh->bound;
         id = pli_bitmap_next(&fresh->live, id + 1)) {
        const pli_variable *a = pli_view_row(fresh, id), *b = pli_view_row(have, id);
        same = b->live && a->lifecycle == b->lifecycle && a->visibility == b->visibility &&
               a->vector == b->vector && memcmp(&a->trust, &b->trust, sizeof a->trust) == 0;
    }
    return same;
}

/* The view against one made from the store alone; its documents' fixed part is compared with them. */
static plurum_status verify_view(pli_verify *v, plurum_error *error)
{
    plurum_index *index = v->snapshot->index;
    const pli_view *have = v->snapshot->view;
    pli_columns columns;
    pli_view *fresh = NULL;
    plurum_error what;
    plurum_status status = pli_columns_init(&columns, error);
    if (status) {
        pli_columns_free(&columns);
        return status;
    }
    pli_view_source source = {.columns = &columns,
                              .trust = &index->trust,
                              .model = index->model,
                              .text_last_id = UINT32_MAX, /* no tail: its terms are checked below */
                              .terms = pli_stored_terms,
                              .payload = index};
    status = pli_view_make(&fresh, NULL, &source, v->snapshot->txn, &what);
    if (status) {
        pli_error_prefix(&what, "columns");
        status = judge(v, status, &what, error);
    } else {
        if (!pli_verify_same_view(fresh, have, index->vectors))
            status = pli_verify_find(v, error, "columns: they do not agree with the store");
        if (!status) status = pli_verify_checkpoint(v, fresh, &columns, error);
    }
    pli_view_unref(fresh);
    pli_columns_free(&columns);
    return status;
}

static plurum_status run(pli_verify *v, plurum_error *error)
{
    v->expected = pli_calloc(v->snapshot->view->bound, sizeof *v->expected);
    if (!v->expected) return pli_nomem(error);
    plurum_status status = pli_verify_records(v, error);
    if (!status) status = verify_view(v, error);
    if (!status) status = pli_verify_documents(v, error);
    if (!status) status = pli_verify_text(v, error);
    if (!status) status = pli_verify_segments(v, error);
    pli_free(v->expected);
    return status;
}

plurum_status plurum_index_verify(plurum_verify_report *out, plurum_index *index,
                                  int (*finding)(void *payload, const char *line), void *payload,
                                  plurum_error *error)
{
    pli_snapshot snapshot;
    pli_verify v = {.snapshot = &snapshot, .finding = finding, .payload = payload};
    size_t size = out->struct_size;
    plurum_status status = pli_options_size(size, "plurum_verify_report", error);
    if (!status) status = pli_snapshot_take(&snapshot, index, error);
    if (status) return status;
    pli_txn_limit(snapshot.txn, index->options.snapshot_seconds);
    status = run(&v, error);
    pli_snapshot_release(&snapshot);
    memset(out, 0, size);
    memcpy(out, &v.report, size < sizeof v.report ? size : sizeof v.report);
    out->struct_size = size;
    if (!status && v.report.findings)
        status = pli_fail(error, PLURUM_CORRUPT, "%s: %llu findings", index->path,
                          (unsigned long long)v.report.findings);
    return status;
}
