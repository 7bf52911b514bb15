/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The normal form: exactly the members of the table, in its order, so that two spellings of one
 * experience store the same bytes and readers find every member.
 *
 * What says nothing has one form for each field: [] for a list, null or "" for a text (why and
 * detail have always been strings), the fallback for a word. A bare gotcha becomes an object.
 * The normal form of a normal form is itself.
 */
#include <config.h>

#include "experience/normal.h"

#include "experience/labels.h"

/* Whether a value in normal form says nothing. */
static int says_nothing(const json_t *value)
{
    return json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_string(value) && json_string_length(value) == 0);
}

static json_t *nothing(const pli_field *field)
{
    if (field->fallback) return json_string_nocheck(field->fallback);
    switch (field->shape) {
    case PLI_SHAPE_FLAG: return json_false();
    case PLI_SHAPE_LABELS:
    case PLI_SHAPE_RECORDS: return json_array();
    default: return field->flags & PLI_EMPTY ? json_string_nocheck("") : json_null();
    }
}

/* An object all of whose members say nothing says nothing itself. */
static json_t *normal_record(const pli_field *field, json_t *value)
{
    json_t *record = pli_normal(field->members, value);
    int silent = record != NULL;
    for (size_t i = 0; silent && i < field->members->count; i++)
        silent = says_nothing(json_object_get(record, field->members->fields[i].name));
    if (!silent) return record;
    json_decref(record);
    return json_null();
}

/* A bare string stands for a record with its first member alone. */
static json_t *normal_item(const pli_field *field, json_t *item)
{
    if (!json_is_string(item)) return pli_normal(field->members, item);
    json_t *record = json_object();
    json_t *filled = NULL;
    if (record && !json_object_set_nocheck(record, field->members->fields[0].name, item))
        filled = pli_normal(field->members, record);
    json_decref(record);
    return filled;
}

static json_t *normal_records(const pli_field *field, json_t *list)
{
    json_t *out = json_array();
    size_t count = json_array_size(list);
    for (size_t i = 0; out && i < count; i++)
        if (json_array_append_new(out, normal_item(field, json_array_get(list, i)))) {
            json_decref(out);
            out = NULL;
        }
    return out;
}

static json_t *normal_share(json_t *value)
{
    double share = json_number_value(value);
    return json_real(share == 0 ? 0 : share); /* -0 is 0 */
}

static json_t *normal_label(const pli_field *field, json_t *value)
{
    json_t *label = field->flags & PLI_TIDY ? pli_label_tidy(value) : json_incref(value);
    if (!label || !says_nothing(label)) return label;
    json_decref(label);
    return nothing(field);
}

static json_t *normal_value(const pli_field *field, json_t *value)
{
    if (!value || json_is_null(value)) return nothing(field);
    switch (field->shape) {
    case PLI_SHAPE_LABEL: return normal_label(field, value);
    case PLI_SHAPE_LABELS:
        return field->flags & PLI_TIDY ? pli_labels_tidy(value) : json_incref(value);
    case PLI_SHAPE_RECORD: return normal_record(field, value);
    case PLI_SHAPE_RECORDS: return normal_records(field, value);
    case PLI_SHAPE_SHARE: return normal_share(value);
    default: return says_nothing(value) ? nothing(field) : json_incref(value);
    }
}

json_t *pli_normal(const pli_table *table, json_t *content)
{
    json_t *out = json_object();
    for (size_t i = 0; out && i < table->count; i++) {
        const pli_field *field = &table->fields[i];
        if (field->flags & PLI_IMPORT) continue;
        json_t *value = normal_value(field, json_object_get(content, field->name));
        if (value && table->sparse && says_nothing(value)) {
            json_decref(value);
            continue;
        }
        if (json_object_set_new_nocheck(out, field->name, value)) { /* NULL is an error there */
            json_decref(out);
            out = NULL;
        }
    }
    return out;
}
