/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum verify: everything against everything.
 */
#include <config.h>

#include "tools/commands.h"
#include "tools/verify.h"

static struct {
    int json, deep;
    const char *scratch;
} o;

static const cli_option OPTIONS[] = {
    CLI_OPTION_FLAG("deep", &o.deep, "on a copy in a process of its own, which damage may crash"),
    CLI_OPTION_TEXT("scratch", &o.scratch, "DIR",
                    "with --deep, where the copy goes (default: TMPDIR or /tmp)"),
    CLI_OPTION_FLAG("json", &o.json, "one JSON object"), CLI_OPTION_END};

void verify_note(verify_result *result, const char *line)
{
    result->report.findings++;
    if (result->lines)
        json_array_append_new(result->lines, json_string(line));
    else
        printf("damaged: %s\n", line);
}

static int note_finding(void *result, const char *line)
{
    verify_note(result, line);
    return 0;
}

int verify_index(verify_result *result, const char *path)
{
    plurum_verify_report r = {.struct_size = sizeof r};
    plurum_error error;
    cli_index index = {0};
    int code = cli_open(&index, path, CLI_READ, 0);
    if (code) return code;
    plurum_status status = plurum_index_verify(&r, index.index, note_finding, result, &error);
    if (status && !r.findings) code = cli_failed(NULL, &error);
    result->report = r;
    cli_close(&index);
    return code;
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

static int run(const cli_arguments *a)
{
    verify_result result = {.lines = o.json ? json_array() : NULL};
    if (o.scratch && !o.deep) return cli_error(EXIT_USAGE, "--scratch: goes with --deep");
    if (o.json && !result.lines) return cli_no_memory();
    int code = o.deep ? verify_deep(&result, a->rest[0], o.scratch)
                      : verify_index(&result, a->rest[0]);
    if (!code && o.json)
        code = print_json(&result.report, result.lines);
    else if (!code)
        print(&result.report);
    json_decref(result.lines);
    return code ? code : result.report.findings ? EXIT_DAMAGE : EXIT_DONE;
}

const cli_command verify_command = {
    .name = "verify",
    .summary = "check an index against itself",
    .synopsis = "INDEX [options]",
    .about = "Reads everything and compares it: checksums, counts and digests, trust against the "
             "reports behind it, every posting against a fresh analysis of its experience. Says "
             "what is damaged, and exits 5 if anything is. Others may read and write meanwhile. "
             "Where the store is damaged, reading it may crash: --deep finds even that.",
    .example = "plurum verify notes --deep",
    .least = 1,
    .most = 1,
    .options = OPTIONS,
    .run = run,
};
