/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What answers by graphs are worth, and what must hold of them whatever graphs leave out.
 */
#ifndef ORACLE_GRAPH_H
#define ORACLE_GRAPH_H

#include "tests/oracle/reference.h"

typedef struct graph_tally {
    unsigned long answers, same_lists, same_first; /* the list, and the first hit, of the exact answer */
    unsigned long with_vectors;                    /* answers whose vector leg found something         */
    double recall_sum, recall_least;               /* of the exact vector leg's list                   */
} graph_tally;

/* 0, or -1 after saying what is wrong. */
int graph_check(graph_tally *tally, const answer *answer, const judgement *judged);
void graph_print(const graph_tally *tally);

#endif
