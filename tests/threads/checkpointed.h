/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An index of small documents with everything that a checkpoint has, and what it answers, as one
 * number: shared by the tests of checkpoints. Checkpoints are due after fifty events here.
 */
#ifndef THREADS_CHECKPOINTED_H
#define THREADS_CHECKPOINTED_H

#include "tests/threads/small.h"

enum { EVERY = 50, DOCUMENTS = 600 };

/* Of the index, and of another one in the same folder. */
extern char path[PATH_SIZE], other_path[PATH_SIZE + 8];
extern char log_lines[4096]; /* what the handle opened last has told */

/* Makes the index with a checkpoint, and removes it: the fixture. */
void checkpointed_setup(void);
void checkpointed_teardown(void);

/* A handle that applies by hand. */
plurum_index *open_at(const char *where, int read_only);
void apply(plurum_index *index);

/* Puts documents "doc-<number>", or replaces them. */
void fill(plurum_index *index, uint32_t first, uint32_t count);
/* One change of any kind; what is refused is refused. */
void change(plurum_index *index, random_state *r);

/* Everything that a checkpoint has a part in, as one number. */
uint64_t answers(plurum_index *index);
/* The same by the store alone, with no other handle open. */
uint64_t answers_of_the_store(void);

/* Files of the index. */
void rename_in(const char *from, const char *to);
int exists(const char *where, const char *name);
unsigned char *load(const char *name, size_t *size); /* the caller's (free) */

#endif
