/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum verify: everything against everything.
 */
#include <config.h>

#include "tools/commands.h"

static int as_json;

static const cli_option OPTIONS[] = {CLI_OPTION_FLAG("json", &as_json, "one JSON object"),
                                     CLI_OPTION_END};

static int note_finding(void *lines, const char *line)
{
    if (as_json)
        json_array_append_new(lines, json_string(line));
    else
        printf("damaged: %s\n", line);
    return 0;
}

static void print(const plurum_verify_report *r)
{
    printf("%llu documents, %llu records and %llu postings checked: %llu finding%s\n",
           (unsigned long long)r->documents, (unsigned long long)r->records,
           (unsigned long long)r->postings, (unsigned long long)r->findings,
           r->findings == 1 ? "" : "s");
}

static int print_json(const plurum_verify_report *r, json_t *lines)
{
    return cli_print_json(json_pack("{s:I, s:I, s:I, s:I, s:O}", "documents",
                                    (json_int_t)r->documents, "records", (json_int_t)r->records,
                                    "postings", (json_int_t)r->postings, "findings",
                                    (json_int_t)r->findings, "damaged", lines));
}

static int verify(plurum_index *index)
{
    plurum_verify_report r = {.struct_size = sizeof r};
    plurum_error error;
    json_t *lines = json_array();
    plurum_status status = plurum_index_verify(&r, index, note_finding, lines, &error);
    int code = 0;
    if (status && !r.findings)
        code = cli_failed(NULL, &error);
    else if (as_json)
        code = print_json(&r, lines);
    else
        print(&r);
    json_decref(lines);
    return code ? code : status ? EXIT_DAMAGE : EXIT_DONE;
}

static int run(const cli_arguments *a)
{
    cli_index index = {0};
    int code = cli_open(&index, a->rest[0], CLI_READ, 0);
    if (!code) code = verify(index.index);
    cli_close(&index);
    return code;
}

const cli_command verify_command = {
    .name = "verify",
    .summary = "check an index against itself",
    .synopsis = "INDEX [--json]",
    .about = "Reads everything and compares it: checksums, counts and digests, trust against the "
             "reports behind it, every posting against a fresh analysis of its experience. Says "
             "what is damaged, and exits 5 if anything is. Others may read and write meanwhile.",
    .example = "plurum verify notes",
    .least = 1,
    .most = 1,
    .options = OPTIONS,
    .run = run,
};
