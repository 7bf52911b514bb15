/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Export of the vectors as a file of FAISS's own, and beside it the list of whose they are.
 *
 * FAISS numbers what it has by integers: here the internal id of a vector's document, of the lowest
 * where several have the same vector, which is in the file once (vector/distinct.h says why). Both files
 * are written under other names and renamed, the list first: where the one is, so is the other.
 */
#include <config.h>

#include <plurum/jobs.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/options.h"
#include "engine/files.h"
#include "engine/job.h"
#include "engine/view/snapshot.h"
#include "vector/distinct.h"

typedef struct exporter {
    plurum_index *index;
    pli_job job;
    plurum_status stopped;
    plurum_error why;
    uint32_t *ids; /* of documents with a vector, ascending */
    uint32_t count;
    pli_groups groups;
} exporter;

/* A file that is being written, and its name when it is whole. */
typedef struct output {
    char *part, *name;
    FILE *file;
} output;

/* ---- files ---- */

static char *joined(const char *path, const char *end)
{
    pli_buf buf = PLI_BUF_INIT;
    pli_buf_printf(&buf, "%s%s", path, end);
    return pli_buf_take_text(&buf);
}

static plurum_status open_output(output *o, const char *path, const char *end, plurum_error *error)
{
    *o = (output){.name = joined(path, end)};
    o->part = o->name ? joined(o->name, ".part") : NULL;
    if (!o->part) return pli_nomem(error);
    o->file = fopen(o->part, "we");
    return o->file ? PLURUM_OK : pli_fail_errno(error, errno, "%s", o->part);
}

/* Everything is on the disk but the name. */
static plurum_status close_output(output *o, plurum_error *error)
{
    int failed = ferror(o->file) || fflush(o->file) || fsync(fileno(o->file));
    int code = failed ? errno : 0;
    if (fclose(o->file) && !failed) failed = 1, code = errno;
    o->file = NULL;
    return failed ? pli_fail_errno(error, code, "%s", o->part) : PLURUM_OK;
}

/* Where that may be read: the new name is there in any case. */
static void sync_folder_of(const char *name)
{
    const char *slash = strrchr(name, '/');
    char *folder = slash == name ? pli_strdup("/")
                   : slash       ? pli_strndup(name, (size_t)(slash - name))
                                 : pli_strdup(".");
    if (folder) pli_files_sync(folder, NULL);
    pli_free(folder);
}

static plurum_status rename_output(output *o, plurum_error *error)
{
    if (rename(o->part, o->name)) return pli_fail_errno(error, errno, "%s", o->name);
    sync_folder_of(o->name);
    return PLURUM_OK;
}

static void free_output(output *o, plurum_status status)
{
    if (o->file) fclose(o->file);
    if (status && o->part) unlink(o->part);
    pli_free(o->part);
    pli_free(o->name);
}

/* ---- what is exported ---- */

static const float *vector_of_document(const void *payload, uint32_t id)
{
    const exporter *e = payload;
    return pli_flat_vector(e->index->vectors, id);
}

static plurum_status list_documents(exporter *e, const pli_view *view, plurum_error *error)
{
    const pli_bitmap *live = &view->live;
    e->ids = pli_reallocarray(NULL, (size_t)live->count + 1, sizeof *e->ids);
    if (!e->ids) return pli_nomem(error);
    for (uint32_t id = pli_bitmap_next(live, 0); id < live->bound; id = pli_bitmap_next(live, id + 1))
        if (pli_flat_has(e->index->vectors, id)) e->ids[e->count++] = id;
    if (!e->count)
        return pli_fail(error, PLURUM_NOTFOUND, "%s: no document has a vector", e->index->path);
    pli_segment_source source = {.dim = e->index->fingerprint.dim,
                                 .count = e->count,
                                 .ids = e->ids,
                                 .vector = vector_of_document,
                                 .payload = e};
    return pli_groups_make(&e->groups, &source, error);
}

/* A key may have any character: those that a line or a column would end at are written as in C. */
static void put_key(FILE *file, pli_slice key)
{
    for (size_t i = 0; i < key.len; i++) switch (key.bytes[i]) {
        case '\t': fputs("\\t", file); break;
        case '\n': fputs("\\n", file); break;
        case '\r': fputs("\\r", file); break;
        case '\\': fputs("\\\\", file); break;
        default: putc(key.bytes[i], file);
        }
}

