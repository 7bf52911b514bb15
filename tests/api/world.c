/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The index that a test runs in, and short forms of the calls.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

plurum_index *opened;
plurum_error error;
char directory[64], path[96], log_text[4096];
int64_t clock_now;

const float EAST[DIM] = {1, 0, 0, 0}, NORTH[DIM] = {0, 1, 0, 0};

const plurum_viewer NOBODY = PLURUM_VIEWER_INIT;
const plurum_viewer OPERATOR = {sizeof(plurum_viewer), 1, NULL, NULL, 0};

void expect_failure(plurum_status got, plurum_status expected, const char *piece, const char *call,
                    const char *file, int line)
{
    if (got != expected)
        ck_abort_msg("%s:%d: %s gave %s, expected %s: %s", file, line, call,
                     plurum_status_name(got), plurum_status_name(expected), error.text);
    if (error.status != got || !strstr(error.text, piece) || strchr(error.text, '\n'))
        ck_abort_msg("%s:%d: %s: \"%s\" (%s) does not say \"%s\"", file, line, call, error.text,
                     plurum_status_name(error.status), piece);
}

/* ---- the index ---- */

static int64_t tell_clock(void *payload)
{
    (void)payload;
    return __atomic_load_n(&clock_now, __ATOMIC_RELAXED);
}

static void keep_line(void *payload, const char *line)
{
    (void)payload;
    size_t used = strlen(log_text);
    snprintf(log_text + used, sizeof log_text - used, "%s\n", line);
}

plurum_create_options creation(void)
{
    static const plurum_fingerprint caller = {.name = "caller", .dim = DIM, .text_template = 1};
    plurum_create_options options;
    plurum_create_options_init(&options);
    options.fingerprint = &caller;
    options.map_size = (uint64_t)1 << 28;
    return options;
}

plurum_open_options opening(void)
{
    plurum_open_options options;
    plurum_open_options_init(&options);
    options.manual_apply = 1;
    options.no_sync = 1; /* a test's directory need not survive a power failure */
    options.clock = tell_clock;
    options.log = keep_line;
    return options;
}

void begin_world(void)
{
    strcpy(directory, "/tmp/plurum-api-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/index", directory);
    clock_now = NEW_YEAR;
    log_text[0] = '\0';
    memset(&error, 0, sizeof error);
}

void end_world(void)
{
    char command[96];
    close_index();
    snprintf(command, sizeof command, "rm -rf %s", directory);
    ck_assert_int_eq(system(command), 0);
}

void create(const plurum_create_options *options)
{
    OK(plurum_index_create(path, options, &error));
}

void open_with(const plurum_open_options *options)
{
    OK(plurum_index_open(&opened, path, options, &error));
}

void close_index(void)
{
    plurum_index_close(opened);
    opened = NULL;
}

void reopen(void)
{
    plurum_open_options options = opening();
    close_index();
    open_with(&options);
}

void begin(void)
{
    plurum_create_options options = creation();
    begin_world();
    create(&options);
    reopen();
}

plurum_stats stats(void)
{
    plurum_stats out = {.struct_size = sizeof out};
    OK(plurum_index_stats(&out, opened, &error));
    return out;
}

static int add_finding(void *payload, const char *line)
{
    (void)payload;
    keep_line(NULL, line);
    return 0;
}

void verify_is_clean(void)
{
    plurum_verify_report verified = {.struct_size = sizeof verified};
    plurum_status status = plurum_index_verify(&verified, opened, add_finding, NULL, &error);
    ck_assert_msg(status == PLURUM_OK, "verify: %s: %s", error.text, log_text);
    ck_assert_uint_eq(verified.findings, 0);
}

static void print_history(FILE *out, const char *key)
{
    plurum_history *history;
    OK(plurum_index_history(&history, opened, key, PLURUM_TIME_UNSET, &error));
    for (size_t i = 0; i < plurum_history_count(history); i++) {
        const plurum_event *e = plurum_history_event(history, i);
        fprintf(out, " %llu %d %d %d %lld %.17g %s %s %s", (unsigned long long)e->seq, e->kind,
                e->value, e->counted, (long long)e->at, e->weight, e->agent,
                e->context_notes ? e->context_notes : "-", e->query ? e->query : "-");
    }
    plurum_history_free(history);
    fputc('\n', out);
}

