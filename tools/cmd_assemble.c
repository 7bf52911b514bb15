/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum assemble: the experience that a session becomes when it is closed.
 */
#include <config.h>

#include <string.h>

#include "tools/commands.h"
#include "tools/whole.h"

static int as_json;

static const cli_option OPTIONS[] = {
    CLI_OPTION_FLAG("json", &as_json, "the same: what is printed is JSON"), CLI_OPTION_END};

/* A field has a name; of what is no JSON the line is told. */
static int refused(const whole_file *file, const plurum_error *error)
{
    char where[4096];
    if (strncmp(error->text, "not JSON", 8) != 0) return cli_failed(file->name, error);
    snprintf(where, sizeof where, "%s:%llu", file->name, whole_line(file, error->position));
    return cli_failed(where, error);
}

static int run(const cli_arguments *a)
{
    whole_file file;
    plurum_error error;
    char *experience = NULL;
    int code = whole_read(&file, a->rest[0]);
    if (!code && plurum_session_assemble(&experience, file.text, file.len, &error))
        code = refused(&file, &error);
    if (!code) puts(experience);
    plurum_text_free(experience);
    whole_free(&file);
    return code;
}

const cli_command assemble_command = {
    .name = "assemble",
    .summary = "make an experience of a session's entries",
    .synopsis = "SESSION.json [options]",
    .about = "Prints the experience that a session becomes when it is closed: one line of JSON, as "
             "import reads it. SESSION.json is an object with topic, domain, tools_used, visibility, "
             "outcome and entries, each with entry_type and content; or one with session and "
             "entries. A file named - is standard input.",
    .example = "plurum assemble session.json | plurum import notes -",
    .least = 1,
    .most = 1,
    .options = OPTIONS,
    .run = run,
};
