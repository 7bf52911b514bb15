/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verification of the checkpoint. Files that no handle would use (of another generation, of a moment
 * that this snapshot has not seen or the log does not reach) are no finding: the next writer sees to
 * them. What would be used has to be whole and to lead to what the store says.
 */
#include <config.h>

#include "engine/verify/verify.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "engine/view/columns_file.h"
#include "engine/view/vectors_file.h"

/* ---- columns ---- */

static int same_text(pli_intern *a, uint32_t x, pli_intern *b, uint32_t y)
{
    size_t x_len, y_len;
    if (!x || !y) return x == y;
    const char *x_text = pli_intern_text(a, x, &x_len), *y_text = pli_intern_text(b, y, &y_len);
    return x_len == y_len && memcmp(x_text, y_text, x_len) == 0;
}

/* Numbers of two tables, each in an order of its own. */
static int same_sets(const pli_columns *a, const pli_set *x, const pli_columns *b, const pli_set *y)
{
    if (x->count != y->count) return 0;
    const uint32_t *members = x->count ? pli_set_members(a, x) : NULL;
    for (uint32_t i = 0; i < x->count; i++) {
        size_t len;
        const char *text = pli_intern_text(a->names, members[i], &len);
        if (!pli_set_has(b, y, pli_intern_find(b->names, text, len))) return 0;
    }
    return 1;
}

static int same_fixed(const pli_columns *a, const pli_columns *b, uint32_t id)
{
    const pli_fixed *x = pli_columns_fixed(a, id), *y = pli_columns_fixed(b, id);
    return x->created_at == y->created_at &&
           (x->confidence == y->confidence || (isnan(x->confidence) && isnan(y->confidence))) &&
           memcmp(x->length, y->length, sizeof x->length) == 0 &&
           same_text(a->names, x->domain, b->names, y->domain) &&
           same_sets(a, &x->tools, b, &y->tools) && same_sets(a, &x->tags, b, &y->tags);
}

static plurum_status compare(pli_verify *v, const char *path, const pli_view *fresh,
                             const pli_columns *fresh_columns, const pli_view *have,
                             const pli_columns *columns, plurum_error *error)
{
    if (!pli_verify_same_view(fresh, have, v->snapshot->index->vectors))
        return pli_verify_find(v, error, "%s: it does not agree with the store", path);
    plurum_status status = PLURUM_OK;
    for (uint32_t id = pli_bitmap_next(&fresh->live, 0); id < fresh->bound && !status;
         id = pli_bitmap_next(&fresh->live, id + 1))
        if (!same_fixed(fresh_columns, columns, id) ||
            !same_text(fresh_columns->agents, pli_view_row(fresh, id)->owner, columns->agents,
                       pli_view_row(have, id)->owner))
            status = pli_verify_find(v, error, "%s: document %lu is not as the store has it", path,
                                     (unsigned long)id);
    return status;
}

static plurum_status follow(pli_view **out, pli_verify *v, const pli_sections *file,
                            pli_columns *columns, const char *path, plurum_error *error)
{
    plurum_index *index = v->snapshot->index;
    pli_view *first;
    pli_view_source source = {.columns = columns,
                              .vectors = index->vectors, /* they are all there */
                              .trust = &index->trust,
                              .model = index->model,
                              .dim = index->fingerprint.dim,
                              .text_last_id = UINT32_MAX, /* no tail */
                              .terms = pli_stored_terms,
                              .payload = index};
    plurum_status status = pli_sections_check(file, path, error);
    if (!status)
        status = pli_columns_file_read(&first, columns, file, &index->trust,
                                       index->vectors != NULL, path, error);
    if (status) return status;
    status = pli_view_make(out, first, &source, v->snapshot->txn, error);
    if (status) pli_error_prefix(error, "columns");
    pli_view_unref(first);
    return status;
}

static int is_of_use(const pli_verify *v, const pli_sections *file)
{
    const pli_txn *txn = v->snapshot->txn;
    return file->owner == v->snapshot->index->checkpoint.owner && file->seq <= pli_txn_seq(txn) &&
           file->seq + pli_txn_count(txn, PLI_LOG) >= pli_txn_seq(txn);
}

/* What a file's check came to: a file that is missing or of another version is no finding. */
static plurum_status judge(pli_verify *v, plurum_status came_to, const plurum_error *what,
                           plurum_error *error)
{
    if (came_to == PLURUM_OK || came_to == PLURUM_NOTFOUND || came_to == PLURUM_FORMAT)
        return PLURUM_OK;
    if (came_to == PLURUM_CORRUPT) return pli_verify_find(v, error, "%s", what->text);
    if (error) *error = *what;
    return came_to;
}

static plurum_status verify_columns(pli_verify *v, const pli_view *fresh,
                                    const pli_columns *fresh_columns, const char *path,
                                    plurum_error *error)
{
    plurum_error what;
    pli_sections file;
    pli_columns columns;
    pli_view *have = NULL;
    plurum_status status = pli_sections_open(&file, &pli_columns_kind, path, &what);
    if (status || !is_of_use(v, &file)) {
        pli_sections_close(&file);
        return judge(v, status, &what, error);
    }
    status = pli_columns_init(&columns, &what);
    if (!status) status = follow(&have, v, &file, &columns, path, &what);
    if (status)
        status = judge(v, status, &what, error);
    else
        status = compare(v, path, fresh, fresh_columns, have, &columns, error);
    pli_view_unref(have);
    pli_columns_free(&columns);
    pli_sections_close(&file);
    return status;
}

/* ---- vectors ---- */

static plurum_status compare_vectors(pli_verify *v, const pli_vectors_file *have, const char *path,
                                     plurum_error *error)
{
    size_t dim = v->snapshot->index->fingerprint.dim;
    plurum_status status = PLURUM_OK;
    for (uint32_t i = 0; i < have->count && !status; i++)
        if (pli_bitmap_has(&v->snapshot->view->live, have->ids[i]) &&
            !pli_verify_is_stored(v, have->ids[i], have->rows + i * dim, dim))
            status = pli_verify_find(v, error, "%s: document %lu has another vector in the store",
                                     path, (unsigned long)have->ids[i]);
    return status;
}

static plurum_status verify_vectors(pli_verify *v, const char *path, plurum_error *error)
{
    plurum_error what;
    pli_sections file;
    pli_vectors_file have;
    const plurum_index *index = v->snapshot->index;
    plurum_status status = pli_sections_open(&file, &pli_vectors_kind, path, &what);
    int is_ours = !status && file.owner == index->checkpoint.owner;
    if (is_ours) status = pli_sections_check(&file, path, &what);
    if (is_ours && !status)
        status = pli_vectors_file_read(&have, &file, index->fingerprint.dim, path, &what);
    if (status)
        status = judge(v, status, &what, error);
    else if (is_ours)
        status = compare_vectors(v, &have, path, error);
    pli_sections_close(&file);
    return status;
}

plurum_status pli_verify_checkpoint(pli_verify *v, const pli_view *fresh, const pli_columns *columns,
                                    plurum_error *error)
{
    const plurum_index *index = v->snapshot->index;
    char *path = pli_checkpoint_columns_path(index->path);
    char *vectors = pli_checkpoint_vectors_path(index->path);
    plurum_status status =
        path && vectors ? verify_columns(v, fresh, columns, path, error) : pli_nomem(error);
    if (!status && index->vectors) status = verify_vectors(v, vectors, error);
    pli_free(path);
    pli_free(vectors);
    return status;
}
