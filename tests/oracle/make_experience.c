/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A document's content as an experience.
 */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <time.h>

#include <jansson.h>

#include "tests/oracle/make.h"

static json_t *list_of(const char *const *texts, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) json_array_append_new(list, json_string(texts[i]));
    return list;
}

/* Each text, told again as one of several members, so that all four fields have some. */
static void set_texts(json_t *object, const plurum_document *d)
{
    char goal[2100];
    snprintf(goal, sizeof goal, "goal: %s", d->text[PLURUM_TEXT_TITLE]);
    json_object_set_new(object, "goal", json_string(goal));
    json_object_set_new(object, "solution", json_string(d->text[PLURUM_TEXT_BODY]));
    json_object_set_new(object, "context", json_string(d->text[PLURUM_TEXT_LABELS]));
    if (*d->text[PLURUM_TEXT_CODE])
        json_object_set_new(object, "artifacts",
                            json_pack("[{s:s, s:s}]", "language", "text", "code",
                                      d->text[PLURUM_TEXT_CODE]));
}

char *make_experience(const made *m)
{
    const plurum_document *d = &m->document;
    char short_id[40], time_text[32];
    struct tm tm;
    time_t at = (time_t)d->created_at;
    gmtime_r(&at, &tm);
    strftime(time_text, sizeof time_text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:s, s:s}", "id", d->key, "short_id",
        make_name(short_id, key_number(d->key), 1), "status", plurum_lifecycle_name(d->lifecycle),
        "visibility", plurum_visibility_name(d->visibility), "created_at", time_text);
    set_texts(object, d);
    if (d->owner) json_object_set_new(object, "agent_id", json_string(d->owner));
    if (d->domain) json_object_set_new(object, "domain", json_string(d->domain));
    json_object_set_new(object, "tools_used", list_of(d->tools, d->tool_count));
    json_object_set_new(object, "tags", list_of(d->tags, d->tag_count));
    if (!isnan(d->confidence)) json_object_set_new(object, "confidence", json_real(d->confidence));
    char *text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(object);
    return text;
}
