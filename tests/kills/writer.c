/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing: three threads commit what they draw, one batch after the other, and say so before and
 * after.
 */
#include <config.h>

#include "tests/kills/writer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <plurum/plurum.h>

#include "tests/kills/content.h"

static struct {
    orders given;
    world world; /* each thread changes its own share only */
    int out;
    plurum_index *index;
    atomic_int stopping;
} self;

static void say(message_kind kind, int thread, uint64_t number, plurum_status status,
                const char *text)
{
    message m = {.kind = kind, .thread = thread, .number = number, .status = status};
    snprintf(m.text, sizeof m.text, "%s", text);
    if (write(self.out, &m, sizeof m) != sizeof m) _exit(9); /* the parent is gone */
}

static plurum_status add(plurum_batch *batch, int thread, const deed *c, plurum_error *error)
{
    char key[KEY_SIZE], agent[AGENT_SIZE], note[WORD_SIZE];
    content_key(key, c->common ? SETUP : thread, c->slot);
    content_agent(agent, thread, c->agent);
    switch (c->kind) {
    case PUT:
        return content_put(batch, thread, c->slot, c->made, c->conflict, error);
    case VOTE:
        return plurum_batch_vote(batch, key, agent, c->vote, PLURUM_TIME_UNSET, error);
    case LIFECYCLE:
        return plurum_batch_set_lifecycle(batch, key, NULL, c->lifecycle, error);
    case DELETE:
        return plurum_batch_delete(batch, key, NULL, error);
    case OUTCOME:
        break;
    }
    plurum_outcome o = PLURUM_OUTCOME_INIT;
    o.id = key;
    o.agent = agent;
    o.success = c->outcome % 2 == 1;
    o.at = content_outcome_at(c->outcome);
    o.execution_time_ms = c->outcome;
    o.context_notes = content_outcome_note(note, c->outcome);
    return plurum_batch_outcome(batch, &o, error);
}

static void commit_next(int thread)
{
    drawn b;
    share after;
    plurum_batch *made;
    plurum_error error = {0};
    uint64_t number = self.world.shares[thread].batches;
    draw_batch(&b, &after, &self.world, thread);
    plurum_status status = plurum_batch_new(&made, self.index, &error);
    for (int i = 0; i < b.count && !status; i++) status = add(made, thread, &b.changes[i], &error);
    if (!status) {
        say(BEGUN, thread, number, PLURUM_OK, "");
        status = plurum_batch_commit(made, NULL, &error);
    }
    say(DONE, thread, number, status, error.text);
    plurum_batch_free(made);
    self.world.shares[thread] = after;
}

static void *work(void *payload)
{
    int thread = *(int *)payload;
    for (int i = 0; !self.given.batches || i < self.given.batches; i++) commit_next(thread);
    return NULL;
}

static void *apply(void *payload)
{
    (void)payload;
    while (!self.stopping)
        if (plurum_index_apply(self.index, NULL)) _exit(8);
    return NULL;
}

static void tell(void *payload, const char *line)
{
    (void)payload;
    if (getenv("KILLS_LOG")) fprintf(stderr, "kills: %ld: %s\n", (long)getpid(), line);
}

/* Opens the index, and makes it where there is none. */
static plurum_status open_index(plurum_index **out, const char *path, plurum_error *error)
{
    plurum_create_options create;
    plurum_open_options open = PLURUM_OPEN_OPTIONS_INIT;
    plurum_fingerprint caller = {.name = "caller", .dim = DIM, .text_template = 1};
    plurum_create_options_init(&create);
    create.fingerprint = &caller;
    create.map_size = (uint64_t)1 << 30;
    open.log = tell;
    char store[96];
    snprintf(store, sizeof store, "%s/store", path);
    if (access(store, F_OK)) { /* nothing, or what a killed creation left */
        plurum_status status = plurum_index_create(path, &create, error);
        if (status) return status;
    }
    return plurum_index_open(out, path, &open, error);
}

void write_until_killed(const orders *given, const world *w, int out)
{
    plurum_error error = {0};
    pthread_t threads[THREADS], applier;
    int numbers[THREADS];
    self.given = *given;
    self.world = *w;
    self.out = out;
    plurum_status status = open_index(&self.index, given->path, &error);
    say(OPENED, 0, 0, status, error.text);
    if (status) _exit(7);
    if (!self.world.shares[SETUP].batches) commit_next(SETUP);
    if (given->applying && pthread_create(&applier, NULL, apply, NULL)) _exit(6);
    for (int t = 0; t < THREADS; t++) {
        numbers[t] = t;
        if (pthread_create(&threads[t], NULL, work, &numbers[t])) _exit(6);
    }
    for (int t = 0; t < THREADS; t++) pthread_join(threads[t], NULL);
    self.stopping = 1;
    if (given->applying) pthread_join(applier, NULL);
    say(CLOSING, 0, 0, PLURUM_OK, "");
    plurum_index_close(self.index);
    _exit(0);
}
