/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum publish, archive and delete: changes of an experience's state, by the operator.
 */
#include <config.h>

#include "tools/cli.h"
#include "tools/commands.h"

typedef enum change { PUBLISH, ARCHIVE, DELETE } change;

static const char *const DONE[] = {"published", "archived", "deleted"};

static plurum_status add(plurum_batch *batch, change what, const char *id, plurum_error *error)
{
    if (what == DELETE) return plurum_batch_delete(batch, id, NULL, error);
    return plurum_batch_set_lifecycle(batch, id, NULL,
                                      what == PUBLISH ? PLURUM_PUBLISHED : PLURUM_ARCHIVED, error);
}

static int run(int argc, const char **argv, change what)
{
    const struct poptOption options[] = {POPT_AUTOHELP POPT_TABLEEND};
    cli_arguments a;
    cli_index index = {0};
    plurum_batch *batch = NULL;
    plurum_receipt receipt;
    plurum_error error;
    int code = cli_parse(&a, argc, argv, options, "INDEX ID", 2, 2, NULL);
    if (!code) code = cli_open(&index, a.rest[0], CLI_WRITE, 0);
    if (!code && plurum_batch_new(&batch, index.index, &error)) code = cli_failed(NULL, &error);
    if (!code && add(batch, what, a.rest[1], &error)) {
        plurum_batch_free(batch);
        code = cli_failed(NULL, &error);
    } else if (!code) {
        code = cli_commit(batch, &receipt);
    }
    if (!code) printf("%s %s%s\n", receipt.key, receipt.changed ? "" : "was already ", DONE[what]);
    cli_close(&index);
    cli_arguments_free(&a);
    return code;
}

int cmd_publish(int argc, const char **argv)
{
    return run(argc, argv, PUBLISH);
}

int cmd_archive(int argc, const char **argv)
{
    return run(argc, argv, ARCHIVE);
}

int cmd_delete(int argc, const char **argv)
{
    return run(argc, argv, DELETE);
}
