/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a weights file.
 */
#ifndef TOOLS_WEIGHTS_H
#define TOOLS_WEIGHTS_H

#include <plurum/weights.h>

/* 0, or the exit code after saying FILE:LINE and what is wrong. */
int weights_read(plurum_weights *weights, const char *path);

/* What --weights and --fusion say together, each NULL where not given; *out is the caller's, and
 * NULL where neither is. 0, or the exit code. */
int weights_choose(plurum_weights **out, const char *path, const char *fusion);

#endif
