/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copying a store record by record, at one moment: every seal is checked on the way, free pages and
 * the record of segments stay behind, and what arrives must come to the counts and digests of the
 * original.
 */
#ifndef PLI_ENGINE_JOBS_COPY_H
#define PLI_ENGINE_JOBS_COPY_H

#include "engine/job.h"
#include "store/store.h"

typedef struct pli_copy {
    pli_job *job;
    pli_txn *from;
    pli_store *to; /* empty but for dictionaries, where contents are packed anew */
    /* NULL: contents and dictionaries are copied as they are. Else appends the blob of a document's
     * content to `blob`, and the dictionaries of `from` are left out. */
    plurum_status (*repack)(void *payload, pli_buf *blob, uint32_t id, plurum_error *error);
    void *payload;
    uint64_t records; /* copied */
} pli_copy;

/* Copies everything, syncs, and reads the copy once more. CORRUPT, CANCELLED, IO, LIMIT. */
plurum_status pli_copy_run(pli_copy *copy, plurum_error *error);

#endif
