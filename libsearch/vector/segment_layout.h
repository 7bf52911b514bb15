/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the sections of a segment's file lie: shared by the writer and by the opener.
 */
#ifndef PLI_VECTOR_SEGMENT_LAYOUT_H
#define PLI_VECTOR_SEGMENT_LAYOUT_H

#include "base/output.h"
#include "vector/segment.h"

typedef enum pli_section {
    PLI_SECTION_IDS = 0,
    PLI_SECTION_STARTS,
    PLI_SECTION_LEVELS,
    PLI_SECTION_OFFSETS,
    PLI_SECTION_NEIGHBOURS,
    PLI_SECTION_VECTORS
} pli_section;
#define PLI_SECTION_COUNT 6

enum { PLI_SEGMENT_HEADER = 192, PLI_SEGMENT_ALIGN = PLI_OUTPUT_ALIGN };
#define PLI_SEGMENT_MAGIC "plurumsg"

typedef struct pli_segment_layout {
    uint64_t start[PLI_SECTION_COUNT]; /* multiples of PLI_SEGMENT_ALIGN            */
    uint64_t bytes[PLI_SECTION_COUNT]; /* without what fills up to the next         */
    uint64_t size;                     /* of the file                               */
} pli_segment_layout;

static inline pli_segment_layout pli_segment_lay_out(const pli_segment_facts *facts)
{
    pli_segment_layout layout;
    const uint64_t bytes[PLI_SECTION_COUNT] = {
        (uint64_t)facts->count * 4, ((uint64_t)facts->nodes + 1) * 4, (uint64_t)facts->nodes * 4,
        ((uint64_t)facts->nodes + 1) * 8, facts->neighbours * 4,
        (uint64_t)facts->nodes * facts->dim * 4};
    uint64_t at = PLI_SEGMENT_HEADER;
    for (int i = 0; i < PLI_SECTION_COUNT; i++) {
        layout.start[i] = at;
        layout.bytes[i] = bytes[i];
        at += (bytes[i] + PLI_SEGMENT_ALIGN - 1) / PLI_SEGMENT_ALIGN * PLI_SEGMENT_ALIGN;
    }
    layout.size = at;
    return layout;
}

/* The header's bytes from the facts and the sections' checksums, and back. Reading fails with
 * CORRUPT or FORMAT; the path is for the text. */
void pli_segment_header_write(unsigned char out[PLI_SEGMENT_HEADER], const pli_segment_facts *facts,
                              const uint64_t checksums[PLI_SECTION_COUNT]);
plurum_status pli_segment_header_read(pli_segment_facts *facts,
                                      uint64_t checksums[PLI_SECTION_COUNT],
                                      const unsigned char bytes[PLI_SEGMENT_HEADER],
                                      const char *path, plurum_error *error);

#endif
