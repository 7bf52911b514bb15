/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kills: a process writes from three threads and is killed with SIGKILL at a random moment; then
 * another one opens the index and everything must be there that was acknowledged, every batch that
 * had begun must be there whole or not at all, and nothing else.
 *
 *     kills [--rounds N] [--seed N]
 *
 * The next round goes on with the same index, some begin a new one. Exit status 0: nothing was
 * wrong. KILLS_LOG=1 prints the writers' log lines. This process itself never opens an index.
 */
#include <config.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <plurum/status.h>

#include "tests/kills/checker.h"
#include "tests/kills/writer.h"
#include "tools/remove.h"

/* When the writer is killed. */
typedef enum moment { AT_OPENING, AT_WORK, AT_APPLYING, AT_CLOSING, MOMENTS } moment;

typedef struct totals {
    unsigned long rounds, indexes, batches, changes, refused, whole, absent;
    unsigned long lost, half, extra, findings, missed, searches, dictionaries, at[MOMENTS];
} totals;

static struct {
    random_state random;
    char folder[64], path[80];
    world world;
    totals totals;
    /* one round */
    drawn next[SHARES]; /* begun and not acknowledged, as begun[] says */
    share after[SHARES];
    int begun[SHARES];
    int acknowledged; /* in this round */
    int closing;
    int failed;
} self;

static void fail(const char *what, const char *text)
{
    fprintf(stderr, "kills: %s: %s\n", what, text);
    self.failed = 1;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- what the writer says ---- */

static void take_done(const message *m)
{
    int t = m->thread;
    if (m->status != self.next[t].status) fail("a commit ended with another status", m->text);
    self.world.shares[t] = self.after[t];
    self.begun[t] = 0;
    self.acknowledged = 1;
    self.totals.refused += m->status != PLURUM_OK;
    if (m->status) return;
    self.totals.batches++;
    self.totals.changes += (unsigned long)self.next[t].count;
}

static void take_message(const message *m)
{
    int t = m->thread;
    switch ((message_kind)m->kind) {
    case OPENED:
        if (m->status) fail("the writer cannot open", m->text);
        break;
    case BEGUN:
        draw_batch(&self.next[t], &self.after[t], &self.world, t);
        self.begun[t] = 1;
        if (m->number != self.world.shares[t].batches) fail("a batch", "out of order");
        break;
    case DONE:
        if (self.begun[t])
            take_done(m);
        else
            fail("a batch that was not begun", m->text);
        break;
    case CLOSING:
        self.closing = 1;
        break;
    }
}

/* Reads messages until a moment has passed, or the end; 0: that is reached. */
static int listen_until(int fd, int64_t deadline, const int *stop)
{
    for (;;) {
        int64_t left = deadline - now_ms();
        struct pollfd wait = {fd, POLLIN, 0};
        message m;
        if (left < 0 || (stop && *stop)) return 1;
        if (poll(&wait, 1, (int)left) <= 0) continue;
        ssize_t n = read(fd, &m, sizeof m);
        if (n == 0) return 0;
        if (n == sizeof m)
            take_message(&m);
        else
            fail("reading", n < 0 ? strerror(errno) : "half a message");
    }
}

/* ---- a round ---- */

/* Lets the writer run up to its moment, and a random while longer. */
static void let_work(int fd, moment at)
{
    enum { PATIENCE_MS = 60000 };
    int64_t start = now_ms();
    const int *stop = at == AT_CLOSING ? &self.closing : &self.acknowledged;
    if (at != AT_OPENING && listen_until(fd, start + PATIENCE_MS, stop) && !*stop)
        fail("the writer", "says nothing");
    static const int LONGEST[MOMENTS] = {40, 400, 400, 80};
    listen_until(fd, now_ms() + random_below(&self.random, LONGEST[at] + 1), NULL);
}

static void reap_writer(pid_t child)
{
    char text[64];
    int code;
    kill(child, SIGKILL);
    waitpid(child, &code, 0);
    int killed = WIFSIGNALED(code) && WTERMSIG(code) == SIGKILL;
    snprintf(text, sizeof text, "wait status %#x", code);
    if (!killed && !(WIFEXITED(code) && WEXITSTATUS(code) == 0)) fail("the writer died", text);
}

static void write_and_kill(void)
{
    int ends[2];
    static const moment WEIGHTS[] = {AT_OPENING,  AT_WORK,     AT_WORK,    AT_WORK,
                                     AT_APPLYING, AT_APPLYING, AT_CLOSING, AT_CLOSING};
    moment at = WEIGHTS[random_below(&self.random, 8)];
    orders o = {.path = self.path,
                .applying = at == AT_APPLYING,
                .batches = at == AT_CLOSING ? 1 + random_below(&self.random, 25) : 0};
    self.totals.at[at]++;
    self.acknowledged = self.closing = 0;
    memset(self.begun, 0, sizeof self.begun);
    if (pipe(ends)) abort();
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        write_until_killed(&o, &self.world, ends[1]);
    }
    close(ends[1]);
    let_work(ends[0], at);
    reap_writer(child);
    listen_until(ends[0], INT64_MAX, NULL); /* what it said before it died */
    close(ends[0]);
}

