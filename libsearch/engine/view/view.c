/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making views. The log names the documents that changed; each is read again from the store as it
 * stands at the transaction's moment, so following is idempotent and needs no old values but those
 * of the view before.
 */
#include <config.h>

#include "engine/view/view.h"

#include <stdatomic.h>
#include <string.h>

#include <plurum/embed.h>

#include "base/error.h"

/* A view in the making: which chunks are its own, and the old tail's successor. */
typedef struct maker {
    pli_view *view;
    const pli_view_source *source;
    pli_txn *txn;
    uint8_t *owned; /* by chunk: already copied */
    size_t tail_cap;
    int redraw; /* a document of the background has died */
} maker;

static size_t chunks_for(uint32_t bound)
{
    return ((size_t)bound + PLI_CHUNK_ROWS - 1) >> PLI_CHUNK_SHIFT;
}

pli_view *pli_view_ref(pli_view *view)
{
    atomic_fetch_add_explicit(&view->references, 1, memory_order_relaxed);
    return view;
}

void pli_view_unref(pli_view *view)
{
    if (!view || atomic_fetch_sub_explicit(&view->references, 1, memory_order_acq_rel) != 1)
        return;
    if (view->chunks)
        for (size_t i = 0; i < chunks_for(view->bound); i++) pli_chunk_unref(view->chunks[i]);
    for (size_t i = 0; i < view->tail_count; i++)
        pli_terms_unref((pli_terms *)(uintptr_t)view->tail[i].terms);
    pli_free(view->chunks);
    pli_free(view->tail);
    pli_bitmap_free(&view->live);
    pli_bitmap_free(&view->open);
    pli_bitmap_free(&view->suspect);
    pli_free(view);
}

static int copy_bitmap(pli_bitmap *to, const pli_bitmap *from, uint32_t bound)
{
    if (pli_bitmap_init(to, bound)) return -1;
    if (!from->words) return 0;
    memcpy(to->words, from->words, ((size_t)from->bound / 64 + 1) * sizeof *to->words);
    to->count = from->count;
    return 0;
}

pli_view *pli_view_of_rows(const pli_variable *rows, uint32_t bound)
{
    pli_view *view = pli_calloc(1, sizeof *view);
    if (!view) return NULL;
    atomic_init(&view->references, 1);
    view->tail_base = UINT32_MAX;
    view->bound = bound;
    view->chunks = pli_calloc(chunks_for(bound), sizeof *view->chunks);
    int failed = !view->chunks || pli_bitmap_init(&view->live, bound) ||
                 pli_bitmap_init(&view->open, bound) || pli_bitmap_init(&view->suspect, bound);
    for (size_t i = 0; !failed && i < chunks_for(bound); i++)
        failed = !(view->chunks[i] = pli_chunk_lent(rows + (i << PLI_CHUNK_SHIFT)));
    if (!failed) return view;
    pli_view_unref(view);
    return NULL;
}

/* A view of the same content with room for ids below bound; the tail is left out. */
static plurum_status copy_view(pli_view **out, const pli_view *before, uint32_t bound,
                               plurum_error *error)
{
    static const pli_view NOTHING;
    if (!before) before = &NOTHING;
    pli_view *view = *out = pli_calloc(1, sizeof *view);
    if (!view) return pli_nomem(error);
    atomic_init(&view->references, 1);
    view->bound = bound;
    memcpy(view->live_length, before->live_length, sizeof view->live_length);
    view->background = before->background;
    view->signal = before->signal;
    size_t count = chunks_for(bound), shared = chunks_for(before->bound);
    view->chunks = pli_calloc(count, sizeof *view->chunks);
    if (!view->chunks || copy_bitmap(&view->live, &before->live, bound) ||
        copy_bitmap(&view->open, &before->open, bound) ||
        copy_bitmap(&view->suspect, &before->suspect, bound))
        return pli_nomem(error);
    for (size_t i = 0; i < count; i++) {
        view->chunks[i] = i < shared ? pli_chunk_ref(before->chunks[i]) : pli_chunk_new(NULL);
        if (!view->chunks[i]) return pli_nomem(error);
    }
    return PLURUM_OK;
}

static void set_bit(pli_bitmap *bitmap, uint32_t id, int value)
{
    if (value) {
        pli_bitmap_add(bitmap, id);
    } else if (pli_bitmap_has(bitmap, id)) {
        bitmap->words[id / 64] &= ~((uint64_t)1 << (id % 64));
        bitmap->count--;
    }
}

/* The row of an id, in a chunk that is this view's own. */
static pli_variable *writable_row(maker *m, uint32_t id)
{
    size_t i = id >> PLI_CHUNK_SHIFT;
    if (!m->owned[i]) {
        pli_chunk *copy = pli_chunk_new(m->view->chunks[i]);
        if (!copy) return NULL;
        pli_chunk_unref(m->view->chunks[i]);
        m->view->chunks[i] = copy;
        m->owned[i] = 1;
    }
    return &m->view->chunks[i]->own[id & (PLI_CHUNK_ROWS - 1)];
}

