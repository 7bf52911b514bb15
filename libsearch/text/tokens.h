/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tokens of a text with their place in it, their folded form and their term: what the analysis
 * sees, for those who need more of it than a table of terms.
 */
#ifndef PLI_TEXT_TOKENS_H
#define PLI_TEXT_TOKENS_H

#include "text/scan.h"
#include "text/terms.h"

/* Borrowed during the call that it is given to. */
typedef struct pli_seen {
    pli_token token;
    size_t from, to;    /* bytes of the text; where normalising changes its length, the whole run */
    int exact;          /* 0: the whole run */
    const char *folded; /* folded_len bytes */
    size_t folded_len;
    const char *term;   /* len bytes, as it is indexed */
    size_t len;         /* 0: a stop word */
} pli_seen;

/* Takes one token. Non-zero stops. */
typedef int pli_seen_fn(void *payload, const pli_seen *seen);

/* Calls each for every token of a text of len bytes (any bytes), in the order of the scan. 0, what
 * stopped it, or -1 when memory is short. */
int pli_see_tokens(pli_analyser *analyser, const char *text, size_t len, pli_seen_fn *each,
                   void *payload);

/* The stem of a folded word, borrowed until the analyser's next call; *len becomes its length, 0 of
 * a stop word. 0, or -1 when memory is short. */
int pli_stem(pli_analyser *analyser, const char *word, const char **out, size_t *len);

/* The words that are never indexed. */
const char *const *pli_stop_words(size_t *count);

#endif
