/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A progress line on a terminal, for what takes more than a second: share, rate, time left.
 */
#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

#include <stdint.h>

typedef struct progress {
    const char *unit;
    int shown;      /* stderr is a terminal and a second has passed */
    int64_t begun, last; /* milliseconds */
} progress;

void progress_begin(progress *p, const char *unit);
/* count: units done; share: 0..1 of the whole, or negative when unknown. */
void progress_step(progress *p, uint64_t count, double share);
/* Clears the line; seconds since the beginning. */
double progress_end(progress *p);

#endif
