/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a checkpoint of the columns, or as a file of vectors: refused with a text, or something
 * of which everything lies within the bytes. The header is sealed first and checksums of sections are
 * not looked at, as whoever makes such a file could make them too.
 */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "base/buf.h"
#include "engine/view/columns_file.h"
#include "engine/view/vectors_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint64_t sum; /* of all that is read, so that it is */

static void read_set(const pli_columns *columns, const pli_set *set)
{
    const uint32_t *members = set->count ? pli_set_members(columns, set) : NULL;
    for (uint32_t i = 0; i < set->count; i++) {
        size_t len;
        const char *text = pli_intern_text(columns->names, members[i], &len);
        if (pli_intern_find(columns->names, text, len) != members[i]) abort();
        if (!pli_set_has(columns, set, members[i])) abort();
    }
}

static void read_view(const pli_view *view, const pli_columns *columns)
{
    for (uint32_t id = pli_bitmap_next(&view->live, 0); id < view->bound;
         id = pli_bitmap_next(&view->live, id + 1)) {
        const pli_fixed *fixed = pli_columns_fixed(columns, id);
        const pli_variable *row = pli_view_row(view, id);
        size_t len = 0;
        read_set(columns, &fixed->tools);
        read_set(columns, &fixed->tags);
        if (fixed->domain) pli_intern_text(columns->names, fixed->domain, &len);
        if (row->owner) pli_intern_text(columns->agents, row->owner, &len);
        sum += len;
    }
    for (uint32_t i = 0; i < view->background.count; i++)
        if (!pli_bitmap_has(&view->live, view->background.ids[i])) abort();
}

static void try_columns(const pli_sections *file)
{
    pli_columns columns;
    plurum_trust_config trust;
    plurum_error error = {0};
    pli_view *view;
    plurum_trust_config_init(&trust);
    if (pli_columns_init(&columns, &error)) abort();
    if (pli_columns_file_read(&view, &columns, file, &trust, 1, "fuzz", &error)) {
        if (!error.text[0] || view) abort();
    } else {
        read_view(view, &columns);
    }
    pli_view_unref(view);
    pli_columns_free(&columns);
}

static void try_vectors(const pli_sections *file)
{
    enum { DIM = 4 };
    pli_vectors_file have;
    plurum_error error = {0};
    if (pli_vectors_file_read(&have, file, DIM, "fuzz", &error)) {
        if (!error.text[0]) abort();
        return;
    }
    for (uint32_t i = 0; i < have.count; i++) sum += have.ids[i] + (have.rows[i * DIM] > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pli_sections file;
    plurum_error error = {0};
    if (size < PLI_SECTIONS_HEADER) return 0;
    unsigned char *bytes = aligned_alloc(PLI_OUTPUT_ALIGN, (size + 63) / 64 * 64);
    if (!bytes) abort();
    memcpy(bytes, data, size);
    pli_store_u64(bytes + PLI_SECTIONS_HEADER - 8, XXH3_64bits(bytes, PLI_SECTIONS_HEADER - 8));
    if (!pli_sections_parse(&file, &pli_columns_kind, bytes, size, "fuzz", &error)) try_columns(&file);
    if (!pli_sections_parse(&file, &pli_vectors_kind, bytes, size, "fuzz", &error)) try_vectors(&file);
    free(bytes);
    return 0;
}
