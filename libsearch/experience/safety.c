/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The secrets check of JSON: every string, every member's name, and every value together with its
 * name. Items of an array have the array's name.
 */
#include <config.h>

#include "experience/safety.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "experience/content.h"
#include "experience/load.h"
#include "secrets/secrets.h"

typedef struct search {
    plurum_secret_found *found;
    void *payload;
    size_t count;
    int stopped;
} search;

/* ---- the tree ------------------------------------------------------------------------------- */

static void tell(search *s, const char *kind, const char *field, size_t len)
{
    plurum_secret secret = {kind, field, 0, len, 1};
    s->count++;
    s->stopped = s->found && s->found(s->payload, &secret);
}

/* A name from outside as part of a path: only where it is short and plain. */
static const char *shown_name(const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < len; i++)
        if (len > 40 || !(pli_is_alnum((unsigned char)name[i]) || name[i] == '_' || name[i] == '-'))
            return "(member)";
    return len ? name : "(member)";
}

static void search_text(search *s, const pli_path *at, const char *text, size_t len)
{
    char field[PLI_PATH_SIZE];
    s->count += pli_secrets_scan(text, len, pli_path_write(field, at), s->found, s->payload,
                                 &s->stopped);
}

static const char *kind_of(pli_name_class class)
{
    for (size_t i = 0; i < pli_rule_count; i++)
        if (pli_rules[i].classes >> class & 1) return pli_rules[i].name;
    return "secret";
}

static void search_string(search *s, const pli_path *at, const char *name, const json_t *value)
{
    const char *text = json_string_value(value);
    size_t len = json_string_length(value), before = s->count;
    search_text(s, at, text, len);
    if (s->count > before || !name) return;
    pli_name_class class = pli_name_classify((const unsigned char *)name, strlen(name));
    char field[PLI_PATH_SIZE];
    if (pli_value_is_secret(class, PLI_LITERAL, (const unsigned char *)text, len))
        tell(s, kind_of(class), pli_path_write(field, at), len);
}

/* {"password": 123456}; a number beside another name is none. */
static void search_number(search *s, const pli_path *at, const char *name, const json_t *value)
{
    char field[PLI_PATH_SIZE];
    if (!name || fabs(json_number_value(value)) < 1000) return;
    if (pli_name_classify((const unsigned char *)name, strlen(name)) == PLI_NAME_PASSWORD)
        tell(s, kind_of(PLI_NAME_PASSWORD), pli_path_write(field, at), 1);
}

static void search_value(search *s, const pli_path *at, const char *name, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING: search_string(s, at, name, value); break;
    case JSON_INTEGER:
    case JSON_REAL: search_number(s, at, name, value); break;
    case JSON_ARRAY:
        for (size_t i = 0; i < json_array_size(value) && !s->stopped; i++) {
            pli_path here = {at, NULL, i};
            search_value(s, &here, name, json_array_get(value, i));
        }
        break;
    case JSON_OBJECT: {
        json_t *object = (json_t *)value; /* its iterator is not const */
        for (void *member = json_object_iter(object); member && !s->stopped;
             member = json_object_iter_next(object, member)) {
            const char *key = json_object_iter_key(member);
            size_t before = s->count;
            pli_path outside = {at, "(member)", 0}, here = {at, shown_name(key), 0};
            search_text(s, &outside, key, strlen(key));
            if (s->count > before) here.name = "(member)";
            if (!s->stopped) search_value(s, &here, key, json_object_iter_value(member));
        }
        break;
    }
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL: break;
    }
}

/* ---- refusals ------------------------------------------------------------------------------- */

static int refuse(void *payload, const plurum_secret *secret)
{
    plurum_error *error = payload;
    pli_fail(error, PLURUM_INVALID, PLI_SECRET_REFUSAL, secret->field, secret->kind,
             secret->offset);
    if (error) error->position = secret->offset;
    return 1;
}

plurum_status pli_secrets_refuse(const pli_path *at, const json_t *value, plurum_error *error)
{
    search s = {.found = refuse, .payload = error};
    search_value(&s, at, NULL, value);
    return s.count ? PLURUM_INVALID : PLURUM_OK;
}

plurum_status pli_refuse_secrets(const char *field, const json_t *value, plurum_error *error)
{
    pli_path above = {NULL, NULL, 0}, whole = {&above, field, 0};
    return pli_secrets_refuse(&whole, value, error);
}

plurum_status pli_json_read_safely(json_t **out, const char *json, size_t len, plurum_error *error)
{
    plurum_error details;
    plurum_status status = pli_json_read(out, json, len, &details);
    if (!status) return PLURUM_OK;
    uint64_t position = details.position;
    if (strncmp(details.text, "not JSON", 8) == 0 && plurum_secrets_find(json, len, NULL, NULL))
        pli_fail(&details, status,
                 "not JSON at byte %llu; the text holds a secret and is not shown",
                 (unsigned long long)position);
    details.position = position;
    if (error) *error = details;
    return status;
}

/* ---- the calls ------------------------------------------------------------------------------ */

plurum_status plurum_secrets_find_json(size_t *count, const char *json, size_t len,
                                       plurum_secret_found *found, void *payload,
                                       plurum_error *error)
{
    json_t *value;
    search s = {.found = found, .payload = payload};
    pli_path whole = {NULL, "text", 0};
    if (count) *count = 0;
    plurum_status status = pli_json_read_safely(&value, json, len, error);
    if (status) return status;
    search_value(&s, &whole, NULL, value);
    json_decref(value);
    if (count) *count = s.count;
    return PLURUM_OK;
}

plurum_status plurum_secrets_check_json(const char *field, const char *json, size_t len,
                                        plurum_error *error)
{
    json_t *value;
    plurum_status status = pli_json_read_safely(&value, json, len, error);
    if (!status) status = pli_refuse_secrets(field ? field : "text", value, error);
    json_decref(value);
    return status;
}
