/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making an index, for init and for import.
 */
#ifndef TOOLS_INIT_H
#define TOOLS_INIT_H

/* embedder: "static", or "none" with the name of the model and the dimensions. 0, or the exit
 * code. */
int init_index(const char *path, const char *embedder, const char *model, int dim,
               int newcomer_weights);

#endif
