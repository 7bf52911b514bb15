/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checking an index against the world, in a process of its own.
 */
#ifndef KILLS_CHECKER_H
#define KILLS_CHECKER_H

#include "tests/kills/world.h"

/* What is asked: the world as acknowledged, and which threads had begun one batch more. */
typedef struct question {
    const char *path;
    const world *world;
    int begun[SHARES];
    int way;       /* of opening: 0 to read only, 1 to write by hand, 2 with the applier */
    uint64_t seed; /* of which documents are searched for */
} question;

typedef struct verdict {
    int status;                /* of opening and asking; 0: everything could be asked */
    int whole[SHARES];         /* the begun batch is there                           */
    unsigned lost;             /* acknowledged things that are not there, or wrong   */
    unsigned half;             /* begun batches of which a part is there             */
    unsigned extra;            /* things that nobody wrote                           */
    unsigned findings;         /* of plurum_index_verify                             */
    unsigned searches, missed; /* and answers that were not right                */
    uint64_t documents;
    uint32_t dictionary;
} verdict;

/* Never returns; writes a verdict to `out`. What is wrong is also told on stderr. */
void check_index(const question *asked, int out);

#endif
