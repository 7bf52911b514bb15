/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a checkpoint of the columns: every number of every row is compared with what it counts or
 * points into, and the sets of the view are made of the rows, so that the two cannot disagree.
 */
#include <config.h>

#include "engine/view/columns_layout.h"

#include <string.h>

#include "base/error.h"

typedef struct reader {
    const pli_sections *file;
    const char *path;
    const pli_columns_facts *facts;
    const pli_fixed *fixed;
    const uint32_t *members;
    const pli_variable *rows;
    uint32_t member_count;
    pli_intern_base names, agents;
    const plurum_trust_config *trust;
    pli_view *view;
} reader;

static plurum_status damaged(const reader *r, int section, uint64_t at, plurum_error *error)
{
    return pli_fail(error, PLURUM_CORRUPT, "%s: %s: damaged at %llu", r->path,
                    pli_columns_kind.names[section], (unsigned long long)at);
}

static plurum_status check_sizes(reader *r, plurum_error *error)
{
    const uint64_t *bytes = r->file->bytes;
    if (bytes[PLI_COLUMNS_FACTS] != sizeof *r->facts)
        return damaged(r, PLI_COLUMNS_FACTS, 0, error);
    r->facts = (const void *)r->file->at[PLI_COLUMNS_FACTS];
    uint64_t bound = r->facts->bound, chunks = (bound + PLI_CHUNK_ROWS - 1) / PLI_CHUNK_ROWS;
    if (bound == 0 || bound > PLI_STABLE_ITEMS || r->facts->background.count > PLI_BACKGROUND_MAX)
        return damaged(r, PLI_COLUMNS_FACTS, 0, error);
    if (bytes[PLI_COLUMNS_FIXED] != bound * sizeof *r->fixed)
        return damaged(r, PLI_COLUMNS_FIXED, 0, error);
    if (bytes[PLI_COLUMNS_ROWS] != chunks * PLI_CHUNK_ROWS * sizeof *r->rows)
        return damaged(r, PLI_COLUMNS_ROWS, 0, error);
    if (bytes[PLI_COLUMNS_MEMBERS] % sizeof *r->members ||
        bytes[PLI_COLUMNS_MEMBERS] / sizeof *r->members >= PLI_STABLE_ITEMS)
        return damaged(r, PLI_COLUMNS_MEMBERS, 0, error);
    r->member_count = (uint32_t)(bytes[PLI_COLUMNS_MEMBERS] / sizeof *r->members);
    r->fixed = (const void *)r->file->at[PLI_COLUMNS_FIXED];
    r->members = (const void *)r->file->at[PLI_COLUMNS_MEMBERS];
    r->rows = (const void *)r->file->at[PLI_COLUMNS_ROWS];
    return PLURUM_OK;
}

/* Texts that ascend, end to end. */
static plurum_status check_texts(pli_intern_base *out, const reader *r, int section,
                                 plurum_error *error)
{
    uint64_t size = r->file->bytes[section], total = r->file->bytes[section + 1];
    if (size < sizeof(uint64_t) || size % sizeof(uint64_t) ||
        size / sizeof(uint64_t) - 1 >= PLI_STABLE_ITEMS)
        return damaged(r, section, 0, error);
    *out = (pli_intern_base){(const void *)r->file->at[section],
                             (const char *)r->file->at[section + 1],
                             (uint32_t)(size / sizeof(uint64_t) - 1)};
    const uint64_t *offsets = out->offsets;
    if (offsets[0] != 0 || offsets[out->count] != total) return damaged(r, section, 0, error);
    for (uint32_t i = 0; i < out->count; i++)
        if (offsets[i] > offsets[i + 1] || offsets[i + 1] > total) return damaged(r, section, i, error);
    for (uint32_t i = 1; i < out->count; i++) {
        size_t before = (size_t)(offsets[i] - offsets[i - 1]);
        size_t len = (size_t)(offsets[i + 1] - offsets[i]), common = before < len ? before : len;
        int order = common ? memcmp(out->bytes + offsets[i - 1], out->bytes + offsets[i], common) : 0;
        if (order > 0 || (order == 0 && before >= len)) return damaged(r, section + 1, i, error);
    }
    return PLURUM_OK;
}

