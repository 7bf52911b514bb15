/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a session's entries to an experience.
 *
 * Entries are checked by the tables of what they become, so that a session never yields an experience
 * that would be refused for a field of an entry; of what the whole has no room for the rest is left out
 * (fit.c), and the context says so.
 */
#include <config.h>

#include <plurum/session.h>

#include <stdlib.h>
#include <string.h>

#include <plurum/experience.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "experience/check.h"
#include "experience/content.h"
#include "experience/fit.h"
#include "experience/normal.h"
#include "experience/safety.h"

typedef struct session {
    json_t *raw;      /* what was read                          */
    json_t *members;  /* of raw: topic and so on                */
    json_t *list;     /* of raw: the entries                    */
    pli_entry *entries; /* in order                             */
    size_t count;
    pli_path whole, inside; /* the paths of raw and members      */
} session;

/* ---- reading -------------------------------------------------------------------------------- */

static plurum_status read_entry(pli_entry *out, const pli_path *at, json_t *item, size_t place,
                                plurum_error *error)
{
    pli_path inside = {at, "content", 0};
    plurum_status status = pli_check_at(at, pli_entry_table(), item, 1, error);
    if (status) return status;
    out->type = json_string_value(json_object_get(item, "entry_type"));
    out->content = json_object_get(item, "content");
    out->place = place;
    return pli_check_at(&inside, pli_entry_content_table(out->type), out->content, 1, error);
}

static int by_ordinal(const void *a, const void *b)
{
    const pli_entry *x = a, *y = b;
    if (x->ordinal != y->ordinal) return x->ordinal < y->ordinal ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* By their ordinals, if all have one. */
static void sort_entries(session *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const json_t *ordinal = json_object_get(json_array_get(s->list, i), "ordinal");
        if (!json_is_number(ordinal)) return;
        s->entries[i].ordinal = json_number_value(ordinal);
    }
    qsort(s->entries, s->count, sizeof *s->entries, by_ordinal);
}

static plurum_status read_entries(session *s, plurum_error *error)
{
    pli_path here = {&s->whole, "entries", 0};
    s->count = json_array_size(s->list);
    if (!json_is_array(s->list))
        return pli_refuse_value(error, "entries", s->list, "an array of objects");
    if (!s->count) return pli_refuse(error, &here, "empty, at least one entry expected");
    s->entries = pli_calloc(s->count, sizeof *s->entries);
    if (!s->entries) return pli_nomem(error);
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < s->count && !status; i++) {
        pli_path item = {&here, NULL, i};
        status = read_entry(&s->entries[i], &item, json_array_get(s->list, i), i, error);
    }
    if (!status) sort_entries(s);
    return status;
}

/* Either form: the session with its entries, or {"session", "entries"}. */
static plurum_status read_session(session *s, const char *json, size_t len, plurum_error *error)
{
    plurum_status status = pli_json_read_safely(&s->raw, json, len, error);
    if (status) return status;
    s->whole = s->inside = (pli_path){NULL, "session", 0};
    /* before anything that quotes a value */
    status = pli_secrets_refuse(&s->whole, s->raw, error);
    if (status) return status;
    json_t *nested = json_object_get(s->raw, "session");
    s->members = nested ? nested : s->raw;
    if (nested) s->inside.up = &s->whole;
    s->list = json_object_get(s->raw, "entries");
    if (nested && !s->list) s->list = json_object_get(nested, "entries");
    status = pli_check_at(&s->inside, pli_session_table(), s->members, 1, error);
    return status ? status : read_entries(s, error);
}

/* ---- assembling ----------------------------------------------------------------------------- */

static json_t *list_of(json_t *experience, const char *name)
{
    json_t *list = json_object_get(experience, name);
    if (list) return list;
    list = json_array();
    return json_object_set_new_nocheck(experience, name, list) ? NULL : list;
}

static int add(json_t *experience, const char *name, json_t *record)
{
    json_t *list = list_of(experience, name);
    return list ? json_array_append_new(list, record) : (json_decref(record), -1);
}

/* What was tried: the first member of an entry, and what came of it, the second. */
static int add_attempt(json_t *experience, const json_t *content, const char *action,
                       const char *outcome, int dead_end)
{
    json_t *result = json_object_get(content, outcome);
    json_t *attempt = json_pack("{s:O, s:b}", "action", json_object_get(content, action),
                                "dead_end", dead_end);
    if (attempt && result && json_object_set_nocheck(attempt, "outcome", result)) {
        json_decref(attempt);
        attempt = NULL;
    }
    return add(experience, "attempts", attempt); /* NULL is an error there */
}

