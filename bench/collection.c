/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading collections. Empty documents are kept: they count in the statistics like any other.
 */
#include <config.h>

#include "bench/collection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/grow.h"
#include "tools/cli.h"
#include "tools/lines.h"

static char *path_of(const char *folder, const char *file)
{
    size_t size = strlen(folder) + strlen(file) + 2;
    char *path = malloc(size);
    if (path) snprintf(path, size, "%s/%s", folder, file);
    return path;
}

static char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return strdup(text ? text : "");
}

/* *cap: of the records. experience: the line of one, or NULL. */
static int add_record(text_record **records, size_t *cap, size_t *count, const json_t *object,
                      const char *id_name, const char *experience)
{
    int code = grow(records, cap, *count, sizeof **records);
    if (code) return code;
    text_record *r = &(*records)[(*count)++];
    *r = (text_record){member(object, id_name), member(object, "title"), member(object, "text"),
                       member(object, "kind"), experience ? strdup(experience) : NULL};
    int whole = r->id && r->title && r->text && r->kind && (r->experience || !experience);
    return whole ? 0 : cli_no_memory();
}

/* id_name: the member that holds the id; an experience has another one, and is kept whole. */
static int read_records(text_record **records, size_t *count, const char *folder, const char *name,
                        const char *id_name)
{
    char *path = path_of(folder, name);
    int experiences = strcmp(id_name, "id") == 0;
    if (!path) return cli_no_memory();
    line_file file;
    size_t cap = 0;
    long len = 0;
    int code = lines_open(&file, path);
    while (!code && (len = lines_next(&file)) >= 0) {
        const char *id;
        json_t *object;
        code = lines_object(&object, &file, (size_t)len);
        if (!code) code = lines_text(&id, &file, object, id_name, 1);
        if (!code)
            code = add_record(records, &cap, count, object, id_name, experiences ? file.line : NULL);
        json_decref(object);
    }
    if (!code && len == -2) code = EXIT_STORAGE;
    lines_close(&file);
    free(path);
    return code;
}

static int read_judgements(collection *c, const char *folder)
{
    char *path = path_of(folder, "qrels.tsv");
    if (path && access(path, R_OK)) {
        free(path);
        path = path_of(folder, "qrels/test.tsv");
    }
    if (!path) return cli_no_memory();
    int code = qrels_read(&c->judged, path);
    free(path);
    return code;
}

static int read_vectors(npy *out, const char *folder, const char *name, size_t rows)
{
    char *path = path_of(folder, name);
    if (!path) return cli_no_memory();
    int code = npy_open(out, path);
    if (!code && out->rows != rows)
        code = cli_error(EXIT_INPUT, "%s: %zu rows for %zu texts", path, out->rows, rows);
    free(path);
    return code;
}

/* corpus.jsonl, or experiences.jsonl where there is none. */
static int read_documents(collection *out, const char *folder)
{
    char *path = path_of(folder, "experiences.jsonl"), *plain = path_of(folder, "corpus.jsonl");
    int experiences = path && plain && access(plain, R_OK) && !access(path, R_OK);
    free(path);
    free(plain);
    return experiences ? read_records(&out->documents, &out->document_count, folder,
                                      "experiences.jsonl", "id")
                       : read_records(&out->documents, &out->document_count, folder,
                                      "corpus.jsonl", "_id");
}

/* The folder's last part; a shell that completes it adds a slash. */
static char *name_of(const char *folder)
{
    size_t end = strlen(folder);
    while (end > 1 && folder[end - 1] == '/') end--;
    size_t begin = end;
    while (begin > 0 && folder[begin - 1] != '/') begin--;
    return begin < end ? strndup(folder + begin, end - begin) : strdup(folder);
}

int collection_load(collection *out, const char *folder, int vectors)
{
    memset(out, 0, sizeof *out);
    out->name = name_of(folder);
    int code = out->name ? read_documents(out, folder) : cli_no_memory();
    if (!code && !out->document_count) code = cli_error(EXIT_INPUT, "%s: no documents", folder);
    if (!code)
        code = read_records(&out->queries, &out->query_count, folder, "queries.jsonl", "_id");
    if (!code) code = read_judgements(out, folder);
    if (!code && vectors)
        code = read_vectors(&out->document_vectors, folder, "docs.npy", out->document_count);
    if (!code && vectors)
        code = read_vectors(&out->query_vectors, folder, "queries.npy", out->query_count);
    return code;
}

static void free_records(text_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(records[i].id);
        free(records[i].title);
        free(records[i].text);
        free(records[i].kind);
        free(records[i].experience);
    }
    free(records);
}

void collection_free(collection *c)
{
    free_records(c->documents, c->document_count);
    free_records(c->queries, c->query_count);
    qrels_free(&c->judged);
    npy_close(&c->document_vectors);
    npy_close(&c->query_vectors);
    free(c->name);
}