char *digest(void)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    plurum_filter all = PLURUM_FILTER_INIT;
    all.lifecycles = (1u << PLURUM_LIFECYCLE_COUNT) - 1;
    all.quarantine = PLURUM_QUARANTINE_SHOW;
    plurum_results *results;
    OK(plurum_index_list(&results, opened, &OPERATOR, &all, PLURUM_LIMIT_MAX, 0, &error));
    for (size_t i = 0; i < plurum_results_count(results); i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        char *json;
        OK(plurum_index_get(&json, opened, hit->key, &OPERATOR, &error));
        ck_assert_str_eq(json, hit->json);
        fprintf(out, "%lu %s", (unsigned long)hit->id, json);
        plurum_text_free(json);
        print_history(out, hit->key);
    }
    plurum_results_free(results);
    plurum_stats s = stats();
    fprintf(out, "seq %llu, %llu documents, %llu vectors, %llu outcomes, %llu votes, %llu agents\n",
            (unsigned long long)s.seq, (unsigned long long)s.documents,
            (unsigned long long)s.vectors, (unsigned long long)s.outcomes,
            (unsigned long long)s.votes, (unsigned long long)s.reporters);
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

/* ---- writing ---- */

plurum_document document(const char *key, const char *title)
{
    plurum_document d = PLURUM_DOCUMENT_INIT;
    d.key = key;
    d.text[PLURUM_TEXT_TITLE] = title;
    return d;
}

static plurum_batch *new_batch(void)
{
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    return batch;
}

/* Commits a batch of one change and frees it. */
static plurum_status commit(plurum_batch *batch, plurum_receipt *receipt)
{
    plurum_receipt ignored;
    plurum_status status = plurum_batch_commit(batch, receipt ? receipt : &ignored, &error);
    plurum_batch_free(batch);
    return status;
}

uint32_t put(const plurum_document *d)
{
    plurum_receipt receipt;
    plurum_batch *batch = new_batch();
    OK(plurum_batch_put(batch, d, PLURUM_CONFLICT_REPLACE, &error));
    OK(commit(batch, &receipt));
    return receipt.id;
}

uint32_t put_text(const char *key, const char *title)
{
    plurum_document d = document(key, title);
    return put(&d);
}

uint32_t put_vector(const char *key, const char *title, float x, float y)
{
    const float vector[DIM] = {x, y, 0, 0};
    plurum_document d = document(key, title);
    d.vector = vector;
    d.dim = DIM;
    return put(&d);
}

void begin_with_four(void)
{
    begin();
    put_vector("both", "restore a backup", 1, 0);
    put_vector("east", "prune a volume", 4, 1);
    put_vector("north", "restart a service", 0, 1);
    put_text("words", "restore the database from a backup");
}

plurum_experience *experience(const char *json)
{
    plurum_experience *parsed;
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    options.import = 1;
    options.lifecycle = PLURUM_PUBLISHED;
    OK(plurum_experience_parse(&parsed, json, strlen(json), &options, &error));
    return parsed;
}

plurum_receipt put_experience(const char *json, const char *owner)
{
    plurum_receipt receipt;
    plurum_experience *parsed = experience(json);
    plurum_batch *batch = new_batch();
    OK(plurum_batch_put_experience(batch, parsed, owner, NULL, 0, PLURUM_CONFLICT_ERROR, &error));
    OK(commit(batch, &receipt));
    plurum_experience_free(parsed);
    return receipt;
}

plurum_outcome outcome(const char *id, const char *agent, int success)
{
    plurum_outcome o = PLURUM_OUTCOME_INIT;
    o.id = id;
    o.agent = agent;
    o.success = success;
    return o;
}

plurum_status report(const plurum_outcome *o, plurum_receipt *receipt)
{
    plurum_batch *batch = new_batch();
    plurum_status status = plurum_batch_outcome(batch, o, &error);
    if (!status) return commit(batch, receipt);
    plurum_batch_free(batch);
    return status;
}

plurum_status vote(const char *id, const char *agent, int v, plurum_receipt *receipt)
{
    plurum_batch *batch = new_batch();
    plurum_status status = plurum_batch_vote(batch, id, agent, v, PLURUM_TIME_UNSET, &error);
    if (!status) return commit(batch, receipt);
    plurum_batch_free(batch);
    return status;
}

