/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a query to the ranked candidates: one snapshot, two legs, one order.
 */
#include <config.h>

#include "engine/search/search.h"

#include <string.h>

#include "base/error.h"
#include "engine/search/cursor.h"
#include "engine/search/plan.h"
#include "engine/search/similar.h"
#include "engine/search/vector_leg.h"

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
    pli_alike_free(&s->alike);
    pli_free(s->vector);
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

typedef struct text_step {
    pli_search *search;
    pli_search_step *step;
    void *payload;
} text_step;

static plurum_status take_step(void *payload, plurum_error *error)
{
    text_step *t = payload;
    return t->step(t->payload, t->search, error);
}

plurum_status pli_search_text(pli_search *s, pli_search_step *step, void *payload,
                              plurum_error *error)
{
    text_step t = {s, step, payload};
    return pli_snapshot_read_text(s->snapshot, take_step, &t, error);
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
    plurum_status status = pli_query_read(s, query, error);
    if (!status) status = pli_query_vector(s, error);
    if (!status)
        status = pli_alike_ask(&s->alike, index, s->query.text, s->query.text_len, s->vector, error);
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
