/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Named moments at which a test lets its process die, to see what the next one finds.
 */
#ifndef PLI_BASE_CRASH_H
#define PLI_BASE_CRASH_H

/* Marks the moment "WHAT-when": the process kills itself here when a test has asked for it. */
void pli_crash_point(const char *what, const char *when);

/* Tests: die at the moment of that name; NULL: at none. Borrowed. */
void pli_crash_at(const char *name);

#endif
