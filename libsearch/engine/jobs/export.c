/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Export: one snapshot as JSON lines that import gives the same index from.
 *
 * The stored content is the normal form, and goes into the line as it is; what the index knows
 * beside it stands before, vector and reports behind.
 */
#include <config.h>

#include <plurum/jobs.h>

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/options.h"
#include "engine/alike.h"
#include "engine/engine.h"
#include "engine/job.h"
#include "experience/content.h"
#include "experience/json_text.h"

typedef struct exporter {
    plurum_index *index;
    pli_txn *txn;
    plurum_export_options options;
    pli_job job;
    pli_buf line;
} exporter;

static void put_text(pli_buf *line, const char *name, pli_slice text)
{
    pli_buf_printf(line, "\"%s\":", name);
    pli_json_put_string(line, (const char *)text.bytes, text.len);
    pli_buf_text(line, ",");
}

static void put_number(pli_buf *line, const char *name, double value)
{
    char number[PLI_NUMBER_SIZE];
    pli_json_number(number, value);
    pli_buf_printf(line, "\"%s\":%s,", name, number);
}

/* A time that no RFC 3339 text can hold as Unix seconds. */
static void put_time(pli_buf *line, const char *name, int64_t at)
{
    char text[PLI_TIME_SIZE];
    int64_t read;
    pli_time_format(text, at);
    if (pli_time_parse(&read, text, strlen(text)) == 0 && read == at)
        pli_buf_printf(line, "\"%s\":\"%s\",", name, text);
    else
        pli_buf_printf(line, "\"%s\":%lld,", name, (long long)at);
}

static void put_head(pli_buf *line, uint32_t id, const pli_doc_row *row)
{
    int plain = row->kind == PLI_KIND_PLAIN;
    pli_buf_text(line, plain ? "{\"kind\":\"plain\"," : "{");
    put_text(line, plain ? "key" : "id", row->key);
    if (row->short_id.len) put_text(line, "short_id", row->short_id);
    if (row->owner.len) put_text(line, "agent_id", row->owner);
    put_text(line, "status", pli_slice_text(plurum_lifecycle_name((plurum_lifecycle)row->lifecycle)));
    put_time(line, "created_at", row->created_at);
    put_time(line, "updated_at", row->updated_at);
    pli_buf_printf(line, "\"internal_id\":%lu,", (unsigned long)id);
    if (!plain) return; /* an experience has these in its content */
    const char *visibility = plurum_visibility_name((plurum_visibility)row->visibility);
    put_text(line, "visibility", pli_slice_text(visibility));
    if (!isnan(row->confidence)) put_number(line, "confidence", row->confidence);
}

/* A JSON object that is stored as it would be written: as such; else as the text that it is. */
static void put_environment(pli_buf *line, pli_slice text)
{
    json_t *value = json_loadb((const char *)text.bytes, text.len, JSON_REJECT_DUPLICATES, NULL);
    char *written = value ? pli_json_text(value) : NULL;
    json_decref(value);
    if (written && strlen(written) == text.len && memcmp(written, text.bytes, text.len) == 0)
        pli_buf_printf(line, "\"env_fingerprint\":%s,", written);
    else
        put_text(line, "env_fingerprint", text);
    pli_free(written);
}

static void put_code(pli_buf *line, pli_slice code)
{
    pli_buf_text(line, "\"query_code\":[");
    for (size_t i = PLI_ALIKE_HEAD; i < code.len; i++)
        pli_buf_printf(line, "%s%d", i == PLI_ALIKE_HEAD ? "" : ",", (int)(int8_t)code.bytes[i]);
    pli_buf_text(line, "],");
}

static void put_event(exporter *e, const pli_report_row *row, int vote)
{
    pli_buf *line = &e->line;
    pli_buf_printf(line, "{\"type\":\"%s\",\"seq\":%llu,", vote ? "vote" : "outcome",
                   (unsigned long long)row->seq);
    put_text(line, "agent", row->agent);
    if (vote)
        pli_buf_printf(line, "\"vote\":\"%s\",", row->value > 0 ? "up" : "down");
    else
        pli_buf_printf(line, "\"success\":%s,", row->value ? "true" : "false");
    put_time(line, "at", row->at);
    if (row->execution_time_ms >= 0)
        pli_buf_printf(line, "\"execution_time_ms\":%lld,", (long long)row->execution_time_ms);
    if (row->error_message.len) put_text(line, "error_message", row->error_message);
    if (row->context_notes.len) put_text(line, "context_notes", row->context_notes);
    if (row->env_fingerprint.len) put_environment(line, row->env_fingerprint);
    if (row->query.len) put_text(line, "query", row->query);
    if (e->options.vectors && pli_alike_is_of(row, &e->index->fingerprint))
        put_code(line, row->query_code);
    put_number(line, "weight", row->weight);
    pli_buf_printf(line, "\"counted\":%s}", row->counted ? "true" : "false");
}

