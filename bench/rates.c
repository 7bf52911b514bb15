/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drawing rates.
 */
#include <config.h>

#include "bench/rates.h"

#include "bench/random.h"

/* Beta(a, b) of whole numbers: the a-th smallest of a + b - 1 uniform numbers. */
static double beta(int a, int b, uint64_t *state)
{
    double u[16];
    int n = a + b - 1;
    for (int i = 0; i < n; i++) {
        double x = next_unit(state);
        int at = i;
        for (; at > 0 && u[at - 1] > x; at--) u[at] = u[at - 1];
        u[at] = x;
    }
    return u[a - 1];
}

double draw_rate(uint64_t *state)
{
    double kind = next_unit(state);
    return kind < 0.5 ? beta(8, 2, state) : kind < 0.75 ? beta(4, 4, state) : beta(1, 12, state);
}
