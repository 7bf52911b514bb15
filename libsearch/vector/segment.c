/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening a segment: its header, its checksums, and then everything that a search relies on without
 * looking again, so that no file, however it came about, leads a search out of the mapping.
 */
#include <config.h>

#include "vector/segment_layout.h"

#include <string.h>

#include <xxhash.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/mapped.h"

static const char *const SECTION_NAMES[PLI_SECTION_COUNT] = {
    "ids", "starts", "levels", "offsets", "neighbours", "vectors"};

/* ---- the header ---- */

static uint64_t checksum_of(const unsigned char *header)
{
    return XXH3_64bits(header, PLI_SEGMENT_HEADER - 8);
}

void pli_segment_header_write(unsigned char out[PLI_SEGMENT_HEADER], const pli_segment_facts *f,
                              const uint64_t checksums[PLI_SECTION_COUNT])
{
    const uint32_t small[] = {PLI_SEGMENT_VERSION, f->dim,     f->count, f->nodes,    f->m,
                              f->first_id,         f->last_id, f->entry, f->max_level};
    const uint64_t large[] = {f->seq, f->owner, f->neighbours};
    unsigned char *at = out;
    memset(out, 0, PLI_SEGMENT_HEADER);
    memcpy(at, PLI_SEGMENT_MAGIC, 8);
    at += 8;
    for (size_t i = 0; i < sizeof small / sizeof *small; i++, at += 4) pli_store_u32(at, small[i]);
    for (size_t i = 0; i < sizeof large / sizeof *large; i++, at += 8) pli_store_u64(at, large[i]);
    for (int i = 0; i < PLI_SECTION_COUNT; i++, at += 8) pli_store_u64(at, checksums[i]);
    pli_store_u64(out + PLI_SEGMENT_HEADER - 8, checksum_of(out));
}

plurum_status pli_segment_header_read(pli_segment_facts *f, uint64_t checksums[PLI_SECTION_COUNT],
                                      const unsigned char bytes[PLI_SEGMENT_HEADER],
                                      const char *path, plurum_error *error)
{
    pli_reader r = pli_reader_of(bytes + 8, PLI_SEGMENT_HEADER - 8);
    if (memcmp(bytes, PLI_SEGMENT_MAGIC, 8) != 0)
        return pli_fail(error, PLURUM_CORRUPT, "%s: no segment, or an unfinished one", path);
    uint32_t version = pli_read_u32(&r);
    if (version != PLI_SEGMENT_VERSION)
        return pli_fail(error, PLURUM_FORMAT, "%s: a segment of version %lu, this one reads %d",
                        path, (unsigned long)version, PLI_SEGMENT_VERSION);
    f->checksum = pli_load_u64(bytes + PLI_SEGMENT_HEADER - 8);
    if (f->checksum != checksum_of(bytes))
        return pli_fail(error, PLURUM_CORRUPT, "%s: the header is damaged", path);
    f->dim = pli_read_u32(&r);
    f->count = pli_read_u32(&r);
    f->nodes = pli_read_u32(&r);
    f->m = pli_read_u32(&r);
    f->first_id = pli_read_u32(&r);
    f->last_id = pli_read_u32(&r);
    f->entry = pli_read_u32(&r);
    f->max_level = pli_read_u32(&r);
    f->seq = pli_read_u64(&r);
    f->owner = pli_read_u64(&r);
    f->neighbours = pli_read_u64(&r);
    for (int i = 0; i < PLI_SECTION_COUNT; i++) checksums[i] = pli_read_u64(&r);
    return PLURUM_OK;
}

/* ---- what is checked ---- */

static plurum_status damaged(const char *path, pli_section section, uint64_t at,
                             plurum_error *error)
{
    return pli_fail(error, PLURUM_CORRUPT, "%s: %s: damaged at %llu", path, SECTION_NAMES[section],
                    (unsigned long long)at);
}

static plurum_status check_ids(const pli_segment *s, const char *path, plurum_error *error)
{
    const pli_segment_facts *f = &s->facts;
    for (uint32_t n = 0; n < f->nodes; n++) /* as many as nodes, so each has one at least */
        if (s->starts[n + 1] <= s->starts[n] || s->starts[n + 1] > f->count)
            return damaged(path, PLI_SECTION_STARTS, n, error);
    if (s->starts[0] != 0 || s->starts[f->nodes] != f->count)
        return damaged(path, PLI_SECTION_STARTS, 0, error);
    for (uint32_t i = 0; i < f->count; i++)
        if (s->ids[i] < f->first_id || s->ids[i] > f->last_id)
            return damaged(path, PLI_SECTION_IDS, i, error);
    return PLURUM_OK;
}

static plurum_status check_places(const pli_segment *s, const char *path, plurum_error *error)
{
    const pli_segment_facts *f = &s->facts;
    uint64_t at = 0;
    for (uint32_t i = 0; i < f->nodes; i++) {
        if (s->levels[i] < 1 || s->levels[i] > (int32_t)f->max_level + 1)
            return damaged(path, PLI_SECTION_LEVELS, i, error);
        if (s->offsets[i] != at) return damaged(path, PLI_SECTION_OFFSETS, i, error);
        at += ((uint64_t)s->levels[i] + 1) * f->m;
    }
    if (s->offsets[f->nodes] != at || at != f->neighbours)
        return damaged(path, PLI_SECTION_OFFSETS, f->nodes, error);
    return s->levels[f->entry] == (int32_t)f->max_level + 1
               ? PLURUM_OK
               : damaged(path, PLI_SECTION_LEVELS, f->entry, error);
}

