/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an experience teaches, in three lists: what helps, what does not, what to watch.
 */
#ifndef PLI_EXPERIENCE_LESSONS_H
#define PLI_EXPERIENCE_LESSONS_H

#include <stddef.h>

#include <jansson.h>

typedef struct pli_lesson {
    const char *what;   /* never empty                                        */
    const char *why;    /* what came of it, or when it holds; "" for nothing  */
    const char *learnt; /* of an attempt; "" for nothing                      */
    const char *importance; /* of a breakthrough, else ""                     */
    int tried;          /* it is an attempt                                   */
} pli_lesson;

typedef struct pli_lessons {
    pli_lesson *all;
    pli_lesson *helps, *fails, *watch; /* in all */
    size_t help_count, fail_count, watch_count;
} pli_lessons;

/*
 * Collects them from an experience's detail object; texts are borrowed from it. What is written down
 * twice, as an attempt and as a dead end or breakthrough, is taken once. Important breakthroughs come
 * first. Not 0: memory is short. Free in every case.
 */
int pli_lessons_collect(pli_lessons *out, const json_t *detail);
void pli_lessons_free(pli_lessons *lessons);

/* A text member of an object, "" where it is absent or null. */
const char *pli_text_member(const json_t *object, const char *name);

#endif
