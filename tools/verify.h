/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the two ways of verifying share: findings and counts.
 */
#ifndef TOOLS_VERIFY_H
#define TOOLS_VERIFY_H

#include "tools/cli.h"

typedef struct verify_result {
    plurum_verify_report report;
    json_t *lines; /* of the findings; NULL: each is printed at once */
} verify_result;

void verify_note(verify_result *result, const char *line);
/* Verifies an index; 0, or the exit code, after an error line. */
int verify_index(verify_result *result, const char *path);
/* The same on a copy in a child process, whose crash is a finding. scratch: where the copy goes;
 * NULL: TMPDIR or /tmp. */
int verify_deep(verify_result *result, const char *path, const char *scratch);

#endif
