/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hash table (uthash) behind a mutex that is held for one look-up at a time. Names that a file has
 * are found there by halving, without the mutex: they never change.
 */
#include <config.h>

#include "base/intern.h"

#include <pthread.h>
#include <string.h>

#include "base/stable.h"

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) pli_malloc(size)
#define uthash_free(memory, size) pli_free(memory)
#define uthash_nonfatal_oom(entry) ((entry)->number = 0)
#include <uthash.h>

typedef struct entry {
    UT_hash_handle hh;
    uint32_t number;
    size_t len;
    char text[];
} entry;

struct pli_intern {
    pthread_mutex_t mutex;
    entry *table;
    pli_stable entries;   /* entry * by number, those of the base left out */
    uint32_t count;       /* with those of the base                        */
    pli_intern_base base;
};

pli_intern *pli_intern_new(void)
{
    pli_intern *names = pli_calloc(1, sizeof *names);
    if (!names) return NULL;
    pthread_mutex_init(&names->mutex, NULL);
    names->entries.item_size = sizeof(entry *);
    return names;
}

void pli_intern_begin(pli_intern *names, const pli_intern_base *base)
{
    names->base = *base;
    names->count = base->count;
}

void pli_intern_free(pli_intern *names)
{
    if (!names) return;
    entry *e, *next;
    HASH_ITER(hh, names->table, e, next) {
        HASH_DEL(names->table, e);
        pli_free(e);
    }
    pli_stable_free(&names->entries);
    pthread_mutex_destroy(&names->mutex);
    pli_free(names);
}

/* By bytes, then the shorter first. */
static int compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t len = a_len < b_len ? a_len : b_len;
    int order = len ? memcmp(a, b, len) : 0;
    return order ? order : (a_len > b_len) - (a_len < b_len);
}

static uint32_t find_in_base(const pli_intern_base *base, const char *text, size_t len)
{
    uint32_t low = 0, high = base->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint64_t at = base->offsets[middle];
        int order = compare(base->bytes + at, (size_t)(base->offsets[middle + 1] - at), text, len);
        if (order == 0) return middle + 1;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* Under the mutex. */
static entry *add(pli_intern *names, const char *text, size_t len)
{
    entry **place = pli_stable_reserve(&names->entries, names->count - names->base.count);
    entry *e = place ? pli_malloc(sizeof *e + len + 1) : NULL;
    if (!e) return NULL;
    if (len) memcpy(e->text, text, len);
    e->text[len] = '\0';
    e->len = len;
    e->number = names->count + 1;
    HASH_ADD_KEYPTR(hh, names->table, e->text, len, e);
    if (e->number == 0) { /* uthash found no memory */
        pli_free(e);
        return NULL;
    }
    *place = e;
    names->count++;
    return e;
}

uint32_t pli_intern_add(pli_intern *names, const char *text, size_t len)
{
    entry *e;
    uint32_t known = find_in_base(&names->base, text, len);
    if (known) return known;
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
    uint32_t known = find_in_base(&names->base, text, len);
    if (known) return known;
    pthread_mutex_lock(&names->mutex);
    HASH_FIND(hh, names->table, text, len, e);
    uint32_t number = e ? e->number : 0;
    pthread_mutex_unlock(&names->mutex);
    return number;
}

uint32_t pli_intern_count(pli_intern *names)
{
    pthread_mutex_lock(&names->mutex);
    uint32_t count = names->count;
    pthread_mutex_unlock(&names->mutex);
    return count;
}

const char *pli_intern_text(pli_intern *names, uint32_t number, size_t *len)
{
    const pli_intern_base *base = &names->base;
    if (number <= base->count) {
        *len = (size_t)(base->offsets[number] - base->offsets[number - 1]);
        return base->bytes + base->offsets[number - 1];
    }
    pthread_mutex_lock(&names->mutex);
    const entry *e = *(entry **)pli_stable_at(&names->entries, number - base->count - 1);
    pthread_mutex_unlock(&names->mutex);
    *len = e->len;
    return e->text;
}
