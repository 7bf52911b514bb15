/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plan: viewer and filters become the set of ids that a query may find, before either leg runs.
 */
#ifndef PLI_ENGINE_SEARCH_PLAN_H
#define PLI_ENGINE_SEARCH_PLAN_H

#include <plurum/search.h>

#include "engine/view/snapshot.h"

/* Checks a caller's viewer and filter and copies them over defaults; NULL is fine. ARG. */
plurum_status pli_viewer_copy(plurum_viewer *out, const plurum_viewer *given,
                              plurum_error *error);
plurum_status pli_filter_copy(plurum_filter *out, const plurum_filter *given,
                              plurum_error *error);

/* ARG for a list that is NULL or has a NULL in it; `what` names it. */
plurum_status pli_check_list(const char *const *items, size_t count, const char *what,
                             plurum_error *error);

/* The ids allowed. *out is the caller's (pli_bitmap_free). */
plurum_status pli_plan(pli_bitmap *out, const pli_snapshot *snapshot,
                       const plurum_viewer *viewer, const plurum_filter *filter, int64_t now,
                       plurum_error *error);

/* Whether that set has one id. */
plurum_status pli_plan_admits(int *out, const pli_snapshot *snapshot,
                              const plurum_viewer *viewer, const plurum_filter *filter,
                              int64_t now, uint32_t id, plurum_error *error);

/* The numbers of folded names, 0 for a name that no document has: tool_count of them, the
 * caller's. NULL: memory is short. */
uint32_t *pli_name_numbers(plurum_index *index, const char *const *names, size_t count);

#endif
