/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum verify: everything against everything.
 */
#include <config.h>

#include <jansson.h>

#include "tools/cli.h"
#include "tools/commands.h"

static int print_finding(void *as_json, const char *line)
{
    if (!*(int *)as_json) printf("damaged: %s\n", line);
    return 0;
}

static int verify(plurum_index *index, int as_json)
{
    plurum_verify_report r = {.struct_size = sizeof r};
    plurum_error error;
    plurum_status status = plurum_index_verify(&r, index, print_finding, &as_json, &error);
    if (status && !r.findings) return cli_failed(NULL, &error);
    if (as_json) {
        json_t *object = json_pack("{s:I, s:I, s:I, s:I}", "records", (json_int_t)r.records,
                                   "documents", (json_int_t)r.documents, "postings",
                                   (json_int_t)r.postings, "findings", (json_int_t)r.findings);
        json_dumpf(object, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(object);
    } else {
        printf("%llu documents, %llu records and %llu postings checked: %llu findings\n",
               (unsigned long long)r.documents, (unsigned long long)r.records,
               (unsigned long long)r.postings, (unsigned long long)r.findings);
    }
    return status ? EXIT_DAMAGE : EXIT_DONE;
}

int cmd_verify(int argc, const char **argv)
{
    int as_json = 0;
    const struct poptOption options[] = {
        {"json", 0, POPT_ARG_NONE, &as_json, 0, "one JSON object of counts", NULL},
        POPT_AUTOHELP POPT_TABLEEND};
    cli_arguments a;
    cli_index index = {0};
    int code = cli_parse(&a, argc, argv, options, "INDEX [--json]", 1, 1, NULL);
    if (!code) code = cli_open(&index, a.rest[0], CLI_READ, 0);
    if (!code) code = verify(index.index, as_json);
    cli_close(&index);
    cli_arguments_free(&a);
    return code;
}
