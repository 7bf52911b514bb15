/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking a snapshot.
 *
 * Under the view mutex: begin a read transaction, bring the view to its sequence number, take a
 * reference. So a write that has returned is always seen: its commit came before, the transaction
 * sees it, and the view is made to match. The mutex is held by those who follow, never by a commit.
 *
 * The text reader was taken before, so it may be behind the view's tail base (another thread made
 * a view after an application that the reader has not seen): then it is refreshed and the rest
 * repeated. It may as well be ahead: the text index only grows, and the view hides what is newer.
 */
#include <config.h>

#include "engine/view/snapshot.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "engine/view/text_index.h"

/* Whether the newest view is of that moment, with a tail that reaches back far enough (the text
 * index may have been made anew) and is still needed: an index that is only read must not keep one
 * for ever. */
static int is_current(const plurum_index *index, uint64_t seq)
{
    const pli_view *view = index->view;
    uint32_t last_id = atomic_load(&index->text_last_id);
    return view && view->seq == seq &&
           (view->tail_base == last_id || (view->tail_base < last_id && !view->tail_count));
}

static pli_view_source source_of(plurum_index *index, uint32_t text_last_id)
{
    return (pli_view_source){.columns = &index->columns,
                              .vectors = index->vectors,
                              .model = index->model,
                              .dim = index->fingerprint.dim,
                              .trust = &index->trust,
                              .text_last_id = text_last_id,
                              .terms = pli_stored_terms,
                              .payload = index};
}

/* Under the view mutex. */
static plurum_status make_view(pli_view **out, plurum_index *index, const pli_view *before,
                               uint32_t text_last_id, pli_txn *txn, plurum_error *error)
{
    pli_view_source source = source_of(index, text_last_id);
    return pli_view_make(out, before, &source, txn, error);
}

/* What searches keep in memory: it may be of a model that is not the live one any more, and borrows
 * vectors from segments and rows from a checkpoint, which go after it. */
void pli_forget_views(plurum_index *index)
{
    pli_view_unref(index->view);
    pli_flat_free(index->vectors);
    if (index->columns_ready) pli_columns_free(&index->columns);
    pli_checkpoint_drop(&index->checkpoint);
    pli_segment_set_unref(index->segments.lender);
    index->segments.lender = NULL;
    index->view = NULL;
    index->vectors = NULL;
    index->columns_ready = 0;
}

/* Under the view mutex: what segments and the checkpoint have; nothing where there is neither. */
static plurum_status begin_columns(plurum_index *index, int with_checkpoint, pli_txn *txn,
                                   plurum_error *error)
{
    plurum_status status = pli_columns_init(&index->columns, error);
    index->columns_ready = 1;
    if (!status && index->fingerprint.dim)
        status = pli_flat_new(&index->vectors, index->fingerprint.dim, error);
    if (!status && index->vectors) status = pli_segments_lend(index, txn, error);
    if (!status && index->vectors && with_checkpoint) status = pli_checkpoint_lend(index, error);
    if (!status && with_checkpoint) {
        pli_view_source source = source_of(index, 0);
        status = pli_checkpoint_load(&index->view, index, &source, txn, error);
    }
    if (!status) return PLURUM_OK;
    pli_forget_views(index);
    return status;
}

static plurum_status follow_to(plurum_index *index, pli_txn *txn, plurum_error *error)
{
    pli_view *made;
    plurum_status status =
        make_view(&made, index, index->view, atomic_load(&index->text_last_id), txn, error);
    if (status) return status;
    pli_view_unref(index->view);
    index->view = made;
    return PLURUM_OK;
}

/* The first view. A checkpoint that does not go with the store is not what keeps an index from opening. */
static plurum_status first_view(plurum_index *index, pli_txn *txn, plurum_error *error)
{
    plurum_error why;
    plurum_status status = begin_columns(index, 1, txn, error);
    if (status || !index->view) return status ? status : follow_to(index, txn, error);
    status = follow_to(index, txn, &why);
    if (status != PLURUM_CORRUPT) {
        if (status && error) *error = why;
        return status;
    }
    pli_index_log(index, "a checkpoint does not go with the store, which is read: %s", why.text);
    pli_forget_views(index);
    if (!index->options.read_only) pli_checkpoint_remove(index->path, NULL);
    status = begin_columns(index, 0, txn, error);
    return status ? status : follow_to(index, txn, error);
}

/* Under the view mutex. */
static plurum_status current_view(plurum_index *index, pli_txn *txn, plurum_error *error)
{
    if (is_current(index, pli_txn_seq(txn))) return PLURUM_OK;
    return index->columns_ready ? follow_to(index, txn, error) : first_view(index, txn, error);
}

static uint32_t reaches(const pli_text_reader *reader)
{
    uint64_t seq;
    uint32_t last_id = 0;
    if (reader) pli_text_reader_applied(reader, &seq, &last_id);
    return last_id;
}

/* ---- a text index that changes all the time ---- */

enum { PLAIN = 3, ATTEMPTS = 20 };

/*
 * Before a reading that has failed so many times. 1: the applier of this handle commits nothing to the
 * text index until let_go. Xapian keeps one revision behind the newest, so it takes two commits during a
 * reading to undo it; beside a writer in another process a pause is what helps, since its commits come in
 * bursts.
 */
