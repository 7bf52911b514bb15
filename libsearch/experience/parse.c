/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The experience object: JSON of an agent or an import → checked, in normal form, projected.
 *
 * After parsing, the JSON tree is gone; what is kept is the normal form as text and the document.
 */
#include <config.h>

#include <plurum/experience.h>

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/options.h"
#include "experience/check.h"
#include "experience/load.h"
#include "experience/normal.h"
#include "experience/project.h"
#include "experience/safety.h"

struct plurum_experience {
    char *json;
    pli_projection *projection;
    char key[PLURUM_UUID_LEN + 1]; /* "" without */
    char short_id[PLURUM_SHORT_ID_LEN + 1];
    char owner[PLURUM_AGENT_MAX + 1];
};

/* A member of an import that passed its check, into room for the longest there can be. */
static const char *read_import(char *room, const json_t *raw, const char *name)
{
    const char *text = json_string_value(json_object_get(raw, name));
    if (!text) return NULL;
    memcpy(room, text, strlen(text) + 1);
    return room;
}

static void lower_ascii(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z') *text = (char)(*text + 32);
}

/* The identifiers, owner, status and time that an import brings along. */
static void take_import(plurum_experience *experience, const json_t *raw)
{
    plurum_document *document = &experience->projection->document;
    document->key = read_import(experience->key, raw, "id");
    lower_ascii(experience->key);
    read_import(experience->short_id, raw, "short_id");
    document->owner = read_import(experience->owner, raw, "agent_id");
    const char *status = json_string_value(json_object_get(raw, "status"));
    if (status) plurum_lifecycle_parse(&document->lifecycle, status);
    const json_t *created = json_object_get(raw, "created_at");
    if (json_is_string(created))
        pli_time_parse(&document->created_at, json_string_value(created),
                       json_string_length(created));
}

/* Fills the experience from a tree that passed its check. */
static plurum_status build(plurum_experience *experience, json_t *raw,
                           const plurum_experience_options *options, plurum_error *error)
{
    json_t *normal = pli_normal(pli_content_table(PLI_KIND_EXPERIENCE), raw);
    if (!normal) return pli_nomem(error);
    plurum_status status = pli_project_normal(&experience->projection, PLI_KIND_EXPERIENCE,
                                              normal, error);
    if (!status && !(experience->json = pli_json_text(normal))) status = pli_nomem(error);
    if (!status) {
        plurum_document *document = &experience->projection->document;
        document->lifecycle = options->lifecycle;
        plurum_visibility_parse(&document->visibility,
                                json_string_value(json_object_get(normal, "visibility")));
        if (options->import) take_import(experience, raw);
    }
    json_decref(normal);
    return status;
}

static plurum_status check_size(size_t len, const char *form, plurum_error *error)
{
    if (len <= PLURUM_EXPERIENCE_MAX) return PLURUM_OK;
    return pli_fail(error, PLURUM_LIMIT, "experience: %zu bytes%s, at most %d allowed", len, form,
                    PLURUM_EXPERIENCE_MAX);
}

static const pli_path WHOLE = {NULL, "experience", 0};

static plurum_status parse(plurum_experience *experience, const char *json, size_t json_len,
                           const plurum_experience_options *options, plurum_error *error)
{
    json_t *raw = NULL;
    plurum_status status = check_size(json_len, "", error);
    if (!status) status = pli_json_read_safely(&raw, json, json_len, error);
    /* before anything that quotes a value */
    if (!status) status = pli_secrets_refuse(&WHOLE, raw, error);
    if (!status)
        status = pli_check(pli_content_table(PLI_KIND_EXPERIENCE), raw, options->import, error);
    if (!status) status = build(experience, raw, options, error);
    /* a few members are added: what is stored must be readable again */
    if (!status) status = check_size(strlen(experience->json), " in normal form", error);
    json_decref(raw);
    return status;
}

plurum_status plurum_experience_parse(plurum_experience **out, const char *json, size_t json_len,
                                      const plurum_experience_options *options,
                                      plurum_error *error)
{
    if (!out || (!json && json_len))
        return pli_fail(error, PLURUM_ARG, "%s: NULL", out ? "json" : "out");
    *out = NULL;
    plurum_experience_options given = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_status status =
        pli_options_copy(&given, sizeof given, options, "plurum_experience_options", error);
    if (status) return status;
    if (!plurum_lifecycle_name(given.lifecycle))
        return pli_fail(error, PLURUM_ARG, "options.lifecycle: %d, 0 to %d expected",
                        (int)given.lifecycle, PLURUM_LIFECYCLE_COUNT - 1);
    plurum_experience *experience = pli_calloc(1, sizeof *experience);
    if (!experience) return pli_nomem(error);
    status = parse(experience, json ? json : "", json_len, &given, error);
    if (status) {
        plurum_experience_free(experience);
        return status;
    }
    *out = experience;
    return PLURUM_OK;
}

void plurum_experience_free(plurum_experience *experience)
{
    if (!experience) return;
    pli_projection_free(experience->projection);
    pli_free(experience->json);
    pli_free(experience);
}

const char *plurum_experience_json(const plurum_experience *experience)
{
    return experience->json;
}

const plurum_document *plurum_experience_document(const plurum_experience *experience)
{
    return &experience->projection->document;
}

const char *plurum_experience_short_id(const plurum_experience *experience)
{
    return experience->short_id[0] ? experience->short_id : NULL;
}
