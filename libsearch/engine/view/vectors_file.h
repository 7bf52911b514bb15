/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file of vectors that are in no segment, lent to the exact scan as those of segments are. Vectors
 * never change, so any such file serves any moment: what it lacks is read from the store, and what
 * has died since is not asked for. docs/format.md has the bytes.
 */
#ifndef PLI_ENGINE_VIEW_VECTORS_FILE_H
#define PLI_ENGINE_VIEW_VECTORS_FILE_H

#include "engine/view/sections.h"
#include "vector/flat.h"

extern const pli_sections_kind pli_vectors_kind;

/* Writes the vectors of these ids, which ascend; the file is on the disk then, its name is not.
 * Errors: IO, NOMEM. */
plurum_status pli_vectors_file_write(const char *path, const pli_flat *vectors, uint32_t dim,
                                     const uint32_t *ids, uint32_t count, uint64_t owner,
                                     uint64_t seq, plurum_error *error);

/* Where things lie in a file. */
typedef struct pli_vectors_file {
    const uint32_t *ids; /* ascending */
    const float *rows;
    uint32_t count;
} pli_vectors_file;

/* Looks at what can be followed out of the file; checksums are pli_sections_check's part. */
plurum_status pli_vectors_file_read(pli_vectors_file *out, const pli_sections *file, uint32_t dim,
                                    const char *path, plurum_error *error);

#endif
