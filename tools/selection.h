/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options by which search, list and get say on whose behalf they read, and which documents they
 * mean.
 */
#ifndef TOOLS_SELECTION_H
#define TOOLS_SELECTION_H

#include "tools/cli.h"

extern const cli_option cli_viewer_options[]; /* --viewer --team-mate --all */
extern const cli_option cli_filter_options[]; /* --domain … --until         */

#define CLI_VIEWER_OPTIONS                                                                         \
    CLI_OPTION_TABLE("On whose behalf (default: nobody, who sees what is public)",                 \
                     cli_viewer_options)
#define CLI_FILTER_OPTIONS CLI_OPTION_TABLE("Which experiences", cli_filter_options)

/* What was parsed; both point into memory that lasts. 0, or the exit code. */
int selection_viewer(plurum_viewer *out);
void selection_filter(plurum_filter *out);

/* As cli_failed, of a query: members that it names are told as the options that set them. */
int selection_failed(const char *where, const plurum_error *error);

#endif
