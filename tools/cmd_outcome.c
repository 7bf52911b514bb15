/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum outcome: whether an experience worked for an agent.
 */
#include <config.h>

#include "tools/cli.h"
#include "tools/commands.h"

static int report(const char *path, const plurum_outcome *outcome)
{
    cli_index index;
    plurum_batch *batch;
    plurum_receipt receipt;
    plurum_error error;
    int code = cli_open(&index, path, CLI_WRITE, 0);
    if (code) return code;
    if (plurum_batch_new(&batch, index.index, &error)) code = cli_failed(NULL, &error);
    if (!code && plurum_batch_outcome(batch, outcome, &error)) {
        plurum_batch_free(batch);
        code = cli_failed(NULL, &error);
    } else if (!code) {
        code = cli_commit(batch, &receipt);
    }
    if (!code)
        printf("%s of %s recorded%s\n", outcome->success ? "success" : "failure", receipt.key,
               receipt.counted ? "" : "; an author's own report is not counted");
    cli_close(&index);
    return code;
}

int cmd_outcome(int argc, const char **argv)
{
    char *agent = NULL, *error_text = NULL, *notes = NULL, *at = NULL, *environment = NULL;
    int success = 0, failure = 0;
    long long time_ms = -1;
    const struct poptOption options[] = {
        {"agent", 0, POPT_ARG_STRING, &agent, 0, "who reports (required)", "A"},
        {"success", 0, POPT_ARG_NONE, &success, 0, "it worked", NULL},
        {"failure", 0, POPT_ARG_NONE, &failure, 0, "it did not", NULL},
        {"time-ms", 0, POPT_ARG_LONGLONG, &time_ms, 0, "how long it took", "N"},
        {"error", 0, POPT_ARG_STRING, &error_text, 0, "what went wrong", "TEXT"},
        {"notes", 0, POPT_ARG_STRING, &notes, 0, "the circumstances", "TEXT"},
        {"env", 0, POPT_ARG_STRING, &environment, 0, "the environment, a JSON object", "JSON"},
        {"at", 0, POPT_ARG_STRING, &at, 0, "when (default: now)", "TIME"},
        POPT_AUTOHELP POPT_TABLEEND};
    cli_arguments a;
    plurum_outcome outcome = PLURUM_OUTCOME_INIT;
    int code = cli_parse(&a, argc, argv, options, "INDEX ID --agent A --success|--failure", 2, 2,
                         NULL);
    if (!code && !agent) code = cli_error(EXIT_USAGE, "--agent: missing");
    if (!code && success == failure)
        code = cli_error(EXIT_USAGE, "one of --success and --failure expected");
    if (!code && at) code = cli_time(&outcome.at, "--at", at);
    if (!code && time_ms < -1)
        code = cli_error(EXIT_USAGE, "--time-ms: %lld, 0 or more expected", time_ms);
    if (!code) {
        outcome.id = a.rest[1];
        outcome.agent = agent;
        outcome.success = success;
        outcome.execution_time_ms = time_ms;
        outcome.error_message = error_text;
        outcome.context_notes = notes;
        outcome.env_fingerprint = environment;
        code = report(a.rest[0], &outcome);
    }
    cli_arguments_free(&a);
    return code;
}
