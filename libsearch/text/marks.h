/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a query's terms stand in a text. The same analysis decides as for postings, so what is
 * marked is what has matched: other forms of a word, an identifier and its parts.
 */
#ifndef PLI_TEXT_MARKS_H
#define PLI_TEXT_MARKS_H

#include "text/terms.h"

typedef struct pli_mark {
    size_t from, to; /* bytes of the text; where normalising changes its length, the whole run */
    uint32_t term;   /* place among the terms that were looked for */
} pli_mark;

typedef struct pli_marks {
    pli_mark *all; /* by `from`, longer first; they may overlap */
    size_t count, cap;
} pli_marks;

/* Appends the occurrences of terms in a text of len bytes (any bytes). The caller frees all. Errors:
 * NOMEM. */
plurum_status pli_marks_find(pli_marks *out, pli_analyser *analyser, const pli_terms *terms,
                             const char *text, size_t len, plurum_error *error);

#endif
