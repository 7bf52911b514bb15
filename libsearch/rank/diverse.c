/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collapsing duplicates and maximal marginal relevance: each looks at pairs of candidates, of which
 * the caller bounds the number.
 */
#include <config.h>

#include "rank/diverse.h"

#include <string.h>

#include "base/alloc.h"

size_t pli_collapse(pli_candidate *c, size_t count, double least, const uint64_t *titles,
                    pli_likeness *likeness, const void *payload)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t j = 0;
        for (; j < kept; j++) {
            size_t at = c[j].place;
            if (titles && titles[i] && titles[i] == titles[at]) break;
            if (least > 0 && likeness(payload, c[j].id, c[i].id) >= least) break;
        }
        if (j < kept) {
            c[j].collapsed++;
        } else {
            c[kept] = c[i];
            c[kept].collapsed = 0;
            c[kept++].place = (uint32_t)i;
        }
    }
    return kept;
}

/* Which of [from, count) comes next; nearest[i] is the highest cosine of i with those before. */
static size_t best_of(const pli_candidate *c, const double *nearest, size_t from, size_t count,
                      double lambda, double highest)
{
    size_t best = from;
    double best_value = 0;
    for (size_t i = from; i < count; i++) {
        double value = lambda * (c[i].score / highest) - (1 - lambda) * nearest[i];
        if (i > from && !(value > best_value)) continue;
        best = i;
        best_value = value;
    }
    return best;
}

int pli_mmr(pli_candidate *c, size_t count, double lambda, pli_likeness *likeness,
            const void *payload)
{
    double *nearest = pli_calloc(count, sizeof *nearest);
    if (!nearest) return -1;
    double highest = count && c[0].score > 0 ? c[0].score : 1;
    for (size_t n = 0; n < count; n++) {
        size_t best = best_of(c, nearest, n, count, lambda, highest);
        pli_candidate next = c[best];
        memmove(&c[n + 1], &c[n], (best - n) * sizeof *c);
        memmove(&nearest[n + 1], &nearest[n], (best - n) * sizeof *nearest);
        c[n] = next;
        for (size_t i = n + 1; i < count; i++) {
            double cosine = likeness(payload, next.id, c[i].id);
            if (cosine > nearest[i]) nearest[i] = cosine;
        }
    }
    pli_free(nearest);
    return 0;
}
