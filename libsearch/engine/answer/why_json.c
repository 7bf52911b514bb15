/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An answer to why, as JSON.
 */
#include <config.h>

#include <math.h>

#include "base/error.h"
#include "engine/answer/why.h"

static json_t *place_or_null(size_t place)
{
    return place ? json_integer((json_int_t)place) : json_null();
}

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *filters(const plurum_why_report *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->filter_count; i++)
        json_array_append_new(list, json_string(r->filters[i]));
    return list;
}

static json_t *changes(const plurum_why_report *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->change_count; i++) {
        const plurum_why_change *c = &r->changes[i];
        const char *const *words = NULL;
        for (size_t w = 0; c->word && w < plurum_weight_count(); w++) {
            const plurum_weight_info *info = plurum_weight_info_at(w);
            if (info->choices && info->name == c->weight) words = info->choices;
        }
        json_t *from = words ? json_string(words[(size_t)c->from]) : number_or_null(c->from);
        json_t *to = c->word ? json_string(c->word) : number_or_null(c->to);
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o}", "weight", c->weight, "from",
                                              from, "to", to, "place", place_or_null(c->place)));
    }
    return list;
}

/* The document's own members; null where there are none to show. */
static json_t *hit_or_null(const plurum_hit *hit, size_t place, plurum_error *error)
{
    if (!hit) return json_null();
    json_t *object = json_pack("{s:s, s:s, s:o}", "id", hit->key, "short_id", hit->short_id, "place",
                               place_or_null(place));
    if (object && pli_present_match(object, hit, 1, error)) {
        json_decref(object);
        return NULL;
    }
    return object;
}

plurum_status plurum_why_json(char **out, const plurum_why *why, plurum_error *error)
{
    const plurum_why_report *r = &why->report;
    *out = NULL;
    json_t *object = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s?}", "filtered_by", filters(r),
        "place", place_or_null(r->place), "on_page",
        json_boolean(r->place >= r->first && r->place <= r->last), "total_found",
        json_integer((json_int_t)r->total), "page",
        json_pack("[I, I]", (json_int_t)r->first, (json_int_t)r->last), "candidates",
        json_integer((json_int_t)r->leg_candidates), "text_place", place_or_null(r->text_place),
        "vector_place", place_or_null(r->vector_place), "match", hit_or_null(r->hit, r->place, error),
        "lost_to", hit_or_null(r->rival, r->rival_place, error), "changes", changes(r), "note",
        r->note);
    return pli_json_line(out, object, error);
}
