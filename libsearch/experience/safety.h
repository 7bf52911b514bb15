/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes in is searched for secrets before anything of it is quoted.
 */
#ifndef PLI_EXPERIENCE_SAFETY_H
#define PLI_EXPERIENCE_SAFETY_H

#include <jansson.h>

#include <plurum/status.h>

#include "experience/check.h"

/* Refuses a tree that holds a secret, naming the field and the kind. at: the whole. */
plurum_status pli_secrets_refuse(const pli_path *at, const json_t *value, plurum_error *error);

/*
 * Reads JSON like pli_json_read. What is no JSON is not quoted in the error when it holds a secret.
 */
plurum_status pli_json_read_safely(json_t **out, const char *json, size_t len,
                                   plurum_error *error);

#endif
