/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a path to the embedder of the model that is in the file.
 */
#include <config.h>

#include <plurum/embed.h>

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "embed/model_file.h"

/* A model and the file under it, as an embedder's payload. */
typedef struct mapped {
    const pli_model_kind *kind;
    void *model;
    pli_model_map map;
} mapped;

static plurum_status embed(void *payload, const char *const *texts, size_t count, float *out,
                           plurum_error *error)
{
    const mapped *m = payload;
    return m->kind->embed(m->model, texts, count, out, error);
}

static void release(void *payload)
{
    mapped *m = payload;
    m->kind->free(m->model);
    pli_model_unmap(&m->map);
    pli_free(m);
}

/* The embedder of a model; it owns the map unless it fails. */
static plurum_status wrap(plurum_embedder **out, const pli_model_kind *kind,
                          const pli_model_map *map, plurum_error *error)
{
    mapped *m = pli_calloc(1, sizeof *m);
    if (!m) return pli_nomem(error);
    m->kind = kind;
    plurum_fingerprint fingerprint = {.dim = 0};
    plurum_embedder_methods methods = {
        .struct_size = sizeof methods, .embed = embed, .release = release};
    plurum_status status = kind->open(&m->model, map, error);
    if (!status) {
        kind->describe(&fingerprint, m->model);
        status = plurum_embedder_create(out, &fingerprint, kind->traits, &methods, m, error);
    }
    if (status)
        release(m); /* which has no map yet */
    else
        m->map = *map;
    return status;
}

/* By the first bytes of the file; NULL: neither. */
static const pli_model_kind *kind_of(const pli_model_map *map)
{
    static const pli_model_kind *const KINDS[] = {&pli_static_kind, &pli_minilm_kind};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (map->len >= 4 && memcmp(map->bytes, KINDS[i]->magic, 4) == 0) return KINDS[i];
    return NULL;
}

/* A file of this kind, or of whichever it is where kind is NULL. */
static plurum_status open_kind(plurum_embedder **out, const pli_model_kind *kind, const char *path,
                               plurum_error *error)
{
    pli_model_map map;
    if (!out) return pli_fail(error, PLURUM_ARG, "no place for the embedder (out is NULL)");
    *out = NULL;
    if (!path) return pli_fail(error, PLURUM_ARG, "the path of the model is NULL");
    plurum_status status = pli_model_map_file(&map, path, error);
    if (!status) {
        if (!kind) kind = kind_of(&map);
        status = kind ? wrap(out, kind, &map, error)
                      : pli_fail(error, PLURUM_FORMAT,
                                 "not a model: it begins with neither PLSM nor PLTM");
        if (status) pli_model_unmap(&map);
    }
    if (status) pli_model_name_file(error, path);
    return status;
}

plurum_status plurum_embedder_open(plurum_embedder **out, const char *path, plurum_error *error)
{
    return open_kind(out, NULL, path, error);
}

plurum_status plurum_embedder_open_static(plurum_embedder **out, const char *path,
                                          plurum_error *error)
{
    return open_kind(out, &pli_static_kind, path, error);
}

plurum_status plurum_embedder_open_minilm(plurum_embedder **out, const char *path,
                                          plurum_error *error)
{
    return open_kind(out, &pli_minilm_kind, path, error);
}
