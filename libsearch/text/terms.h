/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text analysis: from a document or a query to terms.
 *
 * A word is a maximal run of letters, digits and marks after NFKC case folding, with apostrophes
 * between letters; it becomes its English stem unless it is a stop word. An identifier
 * (`pg_basebackup`, `CVE-2024-3094`, `--no-deps`, `1.22.4`) gives a term for the whole, folded,
 * unstemmed and marked with '=', beside the words it splits into, because agents search for both.
 * Hyphenated words (`apt-get`, `utf-8`) give the word without hyphens instead of a whole. A word
 * of several parts (`DatabaseModifiedError`, `sha256sum`) gives its parts beside itself. Scripts
 * without spaces give single characters and pairs. scan.h has examples.
 *
 * Documents and queries go through the same code, so they always meet.
 */
#ifndef PLI_TEXT_TERMS_H
#define PLI_TEXT_TERMS_H

#include <plurum/document.h>

/* A longer term is cut and its hash appended (Xapian refuses more than 245 bytes). */
#define PLI_TERM_MAX 200

/* Changes whenever the same text could give other terms; stored with the index. */
#define PLI_ANALYSIS_VERSION 1

/* Not thread-safe: one per thread at a time. */
typedef struct pli_analyser pli_analyser;

plurum_status pli_analyser_new(pli_analyser **out, plurum_error *error);
void pli_analyser_free(pli_analyser *analyser);

/* One term of a document, or of a query. */
typedef struct pli_term {
    const char *bytes; /* not NUL-terminated */
    uint32_t len;      /* 1..PLI_TERM_MAX    */
    uint32_t tf[PLURUM_TEXT_FIELD_COUNT]; /* occurrences by field; of a query: by pli_query_words */
} pli_term;

/* Function words (what, how, I, can …) of a query count apart from its other words. */
typedef enum pli_query_words { PLI_QUERY_WORDS, PLI_QUERY_FUNCTION_WORDS } pli_query_words;

/* A text's terms: unique, in the order of their bytes (memcmp, then the shorter first). Immutable
 * and counted by reference, since writer, applier and snapshots share them. */
typedef struct pli_terms pli_terms;

struct pli_terms {
    const pli_term *terms;
    uint32_t count;
    /* Words by field. Stop words, wholes, parts, joined words and pairs do not count. */
    uint32_t length[PLURUM_TEXT_FIELD_COUNT];
};

/* Terms of a document's text fields. *out: one reference is the caller's. Errors: NOMEM. */
plurum_status pli_terms_of_document(pli_terms **out, pli_analyser *analyser,
                                    const plurum_document *document, plurum_error *error);

/* Terms of a query's text (any bytes). Errors: NOMEM. */
plurum_status pli_terms_of_query(pli_terms **out, pli_analyser *analyser, const char *text,
                                 size_t len, plurum_error *error);

pli_terms *pli_terms_ref(pli_terms *terms);
void pli_terms_unref(pli_terms *terms); /* NULL is fine */

/* The entry of a term, or NULL. */
const pli_term *pli_terms_find(const pli_terms *terms, const char *bytes, size_t len);

/* Bytes of memory held. */
size_t pli_terms_memory(const pli_terms *terms);

#endif
