/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Weighing noise against signal. Logarithms of small counts come from a table, so that an index
 * with many reports opens quickly; counts beyond it are computed.
 */
#include <config.h>

#include "rank/signal.h"

#include <math.h>
#include <pthread.h>

enum { TABLE_SIZE = 64 };
static const double WIDTHS[PLI_SIGNAL_WIDTHS] = {2.0, 4.0, 8.0};
static const double UNIT = 0x1p36;

/* rising[w][j][n] = ln of x(x + 1)…(x + n - 1), x = k·j/20; the last column, j = 20, is k itself */
static int64_t rising[PLI_SIGNAL_WIDTHS][PLI_SIGNAL_MEANS + 1][TABLE_SIZE];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static double start(int width, int column)
{
    return WIDTHS[width] * (column + 1) / (PLI_SIGNAL_MEANS + 1);
}

/* lgamma of a positive number; lgamma itself writes a global. */
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

static int64_t compute(int width, int column, uint32_t n)
{
    double x = start(width, column);
    double units = (log_gamma(x + n) - log_gamma(x)) * UNIT;
    return units < 0x1p62 ? (int64_t)llround(units) : INT64_C(1) << 62;
}

static void fill_table(void)
{
    for (int w = 0; w < PLI_SIGNAL_WIDTHS; w++)
        for (int j = 0; j <= PLI_SIGNAL_MEANS; j++)
            for (uint32_t n = 0; n < TABLE_SIZE; n++) rising[w][j][n] = compute(w, j, n);
}

static uint64_t log_rising(int width, int column, uint32_t n)
{
    return (uint64_t)(n < TABLE_SIZE ? rising[width][column][n] : compute(width, column, n));
}

/* ln of B(s + k·m, f + k·(1 - m)) / B(k·m, k·(1 - m)) of every cell, times sign. */
static void add(pli_signal *signal, pli_counts c, int sign)
{
    if (!c.successes && !c.failures) return;
    double both = (double)c.successes + c.failures;
    uint32_t total = both < UINT32_MAX ? c.successes + c.failures : UINT32_MAX;
    for (int w = 0; w < PLI_SIGNAL_WIDTHS; w++) {
        uint64_t all = log_rising(w, PLI_SIGNAL_MEANS, total);
        for (int j = 0; j < PLI_SIGNAL_MEANS; j++)
            signal->evidence[w][j] +=
                (uint64_t)(int64_t)sign * (log_rising(w, j, c.successes) +
                                           log_rising(w, PLI_SIGNAL_MEANS - 1 - j, c.failures) - all);
    }
    signal->successes += (uint64_t)((int64_t)sign * c.successes);
    signal->failures += (uint64_t)((int64_t)sign * c.failures);
}

void pli_signal_change(pli_signal *signal, pli_counts before, pli_counts after)
{
    if (before.successes == after.successes && before.failures == after.failures) return;
    pthread_once(&once, fill_table);
    add(signal, before, -1);
    add(signal, after, 1);
}

double pli_signal_noise(const pli_signal *signal)
{
    double s = (double)signal->successes, f = (double)signal->failures;
    double noise = log_gamma(s + 1.0) + log_gamma(f + 1.0) - log_gamma(s + f + 2.0);
    double sum = 0.0;
    const int cells = PLI_SIGNAL_WIDTHS * PLI_SIGNAL_MEANS;
    for (int w = 0; w < PLI_SIGNAL_WIDTHS; w++)
        for (int j = 0; j < PLI_SIGNAL_MEANS; j++)
            sum += exp((double)(int64_t)signal->evidence[w][j] / UNIT - noise); /* L1 / L0; may overflow */
    return 1.0 / (1.0 + sum / cells);
}
