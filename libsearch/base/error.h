/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Filling a caller's plurum_error: every failing path returns through one of these.
 */
#ifndef PLI_BASE_ERROR_H
#define PLI_BASE_ERROR_H

#include <plurum/status.h>

/* Writes *error (which may be NULL) and returns status. Of a long text the middle goes. */
plurum_status pli_fail(plurum_error *error, plurum_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a failed system call: adds strerror and errno. */
plurum_status pli_fail_errno(plurum_error *error, int sys_errno, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "out of memory"; at least as far as the caller is concerned. */
plurum_status pli_nomem(plurum_error *error);

/* Puts "prefix: " before the text of an error already filled (which may be NULL). */
void pli_error_prefix(plurum_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Makes a text one line of valid UTF-8, in place: whatever else is in it becomes '?'. All error texts
 * are such; names in them may hold anything. */
void pli_one_line(char *text);

/*
 * A value quoted for an error text: printable, at most 60 bytes and "…" if it was longer. The
 * result lives in buffer (PLI_QUOTE_SIZE bytes), which is returned.
 */
#define PLI_QUOTE_SIZE 72
const char *pli_quote(char buffer[PLI_QUOTE_SIZE], const char *text, size_t len);

#endif
