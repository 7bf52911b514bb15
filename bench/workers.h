/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same work on many items, shared among threads. Each item writes to places of its own, so that
 * what comes out does not depend on how many threads there are.
 */
#ifndef BENCH_WORKERS_H
#define BENCH_WORKERS_H

#include <stddef.h>
#include <stdint.h>

enum { WORKERS_MAX = 64 };

/* The option --threads: more only where somebody asked for it. */
#define WORKERS_OPTION(variable)                                                                   \
    CLI_OPTION_WHOLE("threads", variable, 1, WORKERS_MAX, "N",                                     \
                     "threads that rank (default: one a processor); results do not depend on it")

/*
 * Calls work(context, i) for 0 <= i < count from several threads, 0 for one a processor. The first
 * failure ends it: 0, or an exit code that work gave.
 */
int workers_run(int64_t threads, size_t count, int (*work)(void *context, size_t i), void *context);

#endif
