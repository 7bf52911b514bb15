/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building an index directory from a moment of another. It is made as DEST.part and renamed when it
 * is whole: there is never half of one at DEST, and what a kill has left is swept the next time.
 */
#ifndef PLI_ENGINE_JOBS_BUILD_H
#define PLI_ENGINE_JOBS_BUILD_H

#include "engine/engine.h"
#include "engine/jobs/copy.h"

typedef struct pli_build {
    const char *dest;
    char *part;
} pli_build;

/* EXISTS: dest holds something. Ended by one of the two below, also after a failure. */
plurum_status pli_build_begin(pli_build *build, const char *dest, plurum_error *error);
/* A store and a FORMAT at part, of the moment of `from`. */
plurum_status pli_build_store(pli_build *build, plurum_index *index, pli_copy *copy,
                              plurum_error *error);
/* Gives it its name when all has gone well, and else removes it. */
plurum_status pli_build_end(pli_build *build, plurum_status status, plurum_error *error);

/* A new, empty store in an empty directory, open to be filled without syncs. */
plurum_status pli_build_fill_store(pli_store **out, const char *directory, uint64_t map_size,
                                   plurum_error *error);

#endif
