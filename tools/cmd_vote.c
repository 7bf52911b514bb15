/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum vote: an agent's vote on an experience; a new one replaces the old.
 */
#include <config.h>

#include <string.h>

#include "tools/change.h"
#include "tools/commands.h"

static struct {
    const char *agent;
    int json;
} o;

static const cli_option OPTIONS[] = {
    CLI_OPTION_TEXT("agent", &o.agent, "A", "who votes (required)"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"), CLI_OPTION_END};

typedef struct vote {
    const char *id;
    int value;
} vote;

static plurum_status add(plurum_batch *batch, const void *what, plurum_error *error)
{
    const vote *v = what;
    return plurum_batch_vote(batch, v->id, o.agent, v->value, PLURUM_TIME_UNSET, error);
}

static int run(const cli_arguments *a)
{
    const char *word = a->rest[2];
    vote v = {a->rest[1], strcmp(word, "up") == 0 ? 1 : -1};
    plurum_receipt receipt;
    if (!o.agent) return cli_error(EXIT_USAGE, "--agent: missing; it says who votes");
    if (v.value < 0 && strcmp(word, "down") != 0)
        return cli_error(EXIT_USAGE, "\"%s\", up or down expected", word);
    int code = change_commit(&receipt, a->rest[0], add, &v, 0);
    if (code) return code;
    if (o.json) return change_json(&receipt, 1);
    printf("vote %s on %s %s%s\n", word, change_name(&receipt),
           receipt.changed ? "recorded" : "was there already",
           receipt.counted ? "" : "; an author's own vote is not counted");
    return EXIT_DONE;
}

const cli_command vote_command = {
    .name = "vote",
    .summary = "vote an experience up or down",
    .synopsis = "INDEX ID --agent A up|down [--json]",
    .about = "Votes an experience up or down. A new vote of the same agent replaces its old one; "
             "the author's own is stored and not counted.",
    .example = "plurum vote notes k59xmnom --agent anna up",
    .least = 3,
    .most = 3,
    .options = OPTIONS,
    .run = run,
};
