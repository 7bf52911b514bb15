/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Environments: what the asker's has in common with those that outcomes were reported from.
 *
 * An environment is a JSON object, as an outcome's env_fingerprint. What it says is a set of facts:
 * {"os": "Linux", "node": 20, "tools": ["git", "gcc"]} has the four os=linux, node=20, tools=git and
 * tools=gcc; a member of a member is a path (os.name=linux). Names and values compare folded, null
 * says nothing. A report counts as local by the share of the asker's facts that it has too.
 */
#ifndef PLI_ENGINE_SEARCH_ENVIRONMENT_H
#define PLI_ENGINE_SEARCH_ENVIRONMENT_H

#include <stddef.h>
#include <stdint.h>

#include <plurum/status.h>

#include "store/slice.h"

typedef struct pli_environment {
    uint64_t *facts; /* hashes, ascending, each once */
    size_t count;
    struct pli_shares *shares; /* of what it has been compared with, from the first time on */
} pli_environment;

/* INVALID: no JSON object. Free it either way. */
plurum_status pli_environment_read(pli_environment *out, const char *json, size_t len,
                                   plurum_error *error);
void pli_environment_free(pli_environment *environment);

/* How much of `asked` the other has, 0..1. */
double pli_environment_share(const pli_environment *asked, const pli_environment *other);

/* The same of an environment as a report's row has it; none is like nothing. NOMEM. */
plurum_status pli_environment_share_of(double *share, pli_environment *asked, pli_slice json,
                                       plurum_error *error);

#endif
