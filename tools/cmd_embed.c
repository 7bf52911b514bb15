/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum embed: the vectors that documents wait for.
 */
#include <config.h>

#include "tools/commands.h"
#include "tools/job.h"
#include "tools/model.h"

static int as_json;

static const cli_option OPTIONS[] = {MODEL_ENDPOINT_OPTION,
                                     CLI_OPTION_FLAG("json", &as_json, "one JSON object"),
                                     CLI_OPTION_END};

static int print(uint64_t embedded, uint64_t waiting, double seconds)
{
    if (as_json)
        return cli_print_json(json_pack("{s:I, s:I, s:f}", "embedded", (json_int_t)embedded,
                                        "waiting", (json_int_t)waiting, "seconds", seconds));
    printf("%llu embedded in %.1f s, %llu wait still\n", (unsigned long long)embedded, seconds,
           (unsigned long long)waiting);
    return EXIT_DONE;
}

/* What has its vector keeps it, however the rest goes. */
static int embed(plurum_index *index)
{
    plurum_job_options options = PLURUM_JOB_OPTIONS_INIT;
    plurum_stats before = {.struct_size = sizeof before}, after = before;
    plurum_error why, error;
    job running;
    if (plurum_index_stats(&before, index, &error)) return cli_failed(NULL, &error);
    job_begin(&running, &options);
    plurum_status status = before.waiting ? plurum_index_embed(index, &options, &why) : PLURUM_OK;
    double seconds = job_end(&running);
    if (before.waiting) plurum_index_apply(index, NULL); /* the text index, as far as it can be */
    if (plurum_index_stats(&after, index, &error)) return cli_failed(NULL, &error);
    int code = print(before.waiting - after.waiting, after.waiting, seconds);
    return status ? job_failed(&why, "the same command goes on from here") : code;
}

static int run(const cli_arguments *a)
{
    cli_index index = {0};
    int code = cli_open(&index, a->rest[0], CLI_BY_HAND, 1);
    if (!code) code = embed(index.index);
    cli_close(&index);
    return code;
}

const cli_command embed_command = {
    .name = "embed",
    .summary = "ask for the vectors that experiences wait for",
    .synopsis = "INDEX [options]",
    .about = "Asks the model of an index for the vectors that experiences wait for since they were "
             "imported with --embed-later while it did not answer. Whatever else opens the index to "
             "import does so too, in the background.",
    .example = "plurum embed notes",
    .least = 1,
    .most = 1,
    .options = OPTIONS,
    .run = run,
};
