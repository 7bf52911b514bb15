/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compaction: the store is written anew without what was deleted, contents packed with a dictionary
 * trained on what is public now; then the text index, which keeps the words of deleted documents.
 */
#include <config.h>

#include <plurum/jobs.h>

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/options.h"
#include "engine/apply/dictionary.h"
#include "engine/files.h"
#include "engine/jobs/copy.h"
#include "engine/jobs/switch.h"
#include "engine/jobs/text_anew.h"

typedef struct compaction {
    plurum_index *index;
    pli_job job;
    pli_codec *codec; /* of the new store */
    pli_copy copy;
    plurum_compact_report report;
} compaction;

static plurum_status repack(void *payload, pli_buf *blob, uint32_t id, plurum_error *error)
{
    compaction *c = payload;
    char *content;
    size_t len;
    plurum_status status =
        pli_blob_get(&content, &len, c->index->codec, c->copy.from, id, error);
    if (!status) status = pli_blob_pack(blob, c->codec, content, len, error);
    pli_free(content);
    return status;
}

/* A dictionary into the new store, where there is enough to train one on, and a codec that uses it. */
static plurum_status give_dictionary(compaction *c, plurum_error *error)
{
    pli_buf bytes = PLI_BUF_INIT;
    pli_txn *txn = NULL;
    uint32_t version;
    plurum_status status =
        pli_dictionary_make(&bytes, &c->report.samples, c->index, c->copy.from, error);
    if (!status) status = pli_txn_write(&txn, c->copy.to, error);
    if (!status && bytes.len) status = pli_dict_put(&version, txn, bytes.bytes, bytes.len, error);
    if (!status) {
        status = pli_txn_commit(txn, error);
        txn = NULL;
    }
    pli_txn_end(txn);
    pli_buf_free(&bytes);
    if (!status) status = pli_txn_read(&txn, c->copy.to, error);
    if (status) return status;
    status = pli_codec_open(&c->codec, txn, error);
    pli_txn_end(txn);
    return status;
}

static plurum_status fill_new(compaction *c, plurum_error *error)
{
    plurum_status status = pli_txn_read(&c->copy.from, c->index->store, error);
    if (!status) status = pli_switch_begin(&c->copy.to, c->index, error);
    if (!status) status = pli_job_step(&c->job, "dictionaries", 1, error);
    if (!status) status = give_dictionary(c, error);
    if (!status) status = pli_copy_run(&c->copy, error);
    pli_codec_close(c->codec);
    pli_store_close(c->copy.to);
    pli_txn_end(c->copy.from);
    if (status) pli_switch_abandon(c->index);
    return status;
}

static uint64_t size_of(const plurum_index *index)
{
    char *store = pli_files_join(index->path, "store");
    uint64_t bytes = (store ? pli_files_size(store) : 0) + pli_files_size(index->text_path);
    pli_free(store);
    return bytes;
}

static plurum_status run(compaction *c, plurum_error *error)
{
    plurum_verify_report verified = {.struct_size = sizeof verified};
    c->copy = (pli_copy){.job = &c->job, .repack = repack, .payload = c};
    c->report.bytes_before = size_of(c->index);
    plurum_status status = fill_new(c, error);
    if (!status) status = pli_switch_commit(c->index, error);
    if (!status) status = pli_text_anew(c->index, &c->job, error);
    if (!status) status = plurum_index_verify(&verified, c->index, NULL, NULL, error);
    c->report.bytes_after = size_of(c->index);
    return status;
}

plurum_status plurum_index_compact(plurum_compact_report *out, const char *path,
                                   const plurum_job_options *options, plurum_error *error)
{
    plurum_open_options opening = PLURUM_OPEN_OPTIONS_INIT;
    compaction c = {0};
    plurum_status status =
        out ? pli_options_size(out->struct_size, "plurum_compact_report", error) : PLURUM_OK;
    if (!status) status = pli_job_begin(&c.job, options, error);
    opening.manual_apply = 1;
    if (!status) status = plurum_index_open(&c.index, path, &opening, error);
    if (status) return status;
    status = run(&c, error);
    plurum_index_close(c.index);
    if (status || !out) return status;
    size_t size = out->struct_size;
    memset(out, 0, size);
    memcpy(out, &c.report, size < sizeof c.report ? size : sizeof c.report);
    out->struct_size = size;
    return PLURUM_OK;
}
