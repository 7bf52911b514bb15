/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum publish, archive and delete: changes of an experience's state, by the operator.
 */
#include <config.h>

#include "tools/change.h"
#include "tools/commands.h"

static int as_json;

static const cli_option OPTIONS[] = {CLI_OPTION_FLAG("json", &as_json, "one JSON object"),
                                     CLI_OPTION_END};

static plurum_status publish(plurum_batch *batch, const void *id, plurum_error *error)
{
    return plurum_batch_set_lifecycle(batch, id, NULL, PLURUM_PUBLISHED, error);
}

static plurum_status archive(plurum_batch *batch, const void *id, plurum_error *error)
{
    return plurum_batch_set_lifecycle(batch, id, NULL, PLURUM_ARCHIVED, error);
}

static plurum_status delete(plurum_batch *batch, const void *id, plurum_error *error)
{
    return plurum_batch_delete(batch, id, NULL, error);
}

static int run(const cli_arguments *a, change_add *add, const char *done)
{
    plurum_receipt receipt;
    int code = change_commit(&receipt, a->rest[0], add, a->rest[1], 0);
    if (code) return code;
    if (as_json) return change_json(&receipt, 0);
    printf("%s %s%s\n", change_name(&receipt), receipt.changed ? "" : "was already ", done);
    return EXIT_DONE;
}

static int run_publish(const cli_arguments *a)
{
    return run(a, publish, "published");
}

static int run_archive(const cli_arguments *a)
{
    return run(a, archive, "archived");
}

static int run_delete(const cli_arguments *a)
{
    return run(a, delete, "deleted");
}

const cli_command publish_command = {
    .name = "publish",
    .summary = "publish a draft",
    .synopsis = "INDEX ID [--json]",
    .about = "Makes a draft or an archived experience one that searches find.",
    .example = "plurum publish notes k59xmnom",
    .least = 2,
    .most = 2,
    .options = OPTIONS,
    .run = run_publish,
};

const cli_command archive_command = {
    .name = "archive",
    .summary = "hide an experience without losing it",
    .synopsis = "INDEX ID [--json]",
    .about = "Hides an experience from searches and lists. Nothing of it is lost, and publish "
             "brings it back.",
    .example = "plurum archive notes k59xmnom",
    .least = 2,
    .most = 2,
    .options = OPTIONS,
    .run = run_archive,
};

const cli_command delete_command = {
    .name = "delete",
    .summary = "remove an experience with its reports",
    .synopsis = "INDEX ID [--json]",
    .about = "Removes an experience, its vector, its reports and its votes. There is no way back.",
    .example = "plurum delete notes k59xmnom",
    .least = 2,
    .most = 2,
    .options = OPTIONS,
    .run = run_delete,
};
