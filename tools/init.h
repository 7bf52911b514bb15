/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making an index, for init and for import.
 */
#ifndef TOOLS_INIT_H
#define TOOLS_INIT_H

#include <stdint.h>

typedef struct init_options {
    int embedder;      /* see tools/model.h */
    const char *url;   /* of MODEL_URL */
    const char *model; /* with MODEL_NONE, whose vectors the caller gives; with MODEL_URL, as it is */
                       /* called there; NULL: as --help says                                        */
    int64_t dim;       /* with either; 0: none, or to be asked for                                  */
    int newcomer_weights;
} init_options;

/* 0, or the exit code. */
int init_index(const char *path, const init_options *options);

#endif
