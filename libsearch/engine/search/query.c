/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is asked: checking a query, what a cursor brings along, and the query's vector.
 */
#include <config.h>

#include <plurum/search.h>

#include <stdatomic.h>
#include <string.h>

#include <xxhash.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/options.h"
#include "engine/configuration.h"
#include "engine/search/diversify.h"
#include "engine/search/plan.h"
#include "engine/search/search.h"

void plurum_query_init(plurum_query *query)
{
    *query = (plurum_query){.struct_size = sizeof *query,
                            .limit = 10,
                            .now = PLURUM_TIME_UNSET,
                            .bodies = 1,
                            .suggest = 1,
                            .lambda = 1};
}

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

plurum_status pli_query_read(pli_search *s, const plurum_query *given, plurum_error *error)
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
plurum_status pli_query_vector(pli_search *s, plurum_error *error)
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
