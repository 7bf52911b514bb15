/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verification of documents: each one's names, content, vector, lengths and trust; and of reports,
 * that each belongs to a document.
 */
#include <config.h>

#include "engine/verify/verify.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "engine/view/labels.h"
#include "engine/write/waiting.h"
#include "experience/content.h"
#include "text/indexed.h"

/* A name must lead back to its document. */
static plurum_status verify_name(pli_verify *v, uint32_t id, pli_table table, pli_slice name,
                                 plurum_error *error)
{
    pli_slice value;
    plurum_status status =
        pli_get(&value, v->snapshot->txn, table, name.bytes, name.len, NULL);
    if (!status && value.len == 4 && pli_load_u32(value.bytes) == id) return PLURUM_OK;
    return pli_verify_find(v, error, "%s: \"%.*s\" does not lead to document %lu",
                           pli_table_name(table), (int)name.len, (const char *)name.bytes,
                           (unsigned long)id);
}

/* Whether the vector leg has just this one. */
static int is_searched(const pli_flat *vectors, uint32_t id, const float *vector, uint32_t dim)
{
    return pli_flat_has(vectors, id) &&
           memcmp(pli_flat_vector(vectors, id), vector, dim * sizeof *vector) == 0;
}

/* The vector of one of the models; those of a generation that is not live have its dimensions. */
static plurum_status verify_vector(pli_verify *v, uint32_t id, const pli_doc_row *row,
                                   uint32_t model, plurum_error *error)
{
    unsigned char key[8];
    pli_slice value;
    pli_store_be32(key, model);
    pli_store_be32(key + 4, id);
    plurum_status status = pli_get(&value, v->snapshot->txn, PLI_VECTORS, key, sizeof key, NULL);
    int wanted = pli_has_vector(row, model);
    if (status == PLURUM_NOTFOUND && !wanted) return PLURUM_OK;
    const plurum_index *index = v->snapshot->index;
    uint32_t dim = model == index->model ? index->fingerprint.dim : (uint32_t)(value.len / 4);
    float vector[PLURUM_DIM_MAX];
    if (!status && wanted && dim && dim <= PLURUM_DIM_MAX && value.len == 4 * (size_t)dim) {
        memcpy(vector, value.bytes, value.len);
        if (fabs(sqrt(pli_dot(vector, vector, dim)) - 1.0) < 1e-5 &&
            (model != index->model || is_searched(index->vectors, id, vector, dim)))
            return PLURUM_OK;
    }
    return pli_verify_find(v, error, "vectors: that of document %lu is missing, unasked for, not of "
                                     "unit length or not the one in memory", (unsigned long)id);
}

