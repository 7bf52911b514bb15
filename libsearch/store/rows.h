/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of the tables, as structs: reading and writing them by name.
 *
 * Strings of a row that was read point into the transaction's memory and are not NUL-terminated,
 * hence the slices. A row may be put back right after it was read: it is encoded before the write.
 */
#ifndef PLI_STORE_ROWS_H
#define PLI_STORE_ROWS_H

#include <plurum/document.h>
#include <plurum/trust.h>

#include "store/store.h"

/* docs: what is known of a document beside its content. */
typedef struct pli_doc_row {
    uint8_t kind; /* pli_kind */
    uint8_t lifecycle, visibility;
    uint8_t has_vector; /* PLI_VECTOR_BIT of each model     */
    uint64_t put_seq;   /* event that brought it                */
    int64_t created_at, updated_at;
    double confidence;  /* NAN: not stated                      */
    uint32_t length[PLURUM_TEXT_FIELD_COUNT]; /* words by field */
    uint32_t plain_len; /* bytes of the content as JSON         */
    pli_slice key, short_id, owner; /* len 0: none              */
    pli_slice domain;   /* folded                               */
    pli_slice tools, tags; /* folded, each followed by a NUL    */
} pli_doc_row;

/* Vectors of at most two models are kept, which are numbered 1 and 2. */
enum { PLI_MODELS = 2 };
#define PLI_VECTOR_BIT(model) ((uint8_t)(1u << ((model) - 1)))
static inline int pli_has_vector(const pli_doc_row *row, uint32_t model)
{
    return (row->has_vector & PLI_VECTOR_BIT(model)) != 0;
}
static inline uint32_t pli_other_model(uint32_t model)
{
    return PLI_MODELS + 1 - model;
}

plurum_status pli_doc_get(pli_doc_row *row, pli_txn *txn, uint32_t id, plurum_error *error);
plurum_status pli_doc_put(pli_txn *txn, uint32_t id, const pli_doc_row *row, plurum_error *error);
/* Reads a record that a walk over PLI_DOCS gave. */
plurum_status pli_doc_decode(pli_doc_row *row, uint32_t id, pli_slice value, plurum_error *error);

/* Looks a document up by key (or UUID) or short id: NOTFOUND without an error text. */
plurum_status pli_doc_find(uint32_t *id, pli_txn *txn, const char *name, plurum_error *error);

/* trust: a document's state; a document without events has a state too. */
plurum_status pli_trust_get(plurum_trust_state *state, pli_txn *txn, uint32_t id,
                            plurum_error *error);
plurum_status pli_trust_put(pli_txn *txn, uint32_t id, const plurum_trust_state *state,
                            plurum_error *error);
plurum_status pli_trust_decode(plurum_trust_state *state, uint32_t id, pli_slice value,
                               plurum_error *error);

/* outcomes and votes, keyed by document and agent. */
typedef struct pli_report_row {
    uint64_t seq;
    int8_t value;      /* outcome: 1 success, 0 failure; vote: 1, -1 */
    uint8_t counted;   /* 0: the author's own                        */
    int64_t at;
    double weight;     /* outcome: frozen; vote: 1                   */
    int64_t execution_time_ms; /* -1: not stated                     */
    pli_slice agent;   /* from the key                               */
    pli_slice error_message, context_notes, env_fingerprint;
    pli_slice query;           /* that the document was found by     */
    uint64_t query_words;      /* of its text folded, a hash; 0: none */
    pli_slice query_code;      /* of its vector (engine/alike.h)     */
} pli_report_row;

plurum_status pli_report_get(pli_report_row *row, pli_txn *txn, pli_table table, uint32_t id,
                             const char *agent, plurum_error *error);
plurum_status pli_report_put(pli_txn *txn, pli_table table, uint32_t id,
                             const pli_report_row *row, plurum_error *error);
plurum_status pli_report_del(pli_txn *txn, pli_table table, uint32_t id, pli_slice agent,
                             plurum_error *error);

/* All reports of a document in one table, in seq order. *rows is one block that holds all that its
 * slices point to, and the caller's (pli_free). */
plurum_status pli_reports_of(pli_report_row **rows, size_t *count, pli_txn *txn, pli_table table,
                             uint32_t id, plurum_error *error);
/* Splits the key and reads the value of a record that a walk over outcomes or votes gave. */
plurum_status pli_report_decode(pli_report_row *row, uint32_t *id, pli_slice key, pli_slice value,
                                plurum_error *error);

/* reporters: counted outcomes that an agent has filed; 0 for an unknown one. */
plurum_status pli_reporter_get(uint64_t *outcomes, pli_txn *txn, pli_slice agent,
                               plurum_error *error);
plurum_status pli_reporter_put(pli_txn *txn, pli_slice agent, uint64_t outcomes,
                               plurum_error *error);

#endif
