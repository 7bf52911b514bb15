/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frame of a derived file: header, sections end to end, checksums of all.
 */
#include <config.h>

#include "engine/view/sections.h"

#include <string.h>

#include <xxhash.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mapped.h"

static uint64_t checksum_of(const unsigned char *header)
{
    return XXH3_64bits(header, PLI_SECTIONS_HEADER - 8);
}

/* Where the sections lie follows from their sizes; they fill the file. */
static plurum_status lay_out(pli_sections *s, const unsigned char *bytes, size_t size,
                             const char *path, plurum_error *error)
{
    uint64_t at = PLI_SECTIONS_HEADER;
    for (uint32_t i = 0; i < s->kind->count; i++) {
        if (at > size || s->bytes[i] > size - at)
            return pli_fail(error, PLURUM_CORRUPT, "%s: %s: the file is too short", path,
                            s->kind->names[i]);
        s->at[i] = bytes + at;
        at += (s->bytes[i] + PLI_OUTPUT_ALIGN - 1) / PLI_OUTPUT_ALIGN * PLI_OUTPUT_ALIGN;
    }
    return at == size ? PLURUM_OK
                      : pli_fail(error, PLURUM_CORRUPT, "%s: %zu bytes, not %llu", path, size,
                                 (unsigned long long)at);
}

plurum_status pli_sections_parse(pli_sections *s, const pli_sections_kind *kind, const void *bytes,
                                 size_t size, const char *path, plurum_error *error)
{
    const unsigned char *header = bytes;
    s->kind = kind;
    if (size < PLI_SECTIONS_HEADER || memcmp(header, kind->magic, 8) != 0)
        return pli_fail(error, PLURUM_CORRUPT, "%s: no such file, or an unfinished one", path);
    pli_reader r = pli_reader_of(header + 8, PLI_SECTIONS_HEADER - 8);
    uint32_t version = pli_read_u32(&r), count = pli_read_u32(&r);
    if (version != kind->version)
        return pli_fail(error, PLURUM_FORMAT, "%s: of version %lu, this one reads %lu", path,
                        (unsigned long)version, (unsigned long)kind->version);
    if (pli_load_u64(header + PLI_SECTIONS_HEADER - 8) != checksum_of(header) ||
        count != kind->count)
        return pli_fail(error, PLURUM_CORRUPT, "%s: the header is damaged", path);
    s->owner = pli_read_u64(&r);
    s->seq = pli_read_u64(&r);
    for (uint32_t i = 0; i < count; i++) {
        s->bytes[i] = pli_read_u64(&r);
        s->checksums[i] = pli_read_u64(&r);
    }
    return lay_out(s, bytes, size, path, error);
}

plurum_status pli_sections_check(const pli_sections *s, const char *path, plurum_error *error)
{
    for (uint32_t i = 0; i < s->kind->count; i++)
        if (XXH3_64bits(s->at[i], (size_t)s->bytes[i]) != s->checksums[i])
            return pli_fail(error, PLURUM_CORRUPT, "%s: %s: the section is damaged", path,
                            s->kind->names[i]);
    return PLURUM_OK;
}

plurum_status pli_sections_open(pli_sections *out, const pli_sections_kind *kind, const char *path,
                                plurum_error *error)
{
    memset(out, 0, sizeof *out);
    plurum_status status =
        pli_map_file(&out->map, &out->map_size, path, PLI_SECTIONS_HEADER, error);
    if (!status) status = pli_sections_parse(out, kind, out->map, out->map_size, path, error);
    if (status) pli_sections_close(out);
    return status;
}

void pli_sections_close(pli_sections *s)
{
    pli_unmap(s->map, s->map_size);
    memset(s, 0, sizeof *s);
}

plurum_status pli_sections_begin(pli_sections_maker *m, const pli_sections_kind *kind,
                                 const char *path, plurum_error *error)
{
    memset(m, 0, sizeof *m);
    m->kind = kind;
    plurum_status status = pli_output_open(&m->output, path, PLI_SECTIONS_HEADER, error);
    m->begun = m->output.at;
    return status;
}

void pli_sections_end(pli_sections_maker *m)
{
    m->bytes[m->done] = m->output.at - m->begun;
    m->checksums[m->done++] = pli_output_end_section(&m->output);
    m->begun = m->output.at;
}

plurum_status pli_sections_finish(pli_sections_maker *m, uint64_t owner, uint64_t seq,
                                  const char *path, plurum_error *error)
{
    unsigned char header[PLI_SECTIONS_HEADER] = {0}, *at = header + 32;
    memcpy(header, m->kind->magic, 8);
    pli_store_u32(header + 8, m->kind->version);
    pli_store_u32(header + 12, m->kind->count);
    pli_store_u64(header + 16, owner);
    pli_store_u64(header + 24, seq);
    for (uint32_t i = 0; i < m->kind->count; i++, at += 16) {
        pli_store_u64(at, m->bytes[i]);
        pli_store_u64(at + 8, m->checksums[i]);
    }
    pli_store_u64(header + PLI_SECTIONS_HEADER - 8, checksum_of(header));
    return pli_output_finish(&m->output, path, header, sizeof header, error);
}

void pli_sections_free(pli_sections_maker *m)
{
    pli_output_close(&m->output);
}
