/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that an index holds, read through the API.
 */
#ifndef KILLS_FOUND_H
#define KILLS_FOUND_H

#include <jansson.h>

#include <plurum/plurum.h>

#include "tests/kills/world.h"

/* One document, with the reports on it by the agents of each thread. */
typedef struct found_document {
    json_t *json; /* NULL: nothing */
    opinion reports[THREADS][AGENTS];
} found_document;

typedef struct found_all {
    found_document at[SHARES][SLOTS];
    unsigned count;
} found_all;

/* Told of what cannot be right, whatever was written. */
typedef void complain_fn(const char *format, ...) __attribute__((format(printf, 1, 2)));

plurum_status find_all(found_all *out, plurum_index *index, complain_fn *complain,
                       plurum_error *error);

/* A viewer and a filter that let everything through. */
extern const plurum_viewer EVERYBODYS;
extern const plurum_filter EVERYTHING;

#endif
