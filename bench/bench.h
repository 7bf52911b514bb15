/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subcommands of plurum-bench.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "tools/cli.h"

extern const cli_command compare_command, eval_command, loop_command, replay_command, report_command,
    speed_command, trust_command, tune_command;

#endif
