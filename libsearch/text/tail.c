/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Matching the tail: of a document and the query the shorter table is walked and the longer one
 * searched, since a query has five terms or twenty thousand. A counting sort groups the matches by
 * term.
 */
#include <config.h>

#include "text/tail.h"

#include <string.h>

#include "base/alloc.h"

typedef struct matches {
    pli_tail_posting *at;
    size_t count, cap;
} matches;

static int match(matches *found, uint32_t query_term, uint32_t id, const pli_term *term)
{
    if (found->count >= UINT32_MAX ||
        pli_grow(&found->at, &found->cap, found->count, sizeof *found->at))
        return -1;
    found->at[found->count++] = (pli_tail_posting){query_term, id, term};
    return 0;
}

static int match_document(matches *found, const pli_terms *query, const pli_tail_text *document)
{
    const pli_terms *terms = document->terms;
    int by_query = query->count <= terms->count;
    const pli_terms *walked = by_query ? query : terms, *searched = by_query ? terms : query;
    for (uint32_t i = 0; i < walked->count; i++) {
        const pli_term *here = &walked->terms[i];
        const pli_term *there = pli_terms_find(searched, here->bytes, here->len);
        if (!there) continue;
        uint32_t query_term = by_query ? i : (uint32_t)(there - query->terms);
        if (match(found, query_term, document->id, by_query ? there : here)) return -1;
    }
    return 0;
}

/* Groups the matches by query term; within one they stay in the order of ids. */
static int group(pli_tail_postings *out, const matches *found, uint32_t terms)
{
    out->first = pli_calloc((size_t)terms + 2, sizeof *out->first);
    out->all = pli_reallocarray(NULL, found->count, sizeof *out->all);
    if (!out->first || !out->all) return -1;
    uint32_t *next = out->first + 1; /* next[i] becomes where i ends */
    for (size_t i = 0; i < found->count; i++) next[found->at[i].query_term + 1]++;
    for (uint32_t i = 0; i < terms; i++) next[i + 1] += next[i];
    for (size_t i = 0; i < found->count; i++)
        out->all[next[found->at[i].query_term]++] = found->at[i];
    out->count = found->count;
    return 0;
}

int pli_tail_postings_find(pli_tail_postings *out, const pli_text_corpus *corpus,
                           const pli_terms *query, uint64_t from)
{
    memset(out, 0, sizeof *out);
    matches found = {NULL, 0, 0};
    int failed = 0;
    for (size_t i = 0; i < corpus->tail_count && !failed; i++) {
        const pli_tail_text *document = &corpus->tail[i];
        if (document->id >= from && pli_bitmap_has(corpus->live, document->id))
            failed = match_document(&found, query, document);
    }
    if (!failed) failed = group(out, &found, query->count);
    pli_free(found.at);
    if (failed) pli_tail_postings_free(out);
    return failed ? -1 : 0;
}

void pli_tail_postings_free(pli_tail_postings *postings)
{
    pli_free(postings->all);
    pli_free(postings->first);
    memset(postings, 0, sizeof *postings);
}
