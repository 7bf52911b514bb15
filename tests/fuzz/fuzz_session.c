/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a session. What is assembled must be an experience that an import takes, holds no
 * secret, keeps as many lessons as there were, and can be acquired; all else is a status and a text.
 */
#include <config.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/experience.h>
#include <plurum/secrets.h>
#include <plurum/session.h>

#include "base/alloc.h"
#include "experience/acquire.h"
#include "experience/content.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds) abort();
}

static void acquire(const char *content)
{
    pli_facts facts = {.key = "key", .short_id = "", .kind = PLI_KIND_EXPERIENCE,
                       .confidence = NAN};
    json_t *detail;
    plurum_error error;
    require(pli_present(&detail, &facts, content, strlen(content), 1, &error) == PLURUM_OK);
    size_t attempts = json_array_size(json_object_get(detail, "attempts"));
    require(attempts == json_array_size(json_object_get(detail, "dead_ends")) +
                            json_array_size(json_object_get(detail, "breakthroughs")));
    for (int mode = PLURUM_ACQUIRE_SUMMARY; mode <= PLURUM_ACQUIRE_FULL; mode++) {
        json_t *form = pli_acquire(detail, (plurum_acquire_mode)mode);
        require(form != NULL);
        json_decref(form);
    }
    json_decref(detail);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *out;
    plurum_error error;
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_experience *experience;
    options.import = 1;
    if (plurum_session_assemble(&out, (const char *)data, size, &error)) {
        require(error.text[0] && !out);
        return 0;
    }
    require(plurum_experience_parse(&experience, out, strlen(out), &options, &error) == PLURUM_OK);
    const char *content = plurum_experience_json(experience);
    require(strncmp(out, content, strlen(content) - 1) == 0);
    acquire(content);
    plurum_experience_free(experience);
    pli_free(out);
    return 0;
}
