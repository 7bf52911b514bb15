/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From options to the ranking's functions: cosines from the vectors, titles from the contents.
 */
#include <config.h>

#include "engine/search/diversify.h"

#include <math.h>
#include <string.h>

#include <xxhash.h>

#include "base/error.h"
#include "base/unicode.h"
#include "experience/content.h"
#include "rank/diverse.h"

int pli_wants_diversity(const plurum_query *q)
{
    return q->collapse > 0 || q->collapse_titles || q->lambda < 1;
}

plurum_status pli_diversity_check(const pli_search *s, plurum_error *error)
{
    const plurum_query *q = &s->query;
    if (!(q->collapse >= 0 && q->collapse <= 1))
        return pli_fail(error, PLURUM_ARG, "collapse: %g, allowed are 0 to 1", q->collapse);
    if (!(q->lambda >= 0 && q->lambda <= 1))
        return pli_fail(error, PLURUM_ARG, "lambda: %g, allowed are 0 to 1", q->lambda);
    if (!pli_wants_diversity(q)) return PLURUM_OK;
    if (s->k > PLURUM_DIVERSE_MAX)
        return pli_fail(error, PLURUM_ARG,
                        "collapse and lambda: with %lu candidates a leg, at most %d allowed",
                        (unsigned long)s->k, PLURUM_DIVERSE_MAX);
    if (q->trace)
        return pli_fail(error, PLURUM_ARG, "trace: not together with collapse or lambda");
    if (q->cursor && q->lambda < 1)
        return pli_fail(error, PLURUM_ARG, "cursor: not together with lambda; give an offset");
    return PLURUM_OK;
}

static double likeness(const void *payload, uint32_t a, uint32_t b)
{
    const plurum_index *index = payload;
    if (!index->vectors || !pli_flat_has(index->vectors, a) || !pli_flat_has(index->vectors, b))
        return NAN;
    return pli_dot(pli_flat_vector(index->vectors, a), pli_flat_vector(index->vectors, b),
                   index->fingerprint.dim);
}

/* The hash of a document's folded title; 0: it has none. */
static plurum_status title_of(uint64_t *out, const pli_search *s, uint32_t id, plurum_error *error)
{
    pli_doc_row row;
    char *content = NULL, *folded = NULL;
    size_t len;
    pli_projection *projection = NULL;
    *out = 0;
    plurum_status status = pli_doc_get(&row, s->snapshot->txn, id, error);
    if (!status)
        status = pli_blob_get(&content, &len, s->index->codec, s->snapshot->txn, id, error);
    if (!status) status = pli_project(&projection, (pli_kind)row.kind, content, len, error);
    const char *title =
        status ? NULL : pli_projection_document(projection)->text[PLURUM_TEXT_TITLE];
    if (title && *title) {
        folded = pli_utf8_fold(title, strlen(title));
        if (!folded) status = pli_nomem(error);
        else *out = XXH3_64bits(folded, strlen(folded));
    }
    pli_free(folded);
    pli_projection_free(projection);
    pli_free(content);
    return status;
}

static plurum_status collapse(pli_search *s, plurum_error *error)
{
    uint64_t *titles = NULL;
    plurum_status status = PLURUM_OK;
    if (s->query.collapse_titles) {
        titles = pli_calloc(s->count, sizeof *titles);
        if (!titles) return pli_nomem(error);
        for (size_t i = 0; i < s->count && !status; i++)
            status = title_of(&titles[i], s, s->candidates[i].id, error);
    }
    if (!status)
        s->count = pli_collapse(s->candidates, s->count, s->query.collapse, titles, likeness,
                                s->index);
    pli_free(titles);
    return status;
}

plurum_status pli_diversify(pli_search *s, plurum_error *error)
{
    const plurum_query *q = &s->query;
    plurum_status status = PLURUM_OK;
    if (q->collapse > 0 || q->collapse_titles) status = collapse(s, error);
    if (!status && q->lambda < 1 &&
        pli_mmr(s->candidates, s->count, q->lambda, likeness, s->index))
        status = pli_nomem(error);
    return status;
}
