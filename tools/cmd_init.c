/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum init: a new, empty index.
 */
#include <config.h>

#include <string.h>

#include "tools/cli.h"
#include "tools/commands.h"
#include "tools/init.h"

int init_index(const char *path, const char *embedder, const char *model, int dim,
               int newcomer_weights)
{
    plurum_create_options options;
    plurum_fingerprint caller = {.text_template = 1};
    plurum_embedder *opened = NULL;
    plurum_error error;
    plurum_create_options_init(&options);
    options.newcomer_weights = newcomer_weights;
    if (strcmp(embedder, "none") == 0) {
        if (strlen(model) > PLURUM_MODEL_NAME_MAX)
            return cli_error(EXIT_USAGE, "--model: at most %d bytes", PLURUM_MODEL_NAME_MAX);
        strcpy(caller.name, model);
        caller.dim = (uint32_t)dim;
        options.fingerprint = &caller;
    } else if (strcmp(embedder, "static") == 0) {
        int code = cli_model(&opened, embedder);
        if (code) return code;
        options.fingerprint = plurum_embedder_fingerprint(opened);
        options.traits = plurum_embedder_traits(opened);
    } else {
        return cli_error(EXIT_USAGE, "--embedder: \"%s\", static or none expected", embedder);
    }
    plurum_status status = plurum_index_create(path, &options, &error);
    plurum_embedder_free(opened);
    return status ? cli_failed(NULL, &error) : 0;
}

int cmd_init(int argc, const char **argv)
{
    const char *embedder = "static", *model = "caller";
    int dim = 0, newcomers = 0;
    const struct poptOption options[] = {
        {"embedder", 0, POPT_ARG_STRING | POPT_ARGFLAG_SHOW_DEFAULT, &embedder, 0,
         "where vectors come from: static (the model that is shipped) or none (the caller)",
         "NAME"},
        {"dim", 0, POPT_ARG_INT, &dim, 0,
         "with none: dimensions of the caller's vectors; 0 makes an index of text only", "N"},
        {"model", 0, POPT_ARG_STRING | POPT_ARGFLAG_SHOW_DEFAULT, &model, 0,
         "with none: name of the model that the caller's vectors are of", "NAME"},
        {"newcomer-weights", 0, POPT_ARG_NONE, &newcomers, 0,
         "an agent's first five reports count less", NULL},
        POPT_AUTOHELP POPT_TABLEEND};
    cli_arguments a;
    int code = cli_parse(&a, argc, argv, options, "INDEX [--embedder static|none] [--dim N]", 1, 1,
                         NULL);
    if (!code && (dim < 0 || dim > PLURUM_DIM_MAX))
        code = cli_error(EXIT_USAGE, "--dim: %d, allowed are 0 to %d", dim, PLURUM_DIM_MAX);
    if (!code && dim && strcmp(embedder, "none") != 0)
        code = cli_error(EXIT_USAGE, "--dim: goes with --embedder none");
    if (!code) code = init_index(a.rest[0], embedder, model, dim, newcomers);
    cli_arguments_free(&a);
    return code;
}
