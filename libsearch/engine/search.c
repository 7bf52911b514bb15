/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The query path: one snapshot, two legs, one order.
 */
#include <config.h>

#include <plurum/search.h>

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/options.h"
#include "base/unicode.h"
#include "engine/configuration.h"
#include "engine/cursor.h"
#include "engine/diversify.h"
#include "engine/plan.h"
#include "engine/replay.h"
#include "engine/results.h"
#include "engine/search.h"
#include "engine/similar.h"
#include "engine/snippet.h"
#include "engine/suggest.h"
#include "engine/vector_leg.h"
#include "rank/calibrate.h"
#include "rank/fuse.h"

void plurum_query_init(plurum_query *query)
{
    *query = (plurum_query){.struct_size = sizeof *query,
                            .limit = 10,
                            .now = PLURUM_TIME_UNSET,
                            .bodies = 1,
                            .suggest = 1,
                            .lambda = 1};
}

/* Frees what a run has made. */
static void clear_run(pli_search *s)
{
    pli_bitmap_free(&s->allowed);
    pli_text_leg_free(&s->text);
    memset(&s->text, 0, sizeof s->text);
    pli_free(s->vector_hits);
    pli_free(s->candidates);
    pli_free(s->tools);
    s->vector_hits = NULL;
    s->candidates = NULL;
    s->tools = NULL;
    s->vector_count = s->count = s->tool_count = 0;
}

void pli_search_free(pli_search *s)
{
    clear_run(s);
    pli_cursor_free(&s->cursor);
    pli_terms_unref(s->terms);
    pli_environment_free(&s->environment);
    pli_free(s->vector);
}

/* ---- what is asked ---- */

static plurum_status check_query(pli_search *s, plurum_error *error)
{
    const plurum_query *q = &s->query;
    if (q->mode > PLURUM_MODE_VECTOR || (int)q->mode < 0)
        return pli_fail(error, PLURUM_ARG, "mode: %d is none", (int)q->mode);
    if (q->warnings > PLURUM_LIMIT_MAX)
        return pli_fail(error, PLURUM_ARG, "warnings: %zu, at most %d allowed", q->warnings,
                        PLURUM_LIMIT_MAX);
    if (q->limit < 1 || q->limit > PLURUM_LIMIT_MAX)
        return pli_fail(error, PLURUM_ARG, "limit: %zu, allowed are 1 to %d", q->limit,
                        PLURUM_LIMIT_MAX);
    if (q->snippet > PLURUM_SNIPPET_MAX)
        return pli_fail(error, PLURUM_ARG, "snippet: %zu, at most %d allowed", q->snippet,
                        PLURUM_SNIPPET_MAX);
    if (q->facets > PLURUM_LIMIT_MAX)
        return pli_fail(error, PLURUM_ARG, "facets: %zu, at most %d allowed", q->facets,
                        PLURUM_LIMIT_MAX);
    if (q->now != PLURUM_TIME_UNSET && !pli_time_is_sound(q->now))
        return pli_fail(error, PLURUM_ARG, "now: %lld, a time in the years 1 to 9999 expected",
                        (long long)q->now);
    if (q->cursor && q->offset)
        return pli_fail(error, PLURUM_ARG, "offset: %zu, with a cursor it must be 0", q->offset);
    if (q->text_len > PLURUM_QUERY_MAX)
        return pli_fail(error, PLURUM_LIMIT, "query: %zu bytes, at most %d allowed", q->text_len,
                        PLURUM_QUERY_MAX);
    if ((q->text_len && !q->text) || (q->dim && !q->vector))
        return pli_fail(error, PLURUM_ARG, "query: its text or vector is NULL");
    if (q->environment && strlen(q->environment) > PLURUM_QUERY_MAX)
        return pli_fail(error, PLURUM_LIMIT, "environment: %zu bytes, at most %d allowed",
                        strlen(q->environment), PLURUM_QUERY_MAX);
    if (q->tool_count > PLURUM_LIST_MAX)
        return pli_fail(error, PLURUM_ARG, "tools: %zu, at most %d allowed", q->tool_count,
                        PLURUM_LIST_MAX);
    if (pli_check_list(q->tools, q->tool_count, "tools", error)) return PLURUM_ARG;
    if (q->like && (q->text_len || q->vector))
        return pli_fail(error, PLURUM_ARG, "like: with it, neither a text nor a vector is asked");
    if (!q->text_len && !q->vector && !q->like)
        return pli_fail(error, PLURUM_ARG, "query: neither a text nor a vector");
    if (q->vector && q->dim != s->index->fingerprint.dim)
        return pli_fail(error, PLURUM_MISMATCH,
                        "a query vector of %zu dimensions; the index is of model %s with %lu",
                        q->dim, s->index->fingerprint.name,
                        (unsigned long)s->index->fingerprint.dim);
    return q->vector ? pli_fingerprint_allow(&s->index->fingerprint, q->vector_model, error)
                     : PLURUM_OK;
}

