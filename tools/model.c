/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding the models: in the folder that PLURUM_MODELS names, else where they were installed; or
 * behind a URL, whose key PLURUM_EMBED_KEY holds.
 */
#include <config.h>

#include "tools/model.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/cli.h"

const char *model_endpoint;

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

int model_open_url(plurum_embedder **out, const char *url, const char *name, uint32_t dim)
{
    plurum_http_options options = PLURUM_HTTP_OPTIONS_INIT;
    plurum_error error;
    const char *key = getenv("PLURUM_EMBED_KEY");
    options.url = url;
    options.model = name;
    options.dim = dim;
    options.key = key && *key ? key : NULL;
    plurum_status status = plurum_embedder_open_http(out, &options, &error);
    return status ? cli_failed("--embedder", &error) : 0;
}

int model_open_for(plurum_embedder **out, const plurum_create_options *index)
{
    const plurum_fingerprint *want = index->fingerprint;
    const char *url = model_endpoint ? model_endpoint : index->embedder_url;
    *out = NULL;
    if (model_endpoint && want->checksum != PLURUM_HTTP_CHECKSUM)
        return cli_error(EXIT_USAGE, "--embedder: the index is of model %s, which no URL is asked for",
                         want->dim ? want->name : "none");
    if (want->checksum == PLURUM_HTTP_CHECKSUM)
        return url ? model_open_url(out, url, want->name, want->dim) : 0;
    for (int model = 0; model < COUNT && want->checksum; model++)
        if (strcmp(want->name, MODELS[model].name) == 0) return model_open(out, model);
    return 0;
}
