/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Backup and restore.
 *
 * A backup is an index directory without what can be derived: the store of one moment. Restoring is
 * the same copy the other way, then the text index is made, and everything is verified.
 */
#include <config.h>

#include <plurum/jobs.h>

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/options.h"
#include "engine/apply/applier.h"
#include "engine/files.h"
#include "engine/jobs/build.h"

/* Hands the caller's report as much as it has room for. */
static void report_back(plurum_copy_report *out, const pli_copy *copy, const pli_txn *txn,
                        const char *directory)
{
    size_t size = out->struct_size;
    char *store = pli_files_join(directory, "store");
    plurum_copy_report r = {.struct_size = size,
                            .documents = pli_txn_count(txn, PLI_DOCS),
                            .records = copy->records,
                            .seq = pli_txn_seq(txn),
                            .bytes = store ? pli_files_size(store) : 0};
    pli_free(store);
    memset(out, 0, size);
    memcpy(out, &r, size < sizeof r ? size : sizeof r);
}

static plurum_status check_report(const plurum_copy_report *out, plurum_error *error)
{
    return out ? pli_options_size(out->struct_size, "plurum_copy_report", error) : PLURUM_OK;
}

/* Opens what has been built, makes its text index, and verifies all of it. */
static plurum_status finish_index(const char *path, pli_job *job, plurum_error *error)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    plurum_verify_report verified = {.struct_size = sizeof verified};
    plurum_index *index;
    options.manual_apply = 1;
    plurum_status status = pli_job_step(job, "text indexes", 1, error);
    if (!status) status = plurum_index_open(&index, path, &options, error);
    if (status) return status;
    status = pli_applier_catch_up(index, error); /* graphs are for whoever writes next */
    if (!status) status = pli_job_done(job, error);
    if (!status) status = plurum_index_verify(&verified, index, NULL, NULL, error);
    plurum_index_close(index);
    return status;
}

static plurum_status build(plurum_copy_report *out, plurum_index *index, const char *dest,
                           int whole, const plurum_job_options *options, plurum_error *error)
{
    pli_build b = {0};
    pli_job job;
    pli_copy copy = {.job = &job};
    plurum_status status = pli_job_begin(&job, options, error);
    if (!status) status = pli_txn_read(&copy.from, index->store, error);
    if (!status) status = pli_build_begin(&b, dest, error);
    if (!status) status = pli_build_store(&b, index, &copy, error);
    if (!status && whole) status = finish_index(b.part, &job, error);
    status = pli_build_end(&b, status, error);
    if (!status && out) report_back(out, &copy, copy.from, dest);
    pli_txn_end(copy.from);
    return status;
}

plurum_status plurum_index_backup(plurum_copy_report *out, plurum_index *index, const char *dest,
                                  const plurum_job_options *options, plurum_error *error)
{
    if (!dest) return pli_fail(error, PLURUM_ARG, "dest: NULL");
    plurum_status status = check_report(out, error);
    return status ? status : build(out, index, dest, 0, options, error);
}

plurum_status plurum_index_restore(plurum_copy_report *out, const char *backup, const char *path,
                                   const plurum_job_options *options, plurum_error *error)
{
    plurum_open_options reading = PLURUM_OPEN_OPTIONS_INIT;
    plurum_index *index;
    if (!backup || !path)
        return pli_fail(error, PLURUM_ARG, "%s: NULL", backup ? "path" : "backup");
    plurum_status status = check_report(out, error);
    if (!status) status = pli_files_check_empty(path, error);
    if (status) return status;
    reading.read_only = 1;
    status = plurum_index_open(&index, backup, &reading, error);
    if (status) return status;
    status = build(out, index, path, 1, options, error);
    plurum_index_close(index);
    return status;
}
