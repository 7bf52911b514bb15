/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subcommands of plurum-bench.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

int bench_eval(int argc, const char **argv);
int bench_trust(int argc, const char **argv);

#endif
