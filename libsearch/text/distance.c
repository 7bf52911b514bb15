/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of distances, a row a letter of the first word, of which three rows are kept. Two rows
 * whose members are all beyond the limit end it, as later ones can only be further.
 */
#include <config.h>

#include "text/distance.h"

#include "base/unicode.h"

/* Rows of the table: the two before the one that is made, and that. */
typedef struct rows {
    uint32_t all[3][PLI_WORD_POINTS_MAX + 1];
    uint32_t *before, *last, *next;
} rows;

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Fills rows->next, for the letter i of a, and returns its least member. */
static uint32_t fill(rows *r, const uint32_t *a, size_t i, const uint32_t *b, size_t b_count)
{
    uint32_t lowest = r->next[0] = (uint32_t)i + 1;
    for (size_t j = 0; j < b_count; j++) {
        uint32_t value = least(r->last[j + 1], r->next[j]) + 1;
        value = least(value, r->last[j] + (a[i] != b[j]));
        if (i && j && a[i] == b[j - 1] && a[i - 1] == b[j])
            value = least(value, r->before[j - 1] + 1);
        r->next[j + 1] = value;
        lowest = least(lowest, value);
    }
    return lowest;
}

static void turn(rows *r)
{
    uint32_t *oldest = r->before;
    r->before = r->last;
    r->last = r->next;
    r->next = oldest;
}

void pli_prefix_distances(uint32_t *out, const uint32_t *a, size_t a_count, const uint32_t *b,
                          size_t b_count, uint32_t limit)
{
    rows r;
    r.before = r.all[0], r.last = r.all[1], r.next = r.all[2];
    for (size_t j = 0; j <= b_count; j++) r.last[j] = (uint32_t)j;
    out[0] = least((uint32_t)b_count, limit + 1);
    uint32_t lowest = 0, lowest_before = 0;
    for (size_t i = 0; i < a_count; i++) {
        if (lowest > limit && lowest_before > limit) { /* a swap reaches over one row */
            out[i + 1] = limit + 1;
            continue;
        }
        lowest_before = lowest;
        lowest = fill(&r, a, i, b, b_count);
        out[i + 1] = least(r.next[b_count], limit + 1);
        turn(&r);
    }
}

uint32_t pli_edit_distance(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count,
                           uint32_t limit)
{
    uint32_t distances[PLI_WORD_POINTS_MAX + 1];
    if (a_count > b_count + limit || b_count > a_count + limit) return limit + 1;
    pli_prefix_distances(distances, a, a_count, b, b_count, limit);
    return distances[a_count];
}

size_t pli_word_points(uint32_t out[PLI_WORD_POINTS_MAX], const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    size_t count = 0;
    while (at < end) {
        if (count == PLI_WORD_POINTS_MAX) return 0;
        out[count++] = pli_utf8_next(&at, end);
    }
    return count;
}