static int same_double(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* Whether a set holds these names, each followed by a NUL, and no others. */
static int same_set(const pli_set *set, const pli_columns *columns, pli_slice names)
{
    const char *at = (const char *)names.bytes, *end = at + names.len;
    uint32_t count = 0;
    for (; at < end; at += strlen(at) + 1, count++)
        if (!pli_set_has(columns, set, pli_intern_find(columns->names, at, strlen(at)))) return 0;
    return count == set->count;
}

/* What filters and ranking see of a document, against its record. */
static plurum_status verify_columns(pli_verify *v, uint32_t id, const pli_doc_row *row,
                                    plurum_error *error)
{
    const pli_columns *columns = &v->snapshot->index->columns;
    const pli_fixed *fixed = pli_columns_fixed(columns, id);
    const char *owner = (const char *)row->owner.bytes, *domain = (const char *)row->domain.bytes;
    int same =
        pli_bitmap_has(&v->snapshot->view->live, id) && fixed->created_at == row->created_at &&
        same_double(fixed->confidence, row->confidence) &&
        memcmp(fixed->length, row->length, sizeof fixed->length) == 0 &&
        pli_view_row(v->snapshot->view, id)->owner ==
            (row->owner.len ? pli_intern_find(columns->agents, owner, row->owner.len) : 0) &&
        fixed->domain ==
            (row->domain.len ? pli_intern_find(columns->names, domain, row->domain.len) : 0) &&
        same_set(&fixed->tools, columns, row->tools) && same_set(&fixed->tags, columns, row->tags);
    return same ? PLURUM_OK
                : pli_verify_find(v, error, "columns: document %lu is not as its record says",
                                  (unsigned long)id);
}

static int expect(void *sum, const char *term, size_t len, uint32_t tf)
{
    *(uint64_t *)sum += pli_verify_hash(term, len, tf);
    return 0;
}

/* What the text index should hold of a document. */
static plurum_status expect_postings(pli_verify *v, uint32_t id, const pli_doc_row *row,
                                     const pli_terms *terms, plurum_error *error)
{
    pli_row_labels labels;
    plurum_status status = pli_row_labels_of(&labels, row, error);
    if (!status && pli_text_document_terms(terms, &labels.labels, expect, &v->expected[id]))
        status = pli_nomem(error);
    pli_row_labels_free(&labels);
    return status;
}

/* Content and lengths; fills in what the text index should hold. */
static plurum_status verify_content(pli_verify *v, uint32_t id, const pli_doc_row *row,
                                    plurum_error *error)
{
    plurum_error what;
    pli_terms *terms = NULL;
    pli_projection *projection = NULL;
    pli_analyser *analyser = NULL;
    char *content = NULL;
    size_t len;
    plurum_index *index = v->snapshot->index;
    plurum_status status = pli_blob_get(&content, &len, index->codec, v->snapshot->txn, id, &what);
    if (!status) status = pli_project(&projection, (pli_kind)row->kind, content, len, &what);
    if (!status) status = pli_borrow_analyser(&analyser, index, &what);
    if (!status)
        status = pli_terms_of_document(&terms, analyser, pli_projection_document(projection), &what);
    pli_return_analyser(index, analyser);
    if (status) {
        status = status == PLURUM_NOMEM ? pli_nomem(error)
                                        : pli_verify_find(v, error, "%s", what.text);
    } else {
        if (len != row->plain_len || memcmp(terms->length, row->length, sizeof row->length))
            status = pli_verify_find(v, error, "docs: document %lu has other lengths than its "
                                               "content", (unsigned long)id);
        if (!status) status = expect_postings(v, id, row, terms, error);
    }
    pli_terms_unref(terms);
    pli_projection_free(projection);
    pli_free(content);
    return status;
}

/* The state folded anew from the reports, in seq order. */
static plurum_status refold(plurum_trust_state *state, pli_verify *v, uint32_t id,
                            double confidence, plurum_error *error)
{
    const plurum_trust_config *config = &v->snapshot->index->trust;
    plurum_trust_init(state, confidence);
    for (int t = 0; t < 2; t++) {
        pli_report_row *rows;
        size_t count;
        plurum_status status = pli_reports_of(&rows, &count, v->snapshot->txn,
                                              t ? PLI_VOTES : PLI_OUTCOMES, id, error);
        if (status) return status;
        for (size_t i = 0; i < count; i++) {
            if (!rows[i].counted) continue;
            if (t)
                plurum_trust_vote(state, 0, rows[i].value);
            else
                plurum_trust_outcome(state, config, rows[i].value, rows[i].at, rows[i].weight);
        }
        pli_free(rows);
    }
    return PLURUM_OK;
}

static plurum_status verify_trust(pli_verify *v, uint32_t id, const pli_doc_row *row,
                                  plurum_error *error)
{
    plurum_trust_state stored, folded;
    plurum_error what;
    plurum_status status = pli_trust_get(&stored, v->snapshot->txn, id, &what);
    if (!status) status = refold(&folded, v, id, row->confidence, &what);
    if (status == PLURUM_NOMEM) return pli_nomem(error);
    int same = !status && same_double(stored.successes, folded.successes) &&
               same_double(stored.failures, folded.failures) &&
               same_double(stored.failure_weight, folded.failure_weight) &&
               stored.reference == folded.reference &&
               stored.success_count == folded.success_count &&
               stored.failure_count == folded.failure_count && stored.up == folded.up &&
               stored.down == folded.down && same_double(stored.confidence, folded.confidence);
    return same ? PLURUM_OK
                : pli_verify_find(v, error, "trust: the state of document %lu is not that of its "
                                            "reports", (unsigned long)id);
}

static plurum_status verify_document(pli_verify *v, uint32_t id, const pli_doc_row *row,
                                     plurum_error *error)
{
    plurum_status status = verify_name(v, id, PLI_KEYS, row->key, error);
    if (!status && row->short_id.len)
        status = verify_name(v, id, PLI_SHORTS, row->short_id, error);
    for (uint32_t model = 1; model <= PLI_MODELS && !status; model++)
        status = verify_vector(v, id, row, model, error);
    if (!status) status = verify_columns(v, id, row, error);
    if (!status) status = verify_trust(v, id, row, error);
    return status ? status : verify_content(v, id, row, error);
}

/* Tables that hold one record a document hold no more than that. */
static plurum_status verify_counts(pli_verify *v, uint64_t shorts, uint64_t vectors,
                                   plurum_error *error)
{
    const struct {
        pli_table table;
        uint64_t expected;
    } COUNTS[] = {{PLI_DOCS, v->report.documents},  {PLI_BLOBS, v->report.documents},
                  {PLI_KEYS, v->report.documents},  {PLI_TRUST, v->report.documents},
                  {PLI_SHORTS, shorts},             {PLI_VECTORS, vectors}};
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS && !status; i++) {
        uint64_t count = pli_txn_count(v->snapshot->txn, COUNTS[i].table);
        if (count != COUNTS[i].expected)
            status = pli_verify_find(v, error, "%s: %llu records for %llu documents that have one",
                                     pli_table_name(COUNTS[i].table), (unsigned long long)count,
                                     (unsigned long long)COUNTS[i].expected);
    }
    return status;
}