static int add_entry(json_t *experience, pli_buf *context, const pli_entry *e)
{
    if (strcmp(e->type, "dead_end") == 0)
        return add(experience, "dead_ends", json_incref(e->content)) ||
               (e->attempt && add_attempt(experience, e->content, "what", "why", 1));
    if (strcmp(e->type, "breakthrough") == 0)
        return add(experience, "breakthroughs", json_incref(e->content)) ||
               (e->attempt && add_attempt(experience, e->content, "insight", "detail", 0));
    if (strcmp(e->type, "gotcha") == 0)
        return add(experience, "gotchas", json_incref(e->content));
    if (strcmp(e->type, "artifact") == 0)
        return add(experience, "artifacts", json_incref(e->content));
    if (context->len) pli_buf_text(context, "\n\n");
    pli_buf_text(context, json_string_value(json_object_get(e->content, "text")));
    return context->failed;
}

static int copy_members(json_t *experience, json_t *members)
{
    static const char *const NAMES[][2] = {{"goal", "topic"}, {"domain", "domain"},
                                           {"tools_used", "tools_used"}, {"outcome", "outcome"},
                                           {"visibility", "visibility"}};
    int failed = 0;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        json_t *value = json_object_get(members, NAMES[i][1]);
        if (value) failed |= json_object_set_nocheck(experience, NAMES[i][0], value);
    }
    return failed;
}

/* The experience as an agent might have written it. NULL: memory is short. */
static json_t *gather(const session *s, const pli_left_out *left)
{
    pli_buf context = PLI_BUF_INIT;
    json_t *experience = json_object();
    int failed = !experience || copy_members(experience, s->members);
    for (size_t i = 0; i < s->count && !failed; i++)
        if (s->entries[i].kept) failed = add_entry(experience, &context, &s->entries[i]);
    size_t told = context.len;
    if (told) pli_buf_text(&context, "\n\n");
    pli_left_out_write(&context, left);
    if (told && context.len == told + strlen("\n\n")) context.len = told;
    failed |= context.failed;
    if (!failed && context.len)
        failed = json_object_set_new_nocheck(
            experience, "context", json_stringn_nocheck((char *)context.bytes, context.len));
    pli_buf_free(&context);
    if (!failed) return experience;
    json_decref(experience);
    return NULL;
}

/* What an import reads beside the content. */
static int add_import(json_t *normal, const json_t *members)
{
    const char *visibility = json_string_value(json_object_get(normal, "visibility"));
    const char *agent = json_string_value(json_object_get(members, "agent_id"));
    int is_public = strcmp(visibility, plurum_visibility_name(PLURUM_PUBLIC)) == 0;
    const char *status = plurum_lifecycle_name(is_public ? PLURUM_PUBLISHED : PLURUM_DRAFT);
    int failed = json_object_set_new_nocheck(normal, "status", json_string_nocheck(status));
    if (agent) failed |= json_object_set_new_nocheck(normal, "agent_id", json_string(agent));
    return failed;
}

static const pli_path WHOLE = {NULL, "experience", 0};

/* bytes: as for pli_fit. */
static plurum_status write_within(char **out, const session *s, size_t bytes, plurum_error *error)
{
    const pli_table *table = pli_content_table(PLI_KIND_EXPERIENCE);
    pli_left_out left;
    if (pli_fit(&left, s->entries, s->count, bytes)) return pli_nomem(error);
    json_t *experience = gather(s, &left), *normal = NULL;
    if (!experience) return pli_nomem(error);
    /* two texts that are joined may hold what neither does */
    plurum_status status = pli_secrets_refuse(&WHOLE, experience, error);
    if (!status) status = pli_check(table, experience, 1, error);
    if (!status) {
        normal = pli_normal(table, experience);
        int failed = !normal || add_import(normal, s->members);
        *out = failed ? NULL : pli_json_text(normal);
        if (!*out) status = pli_nomem(error);
    }
    json_decref(normal);
    json_decref(experience);
    return status;
}

static plurum_status write_experience(char **out, const session *s, plurum_error *error)
{
    enum { MEMBERS = 1 << 17 }; /* bytes that all but the entries may have */
    plurum_status status = write_within(out, s, 0, error);
    if (status || strlen(*out) <= PLURUM_EXPERIENCE_MAX) return status;
    pli_free(*out);
    *out = NULL;
    return write_within(out, s, PLURUM_EXPERIENCE_MAX - MEMBERS, error);
}

plurum_status plurum_session_assemble(char **out, const char *json, size_t len,
                                      plurum_error *error)
{
    session s = {.raw = NULL};
    *out = NULL;
    if (!json) return pli_fail(error, PLURUM_ARG, "json: NULL");
    if (len > PLURUM_SESSION_MAX)
        return pli_fail(error, PLURUM_LIMIT, "session: %zu bytes, at most %d allowed", len,
                        PLURUM_SESSION_MAX);
    plurum_status status = read_session(&s, json, len, error);
    if (!status) status = write_experience(out, &s, error);
    pli_free(s.entries);
    json_decref(s.raw);
    return status;
}