static int hold_still(plurum_index *index, int failures)
{
    enum { DOUBLINGS = 5 };
    int doublings = failures - PLAIN < DOUBLINGS ? failures - PLAIN : DOUBLINGS;
    if (failures < PLAIN) return 0;
    if (!index->options.read_only) return !pthread_rwlock_rdlock(&index->applier.still);
    nanosleep(&(struct timespec){.tv_nsec = 1000000L << doublings}, NULL);
    return 0;
}

static void let_go(plurum_index *index, int held)
{
    if (held) pthread_rwlock_unlock(&index->applier.still);
}

plurum_status pli_snapshot_read_text(pli_snapshot *snapshot, pli_snapshot_step *step, void *payload,
                                     plurum_error *error)
{
    plurum_index *index = snapshot->index;
    plurum_status status = PLURUM_BUSY;
    for (int failures = 0; failures < ATTEMPTS && status == PLURUM_BUSY; failures++) {
        int held = hold_still(index, failures);
        status = failures ? pli_snapshot_refresh(snapshot, error) : PLURUM_OK;
        if (!status) status = step(payload, error);
        let_go(index, held);
    }
    return status;
}

static plurum_status borrow_reader(pli_snapshot *snapshot, plurum_error *error)
{
    plurum_index *index = snapshot->index;
    plurum_status status = PLURUM_BUSY;
    for (int failures = 0; failures < ATTEMPTS && status == PLURUM_BUSY; failures++) {
        int held = hold_still(index, failures);
        status = pli_borrow_reader(&snapshot->reader, &snapshot->generation, index, error);
        let_go(index, held);
    }
    return status;
}

static plurum_status take_moment(pli_snapshot *s, plurum_error *error)
{
    plurum_index *index = s->index;
    pthread_mutex_lock(&index->view_mutex);
    plurum_status status = pli_txn_read(&s->txn, index->store, error);
    if (!status) status = current_view(index, s->txn, error);
    if (!status) s->view = pli_view_ref(index->view);
    pthread_mutex_unlock(&index->view_mutex);
    return status;
}

/*
 * Waits for no one: where the text index on disk reaches less far than it did, another process has
 * made it anew, and the next view gets a tail that reaches back to where the index now ends.
 */
plurum_status pli_snapshot_take(pli_snapshot *snapshot, plurum_index *index, plurum_error *error)
{
    enum { PATIENCE = 8 };
    plurum_error why;
    memset(snapshot, 0, sizeof *snapshot);
    for (int attempt = 1;; attempt++) {
        snapshot->index = index;
        plurum_status text = borrow_reader(snapshot, &why);
        if (text == PLURUM_CORRUPT && attempt < PATIENCE && !pli_snapshot_heal(snapshot, &why))
            continue;
        snapshot->index = index;
        plurum_status status = text == PLURUM_NOMEM ? pli_nomem(error) : take_moment(snapshot, error);
        if (status) {
            pli_snapshot_release(snapshot);
            return status;
        }
        if (text) pli_snapshot_lose_text(snapshot, &why);
        if (text || reaches(snapshot->reader) >= snapshot->view->tail_base) return PLURUM_OK;
        if (attempt % PATIENCE == 0) atomic_store(&index->text_last_id, reaches(snapshot->reader));
        pli_snapshot_release(snapshot);
    }
}

void pli_snapshot_lose_text(pli_snapshot *snapshot, const plurum_error *why)
{
    pli_text_reader_close(snapshot->reader);
    snapshot->reader = NULL;
    snapshot->why = *why;
    snapshot->text_unread = 1;
    snapshot->text_lost = snapshot->view->tail_base > 0;
    if (!atomic_exchange(&snapshot->index->text_told, 1))
        pli_index_log(snapshot->index, "the text index cannot be read: %s", why->text);
}

plurum_status pli_snapshot_heal(pli_snapshot *snapshot, plurum_error *error)
{
    plurum_index *index = snapshot->index;
    unsigned generation = snapshot->generation;
    pli_snapshot_release(snapshot);
    return pli_text_index_heal(index, generation, error);
}

void pli_snapshot_release(pli_snapshot *snapshot)
{
    if (!snapshot->index) return;
    pli_view_unref(snapshot->view);
    pli_txn_end(snapshot->txn);
    pli_return_reader(snapshot->index, snapshot->reader, snapshot->generation);
    memset(snapshot, 0, sizeof *snapshot);
}

/* A view of the same moment whose tail reaches back to where the text index now ends. */
static plurum_status reach_back(pli_snapshot *snapshot, plurum_error *error)
{
    plurum_index *index = snapshot->index;
    pli_view *made;
    pthread_mutex_lock(&index->view_mutex);
    plurum_status status =
        make_view(&made, index, NULL, reaches(snapshot->reader), snapshot->txn, error);
    pthread_mutex_unlock(&index->view_mutex);
    if (status) return status;
    pli_view_unref(snapshot->view);
    snapshot->view = made;
    return PLURUM_OK;
}

plurum_status pli_snapshot_refresh(pli_snapshot *snapshot, plurum_error *error)
{
    pli_text_reader_close(snapshot->reader);
    snapshot->reader = NULL;
    plurum_status status = pli_borrow_reader(&snapshot->reader, &snapshot->generation,
                                             snapshot->index, error);
    if (!status && reaches(snapshot->reader) < snapshot->view->tail_base)
        status = reach_back(snapshot, error);
    return status;
}
