/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Planning. The usual query (nobody's, without filters) is answered by the view's own bitmaps;
 * conditions that a caller adds are then tested on what is left, one row at a time.
 *
 * Where a domain, a tool or a tag is asked for, the text index's boolean terms name the few ids
 * that can match, and only those and the tail are tested. They only narrow: the rows decide.
 */
#include <config.h>

#include "engine/search/plan.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/options.h"
#include "base/unicode.h"

#define DEFAULT_LIFECYCLES (1u << PLURUM_PUBLISHED | 1u << PLURUM_VERIFIED)

plurum_status pli_check_list(const char *const *items, size_t count, const char *what,
                             plurum_error *error)
{
    if (count && !items) return pli_fail(error, PLURUM_ARG, "%s: NULL", what);
    for (size_t i = 0; i < count; i++)
        if (!items[i]) return pli_fail(error, PLURUM_ARG, "%s[%zu]: NULL", what, i);
    return PLURUM_OK;
}

plurum_status pli_viewer_copy(plurum_viewer *out, const plurum_viewer *given, plurum_error *error)
{
    *out = (plurum_viewer)PLURUM_VIEWER_INIT;
    plurum_status status = pli_options_copy(out, sizeof *out, given, "plurum_viewer", error);
    if (!status)
        status = pli_check_list(out->team_mates, out->team_mate_count, "viewer.team_mates", error);
    return status;
}

static plurum_status check_unit(double value, const char *what, plurum_error *error)
{
    return value >= 0.0 && value <= 1.0
               ? PLURUM_OK
               : pli_fail(error, PLURUM_ARG, "%s: %g, allowed are 0 to 1", what, value);
}

static plurum_status check_names(const char *const *items, size_t count, const char *what,
                                 plurum_error *error)
{
    return count > PLURUM_LIST_MAX
               ? pli_fail(error, PLURUM_ARG, "%s: %zu, at most %d allowed", what, count,
                          PLURUM_LIST_MAX)
               : pli_check_list(items, count, what, error);
}

static plurum_status check_bits(unsigned bits, unsigned count, const char *what, plurum_error *error)
{
    return bits >> count ? pli_fail(error, PLURUM_ARG, "%s: 0x%x, allowed are bits of 0x%x", what,
                                    bits, (1u << count) - 1)
                         : PLURUM_OK;
}

plurum_status pli_filter_copy(plurum_filter *out, const plurum_filter *given, plurum_error *error)
{
    *out = (plurum_filter)PLURUM_FILTER_INIT;
    plurum_status status = pli_options_copy(out, sizeof *out, given, "plurum_filter", error);
    if (!status) status = check_unit(out->min_quality, "min_quality", error);
    if (!status) status = check_unit(out->min_confidence, "min_confidence", error);
    if (status) return status;
    status = check_names(out->tools, out->tool_count, "filter.tools", error);
    if (!status) status = check_names(out->tags, out->tag_count, "filter.tags", error);
    if (!status)
        status = check_bits(out->lifecycles, PLURUM_LIFECYCLE_COUNT, "filter.lifecycles", error);
    if (!status)
        status = check_bits(out->visibilities, PLURUM_VISIBILITY_COUNT, "filter.visibilities", error);
    if (status) return status;
    if ((int)out->quarantine < 0 || out->quarantine > PLURUM_QUARANTINE_ONLY)
        return pli_fail(error, PLURUM_ARG, "filter.quarantine: %d is none", (int)out->quarantine);
    if (!out->lifecycles) out->lifecycles = DEFAULT_LIFECYCLES;
    return PLURUM_OK;
}

uint32_t *pli_name_numbers(plurum_index *index, const char *const *names, size_t count)
{
    enum { LONGEST = 4 * PLURUM_LABEL_MAX }; /* bytes; nothing that is stored is longer */
    uint32_t *numbers = pli_calloc(count, sizeof *numbers);
    for (size_t i = 0; i < count && numbers; i++) {
        if (strnlen(names[i], LONGEST + 1) > LONGEST) continue;
        char *folded = pli_utf8_fold(names[i], strlen(names[i]));
        if (!folded) {
            pli_free(numbers);
            return NULL;
        }
        numbers[i] = pli_intern_find(index->columns.names, folded, strlen(folded));
        pli_free(folded);
    }
    return numbers;
}

/* A filter with its names looked up. */
typedef struct plan {
    const pli_snapshot *snapshot;
    const plurum_filter *filter;
    int64_t now;
    int impossible; /* a name is asked for that no document has */
    uint32_t domain;
    uint32_t *tools, *tags;
    /* the viewer */
    int is_operator;
    uint32_t agent;
    uint32_t *mates;
    size_t mate_count;
} plan;

static plurum_status find_names(plan *p, plurum_error *error)
{
    plurum_index *index = p->snapshot->index;
    const plurum_filter *f = p->filter;
    if (f->domain) {
        uint32_t *domain = pli_name_numbers(index, &f->domain, 1);
        if (!domain) return pli_nomem(error);
        p->domain = *domain;
        p->impossible |= *domain == 0;
        pli_free(domain);
    }
    p->tools = pli_name_numbers(index, f->tools, f->tool_count);
    p->tags = pli_name_numbers(index, f->tags, f->tag_count);
    if (!p->tools || !p->tags) return pli_nomem(error);
    for (size_t i = 0; i < f->tool_count; i++) p->impossible |= p->tools[i] == 0;
    for (size_t i = 0; i < f->tag_count; i++) p->impossible |= p->tags[i] == 0;
    return PLURUM_OK;
}

static plurum_status find_viewer(plan *p, const plurum_viewer *viewer, plurum_error *error)
{
    pli_intern *agents = p->snapshot->index->columns.agents;
    p->is_operator = viewer->is_operator;
    if (viewer->agent) p->agent = pli_intern_find(agents, viewer->agent, strlen(viewer->agent));
    p->mates = pli_calloc(viewer->team_mate_count, sizeof *p->mates);
    if (!p->mates) return pli_nomem(error);
    for (size_t i = 0; i < viewer->team_mate_count; i++) {
        const char *mate = viewer->team_mates[i];
        uint32_t number = pli_intern_find(agents, mate, strlen(mate));
        if (number) p->mates[p->mate_count++] = number;
    }
    return PLURUM_OK;
}

/* Whether the viewer sees a document that is not open to all. */
static int sees(const plan *p, const pli_variable *row)
{
    if (p->is_operator || (row->owner && row->owner == p->agent)) return 1;
    if (row->visibility != PLURUM_TEAM ||
        !(1u << row->lifecycle & DEFAULT_LIFECYCLES))
        return 0;
    for (size_t i = 0; i < p->mate_count; i++)
        if (row->owner == p->mates[i]) return 1;
    return 0;
}

static int has_all(const pli_columns *columns, const pli_set *set, const uint32_t *numbers,
                   size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!pli_set_has(columns, set, numbers[i])) return 0;
    return 1;
}