static void add_verdict(const verdict *v)
{
    totals *all = &self.totals;
    if (v->status) self.failed = 1;
    all->lost += v->lost;
    all->half += v->half;
    all->extra += v->extra;
    all->findings += v->findings;
    all->missed += v->missed;
    all->searches += v->searches;
    for (int t = 0; t < SHARES; t++) {
        if (!self.begun[t]) continue;
        all->whole += v->whole[t] != 0;
        all->absent += v->whole[t] == 0;
        if (v->whole[t])
            self.world.shares[t] = self.after[t];
        else if (t != SETUP)
            self.world.shares[t].batches++; /* draw another one next time */
    }
}

static void check(verdict *v)
{
    int ends[2], code;
    question q = {.path = self.path,
                  .world = &self.world,
                  .way = random_below(&self.random, 3),
                  .seed = random_next(&self.random)};
    memcpy(q.begun, self.begun, sizeof q.begun);
    if (pipe(ends)) abort();
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        check_index(&q, ends[1]);
    }
    close(ends[1]);
    memset(v, 0, sizeof *v);
    if (read(ends[0], v, sizeof *v) != sizeof *v) v->status = PLURUM_INTERNAL;
    close(ends[0]);
    waitpid(child, &code, 0);
    if (v->status || code) fail("the check", "could not be finished");
}

/* A world for an index that is still to be made. */
static void begin_world(void)
{
    memset(&self.world, 0, sizeof self.world);
    self.world.seed = random_next(&self.random);
    self.totals.indexes++;
}

static void begin_index(void)
{
    remove_tree(self.path);
    begin_world();
}

/* Killed while it made the index: the store has no name yet. The next writer makes it there. */
static int is_unmade(void)
{
    char store[96];
    snprintf(store, sizeof store, "%s/store", self.path);
    return access(store, F_OK) && !self.acknowledged && !self.begun[SETUP] && !self.world.shares[SETUP].batches;
}

static void do_round(void)
{
    verdict v;
    int trained = 0;
    if (self.totals.rounds == 0 || random_below(&self.random, 9) == 0) begin_index();
    self.totals.rounds++;
    write_and_kill();
    if (self.failed) return;
    if (is_unmade()) {
        begin_world();
        return;
    }
    check(&v);
    add_verdict(&v);
    trained = v.dictionary > 0;
    self.totals.dictionaries += (unsigned long)trained;
}

static int print_totals(unsigned long seed)
{
    const totals *t = &self.totals;
    int wrong = self.failed || t->lost || t->half || t->extra || t->findings || t->missed;
    printf(
        "seed %lu: %lu rounds on %lu indexes (killed %lu opening, %lu writing, %lu applying, %lu "
        "closing; %lu with a dictionary), %lu batches with %lu changes acknowledged, %lu refused, "
        "unacknowledged: %lu whole, %lu absent; %lu lost, %lu half-applied, %lu unasked for, "
        "%lu verify findings, %lu of %lu searches wrong: %s\n",
        seed, t->rounds, t->indexes, t->at[AT_OPENING], t->at[AT_WORK], t->at[AT_APPLYING],
        t->at[AT_CLOSING], t->dictionaries, t->batches, t->changes, t->refused, t->whole, t->absent,
        t->lost, t->half, t->extra, t->findings, t->missed, t->searches,
        wrong ? "WRONG" : "all is well");
    return wrong;
}

int main(int argc, char **argv)
{
    unsigned long seed = 1, rounds = 15;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0) seed = strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--rounds") == 0) rounds = strtoul(argv[i + 1], NULL, 10);
    }
    strcpy(self.folder, "/tmp/plurum-kills-XXXXXX");
    if (!mkdtemp(self.folder)) return 2;
    snprintf(self.path, sizeof self.path, "%s/index", self.folder);
    self.random.state = seed;
    while (self.totals.rounds < rounds && !self.failed) do_round();
    int wrong = print_totals(seed);
    remove_tree(self.folder);
    return wrong ? 1 : 0;
}