static plurum_status write_list(exporter *e, pli_txn *txn, FILE *file, plurum_error *error)
{
    const pli_groups *g = &e->groups;
    plurum_status status = pli_job_step(&e->job, "documents", e->count, error);
    for (uint32_t n = 0, i = 0; i < e->count && !status; i++) {
        pli_doc_row row;
        n += i == g->starts[n + 1];
        status = pli_doc_get(&row, txn, g->ids[i], error);
        if (status) break;
        fprintf(file, "%lu\t", (unsigned long)g->ids[g->starts[n]]);
        put_key(file, row.key);
        putc('\n', file);
        status = pli_job_done(&e->job, error);
    }
    return status;
}

/* At one moment; vectors stay where they are after it. */
static plurum_status write_documents(exporter *e, FILE *file, plurum_error *error)
{
    pli_snapshot snapshot;
    plurum_status status = pli_snapshot_take(&snapshot, e->index, error);
    if (status) return status;
    status = list_documents(e, snapshot.view, error);
    if (!status) status = write_list(e, snapshot.txn, file, error);
    pli_snapshot_release(&snapshot);
    return status;
}

/* ---- the graph ---- */

typedef struct nodes {
    exporter *exporter;
} nodes;

static const float *vector_of_node(const void *payload, uint32_t i)
{
    exporter *e = ((const nodes *)payload)->exporter;
    if (!e->stopped) e->stopped = pli_job_done(&e->job, &e->why);
    return pli_flat_vector(e->index->vectors, e->groups.ids[e->groups.starts[i]]);
}

static uint32_t label_of_node(const void *payload, uint32_t i)
{
    const pli_groups *g = &((const nodes *)payload)->exporter->groups;
    return g->ids[g->starts[i]];
}

static int must_stop(void *payload)
{
    return ((const nodes *)payload)->exporter->stopped != PLURUM_OK;
}

static plurum_status write_graph(exporter *e, FILE *file, plurum_error *error)
{
    nodes all = {e};
    pli_graph_source source = {.dim = e->index->fingerprint.dim,
                               .count = e->groups.count,
                               .vector = vector_of_node,
                               .label = label_of_node,
                               .stop = must_stop,
                               .payload = &all};
    plurum_status status = pli_job_step(&e->job, "vectors", e->groups.count, error);
    if (!status) status = pli_graph_write_faiss(file, &source, error);
    if (status == PLURUM_CANCELLED && e->stopped && error) *error = e->why;
    return status;
}

/* ---- the job ---- */

static plurum_status write_both(exporter *e, output *list, output *graph, plurum_error *error)
{
    plurum_status status = write_documents(e, list->file, error);
    if (!status) status = write_graph(e, graph->file, error);
    if (!status) status = close_output(list, error);
    if (!status) status = close_output(graph, error);
    if (!status) status = rename_output(list, error);
    if (!status) status = rename_output(graph, error);
    return status;
}

static void report_back(plurum_faiss_report *out, const exporter *e)
{
    size_t size = out->struct_size;
    plurum_faiss_report r = {.struct_size = size,
                             .documents = e->count,
                             .vectors = e->groups.count,
                             .dim = e->index->fingerprint.dim};
    memcpy(out, &r, size < sizeof r ? size : sizeof r);
}

plurum_status plurum_index_export_faiss(plurum_faiss_report *out, plurum_index *index,
                                        const char *path, const plurum_job_options *options,
                                        plurum_error *error)
{
    exporter e = {.index = index};
    output list = {0}, graph = {0};
    if (!path) return pli_fail(error, PLURUM_ARG, "path: NULL");
    plurum_status status =
        out ? pli_options_size(out->struct_size, "plurum_faiss_report", error) : PLURUM_OK;
    if (!status) status = pli_job_begin(&e.job, options, error);
    if (!status && !index->fingerprint.dim)
        status = pli_fail(error, PLURUM_NOTFOUND, "%s: an index without vectors", index->path);
    if (!status) status = open_output(&list, path, ".tsv", error);
    if (!status) status = open_output(&graph, path, "", error);
    if (!status) status = write_both(&e, &list, &graph, error);
    if (!status && out) report_back(out, &e);
    free_output(&list, status);
    free_output(&graph, status);
    pli_groups_free(&e.groups);
    pli_free(e.ids);
    return status;
}
