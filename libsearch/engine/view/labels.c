/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pointers to the NUL-terminated names of a header.
 */
#include <config.h>

#include "engine/view/labels.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

static size_t count_names(pli_slice names)
{
    size_t count = 0;
    for (size_t i = 0; i < names.len; i++) count += names.bytes[i] == '\0';
    return count;
}

static const char **point(const char **next, pli_slice names)
{
    for (size_t i = 0; i < names.len; i += strlen((const char *)names.bytes + i) + 1)
        *next++ = (const char *)names.bytes + i;
    return next;
}

plurum_status pli_row_labels_of(pli_row_labels *out, const pli_doc_row *row, plurum_error *error)
{
    size_t tools = count_names(row->tools), tags = count_names(row->tags);
    memset(out, 0, sizeof *out);
    out->names = pli_malloc((tools + tags) * sizeof *out->names);
    if (row->domain.len)
        out->domain = pli_strndup((const char *)row->domain.bytes, row->domain.len);
    if (!out->names || (row->domain.len && !out->domain)) return pli_nomem(error);
    point(point(out->names, row->tools), row->tags);
    out->labels = (pli_labels){out->domain, out->names, tools, out->names + tools, tags};
    return PLURUM_OK;
}

void pli_row_labels_free(pli_row_labels *labels)
{
    pli_free(labels->names);
    pli_free(labels->domain);
}
