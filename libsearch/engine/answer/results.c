/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building results, and their getters and JSON form.
 */
#include <config.h>

#include "engine/answer/results.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "engine/answer/snippet.h"

plurum_status pli_hits_new(pli_hits *hits, size_t count, plurum_error *error)
{
    hits->hits = pli_calloc(count, sizeof *hits->hits);
    hits->memory = pli_calloc(count, sizeof *hits->memory);
    if (!hits->hits || !hits->memory) return pli_nomem(error);
    hits->count = count;
    return PLURUM_OK;
}

plurum_status pli_results_new(plurum_results **out, size_t count, plurum_error *error)
{
    *out = pli_calloc(1, sizeof **out);
    return *out ? pli_hits_new(&(*out)->page, count, error) : pli_nomem(error);
}

void pli_hits_free(pli_hits *hits)
{
    for (size_t i = 0; i < hits->count; i++) {
        pli_free(hits->memory[i].json);
        pli_free(hits->memory[i].snippet);
        pli_free(hits->memory[i].marks);
    }
    pli_free(hits->hits);
    pli_free(hits->memory);
}

void plurum_results_free(plurum_results *results)
{
    if (!results) return;
    pli_hits_free(&results->page);
    pli_hits_free(&results->warnings);
    pli_free(results->query);
    pli_free(results->cursor);
    pli_free(results->suggestion);
    plurum_replay_free(results->replay);
    pli_facets_free(&results->facets);
    pli_free(results);
}

plurum_status pli_json_line(char **out, json_t *json, plurum_error *error)
{
    *out = json ? pli_json_text(json) : NULL;
    json_decref(json);
    return *out ? PLURUM_OK : pli_nomem(error);
}

static void copy_slice(char *out, size_t size, pli_slice slice)
{
    size_t len = slice.len < size ? slice.len : size - 1;
    if (len) memcpy(out, slice.bytes, len);
    out[len] = '\0';
}

plurum_status pli_facts_of(pli_facts *facts, char **owner, pli_hit_memory *memory,
                           pli_snapshot *snapshot, uint32_t id, const plurum_trust_score *trust,
                           plurum_error *error)
{
    pli_doc_row row;
    plurum_trust_state state;
    *owner = NULL;
    plurum_status status = pli_doc_get(&row, snapshot->txn, id, error);
    if (!status) status = pli_trust_get(&state, snapshot->txn, id, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, PLURUM_CORRUPT, "docs: document %lu is missing", (unsigned long)id);
    if (status) return status;
    if (row.owner.len) {
        *owner = pli_strndup((const char *)row.owner.bytes, row.owner.len);
        if (!*owner) return pli_nomem(error);
    }
    copy_slice(memory->key, sizeof memory->key, row.key);
    copy_slice(memory->short_id, sizeof memory->short_id, row.short_id);
    *facts = (pli_facts){.key = memory->key,
                         .short_id = memory->short_id,
                         .owner = *owner,
                         .kind = (pli_kind)row.kind,
                         .lifecycle = (plurum_lifecycle)row.lifecycle,
                         .visibility = (plurum_visibility)row.visibility,
                         .confidence = row.confidence,
                         .created_at = row.created_at,
                         .updated_at = row.updated_at,
                         .success_count = state.success_count,
                         .failure_count = state.failure_count,
                         .upvotes = state.up,
                         .downvotes = state.down,
                         .success_rate = trust->success_rate,
                         .trust = trust->trust,
                         .quarantined = trust->quarantined};
    return PLURUM_OK;
}

plurum_status pli_detail_json(json_t **out, pli_snapshot *snapshot, uint32_t id,
                              const pli_facts *facts, plurum_error *error)
{
    char *content;
    size_t len;
    plurum_status status =
        pli_blob_get(&content, &len, snapshot->index->codec, snapshot->txn, id, error);
    if (status) return status;
    status = pli_present(out, facts, content, len, 1, error);
    pli_free(content);
    return status;
}

static void set_hit(plurum_hit *hit, pli_hit_memory *memory, const pli_candidate *c)
{
    memory->trust = c->trust;
    memory->explain = c->explain;
    *hit = (plurum_hit){.key = memory->key,
                        .short_id = memory->short_id,
                        .id = c->id,
                        .score = c->score,
                        .relevance = c->relevance,
                        .relevant = c->relevant,
                        .similarity = c->similarity,
                        .text_score = c->text,
                        .cosine = c->cosine,
                        .text_rank = c->text_rank,
                        .vector_rank = c->vector_rank,
                        .collapsed = c->collapsed,
                        .trust = &memory->trust,
                        .explain = &memory->explain};
}

