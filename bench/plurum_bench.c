/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum-bench: measures of the engine, for those who tune it.
 */
#include <config.h>

#include "bench/bench.h"

const char cli_program[] = "plurum-bench";

static const cli_command *const COMMANDS[] = {&eval_command,   &compare_command, &tune_command,
                                              &replay_command, &report_command,  &speed_command,
                                              &loop_command,   &trust_command,   NULL};

int main(int argc, char **argv)
{
    return cli_main(argc, argv, COMMANDS, "Measures how well and how fast the engine works.\n",
                    "plurum-bench COMMAND --help tells what a command does, its options and an\n"
                    "example.\n"
                    "\n"
                    "Example:\n"
                    "  plurum-bench eval collections/scifact --mode text\n"
                    "\n"
                    "Exit status: 0 done, 1 a check failed, 2 wrong usage, 3 bad input, 4 storage or\n"
                    "I/O error.\n");
}
