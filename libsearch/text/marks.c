/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Marks: the tokens of a text whose term is one of those that were looked for.
 */
#include <config.h>

#include "text/marks.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "text/tokens.h"

typedef struct marking {
    const pli_terms *terms;
    pli_marks *out;
} marking;

static int mark(void *payload, const pli_seen *seen)
{
    const marking *m = payload;
    const pli_term *term = seen->len ? pli_terms_find(m->terms, seen->term, seen->len) : NULL;
    if (!term) return 0;
    if (pli_grow(&m->out->all, &m->out->cap, m->out->count, sizeof *m->out->all)) return -1;
    m->out->all[m->out->count++] = (pli_mark){
        .from = seen->from, .to = seen->to, .term = (uint32_t)(term - m->terms->terms)};
    return 0;
}

static int compare_marks(const void *a, const void *b)
{
    const pli_mark *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    if (x->to != y->to) return x->to > y->to ? -1 : 1;
    return x->term < y->term ? -1 : x->term > y->term;
}

plurum_status pli_marks_find(pli_marks *out, pli_analyser *analyser, const pli_terms *terms,
                             const char *text, size_t len, plurum_error *error)
{
    marking m = {terms, out};
    if (pli_see_tokens(analyser, text, len, mark, &m)) return pli_nomem(error);
    if (out->count > 1) qsort(out->all, out->count, sizeof *out->all, compare_marks);
    return PLURUM_OK;
}
