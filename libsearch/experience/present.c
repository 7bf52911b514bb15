/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Presentation: the contract's flat object of what an index knows of a document.
 *
 * Which content members appear in items and which in the detail is a flag in the table of fields;
 * here is only what the index adds. Every member is always there: null, [] or 0 where there is
 * nothing to say. Some appear twice, under a name that older clients read.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "experience/fields.h"
#include "experience/load.h"

/* ---- values --------------------------------------------------------------------------------- */

static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *count(uint64_t value)
{
    return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

static json_t *time_or_null(int64_t t)
{
    char text[PLI_TIME_SIZE];
    if (t == PLURUM_TIME_UNSET) return json_null();
    pli_time_format(text, t);
    return json_string_nocheck(text);
}

static json_t *text_or_null(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

/* A member of the content, shared; for what a plain document leaves out, null or []. */
static json_t *member(const json_t *content, const pli_field *field)
{
    json_t *value = json_object_get(content, field->name);
    if (value) return json_incref(value);
    int list = field->shape == PLI_SHAPE_LABELS || field->shape == PLI_SHAPE_RECORDS;
    return list ? json_array() : json_null();
}

/* ---- item and detail ------------------------------------------------------------------------ */

static int set(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new_nocheck(object, name, value); /* NULL is an error there */
}

static int set_members(json_t *object, pli_kind kind, const json_t *content, unsigned flag)
{
    const pli_table *table = pli_content_table(kind);
    int failed = 0;
    for (size_t i = 0; i < table->count; i++)
        if (table->fields[i].flags & flag)
            failed |= set(object, table->fields[i].name, member(content, &table->fields[i]));
    return failed;
}

/* A plain document has a title where an experience has a goal, and neither outcome nor tries. */
static int set_item_of_plain(json_t *object, const json_t *content)
{
    json_t *title = json_object_get(content, "title");
    int failed = set(object, "goal", title ? json_incref(title) : json_null());
    failed |= set_members(object, PLI_KIND_PLAIN, content, PLI_ITEM);
    return failed | set(object, "outcome", json_null());
}

static int set_identity(json_t *object, const pli_facts *facts)
{
    int failed = set(object, "id", text_or_null(facts->key));
    failed |= set(object, "short_id", text_or_null(facts->short_id));
    failed |= set(object, "session_id", json_null());
    return failed | set(object, "agent_id", text_or_null(facts->owner));
}

static int set_standing(json_t *object, const pli_facts *facts)
{
    uint64_t reports = facts->success_count + facts->failure_count;
    int failed = set(object, "status", text_or_null(plurum_lifecycle_name(facts->lifecycle)));
    failed |= set(object, "visibility", text_or_null(plurum_visibility_name(facts->visibility)));
    failed |= set(object, "success_count", count(facts->success_count));
    failed |= set(object, "failure_count", count(facts->failure_count));
    failed |= set(object, "total_reports", count(reports));
    failed |= set(object, "success_rate", json_real(reports ? facts->success_rate : 0));
    failed |= set(object, "upvotes", count(facts->upvotes));
    failed |= set(object, "downvotes", count(facts->downvotes));
    failed |= set(object, "trust_score", real_or_null(facts->trust));
    failed |= set(object, "quality_score", real_or_null(facts->trust));
    failed |= set(object, "confidence", real_or_null(facts->confidence));
    failed |= set(object, "created_at", time_or_null(facts->created_at));
    failed |= set(object, "updated_at", time_or_null(facts->updated_at));
    return failed | set(object, "quarantined", json_boolean(facts->quarantined));
}

static int set_detail(json_t *object, pli_kind kind, const json_t *content)
{
    int failed = set_members(object, kind, content, PLI_DETAIL);
    if (kind == PLI_KIND_EXPERIENCE)
        failed |= set(object, "attempts_json", json_incref(json_object_get(content, "attempts")));
    return failed;
}

plurum_status pli_present(json_t **out, const pli_facts *facts, const char *content, size_t len,
                          int detail, plurum_error *error)
{
    *out = NULL;
    json_t *tree;
    plurum_status status = pli_content_read(&tree, facts->kind, content, len, error);
    if (status) return status;
    json_t *object = json_object();
    int failed = !object || set_identity(object, facts);
    if (!failed)
        failed = facts->kind == PLI_KIND_PLAIN
                     ? set_item_of_plain(object, tree)
                     : set_members(object, facts->kind, tree, PLI_ITEM);
    if (!failed) failed = set_standing(object, facts);
    if (!failed && detail) failed = set_detail(object, facts->kind, tree);
    json_decref(tree);
    if (failed) {
        json_decref(object);
        return pli_nomem(error);
    }
    *out = object;
    return PLURUM_OK;
}

/* ---- the match ------------------------------------------------------------------------------ */

/* Adds x to three decimals, 0 as "0"; `brief` drops zeros at the end. No locale is asked. */
static void put_decimals(pli_buf *buf, double x, int brief)
{
    char digits[32];
    if (x == 0 || !isfinite(x) || fabs(x) >= 1e12) {
        pli_buf_text(buf, x == 0 ? "0" : "?");
        return;
    }
    long long thousandths = llround(fabs(x) * 1000);
    int len = snprintf(digits, sizeof digits, "%lld.%03lld", thousandths / 1000,
                       thousandths % 1000);
    while (brief && digits[len - 1] == '0') len--;
    if (brief && digits[len - 1] == '.') len--;
    pli_buf_text(buf, x < 0 && thousandths ? "-" : "");
    pli_buf_add(buf, digits, (size_t)len);
}

/* "0.412 text + 0.310 vector + 0 tools = 0.722 relevance; × 0.83 trust boost = 0.599" */
static json_t *arithmetic(const plurum_hit *hit)
{
    const plurum_explain *e = hit->explain;
    const struct {
        double value;
        int brief;
        const char *after;
    } TERMS[] = {{e->text, 0, " text + "},         {e->vector, 0, " vector + "},
                 {e->tools, 0, " tools = "},       {hit->relevance, 0, " relevance; × "},
                 {e->boost, 1, " trust boost = "}, {hit->score, 0, ""}};
    pli_buf line = PLI_BUF_INIT;
    for (size_t i = 0; i < sizeof TERMS / sizeof *TERMS; i++) {
        put_decimals(&line, TERMS[i].value, TERMS[i].brief);
        pli_buf_text(&line, TERMS[i].after);
    }
    json_t *text = line.failed ? NULL : json_stringn_nocheck((char *)line.bytes, line.len);
    pli_buf_free(&line);
    return text;
}

/* A rank, null for "not among the candidates". */
static json_t *rank(uint32_t place)
{
    return place ? json_integer(place) : json_null();
}

static json_t *explanation(const plurum_hit *hit)
{
    const plurum_explain *e = hit->explain;
    const struct {
        const char *name;
        double value;
    } NUMBERS[] = {
        {"text", e->text}, {"vector", e->vector}, {"tools", e->tools}, {"trust", e->trust},
        {"relevance", hit->relevance}, {"boost", e->boost}, {"noise", e->noise},
        {"score", hit->score},
        {"text_score", hit->text_score}, {"text_normal", e->text_normal},
        {"text_weight", e->text_weight}, {"cosine", hit->cosine},
        {"vector_normal", e->vector_normal}, {"vector_weight", e->vector_weight},
        {"tools_share", e->tools_share}, {"tools_weight", e->tools_weight},
    };
    json_t *object = json_object();
    int failed = !object;
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS && !failed; i++)
        failed = set(object, NUMBERS[i].name, real_or_null(NUMBERS[i].value));
    if (!failed) failed = set(object, "text_rank", rank(hit->text_rank));
    if (!failed) failed = set(object, "vector_rank", rank(hit->vector_rank));
    if (!failed && e->here_successes + e->here_failures > 0.0)
        failed = set(object, "environment",
                     json_pack("{s:f, s:f, s:f}", "successes", e->here_successes, "failures",
                               e->here_failures, "trust", e->here_trust));
    if (!failed && e->told > 0.0)
        failed = set(object, "alike",
                     json_pack("{s:f, s:f, s:f, s:f}", "told", e->told, "successes",
                               e->alike_successes, "failures", e->alike_failures, "trust",
                               e->alike_trust));
    if (!failed) failed = set(object, "arithmetic", arithmetic(hit));
    if (!failed) return object;
    json_decref(object);
    return NULL;
}

plurum_status pli_present_match(json_t *object, const plurum_hit *hit, int explain,
                                plurum_error *error)
{
    int failed = set(object, "similarity", real_or_null(hit->similarity));
    failed |= set(object, "relevant", real_or_null(hit->relevant));
    failed |= set(object, "keyword_rank", rank(hit->text_rank));
    failed |= set(object, "combined_score", real_or_null(hit->score));
    failed |= set(object, "rerank_score", real_or_null(hit->score));
    if (!failed && explain && hit->explain) failed = set(object, "explain", explanation(hit));
    return failed ? pli_nomem(error) : PLURUM_OK;
}
