/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plurum stats: counts and sizes.
 */
#include <config.h>

#include "tools/commands.h"

static int as_json;

static const cli_option OPTIONS[] = {CLI_OPTION_FLAG("json", &as_json, "one JSON object"),
                                     CLI_OPTION_END};

/* One list of figures, printed in either form. */
typedef struct figure {
    const char *name;
    uint64_t value;
    const char *meaning;
} figure;

static void print(const figure *figures, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("%-16s %14llu  %s\n", figures[i].name, (unsigned long long)figures[i].value,
               figures[i].meaning);
}

static int print_json(const figure *figures, size_t count, const char *model)
{
    json_t *object = json_pack("{s:s}", "model", model);
    for (size_t i = 0; i < count; i++)
        json_object_set_new(object, figures[i].name, json_integer((json_int_t)figures[i].value));
    return cli_print_json(object);
}

static int show(plurum_index *index)
{
    plurum_stats s = {.struct_size = sizeof s};
    plurum_error error;
    const plurum_fingerprint *model = plurum_index_configuration(index)->fingerprint;
    if (plurum_index_stats(&s, index, &error)) return cli_failed(NULL, &error);
    const figure figures[] = {
        {"documents", s.documents, "stored"},
        {"draft", s.lifecycle[PLURUM_DRAFT], "of these drafts"},
        {"published", s.lifecycle[PLURUM_PUBLISHED], "published"},
        {"verified", s.lifecycle[PLURUM_VERIFIED], "verified"},
        {"archived", s.lifecycle[PLURUM_ARCHIVED], "archived"},
        {"quarantined", s.quarantined, "left out of results: they keep failing"},
        {"tombstones", s.tombstones, "internal ids of what was replaced or deleted"},
        {"dimensions", model->dim, "of a vector"},
        {"vectors", s.vectors, "documents that have one"},
        {"waiting", s.waiting, "documents that get theirs when the embedder answers"},
        {"kept_vectors", s.kept_vectors, "of the generation before, for reindex --rollback"},
        {"outcomes", s.outcomes, "reports of success and failure"},
        {"votes", s.votes, "current votes"},
        {"reporters", s.reporters, "agents whose reports count"},
        {"seq", s.seq, "number of the last event"},
        {"text_applied", s.text_applied, "event up to which the text index has followed"},
        {"log_events", s.log_events, "newest of them that readers follow by"},
        {"next_id", s.next_id, "internal id of the next document"},
        {"generation", s.generation, "grows with reindex"},
        {"tail_documents", s.tail_documents, "searched beside the text index"},
        {"dictionary", s.dictionary_version, "version of the compression dictionary; 0 is none"},
        {"dictionaries", s.dictionary_count, "compression dictionaries that are kept"},
        {"dictionary_bytes", s.dictionary_bytes, "their size"},
        {"plain_bytes", s.plain_bytes, "contents before compression"},
        {"blob_bytes", s.blob_bytes, "contents as they are stored"},
        {"store_bytes", s.store_bytes, "used of the store's file"},
        {"free_bytes", s.free_bytes, "of these to be used again; compact frees them"},
        {"text_bytes", s.text_bytes, "text index"},
        {"segments", s.segments, "graphs over vectors"},
        {"segment_bytes", s.segment_bytes, "their files"},
        {"checkpoint_bytes", s.checkpoint_bytes, "files that opening begins with"},
        {"mapped_bytes", s.mapped_bytes, "of them, used where they are mapped"},
        {"memory_bytes", s.memory_bytes, "columns, vectors and tail in memory"},
    };
    const char *name = model->dim ? model->name : "none";
    if (as_json) return print_json(figures, sizeof figures / sizeof *figures, name);
    printf("%-16s %14s  %s\n", "model", name, "that made the vectors");
    print(figures, sizeof figures / sizeof *figures);
    return EXIT_DONE;
}

static int run(const cli_arguments *a)
{
    cli_index index = {0};
    int code = cli_open(&index, a->rest[0], CLI_READ, 0);
    if (!code) code = show(index.index);
    cli_close(&index);
    return code;
}

const cli_command stats_command = {
    .name = "stats",
    .summary = "counts and sizes of an index",
    .synopsis = "INDEX [--json]",
    .about = "Prints counts and sizes.",
    .example = "plurum stats notes",
    .least = 1,
    .most = 1,
    .options = OPTIONS,
    .run = run,
};
