/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum --completion SHELL: for the build and for packagers, told by no --help.
 */
#ifndef TOOLS_COMPLETION_H
#define TOOLS_COMPLETION_H

#include "tools/cli.h"

/* Prints the completion of this tool for "bash" or "zsh", a function. 0, or the exit code. */
int completion_print(const char *shell, const cli_command *const *commands);

#endif
