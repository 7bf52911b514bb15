/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collecting lessons. Attempts are told apart by dead_end; an assembled experience holds each dead
 * end and breakthrough as an attempt too, and says nothing new by that.
 */
#include <config.h>

#include "experience/lessons.h"

#include <string.h>

#include "base/alloc.h"

const char *pli_text_member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static int is_known(const pli_lesson *lessons, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(lessons[i].what, what) == 0) return 1;
    return 0;
}

static size_t add_records(pli_lesson *out, const json_t *list, const char *what, const char *why)
{
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        out[i] = (pli_lesson){pli_text_member(item, what), pli_text_member(item, why), "", "", 0};
    }
    return count;
}

static size_t add_breakthroughs(pli_lesson *out, const json_t *list)
{
    static const char *const ORDER[] = {"high", "medium", "low"};
    size_t count = 0;
    for (size_t o = 0; o < sizeof ORDER / sizeof *ORDER; o++)
        for (size_t i = 0; i < json_array_size(list); i++) {
            const json_t *item = json_array_get(list, i);
            const char *importance = pli_text_member(item, "importance");
            if (strcmp(importance, ORDER[o]) != 0) continue;
            out[count++] = (pli_lesson){pli_text_member(item, "insight"),
                                        pli_text_member(item, "detail"), "", importance, 0};
        }
    return count;
}

/* The attempts that were dead ends, or the others, behind the `known` lessons that are there. */
static size_t add_attempts(pli_lesson *out, size_t known, const json_t *list, int dead)
{
    size_t count = known;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *action = pli_text_member(item, "action");
        if (json_is_true(json_object_get(item, "dead_end")) != dead) continue;
        if (is_known(out, known, action)) continue;
        out[count++] = (pli_lesson){action, pli_text_member(item, "outcome"),
                                    pli_text_member(item, "insight"), "", 1};
    }
    return count;
}

int pli_lessons_collect(pli_lessons *out, const json_t *detail)
{
    const json_t *breakthroughs = json_object_get(detail, "breakthroughs");
    const json_t *attempts = json_object_get(detail, "attempts");
    const json_t *dead_ends = json_object_get(detail, "dead_ends");
    const json_t *gotchas = json_object_get(detail, "gotchas");
    size_t most = json_array_size(breakthroughs) + json_array_size(attempts) +
                  json_array_size(dead_ends) + json_array_size(gotchas);
    *out = (pli_lessons){0};
    out->all = pli_calloc(most + 1, sizeof *out->all);
    if (!out->all) return -1;
    out->helps = out->all;
    out->help_count =
        add_attempts(out->helps, add_breakthroughs(out->helps, breakthroughs), attempts, 0);
    out->fails = out->helps + out->help_count;
    out->fail_count =
        add_attempts(out->fails, add_records(out->fails, dead_ends, "what", "why"), attempts, 1);
    out->watch = out->fails + out->fail_count;
    out->watch_count = add_records(out->watch, gotchas, "warning", "context");
    return 0;
}

void pli_lessons_free(pli_lessons *lessons)
{
    pli_free(lessons->all);
    *lessons = (pli_lessons){0};
}
