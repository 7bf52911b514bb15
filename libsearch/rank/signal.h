/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signal gate: do reports tell documents apart at all, or are they noise?
 *
 * Two explanations of all counts (s successes, f failures a document) are weighed, at even odds:
 *
 *     noise   every document works equally often: L0 = ∫ p^S (1 - p)^F dp = B(S + 1, F + 1),
 *             S and F the sums over all documents
 *     signal  each has a rate of its own, drawn from Beta(k·m, k·(1 - m)): L1 = mean over
 *             k in {2, 4, 8} and m in {.05, .10 … .95} of Π B(s + k·m, f + k·(1 - m)) / B(k·m, k·(1 - m))
 *     P       = L0 / (L0 + L1), 1/2 without reports
 *
 * The products are kept as sums of logarithms in whole units of 2^-36, so that they follow every
 * report and every deletion in O(1) and do not depend on the order of events by a single bit. They
 * are added modulo 2^64: beyond 2^27 nats, some 10^8 reports, P means nothing, but what is taken
 * back is taken back exactly.
 */
#ifndef PLI_RANK_SIGNAL_H
#define PLI_RANK_SIGNAL_H

#include <stdint.h>

#define PLI_SIGNAL_MEANS 19
#define PLI_SIGNAL_WIDTHS 3

typedef struct pli_signal {
    uint64_t successes, failures; /* S, F */
    /* ln Π, in units of 2^-36, a two's complement */
    uint64_t evidence[PLI_SIGNAL_WIDTHS][PLI_SIGNAL_MEANS];
} pli_signal;

typedef struct pli_counts {
    uint32_t successes, failures;
} pli_counts;

/* One document's counts go from before to after; zeros are a document without reports. */
void pli_signal_change(pli_signal *signal, pli_counts before, pli_counts after);

/* P: 0, reports tell documents apart; 1, they are noise. */
double pli_signal_noise(const pli_signal *signal);

#endif
