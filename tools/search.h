/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of plurum search share.
 */
#ifndef TOOLS_SEARCH_H
#define TOOLS_SEARCH_H

#include "tools/cli.h"

typedef struct search_options {
    int64_t limit, offset, now;
    int mode, exact, explain, warnings, snippets, facets, json, no_suggestion;
    int collapse_goals;
    double collapse, mmr;
    const char *cursor, *fusion, *weights_file, *vector_file, *log_file, *environment;
    cli_list tools;
    const char *batch_file, *vectors_file, *run_file;
} search_options;

/* All queries of a file: one JSON line each on standard output, or a TREC run. 0, or the exit
 * code. */
int search_batch(plurum_index *index, plurum_query *query, const search_options *options);

#endif
