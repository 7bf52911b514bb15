/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judged queries: how well an index answers them. A folder with queries.jsonl ({"_id", "text"}) and
 * qrels.tsv or qrels/test.tsv (query, experience, grade; a heading above).
 */
#ifndef TOOLS_JUDGE_H
#define TOOLS_JUDGE_H

#include "tools/cli.h"

typedef struct judge {
    json_t *texts;  /* query → text                  */
    json_t *grades; /* query → { experience → grade } */
} judge;

/* 0, or the exit code after saying what is wrong. */
int judge_read(judge *out, const char *folder);
void judge_free(judge *judge);

/* Mean nDCG@10 over the queries that have a grade above 0. An index is opened for it. */
int judge_index(double *ndcg, const judge *judge, const char *path);

#endif
