/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small indexes in a folder under /tmp, documents that are found by a word of their own, and calls
 * that must succeed: what the tests of threads and processes share.
 */
#ifndef THREADS_SMALL_H
#define THREADS_SMALL_H

#include <stdint.h>

#include <plurum/plurum.h>

enum { DIM = 16, WORD_SIZE = 12, KEY_SIZE = 32, PATH_SIZE = 96 };

typedef struct random_state {
    uint64_t state;
} random_state;

uint64_t random_next(random_state *r);
int random_below(random_state *r, int bound);

/* Ends the process with a message when a call has failed. Check's own macros serve only the
 * thread that runs the test. */
#define MUST(call) must((call), #call, __FILE__, __LINE__, &error)
void must(plurum_status status, const char *call, const char *file, int line,
          const plurum_error *error);
/* Likewise when a condition does not hold. */
#define HOLDS(condition, ...)                                                                      \
    ((condition) ? (void)0 : broken(#condition, __FILE__, __LINE__, __VA_ARGS__))
void broken(const char *condition, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5), noreturn));

/* A new folder, and the path of an index in it that does not exist yet. */
void folder_make(char path[PATH_SIZE]);
/* Removes the folder with everything in it. */
void folder_remove(const char *path);

/* Makes an index for caller's vectors of DIM dimensions. */
void small_create(const char *path);
plurum_index *small_open(const char *path, const plurum_open_options *options);

/* A word that belongs to one number, of letters only. */
const char *small_word(char out[WORD_SIZE], uint32_t number);
void small_vector(float out[DIM], uint32_t number);
/* Adds a document with the word and the vector of a number to a batch. */
plurum_status small_put(plurum_batch *batch, const char *key, uint32_t number, const char *tag,
                        plurum_error *error);
/* Commits documents "doc-<number>" for first ≤ number < first + count as one batch. */
void small_fill(plurum_index *index, uint32_t first, uint32_t count);

/* How many documents have the word of a number, in one search as the operator. */
size_t small_count(plurum_index *index, uint32_t number);

/* Verifies; findings go to stderr and end the process. */
void small_verify(plurum_index *index);

plurum_stats small_stats(plurum_index *index);

/* Whole structs through pipes: 0, or -1 at the end. */
int pipe_read(int fd, void *data, size_t size);
int pipe_write(int fd, const void *data, size_t size);

/* Milliseconds of a clock that only goes forward. */
int64_t now_ms(void);

/* How much more work than usual is to be done: PLURUM_TEST_SCALE, 1 by default. */
int test_scale(void);

#endif
