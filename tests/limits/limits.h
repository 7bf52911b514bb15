/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of the table of limits (docs/limits.md). Each row is a call that must be refused: with this
 * status, and with nothing changed, neither in what the index tells nor in a byte of its files.
 *
 * A row is also written to the file that LIMITS_ROWS names, as
 *
 *     kind TAB what is given TAB status TAB message
 *
 * from which tests/limits/check.sh makes the table that docs/limits.md must equal: that is where the
 * exact words of every message stand.
 */
#ifndef TESTS_LIMITS_H
#define TESTS_LIMITS_H

#include "tests/api/world.h"

/* A small index in `opened`, and what it holds: every row leaves it as it is. */
void limits_begin(void);
void limits_end(void);

/* Takes what there is now for what the rows that follow must leave: all of it; the files alone, where
 * the content cannot be read; or the content alone, where pages that hold nothing may change. */
void limits_settle(void);
void limits_settle_files(void);
void limits_settle_content(void);

/* The section of the table that the test's rows belong to. */
void limits_kind(const char *kind);

/* given: the code that makes a sound argument bad, for who reads the table. */
#define REFUSED_AS(given, call, status, piece)                                                     \
    do {                                                                                           \
        memset(&error, 0, sizeof error);                                                           \
        expect_failure((call), PLURUM_##status, piece, given, __FILE__, __LINE__);                 \
        limits_row(given, __LINE__);                                                               \
    } while (0)
#define REFUSED(call, status, piece, ...) REFUSED_AS(#__VA_ARGS__, call, status, piece)
void limits_row(const char *given, int line);

/* Texts that live as long as the test: a unit so many times; the same as a JSON string. */
const char *many(size_t count, const char *unit);
const char *quoted(const char *text);
const char *printed(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
