/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Temporary indexes. They do not wait for the disk: nothing of them is kept.
 */
#include <config.h>

#include "bench/scratch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/model.h"
#include "tools/remove.h"

double scratch_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int make_folder(scratch_index *s)
{
    const char *folder = getenv("TMPDIR");
    if (!folder || !*folder) folder = "/tmp";
    snprintf(s->directory, sizeof s->directory, "%s/plurum-bench-XXXXXX", folder);
    if (mkdtemp(s->directory)) return 0;
    *s->directory = '\0';
    return cli_error(EXIT_STORAGE, "%s: no temporary folder: %s", folder, strerror(errno));
}

static int64_t clock_of(void *scratch)
{
    return ((const scratch_index *)scratch)->now;
}

int scratch_make(scratch_index *s, const collection *data, int vectors, int model)
{
    plurum_create_options create;
    plurum_open_options open = PLURUM_OPEN_OPTIONS_INIT;
    plurum_fingerprint caller = {.name = "caller", .text_template = 1};
    plurum_error error;
    char path[4096 + 8];
    plurum_create_options_init(&create);
    if (vectors) {
        caller.dim = (uint32_t)data->document_vectors.dim;
        create.fingerprint = &caller;
    } else if (model != MODEL_NONE) {
        int code = model_open(&s->embedder, model);
        if (code) return code;
        create.fingerprint = plurum_embedder_fingerprint(s->embedder);
        create.traits = plurum_embedder_traits(s->embedder);
    }
    int code = make_folder(s);
    if (code) return code;
    snprintf(path, sizeof path, "%s/index", s->directory);
    open.embedder = s->embedder;
    open.no_sync = 1;
    if (s->without_graphs) open.graph_from = SIZE_MAX;
    if (s->now) open.clock = clock_of, open.clock_payload = s;
    if (plurum_index_create(path, &create, &error) ||
        plurum_index_open(&s->index, path, &open, &error))
        return cli_failed(NULL, &error);
    return 0;
}

static plurum_status put_experience(plurum_batch *batch, const text_record *record,
                                    const float *vector, size_t dim, plurum_error *error)
{
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_experience *experience;
    options.import = 1;
    options.lifecycle = PLURUM_PUBLISHED;
    plurum_status status = plurum_experience_parse(&experience, record->experience,
                                                   strlen(record->experience), &options, error);
    if (status) return status;
    status = plurum_batch_put_experience(batch, experience, NULL, vector, dim,
                                         PLURUM_CONFLICT_ERROR, error);
    plurum_experience_free(experience);
    return status;
}

static plurum_status put(plurum_batch *batch, const text_record *record, const float *vector,
                         size_t dim, plurum_error *error)
{
    if (record->experience) return put_experience(batch, record, vector, dim, error);
    plurum_document document = PLURUM_DOCUMENT_INIT;
    document.key = record->id;
    document.text[PLURUM_TEXT_TITLE] = record->title;
    document.text[PLURUM_TEXT_BODY] = record->text;
    document.vector = vector;
    document.dim = dim;
    return plurum_batch_put(batch, &document, PLURUM_CONFLICT_ERROR, error);
}

int scratch_load(scratch_index *s, const collection *data, int vectors)
{
    enum { BATCH = 1000 };
    plurum_batch *batch;
    plurum_error error;
    if (plurum_batch_new(&batch, s->index, &error)) return cli_failed(NULL, &error);
    plurum_status status = PLURUM_OK;
    size_t dim = vectors ? data->document_vectors.dim : 0;
    for (size_t i = 0; i < data->document_count && !status; i++) {
        const float *vector = vectors ? data->document_vectors.values + i * dim : NULL;
        status = put(batch, &data->documents[i], vector, dim, &error);
        if (!status && plurum_batch_count(batch) == BATCH)
            status = plurum_batch_commit(batch, NULL, &error);
    }
    if (!status) status = plurum_batch_commit(batch, NULL, &error);
    plurum_batch_free(batch);
    if (!status) status = plurum_index_apply(s->index, &error);
    return status ? cli_failed(NULL, &error) : 0;
}

void scratch_free(scratch_index *s)
{
    plurum_index_close(s->index);
    plurum_embedder_free(s->embedder);
    if (*s->directory) remove_tree(s->directory);
    memset(s, 0, sizeof *s);
}
