/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time: the system's clock, and RFC 3339 texts. Times are signed Unix seconds, UTC.
 */
#ifndef PLI_BASE_CLOCK_H
#define PLI_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int64_t pli_clock_system(void);

/* The hour that t lies in, as its first second; towards the past for negative times too. */
int64_t pli_clock_hour(int64_t t);

/*
 * Reads "2026-02-07T10:30:00Z" (fractions of a second are dropped, offsets as +02:00 applied).
 * 0, or -1 when it is no such time or its year is outside 1..9999.
 */
int pli_time_parse(int64_t *out, const char *text, size_t len);

/* Whether such a text can hold t: its year is in 1..9999. */
int pli_time_is_sound(int64_t t);

/* Writes it in that form, in UTC; 21 bytes suffice for the years 1..9999, others are clamped. */
#define PLI_TIME_SIZE 21
void pli_time_format(char out[PLI_TIME_SIZE], int64_t t);

#endif
