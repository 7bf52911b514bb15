/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Removing a folder, deepest entries first.
 */
#include <config.h>

#include "tools/remove.h"

#include <ftw.h>
#include <stdio.h>

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void remove_tree(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
