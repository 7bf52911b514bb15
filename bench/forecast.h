/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How well trust foretells what happens next.
 */
#ifndef BENCH_FORECAST_H
#define BENCH_FORECAST_H

/* Prints Brier scores and calibration errors of made streams of events. 0, or the exit code. */
int forecast_measure(void);

#endif
