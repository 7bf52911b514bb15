/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Forgetting an agent: its reports and votes go, its documents have no owner any more, and the trust
 * of what it reported on is folded again from the reports that remain. One transaction.
 */
#include <config.h>

#include <plurum/jobs.h>

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/options.h"
#include "engine/apply/applier.h"
#include "engine/apply/builder.h"
#include "engine/job.h"
#include "engine/write/change.h"

/* Internal ids, ascending and each once where a walk in key order adds them. */
typedef struct id_list {
    uint32_t *ids;
    size_t count, cap;
} id_list;

typedef struct forgetting {
    plurum_index *index;
    const char *agent;
    pli_job job;
    id_list outcomes, votes, owned;
    plurum_forget_report report;
    uint64_t seq;
} forgetting;

static plurum_status add_id(id_list *list, uint32_t id, plurum_error *error)
{
    if (pli_grow(&list->ids, &list->cap, list->count, sizeof *list->ids)) return pli_nomem(error);
    list->ids[list->count++] = id;
    return PLURUM_OK;
}

static plurum_status take_owned(forgetting *f, uint32_t id, pli_slice value, plurum_error *error)
{
    pli_doc_row row;
    plurum_status status = pli_doc_decode(&row, id, value, error);
    if (status || !pli_slice_is(row.owner, f->agent)) return status;
    return add_id(&f->owned, id, error);
}

/* Which records of a table are the agent's. */
static plurum_status find_in(id_list *out, forgetting *f, pli_txn *txn, pli_table table,
                             plurum_error *error)
{
    pli_walk *walk;
    pli_slice key, value;
    plurum_status status = pli_walk_begin(&walk, txn, table, NULL, 0, error);
    while (!status && !(status = pli_walk_next(walk, &key, &value, error))) {
        if (key.len < 4)
            status = pli_fail(error, PLURUM_CORRUPT, "%s: a key has %zu bytes",
                              pli_table_name(table), key.len);
        else if (table == PLI_DOCS)
            status = take_owned(f, pli_load_be32(key.bytes), value, error);
        else if (pli_slice_is(pli_slice_of(key.bytes + 4, key.len - 4), f->agent))
            status = add_id(out, pli_load_be32(key.bytes), error);
        if (!status) status = pli_job_done(&f->job, error);
    }
    pli_walk_end(walk);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

static plurum_status find_all(forgetting *f, pli_txn *txn, plurum_error *error)
{
    f->outcomes.count = f->votes.count = f->owned.count = 0;
    plurum_status status = pli_job_step(&f->job, "records",
                                        pli_txn_count(txn, PLI_OUTCOMES) +
                                            pli_txn_count(txn, PLI_VOTES) +
                                            pli_txn_count(txn, PLI_DOCS),
                                        error);
    if (!status) status = find_in(&f->outcomes, f, txn, PLI_OUTCOMES, error);
    if (!status) status = find_in(&f->votes, f, txn, PLI_VOTES, error);
    return status ? status : find_in(&f->owned, f, txn, PLI_DOCS, error);
}

static plurum_status remove_reports(forgetting *f, pli_txn *txn, pli_table table,
                                    const id_list *list, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < list->count && !status; i++)
        status = pli_report_del(txn, table, list->ids[i], pli_slice_text(f->agent), error);
    return status;
}

static plurum_status fold(plurum_trust_state *trust, const plurum_index *index, pli_txn *txn,
                          pli_table table, uint32_t id, plurum_error *error)
{
    pli_report_row *rows;
    size_t count;
    plurum_status status = pli_reports_of(&rows, &count, txn, table, id, error);
    for (size_t i = 0; i < count && !status; i++) {
        if (!rows[i].counted) continue;
        if (table == PLI_VOTES)
            plurum_trust_vote(trust, 0, rows[i].value);
        else
            plurum_trust_outcome(trust, &index->trust, rows[i].value, rows[i].at, rows[i].weight);
    }
    pli_free(rows);
    return status;
}

