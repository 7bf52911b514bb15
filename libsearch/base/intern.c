/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hash table (uthash) behind a mutex that is held for one look-up at a time.
 */
#include <config.h>

#include "base/intern.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) pli_malloc(size)
#define uthash_free(memory, size) pli_free(memory)
#define uthash_nonfatal_oom(entry) ((entry)->number = 0)
#include <uthash.h>

typedef struct entry {
    UT_hash_handle hh;
    uint32_t number;
    char text[];
} entry;

struct pli_intern {
    pthread_mutex_t mutex;
    entry *table;
    uint32_t count;
};

pli_intern *pli_intern_new(void)
{
    pli_intern *names = pli_calloc(1, sizeof *names);
    if (names) pthread_mutex_init(&names->mutex, NULL);
    return names;
}

void pli_intern_free(pli_intern *names)
{
    if (!names) return;
    entry *e, *next;
    HASH_ITER(hh, names->table, e, next) {
        HASH_DEL(names->table, e);
        pli_free(e);
    }
    pthread_mutex_destroy(&names->mutex);
    pli_free(names);
}

/* Under the mutex. */
static entry *add(pli_intern *names, const char *text, size_t len)
{
    entry *e = pli_malloc(sizeof *e + len + 1);
    if (!e) return NULL;
    if (len) memcpy(e->text, text, len);
    e->text[len] = '\0';
    e->number = names->count + 1;
    HASH_ADD_KEYPTR(hh, names->table, e->text, len, e);
    if (e->number == 0) { /* uthash found no memory */
        pli_free(e);
        return NULL;
    }
    names->count++;
    return e;
}

uint32_t pli_intern_add(pli_intern *names, const char *text, size_t len)
{
    entry *e;
    pthread_mutex_lock(&names->mutex);
    HASH_FIND(hh, names->table, text, len, e);
    if (!e) e = add(names, text, len);
    uint32_t number = e ? e->number : 0;
    pthread_mutex_unlock(&names->mutex);
    return number;
}

uint32_t pli_intern_find(pli_intern *names, const char *text, size_t len)
{
    entry *e;
    pthread_mutex_lock(&names->mutex);
    HASH_FIND(hh, names->table, text, len, e);
    uint32_t number = e ? e->number : 0;
    pthread_mutex_unlock(&names->mutex);
    return number;
}
