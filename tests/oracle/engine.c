/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Doing steps with plurum. Nothing here but the translation between plain data and the API.
 */
#include <config.h>

#include "tests/oracle/engine.h"
#include "tests/oracle/pipes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

static plurum_index *opened;
static settings made_with;
static _Atomic int64_t clock_now;

static int64_t tell_clock(void *payload)
{
    (void)payload;
    return clock_now;
}

static int print_line(void *payload, const char *line)
{
    (void)payload;
    fprintf(stderr, "oracle: engine: %s\n", line);
    return 0;
}

static void log_line(void *payload, const char *line)
{
    if (getenv("ORACLE_LOG")) print_line(payload, line);
}

static plurum_status create_index(const char *path, plurum_error *error)
{
    plurum_create_options create;
    plurum_trust_config trust;
    plurum_fingerprint caller = {.name = "oracle", .dim = DIM, .text_template = 1};
    plurum_create_options_init(&create);
    create.fingerprint = &caller;
    create.map_size = (uint64_t)1 << 28;
    create.newcomer_weights = made_with.newcomer_weights;
    plurum_trust_config_init(&trust);
    trust.quarantine_margin = made_with.quarantine_margin;
    create.trust = &trust;
    return plurum_index_create(path, &create, error);
}

static plurum_status open_index(const char *path, int background, plurum_error *error)
{
    plurum_open_options open = PLURUM_OPEN_OPTIONS_INIT;
    open.manual_apply = !background;
    open.no_sync = 1; /* a killed process loses nothing that the kernel has */
    open.clock = tell_clock;
    open.log = log_line;
    open.graph_from = 24; /* so that there are graphs, which exact queries must not see */
    open.segment_size = 8;
    open.checkpoint_events = 12; /* so that most openings begin in one */
    plurum_status status = access(path, F_OK) ? create_index(path, error) : PLURUM_OK;
    return status ? status : plurum_index_open(&opened, path, &open, error);
}

static plurum_status put(plurum_batch *batch, const change *c, plurum_error *error)
{
    const made *m = make_document(c->key, c->made);
    plurum_conflict conflict = (plurum_conflict)c->conflict;
    if (!is_experience(c->key)) return plurum_batch_put(batch, &m->document, conflict, error);
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    plurum_experience *experience;
    options.import = 1;
    plurum_status status =
        plurum_experience_parse(&experience, m->json, strlen(m->json), &options, error);
    if (status) return status;
    status = plurum_batch_put_experience(batch, experience, NULL, m->document.vector,
                                         m->document.dim, conflict, error);
    plurum_experience_free(experience);
    return status;
}

static plurum_status add_change(plurum_batch *batch, const change *c, plurum_error *error)
{
    char key[40], agent[16], environment[64];
    const char *who = c->agent >= 0 ? make_agent(agent, c->agent) : NULL;
    if (c->kind == PUT) return put(batch, c, error);
    make_name(key, c->key, c->by_short);
    if (c->kind == OUTCOME) {
        plurum_outcome o = PLURUM_OUTCOME_INIT;
        o.id = key;
        o.agent = who;
        o.success = c->value;
        o.at = c->at;
        o.context_notes = c->value ? "worked" : NULL;
        o.env_fingerprint = make_environment(environment, c->environment);
        char text[400];
        float vector[DIM];
        int has_vector = 0;
        if (c->asked) make_query(text, vector, &has_vector, c->asked);
        if (c->asked) o.query = text;
        if (has_vector) o.query_vector = vector, o.dim = DIM;
        return plurum_batch_outcome(batch, &o, error);
    }
    if (c->kind == VOTE) return plurum_batch_vote(batch, key, who, c->value, c->at, error);
    if (c->kind == DELETE) return plurum_batch_delete(batch, key, who, error);
    return plurum_batch_set_lifecycle(batch, key, who, (plurum_lifecycle)c->value, error);
}

static void do_batch(const step *s, answer *a)
{
    plurum_batch *batch;
    plurum_error error = {0};
    a->status = plurum_batch_new(&batch, opened, &error);
    for (int i = 0; i < s->change_count && !a->status; i++)
        a->status = add_change(batch, &s->changes[i], &error);
    if (!a->status) a->status = plurum_batch_commit(batch, NULL, &error);
    a->position = a->status ? error.position : 0;
    snprintf(a->text, sizeof a->text, "%s", a->status ? error.text : "");
    plurum_batch_free(batch);
}

static void copy_hit(answer_hit *to, const plurum_hit *hit)
{
    const plurum_explain *e = hit->explain;
    *to = (answer_hit){.id = hit->id,
                       .key = key_number(hit->key),
                       .score = hit->score,
                       .relevant = hit->relevant,
                       .relevance = hit->relevance,
                       .similarity = hit->similarity,
                       .text_score = hit->text_score,
                       .cosine = hit->cosine,
                       .text_rank = hit->text_rank,
                       .vector_rank = hit->vector_rank,
                       .trust = hit->trust->trust,
                       .boost = e->boost,
                       .text = e->text,
                       .vector = e->vector,
                       .tools = e->tools,
                       .trust_part = e->trust};
}

