/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum: the command-line tool.
 */
#include <config.h>

#include "tools/commands.h"

const char cli_program[] = "plurum";

static const cli_command *const COMMANDS[] = {
    &init_command,     &import_command,   &feedback_command, &search_command,   &get_command,
    &list_command,     &acquire_command,  &outcome_command,  &vote_command,     &trust_command,
    &publish_command,  &archive_command,  &delete_command,   &forget_command,   &assemble_command,
    &check_command,    &stats_command,    &verify_command,   &compact_command,  &reindex_command,
    &backup_command,   &restore_command,  &export_command,   &similar_command,
    &why_command,      &embed_command,    NULL};

int main(int argc, char **argv)
{
    return cli_main(argc, argv, COMMANDS,
                    "Searches experiences and ranks first what has worked. INDEX is a directory.\n",
                    "plurum COMMAND --help tells what a command does, its options and an example.\n"
                    "\n"
                    "Example:\n"
                    "  plurum import notes experiences.jsonl\n"
                    "  plurum search notes 'add a column to a large table'\n"
                    "\n"
                    "Exit status: 0 done, 1 found nothing or a check failed, 2 wrong usage, 3 bad\n"
                    "input (nothing changed), 4 storage or I/O error, 5 the index is damaged.\n");
}
