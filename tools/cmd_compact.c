/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum compact: an index written anew, without what was deleted.
 */
#include <config.h>

#include "tools/commands.h"
#include "tools/job.h"

static int as_json;

static const cli_option OPTIONS[] = {CLI_OPTION_FLAG("json", &as_json, "one JSON object"),
                                     CLI_OPTION_END};

static int print(const plurum_compact_report *r, double seconds)
{
    if (as_json)
        return cli_print_json(json_pack("{s:I, s:I, s:I, s:f}", "bytes_before",
                                        (json_int_t)r->bytes_before, "bytes_after",
                                        (json_int_t)r->bytes_after, "samples",
                                        (json_int_t)r->samples, "seconds", seconds));
    printf("%llu KiB before, %llu KiB now, in %.1f s", (unsigned long long)r->bytes_before / 1024,
           (unsigned long long)r->bytes_after / 1024, seconds);
    if (r->samples)
        printf("; dictionary trained on %llu experiences", (unsigned long long)r->samples);
    putchar('\n');
    return EXIT_DONE;
}

static int run(const cli_arguments *a)
{
    plurum_job_options options = PLURUM_JOB_OPTIONS_INIT;
    plurum_compact_report report = {.struct_size = sizeof report};
    plurum_error error;
    job running;
    job_begin(&running, &options);
    plurum_status status = plurum_index_compact(&report, a->rest[0], &options, &error);
    double seconds = job_end(&running);
    if (status == PLURUM_NOTFOUND) return cli_error(EXIT_STORAGE, "%s", error.text);
    return status ? job_failed(&error, "the index is sound; compact it again")
                  : print(&report, seconds);
}

const cli_command compact_command = {
    .name = "compact",
    .summary = "write an index anew, without what was deleted",
    .synopsis = "INDEX [--json]",
    .about = "Writes an index anew: what was deleted, replaced or forgotten is gone from the disk "
             "then, and contents are compressed with a new dictionary. Ids, answers and trust stay "
             "the same. Needs room for a second copy meanwhile; nobody else may be writing, and "
             "processes that read must open the index again.",
    .example = "plurum compact notes",
    .least = 1,
    .most = 1,
    .options = OPTIONS,
    .run = run,
};
