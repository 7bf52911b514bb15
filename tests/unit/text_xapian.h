/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xapian's own ranking, for comparison.
 */
#ifndef PLI_TESTS_TEXT_XAPIAN_H
#define PLI_TESTS_TEXT_XAPIAN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Writes the weights that Xapian gives to the documents of the index at path for any of the terms,
 * each counted once, to scores by internal id. The number of documents found; -1: it failed.
 */
int xapian_scores(double *scores, uint32_t bound, const char *path, const char *const *terms,
                  size_t term_count, double k1, double b);

#ifdef __cplusplus
}
#endif

#endif
