/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Models, as --embedder names them: those that are shipped, and those that are asked over HTTP.
 */
#ifndef TOOLS_MODEL_H
#define TOOLS_MODEL_H

#include <plurum/index.h>

/* As the words of model_words, and a URL; MODEL_BEST: the best one whose file there is. */
enum { MODEL_BEST = -1, MODEL_MINILM = 0, MODEL_STATIC = 1, MODEL_NONE = 2, MODEL_URL = 3 };
extern const char *const model_words[];

/* Opens one that is neither MODEL_NONE nor MODEL_URL. 0, or the exit code. */
int model_open(plurum_embedder **out, int model);

/* Opens the one at a URL, with the key of the environment. name: as the endpoint calls it, or NULL; dim:
 * 0 to ask for it. 0, or the exit code. */
int model_open_url(plurum_embedder **out, const char *url, const char *name, uint32_t dim);

/* Where the model of an index is asked now, if not where the index says: an option of some commands. */
extern const char *model_endpoint;
#define MODEL_ENDPOINT_OPTION                                                                      \
    CLI_OPTION_TEXT("embedder", &model_endpoint, "URL",                                            \
                    "where the index's model is asked, if not where the index says")

/* Opens the one that an index is of; *out stays NULL for a caller's model. 0, or the exit code. */
int model_open_for(plurum_embedder **out, const plurum_create_options *index);

#endif
