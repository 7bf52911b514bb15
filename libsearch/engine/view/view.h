/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A view: the columns and the tail as they stood at one sequence number. Immutable once made, and
 * counted by reference; views of successive moments share what did not change.
 *
 * A view is made from the view before it and the log between (or from the whole store when there
 * is none), always by whoever needs it and through a read transaction: writer, other threads and
 * other processes all follow in the same way.
 */
#ifndef PLI_ENGINE_VIEW_VIEW_H
#define PLI_ENGINE_VIEW_VIEW_H

#include "base/bitmap.h"
#include "engine/view/background.h"
#include "engine/view/columns.h"
#include "rank/signal.h"
#include "text/leg.h"
#include "vector/flat.h"

typedef struct pli_view {
    _Atomic uint32_t references;
    uint64_t seq;
    uint32_t bound;              /* internal ids are below it                               */
    pli_chunk **chunks;          /* bound / PLI_CHUNK_ROWS, rounded up                      */
    pli_bitmap live;             /* documents that exist                                    */
    pli_bitmap open;             /* live, public, published or verified                     */
    pli_bitmap suspect;          /* live, no success and N failures: perhaps in quarantine  */
    uint64_t live_length[PLURUM_TEXT_FIELD_COUNT];
    pli_signal signal;           /* of all reports                                          */
    pli_background background;   /* of the live documents that have a vector               */
    pli_tail_text *tail;         /* live documents above tail_base, ascending by id         */
    size_t tail_count;
    uint32_t tail_base;          /* every id up to it is in the text index                  */
} pli_view;

/* What views are made with; the caller serialises. */
typedef struct pli_view_source {
    pli_columns *columns;
    pli_flat *vectors;            /* NULL: an index without                                 */
    uint32_t model, dim;          /* whose vectors                                          */
    const plurum_trust_config *trust;
    uint32_t text_last_id;        /* ids up to it are in the text index                     */
    /* The terms of a document that is not in the text index; one reference is the caller's. */
    plurum_status (*terms)(pli_terms **out, void *payload, pli_txn *txn, uint32_t id,
                           plurum_error *error);
    void *payload;
} pli_view_source;

/*
 * The view at the transaction's moment. before: an older one, or NULL; it is left alone.
 * Ownership: one reference of *out is the caller's. Errors: CORRUPT, NOMEM.
 */
plurum_status pli_view_make(pli_view **out, const pli_view *before, const pli_view_source *source,
                            pli_txn *txn, plurum_error *error);

/*
 * A view whose rows stay where they are, whole chunks of them; nothing else is filled in yet, and it
 * has no tail: it is there to make others from. NULL: memory is short.
 */
pli_view *pli_view_of_rows(const pli_variable *rows, uint32_t bound);
/* Puts a living document into the view's sets. */
void pli_view_mark(pli_view *view, uint32_t id, const pli_variable *row,
                   const plurum_trust_config *config);
/* Copies a document's vector from the store to source->vectors. CORRUPT: there is none. */
plurum_status pli_view_load_vector(const pli_view_source *source, pli_txn *txn, uint32_t id,
                                   plurum_error *error);

pli_view *pli_view_ref(pli_view *view);
void pli_view_unref(pli_view *view); /* NULL is fine */

static inline const pli_variable *pli_view_row(const pli_view *view, uint32_t id)
{
    return &view->chunks[id >> PLI_CHUNK_SHIFT]->rows[id & (PLI_CHUNK_ROWS - 1)];
}

#endif
