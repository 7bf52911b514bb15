/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From bytes to a JSON tree, and from stored bytes to content in normal form.
 */
#ifndef PLI_EXPERIENCE_LOAD_H
#define PLI_EXPERIENCE_LOAD_H

#include <stddef.h>

#include <jansson.h>

#include "experience/content.h"

/* Levels of arrays and objects in one another that are read; the contract needs 3. */
#define PLI_NESTING_MAX 64

/*
 * Reads any JSON value; every number becomes a real. Of two members with one name the last counts.
 * The reference is the caller's. Errors: INVALID (position is the byte), NOMEM.
 */
plurum_status pli_json_read(json_t **out, const char *json, size_t len, plurum_error *error);

/*
 * Reads stored content, checks it and brings it to its normal form. The reference is the caller's.
 * Errors: CORRUPT, NOMEM.
 */
plurum_status pli_content_read(json_t **out, pli_kind kind, const char *json, size_t len,
                               plurum_error *error);

#endif
