/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum_search: from ranked candidates to the page that was asked for, with what stands beside it.
 */
#include <config.h>

#include <plurum/search.h>

#include <string.h>

#include "base/error.h"
#include "base/unicode.h"
#include "engine/answer/facets.h"
#include "engine/answer/replay.h"
#include "engine/answer/results.h"
#include "engine/answer/snippet.h"
#include "engine/answer/suggest.h"
#include "engine/search/cursor.h"
#include "engine/search/search.h"
#include "rank/calibrate.h"
#include "rank/fuse.h"

/* The first candidate of the page. After a cursor: the one behind the last that was shown, since
 * writes move all scores a little; or, where that is gone, the first that its score would precede. */
static size_t page_start(const pli_search *s)
{
    if (!s->query.cursor) return s->query.offset < s->count ? s->query.offset : s->count;
    size_t i = 0;
    while (i < s->count && s->candidates[i].id != s->cursor.last.id) i++;
    if (i < s->count) return i + 1;
    i = 0;
    while (i < s->count && pli_rank_compare(&s->candidates[i], &s->cursor.last) <= 0) i++;
    return i;
}

static plurum_status set_cursor(plurum_results *results, const pli_search *s, size_t last,
                                plurum_error *error)
{
    pli_cursor cursor = {.query = s->hash,
                         .seq = results->seq,
                         .now = s->now,
                         .candidates = s->k,
                         .last = s->candidates[last]};
    if (s->by_graphs && s->vector_count) {
        cursor.proposed = pli_reallocarray(NULL, s->vector_count, sizeof *cursor.proposed);
        if (!cursor.proposed) return pli_nomem(error);
        for (size_t i = 0; i < s->vector_count; i++) cursor.proposed[i] = s->vector_hits[i].id;
        cursor.proposed_count = (uint32_t)s->vector_count;
    }
    results->cursor = pli_cursor_write(&cursor);
    pli_cursor_free(&cursor);
    return results->cursor ? PLURUM_OK : pli_nomem(error);
}

static plurum_status make_page(plurum_results **out, pli_search *s, plurum_error *error)
{
    size_t start = page_start(s), left = s->count - start;
    size_t count = left < s->query.limit ? left : s->query.limit;
    plurum_status status = pli_results_new(out, count, error);
    if (status) return status;
    plurum_results *results = *out;
    if (!s->query.like)
        results->query = pli_utf8_mend(s->query.text ? s->query.text : "", s->query.text_len,
                                       &results->query_len);
    results->total = s->count;
    results->note = s->note;
    results->abstain =
        pli_abstains(s->candidates, s->count, s->weights.value[PLI_W_ABSTAIN]);
    results->seq = s->snapshot->view->seq;
    results->now = s->now;
    results->scored = 1;
    if (!results->query && !s->query.like) status = pli_nomem(error);
    if (!status && results->query && !memchr(results->query, 0, results->query_len))
        status = pli_suggest(&results->suggestion, s, results->query, error);
    results->has_facets = s->query.facets > 0;
    if (!status && s->query.facets) status = pli_facets_count(&results->facets, s, error);
    if (!status && s->query.trace) status = pli_replay_keep(&results->replay, s, error);
    for (size_t i = 0; i < count && !status; i++) {
        status = pli_results_fill(&results->page, i, s->snapshot, &s->candidates[start + i],
                                  s->query.bodies, error);
        if (!status && s->query.snippet)
            status = pli_snippet_add(&results->page, i, s, error);
    }
    if (!status && count && count < left && s->query.lambda >= 1)
        status = set_cursor(results, s, start + count - 1, error);
    return status;
}

/* The same query once more, among what is in quarantine. */
static plurum_status add_warnings(plurum_results *results, pli_search *s, plurum_error *error)
{
    plurum_quarantine asked = s->filter.quarantine;
    uint32_t proposed = s->cursor.proposed_count;
    s->filter.quarantine = PLURUM_QUARANTINE_ONLY;
    s->cursor.proposed_count = 0; /* of what is not */
    plurum_status status = pli_search_run(s, s->snapshot, error);
    s->filter.quarantine = asked;
    s->cursor.proposed_count = proposed;
    size_t count = s->count < s->query.warnings ? s->count : s->query.warnings;
    while (count > 0 && !(s->candidates[count - 1].score > 0.0)) count--; /* matches nothing asked */
    if (!status) status = pli_hits_new(&results->warnings, count, error);
    for (size_t i = 0; i < count && !status; i++)
        status = pli_results_fill(&results->warnings, i, s->snapshot, &s->candidates[i],
                                  s->query.bodies, error);
    return status;
}

/* The whole answer at the run's moment, into *payload, a plurum_results * that is NULL on failure. */
static plurum_status whole_answer(void *payload, pli_search *search, plurum_error *error)
{
    plurum_results **out = payload;
    plurum_status status = make_page(out, search, error);
    if (!status && search->query.warnings) status = add_warnings(*out, search, error);
    if (status) {
        plurum_results_free(*out);
        *out = NULL;
    }
    return status;
}

plurum_status plurum_search(plurum_results **out, plurum_index *index, const plurum_query *query,
                            plurum_error *error)
{
    pli_search search;
    *out = NULL;
    plurum_status status = pli_search_prepare(&search, index, query, error);
    if (!status) status = pli_search_now(&search, whole_answer, out, error);
    pli_search_free(&search);
    return status;
}
