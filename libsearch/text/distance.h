/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far two words are apart: the least number of letters to add, drop, replace, or swap with the
 * next one, where no letter is touched twice (optimal string alignment, Damerau 1964).
 */
#ifndef PLI_TEXT_DISTANCE_H
#define PLI_TEXT_DISTANCE_H

#include <stddef.h>
#include <stdint.h>

/* Code points of a word that can be compared. */
#define PLI_WORD_POINTS_MAX 64

/*
 * The distances of every beginning of a word a to b: out[i] of its first i letters, for all i up to
 * a_count, or limit + 1 where it is more than limit. Neither is longer than PLI_WORD_POINTS_MAX.
 */
void pli_prefix_distances(uint32_t *out, const uint32_t *a, size_t a_count, const uint32_t *b,
                          size_t b_count, uint32_t limit);

/* The distance of two whole words, or limit + 1. */
uint32_t pli_edit_distance(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count,
                           uint32_t limit);

/* Code points of a text in UTF-8. 0 where it is longer than PLI_WORD_POINTS_MAX. */
size_t pli_word_points(uint32_t out[PLI_WORD_POINTS_MAX], const char *text, size_t len);

#endif
