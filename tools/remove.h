/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Temporary indexes and half-made ones go with everything in them.
 */
#ifndef TOOLS_REMOVE_H
#define TOOLS_REMOVE_H

/* Removes a file or folder and follows no link; where there is none, nothing. What cannot be removed
 * stays. */
void remove_tree(const char *path);

#endif