/* Whether a state could be in quarantine at some moment (parole asks for the moment). */
static int is_suspect(const plurum_trust_state *state, const plurum_trust_config *config)
{
    return plurum_trust_quarantined_at(state, config, state->reference);
}

void pli_view_mark(pli_view *view, uint32_t id, const pli_variable *row,
                   const plurum_trust_config *config)
{
    int open = row->visibility == PLURUM_PUBLIC &&
               (row->lifecycle == PLURUM_PUBLISHED || row->lifecycle == PLURUM_VERIFIED);
    set_bit(&view->live, id, 1);
    set_bit(&view->open, id, open);
    set_bit(&view->suspect, id, is_suspect(&row->trust, config));
}

static void count_length(pli_view *view, const pli_fixed *fixed, int sign)
{
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++)
        view->live_length[f] += (uint64_t)sign * fixed->length[f];
}

static void set_trust(pli_view *view, pli_variable *row, const plurum_trust_state *trust)
{
    pli_counts before = {row->trust.success_count, row->trust.failure_count};
    pli_counts after = {trust->success_count, trust->failure_count};
    pli_signal_change(&view->signal, before, after);
    row->trust = *trust;
}

static void bury(maker *m, uint32_t id, pli_variable *row)
{
    if (row->live) count_length(m->view, pli_columns_fixed(m->source->columns, id), -1);
    m->redraw |= pli_background_has(&m->view->background, id);
    set_trust(m->view, row, &(plurum_trust_state){0});
    memset(row, 0, sizeof *row);
    set_bit(&m->view->live, id, 0);
    set_bit(&m->view->open, id, 0);
    set_bit(&m->view->suspect, id, 0);
}

plurum_status pli_view_load_vector(const pli_view_source *source, pli_txn *txn, uint32_t id,
                                   plurum_error *error)
{
    unsigned char key[8];
    pli_slice value;
    pli_store_be32(key, source->model);
    pli_store_be32(key + 4, id);
    plurum_status status = pli_get(&value, txn, PLI_VECTORS, key, sizeof key, error);
    if (status == PLURUM_NOTFOUND || (!status && value.len != 4 * (size_t)source->dim))
        return pli_fail(error, PLURUM_CORRUPT, "vectors: that of document %lu is missing",
                        (unsigned long)id);
    if (status) return status;
    float vector[PLURUM_DIM_MAX];
    memcpy(vector, value.bytes, value.len); /* little-endian, as the machines we run on */
    return pli_flat_set(source->vectors, id, vector, error);
}

static plurum_status add_tail(maker *m, uint32_t id, plurum_error *error)
{
    pli_view *view = m->view;
    if (id <= view->tail_base) return PLURUM_OK;
    pli_terms *terms;
    plurum_status status = m->source->terms(&terms, m->source->payload, m->txn, id, error);
    if (status) return status;
    if (pli_grow(&view->tail, &m->tail_cap, view->tail_count, sizeof *view->tail)) {
        pli_terms_unref(terms);
        return pli_nomem(error);
    }
    view->tail[view->tail_count++] = (pli_tail_text){id, terms};
    return PLURUM_OK;
}

/* A document that the view before did not have: its fixed part and its vector. */
static plurum_status appear(maker *m, uint32_t id, const pli_doc_row *row, plurum_error *error)
{
    plurum_status status = pli_columns_add(m->source->columns, id, row, error);
    int has_vector = pli_has_vector(row, m->source->model) && m->source->vectors;
    int wanted = has_vector && !pli_flat_has(m->source->vectors, id);
    if (!status && wanted) status = pli_view_load_vector(m->source, m->txn, id, error);
    if (status) return status;
    if (has_vector) pli_background_add(&m->view->background, id);
    count_length(m->view, pli_columns_fixed(m->source->columns, id), 1);
    return PLURUM_OK;
}

static plurum_status revise(maker *m, uint32_t id, const pli_doc_row *header,
                            const plurum_trust_state *trust, plurum_error *error)
{
    pli_variable *row = writable_row(m, id);
    if (!row) return pli_nomem(error);
    plurum_status status = row->live ? PLURUM_OK : appear(m, id, header, error);
    if (status) return status;
    row->live = 1;
    row->lifecycle = header->lifecycle;
    row->visibility = header->visibility;
    row->vector = (uint8_t)pli_has_vector(header, m->source->model);
    row->owner = 0;
    if (header->owner.len) {
        row->owner = pli_intern_add(m->source->columns->agents,
                                    (const char *)header->owner.bytes, header->owner.len);
        if (!row->owner) return pli_nomem(error);
    }
    set_trust(m->view, row, trust);
    pli_view_mark(m->view, id, row, m->source->trust);
    return PLURUM_OK;
}

