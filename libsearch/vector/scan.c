/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The exact search: a kernel proposes in single precision, a plain loop in double decides.
 *
 * Vectors are scored where they lie, in the order of their ids, which is mostly that of their
 * addresses. The kernel's sums depend on the instruction set; the answer does not, because everything
 * that rounding could have moved across the k-th place is computed again (see margin_of).
 */
#include <config.h>

#include "vector/flat_store.h"

#include <math.h>

#include "base/error.h"
#include "vector/kernel.h"
#include "vector/select.h"

/* The ids that take part, ascending, and their scores in single precision. */
typedef struct candidates {
    uint32_t *ids;
    float *scores;
    size_t count, cap;
} candidates;

/*
 * How far below the k-th highest score a vector of the true top k may lie.
 *
 * Summing d products in single precision, in any order, with or without fused multiply-add, errs
 * by at most γ·Σ|aᵢbᵢ|, γ = d·u/(1 − d·u), u = 2^-24; by Cauchy–Schwarz Σ|aᵢbᵢ| ≤ |a||b|, which
 * is 1 but for rounding. So |score − cosine| ≤ e = γ(1 + 4u). The k-th highest score is at least
 * the k-th highest cosine − e, and each of the true top k scores at least that cosine − e: 2e
 * covers both sides. For d ≤ 4096 the d + 8 leaves room for γ's second order (≤ 1.1 u), the norms'
 * rounding (< .01 u), numbers that underflow (d·2^-149), the rounding of pli_dot (d·2^-53) and what a
 * cosine of 1 may have been before (pli_cosine, ≤ 3 u).
 * That makes 3.1e-5 for 256 dimensions and 4.7e-5 for 384; the floor of 1e-5 rules below 76.
 */
static double margin_of(uint32_t dim)
{
    return fmax(1e-5, 2.0 * (dim + 8.0) * 0x1p-24);
}

static int gather_word(candidates *found, const unsigned char *flags, uint32_t first, uint64_t word)
{
    for (; word; word &= word - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(word);
        if (!flags[bit]) continue;
        if (pli_grow(&found->ids, &found->cap, found->count, sizeof *found->ids)) return -1;
        found->ids[found->count++] = first + bit;
    }
    return 0;
}

/* Blocks of flags are multiples of 64 long, so the flags of one word of the bitmap are adjacent. */
static int gather(candidates *found, const pli_flat *flat, const pli_bitmap *allowed)
{
    uint32_t end = pli_flat_end(flat);
    if (end > allowed->bound) end = allowed->bound;
    for (uint64_t first = 0; first < end; first += 64) {
        uint64_t word = allowed->words[first / 64];
        if (end - first < 64) word &= ((uint64_t)1 << (end - first)) - 1;
        if (!word) continue;
        const unsigned char *flags = pli_stable_at(&flat->flags, (uint32_t)first);
        if (gather_word(found, flags, (uint32_t)first, word)) return -1;
    }
    return 0;
}

static int score(candidates *found, const pli_flat *flat, const float *query)
{
    found->scores = pli_reallocarray(NULL, found->count, sizeof *found->scores);
    if (!found->scores) return -1;
    pli_kernel *product = pli_kernel_best();
    for (size_t i = 0; i < found->count; i++)
        found->scores[i] = product(query, pli_flat_row(flat, found->ids[i]), flat->dim);
    return 0;
}

/* Keeps the best of the candidates whose score is at least the threshold, by their true cosine. */
static void keep(pli_best *best, const candidates *found, double threshold, const pli_flat *flat,
                 const float *query)
{
    for (size_t i = 0; i < found->count; i++) {
        if (found->scores && found->scores[i] < threshold) continue;
        uint32_t id = found->ids[i];
        pli_best_offer(best, (pli_vector_hit){id, pli_flat_cosine(flat, id, query)});
    }
    pli_best_sort(best);
}

plurum_status pli_flat_search(pli_vector_hit **hits, size_t *hit_count, const pli_flat *flat,
                              const pli_bitmap *allowed, const float *query, size_t k,
                              plurum_error *error)
{
    plurum_status status = PLURUM_OK;
    candidates found = {NULL, NULL, 0, 0};
    *hits = NULL;
    *hit_count = 0;
    if (k == 0) return PLURUM_OK;
    if (gather(&found, flat, allowed)) goto no_memory;
    if (found.count == 0) goto out;

    double threshold = -INFINITY;
    if (found.count > k) { /* otherwise all are wanted, and there is nothing to tell apart */
        if (score(&found, flat, query)) goto no_memory;
        threshold = pli_kth_largest(found.scores, found.count, k) - margin_of(flat->dim);
    }
    pli_best best = {NULL, 0, k < found.count ? k : found.count};
    best.hits = pli_reallocarray(NULL, best.room, sizeof *best.hits);
    if (!best.hits) goto no_memory;
    keep(&best, &found, threshold, flat, query);
    *hits = best.hits;
    *hit_count = best.count;
    goto out;

no_memory:
    status = pli_nomem(error);
out:
    pli_free(found.ids);
    pli_free(found.scores);
    return status;
}
