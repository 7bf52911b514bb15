/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding equal vectors: by their hashes, sorted, and then by their bytes. Two vectors that differ
 * and share a hash may hide a third from its twin, which then is a group of its own: no harm.
 */
#include <config.h>

#include "vector/distinct.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "base/alloc.h"
#include "base/error.h"

typedef struct hashed {
    uint64_t hash;
    uint32_t at; /* in the source's ids */
} hashed;

static int by_hash(const void *a, const void *b)
{
    const hashed *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static const float *vector_at(const pli_segment_source *s, uint32_t at)
{
    return s->vector(s->payload, s->ids[at]);
}

/* first[i]: the first document that has the vector of the i-th. */
static plurum_status find_first(uint32_t *first, const pli_segment_source *s, plurum_error *error)
{
    size_t size = s->dim * sizeof(float);
    hashed *all = pli_reallocarray(NULL, s->count, sizeof *all);
    if (!all) return pli_nomem(error);
    for (uint32_t i = 0; i < s->count; i++)
        all[i] = (hashed){XXH3_64bits(vector_at(s, i), size), i};
    qsort(all, s->count, sizeof *all, by_hash);
    for (uint32_t i = 0, begin = 0; i < s->count; i++) {
        if (all[i].hash != all[begin].hash ||
            memcmp(vector_at(s, all[i].at), vector_at(s, all[begin].at), size) != 0)
            begin = i;
        first[all[i].at] = all[begin].at;
    }
    pli_free(all);
    return PLURUM_OK;
}

/* In three passes: numbers for groups, their sizes, and their documents. */
static plurum_status gather(pli_groups *out, const pli_segment_source *s, uint32_t *first,
                            plurum_error *error)
{
    uint32_t *group = first; /* the first of a group comes before the others, and is numbered then */
    for (uint32_t i = 0; i < s->count; i++) group[i] = first[i] == i ? out->count++ : group[first[i]];
    out->ids = pli_reallocarray(NULL, s->count, sizeof *out->ids);
    out->starts = pli_calloc((size_t)out->count + 1, sizeof *out->starts);
    if (!out->ids || !out->starts) return pli_nomem(error);
    for (uint32_t i = 0; i < s->count; i++) out->starts[group[i] + 1]++;
    for (uint32_t g = 0; g < out->count; g++) out->starts[g + 1] += out->starts[g];
    for (uint32_t i = 0; i < s->count; i++) out->ids[out->starts[group[i]]++] = s->ids[i];
    memmove(out->starts + 1, out->starts, out->count * sizeof *out->starts); /* each is at its end */
    out->starts[0] = 0;
    return PLURUM_OK;
}

plurum_status pli_groups_make(pli_groups *out, const pli_segment_source *source,
                              plurum_error *error)
{
    memset(out, 0, sizeof *out);
    uint32_t *first = pli_reallocarray(NULL, source->count, sizeof *first);
    plurum_status status = first ? find_first(first, source, error) : pli_nomem(error);
    if (!status) status = gather(out, source, first, error);
    pli_free(first);
    return status;
}

void pli_groups_free(pli_groups *groups)
{
    pli_free(groups->ids);
    pli_free(groups->starts);
}