/* Every neighbour is a node that reaches the floor on which it is one. */
static plurum_status check_neighbours(const pli_segment *s, const char *path, plurum_error *error)
{
    const pli_segment_facts *f = &s->facts;
    for (uint32_t i = 0; i < f->nodes; i++) {
        uint64_t places = s->offsets[i + 1] - s->offsets[i];
        const int32_t *list = s->neighbours + s->offsets[i];
        for (uint64_t j = 0; j < places; j++) {
            if (list[j] == -1) continue;
            int32_t floor = j < 2 * (uint64_t)f->m ? 0 : (int32_t)(j / f->m) - 1;
            if (list[j] < 0 || (uint32_t)list[j] >= f->nodes || s->levels[list[j]] <= floor)
                return damaged(path, PLI_SECTION_NEIGHBOURS, s->offsets[i] + j, error);
        }
    }
    return PLURUM_OK;
}

static plurum_status check_facts(const pli_segment *s, const char *path, uint32_t dim,
                                 uint64_t owner, plurum_error *error)
{
    const pli_segment_facts *f = &s->facts;
    if (f->owner != owner || f->dim != dim)
        return pli_fail(error, PLURUM_FORMAT, "%s: of another store or model", path);
    if (f->nodes == 0 || f->nodes > f->count || f->m == 0 || f->m > 1024 || f->max_level > 64 ||
        f->entry >= f->nodes || f->neighbours > (uint64_t)f->nodes * 66 * f->m ||
        f->last_id == UINT32_MAX ||
        pli_segment_lay_out(f).size != s->map_size)
        return pli_fail(error, PLURUM_CORRUPT, "%s: it has %zu bytes, and a header of other numbers",
                        path, s->map_size);
    return PLURUM_OK;
}

static plurum_status check_sections(pli_segment *s, const uint64_t checksums[PLI_SECTION_COUNT],
                                    const char *path, plurum_error *error)
{
    pli_segment_layout layout = pli_segment_lay_out(&s->facts);
    const unsigned char *map = s->map;
    for (int i = 0; i < PLI_SECTION_COUNT; i++)
        if (XXH3_64bits(map + layout.start[i], (size_t)layout.bytes[i]) != checksums[i])
            return pli_fail(error, PLURUM_CORRUPT, "%s: %s: the section is damaged", path,
                            SECTION_NAMES[i]);
    s->ids = (const void *)(map + layout.start[PLI_SECTION_IDS]);
    s->starts = (const void *)(map + layout.start[PLI_SECTION_STARTS]);
    s->levels = (const void *)(map + layout.start[PLI_SECTION_LEVELS]);
    s->offsets = (const void *)(map + layout.start[PLI_SECTION_OFFSETS]);
    s->neighbours = (const void *)(map + layout.start[PLI_SECTION_NEIGHBOURS]);
    s->vectors = (const void *)(map + layout.start[PLI_SECTION_VECTORS]);
    plurum_status status = check_ids(s, path, error);
    if (!status) status = check_places(s, path, error);
    if (!status) status = check_neighbours(s, path, error);
    return status;
}

/* The ids as a set: none of them twice, the lowest and the highest among them. */
static plurum_status make_members(pli_segment *s, const char *path, plurum_error *error)
{
    const pli_segment_facts *f = &s->facts;
    if (pli_bitmap_init(&s->members, f->last_id + 1)) return pli_nomem(error);
    for (uint32_t i = 0; i < f->count; i++) pli_bitmap_add(&s->members, s->ids[i]);
    return s->members.count == f->count && pli_bitmap_has(&s->members, f->first_id) &&
                   pli_bitmap_has(&s->members, f->last_id)
               ? PLURUM_OK
               : damaged(path, PLI_SECTION_IDS, 0, error);
}

/* ---- opening ---- */

plurum_status pli_segment_open(pli_segment **out, const char *path, uint32_t dim, uint64_t owner,
                               plurum_error *error)
{
    uint64_t checksums[PLI_SECTION_COUNT];
    *out = NULL;
    pli_segment *s = pli_calloc(1, sizeof *s);
    if (!s) return pli_nomem(error);
    plurum_status status = pli_map_file(&s->map, &s->map_size, path, PLI_SEGMENT_HEADER, error);
    if (!status) status = pli_segment_header_read(&s->facts, checksums, s->map, path, error);
    if (!status) status = check_facts(s, path, dim, owner, error);
    if (!status) status = check_sections(s, checksums, path, error);
    if (!status) status = make_members(s, path, error);
    if (status) {
        pli_segment_close(s);
        return status;
    }
    *out = s;
    return PLURUM_OK;
}

void pli_segment_close(pli_segment *segment)
{
    if (!segment) return;
    pli_unmap(segment->map, segment->map_size);
    pli_bitmap_free(&segment->members);
    pli_free(segment);
}

uint32_t pli_segment_overlap(const pli_segment *segment, const pli_bitmap *set)
{
    uint32_t bound = segment->members.bound < set->bound ? segment->members.bound : set->bound;
    uint32_t count = 0;
    if (bound == 0) return 0;
    for (size_t word = segment->facts.first_id / 64; word <= (bound - 1) / 64; word++)
        count += (uint32_t)__builtin_popcountll(segment->members.words[word] & set->words[word]);
    return count;
}
