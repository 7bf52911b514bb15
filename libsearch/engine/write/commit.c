/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Group commit. A thread that commits a batch queues it; whoever finds nobody leading takes the
 * whole queue, runs each batch in a transaction inside one write transaction, and commits them with
 * a single wait for the disk. A batch that fails takes back its own transaction alone.
 */
#include <config.h>

#include "engine/write/change.h"

#include <stdatomic.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/apply/applier.h"

struct pli_commit {
    plurum_batch *batch;
    plurum_receipt *receipts;
    plurum_status status;
    plurum_error error;
    int done;
    pli_commit *next;
};

static void run_batch(pli_commit *commit, pli_txn *txn, int64_t now)
{
    plurum_batch *batch = commit->batch;
    commit->status = PLURUM_OK;
    for (size_t i = 0; i < batch->count && !commit->status; i++) {
        plurum_receipt receipt;
        commit->status = pli_change_run(&batch->changes[i], batch->index, txn, now, &receipt,
                                        &commit->error);
        if (commit->status)
            commit->error.position = i;
        else if (commit->receipts)
            commit->receipts[i] = receipt;
    }
}

/* Runs a batch so that its failure leaves the others' changes alone. */
static void run_apart(pli_commit *commit, pli_txn *parent, int64_t now)
{
    pli_txn *txn;
    commit->status = pli_txn_child(&txn, parent, &commit->error);
    if (commit->status) return;
    run_batch(commit, txn, now);
    if (commit->status)
        pli_txn_end(txn);
    else
        commit->status = pli_txn_commit(txn, &commit->error);
}

/* What the group has analysed goes where the text index's follower and the views look for it. When
 * far more waits there than should, applying fails, and memory is spared instead. */
static void leave_terms(plurum_index *index, const pli_commit *group, int drop)
{
    size_t wait = index->options.max_pending, most = wait < SIZE_MAX / 4 ? 2 * wait + 1000 : SIZE_MAX;
    for (; group; group = group->next)
        for (size_t i = 0; i < group->batch->count && !group->status; i++) {
            const pli_change *change = &group->batch->changes[i];
            if (!change->terms || !change->new_id) continue;
            if (drop)
                pli_pending_drop(&index->pending, change->new_id);
            else if (pli_pending_count(&index->pending) < most)
                pli_pending_put(&index->pending, change->new_id, change->terms);
        }
    if (drop) pli_applier_made_room(index);
}

static void fail_group(pli_commit *group, plurum_status status, const plurum_error *error)
{
    for (; group; group = group->next) {
        if (group->status) continue;
        group->status = status;
        group->error = *error;
    }
}

static void run_group(plurum_index *index, pli_commit *group)
{
    plurum_error error;
    pli_txn *txn;
    int64_t now = pli_index_clock(index);
    plurum_status status = pli_txn_write(&txn, index->store, &error);
    if (status) {
        fail_group(group, status, &error);
        return;
    }
    int failed = 0, worked = 0;
    for (pli_commit *c = group; c; c = c->next) {
        if (group->next)
            run_apart(c, txn, now);
        else
            run_batch(c, txn, now);
        failed += c->status != PLURUM_OK;
        worked += c->status == PLURUM_OK;
    }
    if (!worked || (failed && !group->next)) {
        pli_txn_end(txn);
        return;
    }
    leave_terms(index, group, 0);
    uint64_t seq = pli_txn_seq(txn);
    status = pli_txn_commit(txn, &error);
    if (status) {
        leave_terms(index, group, 1);
        fail_group(group, status, &error);
    } else {
        pli_applier_committed(index, seq);
    }
}

/* Under the mutex: takes all that waits and commits it. */
static void lead(plurum_index *index)
{
    pli_writer *writer = &index->writer;
    pli_commit *group = writer->first;
    writer->first = NULL;
    writer->last = &writer->first;
    writer->leading = 1;
    pthread_mutex_unlock(&writer->mutex);
    run_group(index, group);
    pthread_mutex_lock(&writer->mutex);
    for (pli_commit *c = group, *next; c; c = next) {
        next = c->next;
        c->done = 1; /* its owner may go at once */
    }
    writer->leading = 0;
    pthread_cond_broadcast(&writer->turn);
}

plurum_status pli_commit_batch(plurum_batch *batch, plurum_receipt *receipts, plurum_error *error)
{
    plurum_index *index = batch->index;
    pli_writer *writer = &index->writer;
    pli_applier_wait_for_room(index);
    pli_commit commit = {.batch = batch, .receipts = receipts};
    pthread_mutex_lock(&writer->mutex);
    *writer->last = &commit;
    writer->last = &commit.next;
    while (!commit.done) {
        if (writer->leading)
            pthread_cond_wait(&writer->turn, &writer->mutex);
        else
            lead(index);
    }
    pthread_mutex_unlock(&writer->mutex);
    if (commit.status && error) *error = commit.error;
    return commit.status;
}
