/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reference engine: what plurum should answer, in arrays and loops. It keeps every document and
 * report in memory and computes each answer from nothing but them.
 */
#ifndef ORACLE_REFERENCE_H
#define ORACLE_REFERENCE_H

#include "tests/oracle/make.h"

typedef struct reference reference;

reference *reference_new(const settings *made_with);
void reference_free(reference *r);

/* Does a step and says what the engine should answer. */
void reference_step(reference *r, const step *step, answer *answer);

/* What an answer by graphs is measured with: every document's scores, and the exact answer. */
typedef struct judgement {
    int allowed[KEYS];
    uint32_t id[KEYS];
    double text[KEYS], cosine[KEYS];
    int count;
    answer_hit exact[KEYS];
} judgement;
void reference_judge(const reference *r, const query_step *q, judgement *out);

/* A copy of the present contents, and going back to it (for commits of unknown fate). */
reference *reference_copy(const reference *r);
uint64_t reference_seq(const reference *r);

#endif
