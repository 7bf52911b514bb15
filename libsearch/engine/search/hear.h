/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the outcomes of a candidate say to this asker: those from where it works, and those for queries
 * like its own, each counted by how much it has in common. Nothing is kept for this: the rows are read
 * when somebody asks.
 */
#ifndef PLI_ENGINE_SEARCH_HEAR_H
#define PLI_ENGINE_SEARCH_HEAR_H

#include "engine/alike.h"
#include "engine/search/environment.h"
#include "rank/candidate.h"

typedef struct pli_hearing {
    pli_environment *environment;       /* NULL: none named           */
    const pli_alike *alike;             /* NULL: not to be looked for */
    const plurum_trust_config *trust;
    pli_txn *txn;
    int64_t now;
} pli_hearing;

/* Sets the candidate's here_ and alike_ numbers, told and prior, which are zeros so far; its trust is
 * there. Where a row is damaged, none of them: the trust of all does not need it, and verify names it. NOMEM, IO. */
plurum_status pli_hear(pli_candidate *candidate, const pli_hearing *hearing, plurum_error *error);

#endif
