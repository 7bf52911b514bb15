/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plain document as a caller hands it in: defaults, the names of its enumerations, the check,
 * and the JSON it is stored as. It is kept to the letter: nothing is trimmed or folded.
 */
#include <config.h>

#include <plurum/document.h>

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/unicode.h"
#include "experience/check.h"
#include "experience/json_text.h"

void plurum_document_init(plurum_document *document)
{
    static const plurum_document INITIAL = PLURUM_DOCUMENT_INIT;
    *document = INITIAL;
}

/* ---- enumerations --------------------------------------------------------------------------- */

const char *plurum_lifecycle_name(plurum_lifecycle lifecycle)
{
    unsigned i = (unsigned)lifecycle;
    return i < PLURUM_LIFECYCLE_COUNT ? pli_lifecycle_words[i] : NULL;
}

const char *plurum_visibility_name(plurum_visibility visibility)
{
    unsigned i = (unsigned)visibility;
    return i < PLURUM_VISIBILITY_COUNT ? pli_visibility_words[i] : NULL;
}

plurum_status plurum_lifecycle_parse(plurum_lifecycle *out, const char *name)
{
    int i = name ? pli_word_index(pli_lifecycle_words, name) : -1;
    *out = i < 0 ? PLURUM_DRAFT : (plurum_lifecycle)i;
    return i < 0 ? PLURUM_NOTFOUND : PLURUM_OK;
}

plurum_status plurum_visibility_parse(plurum_visibility *out, const char *name)
{
    int i = name ? pli_word_index(pli_visibility_words, name) : -1;
    *out = i < 0 ? PLURUM_PRIVATE : (plurum_visibility)i;
    return i < 0 ? PLURUM_NOTFOUND : PLURUM_OK;
}

/* ---- which member of the struct a row of the table is --------------------------------------- */

static const char *text_of(const plurum_document *document, const pli_field *field)
{
    return field->shape == PLI_SHAPE_LABEL ? document->domain : document->text[field->part - 1];
}

typedef struct label_list {
    const char *member; /* its name in the struct */
    const char *const *items;
    size_t count;
} label_list;

static label_list labels_of(const plurum_document *document, const pli_field *field)
{
    if (strcmp(field->name, "tags") == 0)
        return (label_list){"tags", document->tags, document->tag_count};
    return (label_list){"tools", document->tools, document->tool_count};
}

/* ---- check ---------------------------------------------------------------------------------- */

static const pli_path WHOLE = {NULL, "document", 0};

static plurum_status check_key(const char *key, plurum_error *error)
{
    pli_path at = {&WHOLE, "key", 0};
    size_t len = key ? strlen(key) : 0;
    if (!key) return pli_refuse(error, &at, "missing, 1 to %d bytes expected", PLURUM_KEY_MAX);
    if (len == 0) return pli_refuse(error, &at, "empty, 1 to %d bytes expected", PLURUM_KEY_MAX);
    if (len > PLURUM_KEY_MAX)
        return pli_refuse(error, &at, "%zu bytes, at most %d allowed", len, PLURUM_KEY_MAX);
    if (pli_utf8_length(key, len) < 0)
        return pli_refuse(error, &at, "bytes that are not UTF-8, a text in UTF-8 expected");
    return PLURUM_OK;
}

static plurum_status check_labels(const label_list *list, const pli_field *field,
                                  plurum_error *error)
{
    pli_path at = {&WHOLE, list->member, 0};
    if (list->count > PLURUM_LIST_MAX)
        return pli_refuse(error, &at, "%zu items, at most %d allowed", list->count,
                          PLURUM_LIST_MAX);
    if (list->count && !list->items)
        return pli_refuse(error, &at, "NULL with a count of %zu, an array expected", list->count);
    for (size_t i = 0; i < list->count; i++) {
        pli_path here = {&at, NULL, i};
        const char *item = list->items[i];
        if (!item) return pli_refuse(error, &here, "NULL, a string expected");
        plurum_status status = pli_check_text(&here, field, 0, item, strlen(item), error);
        if (status) return status;
    }
    return PLURUM_OK;
}

