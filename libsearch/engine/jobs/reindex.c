/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reindexing: another generation is made beside the live one, checked, and becomes the live one in a
 * single transaction. Until then nothing of it is seen; after it the old one is kept for rollback.
 */
#include <config.h>

#include <plurum/jobs.h>

#include <string.h>

#include "base/error.h"
#include "base/options.h"
#include "engine/jobs/generation.h"
#include "engine/jobs/reask.h"
#include "engine/jobs/reembed.h"
#include "engine/jobs/text_anew.h"
#include "engine/write/later.h"

typedef struct reindexing {
    plurum_index *index;
    plurum_reindex_options options;
    pli_job job;
    pli_generation target;
    int other_model; /* the target has other vectors than the live one     */
    int other_url;   /* the same model is asked at another place           */
    plurum_reindex_report report;
} reindexing;

/* Runs one small write transaction of this job's own. */
static plurum_status write_pending(reindexing *r, int drop_previous, plurum_error *error)
{
    pli_txn *txn;
    plurum_status status = pli_txn_write(&txn, r->index->store, error);
    if (status) return status;
    if (drop_previous) status = pli_generation_drop(txn, "previous", error);
    if (!status) status = pli_generation_save(&r->target, txn, "pending", error);
    if (!status) return pli_txn_commit(txn, error);
    pli_txn_end(txn);
    return status;
}

static int same_model(const plurum_fingerprint *a, const plurum_fingerprint *b)
{
    return pli_fingerprint_match(a, b, NULL) == PLURUM_OK;
}

/* What is to become live: the live one with another model, or other weights. */
static plurum_status plan_target(reindexing *r, int *resumed, pli_txn *txn, plurum_error *error)
{
    pli_generation pending;
    *resumed = 0;
    plurum_status status = pli_generation_live(&r->target, txn, error);
    if (status) return status;
    pli_configuration *c = &r->target.configuration;
    if (r->options.embedder) {
        c->fingerprint = *plurum_embedder_fingerprint(r->options.embedder);
        c->traits = *plurum_embedder_traits(r->options.embedder);
        status = pli_configuration_set_url(c, r->options.embedder_url, error);
        r->other_url = strcmp(c->embedder_url, r->index->embedder_url) != 0;
    } else if (r->options.without_vectors) {
        c->fingerprint = (plurum_fingerprint){.name = "caller", .text_template = 1};
        c->embedder_url[0] = '\0';
    }
    if (status) return status;
    if (r->options.weights) {
        r->target.has_weights = 1;
        r->target.weights = *r->options.weights;
    }
    r->other_model = !same_model(&c->fingerprint, &r->index->fingerprint);
    if (!r->other_model) return PLURUM_OK;
    r->target.model = pli_other_model(r->index->model);
    r->target.cleared = 0;
    status = pli_generation_load(&pending, txn, "pending", error);
    *resumed = !status && same_model(&pending.configuration.fingerprint, &c->fingerprint);
    if (*resumed) r->target.cleared = pending.cleared;
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

/* Vectors of the target beside the live ones; the previous generation gives them its place. */
static plurum_status make_vectors(reindexing *r, int resumed, plurum_error *error)
{
    plurum_status status = resumed ? PLURUM_OK : write_pending(r, 1, error);
    if (!status && !r->target.cleared) {
        status = pli_vectors_clear(r->index, r->target.model, &r->job, error);
        r->target.cleared = 1;
        if (!status) status = write_pending(r, 0, error);
    }
    if (!status && r->options.embedder)
        status = pli_vectors_fill(&r->report.without, r->index, r->target.model, r->options.embedder,
                                  &r->job, error);
    return status;
}

/* Where the model stays, it is asked for what waits for it. */
static plurum_status settle_waiting(reindexing *r, plurum_error *error)
{
    plurum_status status = plurum_index_use_embedder(r->index, r->options.embedder, error);
    return status ? status : pli_later_run(r->index, &r->job, error);
}

static plurum_status switch_to_target(reindexing *r, plurum_error *error)
{
    pli_txn *txn;
    plurum_status status = pli_txn_write(&txn, r->index->store, error);
    if (status) return status;
    status = pli_generation_switch(&r->target, txn, error);
    if (!status) return pli_txn_commit(txn, error);
    pli_txn_end(txn);
    return status;
}

/* The new generation as a whole, after the switch of this job's own handle to it. Then its model is
 * asked for the queries of outcomes; the report says how many are left, and nothing else comes of it. */
static plurum_status settle(reindexing *r, plurum_error *error)
{
    plurum_verify_report verified = {.struct_size = sizeof verified};
    plurum_status status = pli_index_reopen_store(r->index, error);
    if (!status) status = plurum_index_verify(&verified, r->index, NULL, NULL, error);
    r->report.documents = verified.documents;
    if (!status && r->options.embedder)
        pli_reask(&r->report.unasked, r->index, r->options.embedder, &r->job, NULL);
    return status;
}

static plurum_status reindex(reindexing *r, plurum_error *error)
{
    pli_txn *txn;
    int resumed;
    plurum_status status = pli_txn_read(&txn, r->index->store, error);
    if (status) return status;
    status = plan_target(r, &resumed, txn, error);
    pli_txn_end(txn);
    if (status) return status;
    if (r->other_model)
        status = make_vectors(r, resumed, error);
    else if (r->options.embedder)
        status = settle_waiting(r, error);
    if (!status) status = pli_text_anew(r->index, &r->job, error);
    if (!status && (r->other_model || r->other_url || r->options.weights))
        status = switch_to_target(r, error);
    return status ? status : settle(r, error);
}

/* For what was put since the generation to go back to was live. */
static plurum_status fill_gaps(reindexing *r, plurum_error *error)
{
    const plurum_fingerprint *model = &r->target.configuration.fingerprint;
    if (r->options.embedder)
        return pli_vectors_fill(&r->report.without, r->index, r->target.model, r->options.embedder,
                                &r->job, error);
    return model->checksum ? pli_vectors_await(r->index, r->target.model, &r->job, error) : PLURUM_OK;
}

static plurum_status rollback(reindexing *r, plurum_error *error)
{
    pli_txn *txn;
    plurum_status status = pli_txn_read(&txn, r->index->store, error);
    if (status) return status;
    status = pli_generation_load(&r->target, txn, "previous", error);
    pli_txn_end(txn);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, status, "%s: no generation before this one is kept", r->index->path);
    const plurum_fingerprint *model = &r->target.configuration.fingerprint;
    if (!status && r->options.embedder)
        status = pli_fingerprint_match(model, plurum_embedder_fingerprint(r->options.embedder), error);
    if (!status && r->target.model != r->index->model) status = fill_gaps(r, error);
    if (!status) status = switch_to_target(r, error);
    return status ? status : settle(r, error);
}

