/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folders of tests go with everything in them.
 */
#ifndef TESTS_REMOVE_H
#define TESTS_REMOVE_H

/* Removes a file or folder and follows no link; where there is none, nothing. What cannot be removed
 * stays. */
void remove_tree(const char *path);

#endif
