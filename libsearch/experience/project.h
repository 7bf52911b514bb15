/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The projection of content that is at hand as a tree already.
 */
#ifndef PLI_EXPERIENCE_PROJECT_H
#define PLI_EXPERIENCE_PROJECT_H

#include <jansson.h>

#include "experience/content.h"

struct pli_projection {
    plurum_document document;
    char *text[PLURUM_TEXT_FIELD_COUNT];
    json_t *domain, *tools, *tags; /* hold the strings that the document points to */
    const char **labels;           /* the array of tools, then that of tags        */
};

/* Projects content in normal form, which may be freed after. Errors: NOMEM. */
plurum_status pli_project_normal(pli_projection **out, pli_kind kind, const json_t *content,
                                 plurum_error *error);

#endif
