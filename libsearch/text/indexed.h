/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the text index holds of a document: one list, for the writer and for verification.
 */
#ifndef PLI_TEXT_INDEXED_H
#define PLI_TEXT_INDEXED_H

#include "text/postings.h"

/* Room for a prefix and a term. */
#define PLI_STORED_TERM_MAX (PLI_TERM_MAX + 4)

/* A term as it is stored, prefix first; cut like any other when it is too long. Its length. */
size_t pli_stored_term(char out[PLI_STORED_TERM_MAX], const char *prefix, const char *term,
                       size_t len);

/*
 * Calls each for every stored term of a document: its terms with their occurrences over all fields,
 * the same with a field's prefix, and boolean terms with 0. labels may be NULL. Non-zero stops and
 * is returned.
 */
int pli_text_document_terms(const pli_terms *terms, const pli_labels *labels,
                            int (*each)(void *payload, const char *term, size_t len, uint32_t tf),
                            void *payload);

#endif
