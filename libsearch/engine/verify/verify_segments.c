/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verification of the vector segments: every one that is recorded is there and whole, holds what the
 * record says, no document twice, and of every live document the vector that the store has.
 */
#include <config.h>

#include "engine/verify/verify.h"

#include <string.h>

#include "base/error.h"
#include "engine/view/segments.h"

/* Whether the writer has replaced a segment since this moment: then nothing is missing. */
static int is_replaced(pli_verify *v, uint32_t number)
{
    pli_txn *txn;
    pli_segments_record record;
    if (pli_txn_read(&txn, v->snapshot->index->store, NULL)) return 0;
    pli_segments_read(&record, txn);
    pli_txn_end(txn);
    for (uint32_t i = 0; i < record.count; i++)
        if (record.lines[i].number == number) return 0;
    return 1;
}

int pli_verify_is_stored(pli_verify *v, uint32_t id, const float *vector, size_t dim)
{
    unsigned char key[8];
    pli_slice value;
    pli_store_be32(key, v->snapshot->index->model);
    pli_store_be32(key + 4, id);
    return pli_get(&value, v->snapshot->txn, PLI_VECTORS, key, sizeof key, NULL) ||
           (value.len == 4 * dim && memcmp(value.bytes, vector, value.len) == 0);
}

static plurum_status verify_contents(pli_verify *v, const char *path, const pli_segment *segment,
                                     pli_bitmap *held, plurum_error *error)
{
    const pli_view *view = v->snapshot->view;
    size_t dim = segment->facts.dim;
    plurum_status status = PLURUM_OK;
    for (uint32_t i = 0, node = 0; i < segment->facts.count && !status; i++) {
        uint32_t id = segment->ids[i];
        node += i == segment->starts[node + 1];
        if (!pli_bitmap_has(&view->live, id)) continue;
        if (pli_bitmap_has(held, id))
            status = pli_verify_find(v, error, "%s: document %lu is in another segment too", path,
                                     (unsigned long)id);
        else if (!pli_verify_is_stored(v, id, segment->vectors + node * dim, dim))
            status = pli_verify_find(v, error, "%s: document %lu has another vector in the store",
                                     path, (unsigned long)id);
        pli_bitmap_add(held, id);
    }
    return status;
}

static plurum_status verify_one(pli_verify *v, const pli_segment_line *line, pli_bitmap *held,
                                plurum_error *error)
{
    plurum_index *index = v->snapshot->index;
    plurum_error what;
    pli_segment *segment = NULL;
    char *path = pli_segments_path(&index->segments, line->number, 1);
    if (!path) return pli_nomem(error);
    plurum_status status = pli_segment_open(&segment, path, index->fingerprint.dim,
                                            index->segments.owner, &what);
    if (!status && segment->facts.checksum == line->checksum)
        status = verify_contents(v, path, segment, held, error);
    else if (!status)
        status = pli_verify_find(v, error, "%s: not the segment that the store names", path);
    else if (status == PLURUM_NOTFOUND && is_replaced(v, line->number))
        status = PLURUM_OK;
    else if (status == PLURUM_NOTFOUND || status == PLURUM_CORRUPT || status == PLURUM_FORMAT)
        status = pli_verify_find(v, error, "%s", what.text);
    else if (error)
        *error = what;
    pli_segment_close(segment);
    pli_free(path);
    return status;
}

plurum_status pli_verify_segments(pli_verify *v, plurum_error *error)
{
    pli_bitmap held;
    pli_segments_record record;
    if (!v->snapshot->index->vectors) return PLURUM_OK;
    pli_segments_read(&record, v->snapshot->txn);
    if (pli_bitmap_init(&held, v->snapshot->view->bound)) return pli_nomem(error);
    plurum_status status = PLURUM_OK;
    for (uint32_t i = 0; i < record.count && !status; i++)
        status = verify_one(v, &record.lines[i], &held, error);
    pli_bitmap_free(&held);
    return status;
}
