/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes: what a batch is made of. Each is checked and prepared when it is added, and executed
 * inside the write transaction of its commit. A change that fails may have written: the transaction
 * that it ran in is then taken back.
 */
#ifndef PLI_ENGINE_WRITE_CHANGE_H
#define PLI_ENGINE_WRITE_CHANGE_H

#include <plurum/write.h>

#include "engine/engine.h"

typedef enum pli_change_kind {
    PLI_CHANGE_PUT,
    PLI_CHANGE_OUTCOME,
    PLI_CHANGE_VOTE,
    PLI_CHANGE_LIFECYCLE,
    PLI_CHANGE_DELETE,
    PLI_CHANGE_VECTOR /* of a document that has waited for it */
} pli_change_kind;

/* All pointers are owned. */
typedef struct pli_change {
    pli_change_kind kind;
    char *id;           /* document asked for: key or short id; of a put: its key            */
    char *agent;        /* who asks; NULL: the operator                                      */

    /* put */
    plurum_conflict conflict;
    pli_buf strings;    /* memory of row's slices                                            */
    pli_doc_row row;    /* but for what the transaction knows: put_seq, times, short id      */
    char short_id[PLURUM_SHORT_ID_LEN + 1]; /* "" to draw one, where the kind has them       */
    pli_buf blob;
    char *text;         /* that the commit shall embed, or NULL                              */
    float *vector;      /* unit length, or NULL                                              */
    int waits;          /* for a vector that is not made yet                                 */
    pli_terms *terms;
    uint32_t new_id;    /* given by the last execution                                       */
    struct pli_import *import; /* what an exported line has beside, or NULL                  */

    /* outcome, vote */
    pli_report_row report;
    unsigned char *query_code; /* memory of the report's */

    /* lifecycle */
    plurum_lifecycle lifecycle;

    /* vector: row, blob and vector as of a put, and */
    uint32_t waited;    /* the document's id until now                                       */
} pli_change;

void pli_change_free(pli_change *change);

/* Executes one change. now: the engine's clock. */
plurum_status pli_change_run(pli_change *change, plurum_index *index, pli_txn *txn, int64_t now,
                             plurum_receipt *receipt, plurum_error *error);

/* By kind; run through pli_change_run. */
typedef plurum_status pli_change_method(pli_change *change, plurum_index *index, pli_txn *txn,
                                        int64_t now, plurum_receipt *receipt,
                                        plurum_error *error);
pli_change_method pli_run_put, pli_run_outcome, pli_run_vote, pli_run_lifecycle, pli_run_delete,
    pli_run_vector;

/* Finds the document that a change names: NOTFOUND with a text. */
plurum_status pli_change_find(uint32_t *id, pli_doc_row *row, pli_txn *txn,
                              const pli_change *change, plurum_error *error);
/* INVALID unless the agent is the operator or the owner. */
plurum_status pli_change_permit(const pli_change *change, const pli_doc_row *row,
                                plurum_error *error);
/* Removes every record of a document but its reports, and logs it. */
plurum_status pli_remove_document(pli_txn *txn, uint32_t id, const pli_doc_row *row,
                                  int keep_names, plurum_error *error);

/* The batch of write.h, as commit.c and batch.c share it. */
struct plurum_batch {
    plurum_index *index;
    pli_change *changes;
    size_t count, cap;
    int vectors_named; /* plurum_batch_vectors_of has been called: given vectors are the index's */
    int embed_later;   /* plurum_batch_embed_later has been called */
};

/* Takes a prepared change over, or frees it when preparing has failed with `status`. */
plurum_status pli_batch_add(plurum_batch *batch, pli_change *change, plurum_status status,
                            plurum_error *error);
/* INVALID unless it is 1 to 64 bytes of printable ASCII; `what` names it. */
plurum_status pli_check_agent(const char *agent, const char *what, plurum_error *error);

/* A copy of a vector that is given, of unit length; into *out, owned, which may be set on failure too:
 * MISMATCH, INVALID, NOMEM. */
plurum_status pli_batch_take_vector(float **out, const plurum_batch *batch, const float *given,
                                    size_t dim, plurum_error *error);

/* Makes the vectors that are still to be made. What has been made stays when another one fails. */
plurum_status pli_batch_embed(plurum_batch *batch, plurum_error *error);

/* Commits a batch, in a group with those of other threads. */
plurum_status pli_commit_batch(plurum_batch *batch, plurum_receipt *receipts,
                               plurum_error *error);

#endif
