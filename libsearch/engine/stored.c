/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A document as it is stored, in the forms in which it is wanted: its projection, its terms, what an
 * embedder gets of it; and who may see it.
 */
#include <config.h>

#include "engine/engine.h"

#include "base/alloc.h"
#include "base/error.h"

static plurum_status project(pli_projection **out, plurum_index *index, pli_txn *txn, uint32_t id,
                             pli_kind kind, plurum_error *error)
{
    char *content = NULL;
    size_t len;
    *out = NULL;
    plurum_status status = pli_blob_get(&content, &len, index->codec, txn, id, error);
    if (!status) status = pli_project(out, kind, content, len, error);
    pli_free(content);
    return status;
}

plurum_status pli_stored_document(pli_projection **out, plurum_index *index, pli_txn *txn,
                                  uint32_t id, plurum_error *error)
{
    pli_doc_row row;
    *out = NULL;
    plurum_status status = pli_doc_get(&row, txn, id, error);
    return status ? status : project(out, index, txn, id, (pli_kind)row.kind, error);
}

static plurum_status analyse_stored(pli_terms **out, plurum_index *index, pli_txn *txn,
                                    uint32_t id, plurum_error *error)
{
    pli_projection *projection;
    pli_analyser *analyser = NULL;
    plurum_status status = pli_stored_document(&projection, index, txn, id, error);
    if (!status) status = pli_borrow_analyser(&analyser, index, error);
    if (!status)
        status = pli_terms_of_document(out, analyser, pli_projection_document(projection), error);
    pli_return_analyser(index, analyser);
    pli_projection_free(projection);
    return status;
}

plurum_status pli_stored_terms(pli_terms **out, void *payload, pli_txn *txn, uint32_t id,
                               plurum_error *error)
{
    plurum_index *index = payload;
    *out = pli_pending_get(&index->pending, id);
    return *out ? PLURUM_OK : analyse_stored(out, index, txn, id, error);
}

plurum_status pli_stored_text(char **out, plurum_index *index, pli_txn *txn, uint32_t id,
                              pli_kind kind, plurum_error *error)
{
    pli_projection *projection;
    plurum_status status = project(&projection, index, txn, id, kind, error);
    if (!status && !(*out = pli_embedding_text(pli_projection_document(projection))))
        status = pli_nomem(error);
    pli_projection_free(projection);
    return status;
}

int pli_may_see(const plurum_viewer *viewer, const pli_doc_row *row)
{
    int shown = row->lifecycle == PLURUM_PUBLISHED || row->lifecycle == PLURUM_VERIFIED;
    if (viewer->is_operator || (row->visibility == PLURUM_PUBLIC && shown)) return 1;
    if (viewer->agent && row->owner.len && pli_slice_is(row->owner, viewer->agent)) return 1;
    if (row->visibility != PLURUM_TEAM || !shown) return 0;
    for (size_t i = 0; i < viewer->team_mate_count; i++)
        if (row->owner.len && pli_slice_is(row->owner, viewer->team_mates[i])) return 1;
    return 0;
}