typedef struct asked {
    plurum_viewer viewer;
    plurum_filter filter;
    char agent[16], mates[AGENTS][16], environment[64];
    const char *mate_list[AGENTS], *tools[TOOLS], *tool, *tag;
} asked;

static void ask(asked *out, const query_step *q)
{
    memset(out, 0, sizeof *out);
    out->viewer = (plurum_viewer)PLURUM_VIEWER_INIT;
    out->filter = (plurum_filter)PLURUM_FILTER_INIT;
    out->viewer.is_operator = q->viewer == -2;
    if (q->viewer >= 0) out->viewer.agent = make_agent(out->agent, q->viewer);
    for (int i = 0; i < AGENTS; i++)
        if (q->mates >> i & 1) {
            size_t n = out->viewer.team_mate_count++;
            out->mate_list[n] = make_agent(out->mates[n], i);
        }
    out->viewer.team_mates = out->mate_list;
    plurum_filter *f = &out->filter;
    if (q->domain >= 0) f->domain = make_domain(q->domain);
    if (q->tool >= 0) out->tool = make_tool(q->tool), f->tools = &out->tool, f->tool_count = 1;
    if (q->tag >= 0) out->tag = make_tag(q->tag), f->tags = &out->tag, f->tag_count = 1;
    f->lifecycles = q->lifecycles;
    f->visibilities = q->visibilities;
    f->min_quality = q->min_quality;
    f->min_confidence = q->min_confidence;
    f->since = q->since;
    f->until = q->until;
    f->quarantine = (plurum_quarantine)q->quarantine;
    for (int i = 0; i < q->want_tools; i++) out->tools[i] = make_tool(i);
}

static void set_weights(plurum_weights *w, const query_step *q)
{
    static const char *const FIELDS[] = {"field_title", "field_body", "field_labels", "field_code"};
    const struct {
        const char *name;
        double value;
    } ALL[] = {{"fusion", q->fusion}, {"alpha", q->alpha},   {"candidates", q->candidates},
               {"floor", q->floor},   {"bm25_k1", q->k1},    {"bm25_b", q->b},
               {"tools", q->tools_weight}, {"lean", q->lean},
               {"bm25_function_words", q->function_words},
               {"environment", q->environment_weight}, {"alike", q->alike_weight}, {"told", q->told_weight},
               {"gate", q->gate},     {"rrf_k", q->rrf_k},   {"rrf_text", q->rrf_text},
               {"rrf_vector", q->rrf_vector}, {"ef", q->ef > 0 ? q->ef : 160},
               {"feedback_lean", q->feedback_lean}};
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        if (plurum_weights_set(w, ALL[i].name, ALL[i].value, NULL)) abort();
    for (int f = 0; f < PLURUM_TEXT_FIELD_COUNT; f++)
        if (plurum_weights_set(w, FIELDS[f], q->field[f], NULL)) abort();
}

static void copy_results(answer *a, const plurum_results *results)
{
    const char *cursor = plurum_results_cursor(results);
    a->total = plurum_results_total(results);
    a->count = (int)plurum_results_count(results);
    a->warning_count = (int)plurum_results_warning_count(results);
    for (int i = 0; i < a->count; i++)
        copy_hit(&a->hits[i], plurum_results_hit(results, (size_t)i));
    for (int i = 0; i < a->warning_count; i++)
        copy_hit(&a->warnings[i], plurum_results_warning(results, (size_t)i));
    snprintf(a->cursor, sizeof a->cursor, "%s", cursor ? cursor : "");
    a->seq = plurum_results_seq(results);
}

/* The same search without looking at every vector: all of it. */
static void ask_graphs(plurum_query *query, answer *a)
{
    plurum_results *results;
    plurum_error error;
    query->exact = 0;
    query->limit = KEYS;
    query->offset = query->warnings = 0;
    a->status = plurum_search(&results, opened, query, &error);
    snprintf(a->text, sizeof a->text, "%s", a->status ? error.text : "");
    if (a->status) return;
    a->graph_count = (int)plurum_results_count(results);
    for (int i = 0; i < a->graph_count; i++)
        copy_hit(&a->graph[i], plurum_results_hit(results, (size_t)i));
    plurum_results_free(results);
}

static void do_search(const query_step *q, answer *a)
{
    asked filters;
    plurum_query query;
    plurum_results *results;
    plurum_weights *weights;
    plurum_error error = {0};
    char text[400];
    float vector[DIM];
    int has_vector;
    make_query(text, vector, &has_vector, q->made);
    ask(&filters, q);
    plurum_query_init(&query);
    if (plurum_weights_new(&weights, NULL)) abort();
    set_weights(weights, q);
    query.text = text;
    query.text_len = strlen(text);
    if (has_vector) query.vector = vector, query.dim = DIM;
    query.tools = filters.tools;
    query.tool_count = (size_t)q->want_tools;
    query.environment = make_environment(filters.environment, q->environment);
    query.viewer = &filters.viewer;
    query.filter = &filters.filter;
    query.mode = (plurum_mode)q->mode;
    query.limit = (size_t)q->limit;
    query.offset = (size_t)q->offset;
    query.cursor = *q->cursor ? q->cursor : NULL;
    query.now = q->now;
    query.exact = 1;
    query.warnings = (size_t)q->warnings;
    query.weights = weights;
    a->status = plurum_search(&results, opened, &query, &error);
    snprintf(a->text, sizeof a->text, "%s", a->status ? error.text : "");
    if (!a->status) copy_results(a, results);
    plurum_results_free(results);
    if (!a->status && q->ef > 0 && !*q->cursor) ask_graphs(&query, a);
    plurum_weights_free(weights);
}