static plurum_status check_options(const reindexing *r, plurum_error *error)
{
    const plurum_reindex_options *o = &r->options;
    if (o->rollback && (o->weights || o->without_vectors))
        return pli_fail(error, PLURUM_ARG, "rollback: weights and model are those of before");
    if (o->embedder && o->without_vectors)
        return pli_fail(error, PLURUM_ARG, "embedder and without_vectors: one of them");
    if (o->embedder_url && (!o->embedder || o->rollback))
        return pli_fail(error, PLURUM_ARG, "embedder_url: goes with the embedder of a new generation");
    return PLURUM_OK;
}

plurum_status plurum_index_reindex(plurum_reindex_report *out, const char *path,
                                   const plurum_reindex_options *options, plurum_error *error)
{
    plurum_open_options opening = PLURUM_OPEN_OPTIONS_INIT;
    reindexing r = {.options = PLURUM_REINDEX_OPTIONS_INIT};
    plurum_status status =
        out ? pli_options_size(out->struct_size, "plurum_reindex_report", error) : PLURUM_OK;
    if (!status)
        status = pli_options_copy(&r.options, sizeof r.options, options, "plurum_reindex_options",
                                  error);
    if (!status) status = pli_job_begin(&r.job, &r.options.job, error);
    if (!status) status = check_options(&r, error);
    opening.manual_apply = 1;
    if (!status) status = plurum_index_open(&r.index, path, &opening, error);
    if (status) return status;
    status = r.options.rollback ? rollback(&r, error) : reindex(&r, error);
    if (!status) {
        const plurum_fingerprint *model = plurum_index_configuration(r.index)->fingerprint;
        memcpy(r.report.model, model->name, sizeof r.report.model);
        r.report.dim = model->dim;
    }
    plurum_index_close(r.index);
    if (status || !out) return status;
    size_t size = out->struct_size;
    memset(out, 0, size);
    memcpy(out, &r.report, size < sizeof r.report ? size : sizeof r.report);
    out->struct_size = size;
    return PLURUM_OK;
}
