/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subcommands: one file each (three changes of state share one).
 */
#ifndef TOOLS_COMMANDS_H
#define TOOLS_COMMANDS_H

typedef int command(int argc, const char **argv);

command cmd_init, cmd_import, cmd_feedback, cmd_search, cmd_get, cmd_list, cmd_outcome, cmd_vote,
    cmd_trust, cmd_publish, cmd_archive, cmd_delete, cmd_stats, cmd_verify;

#endif
