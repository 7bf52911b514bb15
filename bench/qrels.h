/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judgements: how relevant documents are to queries. Two forms of file are read: three columns
 * separated by tabs under a header (query, document, grade), as collections in BEIR form have
 * them, and TREC's four columns separated by blanks (query, iteration, document, grade).
 */
#ifndef BENCH_QRELS_H
#define BENCH_QRELS_H

#include <stddef.h>
#include <stdint.h>

typedef struct judgement {
    char *query, *document;
    int grade;     /* 0 or less: not relevant */
    uint64_t line; /* of its file             */
} judgement;

/* Sorted by query, then document. */
typedef struct qrels {
    judgement *items;
    size_t count;
} qrels;

/* Reads a file, in which a pair is judged once. 0, or the exit code after saying why; free it either way. */
int qrels_read(qrels *out, const char *path);
void qrels_free(qrels *judged);

/* The judgements of a query: the first, and how many. */
const judgement *qrels_of(const qrels *judged, const char *query, size_t *count);

/* The place of the query after the one whose first judgement is at i: for walks over queries. */
size_t qrels_next(const qrels *judged, size_t i);

#endif