plurum_status pli_results_fill(pli_hits *hits, size_t i, pli_snapshot *snapshot,
                               const pli_candidate *candidate, int bodies, plurum_error *error)
{
    pli_hit_memory *memory = &hits->memory[i];
    pli_facts facts;
    char *owner;
    json_t *json = NULL;
    set_hit(&hits->hits[i], memory, candidate);
    plurum_status status =
        pli_facts_of(&facts, &owner, memory, snapshot, candidate->id, &candidate->trust, error);
    if (!status && bodies) {
        status = pli_detail_json(&json, snapshot, candidate->id, &facts, error);
        if (!status) status = pli_json_line(&memory->json, json, error);
        hits->hits[i].json = memory->json;
    }
    pli_free(owner);
    return status;
}

size_t plurum_results_count(const plurum_results *results)
{
    return results->page.count;
}

const plurum_hit *plurum_results_hit(const plurum_results *results, size_t i)
{
    return i < results->page.count ? &results->page.hits[i] : NULL;
}

size_t plurum_results_warning_count(const plurum_results *results)
{
    return results->warnings.count;
}

const plurum_hit *plurum_results_warning(const plurum_results *results, size_t i)
{
    return i < results->warnings.count ? &results->warnings.hits[i] : NULL;
}

size_t plurum_results_total(const plurum_results *results)
{
    return results->total;
}

const char *plurum_results_cursor(const plurum_results *results)
{
    return results->cursor;
}

const char *plurum_results_note(const plurum_results *results)
{
    return results->note;
}

const char *plurum_results_suggestion(const plurum_results *results)
{
    return results->suggestion;
}

int plurum_results_abstain(const plurum_results *results)
{
    return results->abstain;
}

size_t plurum_results_facet_count(const plurum_results *results, plurum_facet_kind kind)
{
    return (int)kind >= 0 && kind < PLURUM_FACET_COUNT ? results->facets.count[kind] : 0;
}

const plurum_facet *plurum_results_facet(const plurum_results *results, plurum_facet_kind kind,
                                         size_t i)
{
    return i < plurum_results_facet_count(results, kind) ? &results->facets.values[kind][i] : NULL;
}

uint64_t plurum_results_seq(const plurum_results *results)
{
    return results->seq;
}

int64_t plurum_results_now(const plurum_results *results)
{
    return results->now;
}

static plurum_status add_hit(json_t *list, const plurum_hit *hit, int scored, int explain,
                             plurum_error *error)
{
    if (!hit->json)
        return pli_fail(error, PLURUM_ARG, "the results were made without bodies");
    json_t *object = json_loads(hit->json, 0, NULL);
    plurum_status status = object ? PLURUM_OK : pli_nomem(error);
    if (!status && scored) status = pli_present_match(object, hit, explain, error);
    if (!status && hit->snippet &&
        json_object_set_new(object, "snippet", pli_snippet_json(hit)))
        status = pli_nomem(error);
    if (!status && hit->collapsed &&
        json_object_set_new(object, "collapsed", json_integer((json_int_t)hit->collapsed)))
        status = pli_nomem(error);
    if (!status && json_array_append(list, object)) status = pli_nomem(error);
    json_decref(object);
    return status;
}

static plurum_status hits_json(json_t **out, const pli_hits *hits, int scored, int explain,
                               plurum_error *error)
{
    *out = json_array();
    plurum_status status = *out ? PLURUM_OK : pli_nomem(error);
    for (size_t i = 0; i < hits->count && !status; i++)
        status = add_hit(*out, &hits->hits[i], scored, explain, error);
    return status;
}

plurum_status plurum_results_json(char **out, const plurum_results *results, int explain,
                                  plurum_error *error)
{
    json_t *list, *warnings = NULL;
    char now[PLI_TIME_SIZE];
    *out = NULL;
    plurum_status status = hits_json(&list, &results->page, results->scored, explain, error);
    if (!status)
        status = hits_json(&warnings, &results->warnings, results->scored, explain, error);
    if (status) {
        json_decref(list);
        json_decref(warnings);
        return status;
    }
    json_t *query =
        results->query ? json_stringn(results->query, results->query_len) : json_null();
    pli_time_format(now, results->now);
    json_t *object = json_pack("{s:o, s:o, s:o, s:I, s:b, s:s?, s:s?, s:s?, s:I, s:s}", "query",
                               query, "results", list, "warnings", warnings, "total_found",
                               (json_int_t)results->total, "abstain", results->abstain, "cursor",
                               results->cursor, "note", results->note, "suggestion",
                               results->suggestion, "seq", (json_int_t)results->seq, "now", now);
    if (object && results->has_facets &&
        json_object_set_new(object, "facets", pli_facets_json(&results->facets))) {
        json_decref(object);
        object = NULL;
    }
    return pli_json_line(out, object, error);
}
