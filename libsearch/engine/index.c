/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening and closing an index.
 */
#include <config.h>

#include <plurum/index.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/options.h"
#include "engine/apply/applier.h"
#include "engine/apply/builder.h"
#include "engine/configuration.h"
#include "engine/files.h"
#include "engine/jobs/generation.h"
#include "engine/jobs/switch.h"
#include "engine/view/snapshot.h"
#include "engine/write/later.h"

void plurum_open_options_init(plurum_open_options *options)
{
    static const plurum_open_options DEFAULTS = PLURUM_OPEN_OPTIONS_INIT;
    *options = DEFAULTS;
}

/* A condition that is waited for by a clock that nobody sets. */
static void init_timed(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void init_locks(plurum_index *index)
{
    pthread_mutex_init(&index->writer.mutex, NULL);
    pthread_cond_init(&index->writer.turn, NULL);
    index->writer.last = &index->writer.first;
    pthread_mutex_init(&index->applier.mutex, NULL);
    pthread_mutex_init(&index->applier.work, NULL);
    pthread_rwlock_init(&index->applier.still, NULL);
    init_timed(&index->applier.wake);
    pthread_cond_init(&index->applier.progress, NULL);
    pthread_mutex_init(&index->view_mutex, NULL);
    pthread_mutex_init(&index->pool_mutex, NULL);
    pli_pending_init(&index->pending);
    pli_segments_init(&index->segments);
    pli_checkpoint_init(&index->checkpoint);
    pli_builder_init(&index->builder);
    pli_later_init(&index->later);
}

static void destroy_locks(plurum_index *index)
{
    pli_later_destroy(&index->later);
    pli_builder_destroy(&index->builder);
    pli_checkpoint_destroy(&index->checkpoint);
    pli_pending_free(&index->pending);
    pthread_mutex_destroy(&index->pool_mutex);
    pthread_mutex_destroy(&index->view_mutex);
    pthread_cond_destroy(&index->applier.progress);
    pthread_cond_destroy(&index->applier.wake);
    pthread_rwlock_destroy(&index->applier.still);
    pthread_mutex_destroy(&index->applier.work);
    pthread_mutex_destroy(&index->applier.mutex);
    pthread_cond_destroy(&index->writer.turn);
    pthread_mutex_destroy(&index->writer.mutex);
}

/* The text index's directory says which analysis made it and which store it follows: another one
 * is never taken for it. */
static char *text_path(const char *path, const char *identity)
{
    char name[64];
    snprintf(name, sizeof name, "text-%d-%.8s", PLI_ANALYSIS_VERSION, identity);
    return pli_files_join(path, name);
}

static void adopt(plurum_index *index, const pli_configuration *c)
{
    index->fingerprint = c->fingerprint;
    index->traits = c->traits;
    index->trust = c->trust;
    plurum_create_options_init(&index->config);
    index->config.fingerprint = &index->fingerprint;
    index->config.traits = &index->traits;
    index->config.trust = &index->trust;
    index->config.newcomer_weights = c->newcomer_weights;
    index->config.map_size = c->map_size;
    memcpy(index->embedder_url, c->embedder_url, sizeof index->embedder_url);
    if (*index->embedder_url) index->config.embedder_url = index->embedder_url;
}

static plurum_status open_store(plurum_index *index, plurum_error *error)
{
    pli_store_options options = {.read_only = index->options.read_only,
                                 .no_sync = index->options.no_sync};
    pli_configuration configuration;
    pli_txn *txn = NULL;
    char *directory = pli_files_join(index->path, "store");
    if (!directory) return pli_nomem(error);
    plurum_status status = pli_store_open(&index->store, directory, &options, error);
    if (!status) status = pli_txn_read(&txn, index->store, error);
    if (!status) status = pli_configuration_load(&configuration, txn, error);
    if (!status) status = pli_generation_model(&index->model, txn, error);
    if (!status) status = pli_generation_weights(&index->weights, &index->has_weights, txn, error);
    if (!status) {
        adopt(index, &configuration);
        index->text_path = text_path(index->path, configuration.identity);
        status = index->text_path ? pli_codec_open(&index->codec, txn, error) : pli_nomem(error);
    }
    if (!status)
        status = pli_segments_open(&index->segments, index->path, configuration.identity,
                                   &index->fingerprint, index->model, error);
    if (!status)
        index->checkpoint.owner = pli_checkpoint_owner(index, pli_txn_generation(txn));
    pli_txn_end(txn);
    pli_free(directory);
    return status;
}

plurum_status pli_index_reopen_store(plurum_index *index, plurum_error *error)
{
    pli_forget_views(index);
    pli_segments_drop(&index->segments);
    pli_codec_close(index->codec);
    pli_store_close(index->store);
    pli_free(index->text_path);
    index->codec = NULL;
    index->store = NULL;
    index->text_path = NULL;
    index->builder.looked_at = 0;
    plurum_status status = open_store(index, error);
    if (!status) status = pli_segments_sweep(index, error);
    return status ? status : pli_checkpoint_sweep(index, error);
}

static plurum_status take_embedder(plurum_index *index, const plurum_embedder *embedder,
                                   plurum_error *error)
{
    plurum_status status = pli_fingerprint_match(
        &index->fingerprint, plurum_embedder_fingerprint(embedder), error);
    if (!status) index->options.embedder = embedder;
    return status;
}

plurum_status plurum_index_use_embedder(plurum_index *index, const plurum_embedder *embedder,
                                        plurum_error *error)
{
    if (!embedder) return pli_fail(error, PLURUM_ARG, "embedder: NULL");
    plurum_status status = take_embedder(index, embedder, error);
    return status ? status : pli_later_start(index, error);
}

static plurum_status open_index(plurum_index *index, plurum_error *error)
{
    plurum_status status =
        pli_lock_take(&index->lock, index->path, !index->options.read_only, error);
    if (!status) status = pli_switch_recover(index->path, index->options.read_only, error);
    if (!status) status = open_store(index, error);
    if (!status && index->options.embedder)
        status = take_embedder(index, index->options.embedder, error);
    if (!status && !index->options.read_only) status = pli_checkpoint_sweep(index, error);
    if (!status && !index->options.read_only) status = pli_applier_start(index, error);
    if (!status && !index->options.read_only) status = pli_builder_start(index, error);
    if (!status) status = pli_later_start(index, error);
    return status;
}

plurum_status plurum_index_open(plurum_index **out, const char *path,
                                const plurum_open_options *options, plurum_error *error)
{
    *out = NULL;
    plurum_open_options given;
    plurum_open_options_init(&given);
    if (!path) return pli_fail(error, PLURUM_ARG, "path: NULL");
    plurum_status status =
        pli_options_copy(&given, sizeof given, options, "plurum_open_options", error);
    if (!status && (given.graph_from < 1 || given.segment_size < 1))
        status = pli_fail(error, PLURUM_ARG, "%s: 0, 1 or more expected",
                          given.graph_from < 1 ? "graph_from" : "segment_size");
    if (!status) status = pli_files_check_format(path, error);
    if (status) return status;
    plurum_index *index = pli_calloc(1, sizeof *index);
    if (!index) return pli_nomem(error);
    init_locks(index);
    index->options = given;
    index->path = pli_strdup(path);
    status = index->path ? open_index(index, error) : pli_nomem(error);
    if (status) {
        index->options.manual_apply = 1; /* nothing to bring up to date */
        plurum_index_close(index);
        return status;
    }
    *out = index;
    return PLURUM_OK;
}

void plurum_index_close(plurum_index *index)
{
    if (!index) return;
    pli_later_stop(index);
    pli_builder_stop(index);
    pli_applier_stop(index);
    if (!index->options.read_only && !index->options.manual_apply) pli_checkpoint_consider(index);
    pli_forget_views(index);
    pli_segments_close(&index->segments);
    for (size_t i = 0; i < index->reader_count; i++) pli_text_reader_close(index->readers[i]);
    for (size_t i = 0; i < index->analyser_count; i++) pli_analyser_free(index->analysers[i]);
    pli_codec_close(index->codec);
    pli_store_close(index->store);
    pli_lock_release(index->lock);
    destroy_locks(index);
    pli_free(index->text_path);
    pli_free(index->path);
    pli_free(index);
}

const plurum_create_options *plurum_index_configuration(const plurum_index *index)
{
    return &index->config;
}

plurum_status plurum_index_apply(plurum_index *index, plurum_error *error)
{
    if (index->options.read_only)
        return pli_fail(error, PLURUM_UNSUPPORTED, "%s: opened for reading only", index->path);
    pli_later_run(index, NULL, NULL);
    plurum_status status = pli_applier_catch_up(index, error);
    return status ? status : pli_builder_run(index, error);
}
