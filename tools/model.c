/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the models: in the folder that PLURUM_MODELS names, else where they were installed.
 */
#include <config.h>

#include "tools/model.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/cli.h"

const char *const model_words[] = {"minilm", "static", "none", NULL};

/* name: as fingerprints have it. */
static const struct {
    const char *name, *file;
} MODELS[] = {
    [MODEL_MINILM] = {"minilm-l6-v2", "minilm-l6-v2.pltm"},
    [MODEL_STATIC] = {"static-en-256", "static-en-256.plsm"},
};

enum { COUNT = sizeof MODELS / sizeof *MODELS };

typedef char model_path[4096];

static int find(model_path path, int model)
{
    const char *directory = getenv("PLURUM_MODELS");
    int len = snprintf(path, sizeof(model_path), "%s/%s",
                       directory && *directory ? directory : MODELS_DIR, MODELS[model].file);
    return len < (int)sizeof(model_path)
               ? 0
               : cli_error(EXIT_STORAGE, "PLURUM_MODELS: the path is too long");
}

/* The first whose file there is; the first of all where there is none, so that errors name it. */
static int find_best(model_path path)
{
    int code = 0;
    for (int model = 0; model < COUNT && !code; model++) {
        code = find(path, model);
        if (!code && access(path, F_OK) == 0) return 0;
    }
    return code ? code : find(path, 0);
}

int model_open(plurum_embedder **out, int model)
{
    model_path path;
    plurum_error error;
    int code = model == MODEL_BEST ? find_best(path) : find(path, model);
    if (code) return code;
    plurum_status status = plurum_embedder_open(out, path, &error);
    if (status == PLURUM_IO)
        return cli_error(EXIT_STORAGE, "%s (PLURUM_MODELS may name another folder)", error.text);
    return status ? cli_failed(NULL, &error) : 0;
}

int model_open_for(plurum_embedder **out, const plurum_fingerprint *want)
{
    *out = NULL;
    for (int model = 0; model < COUNT && want->checksum; model++)
        if (strcmp(want->name, MODELS[model].name) == 0) return model_open(out, model);
    return 0;
}