/* Brings one document's row to what the store says at this moment. */
static plurum_status refresh(void *payload, uint64_t seq, pli_event_kind kind, uint32_t id,
                             plurum_error *error)
{
    maker *m = payload;
    pli_doc_row header;
    plurum_trust_state trust;
    if (id == 0 || id >= m->view->bound)
        return pli_fail(error, PLURUM_CORRUPT, "log: event %llu names document %lu of %lu",
                        (unsigned long long)seq, (unsigned long)id, (unsigned long)m->view->bound);
    plurum_status status = pli_doc_get(&header, m->txn, id, error);
    if (status == PLURUM_NOTFOUND) {
        pli_variable *row = writable_row(m, id);
        if (!row) return pli_nomem(error);
        bury(m, id, row);
        return PLURUM_OK;
    }
    if (!status) status = pli_trust_get(&trust, m->txn, id, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, PLURUM_CORRUPT, "trust: document %lu has no state",
                        (unsigned long)id);
    if (!status) status = revise(m, id, &header, &trust, error);
    if (!status && kind == PLI_EVENT_PUT) status = add_tail(m, id, error);
    return status;
}

/* The old tail without what has been indexed or deleted since. */
static plurum_status keep_tail(maker *m, const pli_view *before, plurum_error *error)
{
    for (size_t i = 0; i < before->tail_count; i++) {
        pli_tail_text entry = before->tail[i];
        if (entry.id <= m->view->tail_base) continue;
        if (pli_grow(&m->view->tail, &m->tail_cap, m->view->tail_count, sizeof entry))
            return pli_nomem(error);
        pli_terms_ref((pli_terms *)(uintptr_t)entry.terms);
        m->view->tail[m->view->tail_count++] = entry;
    }
    return PLURUM_OK;
}

static void drop_dead_tail(pli_view *view)
{
    size_t kept = 0;
    for (size_t i = 0; i < view->tail_count; i++) {
        if (pli_bitmap_has(&view->live, view->tail[i].id))
            view->tail[kept++] = view->tail[i];
        else
            pli_terms_unref((pli_terms *)(uintptr_t)view->tail[i].terms);
    }
    view->tail_count = kept;
}

/* Everything from the store's tables: the first view, or one that the log does not reach. */
static plurum_status read_all(maker *m, plurum_error *error)
{
    pli_walk *walk;
    pli_slice key, value;
    plurum_status status = pli_walk_begin(&walk, m->txn, PLI_DOCS, NULL, 0, error);
    while (!status && !(status = pli_walk_next(walk, &key, &value, error))) {
        if (key.len != 4)
            status = pli_fail(error, PLURUM_CORRUPT, "docs: a key has %zu bytes", key.len);
        else
            status = refresh(m, 0, PLI_EVENT_PUT, pli_load_be32(key.bytes), error);
    }
    pli_walk_end(walk);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

/* Documents of `before` that are no longer in the store: only for a view the log does not reach. */
static plurum_status bury_missing(maker *m, const pli_view *before, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    for (uint32_t id = pli_bitmap_next(&before->live, 0); id < before->bound && !status;
         id = pli_bitmap_next(&before->live, id + 1))
        status = refresh(m, 0, PLI_EVENT_STATE, id, error);
    return status;
}

/* The whole tail, where the text index reaches less far than it did for the view before. */
static plurum_status make_tail(maker *m, plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    for (uint32_t id = pli_bitmap_next(&m->view->live, m->view->tail_base + 1);
         id < m->view->bound && !status; id = pli_bitmap_next(&m->view->live, id + 1))
        status = add_tail(m, id, error);
    return status;
}

static plurum_status follow(maker *m, const pli_view *before, plurum_error *error)
{
    plurum_status status = before ? keep_tail(m, before, error) : PLURUM_OK;
    if (status) return status;
    if (!before) return read_all(m, error);
    status = pli_log_replay(m->txn, before->seq, refresh, m, error);
    if (status != PLURUM_NOTFOUND) return status;
    status = bury_missing(m, before, error);
    for (uint32_t id = before->bound; id < m->view->bound && !status; id++)
        status = refresh(m, 0, PLI_EVENT_PUT, id, error);
    return status;
}

plurum_status pli_view_make(pli_view **out, const pli_view *before, const pli_view_source *source,
                            pli_txn *txn, plurum_error *error)
{
    maker m = {.source = source, .txn = txn};
    *out = NULL;
    plurum_status status = copy_view(&m.view, before, pli_txn_next_id(txn), error);
    if (!status) {
        size_t shared = before ? chunks_for(before->bound) : 0, all = chunks_for(m.view->bound);
        m.owned = pli_calloc(all, 1);
        if (!m.owned)
            status = pli_nomem(error);
        else
            memset(m.owned + shared, 1, all - shared);
    }
    if (!status) {
        int anew = before && source->text_last_id < before->tail_base;
        m.view->seq = pli_txn_seq(txn);
        m.view->tail_base = anew ? UINT32_MAX : source->text_last_id;
        status = follow(&m, before, error);
        if (anew) m.view->tail_base = source->text_last_id;
        if (!status && anew) status = make_tail(&m, error);
    }
    pli_free(m.owned);
    if (status) {
        pli_view_unref(m.view);
        return status;
    }
    drop_dead_tail(m.view);
    if (m.redraw) pli_background_draw(&m.view->background, &m.view->live, source->vectors);
    *out = m.view;
    return PLURUM_OK;
}
