/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pending terms: what writers analysed and the text index does not hold yet, by internal id.
 *
 * Only a short cut: whoever misses an entry analyses the stored document again and gets the same
 * terms. Entries are left before their commit and dropped once applied, or when it fails.
 */
#ifndef PLI_ENGINE_PENDING_H
#define PLI_ENGINE_PENDING_H

#include <pthread.h>

#include "text/terms.h"

typedef struct pli_pending {
    pthread_mutex_t mutex;
    struct pli_pending_entry *table;
    size_t count;
} pli_pending;

void pli_pending_init(pli_pending *pending);
void pli_pending_free(pli_pending *pending);

/* Takes a reference of its own. Short of memory it keeps nothing. */
void pli_pending_put(pli_pending *pending, uint32_t id, pli_terms *terms);
/* A reference for the caller, or NULL. */
pli_terms *pli_pending_get(pli_pending *pending, uint32_t id);
void pli_pending_drop(pli_pending *pending, uint32_t id);
void pli_pending_drop_upto(pli_pending *pending, uint32_t last_id);
size_t pli_pending_count(pli_pending *pending);

#endif