static void hash_texts(XXH3_state_t *state, const char *const *texts, size_t count)
{
    XXH3_64bits_update(state, &count, sizeof count);
    for (size_t i = 0; i < count; i++) XXH3_64bits_update(state, texts[i], strlen(texts[i]) + 1);
}

static void hash_text(XXH3_state_t *state, const char *text)
{
    hash_texts(state, &text, text != NULL);
}

/* Of everything that decides which documents come in which order, but for now and candidates. */
static uint64_t hash_query(const pli_search *s)
{
    const plurum_query *q = &s->query;
    const plurum_filter *f = &s->filter;
    const plurum_viewer *v = &s->viewer;
    XXH3_state_t *state = XXH3_createState();
    if (!state) return 0;
    XXH3_64bits_reset(state);
    const uint64_t numbers[] = {q->text_len, q->dim, (uint64_t)q->mode, (uint64_t)q->exact,
                                f->lifecycles, f->visibilities, (uint64_t)f->since,
                                (uint64_t)f->until, (uint64_t)f->quarantine,
                                (uint64_t)v->is_operator, s->environment.count};
    const double reals[] = {f->min_quality, f->min_confidence, q->collapse, q->lambda,
                            q->collapse_titles};
    XXH3_64bits_update(state, numbers, sizeof numbers);
    XXH3_64bits_update(state, reals, sizeof reals);
    if (q->text_len) XXH3_64bits_update(state, q->text, q->text_len);
    if (q->vector) XXH3_64bits_update(state, q->vector, q->dim * sizeof *q->vector);
    hash_texts(state, q->tools, q->tool_count);
    hash_text(state, q->like);
    if (s->environment.count)
        XXH3_64bits_update(state, s->environment.facts,
                           s->environment.count * sizeof *s->environment.facts);
    hash_text(state, f->domain);
    hash_texts(state, f->tools, f->tool_count);
    hash_texts(state, f->tags, f->tag_count);
    hash_text(state, v->agent);
    hash_texts(state, v->team_mates, v->team_mate_count);
    for (size_t i = 0; i < PLI_WEIGHT_COUNT; i++) {
        double value = i == PLI_W_CANDIDATES ? 0.0 : s->weights.value[i];
        XXH3_64bits_update(state, &value, sizeof value);
    }
    uint64_t hash = XXH3_64bits_digest(state);
    XXH3_freeState(state);
    return hash;
}

static plurum_status read_query(pli_search *s, const plurum_query *given, plurum_error *error)
{
    plurum_query_init(&s->query);
    if (!given) return pli_fail(error, PLURUM_ARG, "query: NULL");
    plurum_status status =
        pli_options_copy(&s->query, sizeof s->query, given, "plurum_query", error);
    if (!status) status = check_query(s, error);
    if (!status) status = pli_viewer_copy(&s->viewer, s->query.viewer, error);
    if (!status) status = pli_filter_copy(&s->filter, s->query.filter, error);
    if (!status && s->query.environment)
        status = pli_environment_read(&s->environment, s->query.environment,
                                      strlen(s->query.environment), error);
    if (status) return status;
    pli_weights_init(&s->weights);
    if (s->index->has_weights) s->weights = s->index->weights;
    if (s->query.weights) s->weights = *s->query.weights;
    s->now = s->query.now == PLURUM_TIME_UNSET ? pli_clock_hour(pli_index_clock(s->index))
                                               : s->query.now;
    s->k = (uint32_t)s->weights.value[PLI_W_CANDIDATES];
    s->hash = hash_query(s);
    status = pli_diversity_check(s, error);
    if (status) return status;
    if (!s->query.cursor) return PLURUM_OK;
    status = pli_cursor_read(&s->cursor, s->query.cursor, error);
    if (!status && s->cursor.query != s->hash)
        status = pli_fail(error, PLURUM_INVALID, "cursor: of another query");
    s->now = s->cursor.now;
    s->k = s->cursor.candidates;
    return status;
}

/* Of a query's text. Whoever searches is told that the embedder failed by the answer's note; the log
 * says why, once until it answers again. */
static plurum_status embed_query(pli_search *s, const char *text, plurum_error *error)
{
    plurum_error why;
    plurum_embed_call call = PLURUM_EMBED_CALL_INIT;
    call.patience = PLURUM_QUERY;
    plurum_status status = plurum_embedder_embed_call(s->index->options.embedder, &text, 1, s->vector,
                                                      &call, &why);
    if (status && error) *error = why;
    if (atomic_exchange(&s->index->embedder_told, status != PLURUM_OK) == 0 && status)
        pli_index_log(s->index, "a query was not embedded: %s", why.text);
    return status;
}