static int is_good_set(const reader *r, const pli_set *set)
{
    if (set->count > r->member_count || set->first > r->member_count - set->count) return 0;
    const uint32_t *members = r->members + set->first;
    for (uint32_t i = 0; i < set->count; i++)
        if (members[i] < 1 || members[i] > r->names.count || (i && members[i] < members[i - 1]))
            return 0;
    return 1;
}

static plurum_status take_row(reader *r, uint32_t id, plurum_error *error)
{
    const pli_fixed *fixed = r->fixed + id;
    const pli_variable *row = r->rows + id;
    if (!row->live) return fixed->filled ? damaged(r, PLI_COLUMNS_FIXED, id, error) : PLURUM_OK;
    if (id == 0 || row->live != 1 || row->lifecycle > PLURUM_ARCHIVED ||
        row->visibility > PLURUM_PRIVATE || row->vector > 1 || row->owner > r->agents.count)
        return damaged(r, PLI_COLUMNS_ROWS, id, error);
    if (fixed->filled != 1 || fixed->domain > r->names.count || !is_good_set(r, &fixed->tools) ||
        !is_good_set(r, &fixed->tags))
        return damaged(r, PLI_COLUMNS_FIXED, id, error);
    pli_view_mark(r->view, id, row, r->trust);
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++)
        r->view->live_length[f] += fixed->length[f];
    return PLURUM_OK;
}

static plurum_status take_rows(reader *r, plurum_error *error)
{
    uint32_t bound = r->facts->bound;
    uint64_t end = r->file->bytes[PLI_COLUMNS_ROWS] / sizeof *r->rows;
    plurum_status status = PLURUM_OK;
    for (uint32_t id = 0; id < bound && !status; id++) status = take_row(r, id, error);
    for (uint64_t id = bound; id < end && !status; id++)
        if (r->rows[id].live) status = damaged(r, PLI_COLUMNS_ROWS, id, error);
    return status;
}

/* The sums that follow from the rows, and those that would take long to make. */
static plurum_status take_facts(reader *r, int with_vectors, plurum_error *error)
{
    const pli_columns_facts *facts = r->facts;
    const pli_background *sample = &facts->background;
    pli_view *view = r->view;
    if (view->live.count != facts->live ||
        memcmp(view->live_length, facts->live_length, sizeof view->live_length) != 0 ||
        (sample->count && !with_vectors))
        return damaged(r, PLI_COLUMNS_FACTS, 0, error);
    for (uint32_t i = 0; i < sample->count; i++) {
        uint32_t id = sample->ids[i];
        if (!pli_bitmap_has(&view->live, id) || !r->rows[id].vector)
            return damaged(r, PLI_COLUMNS_FACTS, i, error);
        pli_background_add(&view->background, id);
        if (view->background.count != i + 1 || view->background.ids[i] != id)
            return damaged(r, PLI_COLUMNS_FACTS, i, error);
    }
    view->signal = facts->signal;
    view->seq = r->file->seq;
    return PLURUM_OK;
}

plurum_status pli_columns_file_read(pli_view **out, pli_columns *columns, const pli_sections *file,
                                    const plurum_trust_config *trust, int with_vectors,
                                    const char *path, plurum_error *error)
{
    reader r = {.file = file, .path = path, .trust = trust};
    *out = NULL;
    plurum_status status = check_sizes(&r, error);
    if (!status) status = check_texts(&r.names, &r, PLI_COLUMNS_NAME_OFFSETS, error);
    if (!status) status = check_texts(&r.agents, &r, PLI_COLUMNS_AGENT_OFFSETS, error);
    if (!status && !(r.view = pli_view_of_rows(r.rows, r.facts->bound))) status = pli_nomem(error);
    if (!status) status = take_rows(&r, error);
    if (!status) status = take_facts(&r, with_vectors, error);
    if (status) {
        pli_view_unref(r.view);
        return status;
    }
    columns->base = (pli_columns_base){r.fixed, r.members, r.facts->bound, r.member_count};
    columns->member_count = r.member_count;
    pli_intern_begin(columns->names, &r.names);
    pli_intern_begin(columns->agents, &r.agents);
    *out = r.view;
    return PLURUM_OK;
}
