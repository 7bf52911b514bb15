/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which entries of a long session an experience has room for.
 *
 * Closing a session must not fail because it was long. Where the entries would break a limit of an
 * experience, those that tell most are kept: breakthroughs of high importance, then other breakthroughs,
 * dead ends and gotchas, then artifacts, then updates and notes; of equal ones the later.
 */
#ifndef PLI_EXPERIENCE_FIT_H
#define PLI_EXPERIENCE_FIT_H

#include <stddef.h>

#include <jansson.h>

#include "base/buf.h"

typedef struct pli_entry {
    const char *type;
    json_t *content;   /* borrowed                                             */
    double ordinal;
    size_t place;
    int kept, attempt; /* what pli_fit decides; attempt: it makes one, as well */
} pli_entry;

/* How many entries (in order) of each kind are not kept, and how many make no attempt. */
enum { PLI_BREAKTHROUGH, PLI_DEAD_END, PLI_GOTCHA, PLI_ARTIFACT, PLI_REMARK, PLI_ENTRY_KINDS };
typedef struct pli_left_out {
    size_t entries[PLI_ENTRY_KINDS], attempts;
} pli_left_out;

/* bytes: 0, or what all that is kept may have as JSON, roughly. 0, or -1: memory is short. */
int pli_fit(pli_left_out *out, pli_entry *entries, size_t count, size_t bytes);

/* Adds a sentence that tells what is left out, where there is any. */
void pli_left_out_write(pli_buf *out, const pli_left_out *left);

#endif
