/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum vote: an agent's vote on an experience; a new one replaces the old.
 */
#include <config.h>

#include <string.h>

#include "tools/cli.h"
#include "tools/commands.h"

static int vote(const char *path, const char *id, const char *agent, const char *word)
{
    cli_index index;
    plurum_batch *batch;
    plurum_receipt receipt;
    plurum_error error;
    int code = cli_open(&index, path, CLI_WRITE, 0);
    if (code) return code;
    if (plurum_batch_new(&batch, index.index, &error)) code = cli_failed(NULL, &error);
    if (!code && plurum_batch_vote(batch, id, agent, strcmp(word, "up") == 0 ? 1 : -1,
                                   PLURUM_TIME_UNSET, &error)) {
        plurum_batch_free(batch);
        code = cli_failed(NULL, &error);
    } else if (!code) {
        code = cli_commit(batch, &receipt);
    }
    if (!code)
        printf("vote %s on %s %s%s\n", word, receipt.key,
               receipt.changed ? "recorded" : "was there already",
               receipt.counted ? "" : "; an author's own vote is not counted");
    cli_close(&index);
    return code;
}

int cmd_vote(int argc, const char **argv)
{
    char *agent = NULL;
    const struct poptOption options[] = {
        {"agent", 0, POPT_ARG_STRING, &agent, 0, "who votes (required)", "A"},
        POPT_AUTOHELP POPT_TABLEEND};
    cli_arguments a;
    int code = cli_parse(&a, argc, argv, options, "INDEX ID --agent A up|down", 3, 3, NULL);
    if (!code && !agent) code = cli_error(EXIT_USAGE, "--agent: missing");
    if (!code && strcmp(a.rest[2], "up") != 0 && strcmp(a.rest[2], "down") != 0)
        code = cli_error(EXIT_USAGE, "\"%s\": up or down expected", a.rest[2]);
    if (!code) code = vote(a.rest[0], a.rest[1], agent, a.rest[2]);
    cli_arguments_free(&a);
    return code;
}
