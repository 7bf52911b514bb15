/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A derived file of checksummed sections that is used where it is mapped: what the checkpoint of the
 * columns and the file of vectors have in common. docs/format.md has the bytes.
 */
#ifndef PLI_ENGINE_VIEW_SECTIONS_H
#define PLI_ENGINE_VIEW_SECTIONS_H

#include "base/output.h"

enum { PLI_SECTIONS_MAX = 8, PLI_SECTIONS_HEADER = 256 };

/* What kind of file. */
typedef struct pli_sections_kind {
    char magic[9];
    uint32_t version;
    uint32_t count; /* of sections */
    const char *names[PLI_SECTIONS_MAX];
} pli_sections_kind;

typedef struct pli_sections {
    const pli_sections_kind *kind;
    uint64_t owner; /* hash of the store, its model and its generation */
    uint64_t seq;   /* moment of the store                             */
    uint64_t bytes[PLI_SECTIONS_MAX];
    const unsigned char *at[PLI_SECTIONS_MAX];
    uint64_t checksums[PLI_SECTIONS_MAX];
    void *map;
    size_t map_size;
} pli_sections;

/* Reads the header and where the sections lie; their bytes are not looked at. The path is for the
 * text. Errors: CORRUPT, FORMAT (another version). */
plurum_status pli_sections_parse(pli_sections *out, const pli_sections_kind *kind, const void *bytes,
                                 size_t size, const char *path, plurum_error *error);
/* Compares every section with its checksum. CORRUPT: the text names the section. */
plurum_status pli_sections_check(const pli_sections *s, const char *path, plurum_error *error);

/* Maps a file and parses it. Errors: also NOTFOUND, IO. */
plurum_status pli_sections_open(pli_sections *out, const pli_sections_kind *kind, const char *path,
                                plurum_error *error);
void pli_sections_close(pli_sections *s); /* one that was never opened is all zeros: fine */

/* A file in the making: pli_output_add to .output, pli_sections_end after each section. */
typedef struct pli_sections_maker {
    pli_output output;
    const pli_sections_kind *kind;
    uint32_t done;
    uint64_t begun; /* where the present section begins */
    uint64_t bytes[PLI_SECTIONS_MAX], checksums[PLI_SECTIONS_MAX];
} pli_sections_maker;

plurum_status pli_sections_begin(pli_sections_maker *m, const pli_sections_kind *kind,
                                 const char *path, plurum_error *error);
void pli_sections_end(pli_sections_maker *m);
/* After the last section: the header. The file is on the disk then, its name is not. Errors: IO. */
plurum_status pli_sections_finish(pli_sections_maker *m, uint64_t owner, uint64_t seq,
                                  const char *path, plurum_error *error);
void pli_sections_free(pli_sections_maker *m); /* also after a failed pli_sections_begin */

#endif
