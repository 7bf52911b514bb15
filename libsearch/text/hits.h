/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The best of many scores.
 */
#ifndef PLI_TEXT_HITS_H
#define PLI_TEXT_HITS_H

#include "text/leg.h"

/*
 * The k best of scores[0..bound), by score and then id, those of 0 left out; at most k in *count.
 * The caller frees the result. NULL: memory is short.
 */
pli_text_hit *pli_best_hits(const double *scores, uint32_t bound, size_t k, size_t *count);

#endif
