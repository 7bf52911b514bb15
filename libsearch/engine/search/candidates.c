/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From two lists of hits to ranked candidates: their union, the full scores of both legs, tools,
 * trust, and the fusion.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "embed/similarity.h"
#include "engine/search/diversify.h"
#include "engine/search/plan.h"
#include "engine/search/search.h"
#include "rank/calibrate.h"

static int by_id(const void *a, const void *b)
{
    const pli_candidate *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* The union of both legs' lists, in id order, with the ranks. */
static plurum_status join(pli_search *s, plurum_error *error)
{
    size_t most = s->text.hit_count + s->vector_count + 1, n = 0;
    s->candidates = pli_calloc(most, sizeof *s->candidates);
    if (!s->candidates) return pli_nomem(error);
    pli_candidate *all = s->candidates;
    for (size_t i = 0; i < s->text.hit_count; i++, n++) {
        all[n].id = s->text.hits[i].id;
        all[n].text_rank = (uint32_t)i + 1;
    }
    for (size_t i = 0; i < s->vector_count; i++, n++) {
        all[n].id = s->vector_hits[i].id;
        all[n].vector_rank = (uint32_t)i + 1;
        all[n].cosine = s->vector_hits[i].cosine;
    }
    if (s->forced) all[n++].id = *s->forced; /* adds no rank to one that a leg proposed */
    if (n > 1) qsort(all, n, sizeof *all, by_id);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept && all[kept - 1].id == all[i].id) {
            all[kept - 1].text_rank += all[i].text_rank; /* all but one of each are 0 */
            all[kept - 1].vector_rank += all[i].vector_rank;
            all[kept - 1].cosine += all[i].cosine;
        } else {
            all[kept++] = all[i];
        }
    }
    s->count = kept;
    return PLURUM_OK;
}

/* Folds the asked tools to distinct numbers; a tool that no document uses counts all the same. */
static plurum_status find_tools(pli_search *s, plurum_error *error)
{
    uint32_t *numbers = pli_name_numbers(s->index, s->query.tools, s->query.tool_count);
    if (!numbers) return pli_nomem(error);
    size_t kept = 0;
    for (size_t i = 0; i < s->query.tool_count; i++) {
        int seen = 0;
        for (size_t j = 0; j < kept && numbers[i]; j++) seen |= numbers[j] == numbers[i];
        if (!seen) numbers[kept++] = numbers[i];
    }
    s->tools = numbers;
    s->tool_count = kept;
    return PLURUM_OK;
}

static double tools_share(const pli_search *s, uint32_t id)
{
    if (!s->tool_count) return 0.0;
    const pli_fixed *fixed = pli_columns_fixed(&s->index->columns, id);
    size_t used = 0;
    for (size_t i = 0; i < s->tool_count; i++)
        used += s->tools[i] && pli_set_has(&s->index->columns, &fixed->tools, s->tools[i]);
    return (double)used / (double)s->tool_count;
}

/* The cosines that the vector leg has not found already; NaN without a vector. */
static plurum_status find_cosines(pli_search *s, plurum_error *error)
{
    const pli_flat *vectors = s->index->vectors;
    size_t n = 0;
    uint32_t *ids = pli_reallocarray(NULL, s->count + 1, sizeof *ids);
    double *cosines = pli_reallocarray(NULL, s->count + 1, sizeof *cosines);
    plurum_status status = ids && cosines ? PLURUM_OK : pli_nomem(error);
    for (size_t i = 0; i < s->count && !status; i++) {
        pli_candidate *c = &s->candidates[i];
        if (c->vector_rank) continue;
        c->cosine = NAN;
        if (s->vector && pli_flat_has(vectors, c->id)) ids[n++] = c->id;
    }
    if (n) pli_flat_cosines(cosines, vectors, ids, n, s->vector);
    for (size_t i = 0, found = 0; found < n; i++)
        if (s->candidates[i].id == ids[found]) s->candidates[i].cosine = cosines[found++];
    pli_free(ids);
    pli_free(cosines);
    return status;
}

/* What is to be listened for in the outcomes: where the asker works, and what it asks. */
static pli_hearing hearing_of(pli_search *s)
{
    int is_off = s->weights.value[PLI_W_ALIKE] >= plurum_weight_info_at(PLI_W_ALIKE)->max;
    return (pli_hearing){.environment = s->environment.count ? &s->environment : NULL,
                         .alike = !is_off && (s->alike.words || s->alike.code) ? &s->alike : NULL,
                         .trust = &s->index->trust,
                         .txn = s->snapshot->txn,
                         .now = s->now};
}

/* The text leg's full scores, what follows from a cosine, and trust, for every candidate. */
static plurum_status complete(pli_search *s, plurum_error *error)
{
    double noise = pli_signal_noise(&s->snapshot->view->signal);
    pli_hearing hearing = hearing_of(s);
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < s->count && !status; i++) {
        pli_candidate *c = &s->candidates[i];
        c->text = s->text.scores ? s->text.scores[c->id] : 0.0;
        c->similarity =
            isnan(c->cosine) ? NAN : pli_similarity(c->cosine, s->index->traits.pivot);
        c->tools_share = tools_share(s, c->id);
        plurum_trust_score_at(&c->trust, &pli_view_row(s->snapshot->view, c->id)->trust,
                              &s->index->trust, s->now);
        if (c->trust.total_reports && (hearing.environment || hearing.alike))
            status = pli_hear(c, &hearing, error);
        pli_boost(c, &s->weights, noise);
    }
    return status;
}

/* ---- what fusion asks of the vectors ---- */

static const float *vector_of(const void *vectors, uint32_t id)
{
    return pli_flat_vector(vectors, id);
}

static void cosines_of(double *out, const void *vectors, const uint32_t *ids, size_t count,
                       const float *query)
{
    pli_flat_cosines(out, vectors, ids, count, query);
}

static void look_at_vectors(pli_fusion_input *input, const pli_search *s)
{
    const pli_background *background = &s->snapshot->view->background;
    input->dim = s->index->fingerprint.dim;
    input->query = s->vector;
    input->vector = vector_of;
    input->cosines = cosines_of;
    input->payload = s->index->vectors;
    input->background_count = background->count;
    pli_background_cosines(&input->background_mean, &input->background_sd, background,
                           s->index->vectors, s->vector);
}

plurum_status pli_search_rank(pli_search *s, plurum_error *error)
{
    plurum_status status = join(s, error);
    if (!status) status = find_tools(s, error);
    if (!status) status = find_cosines(s, error);
    if (!status) status = complete(s, error);
    if (status) return status;
    const plurum_model_traits *model = &s->index->traits;
    s->input = (pli_fusion_input){.text_active = s->text.hit_count > 0,
                                  .vector_active = s->vector_count > 0,
                                  .tools_asked = s->tool_count > 0,
                                  .text_most = s->text.most,
                                  .pivot = model->pivot};
    pli_fusion_weigh(&s->input, &s->weights, model->alpha, model->lean, model->feedback_lean);
    if (s->input.vector_active) look_at_vectors(&s->input, s);
    pli_calibrate(s->candidates, s->count, &s->input);
    pli_rank(s->candidates, s->count, &s->input);
    return pli_wants_diversity(&s->query) ? pli_diversify(s, error) : PLURUM_OK;
}
