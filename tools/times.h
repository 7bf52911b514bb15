/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times as people write them.
 */
#ifndef TOOLS_TIMES_H
#define TOOLS_TIMES_H

#include <stdint.h>

#define TIMES_LEAST 100000000 /* Unix seconds that are taken for such: 1973-03-03 and later */
#define TIMES_ACCEPTED "a time such as 2026-02-07T10:30:00Z, a date or Unix seconds since 1973"

/*
 * RFC 3339 with Z or an offset (a fraction of a second is dropped, "T" may be a space, no offset
 * means UTC), a date alone (its first second), or Unix seconds from TIMES_LEAST on. 0, or -1.
 */
int times_parse(int64_t *out, const char *text);

/* As "2026-02-07T10:30:00Z". buffer is returned. */
#define TIMES_SIZE 32
const char *times_text(char buffer[TIMES_SIZE], int64_t t);

#endif
