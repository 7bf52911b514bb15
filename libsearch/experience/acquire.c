/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modes in which an experience is acquired: the same lessons as a paragraph, as lists of what to
 * do and not to do, as decisions, or everything.
 *
 * Lists and decisions hold whole texts: who follows them must not miss half a sentence. Only the
 * summary (summary.c) is cut.
 */
#include <config.h>

#include "experience/acquire.h"

#include <string.h>

#include "base/buf.h"
#include "experience/lessons.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { CODE_SHOWN = 400 }; /* bytes of code that fit in a list */

static const char *const MODES[] = {
    [PLURUM_ACQUIRE_SUMMARY] = "summary",
    [PLURUM_ACQUIRE_CHECKLIST] = "checklist",
    [PLURUM_ACQUIRE_DECISION_TREE] = "decision_tree",
    [PLURUM_ACQUIRE_FULL] = "full",
};

const char *plurum_acquire_mode_name(plurum_acquire_mode mode)
{
    unsigned i = (unsigned)mode;
    return i < COUNT(MODES) ? MODES[i] : NULL;
}

plurum_status plurum_acquire_mode_parse(plurum_acquire_mode *out, const char *name)
{
    *out = PLURUM_ACQUIRE_FULL;
    for (size_t i = 0; name && i < COUNT(MODES); i++)
        if (strcmp(name, MODES[i]) == 0) {
            *out = (plurum_acquire_mode)i;
            return PLURUM_OK;
        }
    return PLURUM_NOTFOUND;
}

/* The buffer's text as JSON; the buffer is empty after. NULL: memory is short. */
static json_t *take_string(pli_buf *buf)
{
    json_t *string =
        buf->failed ? NULL : json_stringn_nocheck(buf->len ? (char *)buf->bytes : "", buf->len);
    pli_buf_free(buf);
    return string;
}

/* ---- checklist ------------------------------------------------------------------------------ */

/* "what — why (learnt)"; of what to watch, "warning (context)". */
static json_t *line_of(const pli_lesson *lesson, int watch)
{
    pli_buf buf = PLI_BUF_INIT;
    const char *behind = watch ? lesson->why : lesson->learnt;
    pli_buf_text(&buf, lesson->what);
    if (!watch && *lesson->why) pli_buf_printf(&buf, " — %s", lesson->why);
    if (*behind) pli_buf_printf(&buf, " (%s)", behind);
    return take_string(&buf);
}

static int add_lessons(json_t *list, const pli_lesson *lessons, size_t count, int watch)
{
    int failed = 0;
    for (size_t i = 0; i < count && !failed; i++)
        failed = json_array_append_new(list, line_of(&lessons[i], watch)); /* NULL is an error */
    return failed;
}

/* "Cross-compile command (bash): cargo …"; long code is in the full form. */
static json_t *artifact_line(const json_t *artifact)
{
    pli_buf buf = PLI_BUF_INIT;
    const char *description = pli_text_member(artifact, "description");
    const char *code = pli_text_member(artifact, "code");
    size_t len = strlen(code);
    pli_buf_printf(&buf, "%s (%s)", *description ? description : "Use the code",
                   pli_text_member(artifact, "language"));
    if (len <= CODE_SHOWN)
        pli_buf_printf(&buf, ": %s", code);
    else
        pli_buf_printf(&buf, ": %zu bytes, see the mode full", len);
    return take_string(&buf);
}

/* What worked in the end comes first; of a plain document it is the body. */
static const char *solution_of(const json_t *detail)
{
    const char *solution = pli_text_member(detail, "solution");
    return *solution ? solution : pli_text_member(detail, "body");
}

static int add_solution(json_t *list, const json_t *detail)
{
    const char *solution = solution_of(detail);
    return *solution ? json_array_append_new(list, json_string(solution)) : 0;
}

