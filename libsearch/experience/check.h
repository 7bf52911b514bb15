/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Field checks: a value against its row of the table.
 */
#ifndef PLI_EXPERIENCE_CHECK_H
#define PLI_EXPERIENCE_CHECK_H

#include <stddef.h>

#include <jansson.h>

#include "experience/fields.h"

/* Where a value is, as a chain on the stack; written out only when it is refused. */
typedef struct pli_path {
    const struct pli_path *up; /* NULL: the whole            */
    const char *name;          /* NULL: the item at `index`  */
    size_t index;
} pli_path;

/* The path as text, as "attempts[3].insight"; a long one is cut. out is returned. */
#define PLI_PATH_SIZE 128 /* the longest of the table is context_structured.tools_used[n] */
const char *pli_path_write(char out[PLI_PATH_SIZE], const pli_path *at);

/* "attempts[3].insight: " and the message, as INVALID. */
plurum_status pli_refuse(plurum_error *error, const pli_path *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Checks a text, label, word or form. import: whether the limits of an import hold. */
plurum_status pli_check_text(const pli_path *at, const pli_field *field, int import,
                             const char *text, size_t len, plurum_error *error);

/*
 * Checks a whole experience or plain document: every member the table names, in its order. Other
 * members are not looked at; members of an import only when `import` is set.
 */
plurum_status pli_check(const pli_table *table, const json_t *content, int import,
                        plurum_error *error);

/* The same for what is at a path, and NULL is a value that is missing. */
plurum_status pli_check_at(const pli_path *at, const pli_table *table, const json_t *content,
                           int import, plurum_error *error);

#endif