static plurum_status verify_reports(pli_verify *v, pli_table table, plurum_error *error)
{
    pli_walk *walk;
    pli_slice key, value;
    plurum_status found, status = pli_walk_begin(&walk, v->snapshot->txn, table, NULL, 0, error);
    while (!status && (found = pli_walk_next(walk, &key, &value, NULL)) != PLURUM_NOTFOUND) {
        uint32_t id = key.len > 4 ? pli_load_be32(key.bytes) : 0;
        pli_doc_row row;
        if (!found && pli_doc_get(&row, v->snapshot->txn, id, NULL) == PLURUM_NOTFOUND)
            status = pli_verify_find(v, error, "%s: a report on document %lu, which is not there",
                                     pli_table_name(table), (unsigned long)id);
    }
    pli_walk_end(walk);
    return status;
}

/* Each that waits is there and has no vector of the model that it waits for. */
static plurum_status verify_waiting(pli_verify *v, uint64_t *count, plurum_error *error)
{
    enum { SOME = 64 };
    uint32_t ids[SOME], last = 0, model;
    size_t found = SOME;
    pli_txn *txn = v->snapshot->txn;
    plurum_status status = PLURUM_OK;
    while (!status && found == SOME) {
        plurum_error what;
        plurum_status came_to = pli_waiting_list(ids, &found, SOME, last, 0, txn, &what);
        if (came_to == PLURUM_NOMEM) return pli_nomem(error);
        if (came_to) return pli_verify_find(v, error, "%s", what.text);
        *count += found;
        for (size_t i = 0; i < found && !status; i++) {
            pli_doc_row row;
            last = ids[i];
            plurum_status there = pli_waiting_get(&model, txn, last, &what);
            if (!there) there = pli_doc_get(&row, txn, last, &what);
            if (there || pli_has_vector(&row, model))
                status = pli_verify_find(v, error, "vectors: document %lu, which waits for one, is not "
                                                   "there or has it", (unsigned long)last);
        }
    }
    return status;
}

plurum_status pli_verify_documents(pli_verify *v, plurum_error *error)
{
    pli_walk *walk;
    pli_slice key, value;
    uint64_t shorts = 0, vectors = 0;
    plurum_status found, status = pli_walk_begin(&walk, v->snapshot->txn, PLI_DOCS, NULL, 0, error);
    while (!status && (found = pli_walk_next(walk, &key, &value, NULL)) != PLURUM_NOTFOUND) {
        pli_doc_row row;
        uint32_t id = key.len == 4 ? pli_load_be32(key.bytes) : 0;
        if (found || id == 0 || id >= v->snapshot->view->bound ||
            pli_doc_decode(&row, id, value, NULL)) {
            if (!found)
                status = pli_verify_find(v, error, "docs: the record of document %lu is malformed",
                                         (unsigned long)id);
            continue; /* a damaged one has been named already */
        }
        v->report.documents++;
        shorts += row.short_id.len > 0;
        for (uint32_t model = 1; model <= PLI_MODELS; model++) vectors += pli_has_vector(&row, model);
        status = verify_document(v, id, &row, error);
    }
    pli_walk_end(walk);
    if (!status) status = verify_waiting(v, &vectors, error);
    if (!status) status = verify_counts(v, shorts, vectors, error);
    if (!status) status = verify_reports(v, PLI_OUTCOMES, error);
    return status ? status : verify_reports(v, PLI_VOTES, error);
}
