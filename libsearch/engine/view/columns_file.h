/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checkpoint of the columns: a file of the rows of all documents as they were at one moment, so
 * that a handle need not decode every header when it opens. docs/format.md has the bytes.
 *
 * Only what lives at the moment is in it: of a dead document there are zeros, and of names and agents
 * those that a living one has.
 */
#ifndef PLI_ENGINE_VIEW_COLUMNS_FILE_H
#define PLI_ENGINE_VIEW_COLUMNS_FILE_H

#include "engine/view/sections.h"
#include "engine/view/view.h"

extern const pli_sections_kind pli_columns_kind;

/* Writes the columns as a view has them; the file is on the disk then, its name is not.
 * Errors: IO, NOMEM, LIMIT. */
plurum_status pli_columns_file_write(const char *path, const pli_view *view,
                                     const pli_columns *columns, uint64_t owner,
                                     plurum_error *error);

/*
 * Lets empty columns begin with those of a file, and makes its moment's view, without a tail; both use
 * the file where it is. Looks at every number, so that nothing leads out of the file, however it
 * came about; checksums are pli_sections_check's part. with_vectors: the index has any.
 * Ownership: one reference of *out is the caller's. Errors: CORRUPT (the columns are to be freed), NOMEM.
 */
plurum_status pli_columns_file_read(pli_view **out, pli_columns *columns, const pli_sections *file,
                                    const plurum_trust_config *trust, int with_vectors,
                                    const char *path, plurum_error *error);

#endif
