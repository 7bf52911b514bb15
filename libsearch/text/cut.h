/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Terms that are too long: their beginning, cut at a code point, with a hash of the whole. Two
 * long terms meet exactly when they are equal (but for the chance of 2^-64).
 */
#ifndef PLI_TEXT_CUT_H
#define PLI_TEXT_CUT_H

#include <stddef.h>

#include "text/terms.h"

/*
 * Writes the term for bytes, whose len is above PLI_TERM_MAX, to out; returns its length. For the
 * same bytes it is the same everywhere and always.
 */
size_t pli_term_cut(char out[PLI_TERM_MAX], const char *bytes, size_t len);

#endif
