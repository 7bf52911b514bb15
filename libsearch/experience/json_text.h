/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing JSON: strings, numbers and whole values, on one line.
 */
#ifndef PLI_EXPERIENCE_JSON_TEXT_H
#define PLI_EXPERIENCE_JSON_TEXT_H

#include <stddef.h>

#include "base/buf.h"

/* A string in quotes; text is UTF-8, which is written as it is. */
void pli_json_put_string(pli_buf *buf, const char *text, size_t len);

/* The shortest decimal that reads back as the same finite double, with a point or an exponent. */
#define PLI_NUMBER_SIZE 40
void pli_json_number(char out[PLI_NUMBER_SIZE], double value);

#endif
