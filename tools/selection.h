/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options by which search, list and get say on whose behalf they read, and which documents they
 * mean. One selection a process: popt's tables want addresses that last.
 */
#ifndef TOOLS_SELECTION_H
#define TOOLS_SELECTION_H

#include "tools/cli.h"

typedef struct selection {
    plurum_viewer viewer;
    plurum_filter filter;

    char *agent, **mates;
    int all;
    char *domain, **tools, **tags, *status, *visibility, *since, *until;
    double min_quality, min_confidence;
} selection;

extern selection cli_selection;
extern struct poptOption cli_viewer_options[]; /* --viewer --team-mate --all          */
extern struct poptOption cli_filter_options[]; /* --domain … --until                  */

#define CLI_VIEWER_OPTIONS                                                                         \
    {NULL, 0, POPT_ARG_INCLUDE_TABLE, cli_viewer_options, 0, "On whose behalf:", NULL},
#define CLI_FILTER_OPTIONS                                                                         \
    {NULL, 0, POPT_ARG_INCLUDE_TABLE, cli_filter_options, 0, "Which experiences:", NULL},

/* Fills viewer and filter from what was parsed. 0, or the exit code. */
int selection_settle(void);

#endif
