/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum outcome: whether an experience worked for an agent.
 */
#include <config.h>

#include "tools/change.h"
#include "tools/commands.h"

static struct {
    const char *agent, *error, *notes, *environment, *query;
    int success, failure, json;
    int64_t time_ms, at;
} o = {.time_ms = -1, .at = PLURUM_TIME_UNSET};

static const cli_option OPTIONS[] = {
    CLI_OPTION_TEXT("agent", &o.agent, "A", "who reports (required)"),
    CLI_OPTION_FLAG("success", &o.success, "it worked (this or --failure is required)"),
    CLI_OPTION_FLAG("failure", &o.failure, "it did not"),
    CLI_OPTION_WHOLE("time-ms", &o.time_ms, 0, INT64_MAX, "N", "how long it took"),
    CLI_OPTION_TEXT("error", &o.error, "TEXT", "what went wrong"),
    CLI_OPTION_TEXT("notes", &o.notes, "TEXT", "the circumstances"),
    CLI_OPTION_TEXT("env", &o.environment, "JSON", "the environment, a JSON object"),
    CLI_OPTION_TEXT("query", &o.query, "TEXT",
                    "what was asked when it was found: it counts in full for queries like that"),
    CLI_OPTION_TIME("at", &o.at, "when (default: now)"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"),
    CLI_OPTION_END};

static plurum_status add(plurum_batch *batch, const void *what, plurum_error *error)
{
    return plurum_batch_outcome(batch, what, error);
}

static int run(const cli_arguments *a)
{
    plurum_outcome outcome = PLURUM_OUTCOME_INIT;
    plurum_receipt receipt;
    if (!o.agent) return cli_error(EXIT_USAGE, "--agent: missing; it says who reports");
    if (o.success == o.failure)
        return cli_error(EXIT_USAGE, "%s of --success and --failure given, one expected",
                         o.success ? "both" : "none");
    outcome.id = a->rest[1];
    outcome.agent = o.agent;
    outcome.success = o.success;
    outcome.at = o.at;
    outcome.execution_time_ms = o.time_ms;
    outcome.error_message = o.error;
    outcome.context_notes = o.notes;
    outcome.env_fingerprint = o.environment;
    outcome.query = o.query;
    int code = change_commit(&receipt, a->rest[0], add, &outcome, o.query != NULL);
    if (code) return code;
    if (o.json) return change_json(&receipt, 1);
    printf("%s of %s recorded%s\n", outcome.success ? "success" : "failure", change_name(&receipt),
           receipt.counted ? "" : "; an author's own report is not counted");
    return EXIT_DONE;
}

const cli_command outcome_command = {
    .name = "outcome",
    .summary = "report whether an experience worked",
    .synopsis = "INDEX ID --agent A --success|--failure [options]",
    .about = "Reports whether an experience worked for an agent that used it. One report an agent "
             "and experience; the author's own is stored and not counted.",
    .example = "plurum outcome notes k59xmnom --agent anna --failure --error 'still bloated'",
    .least = 2,
    .most = 2,
    .options = OPTIONS,
    .run = run,
};
