/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What query.collapse, collapse_titles and lambda ask for, done to the ranked candidates.
 */
#ifndef PLI_ENGINE_SEARCH_DIVERSIFY_H
#define PLI_ENGINE_SEARCH_DIVERSIFY_H

#include "engine/search/search.h"

/* Whether the query asks for any of it. */
int pli_wants_diversity(const plurum_query *query);
/* ARG: out of range, or not together with something else that is asked. */
plurum_status pli_diversity_check(const pli_search *search, plurum_error *error);
plurum_status pli_diversify(pli_search *search, plurum_error *error);

#endif
