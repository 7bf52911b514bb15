/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which single weight would bring a document in. Nothing is derived: values are tried from the
 * present one outward, each by ranking again, and by searching again where the weight decides who
 * becomes a candidate. What is reported has been seen to work.
 */
#include <config.h>

#include "engine/answer/why.h"

#include <math.h>

#include "rank/fuse.h"

enum {
    STEPS = 10,  /* tried in each direction, closer together near the present value */
    HALVINGS = 6 /* of the last of them, so that the change is no larger than it must be */
};

typedef struct trial {
    pli_search *search;
    uint32_t id;
    size_t last;    /* place at the page's end */
    pli_weight weight;
    double from;    /* as it stands; what is unset has the model's value here */
    size_t place;   /* after a try */
} trial;

static int needs_search(pli_weight weight)
{
    return weight >= PLI_W_CANDIDATES;
}

/* Whether the document comes in under this value. */
static plurum_status try(int *in, trial *t, double value, plurum_error *error)
{
    pli_search *s = t->search;
    double before = s->weights.value[t->weight];
    uint32_t k = s->k;
    plurum_status status;
    s->weights.value[t->weight] = value;
    if (t->weight == PLI_W_CANDIDATES) s->k = (uint32_t)value;
    if (needs_search(t->weight)) {
        status = pli_search_run(s, s->snapshot, error);
    } else {
        pli_free(s->candidates);
        pli_free(s->tools);
        s->candidates = NULL;
        s->tools = NULL;
        s->count = s->tool_count = 0;
        status = pli_search_rank(s, error);
    }
    s->weights.value[t->weight] = before;
    s->k = k;
    t->place = status ? 0 : pli_why_place(s, t->id);
    *in = t->place && t->place <= t->last;
    return status;
}

/* A value that the weight can have. */
static double possible(const trial *t, double value)
{
    return pli_weight_is_whole(t->weight) ? round(value) : value;
}

/* The first of the steps towards `end` that brings it in, brought nearer by halving. *steps: how
 * many it took, 0: none does. */
static plurum_status try_towards(double *to, int *steps, trial *t, double end, plurum_error *error)
{
    double out = t->from;
    int in = 0;
    plurum_status status = PLURUM_OK;
    *steps = 0;
    if (end == t->from) return PLURUM_OK;
    for (int i = 1; i <= STEPS && !in && !status; i++) {
        double share = (double)i / STEPS;
        *to = i == STEPS ? end : possible(t, t->from + (end - t->from) * share * share * share);
        if (*to == out) continue;
        status = try(&in, t, *to, error);
        if (in) *steps = i;
        if (!in) out = *to;
    }
    for (int i = 0; i < HALVINGS && *steps && !status; i++) {
        double middle = possible(t, out + (*to - out) / 2);
        if (middle == out || middle == *to) break;
        status = try(&in, t, middle, error);
        if (in) *to = middle;
        else out = middle;
    }
    return status;
}

/* The value with as few decimals as still bring it in; the place with it. */
static plurum_status tidy(double *to, trial *t, double end, plurum_error *error)
{
    int in = 0;
    for (double unit = 1; unit <= 1000; unit *= 10) {
        double value = (end > t->from ? ceil(*to * unit) : floor(*to * unit)) / unit;
        if (value == t->from || (end > t->from ? value > end : value < end)) continue;
        plurum_status status = try(&in, t, value, error);
        if (status) return status;
        if (in) {
            *to = value;
            return PLURUM_OK;
        }
    }
    return try(&in, t, *to, error);
}

static void add(plurum_why *why, const trial *t, double to, const char *word)
{
    plurum_why_change *change = &why->changes[why->report.change_count++];
    *change = (plurum_why_change){.weight = plurum_weight_info_at(t->weight)->name,
                                  .from = t->search->weights.value[t->weight],
                                  .to = to,
                                  .word = word,
                                  .place = t->place};
}

static plurum_status try_number(plurum_why *why, trial *t, plurum_error *error)
{
    const plurum_weight_info *info = plurum_weight_info_at(t->weight);
    double to[2], end[2] = {info->max, info->min};
    int steps[2] = {0, 0};
    plurum_status status = PLURUM_OK;
    for (int i = 0; i < 2 && !status; i++)
        status = try_towards(&to[i], &steps[i], t, end[i], error);
    if (status || (!steps[0] && !steps[1])) return status;
    int best = !steps[0] || (steps[1] && steps[1] < steps[0]);
    status = tidy(&to[best], t, end[best], error);
    if (!status) add(why, t, to[best], NULL);
    return status;
}

static plurum_status try_fusions(plurum_why *why, trial *t, plurum_error *error)
{
    int in = 0;
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < PLI_FUSION_COUNT && !in && !status; i++) {
        if ((double)i == t->from) continue;
        status = try(&in, t, (double)i, error);
        if (in) add(why, t, (double)i, pli_fusion_names[i]);
    }
    return status;
}

/* More candidates, from the fewest that make the document one. */
static plurum_status try_candidates(plurum_why *why, trial *t, plurum_error *error)
{
    size_t text = why->report.text_place, vector = why->report.vector_place;
    size_t k = !text || (vector && vector < text) ? vector : text;
    int in = 0;
    plurum_status status = PLURUM_OK;
    if (why->report.place) k = 2 * (size_t)t->from;
    for (; k > t->from && k <= PLURUM_LIMIT_MAX && !in && !status; k *= 2) {
        status = try(&in, t, (double)k, error);
        if (in) add(why, t, (double)k, NULL);
        if (k >= t->search->allowed.count) break;
    }
    return status;
}

static double present_value(const pli_search *s, pli_weight weight)
{
    const plurum_model_traits *model = &s->index->traits;
    double value = s->weights.value[weight];
    if (weight == PLI_W_CANDIDATES) return s->k;
    if (!isnan(value)) return value;
    return weight == PLI_W_ALPHA ? model->alpha : weight == PLI_W_LEAN ? model->lean : model->feedback_lean;
}

/* Whether the weight can change this answer at all. */
static int matters(const pli_search *s, pli_weight weight)
{
    if (weight == PLI_W_TOOLS) return s->query.tool_count > 0;
    if (weight == PLI_W_EF) return s->vector && !s->query.exact;
    return weight <= PLI_W_CANDIDATES || pli_search_asks_words(s);
}

plurum_status pli_why_changes(plurum_why *why, pli_search *s, uint32_t id, plurum_error *error)
{
    int is_candidate = why->report.place != 0;
    plurum_status status = pli_search_run(s, s->snapshot, error); /* without what was forced */
    for (int w = 0; w < PLI_WEIGHT_COUNT && !status; w++) {
        trial t = {.search = s, .id = id, .last = why->report.last, .weight = (pli_weight)w,
                   .from = present_value(s, (pli_weight)w)};
        if (!is_candidate && !needs_search(t.weight)) continue; /* it stays none */
        if (!matters(s, t.weight)) continue;
        if (t.weight == PLI_W_FUSION)
            status = try_fusions(why, &t, error);
        else if (t.weight == PLI_W_CANDIDATES)
            status = try_candidates(why, &t, error);
        else
            status = try_number(why, &t, error);
    }
    return status;
}
