/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often documents work, hidden from who ranks: half of them nearly always, a quarter half of the
 * time, a quarter hardly ever.
 */
#ifndef BENCH_RATES_H
#define BENCH_RATES_H

#include <stdint.h>

/* Of .5 Beta(8, 2) + .25 Beta(4, 4) + .25 Beta(1, 12). */
double draw_rate(uint64_t *state);

#endif
