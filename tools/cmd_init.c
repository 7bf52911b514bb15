/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum init: a new, empty index.
 */
#include <config.h>

#include <string.h>

#include "tools/commands.h"
#include "tools/init.h"
#include "tools/model.h"

static init_options o = {.embedder = MODEL_BEST};
static int as_json;

static const cli_option OPTIONS[] = {
    CLI_OPTION_WORD_OR_URL("embedder", &o.embedder, model_words, &o.url, "NAME",
                           "where vectors come from: the models minilm, the better, and static, the "
                           "faster, with none the caller, or an endpoint of OpenAI's kind (default: "
                           "minilm, where it is installed)"),
    CLI_OPTION_WHOLE("dim", &o.dim, 0, PLURUM_DIM_MAX, "N",
                     "with none, the dimensions of the caller's vectors, where 0 makes an index of "
                     "text alone; with a URL, of its vectors, where 0 asks for one to see"),
    CLI_OPTION_TEXT("model", &o.model, "NAME",
                    "with none, whose vectors the caller gives (default: caller); with a URL, as "
                    "the endpoint calls it (default: default)"),
    CLI_OPTION_FLAG("newcomer-weights", &o.newcomer_weights,
                    "an agent's first five reports count less"),
    CLI_OPTION_FLAG("json", &as_json, "one JSON object"),
    CLI_OPTION_END};

/* The embedder that the index is to be of; none for the caller's vectors. */
static int open_embedder(plurum_embedder **out, const init_options *options)
{
    *out = NULL;
    if (options->embedder == MODEL_NONE) return 0;
    if (options->embedder == MODEL_URL)
        return model_open_url(out, options->url, options->model, (uint32_t)options->dim);
    return model_open(out, options->embedder);
}

int init_index(const char *path, const init_options *options)
{
    plurum_create_options create;
    plurum_fingerprint caller = {.text_template = 1, .dim = (uint32_t)options->dim};
    const char *name = options->model ? options->model : "caller";
    plurum_embedder *embedder;
    plurum_error error;
    plurum_create_options_init(&create);
    create.newcomer_weights = options->newcomer_weights;
    create.embedder_url = options->url;
    if (options->embedder >= MODEL_NONE && strlen(name) > PLURUM_MODEL_NAME_MAX)
        return cli_error(EXIT_USAGE, "--model: %zu bytes, at most %d allowed", strlen(name),
                         PLURUM_MODEL_NAME_MAX);
    int code = open_embedder(&embedder, options);
    if (code) return code;
    strncat(caller.name, name, PLURUM_MODEL_NAME_MAX);
    create.fingerprint = embedder ? plurum_embedder_fingerprint(embedder) : &caller;
    create.traits = embedder ? plurum_embedder_traits(embedder) : NULL;
    plurum_status status = plurum_index_create(path, &create, &error);
    plurum_embedder_free(embedder);
    if (status == PLURUM_NOTFOUND) return cli_error(EXIT_STORAGE, "%s", error.text); /* its parent */
    return status ? cli_failed(NULL, &error) : 0;
}

/* Prints what the index now says of itself. */
static int print(const char *path)
{
    cli_index index;
    int code = cli_open(&index, path, CLI_READ, 0);
    if (code) return code;
    const plurum_fingerprint *model = plurum_index_configuration(index.index)->fingerprint;
    if (as_json)
        code = cli_print_json(json_pack("{s:s, s:s, s:I}", "index", path, "model",
                                        model->dim ? model->name : "none", "dimensions",
                                        (json_int_t)model->dim));
    else if (model->dim)
        printf("%s: a new index, vectors of %lu dimensions by %s\n", path,
               (unsigned long)model->dim, model->name);
    else
        printf("%s: a new index, of text alone\n", path);
    cli_close(&index);
    return code;
}

static int run(const cli_arguments *a)
{
    if (o.dim && o.embedder < MODEL_NONE)
        return cli_error(EXIT_USAGE,
                         "--dim: goes with --embedder none or a URL; the model says its own");
    int code = init_index(a->rest[0], &o);
    return code ? code : print(a->rest[0]);
}

const cli_command init_command = {
    .name = "init",
    .summary = "make a new, empty index",
    .synopsis = "INDEX [options]",
    .about = "Makes a new, empty index in a directory that does not exist or is empty. What is "
             "chosen here holds for the index's life.",
    .example = "plurum init notes\n"
               "plurum init vectors --embedder none --dim 384 --model all-MiniLM-L6-v2\n"
               "plurum init asking --embedder http://localhost:8080/v1/embeddings",
    .least = 1,
    .most = 1,
    .options = OPTIONS,
    .run = run,
};