static plurum_status check_content(const plurum_document *document, plurum_error *error)
{
    const pli_table *table = pli_content_table(PLI_KIND_PLAIN);
    for (size_t i = 0; i < table->count; i++) {
        const pli_field *field = &table->fields[i];
        plurum_status status = PLURUM_OK;
        if (field->shape == PLI_SHAPE_LABELS) {
            label_list list = labels_of(document, field);
            status = check_labels(&list, field, error);
        } else {
            pli_path at = {&WHOLE, field->name, 0};
            const char *text = text_of(document, field);
            if (text) status = pli_check_text(&at, field, 0, text, strlen(text), error);
        }
        if (status) return status;
    }
    return PLURUM_OK;
}

static plurum_status check_owner(const char *owner, plurum_error *error)
{
    size_t len = owner ? strlen(owner) : 0;
    if (!owner || pli_agent_valid(owner, len)) return PLURUM_OK;
    pli_path at = {&WHOLE, "owner", 0};
    char quoted[PLI_QUOTE_SIZE];
    if (pli_utf8_length(owner, len) < 0)
        return pli_refuse(error, &at,
                          "bytes that are not UTF-8, 1 to %d printable ASCII characters expected",
                          PLURUM_AGENT_MAX);
    return pli_refuse(error, &at, "%s, 1 to %d printable ASCII characters expected",
                      pli_quote(quoted, owner, len), PLURUM_AGENT_MAX);
}

static plurum_status check_numbers(const plurum_document *document, plurum_error *error)
{
    double confidence = document->confidence;
    int64_t t = document->created_at;
    if (!plurum_lifecycle_name(document->lifecycle))
        return pli_fail(error, PLURUM_INVALID, "lifecycle: %d, 0 to %d expected",
                        (int)document->lifecycle, PLURUM_LIFECYCLE_COUNT - 1);
    if (!plurum_visibility_name(document->visibility))
        return pli_fail(error, PLURUM_INVALID, "visibility: %d, 0 to %d expected",
                        (int)document->visibility, PLURUM_VISIBILITY_COUNT - 1);
    if (!isnan(confidence) && !(confidence >= 0 && confidence <= 1)) {
        char number[PLI_NUMBER_SIZE] = "infinite";
        if (isfinite(confidence)) pli_json_number(number, confidence);
        return pli_fail(error, PLURUM_INVALID, "confidence: %s, 0 to 1 or NAN expected", number);
    }
    if (t != PLURUM_TIME_UNSET && !pli_time_is_sound(t))
        return pli_fail(error, PLURUM_INVALID,
                        "created_at: %lld, a time in the years 1 to 9999 expected", (long long)t);
    return PLURUM_OK;
}

plurum_status pli_document_check(const plurum_document *document, plurum_error *error)
{
    plurum_status status = check_key(document->key, error);
    if (!status) status = check_content(document, error);
    if (!status) status = check_owner(document->owner, error);
    if (!status) status = check_numbers(document, error);
    return status;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void put_name(pli_buf *buf, const char *name)
{
    pli_buf_text(buf, buf->len > 1 ? "," : "");
    pli_json_put_string(buf, name, strlen(name));
    pli_buf_text(buf, ":");
}

static void put_labels(pli_buf *buf, const char *name, const label_list *list)
{
    if (list->count == 0) return;
    put_name(buf, name);
    for (size_t i = 0; i < list->count; i++) {
        pli_buf_text(buf, i ? "," : "[");
        pli_json_put_string(buf, list->items[i], strlen(list->items[i]));
    }
    pli_buf_text(buf, "]");
}

static void put_text(pli_buf *buf, const char *name, const char *text)
{
    if (!text || !*text) return;
    put_name(buf, name);
    pli_json_put_string(buf, text, strlen(text));
}

char *pli_document_json(const plurum_document *document)
{
    const pli_table *table = pli_content_table(PLI_KIND_PLAIN);
    pli_buf buf = PLI_BUF_INIT;
    pli_buf_text(&buf, "{");
    for (size_t i = 0; i < table->count; i++) {
        const pli_field *field = &table->fields[i];
        if (field->shape == PLI_SHAPE_LABELS) {
            label_list list = labels_of(document, field);
            put_labels(&buf, field->name, &list);
        } else {
            put_text(&buf, field->name, text_of(document, field));
        }
    }
    pli_buf_text(&buf, "}");
    return pli_buf_take_text(&buf);
}
