/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subcommands of plurum: one file each (three changes of state share one).
 */
#ifndef TOOLS_COMMANDS_H
#define TOOLS_COMMANDS_H

#include "tools/cli.h"

extern const cli_command init_command, import_command, feedback_command, search_command,
    get_command, list_command, acquire_command, outcome_command, vote_command, trust_command,
    publish_command, archive_command, delete_command, forget_command, assemble_command,
    check_command, stats_command, verify_command, compact_command, reindex_command,
    backup_command, restore_command, export_command, similar_command, why_command, embed_command;

#endif
