/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum forget: everything that an agent has said, and its name on what it wrote.
 */
#include <config.h>

#include "tools/commands.h"
#include "tools/job.h"

static struct {
    const char *agent;
    int json;
} o;

static const cli_option OPTIONS[] = {
    CLI_OPTION_TEXT("agent", &o.agent, "A", "whom to forget (required)"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"), CLI_OPTION_END};

static int print(const plurum_forget_report *r)
{
    if (o.json)
        return cli_print_json(json_pack("{s:I, s:I, s:I, s:I}", "outcomes", (json_int_t)r->outcomes,
                                        "votes", (json_int_t)r->votes, "experiences",
                                        (json_int_t)r->owned, "refolded",
                                        (json_int_t)r->refolded));
    printf("forgotten: %llu outcomes and %llu votes on %llu experiences, the authorship of %llu\n",
           (unsigned long long)r->outcomes, (unsigned long long)r->votes,
           (unsigned long long)r->refolded, (unsigned long long)r->owned);
    return EXIT_DONE;
}

static int run(const cli_arguments *a)
{
    plurum_job_options options = PLURUM_JOB_OPTIONS_INIT;
    plurum_forget_report report = {.struct_size = sizeof report};
    plurum_error error;
    cli_index index;
    job running;
    if (!o.agent) return cli_error(EXIT_USAGE, "--agent: missing; it says whom to forget");
    int code = cli_open(&index, a->rest[0], CLI_WRITE, 0);
    if (code) return code;
    job_begin(&running, &options);
    plurum_status status = plurum_index_forget(&report, index.index, o.agent, &options, &error);
    job_end(&running);
    code = status ? job_failed(&error, "nothing was forgotten") : print(&report);
    cli_close(&index);
    int nothing = !report.outcomes && !report.votes && !report.owned;
    return !code && nothing ? EXIT_NOTHING : code;
}

const cli_command forget_command = {
    .name = "forget",
    .summary = "remove an agent's reports, votes and name",
    .synopsis = "INDEX --agent A [--json]",
    .about = "Removes everything that an agent has reported and voted, and its name from its "
             "experiences, which stay, without an author. The trust of what it reported on is made "
             "anew from the reports that remain. After compact it is gone from the disk too. "
             "Exits 1 if there was nothing of that agent.",
    .example = "plurum forget notes --agent anna",
    .least = 1,
    .most = 1,
    .options = OPTIONS,
    .run = run,
};
