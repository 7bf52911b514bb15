/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a document is or is not in an answer.
 *
 * Each condition is asked alone, through the planner itself. A document that is no candidate is
 * made one in a second run, so that its scores are what they would be; the places in the legs are
 * counted over everything that passes.
 */
#include <config.h>

#include "engine/answer/why.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "engine/search/diversify.h"
#include "engine/search/plan.h"

#define EVERY_LIFECYCLE ((1u << PLURUM_LIFECYCLE_COUNT) - 1)

typedef struct question {
    plurum_why *why;
    const char *name;
    uint32_t id;
} question;

void plurum_why_free(plurum_why *why)
{
    if (!why) return;
    pli_hits_free(&why->hits);
    pli_free(why);
}

const plurum_why_report *plurum_why_report_of(const plurum_why *why)
{
    return &why->report;
}

size_t pli_why_place(const pli_search *s, uint32_t id)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->candidates[i].id == id) return i + 1;
    return 0;
}

/* ---- conditions ---- */

/* A filter of nothing but the i-th of the asked conditions; its name, or NULL beyond the last. */
static const char *condition(plurum_filter *out, size_t i, const plurum_filter *asked)
{
    *out = (plurum_filter)PLURUM_FILTER_INIT;
    out->lifecycles = EVERY_LIFECYCLE;
    out->quarantine = PLURUM_QUARANTINE_SHOW;
    switch (i) {
    case 0: out->lifecycles = asked->lifecycles; return "status";
    case 1: out->visibilities = asked->visibilities; return "visibility";
    case 2: out->domain = asked->domain; return "domain";
    case 3: out->tools = asked->tools, out->tool_count = asked->tool_count; return "tools";
    case 4: out->tags = asked->tags, out->tag_count = asked->tag_count; return "tags";
    case 5: out->min_quality = asked->min_quality; return "min_quality";
    case 6: out->min_confidence = asked->min_confidence; return "min_confidence";
    case 7: out->since = asked->since; return "since";
    case 8: out->until = asked->until; return "until";
    case 9: out->quarantine = asked->quarantine; return "quarantine";
    default: return NULL;
    }
}

static void add_filter(plurum_why *why, const char *name)
{
    why->filters[why->report.filter_count++] = name;
}

static plurum_status find_filters(question *q, const pli_search *s, plurum_error *error)
{
    plurum_viewer everyone = PLURUM_VIEWER_INIT;
    plurum_filter alone;
    const char *name;
    int passes = 1;
    everyone.is_operator = 1;
    condition(&alone, SIZE_MAX, &s->filter);
    plurum_status status =
        pli_plan_admits(&passes, s->snapshot, &s->viewer, &alone, s->now, q->id, error);
    if (!status && !passes) add_filter(q->why, "viewer");
    for (size_t i = 0; !status && (name = condition(&alone, i, &s->filter)); i++) {
        status = pli_plan_admits(&passes, s->snapshot, &everyone, &alone, s->now, q->id, error);
        if (!status && !passes) add_filter(q->why, name);
    }
    if (s->query.like && s->like == q->id) add_filter(q->why, "like");
    return status;
}

/* ---- places in the legs ---- */

static size_t text_place(const pli_search *s, uint32_t id)
{
    const double *scores = s->text.scores;
    if (!scores || scores[id] <= 0) return 0;
    size_t place = 1;
    for (uint32_t i = 0; i < s->allowed.bound; i++)
        place += scores[i] > scores[id] || (scores[i] == scores[id] && i < id);
    return place;
}

static size_t vector_place(const pli_search *s, uint32_t id)
{
    const pli_flat *vectors = s->index->vectors;
    if (!s->vector || !pli_flat_has(vectors, id)) return 0;
    double cosine = pli_flat_cosine(vectors, id, s->vector);
    size_t place = 1;
    for (uint32_t i = pli_bitmap_next(&s->allowed, 0); i < s->allowed.bound;
         i = pli_bitmap_next(&s->allowed, i + 1)) {
        if (i == id || !pli_flat_has(vectors, i)) continue;
        double other = pli_flat_cosine(vectors, i, s->vector);
        place += other > cosine || (other == cosine && i < id);
    }
    return place;
}

