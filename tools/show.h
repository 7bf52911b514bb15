/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Experiences for people: a few lines each in lists and results, all of it for one.
 */
#ifndef TOOLS_SHOW_H
#define TOOLS_SHOW_H

#include "tools/cli.h"

/* number: place in the list, from 1; 0: it has none. explain: the arithmetic of the score too. */
void show_hit(const plurum_hit *hit, size_t number, int scored, int explain);
/* A hit's snippet with the words of the query in bold, or between ** off a terminal. */
void show_snippet(const plurum_hit *hit);
/* Every member of a detail object that says something. */
void show_detail(const json_t *object);
/* In bold letters on a terminal. */
void show_bold(const char *text);
/* A text and a newline; its further lines begin at column indent. */
void show_text(const char *text, int indent);

#endif
