/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum backup and plurum restore.
 */
#include <config.h>

#include "tools/commands.h"
#include "tools/job.h"

static int as_json;

static const cli_option OPTIONS[] = {CLI_OPTION_FLAG("json", &as_json, "one JSON object"),
                                     CLI_OPTION_END};

static int print(const plurum_copy_report *r, const char *what, const char *path, double seconds)
{
    if (as_json)
        return cli_print_json(json_pack("{s:s, s:I, s:I, s:I, s:I, s:f}", "index", path,
                                        "documents", (json_int_t)r->documents, "records",
                                        (json_int_t)r->records, "seq", (json_int_t)r->seq, "bytes",
                                        (json_int_t)r->bytes, "seconds", seconds));
    printf("%s: %llu documents, %llu records as of event %llu %s in %.1f s\n", path,
           (unsigned long long)r->documents, (unsigned long long)r->records,
           (unsigned long long)r->seq, what, seconds);
    return EXIT_DONE;
}

/* What is not there is a matter of storage. */
static int fail(const plurum_error *error)
{
    if (error->status == PLURUM_NOTFOUND) return cli_error(EXIT_STORAGE, "%s", error->text);
    return job_failed(error, "nothing was made; the same command begins anew");
}

static int backup(const cli_arguments *a)
{
    plurum_job_options options = PLURUM_JOB_OPTIONS_INIT;
    plurum_copy_report report = {.struct_size = sizeof report};
    plurum_error error;
    cli_index index;
    job running;
    int code = cli_open(&index, a->rest[0], CLI_READ, 0);
    if (code) return code;
    job_begin(&running, &options);
    plurum_status status =
        plurum_index_backup(&report, index.index, a->rest[1], &options, &error);
    double seconds = job_end(&running);
    code = status ? fail(&error) : print(&report, "backed up", a->rest[1], seconds);
    cli_close(&index);
    return code;
}

static int restore(const cli_arguments *a)
{
    plurum_job_options options = PLURUM_JOB_OPTIONS_INIT;
    plurum_copy_report report = {.struct_size = sizeof report};
    plurum_error error;
    job running;
    job_begin(&running, &options);
    plurum_status status =
        plurum_index_restore(&report, a->rest[0], a->rest[1], &options, &error);
    double seconds = job_end(&running);
    return status ? fail(&error) : print(&report, "restored and verified", a->rest[1], seconds);
}

const cli_command backup_command = {
    .name = "backup",
    .summary = "copy an index as it is at one moment",
    .synopsis = "INDEX DEST [--json]",
    .about = "Copies an index as it is at one moment to the directory DEST, which does not exist or "
             "is empty. Every record is checked on the way; others may read and write meanwhile. "
             "What can be made anew, the text index, stays out.",
    .example = "plurum backup notes notes-monday",
    .least = 2,
    .most = 2,
    .options = OPTIONS,
    .run = backup,
};

const cli_command restore_command = {
    .name = "restore",
    .summary = "make an index from a backup",
    .synopsis = "BACKUP INDEX [--json]",
    .about = "Makes a new index from a backup, in a directory that does not exist or is empty, "
             "and verifies all of it before it gets its name.",
    .example = "plurum restore notes-monday notes",
    .least = 2,
    .most = 2,
    .options = OPTIONS,
    .run = restore,
};