/* Conditions beyond lifecycle, viewer and quarantine. */
static int passes(const plan *p, uint32_t id, const pli_variable *row)
{
    const plurum_filter *f = p->filter;
    const pli_columns *columns = &p->snapshot->index->columns;
    const pli_fixed *fixed = pli_columns_fixed(columns, id);
    return (!f->domain || fixed->domain == p->domain) &&
           has_all(columns, &fixed->tools, p->tools, f->tool_count) &&
           has_all(columns, &fixed->tags, p->tags, f->tag_count) &&
           (!f->visibilities || 1u << row->visibility & f->visibilities) &&
           (f->min_confidence <= 0.0 || fixed->confidence >= f->min_confidence) &&
           (f->since == PLURUM_TIME_UNSET || fixed->created_at >= f->since) &&
           (f->until == PLURUM_TIME_UNSET || fixed->created_at <= f->until) &&
           (f->min_quality <= 0.0 ||
            plurum_trust_mean_at(&row->trust, &p->snapshot->index->trust, p->now) >=
                f->min_quality);
}

static int is_quarantined(const plan *p, uint32_t id, const pli_variable *row)
{
    return pli_bitmap_has(&p->snapshot->view->suspect, id) &&
           plurum_trust_quarantined_at(&row->trust, &p->snapshot->index->trust, p->now);
}

static int admits(const plan *p, uint32_t id)
{
    const pli_view *view = p->snapshot->view;
    const pli_variable *row = pli_view_row(view, id);
    if (!(1u << row->lifecycle & p->filter->lifecycles)) return 0;
    if (!pli_bitmap_has(&view->open, id) && !sees(p, row)) return 0;
    if (p->filter->quarantine != PLURUM_QUARANTINE_SHOW &&
        is_quarantined(p, id, row) != (p->filter->quarantine == PLURUM_QUARANTINE_ONLY))
        return 0;
    return passes(p, id, row);
}

static int has_conditions(const plurum_filter *f)
{
    return f->quarantine != PLURUM_QUARANTINE_HIDE || f->lifecycles != DEFAULT_LIFECYCLES ||
           f->domain || f->tool_count || f->tag_count || f->visibilities ||
           f->min_quality > 0.0 || f->min_confidence > 0.0 || f->since != PLURUM_TIME_UNSET ||
           f->until != PLURUM_TIME_UNSET;
}

/* Nobody's usual query: what is open, less what is in quarantine. */
static void admit_open(pli_bitmap *out, const plan *p)
{
    const pli_view *view = p->snapshot->view;
    memcpy(out->words, view->open.words, ((size_t)out->bound / 64 + 1) * sizeof *out->words);
    out->count = view->open.count;
    for (uint32_t id = pli_bitmap_next(&view->suspect, 0); id < view->bound;
         id = pli_bitmap_next(&view->suspect, id + 1))
        if (pli_bitmap_has(out, id) && !admits(p, id)) {
            out->words[id / 64] &= ~((uint64_t)1 << (id % 64));
            out->count--;
        }
}