/* ---- the report ---- */

static plurum_status show(question *q, pli_search *s, size_t i, const pli_candidate *candidate,
                          int bodies, plurum_error *error)
{
    return pli_results_fill(&q->why->hits, i, s->snapshot, candidate, bodies, error);
}

/* What the document lost to: the page's last hit, or the one right above it. */
static plurum_status find_rival(question *q, pli_search *s, plurum_error *error)
{
    plurum_why_report *r = &q->why->report;
    size_t place = r->place && r->place <= r->last ? r->place - 1 : r->last;
    if (place > s->count) place = s->count;
    if (!place) return PLURUM_OK;
    r->rival = &q->why->hits.hits[1];
    r->rival_place = place;
    return show(q, s, 1, &s->candidates[place - 1], 1, error);
}

static plurum_status find_scores(question *q, pli_search *s, plurum_error *error)
{
    plurum_why_report *r = &q->why->report;
    int hidden = r->filter_count && strcmp(r->filters[0], "viewer") == 0;
    plurum_status status = PLURUM_OK;
    if (!r->place) {
        s->forced = &q->id;
        status = pli_search_run(s, s->snapshot, error);
        s->forced = NULL;
    }
    if (status) return status;
    r->text_place = text_place(s, q->id);
    r->vector_place = vector_place(s, q->id);
    r->hit = &q->why->hits.hits[0];
    return show(q, s, 0, &s->candidates[pli_why_place(s, q->id) - 1], !hidden, error);
}

static plurum_status answer(question *q, pli_search *s, plurum_error *error)
{
    plurum_why_report *r = &q->why->report;
    plurum_status status = pli_hits_new(&q->why->hits, 2, error);
    if (!status) status = find_filters(q, s, error);
    if (status) return status;
    r->place = pli_why_place(s, q->id);
    r->total = s->count;
    r->first = s->query.offset + 1;
    r->last = s->query.offset + s->query.limit;
    r->leg_candidates = s->k;
    r->note = s->note;
    if (!r->filter_count) status = find_rival(q, s, error);
    if (!status) status = find_scores(q, s, error);
    if (!status && !r->filter_count && (!r->place || r->place > r->last))
        status = pli_why_changes(q->why, s, q->id, error);
    return status;
}

static plurum_status make_why(void *payload, pli_search *s, plurum_error *error)
{
    question *q = payload;
    char quoted[PLI_QUOTE_SIZE];
    plurum_status status = pli_doc_find(&q->id, s->snapshot->txn, q->name, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, status, "no document %s",
                        pli_quote(quoted, q->name, strlen(q->name)));
    if (status) return status;
    q->why = pli_calloc(1, sizeof *q->why);
    if (!q->why) return pli_nomem(error);
    q->why->report.filters = q->why->filters;
    q->why->report.changes = q->why->changes;
    status = answer(q, s, error);
    if (!status) return PLURUM_OK;
    plurum_why_free(q->why);
    q->why = NULL;
    return status;
}

plurum_status plurum_index_why(plurum_why **out, plurum_index *index, const char *id,
                               const plurum_query *query, plurum_error *error)
{
    pli_search search;
    question q = {.name = id};
    *out = NULL;
    if (!id) return pli_fail(error, PLURUM_ARG, "id: NULL");
    plurum_status status = pli_search_prepare(&search, index, query, error);
    if (!status && search.query.cursor)
        status = pli_fail(error, PLURUM_ARG, "cursor: not in a question why; give an offset");
    if (!status && pli_wants_diversity(&search.query))
        status = pli_fail(error, PLURUM_ARG, "collapse and lambda: not in a question why");
    if (!status) status = pli_search_now(&search, make_why, &q, error);
    pli_search_free(&search);
    *out = q.why;
    return status;
}
