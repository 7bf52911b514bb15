/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How likely a hit is to be relevant, from what both legs know of it and of its rivals.
 */
#ifndef PLI_RANK_CALIBRATE_H
#define PLI_RANK_CALIBRATE_H

#include "rank/fuse.h"

/*
 * Sets `relevant` of all candidates, which must be in the order of their ids for the same bits
 * everywhere. It needs their scores of both legs, and of the input: which legs are active,
 * text_most, pivot, background_sd and prevalence.
 */
void pli_calibrate(pli_candidate *candidates, size_t count, const pli_fusion_input *input);

/* Whether no candidate is as likely to be relevant as the weight `abstain` asks; 0: never. */
int pli_abstains(const pli_candidate *candidates, size_t count, double threshold);

#endif