/* The query's vector, of unit length; none where the mode, the index or the text has none. */
static plurum_status find_vector(pli_search *s, plurum_error *error)
{
    const plurum_query *q = &s->query;
    const plurum_embedder *embedder = s->index->options.embedder;
    uint32_t dim = s->index->fingerprint.dim;
    int is_zero = 0;
    if (q->mode == PLURUM_MODE_TEXT || !dim || (!q->vector && (!embedder || !q->text_len)))
        return PLURUM_OK;
    s->vector = pli_malloc(dim * sizeof *s->vector);
    char *text = q->vector ? NULL : pli_strndup(q->text, q->text_len);
    if (!s->vector || (!q->vector && !text)) {
        pli_free(text);
        return pli_nomem(error);
    }
    plurum_status status = PLURUM_OK;
    if (q->vector)
        memcpy(s->vector, q->vector, dim * sizeof *s->vector);
    else
        status = embed_query(s, text, error);
    pli_free(text);
    if (!status) status = pli_vector_normalise(s->vector, dim, &is_zero, error);
    if (status && !q->vector && status != PLURUM_NOMEM) { /* the embedder's fault: do without */
        s->embedder_failed = 1;
        is_zero = 1;
        status = PLURUM_OK;
    }
    if (is_zero) {
        pli_free(s->vector);
        s->vector = NULL;
    }
    return status;
}

/* ---- the legs ---- */

static const uint32_t *lengths_of(const void *columns, uint32_t id)
{
    return pli_columns_fixed(columns, id)->length;
}

static plurum_status run_text(pli_search *s, plurum_error *error)
{
    const pli_view *view = s->snapshot->view;
    const double *w = s->weights.value;
    pli_text_corpus corpus = {.reader = s->snapshot->reader,
                              .tail = view->tail,
                              .tail_count = view->tail_count,
                              .live = &view->live,
                              .allowed = &s->allowed,
                              .lengths = lengths_of,
                              .payload = &s->index->columns};
    memcpy(corpus.live_length, view->live_length, sizeof corpus.live_length);
    pli_bm25 bm25 = {w[PLI_W_K1], w[PLI_W_B],
                     {w[PLI_W_TITLE], w[PLI_W_BODY], w[PLI_W_LABELS], w[PLI_W_CODE]},
                     w[PLI_W_FUNCTION_WORDS]};
    return pli_text_leg_run(&s->text, &corpus, s->terms, &bm25, s->k, error);
}

static plurum_status analyse(pli_search *s, plurum_error *error)
{
    pli_analyser *analyser;
    plurum_status status = pli_borrow_analyser(&analyser, s->index, error);
    if (!status)
        status = pli_terms_of_query(&s->terms, analyser, s->query.text, s->query.text_len, error);
    pli_return_analyser(s->index, analyser);
    return status;
}

plurum_status pli_search_text(pli_search *s, pli_search_step *step, void *payload,
                              plurum_error *error)
{
    enum { ATTEMPTS = 20 };
    plurum_status status = PLURUM_BUSY;
    for (int i = 0; i < ATTEMPTS && status == PLURUM_BUSY; i++) {
        if (i) status = pli_snapshot_refresh(s->snapshot, error);
        if (i && status) break;
        status = step(payload, s, error);
    }
    return status;
}

int pli_search_asks_words(const pli_search *s)
{
    return s->terms && (s->query.like || s->query.mode != PLURUM_MODE_VECTOR);
}

static plurum_status plan_and_text(void *unused, pli_search *s, plurum_error *error)
{
    (void)unused;
    pli_bitmap_free(&s->allowed);
    plurum_status status =
        pli_plan(&s->allowed, s->snapshot, &s->viewer, &s->filter, s->now, error);
    if (!status && s->query.like) pli_similar_leave_out(s);
    if (!status && s->forced) pli_bitmap_add(&s->allowed, *s->forced);
    if (!status && pli_search_asks_words(s) && !s->snapshot->text_lost) status = run_text(s, error);
    return status;
}

static plurum_status plan_and_run_text(pli_search *s, plurum_error *error)
{
    plurum_status status = pli_search_text(s, plan_and_text, NULL, error);
    s->text_failed = status && status != PLURUM_NOMEM; /* neither reads anything else */
    return status;
}

