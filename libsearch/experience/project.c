/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Projection: content in normal form → the document that both legs, filters and ranking work on.
 *
 * The table says which text a field joins, and its order is theirs; so the same content gives the
 * same bytes whether it has just been parsed or comes from the store.
 */
#include <config.h>

#include "experience/project.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "experience/fields.h"
#include "experience/load.h"

/* ---- texts ---------------------------------------------------------------------------------- */

static void collect_members(pli_buf *parts, const pli_table *table, const json_t *object);

/* Joins a text to a part; what is no string, or empty, leaves no trace. */
static void collect_text(pli_buf *parts, pli_part part, const json_t *value)
{
    size_t len = json_string_length(value);
    if (part == PLI_PART_NONE || len == 0) return;
    pli_buf *buf = &parts[part - 1];
    if (buf->len) pli_buf_add(buf, part == PLI_PART_LABELS ? " " : "\n", 1);
    pli_buf_add(buf, json_string_value(value), len);
}

static void collect(pli_buf *parts, const pli_field *field, const json_t *value)
{
    if (json_is_array(value))
        for (size_t i = 0; i < json_array_size(value); i++)
            collect(parts, field, json_array_get(value, i));
    else if (json_is_object(value))
        collect_members(parts, field->members, value);
    else
        collect_text(parts, field->part, value);
}

static void collect_members(pli_buf *parts, const pli_table *table, const json_t *object)
{
    for (size_t i = 0; i < table->count; i++) {
        const pli_field *field = &table->fields[i];
        collect(parts, field, json_object_get(object, field->name));
    }
}

/* Hands the parts over as texts; an empty one is NULL. -1: memory is short. */
static int take_texts(pli_projection *projection, pli_buf *parts)
{
    int failed = 0;
    for (size_t i = 0; i < PLURUM_TEXT_FIELD_COUNT; i++) {
        failed |= parts[i].failed;
        if (parts[i].len && !parts[i].failed) {
            projection->text[i] = pli_buf_take_text(&parts[i]);
            failed |= !projection->text[i];
        }
        pli_buf_free(&parts[i]);
        projection->document.text[i] = projection->text[i];
    }
    return failed ? -1 : 0;
}

/* ---- labels --------------------------------------------------------------------------------- */

static size_t point_to(const char **labels, const json_t *list)
{
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count; i++) labels[i] = json_string_value(json_array_get(list, i));
    return count;
}

static int take_labels(pli_projection *projection, const json_t *content)
{
    plurum_document *document = &projection->document;
    projection->domain = json_incref(json_object_get(content, "domain"));
    projection->tools = json_incref(json_object_get(content, "tools_used"));
    projection->tags = json_incref(json_object_get(content, "tags"));
    size_t count = json_array_size(projection->tools) + json_array_size(projection->tags);
    projection->labels = pli_calloc(count, sizeof *projection->labels);
    if (!projection->labels) return -1;
    document->domain = json_string_value(projection->domain);
    document->tools = projection->labels;
    document->tool_count = point_to(projection->labels, projection->tools);
    document->tags = projection->labels + document->tool_count;
    document->tag_count = point_to(projection->labels + document->tool_count, projection->tags);
    return 0;
}

/* ---- the whole ------------------------------------------------------------------------------ */

plurum_status pli_project_normal(pli_projection **out, pli_kind kind, const json_t *content,
                                 plurum_error *error)
{
    *out = NULL;
    pli_projection *projection = pli_calloc(1, sizeof *projection);
    if (!projection) return pli_nomem(error);
    plurum_document_init(&projection->document);
    pli_buf parts[PLURUM_TEXT_FIELD_COUNT];
    memset(parts, 0, sizeof parts);
    collect_members(parts, pli_content_table(kind), content);
    int failed = take_texts(projection, parts);
    if (failed || take_labels(projection, content)) {
        pli_projection_free(projection);
        return pli_nomem(error);
    }
    const json_t *confidence = json_object_get(content, "confidence");
    if (json_is_number(confidence))
        projection->document.confidence = json_number_value(confidence);
    *out = projection;
    return PLURUM_OK;
}

plurum_status pli_project(pli_projection **out, pli_kind kind, const char *json, size_t len,
                          plurum_error *error)
{
    *out = NULL;
    json_t *content;
    plurum_status status = pli_content_read(&content, kind, json, len, error);
    if (!status) status = pli_project_normal(out, kind, content, error);
    json_decref(content);
    return status;
}

const plurum_document *pli_projection_document(const pli_projection *projection)
{
    return &projection->document;
}

void pli_projection_free(pli_projection *projection)
{
    if (!projection) return;
    for (size_t i = 0; i < PLURUM_TEXT_FIELD_COUNT; i++) pli_free(projection->text[i]);
    json_decref(projection->domain);
    json_decref(projection->tools);
    json_decref(projection->tags);
    pli_free(projection->labels);
    pli_free(projection);
}

char *pli_embedding_text(const plurum_document *document)
{
    static const plurum_text_field TEMPLATE_1[] = {PLURUM_TEXT_TITLE, PLURUM_TEXT_BODY,
                                                   PLURUM_TEXT_LABELS};
    pli_buf buf = PLI_BUF_INIT;
    for (size_t i = 0; i < sizeof TEMPLATE_1 / sizeof *TEMPLATE_1; i++) {
        const char *text = document->text[TEMPLATE_1[i]];
        if (!text || !*text) continue;
        if (buf.len) pli_buf_add(&buf, " ", 1);
        pli_buf_text(&buf, text);
    }
    return pli_buf_take_text(&buf);
}
