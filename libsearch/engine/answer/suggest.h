/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another spelling of a query, where nothing or little matches it. It is made of what everybody may
 * read and the query may find: whatever else the index holds neither gives a word nor changes which
 * is given.
 */
#ifndef PLI_ENGINE_ANSWER_SUGGEST_H
#define PLI_ENGINE_ANSWER_SUGGEST_H

#include "engine/search/search.h"

/* *out: the query's text (valid UTF-8) with other words in it, the caller's, or NULL where there is
 * nothing to suggest. The search has been run. Errors: NOMEM, and what reading documents or the text
 * index gives; search->text_failed says which. */
plurum_status pli_suggest(char **out, pli_search *search, const char *text, plurum_error *error);

#endif
