/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snippets: the passage of a hit's text that has most of the query's words, with the words marked.
 */
#ifndef PLI_ENGINE_ANSWER_SNIPPET_H
#define PLI_ENGINE_ANSWER_SNIPPET_H

#include "engine/answer/results.h"
#include "engine/search/search.h"

/* Finds the snippet of hit i, which has been filled in, of at most search->query.snippet bytes. */
plurum_status pli_snippet_add(pli_hits *hits, size_t i, const pli_search *search,
                              plurum_error *error);

/* A hit's snippet as JSON; NULL: memory is short. */
json_t *pli_snippet_json(const plurum_hit *hit);

#endif