static plurum_status refold(forgetting *f, pli_txn *txn, uint32_t id, plurum_error *error)
{
    pli_doc_row row;
    plurum_trust_state trust;
    uint64_t seq;
    plurum_status status = pli_doc_get(&row, txn, id, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, PLURUM_CORRUPT, "a report on document %lu, which is not there",
                        (unsigned long)id);
    if (status) return status;
    plurum_trust_init(&trust, row.confidence);
    status = fold(&trust, f->index, txn, PLI_OUTCOMES, id, error);
    if (!status) status = fold(&trust, f->index, txn, PLI_VOTES, id, error);
    if (!status) status = pli_trust_put(txn, id, &trust, error);
    f->report.refolded++;
    return status ? status : pli_log_append(txn, PLI_EVENT_TRUST, id, &seq, error);
}

/* Both lists ascend: each document that is in one of them, once. */
static plurum_status refold_all(forgetting *f, pli_txn *txn, plurum_error *error)
{
    const id_list *a = &f->outcomes, *b = &f->votes;
    plurum_status status = PLURUM_OK;
    for (size_t i = 0, j = 0; (i < a->count || j < b->count) && !status;) {
        uint32_t x = i < a->count ? a->ids[i] : UINT32_MAX, y = j < b->count ? b->ids[j] : UINT32_MAX;
        uint32_t id = x < y ? x : y;
        i += x == id;
        j += y == id;
        status = refold(f, txn, id, error);
    }
    return status;
}

static plurum_status disown(pli_txn *txn, uint32_t id, plurum_error *error)
{
    pli_doc_row row;
    uint64_t seq;
    plurum_status status = pli_doc_get(&row, txn, id, error);
    if (status) return status;
    row.owner = pli_slice_of(NULL, 0);
    status = pli_doc_put(txn, id, &row, error); /* encodes before it writes */
    return status ? status : pli_log_append(txn, PLI_EVENT_STATE, id, &seq, error);
}

static plurum_status run(void *payload, pli_txn *txn, plurum_error *error)
{
    forgetting *f = payload;
    memset(&f->report, 0, sizeof f->report);
    plurum_status status = find_all(f, txn, error);
    if (!status) status = remove_reports(f, txn, PLI_OUTCOMES, &f->outcomes, error);
    if (!status) status = remove_reports(f, txn, PLI_VOTES, &f->votes, error);
    if (!status) status = refold_all(f, txn, error);
    for (size_t i = 0; i < f->owned.count && !status; i++)
        status = disown(txn, f->owned.ids[i], error);
    if (!status) status = pli_del(txn, PLI_REPORTERS, f->agent, strlen(f->agent), error);
    if (status == PLURUM_NOTFOUND) status = PLURUM_OK;
    f->report.outcomes = f->outcomes.count;
    f->report.votes = f->votes.count;
    f->report.owned = f->owned.count;
    f->seq = pli_txn_seq(txn);
    return status;
}

/* The checkpoint has the names of owners: it goes before, and none is made of what was before. */
static plurum_status apart_from_the_checkpoint(forgetting *f, plurum_error *error)
{
    plurum_status status = pli_checkpoint_hold(f->index, error);
    if (status) return status;
    status = pli_write_apart(f->index, run, f, error);
    pli_checkpoint_release(f->index);
    return status;
}

plurum_status plurum_index_forget(plurum_forget_report *out, plurum_index *index, const char *agent,
                                  const plurum_job_options *options, plurum_error *error)
{
    forgetting f = {.index = index, .agent = agent};
    if (!agent) return pli_fail(error, PLURUM_ARG, "agent: NULL");
    if (index->options.read_only)
        return pli_fail(error, PLURUM_UNSUPPORTED, "%s: opened for reading only", index->path);
    plurum_status status = pli_check_agent(agent, "agent", error);
    if (!status && out) status = pli_options_size(out->struct_size, "plurum_forget_report", error);
    if (!status) status = pli_job_begin(&f.job, options, error);
    if (!status) status = apart_from_the_checkpoint(&f, error);
    if (!status) pli_applier_committed(index, f.seq);
    if (!status) pli_builder_wake(index);
    pli_free(f.outcomes.ids);
    pli_free(f.votes.ids);
    pli_free(f.owned.ids);
    if (status || !out) return status;
    size_t size = out->struct_size;
    memset(out, 0, size);
    memcpy(out, &f.report, size < sizeof f.report ? size : sizeof f.report);
    out->struct_size = size;
    return PLURUM_OK;
}