static plurum_status put_events(exporter *e, uint32_t id, plurum_error *error)
{
    pli_report_row *outcomes = NULL, *votes = NULL;
    size_t outcome_count = 0, vote_count = 0, o = 0, v = 0;
    plurum_status status =
        pli_reports_of(&outcomes, &outcome_count, e->txn, PLI_OUTCOMES, id, error);
    if (!status) status = pli_reports_of(&votes, &vote_count, e->txn, PLI_VOTES, id, error);
    const char *separator = ",\"events\":[";
    while (!status && o + v < outcome_count + vote_count) {
        int vote = o == outcome_count || (v < vote_count && votes[v].seq < outcomes[o].seq);
        pli_buf_text(&e->line, separator);
        put_event(e, vote ? &votes[v++] : &outcomes[o++], vote);
        separator = ",";
    }
    if (*separator && o + v) pli_buf_text(&e->line, "]");
    pli_free(outcomes);
    pli_free(votes);
    return status;
}

static plurum_status put_vector(exporter *e, uint32_t id, plurum_error *error)
{
    unsigned char key[8];
    pli_slice value;
    pli_store_be32(key, e->index->model);
    pli_store_be32(key + 4, id);
    plurum_status status = pli_get(&value, e->txn, PLI_VECTORS, key, sizeof key, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, PLURUM_CORRUPT, "vectors: that of document %lu is missing",
                        (unsigned long)id);
    for (size_t i = 0; !status && i + 4 <= value.len; i += 4) {
        float number;
        char text[32];
        memcpy(&number, value.bytes + i, sizeof number);
        snprintf(text, sizeof text, "%.9g", (double)number);
        char *comma = strchr(text, ','); /* some locale's decimal point */
        if (comma) *comma = '.';
        pli_buf_printf(&e->line, "%s%s", i ? "," : ",\"vector\":[", text);
    }
    if (!status) pli_buf_text(&e->line, "]");
    return status;
}

/* The members of the stored object, without its braces. */
static plurum_status put_content(exporter *e, uint32_t id, plurum_error *error)
{
    char *content;
    size_t len;
    plurum_status status = pli_blob_get(&content, &len, e->index->codec, e->txn, id, error);
    if (status) return status;
    if (len < 2 || content[0] != '{' || content[len - 1] != '}')
        status = pli_fail(error, PLURUM_CORRUPT, "blobs: document %lu: not a JSON object",
                          (unsigned long)id);
    else if (len > 2)
        pli_buf_add(&e->line, content + 1, len - 2);
    else
        e->line.len--; /* the comma */
    pli_free(content);
    return status;
}

static plurum_status put_line(exporter *e, uint32_t id, pli_slice header, plurum_error *error)
{
    pli_doc_row row;
    pli_buf_clear(&e->line);
    plurum_status status = pli_doc_decode(&row, id, header, error);
    if (status) return status;
    put_head(&e->line, id, &row);
    status = put_content(e, id, error);
    if (!status && pli_has_vector(&row, e->index->model) && e->options.vectors) status = put_vector(e, id, error);
    if (!status) status = put_events(e, id, error);
    pli_buf_text(&e->line, "}");
    pli_buf_u8(&e->line, 0);
    return !status && e->line.failed ? pli_nomem(error) : status;
}

static plurum_status export_all(exporter *e, int (*line)(void *, const char *, size_t),
                                void *payload, plurum_error *error)
{
    pli_walk *walk;
    pli_slice key, value;
    plurum_status status =
        pli_job_step(&e->job, "documents", pli_txn_count(e->txn, PLI_DOCS), error);
    if (status) return status;
    status = pli_walk_begin(&walk, e->txn, PLI_DOCS, NULL, 0, error);
    while (!status && !(status = pli_walk_next(walk, &key, &value, error))) {
        if (key.len != 4)
            status = pli_fail(error, PLURUM_CORRUPT, "docs: a key has %zu bytes", key.len);
        if (!status) status = put_line(e, pli_load_be32(key.bytes), value, error);
        if (!status && line(payload, (const char *)e->line.bytes, e->line.len - 1))
            status = pli_fail(error, PLURUM_CANCELLED, "the export was stopped");
        if (!status) status = pli_job_done(&e->job, error);
    }
    pli_walk_end(walk);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

plurum_status plurum_index_export(plurum_index *index, const plurum_export_options *options,
                                  int (*line)(void *payload, const char *text, size_t len),
                                  void *payload, plurum_error *error)
{
    exporter e = {.index = index, .options = PLURUM_EXPORT_OPTIONS_INIT, .line = PLI_BUF_INIT};
    if (!line) return pli_fail(error, PLURUM_ARG, "line: NULL");
    plurum_status status =
        pli_options_copy(&e.options, sizeof e.options, options, "plurum_export_options", error);
    if (!status) status = pli_job_begin(&e.job, &e.options.job, error);
    if (!status) status = pli_txn_read(&e.txn, index->store, error);
    if (status) return status;
    pli_txn_limit(e.txn, index->options.snapshot_seconds);
    status = export_all(&e, line, payload, error);
    pli_txn_end(e.txn);
    pli_buf_free(&e.line);
    return status;
}
