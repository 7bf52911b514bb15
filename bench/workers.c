/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Items are taken one by one, since some take longer than others. The caller works too: where no
 * thread can be started it does everything.
 */
#include <config.h>

#include "bench/workers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct shared {
    atomic_size_t next;
    atomic_int code;
    size_t count;
    int (*work)(void *context, size_t i);
    void *context;
} shared;

static void *take_items(void *payload)
{
    shared *s = payload;
    for (size_t i; !atomic_load(&s->code) && (i = atomic_fetch_add(&s->next, 1)) < s->count;) {
        int none = 0, code = s->work(s->context, i);
        if (code) atomic_compare_exchange_strong(&s->code, &none, code);
    }
    return NULL;
}

int workers_run(int64_t threads, size_t count, int (*work)(void *context, size_t i), void *context)
{
    shared s = {.count = count, .work = work, .context = context};
    pthread_t others[WORKERS_MAX];
    long wanted = threads > 0 ? (long)threads : sysconf(_SC_NPROCESSORS_ONLN);
    int started = 0;
    if (wanted > WORKERS_MAX) wanted = WORKERS_MAX;
    while (started + 1 < wanted && (size_t)started + 1 < count &&
           !pthread_create(&others[started], NULL, take_items, &s))
        started++;
    take_items(&s);
    while (started > 0) pthread_join(others[--started], NULL);
    return atomic_load(&s.code);
}
