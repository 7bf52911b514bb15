/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process that writes and is killed.
 */
#ifndef KILLS_WRITER_H
#define KILLS_WRITER_H

#include "tests/kills/world.h"

/* What it says through its pipe; each message is written at once, so none is torn. */
typedef enum message_kind {
    OPENED,
    BEGUN, /* a thread is about to commit its next batch               */
    DONE,  /* the commit of that batch has returned: acknowledged      */
    CLOSING
} message_kind;

typedef struct message {
    int32_t kind, thread;
    uint64_t number; /* of the thread's batches */
    int32_t status, spare;
    char text[96];
} message;

typedef struct orders {
    const char *path;
    int applying; /* one more thread applies all the time       */
    int batches;  /* each thread commits so many, then it closes; 0: on and on */
} orders;

/* Never returns. */
void write_until_killed(const orders *given, const world *w, int out);

#endif
