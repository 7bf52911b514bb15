/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text index on disk: Xapian behind C. Only xapian_shim.cc, which implements this, sees a
 * Xapian header; no exception leaves it.
 *
 * The index is append-only. An internal id is indexed once, ids only grow, and nothing is ever
 * removed from it: what is deleted or replaced is left out by the reader's live bitmap, and goes
 * when a compaction writes the index anew. So the database needs no term lists (40 % smaller), an
 * older snapshot may read a newer revision, and a reader that loses its revision can just reopen.
 *
 * What a document adds:
 *   - each term, with the sum of its occurrences over all fields;
 *   - each term with a field's prefix (PLI_FIELD_PREFIX) for title, labels and code, with the
 *     occurrences in that field, so that fields can be weighted at query time;
 *   - a boolean term for its domain and each tool and tag, in the folded form.
 */
#ifndef PLI_TEXT_POSTINGS_H
#define PLI_TEXT_POSTINGS_H

#include "text/terms.h"

/* Prefixes are upper case, terms never are. The body has none: it is the sum less the others. */
#define PLI_PREFIX_ALL ""
#define PLI_PREFIX_TITLE "T"
#define PLI_PREFIX_LABELS "L"
#define PLI_PREFIX_CODE "C"
#define PLI_PREFIX_DOMAIN "XD"
#define PLI_PREFIX_TOOL "XT"
#define PLI_PREFIX_TAG "XG"

/* ---- writing: one thread, one writer a directory ---- */

typedef struct pli_text_writer pli_text_writer;

/*
 * Opens the index at path, or makes one; the directory above must exist. Errors: BUSY (another
 * writer), CORRUPT (damaged, as far as it shows at opening), FORMAT (another analysis or Xapian),
 * IO, NOMEM, BACKEND. What is CORRUPT or of another FORMAT is to be made anew from the store.
 */
plurum_status pli_text_writer_open(pli_text_writer **out, const char *path, plurum_error *error);

/* Closes without committing. */
void pli_text_writer_close(pli_text_writer *writer);

/* Sequence number and internal id up to which the last commit has followed; 0, 0 when new. */
void pli_text_writer_applied(const pli_text_writer *writer, uint64_t *seq, uint32_t *last_id);

/* Folded names that filters ask for; strings are NUL-terminated, NULL or 0 where absent. */
typedef struct pli_labels {
    const char *domain;
    const char *const *tools;
    size_t tool_count;
    const char *const *tags;
    size_t tag_count;
} pli_labels;

/*
 * Adds a document; id must be above every id added before and below UINT32_MAX. labels may be NULL.
 * After a failure the writer is only good for closing. Errors: ARG, NOMEM, BACKEND, IO.
 */
plurum_status pli_text_writer_add(pli_text_writer *writer, uint32_t id, const pli_terms *terms,
                                  const pli_labels *labels, plurum_error *error);

/* Whether a call has failed, so that nothing more can be written. */
int pli_text_writer_failed(const pli_text_writer *writer);

/*
 * Makes everything added durable, together with how far it follows the store; last_id is no less
 * than any id added. Errors: ARG, NOMEM, BACKEND, IO.
 */
plurum_status pli_text_writer_commit(pli_text_writer *writer, uint64_t seq, uint32_t last_id,
                                     plurum_error *error);

/* ---- reading: one thread at a time per reader ---- */

typedef struct pli_text_reader pli_text_reader;

/* Errors: NOTFOUND (there is none at path), CORRUPT, FORMAT, BUSY, IO, NOMEM, BACKEND. */
plurum_status pli_text_reader_open(pli_text_reader **out, const char *path, plurum_error *error);
void pli_text_reader_close(pli_text_reader *reader);

/* Moves to the newest commit (a microsecond when there is none). BUSY: another index has taken the
 * place of the one that was opened; like after any failure, the reader is then to be closed. */
plurum_status pli_text_reader_refresh(pli_text_reader *reader, plurum_error *error);

/* How far the revision that is being read has followed the store. */
void pli_text_reader_applied(const pli_text_reader *reader, uint64_t *seq, uint32_t *last_id);

/*
 * A posting list, read whole into arrays that the reader owns until its next call: ids ascending,
 * and occurrences. prefix is one of PLI_PREFIX_*; a term that does not occur gives count 0.
 * BUSY: the revision is gone; refresh and begin the query again.
 */
typedef struct pli_postings {
    const uint32_t *ids;
    const uint32_t *tf;
    size_t count;
} pli_postings;

plurum_status pli_text_reader_postings(pli_postings *out, pli_text_reader *reader,
                                       const char *prefix, const char *term, size_t len,
                                       plurum_error *error);

/* The same, but no more than the first `most` postings. */
plurum_status pli_text_reader_head(pli_postings *out, pli_text_reader *reader, const char *prefix,
                                   const char *term, size_t len, size_t most, plurum_error *error);

/* Length of that list, without reading it; an upper bound when documents have been deleted. */
plurum_status pli_text_reader_frequency(uint32_t *out, pli_text_reader *reader,
                                        const char *prefix, const char *term, size_t len,
                                        plurum_error *error);

/*
 * Calls each for every term of the index that begins with these start_len bytes (0: every term), in
 * byte order, boolean terms and prefixed ones included. Non-zero stops and is returned as CANCELLED.
 */
plurum_status pli_text_reader_all_terms(pli_text_reader *reader, const char *start, size_t start_len,
                                        int (*each)(void *payload, const char *term, size_t len),
                                        void *payload, plurum_error *error);

#endif
