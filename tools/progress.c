/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The progress line: at most ten times a second, overwritten in place.
 */
#include <config.h>

#include "tools/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static int64_t milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_begin(progress *p, const char *unit)
{
    p->unit = unit;
    p->shown = 0;
    p->begun = p->last = milliseconds();
}

void progress_step(progress *p, uint64_t count, double share)
{
    int64_t now = milliseconds();
    if (now - p->begun < 1000 || now - p->last < 100 || !isatty(STDERR_FILENO)) return;
    double seconds = (double)(now - p->begun) / 1000.0;
    p->last = now;
    p->shown = 1;
    fprintf(stderr, "\r\033[K%llu %s, %.0f/s", (unsigned long long)count, p->unit,
            (double)count / seconds);
    if (share > 0.0)
        fprintf(stderr, ", %.0f %%, %.0f s left", 100.0 * share, seconds / share - seconds);
}

double progress_end(progress *p)
{
    if (p->shown) fputs("\r\033[K", stderr);
    return (double)(milliseconds() - p->begun) / 1000.0;
}
