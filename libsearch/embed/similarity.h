/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The similarity that answers show: a cosine on a scale that means the same for every model.
 */
#ifndef PLI_EMBED_SIMILARITY_H
#define PLI_EMBED_SIMILARITY_H

#define PLI_SIMILARITY_AT_PIVOT .4

/*
 * 0 for a cosine ≤ 0, .4 at the model's pivot (0 < pivot < 1), 1 at 1, straight lines between;
 * never falls as the cosine grows, never leaves [0, 1]. A cosine that is no number counts as 0.
 */
double pli_similarity(double cosine, double pivot);

#endif
