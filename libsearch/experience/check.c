/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Field checks. Every refusal has one form: which field, what it is, what is allowed, as in
 * "attempts[3].insight: 50001 code points, at most 50000 allowed".
 *
 * null is the same as absent. The first wrong field in table order is the one named, so that the
 * answer does not depend on how the sender ordered the members.
 */
#include <config.h>

#include "experience/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <plurum/secrets.h>

#include "base/error.h"
#include "base/unicode.h"
#include "experience/content.h"
#include "experience/json_text.h"
#include "experience/labels.h"

enum { EXPECTED_SIZE = 96 /* the longest is the list of lifecycles */ };

typedef struct checking {
    int import;
    plurum_error *error;
} checking;

/* ---- messages ------------------------------------------------------------------------------- */

static size_t write_path(char *out, const pli_path *at)
{
    size_t len = at->up && at->up->up ? write_path(out, at->up) : 0;
    if (at->name)
        len += (size_t)snprintf(out + len, PLI_PATH_SIZE - len, "%s%s", len ? "." : "", at->name);
    else
        len += (size_t)snprintf(out + len, PLI_PATH_SIZE - len, "[%zu]", at->index);
    return len < PLI_PATH_SIZE ? len : PLI_PATH_SIZE - 1;
}

const char *pli_path_write(char out[PLI_PATH_SIZE], const pli_path *at)
{
    write_path(out, at);
    return out;
}

plurum_status pli_refuse(plurum_error *error, const pli_path *at, const char *format, ...)
{
    char path[PLI_PATH_SIZE], text[PLURUM_ERROR_TEXT_SIZE];
    write_path(path, at);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return pli_fail(error, PLURUM_INVALID, "%s: %s", path, text);
}

static const char *type_name(const json_t *value)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_OBJECT: return "an object";
    case JSON_ARRAY: return "an array";
    case JSON_STRING: return "a string";
    case JSON_INTEGER:
    case JSON_REAL: return "a number";
    case JSON_TRUE: return "true";
    case JSON_FALSE: return "false";
    case JSON_NULL: break;
    }
    return value ? "null" : "missing";
}

plurum_status pli_refuse_value(plurum_error *error, const char *path, const json_t *value,
                               const char *expected)
{
    char quoted[PLI_QUOTE_SIZE], number[PLI_NUMBER_SIZE];
    const char *text = json_string_value(value), *shown = type_name(value);
    size_t len = json_string_length(value);
    if (text && !plurum_secrets_find(text, len, NULL, NULL)) shown = pli_quote(quoted, text, len);
    if (json_is_number(value)) {
        snprintf(number, sizeof number, "%.15g", json_number_value(value));
        shown = number;
    }
    return pli_fail(error, PLURUM_INVALID, "%s: %s, %s expected", path, shown, expected);
}

/* "success, partial or failure" */
static const char *join_words(char out[EXPECTED_SIZE], const char *const *words)
{
    size_t len = 0;
    for (size_t i = 0; words[i] && len < EXPECTED_SIZE; i++) {
        const char *separator = i == 0 ? "" : words[i + 1] ? ", " : " or ";
        len += (size_t)snprintf(out + len, EXPECTED_SIZE - len, "%s%s", separator, words[i]);
    }
    return out;
}

/* What a field takes, as a noun. */
static const char *expected(char out[EXPECTED_SIZE], const pli_field *field)
{
    switch (field->shape) {
    case PLI_SHAPE_TEXT:
    case PLI_SHAPE_LABEL: return "a string";
    case PLI_SHAPE_WORD: return join_words(out, field->words);
    case PLI_SHAPE_FORM: return field->expected;
    case PLI_SHAPE_FLAG: return "true or false";
    case PLI_SHAPE_SHARE: return "a number from 0 to 1";
    case PLI_SHAPE_LABELS: return "an array of strings";
    case PLI_SHAPE_RECORD: return "an object";
    case PLI_SHAPE_RECORDS: break;
    }
    return field->flags & PLI_BARE ? "an array of strings or objects" : "an array of objects";
}