plurum_status set_lifecycle(const char *id, const char *agent, plurum_lifecycle lifecycle,
                            plurum_receipt *receipt)
{
    plurum_batch *batch = new_batch();
    plurum_status status = plurum_batch_set_lifecycle(batch, id, agent, lifecycle, &error);
    if (!status) return commit(batch, receipt);
    plurum_batch_free(batch);
    return status;
}

plurum_status delete_document(const char *id, const char *agent)
{
    plurum_batch *batch = new_batch();
    plurum_status status = plurum_batch_delete(batch, id, agent, &error);
    if (!status) return commit(batch, NULL);
    plurum_batch_free(batch);
    return status;
}

static void tell(const char *id, const char *agent, int success)
{
    plurum_outcome o = outcome(id, agent, success);
    OK(report(&o, NULL));
}

void worked(const char *id, const char *agent)
{
    tell(id, agent, 1);
}

void failed(const char *id, const char *agent)
{
    tell(id, agent, 0);
}

/* ---- reading ---- */

plurum_viewer viewer_of(const char *agent)
{
    plurum_viewer viewer = PLURUM_VIEWER_INIT;
    viewer.agent = agent;
    return viewer;
}

json_t *get(const char *id, const plurum_viewer *viewer)
{
    char *text;
    plurum_status status = plurum_index_get(&text, opened, id, viewer, &error);
    if (status == PLURUM_NOTFOUND) {
        ck_assert_ptr_null(text);
        return NULL;
    }
    ck_assert_msg(status == PLURUM_OK, "get %s: %s", id, error.text);
    json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_msg(json_is_object(object), "get %s: %s", id, text);
    plurum_text_free(text);
    return object;
}

double number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    ck_assert_msg(json_is_number(value), "%s is no number", name);
    return json_number_value(value);
}

const char *text(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    ck_assert_msg(json_is_string(value), "%s is no text", name);
    return json_string_value(value);
}

double trust_of(const char *id)
{
    json_t *object = get(id, &OPERATOR);
    ck_assert_msg(object != NULL, "%s is not there", id);
    double trust = number(object, "trust_score");
    json_decref(object);
    return trust;
}

plurum_query query(const char *asked)
{
    plurum_query q;
    plurum_query_init(&q);
    q.text = asked;
    q.text_len = strlen(asked);
    return q;
}

plurum_query vector_query(const float *vector)
{
    plurum_query q;
    plurum_query_init(&q);
    q.vector = vector;
    q.dim = DIM;
    return q;
}

plurum_results *search(const plurum_query *q)
{
    plurum_results *results;
    OK(plurum_search(&results, opened, q, &error));
    return results;
}

plurum_results *search_text(const char *asked)
{
    plurum_query q = query(asked);
    return search(&q);
}

plurum_results *list(const plurum_viewer *viewer, const plurum_filter *filter)
{
    plurum_results *results;
    OK(plurum_index_list(&results, opened, viewer, filter, 100, 0, &error));
    return results;
}

const plurum_hit *hit_of(const plurum_results *results, const char *key)
{
    for (size_t i = 0; i < plurum_results_count(results); i++)
        if (strcmp(plurum_results_hit(results, i)->key, key) == 0)
            return plurum_results_hit(results, i);
    ck_abort_msg("%s is not found", key);
    return NULL;
}

void lift_is_bounded(const plurum_results *results, double floor)
{
    double least = INFINITY; /* relevance of those above */
    for (size_t i = 0; i < plurum_results_count(results); i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        ck_assert_double_ge(least, hit->relevance * floor);
        ck_assert_double_ge(hit->explain->boost, floor);
        ck_assert_double_le(hit->explain->boost, 1);
        least = fmin(least, hit->relevance);
    }
}

const char *keys(const plurum_results *results)
{
    static char shown[8192];
    size_t used = 0;
    shown[0] = '\0';
    for (size_t i = 0; i < plurum_results_count(results) && used < sizeof shown; i++)
        used += (size_t)snprintf(shown + used, sizeof shown - used, "%s%s", i ? " " : "",
                                 plurum_results_hit(results, i)->key);
    ck_assert_uint_lt(used, sizeof shown);
    return shown;
}

const char *found(const char *asked)
{
    plurum_results *results = search_text(asked);
    const char *shown = keys(results);
    plurum_results_free(results);
    return shown;
}

const char *listed(void)
{
    plurum_results *results = list(NULL, NULL);
    const char *shown = keys(results);
    plurum_results_free(results);
    return shown;
}

int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failures = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
