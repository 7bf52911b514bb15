/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searching by example. The vector is the one that is stored, so no embedder is asked; words stand
 * in where there is none, or where the text leg alone is wanted.
 */
#include <config.h>

#include "engine/search/similar.h"

#include <string.h>

#include "base/error.h"
#include "engine/search/plan.h"
#include "experience/content.h"

static plurum_status find(pli_search *s, plurum_error *error)
{
    pli_doc_row row;
    const char *name = s->query.like;
    char quoted[PLI_QUOTE_SIZE];
    plurum_status status = pli_doc_find(&s->like, s->snapshot->txn, name, error);
    if (!status) status = pli_doc_get(&row, s->snapshot->txn, s->like, error);
    if (!status && !pli_may_see(&s->viewer, &row)) status = PLURUM_NOTFOUND;
    return status == PLURUM_NOTFOUND
               ? pli_fail(error, status, "no document %s", pli_quote(quoted, name, strlen(name)))
               : status;
}

static plurum_status take_vector(pli_search *s, plurum_error *error)
{
    const pli_flat *vectors = s->index->vectors;
    if (!vectors || !pli_flat_has(vectors, s->like)) return PLURUM_OK;
    s->vector = pli_memdup(pli_flat_vector(vectors, s->like),
                           s->index->fingerprint.dim * sizeof *s->vector);
    return s->vector ? PLURUM_OK : pli_nomem(error);
}

/* The document's words: title, body and labels, as an embedder reads them. */
static plurum_status take_terms(pli_search *s, plurum_error *error)
{
    char *text = NULL;
    pli_projection *projection;
    pli_analyser *analyser = NULL;
    plurum_status status =
        pli_stored_document(&projection, s->index, s->snapshot->txn, s->like, error);
    if (!status && !(text = pli_embedding_text(pli_projection_document(projection))))
        status = pli_nomem(error);
    if (!status) status = pli_borrow_analyser(&analyser, s->index, error);
    if (!status) status = pli_terms_of_query(&s->terms, analyser, text, strlen(text), error);
    pli_return_analyser(s->index, analyser);
    pli_projection_free(projection);
    pli_free(text);
    return status;
}

plurum_status pli_similar_ask(pli_search *s, plurum_error *error)
{
    pli_terms_unref(s->terms);
    pli_free(s->vector);
    s->terms = NULL;
    s->vector = NULL;
    plurum_status status = find(s, error);
    if (!status && s->query.mode != PLURUM_MODE_TEXT) status = take_vector(s, error);
    if (!status && !s->vector && s->query.mode != PLURUM_MODE_VECTOR)
        status = take_terms(s, error);
    return status;
}

void pli_similar_leave_out(pli_search *s)
{
    if (!pli_bitmap_has(&s->allowed, s->like)) return;
    s->allowed.words[s->like / 64] &= ~((uint64_t)1 << (s->like % 64));
    s->allowed.count--;
}

const char *pli_similar_note(const pli_search *s)
{
    if (s->vector) return NULL;
    if (s->query.mode == PLURUM_MODE_VECTOR) return "the document has no vector";
    if (!s->text.terms_asked) return "the document has no word but stop words";
    return s->query.mode == PLURUM_MODE_HYBRID && s->index->fingerprint.dim
               ? "the document has no vector: text leg only"
               : NULL;
}
