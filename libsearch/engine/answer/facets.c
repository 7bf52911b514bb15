/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counting facets, from the names in the candidates' headers: folded, so that two spellings are one.
 */
#include <config.h>

#include "engine/answer/facets.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"

/* Counting: all names one after the other, each with its NUL, then sorted and counted. */
typedef struct gathered {
    pli_buf bytes;
    size_t count;
} gathered;

static void gather(gathered *g, pli_slice name)
{
    if (!name.len) return;
    pli_buf_add(&g->bytes, name.bytes, name.len);
    pli_buf_u8(&g->bytes, 0);
    g->count++;
}

/* Names that are each followed by a NUL. */
static void gather_all(gathered *g, pli_slice names)
{
    const unsigned char *at = names.bytes, *end = at + names.len;
    while (at < end) {
        const unsigned char *nul = memchr(at, 0, (size_t)(end - at));
        if (!nul) nul = end;
        gather(g, (pli_slice){.bytes = at, .len = (size_t)(nul - at)});
        at = nul + 1;
    }
}

static int by_name(const void *a, const void *b)
{
    const plurum_facet *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static int most_first(const void *a, const void *b)
{
    const plurum_facet *x = a, *y = b;
    if (x->count != y->count) return x->count > y->count ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* The kind's values from what was gathered, whose memory they keep. */
static plurum_status settle(pli_facets *out, int kind, gathered *g, size_t most,
                            plurum_error *error)
{
    size_t all = g->count, kept = 0;
    plurum_facet *values = pli_calloc(all, sizeof *values);
    pli_buf_u8(&g->bytes, 0);
    char *names = pli_buf_take_text(&g->bytes);
    out->values[kind] = values;
    out->names[kind] = names;
    if (!values || !names) return pli_nomem(error);
    for (size_t i = 0; i < all; i++) {
        values[i] = (plurum_facet){.name = names, .count = 1};
        names += strlen(names) + 1;
    }
    if (all > 1) qsort(values, all, sizeof *values, by_name);
    for (size_t i = 0; i < all; i++)
        if (kept && strcmp(values[kept - 1].name, values[i].name) == 0)
            values[kept - 1].count++;
        else
            values[kept++] = values[i];
    if (kept > 1) qsort(values, kept, sizeof *values, most_first);
    out->count[kind] = kept < most ? kept : most;
    return PLURUM_OK;
}

plurum_status pli_facets_count(pli_facets *out, const pli_search *s, plurum_error *error)
{
    gathered g[PLURUM_FACET_COUNT] = {{PLI_BUF_INIT, 0}, {PLI_BUF_INIT, 0}, {PLI_BUF_INIT, 0}};
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; i < s->count && !status; i++) {
        pli_doc_row row;
        status = pli_doc_get(&row, s->snapshot->txn, s->candidates[i].id, error);
        if (status) break;
        gather(&g[PLURUM_FACET_DOMAIN], row.domain);
        gather_all(&g[PLURUM_FACET_TOOL], row.tools);
        gather_all(&g[PLURUM_FACET_TAG], row.tags);
    }
    for (int kind = 0; kind < PLURUM_FACET_COUNT; kind++) {
        if (!status) status = settle(out, kind, &g[kind], s->query.facets, error);
        pli_buf_free(&g[kind].bytes);
    }
    return status;
}

void pli_facets_free(pli_facets *facets)
{
    for (int kind = 0; kind < PLURUM_FACET_COUNT; kind++) {
        pli_free(facets->values[kind]);
        pli_free(facets->names[kind]);
    }
}

static json_t *values_json(const plurum_facet *values, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:I}", "value", values[i].name, "count",
                                              (json_int_t)values[i].count));
    return list;
}

json_t *pli_facets_json(const pli_facets *f)
{
    return json_pack("{s:o, s:o, s:o}", "domain",
                     values_json(f->values[PLURUM_FACET_DOMAIN], f->count[PLURUM_FACET_DOMAIN]),
                     "tool", values_json(f->values[PLURUM_FACET_TOOL], f->count[PLURUM_FACET_TOOL]),
                     "tag", values_json(f->values[PLURUM_FACET_TAG], f->count[PLURUM_FACET_TAG]));
}