static void do_list(const query_step *q, answer *a)
{
    asked filters;
    plurum_results *results;
    plurum_error error = {0};
    ask(&filters, q);
    a->status = plurum_index_list(&results, opened, &filters.viewer, &filters.filter,
                                  (size_t)q->limit, (size_t)q->offset, &error);
    snprintf(a->text, sizeof a->text, "%s", a->status ? error.text : "");
    if (!a->status) copy_results(a, results);
    plurum_results_free(results);
}

static void do_get(const step *s, answer *a)
{
    query_step q = {.viewer = s->viewer, .domain = -1, .tool = -1, .tag = -1};
    asked filters;
    char key[40], *text;
    plurum_lifecycle lifecycle;
    plurum_visibility visibility;
    ask(&filters, &q);
    a->status = plurum_index_get(&text, opened, make_name(key, s->key, s->by_short), &filters.viewer, NULL);
    if (a->status) return;
    json_t *object = json_loads(text, 0, NULL);
    a->trust.trust = json_number_value(json_object_get(object, "trust_score"));
    a->trust.quarantined = json_is_true(json_object_get(object, "quarantined"));
    a->trust.success_rate = json_number_value(json_object_get(object, "success_rate"));
    a->events = (uint64_t)json_integer_value(json_object_get(object, "total_reports"));
    plurum_lifecycle_parse(&lifecycle, json_string_value(json_object_get(object, "status")));
    plurum_visibility_parse(&visibility, json_string_value(json_object_get(object, "visibility")));
    a->digest = (uint64_t)lifecycle * 10 + (uint64_t)visibility;
    json_decref(object);
    plurum_text_free(text);
}

static void do_history(const step *s, answer *a)
{
    char key[40];
    plurum_history *history;
    a->status = plurum_index_history(&history, opened, make_name(key, s->key, s->by_short),
                                     PLURUM_TIME_UNSET, NULL);
    if (a->status) return;
    a->trust = *plurum_history_score(history);
    a->events = plurum_history_count(history);
    for (size_t i = 0; i < a->events; i++) {
        const plurum_event *e = plurum_history_event(history, i);
        a->digest += e->seq * 1000 + (uint64_t)(e->value + 1) * 100 + (uint64_t)e->counted * 10 +
                     (uint64_t)e->kind;
    }
    plurum_history_free(history);
}

static void do_verify(answer *a)
{
    plurum_verify_report report = {.struct_size = sizeof report};
    plurum_error error = {0};
    a->status = plurum_index_verify(&report, opened, print_line, NULL, &error);
    snprintf(a->text, sizeof a->text, "%s", a->status ? error.text : "");
}

static void do_step(const char *path, const step *s, answer *a)
{
    plurum_error error = {0};
    memset(a, 0, sizeof *a);
    clock_now = s->clock;
    switch (s->kind) {
    case STEP_BATCH: do_batch(s, a); break;
    case STEP_APPLY: a->status = plurum_index_apply(opened, &error); break;
    case STEP_REOPEN:
        plurum_index_close(opened);
        opened = NULL;
        a->status = open_index(path, s->background, &error);
        break;
    case STEP_COMPACT:
        plurum_index_close(opened);
        opened = NULL;
        a->status = plurum_index_compact(NULL, path, NULL, &error);
        if (!a->status) a->status = open_index(path, s->background, &error);
        break;
    case STEP_SEARCH: do_search(&s->query, a); break;
    case STEP_LIST: do_list(&s->query, a); break;
    case STEP_GET: do_get(s, a); break;
    case STEP_HISTORY: do_history(s, a); break;
    case STEP_VERIFY: do_verify(a); break;
    case STEP_SEQ: break;
    }
    if (error.text[0]) snprintf(a->text, sizeof a->text, "%s", error.text);
    plurum_stats stats = {.struct_size = sizeof stats};
    if (s->kind == STEP_SEQ) {
        if (plurum_index_stats(&stats, opened, &error)) a->status = PLURUM_INTERNAL;
        a->seq = stats.seq;
    }
}

void engine_serve(const char *path, const settings *how, int steps, int answers)
{
    step s;
    answer a;
    plurum_error error;
    made_with = *how;
    if (open_index(path, 0, &error)) {
        fprintf(stderr, "oracle: %s\n", error.text);
        _exit(3);
    }
    while (pipe_read(steps, &s, sizeof s) == 0) {
        do_step(path, &s, &a);
        if (pipe_write(answers, &a, sizeof a)) break;
    }
    plurum_index_close(opened);
}
