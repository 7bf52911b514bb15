/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a path to the embedder of the model that is in the file.
 */
#include <config.h>

#include <plurum/embed.h>

#include <string.h>

#include "base/error.h"
#include "embed/minilm.h"
#include "embed/model_file.h"
#include "embed/static.h"

typedef plurum_status (*maker)(plurum_embedder **out, const pli_model_map *map,
                               plurum_error *error);

static plurum_status open_with(maker make, plurum_embedder **out, const char *path,
                               plurum_error *error)
{
    pli_model_map map;
    if (!out) return pli_fail(error, PLURUM_ARG, "no place for the embedder (out is NULL)");
    *out = NULL;
    if (!path) return pli_fail(error, PLURUM_ARG, "the path of the model is NULL");
    plurum_status status = pli_model_map_file(&map, path, error);
    if (!status) {
        status = make(out, &map, error);
        if (status) pli_model_unmap(&map);
    }
    if (status) pli_model_name_file(error, path);
    return status;
}

/* By the first bytes of the file. */
static plurum_status make_any(plurum_embedder **out, const pli_model_map *map, plurum_error *error)
{
    if (map->len >= 4 && memcmp(map->bytes, "PLTM", 4) == 0)
        return pli_minilm_embedder(out, map, error);
    if (map->len >= 4 && memcmp(map->bytes, "PLSM", 4) == 0)
        return pli_static_embedder(out, map, error);
    return pli_fail(error, PLURUM_FORMAT, "not a model: it begins with neither PLSM nor PLTM");
}

plurum_status plurum_embedder_open(plurum_embedder **out, const char *path, plurum_error *error)
{
    return open_with(make_any, out, path, error);
}

plurum_status plurum_embedder_open_static(plurum_embedder **out, const char *path,
                                          plurum_error *error)
{
    return open_with(pli_static_embedder, out, path, error);
}

plurum_status plurum_embedder_open_minilm(plurum_embedder **out, const char *path,
                                          plurum_error *error)
{
    return open_with(pli_minilm_embedder, out, path, error);
}
