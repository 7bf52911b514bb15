/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One change of one experience: what outcome, vote, publish, archive and delete have in common.
 */
#ifndef TOOLS_CHANGE_H
#define TOOLS_CHANGE_H

#include "tools/cli.h"

typedef plurum_status change_add(plurum_batch *batch, const void *what, plurum_error *error);

/* Opens the index, with its embedder where that is wanted and can be had, lets add put one change into a
 * batch, and commits it. 0, or the exit code. */
int change_commit(plurum_receipt *receipt, const char *index, change_add *add, const void *what,
                  int embed);

/* How people call it: its short id, or its key where it has none. */
const char *change_name(const plurum_receipt *receipt);
/* What became of it as JSON: {"id", "short_id", "changed"}, of reports "counted" too. 0, or the exit
 * code. */
int change_json(const plurum_receipt *receipt, int is_report);

#endif
