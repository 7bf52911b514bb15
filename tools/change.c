/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A batch of one.
 */
#include <config.h>

#include "tools/change.h"

int change_commit(plurum_receipt *receipt, const char *index, change_add *add, const void *what,
                  int embed)
{
    cli_index open;
    plurum_batch *batch = NULL;
    plurum_error error;
    int code = cli_open(&open, index, CLI_WRITE, 0);
    if (code) return code;
    if (embed) cli_try_embedder(&open);
    if (plurum_batch_new(&batch, open.index, &error) || add(batch, what, &error) ||
        plurum_batch_commit(batch, receipt, &error))
        code = cli_failed(NULL, &error);
    plurum_batch_free(batch);
    cli_close(&open);
    return code;
}

const char *change_name(const plurum_receipt *receipt)
{
    return *receipt->short_id ? receipt->short_id : receipt->key;
}

int change_json(const plurum_receipt *receipt, int is_report)
{
    json_t *object = json_pack("{s:s, s:s, s:b}", "id", receipt->key, "short_id",
                               receipt->short_id, "changed", receipt->changed);
    if (is_report) json_object_set_new(object, "counted", json_boolean(receipt->counted));
    return cli_print_json(object);
}
