/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A verification under way: where its findings go.
 */
#ifndef PLI_ENGINE_VERIFY_VERIFY_H
#define PLI_ENGINE_VERIFY_VERIFY_H

#include "engine/view/snapshot.h"

typedef struct pli_verify {
    pli_snapshot *snapshot;
    plurum_verify_report report;
    int (*finding)(void *payload, const char *line);
    void *payload;
    /* By internal id: Σ hash(term, occurrences) over what the text index should hold of it. */
    uint64_t *expected;
} pli_verify;

/* Reports one thing that is wrong; CANCELLED when the callback says so. */
plurum_status pli_verify_find(pli_verify *verify, plurum_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What one (prefixed) term of a document adds to its sum. */
uint64_t pli_verify_hash(const char *term, size_t len, uint32_t tf);

/* The parts: store's records, documents (which also fill in `expected`), text index. */
plurum_status pli_verify_records(pli_verify *verify, plurum_error *error);
plurum_status pli_verify_documents(pli_verify *verify, plurum_error *error);
plurum_status pli_verify_text(pli_verify *verify, plurum_error *error);

/* The vector segments against the store. */
plurum_status pli_verify_segments(pli_verify *v, plurum_error *error);
/* Whether the store has that vector; what is wrong with its record is found elsewhere. */
int pli_verify_is_stored(pli_verify *v, uint32_t id, const float *vector, size_t dim);

/* The checkpoint's files against the store: `columns` followed to this moment against a view that was
 * made from the store alone. */
plurum_status pli_verify_checkpoint(pli_verify *v, const pli_view *fresh, const pli_columns *columns,
                                    plurum_error *error);
/* Whether two views have the same documents, sums and states. */
int pli_verify_same_view(const pli_view *fresh, const pli_view *have, const pli_flat *vectors);

#endif