/* A page behind another has the candidates that graphs had found for that one, or none of graphs. */
static plurum_status run_vectors(pli_search *s, plurum_error *error)
{
    pli_vector_ask ask = {.query = s->vector,
                          .k = s->k,
                          .ef = (size_t)s->weights.value[PLI_W_EF],
                          .exact = s->query.exact || s->query.cursor != NULL};
    s->by_graphs = s->cursor.proposed_count > 0;
    return s->by_graphs ? pli_vector_leg_of(&s->vector_hits, &s->vector_count, s->snapshot,
                                            &s->allowed, s->vector, s->cursor.proposed,
                                            s->cursor.proposed_count, error)
                        : pli_vector_leg(&s->vector_hits, &s->vector_count, &s->by_graphs,
                                         s->snapshot, &s->allowed, &ask, error);
}

static plurum_status run_legs(pli_search *s, plurum_error *error)
{
    plurum_status status = plan_and_run_text(s, error);
    return !status && s->vector ? run_vectors(s, error) : status;
}

/* ---- the run ---- */

/* What the answer had to do without. */
static const char *note_of(const pli_search *s)
{
    int hybrid = s->query.mode == PLURUM_MODE_HYBRID, by_vector = hybrid && s->vector;
    if (s->embedder_failed)
        return hybrid ? "the embedder failed: text leg only" : "the embedder failed: no vector leg";
    if (pli_search_asks_words(s) && s->snapshot->text_lost)
        return s->vector ? "the text index cannot be read: vector leg only"
                         : "the text index cannot be read";
    if (s->query.like) return pli_similar_note(s);
    if (s->query.mode == PLURUM_MODE_VECTOR && !s->vector)
        return s->index->fingerprint.dim ? "the query has no vector" : "the index has no vectors";
    if (s->query.mode != PLURUM_MODE_VECTOR && s->query.text_len && !s->text.terms_asked)
        return by_vector ? "the query has no word but stop words: vector leg only"
                         : "the query has no word but stop words";
    if (hybrid && !s->vector && s->index->fingerprint.dim)
        return "the query has no vector: text leg only";
    if (by_vector && s->text.terms_asked && !s->text.terms_used)
        return "no document has a word of the query: vector leg only";
    return NULL;
}

plurum_status pli_search_prepare(pli_search *s, plurum_index *index, const plurum_query *query,
                                 plurum_error *error)
{
    memset(s, 0, sizeof *s);
    s->index = index;
    plurum_status status = read_query(s, query, error);
    if (!status) status = find_vector(s, error);
    if (!status && s->query.text_len && (s->query.mode != PLURUM_MODE_VECTOR || s->query.snippet))
        status = analyse(s, error);
    return status;
}

plurum_status pli_search_run(pli_search *s, pli_snapshot *snapshot, plurum_error *error)
{
    clear_run(s);
    s->snapshot = snapshot;
    plurum_status status = s->query.like ? pli_similar_ask(s, error) : PLURUM_OK;
    if (!status) status = run_legs(s, error);
    if (!status) status = pli_search_rank(s, error);
    if (status) return status;
    s->note = note_of(s);
    return PLURUM_OK;
}

/* ---- the page ---- */

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

/* The whole answer at the run's moment. */
static plurum_status make_results(void *payload, pli_search *search, plurum_error *error)
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

/*
 * The answer of one moment. *again: the text index failed and the caller should try once more, on
 * one that has been made anew or, where that cannot be done, without any.
 */
static plurum_status answer(pli_search *search, pli_search_step *make, void *payload, int *again,
                            plurum_error *error)
{
    pli_snapshot snapshot;
    search->text_failed = 0;
    plurum_status status = pli_snapshot_take(&snapshot, search->index, error);
    if (!status && search->lose_text) pli_snapshot_lose_text(&snapshot, &search->why);
    if (!status) status = pli_search_run(search, &snapshot, error);
    if (!status) status = make(payload, search, error);
    *again = status && search->text_failed && !search->lose_text;
    if (*again) search->why = error ? *error : (plurum_error){.text = "it cannot be read"};
    if (*again && (status != PLURUM_CORRUPT || pli_snapshot_heal(&snapshot, &search->why)))
        search->lose_text = 1;
    pli_snapshot_release(&snapshot);
    return *again ? PLURUM_OK : status;
}

plurum_status pli_search_now(pli_search *search, pli_search_step *make, void *payload,
                             plurum_error *error)
{
    enum { ATTEMPTS = 3 };
    plurum_status status = PLURUM_OK;
    int again = 1;
    for (int i = 0; i < ATTEMPTS && again && !status; i++)
        status = answer(search, make, payload, &again, error);
    if (!status && again) status = pli_fail(error, PLURUM_CORRUPT, "the text index stays damaged");
    return status;
}

plurum_status plurum_search(plurum_results **out, plurum_index *index, const plurum_query *query,
                            plurum_error *error)
{
    pli_search search;
    *out = NULL;
    plurum_status status = pli_search_prepare(&search, index, query, error);
    if (!status) status = pli_search_now(&search, make_results, out, error);
    pli_search_free(&search);
    return status;
}
