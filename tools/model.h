/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The models that are shipped, as --embedder names them.
 */
#ifndef TOOLS_MODEL_H
#define TOOLS_MODEL_H

#include <plurum/embed.h>

/* As the words of model_words; MODEL_BEST: the best one whose file there is. */
enum { MODEL_BEST = -1, MODEL_MINILM = 0, MODEL_STATIC = 1, MODEL_NONE = 2 };
extern const char *const model_words[];

/* Opens one that is not MODEL_NONE. 0, or the exit code. */
int model_open(plurum_embedder **out, int model);

/* Opens the one with this fingerprint; *out stays NULL for a caller's model. 0, or the exit code. */
int model_open_for(plurum_embedder **out, const plurum_fingerprint *want);

#endif
