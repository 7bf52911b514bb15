/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verification of the text index: every posting of every term is read and added to its document's
 * sum, which must be what the fresh analysis of the document came to. So a posting that is missing,
 * unasked for, or of another count shows, whichever it is.
 */
#include <config.h>

#include "engine/verify/verify.h"

#include <string.h>

#include <xxhash.h>

#include "base/error.h"

/* All terms of the index, end to end. */
typedef struct term_list {
    pli_buf bytes;
    size_t *ends;
    size_t count, cap;
} term_list;

uint64_t pli_verify_hash(const char *term, size_t len, uint32_t tf)
{
    return XXH3_64bits_withSeed(term, len, tf);
}

static int collect(void *payload, const char *term, size_t len)
{
    term_list *list = payload;
    if (pli_grow(&list->ends, &list->cap, list->count, sizeof *list->ends)) return 1;
    pli_buf_add(&list->bytes, term, len);
    list->ends[list->count++] = list->bytes.len;
    return list->bytes.failed;
}

/* Adds one term's postings to the sums. */
static plurum_status add_postings(pli_verify *v, uint64_t *found, const char *term, size_t len,
                                  plurum_error *error)
{
    pli_postings postings;
    plurum_status status = pli_text_reader_postings(&postings, v->snapshot->reader,
                                                    PLI_PREFIX_ALL, term, len, error);
    if (status) return status;
    uint32_t bound = v->snapshot->view->bound;
    for (size_t i = 0; i < postings.count; i++)
        if (postings.ids[i] < bound) /* others came after this moment */
            found[postings.ids[i]] += pli_verify_hash(term, len, postings.tf[i]);
    v->report.postings += postings.count;
    return PLURUM_OK;
}

static plurum_status add_all(pli_verify *v, uint64_t *found, plurum_error *error)
{
    term_list list = {PLI_BUF_INIT, NULL, 0, 0};
    plurum_status status =
        pli_text_reader_all_terms(v->snapshot->reader, "", 0, collect, &list, error);
    if (status == PLURUM_CANCELLED) status = pli_nomem(error);
    size_t start = 0;
    for (size_t i = 0; i < list.count && !status; start = list.ends[i++])
        status = add_postings(v, found, (const char *)list.bytes.bytes + start,
                              list.ends[i] - start, error);
    pli_free(list.ends);
    pli_buf_free(&list.bytes);
    return status;
}

static plurum_status compare(pli_verify *v, const uint64_t *found, uint32_t last_id,
                             plurum_error *error)
{
    const pli_view *view = v->snapshot->view;
    plurum_status status = PLURUM_OK;
    for (uint32_t id = pli_bitmap_next(&view->live, 0);
         id < view->bound && id <= last_id && !status; id = pli_bitmap_next(&view->live, id + 1))
        if (found[id] != v->expected[id])
            status = pli_verify_find(v, error, "text index: the postings of document %lu are not "
                                               "those of its content", (unsigned long)id);
    return status;
}

plurum_status pli_verify_text(pli_verify *v, plurum_error *error)
{
    enum { ATTEMPTS = 20 };
    plurum_status status = PLURUM_BUSY;
    if (v->snapshot->text_unread) return pli_verify_find(v, error, "%s", v->snapshot->why.text);
    if (!v->snapshot->reader) return PLURUM_OK;
    uint64_t *found = pli_malloc(v->snapshot->view->bound * sizeof *found);
    if (!found) return pli_nomem(error);
    plurum_error what;
    for (int i = 0; i < ATTEMPTS && status == PLURUM_BUSY; i++) {
        memset(found, 0, v->snapshot->view->bound * sizeof *found);
        v->report.postings = 0;
        if (i) status = pli_snapshot_refresh(v->snapshot, &what);
        if (!i || !status) status = add_all(v, found, &what);
    }
    uint64_t seq;
    uint32_t last_id;
    if (status == PLURUM_CORRUPT) {
        status = pli_verify_find(v, error, "%s", what.text);
    } else if (status) {
        if (error) *error = what;
    } else {
        pli_text_reader_applied(v->snapshot->reader, &seq, &last_id);
        status = compare(v, found, last_id, error);
    }
    pli_free(found);
    return status;
}