static plurum_status wrong_type(const checking *c, const pli_path *at, const pli_field *field,
                                const json_t *value)
{
    char buffer[EXPECTED_SIZE];
    return pli_refuse(c->error, at, "%s, %s expected", type_name(value), expected(buffer, field));
}

/* ---- texts ---------------------------------------------------------------------------------- */

static plurum_status check_length(const pli_path *at, const char *text, size_t len, size_t least,
                                  size_t most, int bytes, plurum_error *error)
{
    long points = pli_utf8_length(text, len);
    if (points < 0)
        return pli_refuse(error, at, "bytes that are not UTF-8, a text in UTF-8 expected");
    const char *unit = bytes ? "byte" : "code point";
    size_t n = bytes ? len : (size_t)points;
    if (n == 0 && least > 0)
        return pli_refuse(error, at, "empty, at least %zu %s%s expected", least, unit,
                          least == 1 ? "" : "s");
    if (n < least)
        return pli_refuse(error, at, "%zu %s%s, at least %zu expected", n, unit,
                          n == 1 ? "" : "s", least);
    if (n > most)
        return pli_refuse(error, at, "%zu %ss, at most %zu allowed", n, unit, most);
    return PLURUM_OK;
}

static plurum_status check_plain_text(const pli_path *at, const pli_field *field, int import,
                                      const char *text, size_t len, plurum_error *error)
{
    size_t least = import && field->least_import ? field->least_import : field->least;
    plurum_status status = check_length(at, text, len, least, field->most,
                                        (field->flags & PLI_BYTES) != 0, error);
    if (status) return status;
    if (field->flags & PLI_REQUIRED && pli_blank(text, len))
        return pli_refuse(error, at, "white space only, a text expected");
    return PLURUM_OK;
}

static plurum_status check_label(const pli_path *at, unsigned flags, const char *text, size_t len,
                                 plurum_error *error)
{
    const char *shown = text;
    size_t shown_len = len;
    pli_trim(&shown, &shown_len);
    int tidy = (flags & PLI_TIDY) != 0;
    plurum_status status = check_length(at, tidy ? shown : text, tidy ? shown_len : len, 0,
                                        PLURUM_LABEL_MAX, 0, error);
    if (status) return status;
    if (flags & PLI_VACANT && (tidy ? shown_len : len) == 0) return PLURUM_OK;
    int shows = pli_label_shows(shown, shown_len);
    if (shows < 0) return pli_nomem(error);
    if (!shows)
        return pli_refuse(error, at, "empty, a name of 1 to %d code points expected",
                          PLURUM_LABEL_MAX);
    return PLURUM_OK;
}

plurum_status pli_check_text(const pli_path *at, const pli_field *field, int import,
                             const char *text, size_t len, plurum_error *error)
{
    if (field->shape == PLI_SHAPE_TEXT)
        return check_plain_text(at, field, import, text, len, error);
    if (field->shape == PLI_SHAPE_LABEL || field->shape == PLI_SHAPE_LABELS)
        return check_label(at, field->flags, text, len, error);
    if (len == 0 && field->flags & PLI_VACANT) return PLURUM_OK;
    int fits = field->shape == PLI_SHAPE_WORD ? pli_word_index(field->words, text) >= 0
                                              : field->valid(text, len);
    if (fits) return PLURUM_OK;
    char quoted[PLI_QUOTE_SIZE], buffer[EXPECTED_SIZE];
    return pli_refuse(error, at, "%s, %s expected", pli_quote(quoted, text, len),
                      expected(buffer, field));
}

/* ---- other shapes --------------------------------------------------------------------------- */

static plurum_status check_members(const checking *c, const pli_path *at, const pli_table *table,
                                   const json_t *object);

static plurum_status check_string(const checking *c, const pli_path *at, const pli_field *field,
                                  const json_t *value)
{
    return pli_check_text(at, field, c->import, json_string_value(value),
                          json_string_length(value), c->error);
}

