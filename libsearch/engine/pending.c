/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table by id (uthash) behind a mutex.
 */
#include <config.h>

#include "engine/pending.h"

#include "base/alloc.h"

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) pli_malloc(size)
#define uthash_free(memory, size) pli_free(memory)
#define uthash_nonfatal_oom(entry) ((entry)->id = 0)
#include <uthash.h>

typedef struct pli_pending_entry {
    UT_hash_handle hh;
    uint32_t id;
    pli_terms *terms;
} entry;

void pli_pending_init(pli_pending *pending)
{
    pthread_mutex_init(&pending->mutex, NULL);
    pending->table = NULL;
    pending->count = 0;
}

static void drop(pli_pending *pending, entry *e)
{
    HASH_DEL(pending->table, e);
    pending->count--;
    pli_terms_unref(e->terms);
    pli_free(e);
}

void pli_pending_free(pli_pending *pending)
{
    pli_pending_drop_upto(pending, UINT32_MAX);
    pthread_mutex_destroy(&pending->mutex);
}

void pli_pending_put(pli_pending *pending, uint32_t id, pli_terms *terms)
{
    entry *e = pli_malloc(sizeof *e), *old;
    if (!e) return;
    e->id = id;
    e->terms = pli_terms_ref(terms);
    pthread_mutex_lock(&pending->mutex);
    HASH_FIND(hh, pending->table, &id, sizeof id, old);
    if (old) drop(pending, old);
    HASH_ADD(hh, pending->table, id, sizeof e->id, e);
    if (e->id) pending->count++;
    pthread_mutex_unlock(&pending->mutex);
    if (e->id == 0) { /* uthash found no memory */
        pli_terms_unref(e->terms);
        pli_free(e);
    }
}

pli_terms *pli_pending_get(pli_pending *pending, uint32_t id)
{
    entry *e;
    pthread_mutex_lock(&pending->mutex);
    HASH_FIND(hh, pending->table, &id, sizeof id, e);
    pli_terms *terms = e ? pli_terms_ref(e->terms) : NULL;
    pthread_mutex_unlock(&pending->mutex);
    return terms;
}

void pli_pending_drop(pli_pending *pending, uint32_t id)
{
    entry *e;
    pthread_mutex_lock(&pending->mutex);
    HASH_FIND(hh, pending->table, &id, sizeof id, e);
    if (e) drop(pending, e);
    pthread_mutex_unlock(&pending->mutex);
}

void pli_pending_drop_upto(pli_pending *pending, uint32_t last_id)
{
    entry *e, *next;
    pthread_mutex_lock(&pending->mutex);
    HASH_ITER(hh, pending->table, e, next)
        if (e->id <= last_id) drop(pending, e);
    pthread_mutex_unlock(&pending->mutex);
}

size_t pli_pending_count(pli_pending *pending)
{
    pthread_mutex_lock(&pending->mutex);
    size_t count = pending->count;
    pthread_mutex_unlock(&pending->mutex);
    return count;
}
