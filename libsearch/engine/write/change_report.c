/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports: an outcome or a vote becomes a row and changes the document's trust state.
 *
 * The weight of an outcome is settled here, once, and kept in its row, so that a state can be
 * folded again from its rows in seq order and give the same bits.
 */
#include <config.h>

#include "engine/write/change.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"

typedef struct report_target {
    uint32_t id;
    plurum_trust_state trust;
    pli_report_row before; /* the agent's earlier report of this kind */
    int had;
} report_target;

/* The time of a report: now where none was given; one that is none or later than the clock is
 * refused. */
static plurum_status settle_time(int64_t *at, int64_t now, plurum_error *error)
{
    if (*at == PLURUM_TIME_UNSET) *at = now;
    if (!pli_time_is_sound(*at))
        return pli_fail(error, PLURUM_INVALID, "at: %lld, a time in the years 1 to 9999 expected",
                        (long long)*at);
    if (*at <= now) return PLURUM_OK;
    char given[PLI_TIME_SIZE], clock[PLI_TIME_SIZE];
    pli_time_format(given, *at);
    pli_time_format(clock, now);
    return pli_fail(error, PLURUM_INVALID, "at: %s is later than the clock, %s", given, clock);
}

static plurum_status find_target(report_target *target, pli_change *change, pli_txn *txn,
                                 pli_table table, plurum_receipt *receipt, plurum_error *error)
{
    pli_doc_row row;
    plurum_status status = pli_change_find(&target->id, &row, txn, change, error);
    if (status) return status;
    receipt->id = target->id;
    receipt->counted = !pli_slice_is(row.owner, change->agent);
    snprintf(receipt->key, sizeof receipt->key, "%.*s", (int)row.key.len,
             (const char *)row.key.bytes);
    snprintf(receipt->short_id, sizeof receipt->short_id, "%.*s", (int)row.short_id.len,
             (const char *)row.short_id.bytes);
    status = pli_report_get(&target->before, txn, table, target->id, change->agent, error);
    target->had = status == PLURUM_OK;
    if (status && status != PLURUM_NOTFOUND) return status;
    status = pli_trust_get(&target->trust, txn, target->id, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, PLURUM_CORRUPT, "trust: document %lu has no state",
                        (unsigned long)target->id);
    return status;
}

/* Writes the row, and the state where the report counts. */
static plurum_status record(report_target *target, const pli_report_row *row, pli_txn *txn,
                            pli_table table, plurum_error *error)
{
    pli_report_row numbered = *row;
    plurum_status status =
        pli_log_append(txn, PLI_EVENT_TRUST, target->id, &numbered.seq, error);
    if (!status) status = pli_report_put(txn, table, target->id, &numbered, error);
    return status ? status : pli_trust_put(txn, target->id, &target->trust, error);
}

/* The weight of a report by this agent, who has now filed one more. */
static plurum_status weigh(double *weight, const plurum_index *index, pli_txn *txn,
                           pli_slice agent, plurum_error *error)
{
    uint64_t earlier;
    plurum_status status = pli_reporter_get(&earlier, txn, agent, error);
    *weight = index->config.newcomer_weights ? plurum_trust_reporter_weight(earlier) : 1.0;
    return status ? status : pli_reporter_put(txn, agent, earlier + 1, error);
}

plurum_status pli_run_outcome(pli_change *change, plurum_index *index, pli_txn *txn, int64_t now,
                              plurum_receipt *receipt, plurum_error *error)
{
    report_target target;
    pli_report_row row = change->report;
    row.agent = pli_slice_text(change->agent);
    row.weight = 1.0;
    plurum_status status = settle_time(&row.at, now, error);
    if (!status) status = find_target(&target, change, txn, PLI_OUTCOMES, receipt, error);
    if (!status && target.had)
        status = pli_fail(error, PLURUM_EXISTS, "agent %s has reported an outcome of %s already",
                          change->agent, receipt->key);
    if (!status && receipt->counted) status = weigh(&row.weight, index, txn, row.agent, error);
    if (status) return status;
    row.counted = (uint8_t)receipt->counted;
    if (row.counted)
        plurum_trust_outcome(&target.trust, &index->trust, row.value, row.at, row.weight);
    receipt->changed = 1;
    return record(&target, &row, txn, PLI_OUTCOMES, error);
}

plurum_status pli_run_vote(pli_change *change, plurum_index *index, pli_txn *txn, int64_t now,
                           plurum_receipt *receipt, plurum_error *error)
{
    (void)index;
    report_target target;
    pli_report_row row = change->report;
    row.agent = pli_slice_text(change->agent);
    row.weight = 1.0;
    plurum_status status = settle_time(&row.at, now, error);
    if (!status) status = find_target(&target, change, txn, PLI_VOTES, receipt, error);
    if (status) return status;
    int before = target.had && target.before.counted ? target.before.value : 0;
    row.counted = (uint8_t)receipt->counted;
    if (target.had && target.before.value == row.value && target.before.counted == row.counted)
        return PLURUM_OK;
    if (plurum_trust_vote(&target.trust, before, row.counted ? row.value : 0))
        return pli_fail(error, PLURUM_CORRUPT, "trust: the votes of document %lu do not add up",
                        (unsigned long)target.id);
    receipt->changed = 1;
    return record(&target, &row, txn, PLI_VOTES, error);
}