static plurum_status check_share(const checking *c, const pli_path *at, const pli_field *field,
                                 const json_t *value)
{
    double share = json_number_value(value);
    if (share >= 0 && share <= 1) return PLURUM_OK;
    char number[PLI_NUMBER_SIZE], buffer[EXPECTED_SIZE];
    pli_json_number(number, share);
    return pli_refuse(c->error, at, "%s, %s expected", number, expected(buffer, field));
}

static plurum_status check_label_item(const checking *c, const pli_path *at,
                                      const pli_field *field, const json_t *item)
{
    if (!json_is_string(item))
        return pli_refuse(c->error, at, "%s, a string expected", type_name(item));
    /* an item of a list is never vacant */
    return check_label(at, field->flags & PLI_TIDY, json_string_value(item),
                       json_string_length(item), c->error);
}

static plurum_status check_record_item(const checking *c, const pli_path *at,
                                       const pli_field *field, const json_t *item)
{
    int bare = (field->flags & PLI_BARE) != 0;
    if (bare && json_is_string(item))
        return check_string(c, at, &field->members->fields[0], item);
    if (!json_is_object(item))
        return pli_refuse(c->error, at, "%s, %s expected", type_name(item),
                          bare ? "a string or an object" : "an object");
    return check_members(c, at, field->members, item);
}

static plurum_status check_list(const checking *c, const pli_path *at, const pli_field *field,
                                const json_t *list)
{
    size_t count = json_array_size(list);
    if (count > PLURUM_LIST_MAX)
        return pli_refuse(c->error, at, "%zu items, at most %d allowed", count, PLURUM_LIST_MAX);
    for (size_t i = 0; i < count; i++) {
        pli_path here = {at, NULL, i};
        const json_t *item = json_array_get(list, i);
        plurum_status status = field->shape == PLI_SHAPE_LABELS
                                   ? check_label_item(c, &here, field, item)
                                   : check_record_item(c, &here, field, item);
        if (status) return status;
    }
    return PLURUM_OK;
}

static plurum_status check_value(const checking *c, const pli_path *at, const pli_field *field,
                                 const json_t *value)
{
    switch (field->shape) {
    case PLI_SHAPE_TEXT:
    case PLI_SHAPE_LABEL:
    case PLI_SHAPE_WORD:
    case PLI_SHAPE_FORM:
        if (json_is_string(value)) return check_string(c, at, field, value);
        break;
    case PLI_SHAPE_FLAG:
        if (json_is_boolean(value)) return PLURUM_OK;
        break;
    case PLI_SHAPE_SHARE:
        if (json_is_number(value)) return check_share(c, at, field, value);
        break;
    case PLI_SHAPE_RECORD:
        if (json_is_object(value)) return check_members(c, at, field->members, value);
        break;
    case PLI_SHAPE_LABELS:
    case PLI_SHAPE_RECORDS:
        if (json_is_array(value)) return check_list(c, at, field, value);
        break;
    }
    return wrong_type(c, at, field, value);
}

static plurum_status check_members(const checking *c, const pli_path *at, const pli_table *table,
                                   const json_t *object)
{
    for (size_t i = 0; i < table->count; i++) {
        const pli_field *field = &table->fields[i];
        if (field->flags & PLI_IMPORT && !c->import) continue;
        const json_t *value = json_object_get(object, field->name);
        if ((!value || json_is_null(value)) && !(field->flags & PLI_REQUIRED)) continue;
        pli_path here = {at, field->name, 0};
        plurum_status status = value ? check_value(c, &here, field, value)
                                     : wrong_type(c, &here, field, NULL);
        if (status) return status;
    }
    return PLURUM_OK;
}

plurum_status pli_check_at(const pli_path *at, const pli_table *table, const json_t *content,
                           int import, plurum_error *error)
{
    checking c = {import, error};
    if (!json_is_object(content))
        return pli_refuse(error, at, "%s, an object expected", type_name(content));
    return check_members(&c, at, table, content);
}

plurum_status pli_check(const pli_table *table, const json_t *content, int import,
                        plurum_error *error)
{
    pli_path whole = {NULL, table->name, 0};
    return pli_check_at(&whole, table, content, import, error);
}
