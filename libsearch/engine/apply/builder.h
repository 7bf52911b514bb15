/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The builder: seals vectors into segments, merges segments, and leaves tombstones behind; then it has
 * a checkpoint written where one is due. A thread of a writing handle beside the applier, since a
 * graph takes seconds; or whoever calls plurum_index_apply.
 */
#ifndef PLI_ENGINE_APPLY_BUILDER_H
#define PLI_ENGINE_APPLY_BUILDER_H

#include "engine/engine.h"
#include "engine/view/snapshot.h"

enum {
    PLI_SEGMENTS_KEPT = 4,      /* more are merged                                 */
    PLI_TOMBSTONES_PERCENT = 20 /* of a segment: more, and it is built without them */
};

void pli_builder_init(pli_builder *builder);
void pli_builder_destroy(pli_builder *builder);

/* Sweeps what a killed process left, and starts the thread unless the handle applies by hand. */
plurum_status pli_builder_start(plurum_index *index, plurum_error *error);
/* Gives up what is being built and stops the thread. */
void pli_builder_stop(plurum_index *index);

/* Told after each application. */
void pli_builder_wake(plurum_index *index);
/* Builds whatever is due, and returns when nothing is. */
plurum_status pli_builder_run(plurum_index *index, plurum_error *error);

/* What is to be done next (builder_plan.c): these segments go, and one of these documents comes. */
typedef struct pli_build_job {
    const char *kind; /* "seal", "merge" or "drop"; NULL: nothing */
    uint32_t removed[PLI_SEGMENTS_MAX];
    size_t removed_count;
    uint32_t *ids; /* ascending; the caller's */
    uint32_t id_count;
    uint64_t seq;
} pli_build_job;

plurum_status pli_build_plan(pli_build_job *job, pli_snapshot *snapshot, plurum_error *error);
/* Whether a plan could find anything, by what needs no view. */
int pli_build_may_be_due(plurum_index *index, pli_txn *txn);

#endif