/* Tests every document; only the suspects where nothing but quarantined ones is asked for. */
static void admit_all(pli_bitmap *out, const plan *p, uint32_t from)
{
    const pli_view *view = p->snapshot->view;
    const pli_bitmap *pool =
        p->filter->quarantine == PLURUM_QUARANTINE_ONLY ? &view->suspect : &view->live;
    for (uint32_t id = pli_bitmap_next(pool, from); id < pool->bound;
         id = pli_bitmap_next(pool, id + 1))
        if (admits(p, id)) pli_bitmap_add(out, id);
}

/* One name that the filter asks for, as the text index has it. */
typedef struct narrowing {
    const char *prefix;
    const char *name;
} narrowing;

static size_t narrowings(narrowing out[3], const plurum_filter *f)
{
    size_t n = 0;
    if (f->domain) out[n++] = (narrowing){PLI_PREFIX_DOMAIN, f->domain};
    if (f->tool_count) out[n++] = (narrowing){PLI_PREFIX_TOOL, f->tools[0]};
    if (f->tag_count) out[n++] = (narrowing){PLI_PREFIX_TAG, f->tags[0]};
    return n;
}

/* Tests only ids under the rarest of the asked names, and those above the index. *done: 0 when
 * there is no such name or the index cannot say. */
static plurum_status admit_narrow(pli_bitmap *out, const plan *p, int *done, plurum_error *error)
{
    narrowing asked[3];
    pli_text_reader *reader = p->snapshot->reader;
    size_t count = reader ? narrowings(asked, p->filter) : 0;
    uint32_t fewest = UINT32_MAX, last_id;
    uint64_t seq;
    char *best = NULL;
    const char *prefix = NULL;
    plurum_status status = PLURUM_OK;
    *done = 0;
    for (size_t i = 0; i < count && !status; i++) {
        char *folded = pli_utf8_fold(asked[i].name, strlen(asked[i].name));
        uint32_t frequency = UINT32_MAX;
        status = folded ? pli_text_reader_frequency(&frequency, reader, asked[i].prefix, folded,
                                                    strlen(folded), error)
                        : pli_nomem(error);
        if (!status && frequency < fewest) {
            fewest = frequency;
            prefix = asked[i].prefix;
            pli_free(best);
            best = folded;
            folded = NULL;
        }
        pli_free(folded);
    }
    pli_postings postings;
    if (!status && best) {
        status = pli_text_reader_postings(&postings, reader, prefix, best, strlen(best), error);
        *done = !status;
    }
    pli_free(best);
    if (!*done) return status;
    const pli_view *view = p->snapshot->view;
    for (size_t i = 0; i < postings.count; i++)
        if (pli_bitmap_has(&view->live, postings.ids[i]) && admits(p, postings.ids[i]))
            pli_bitmap_add(out, postings.ids[i]);
    pli_text_reader_applied(reader, &seq, &last_id);
    if (last_id < UINT32_MAX) admit_all(out, p, last_id + 1);
    return PLURUM_OK;
}

static plurum_status admit(pli_bitmap *out, const plan *p, const plurum_viewer *viewer,
                           plurum_error *error)
{
    int anonymous = !viewer->is_operator && !p->agent && !p->mate_count;
    if (p->impossible) return PLURUM_OK;
    if (anonymous && !has_conditions(p->filter)) {
        admit_open(out, p);
        return PLURUM_OK;
    }
    int done;
    plurum_status status = admit_narrow(out, p, &done, error);
    if (!status && !done) admit_all(out, p, 0);
    return status;
}

/* What has been looked up of a plan is freed with close_plan, also after a failure. */
static plurum_status open_plan(plan *p, const plurum_viewer *viewer, plurum_error *error)
{
    plurum_status status = find_names(p, error);
    return status ? status : find_viewer(p, viewer, error);
}

static void close_plan(plan *p)
{
    pli_free(p->tools);
    pli_free(p->tags);
    pli_free(p->mates);
}

plurum_status pli_plan(pli_bitmap *out, const pli_snapshot *snapshot, const plurum_viewer *viewer,
                       const plurum_filter *filter, int64_t now, plurum_error *error)
{
    plan p = {.snapshot = snapshot, .filter = filter, .now = now};
    if (pli_bitmap_init(out, snapshot->view->bound)) return pli_nomem(error);
    plurum_status status = open_plan(&p, viewer, error);
    if (!status) status = admit(out, &p, viewer, error);
    close_plan(&p);
    if (status) pli_bitmap_free(out);
    return status;
}

plurum_status pli_plan_admits(int *out, const pli_snapshot *snapshot, const plurum_viewer *viewer,
                              const plurum_filter *filter, int64_t now, uint32_t id,
                              plurum_error *error)
{
    plan p = {.snapshot = snapshot, .filter = filter, .now = now};
    plurum_status status = open_plan(&p, viewer, error);
    if (!status) *out = !p.impossible && pli_bitmap_has(&snapshot->view->live, id) && admits(&p, id);
    close_plan(&p);
    return status;
}
