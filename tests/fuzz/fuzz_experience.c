/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as an experience, as a line of an import, and as stored content.
 *
 * What is accepted must have a normal form that parses to itself, project from there to the same
 * document, be presentable, and be acquired in every mode. Nothing else may come of any input than
 * a status.
 */
#include <config.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/experience.h>

#include "base/alloc.h"
#include "experience/acquire.h"
#include "experience/content.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds) abort();
}

static int same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void require_same(const plurum_document *a, const plurum_document *b)
{
    for (int i = 0; i < PLURUM_TEXT_FIELD_COUNT; i++) require(same_text(a->text[i], b->text[i]));
    require(same_text(a->domain, b->domain));
    require(a->tool_count == b->tool_count && a->tag_count == b->tag_count);
    for (size_t i = 0; i < a->tool_count; i++) require(same_text(a->tools[i], b->tools[i]));
    for (size_t i = 0; i < a->tag_count; i++) require(same_text(a->tags[i], b->tags[i]));
    require(a->confidence == b->confidence || (isnan(a->confidence) && isnan(b->confidence)));
}

static void present(pli_kind kind, const char *content, size_t len)
{
    pli_facts facts = {.key = "key", .short_id = "", .kind = kind, .confidence = NAN};
    json_t *object;
    plurum_error error;
    require(pli_present(&object, &facts, content, len, 1, &error) == PLURUM_OK);
    char *text = pli_json_text(object);
    json_t *back = json_loads(text, 0, NULL);
    require(back && json_object_size(back) == json_object_size(object));
    json_decref(back);
    pli_free(text);
    for (int mode = PLURUM_ACQUIRE_SUMMARY; mode <= PLURUM_ACQUIRE_FULL; mode++) {
        json_t *form = pli_acquire(object, (plurum_acquire_mode)mode);
        require(json_object_size(form) == 4);
        json_decref(form);
    }
    json_decref(object);
}

static void project(pli_kind kind, const char *content, size_t len, const plurum_document *same)
{
    pli_projection *projection;
    plurum_error error;
    plurum_status status = pli_project(&projection, kind, content, len, &error);
    require(status == PLURUM_OK || (status == PLURUM_CORRUPT && !same));
    if (status) return;
    const plurum_document *document = pli_projection_document(projection);
    if (same) require_same(same, document);
    char *embedded = pli_embedding_text(document);
    require(embedded != NULL);
    pli_free(embedded);
    present(kind, content, len);
    pli_projection_free(projection);
}

static void parse(const char *json, size_t len, int import)
{
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    options.import = import;
    plurum_experience *experience, *again;
    plurum_error error;
    if (plurum_experience_parse(&experience, json, len, &options, &error)) {
        require(error.text[0] && !experience);
        return;
    }
    const char *normal = plurum_experience_json(experience);
    size_t normal_len = strlen(normal);
    require(plurum_experience_parse(&again, normal, normal_len, &options, &error) == PLURUM_OK);
    require(strcmp(normal, plurum_experience_json(again)) == 0);
    project(PLI_KIND_EXPERIENCE, normal, normal_len, plurum_experience_document(experience));
    plurum_experience_free(again);
    plurum_experience_free(experience);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *json = (const char *)data;
    parse(json, size, 0);
    parse(json, size, 1);
    project(PLI_KIND_EXPERIENCE, json, size, NULL);
    project(PLI_KIND_PLAIN, json, size, NULL);
    return 0;
}
