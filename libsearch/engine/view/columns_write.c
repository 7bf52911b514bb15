/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a checkpoint of the columns. Names and agents are numbered anew: those that are used, in
 * the order of their bytes, which is how they are found again without a table.
 */
#include <config.h>

#include "engine/view/columns_layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

const pli_sections_kind pli_columns_kind = {
    "plurumck", 1, PLI_COLUMNS_SECTIONS,
    {"facts", "fixed", "members", "rows", "name offsets", "names", "agent offsets", "agents"}};

/* A text that is used, and the number that it has. */
typedef struct used_text {
    const char *text;
    size_t len;
    uint32_t number;
} used_text;

typedef struct numbering {
    pli_intern *table;
    uint32_t count;      /* of the table      */
    uint32_t *to;        /* by number: 1 while it is only known to be used, then the new number */
    used_text *texts;    /* in the new order  */
    uint32_t used;
} numbering;

typedef struct writer {
    pli_sections_maker file;
    const pli_view *view;
    const pli_columns *columns;
    numbering names, agents;
    uint32_t *members; /* of one set, numbered anew */
    size_t member_cap;
} writer;

/* ---- names ---- */

static int by_bytes(const void *a, const void *b)
{
    const used_text *x = a, *y = b;
    size_t len = x->len < y->len ? x->len : y->len;
    int order = len ? memcmp(x->text, y->text, len) : 0;
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

static plurum_status begin_numbering(numbering *n, pli_intern *table, plurum_error *error)
{
    n->table = table;
    n->count = pli_intern_count(table);
    n->to = pli_calloc((size_t)n->count + 1, sizeof *n->to);
    return n->to ? PLURUM_OK : pli_nomem(error);
}

static plurum_status number_anew(numbering *n, plurum_error *error)
{
    for (uint32_t i = 1; i <= n->count; i++) n->used += n->to[i];
    n->texts = pli_calloc((size_t)n->used + 1, sizeof *n->texts);
    if (!n->texts) return pli_nomem(error);
    for (uint32_t i = 1, at = 0; i <= n->count; i++)
        if (n->to[i]) {
            n->texts[at].text = pli_intern_text(n->table, i, &n->texts[at].len);
            n->texts[at++].number = i;
        }
    qsort(n->texts, n->used, sizeof *n->texts, by_bytes);
    for (uint32_t i = 0; i < n->used; i++) n->to[n->texts[i].number] = i + 1;
    return PLURUM_OK;
}

static void end_numbering(numbering *n)
{
    pli_free(n->to);
    pli_free(n->texts);
}

static void mark_set(writer *w, const pli_set *set)
{
    const uint32_t *members = set->count ? pli_set_members(w->columns, set) : NULL;
    for (uint32_t i = 0; i < set->count; i++) w->names.to[members[i]] = 1;
}

static plurum_status number_names(writer *w, plurum_error *error)
{
    const pli_bitmap *live = &w->view->live;
    plurum_status status = begin_numbering(&w->names, w->columns->names, error);
    if (!status) status = begin_numbering(&w->agents, w->columns->agents, error);
    if (status) return status;
    for (uint32_t id = pli_bitmap_next(live, 0); id < live->bound; id = pli_bitmap_next(live, id + 1)) {
        const pli_fixed *fixed = pli_columns_fixed(w->columns, id);
        w->names.to[fixed->domain] = 1;
        mark_set(w, &fixed->tools);
        mark_set(w, &fixed->tags);
        w->agents.to[pli_view_row(w->view, id)->owner] = 1;
    }
    w->names.to[0] = w->agents.to[0] = 0; /* none stays none */
    status = number_anew(&w->names, error);
    return status ? status : number_anew(&w->agents, error);
}

/* ---- sections ---- */

static void write_facts(writer *w)
{
    const pli_view *view = w->view;
    pli_columns_facts facts;
    memset(&facts, 0, sizeof facts);
    facts.bound = view->bound;
    facts.live = view->live.count;
    memcpy(facts.live_length, view->live_length, sizeof facts.live_length);
    facts.signal = view->signal;
    facts.background.count = view->background.count;
    memcpy(facts.background.ids, view->background.ids,
           view->background.count * sizeof *view->background.ids);
    pli_output_add(&w->file.output, &facts, sizeof facts);
    pli_sections_end(&w->file);
}

static plurum_status write_fixed(writer *w, plurum_error *error)
{
    uint64_t members = 0;
    for (uint32_t id = 0; id < w->view->bound; id++) {
        pli_fixed row;
        memset(&row, 0, sizeof row);
        if (pli_bitmap_has(&w->view->live, id)) {
            row = *pli_columns_fixed(w->columns, id);
            row.domain = w->names.to[row.domain];
            row.filled = 1;
            row.tools.first = (uint32_t)members;
            row.tags.first = (uint32_t)(members + row.tools.count);
            members += (uint64_t)row.tools.count + row.tags.count;
        }
        pli_output_add(&w->file.output, &row, sizeof row);
    }
    pli_sections_end(&w->file);
    return members < PLI_STABLE_ITEMS
               ? PLURUM_OK
               : pli_fail(error, PLURUM_LIMIT, "%llu tools and tags", (unsigned long long)members);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static plurum_status write_set(writer *w, const pli_set *set, plurum_error *error)
{
    if (!set->count) return PLURUM_OK;
    const uint32_t *members = pli_set_members(w->columns, set);
    while (w->member_cap < set->count)
        if (pli_grow(&w->members, &w->member_cap, w->member_cap, sizeof *w->members))
            return pli_nomem(error);
    for (uint32_t i = 0; i < set->count; i++) w->members[i] = w->names.to[members[i]];
    qsort(w->members, set->count, sizeof *w->members, by_number);
    pli_output_add(&w->file.output, w->members, set->count * sizeof *w->members);
    return PLURUM_OK;
}

static plurum_status write_members(writer *w, plurum_error *error)
{
    const pli_bitmap *live = &w->view->live;
    plurum_status status = PLURUM_OK;
    for (uint32_t id = pli_bitmap_next(live, 0); id < live->bound && !status;
         id = pli_bitmap_next(live, id + 1)) {
        const pli_fixed *fixed = pli_columns_fixed(w->columns, id);
        status = write_set(w, &fixed->tools, error);
        if (!status) status = write_set(w, &fixed->tags, error);
    }
    pli_sections_end(&w->file);
    return status;
}

static void write_rows(writer *w)
{
    const uint64_t end = ((uint64_t)w->view->bound + PLI_CHUNK_ROWS - 1) / PLI_CHUNK_ROWS * PLI_CHUNK_ROWS;
    for (uint64_t id = 0; id < end; id++) {
        pli_variable row;
        memset(&row, 0, sizeof row);
        if (pli_bitmap_has(&w->view->live, (uint32_t)id)) {
            row = *pli_view_row(w->view, (uint32_t)id);
            row.owner = w->agents.to[row.owner];
        }
        pli_output_add(&w->file.output, &row, sizeof row);
    }
    pli_sections_end(&w->file);
}

static void write_texts(writer *w, const numbering *n)
{
    uint64_t at = 0;
    for (uint32_t i = 0; i < n->used; at += n->texts[i++].len)
        pli_output_add(&w->file.output, &at, sizeof at);
    pli_output_add(&w->file.output, &at, sizeof at);
    pli_sections_end(&w->file);
    for (uint32_t i = 0; i < n->used; i++)
        pli_output_add(&w->file.output, n->texts[i].text, n->texts[i].len);
    pli_sections_end(&w->file);
}

static plurum_status write_all(writer *w, const char *path, uint64_t owner, plurum_error *error)
{
    write_facts(w);
    plurum_status status = write_fixed(w, error);
    if (!status) status = write_members(w, error);
    if (status) return status;
    write_rows(w);
    write_texts(w, &w->names);
    write_texts(w, &w->agents);
    return pli_sections_finish(&w->file, owner, w->view->seq, path, error);
}

plurum_status pli_columns_file_write(const char *path, const pli_view *view,
                                     const pli_columns *columns, uint64_t owner,
                                     plurum_error *error)
{
    writer w = {.view = view, .columns = columns};
    plurum_status status = number_names(&w, error);
    if (!status) {
        status = pli_sections_begin(&w.file, &pli_columns_kind, path, error);
        if (!status) status = write_all(&w, path, owner, error);
        pli_sections_free(&w.file);
    }
    end_numbering(&w.names);
    end_numbering(&w.agents);
    pli_free(w.members);
    return status;
}
