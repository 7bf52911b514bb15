/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A judged collection in BEIR form: corpus.jsonl, queries.jsonl, qrels.tsv (or qrels/test.tsv), and
 * docs.npy and queries.npy where vectors are given. In place of corpus.jsonl there may be
 * experiences.jsonl, in the form of an import; a query may have a kind, by which it is reported.
 */
#ifndef BENCH_COLLECTION_H
#define BENCH_COLLECTION_H

#include <stddef.h>

#include "bench/qrels.h"
#include "tools/npy.h"

typedef struct text_record {
    char *id, *title, *text; /* title: "" for queries                        */
    char *kind;              /* of a query, where the file has it; else ""   */
    char *experience;        /* JSON of an experience, or NULL: a plain text */
} text_record;

typedef struct collection {
    char *name;      /* the folder's */
    text_record *documents, *queries;
    size_t document_count, query_count;
    qrels judged;
    npy document_vectors, query_vectors; /* values NULL when not loaded */
} collection;

/* Reads a folder, which has a document at least; with vectors, the .npy files too. 0,
 * or the exit code after saying why. */
int collection_load(collection *out, const char *folder, int vectors);
void collection_free(collection *collection);

#endif