static json_t *checklist(const json_t *detail, const pli_lessons *lessons)
{
    const json_t *artifacts = json_object_get(detail, "artifacts");
    json_t *list = json_pack("{s:[], s:[], s:[]}", "do", "dont", "watch");
    if (!list) return NULL;
    json_t *to_do = json_object_get(list, "do");
    int failed = add_solution(to_do, detail);
    if (!failed) failed = add_lessons(to_do, lessons->helps, lessons->help_count, 0);
    for (size_t i = 0; i < json_array_size(artifacts) && !failed; i++)
        failed = json_array_append_new(to_do, artifact_line(json_array_get(artifacts, i)));
    if (!failed)
        failed = add_lessons(json_object_get(list, "dont"), lessons->fails, lessons->fail_count, 0);
    if (!failed)
        failed =
            add_lessons(json_object_get(list, "watch"), lessons->watch, lessons->watch_count, 1);
    if (!failed) return list;
    json_decref(list);
    return NULL;
}

/* ---- decisions ------------------------------------------------------------------------------ */

/* Adds {"condition", "action", "detail", "type"}; a lead and its text make a condition or action. */
static int decide(json_t *list, const char *lead, const char *text, const char *action_lead,
                  const char *action, const char *detail, const char *type)
{
    pli_buf condition = PLI_BUF_INIT, act = PLI_BUF_INIT;
    pli_buf_printf(&condition, "%s%s", lead, text);
    pli_buf_printf(&act, "%s%s%s", action_lead, *action_lead && *action ? ": " : "", action);
    json_t *when = take_string(&condition), *then = take_string(&act);
    if (!when || !then) {
        json_decref(when);
        json_decref(then);
        return -1;
    }
    return json_array_append_new(list, json_pack("{s:o, s:o, s:s, s:s}", "condition", when, "action",
                                                 then, "detail", detail, "type", type));
}

/* The condition of what holds whatever is tried. */
static const char WORKING[] = "If you work on this";

static int decide_help(json_t *list, const pli_lesson *l)
{
    if (l->tried)
        return decide(list, "If you try: ", l->what, *l->learnt ? "" : "Go on, it led further",
                      l->learnt, l->why, "do");
    const char *lead = strcmp(l->importance, "high") == 0 ? " (of high importance)" : "";
    return decide(list, WORKING, lead, "", l->what, l->why, "do");
}

static json_t *decisions(const json_t *detail, const pli_lessons *l)
{
    json_t *list = json_array();
    const char *solution = solution_of(detail);
    int failed = !list;
    if (!failed && *solution)
        failed = decide(list, "If the goal is: ", pli_text_member(detail, "goal"), "", solution,
                        pli_text_member(detail, "context"), "do");
    for (size_t i = 0; i < l->help_count && !failed; i++) failed = decide_help(list, &l->helps[i]);
    for (size_t i = 0; i < l->fail_count && !failed; i++)
        failed = decide(list, "If you consider: ", l->fails[i].what, "Do not do it",
                        l->fails[i].learnt, l->fails[i].why, "avoid");
    for (size_t i = 0; i < l->watch_count && !failed; i++)
        failed = decide(list, WORKING, "", "", l->watch[i].what, l->watch[i].why, "warning");
    if (!failed) return json_pack("{s:o}", "decisions", list);
    json_decref(list);
    return NULL;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static json_t *content_of(json_t *detail, plurum_acquire_mode mode)
{
    if (mode == PLURUM_ACQUIRE_FULL) return json_incref(detail);
    if (mode == PLURUM_ACQUIRE_SUMMARY) return pli_summary(detail);
    pli_lessons lessons;
    json_t *content = NULL;
    if (!pli_lessons_collect(&lessons, detail))
        content = mode == PLURUM_ACQUIRE_CHECKLIST ? checklist(detail, &lessons)
                                                   : decisions(detail, &lessons);
    pli_lessons_free(&lessons);
    return content;
}

json_t *pli_acquire(json_t *detail, plurum_acquire_mode mode)
{
    json_t *content = content_of(detail, mode);
    if (!content) return NULL;
    return json_pack("{s:O, s:O, s:s, s:o}", "experience_id", json_object_get(detail, "id"),
                     "short_id", json_object_get(detail, "short_id"), "mode",
                     plurum_acquire_mode_name(mode), "content", content);
}
