/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an index should hold, and the batches that change it.
 *
 * Every writing thread has its own documents and its own agents, so what it did is known from its
 * own batches in order, however they interleave with those of the others. A batch is drawn from a
 * thread's share of the world and the batch's number alone: writer and parent draw the same one,
 * and a number through a pipe says all about it. The common documents belong to nobody: all
 * threads report on them.
 */
#ifndef KILLS_WORLD_H
#define KILLS_WORLD_H

#include <stdint.h>

#include <plurum/write.h>

enum {
    THREADS = 3,
    SETUP = THREADS, /* the share that holds the common documents, written once         */
    SHARES = THREADS + 1,
    SLOTS = 700,     /* documents a thread may have                                     */
    COMMONS = 12,    /* the first slots of the share SETUP                              */
    AGENTS = 6,      /* a thread has                                                    */
    CHANGES_MAX = 41 /* of a batch                                                      */
};

typedef struct random_state {
    uint64_t state;
} random_state;

uint64_t random_next(random_state *r);
int random_below(random_state *r, int bound);
double random_unit(random_state *r);

/* What one agent has said of a document. */
typedef struct opinion {
    uint32_t outcome; /* 0: none; odd: a success. All of the outcome is made from it */
    int32_t vote;     /* 1, -1; 0: none                                              */
} opinion;

/* One document, or none. */
typedef struct place {
    uint32_t made; /* its content is made from this; 0: there is no document */
    uint32_t lifecycle;
    opinion reports[AGENTS];
} place;

/* What one thread has done. Plain data without holes, compared with memcmp. */
typedef struct share {
    place slots[SLOTS];
    opinion commons[COMMONS][AGENTS]; /* its agents' reports on the common documents */
    uint64_t batches;                 /* drawn so far                                */
    uint64_t events;                  /* of the store's log                          */
} share;

typedef struct world {
    uint64_t seed;
    share shares[SHARES];
} world;

typedef enum deed_kind { PUT, OUTCOME, VOTE, LIFECYCLE, DELETE } deed_kind;

typedef struct deed {
    deed_kind kind;
    int common; /* 1: slot counts the common documents */
    int slot;
    int agent;
    uint32_t made; /* PUT                                 */
    plurum_conflict conflict;
    uint32_t outcome;
    int vote;
    plurum_lifecycle lifecycle;
} deed;

typedef struct drawn {
    deed changes[CHANGES_MAX];
    int count;
    int status; /* what committing it gives */
} drawn;

/* Draws a thread's next batch, and what its share is afterwards (the same when it is refused, but
 * for the number of batches). */
void draw_batch(drawn *out, share *after, const world *w, int thread);

#endif
