/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A question why, under way.
 */
#ifndef PLI_ENGINE_ANSWER_WHY_H
#define PLI_ENGINE_ANSWER_WHY_H

#include <plurum/why.h>

#include "engine/answer/results.h"
#include "engine/search/search.h"

enum { PLI_WHY_FILTERS = 12 };

struct plurum_why {
    plurum_why_report report;
    const char *filters[PLI_WHY_FILTERS];
    plurum_why_change changes[PLI_WEIGHT_COUNT];
    pli_hits hits; /* the document's and the rival's */
};

/* Tries weights, on a search that has run and is at the moment of the question, and fills in those
 * that bring the document in. Leaves the search with what the last try has found. */
plurum_status pli_why_changes(plurum_why *why, pli_search *search, uint32_t id,
                              plurum_error *error);

/* The place of an id among the ranked candidates, from 1; 0: it is none. */
size_t pli_why_place(const pli_search *search, uint32_t id);

#endif
