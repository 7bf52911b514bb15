/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facets: how many of an answer's candidates have each domain, tool and tag.
 */
#ifndef PLI_ENGINE_ANSWER_FACETS_H
#define PLI_ENGINE_ANSWER_FACETS_H

#include <jansson.h>

#include "engine/search/search.h"

typedef struct pli_facets {
    plurum_facet *values[PLURUM_FACET_COUNT]; /* most first, of equal ones by name */
    size_t count[PLURUM_FACET_COUNT];
    char *names[PLURUM_FACET_COUNT]; /* what the values point to */
} pli_facets;

/* Counts over the ranked candidates; keeps the search->query.facets most frequent of each kind. */
plurum_status pli_facets_count(pli_facets *out, const pli_search *search, plurum_error *error);
void pli_facets_free(pli_facets *facets);

/* {"domain": [{"value", "count"}], "tool": …, "tag": …}; NULL: memory is short. */
json_t *pli_facets_json(const pli_facets *facets);

#endif
