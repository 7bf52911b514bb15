/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory runs out: for each call of the API its first allocation fails, then its second, and so on
 * until the call succeeds. Every failure must be NOMEM, leave no half-open handle and no trace in
 * the index, and lose nothing (the build with -fsanitize=address sees leaks).
 *
 * The library's own heap is what fails here; LMDB, Xapian, zstd and jansson have libc's.
 */
#include <config.h>

#include "tests/api/world.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/engine.h"

static const char *const TOOLS[] = {"psql", "Vim"};
static int attempt; /* which allocation fails */

/* ---- the frame ---- */

/*
 * Calls f with the nth allocation failing, n = 1, 2, 3 …, until it succeeds. between, which may be
 * NULL, puts things in order for the next attempt and checks what the failed one has left.
 */
static void starve(const char *name, plurum_status (*f)(void), void (*between)(void))
{
    plurum_status status;
    for (attempt = 1;; attempt++) {
        if (between) between();
        memset(&error, 0, sizeof error);
        pli_alloc_fail_at((unsigned long)attempt);
        status = f();
        pli_alloc_fail_at(0);
        if (status != PLURUM_NOMEM) break;
        ck_assert_msg(error.status == PLURUM_NOMEM, "%s, allocation %d: the error says %s", name,
                      attempt, plurum_status_name(error.status));
        ck_assert_msg(attempt < 20000, "%s never succeeds", name);
    }
    ck_assert_msg(status == PLURUM_OK, "%s, allocation %d: %s: %s", name, attempt,
                  plurum_status_name(status), error.text);
    ck_assert_msg(attempt > 1, "%s allocates nothing", name);
}

static void fill(void)
{
    char key[16];
    for (int i = 0; i < 12; i++) {
        plurum_document d = document(key, "restore a backup of the database");
        snprintf(key, sizeof key, "k%d", i);
        d.domain = i % 2 ? "Postgres" : "mysql";
        d.tools = d.tags = TOOLS;
        d.tool_count = d.tag_count = 2;
        d.owner = "owner";
        if (i % 3) d.vector = EAST, d.dim = DIM;
        put(&d);
        if (i == 5) OK(plurum_index_apply(opened, &error));
    }
    for (int i = 0; i < 3; i++) {
        char agent[8];
        snprintf(agent, sizeof agent, "a%d", i);
        failed("k3", agent);
        worked("k4", agent);
    }
    OK(vote("k4", "a0", 1, NULL));
}

static void setup(void)
{
    begin();
    fill();
}

static void reopen_index(void)
{
    reopen();
}

/* The index is what it was: the digest is compared once in a while, since it reads everything. */
static char *before;

static void is_unharmed(void)
{
    if (attempt % 7) return;
    char *now = digest();
    ck_assert_msg(strcmp(before, now) == 0, "allocation %d has left something", attempt);
    free(now);
}

/* Starves a write, which must have no effect until it succeeds, and then does what `after` says. */
static void starve_write(const char *name, plurum_status (*f)(void))
{
    before = digest();
    starve(name, f, is_unharmed);
    char *now = digest();
    ck_assert_str_ne(before, now);
    free(now);
    free(before);
    verify_is_clean();
}

/* ---- creating and opening ---- */

static plurum_status do_create(void)
{
    plurum_create_options options = creation();
    return plurum_index_create(path, &options, &error);
}

static void nothing_is_there(void)
{
    DIR *dir = opendir(directory);
    ck_assert_ptr_nonnull(dir);
    for (struct dirent *e; (e = readdir(dir));) ck_assert_int_eq(e->d_name[0], '.');
    closedir(dir);
}

START_TEST(creating_leaves_nothing_behind)
{
    begin_world();
    starve("create", do_create, nothing_is_there);
    reopen();
    end_world();
}
END_TEST

static plurum_status do_open(void)
{
    plurum_open_options options = opening();
    plurum_index *index;
    plurum_status status = plurum_index_open(&index, path, &options, &error);
    ck_assert_int_eq(index == NULL, status != PLURUM_OK);
    plurum_index_close(index);
    return status;
}

static void lose_the_text_index(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s/text-*", path);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(opening_leaves_no_half_open_handle)
{
    close_index();
    starve("open", do_open, NULL);
    starve("open without a text index", do_open, lose_the_text_index);
    reopen();
    verify_is_clean();
}
END_TEST

static plurum_stats stats_now(void)
{
    plurum_stats stats = {.struct_size = sizeof stats};
    OK(plurum_index_stats(&stats, opened, &error));
    return stats;
}

static plurum_status look_at_stats(void)
{
    plurum_stats stats = {.struct_size = sizeof stats};
    return plurum_index_stats(&stats, opened, &error);
}

/* A file that could not be finished leaves the one before, and an opening uses it or fails. */
START_TEST(a_checkpoint_is_written_and_used_whole_or_not)
{
    char made[160];
    plurum_open_options options = opening();
    options.checkpoint_events = 1;
    close_index();
    open_with(&options);
    stats_now();
    snprintf(made, sizeof made, "%s/columns.new", path);
    for (unsigned long nth = 1; stats_now().checkpoint_seq != stats_now().seq; nth++) {
        ck_assert_uint_lt(nth, 20000);
        pli_alloc_fail_at(nth);
        pli_checkpoint_consider(opened);
        pli_alloc_fail_at(0);
        FILE *left = fopen(made, "r");
        ck_assert_ptr_null(left);
    }
    reopen();
    starve("make the first view", look_at_stats, reopen_index);
    ck_assert_uint_gt(stats_now().mapped_bytes, 0);
    verify_is_clean();
}
END_TEST

static plurum_embedder *embedder;

static plurum_status do_open_model(void)
{
    plurum_status status = plurum_embedder_open_static(
        &embedder, DATA_DIR "/models/static-en-256.plsm", &error);
    if (!status) plurum_embedder_free(embedder);
    return status;
}

static plurum_status do_create_embedder(void)
{
    static const plurum_fingerprint f = {.name = "m", .dim = 2, .text_template = 1};
    plurum_embedder_methods methods = {.struct_size = sizeof methods};
    methods.embed = (plurum_status(*)(void *, const char *const *, size_t, float *,
                                      plurum_error *))(void (*)(void))abort;
    plurum_status status =
        plurum_embedder_create(&embedder, &f, NULL, &methods, NULL, &error);
    if (!status) plurum_embedder_free(embedder);
    return status;
}

START_TEST(embedders_are_made_whole_or_not)
{
    starve("create an embedder", do_create_embedder, NULL);
    starve("open a static model", do_open_model, NULL);
}
END_TEST

/* ---- writing ---- */

static plurum_status with_batch(plurum_status (*add)(plurum_batch *batch))
{
    plurum_batch *batch;
    plurum_status status = plurum_batch_new(&batch, opened, &error);
    if (!status) status = add(batch);
    if (!status) status = plurum_batch_commit(batch, NULL, &error);
    plurum_batch_free(batch);
    return status;
}

static plurum_status add_document(plurum_batch *batch)
{
    plurum_document d = document("new", "restore a Backup caf\xC3\xA9");
    d.domain = "Domain \xC3\x89";
    d.tools = d.tags = TOOLS;
    d.tool_count = d.tag_count = 2;
    d.vector = EAST;
    d.dim = DIM;
    d.owner = "owner";
    return plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error);
}

static plurum_status add_replacement(plurum_batch *batch)
{
    plurum_document d = document("k4", "another text");
    return plurum_batch_put(batch, &d, PLURUM_CONFLICT_REPLACE, &error);
}

static plurum_status add_experience(plurum_batch *batch)
{
    static const char JSON[] =
        "{\"goal\":\"restore a backup\",\"domain\":\"x\",\"tools_used\":[\"psql\",\"vim\"],"
        "\"gotchas\":[\"mind\"],\"attempts\":[{\"action\":\"a\"}],\"agent_id\":\"author\"}";
    plurum_experience *e;
    plurum_experience_options options = PLURUM_EXPERIENCE_OPTIONS_INIT;
    options.import = 1;
    plurum_status status =
        plurum_experience_parse(&e, JSON, sizeof JSON - 1, &options, &error);
    if (!status)
        status = plurum_batch_put_experience(batch, e, NULL, EAST, DIM, PLURUM_CONFLICT_ERROR,
                                             &error);
    plurum_experience_free(e);
    return status;
}

static plurum_status add_outcome(plurum_batch *batch)
{
    plurum_outcome o = outcome("k1", "user", 1);
    o.context_notes = "notes";
    o.error_message = "error";
    o.env_fingerprint = "{\"os\":\"linux\"}";
    o.query = "a query";
    return plurum_batch_outcome(batch, &o, &error);
}

static plurum_status add_vote(plurum_batch *batch)
{
    return plurum_batch_vote(batch, "k1", "user", -1, PLURUM_TIME_UNSET, &error);
}

static plurum_status add_lifecycle(plurum_batch *batch)
{
    return plurum_batch_set_lifecycle(batch, "k1", "owner", PLURUM_ARCHIVED, &error);
}

static plurum_status add_deletion(plurum_batch *batch)
{
    return plurum_batch_delete(batch, "k2", "owner", &error);
}

static plurum_status do_document(void) { return with_batch(add_document); }
static plurum_status do_replacement(void) { return with_batch(add_replacement); }
static plurum_status do_experience(void) { return with_batch(add_experience); }
static plurum_status do_outcome(void) { return with_batch(add_outcome); }
static plurum_status do_vote(void) { return with_batch(add_vote); }
static plurum_status do_lifecycle(void) { return with_batch(add_lifecycle); }
static plurum_status do_deletion(void) { return with_batch(add_deletion); }

START_TEST(a_write_happens_whole_or_not)
{
    starve_write("put", do_document);
    starve_write("replace", do_replacement);
    starve_write("put an experience", do_experience);
    starve_write("outcome", do_outcome);
    starve_write("vote", do_vote);
    starve_write("set the lifecycle", do_lifecycle);
    starve_write("delete", do_deletion);
    reopen();
    verify_is_clean();
}
END_TEST

static plurum_batch *kept;

static plurum_status do_commit(void)
{
    return plurum_batch_commit(kept, NULL, &error);
}

START_TEST(a_batch_keeps_its_content_when_its_commit_fails)
{
    OK(plurum_batch_new(&kept, opened, &error));
    OK(add_document(kept));
    OK(add_outcome(kept));
    OK(add_deletion(kept));
    starve_write("commit", do_commit);
    ck_assert_uint_eq(plurum_batch_count(kept), 0);
    plurum_batch_free(kept);
    ck_assert_ptr_null(get("k2", &OPERATOR));
    json_t *object = get("new", NULL);
    ck_assert_ptr_nonnull(object);
    json_decref(object);
}
END_TEST

static plurum_status do_apply(void)
{
    return plurum_index_apply(opened, &error);
}

START_TEST(applying_goes_on_where_it_was)
{
    starve("apply", do_apply, NULL);
    ck_assert_uint_eq(stats().tail_documents, 0);
    verify_is_clean();
}
END_TEST

/* ---- reading ---- */

static plurum_status do_search(void)
{
    plurum_viewer viewer = viewer_of("someone");
    const char *const mates[] = {"owner", "other"};
    plurum_filter f = PLURUM_FILTER_INIT;
    plurum_query q = query("restore caf\xC3\xA9 from the backup");
    plurum_results *results = (plurum_results *)&q;
    viewer.team_mates = mates;
    viewer.team_mate_count = 2;
    f.domain = "POSTGRES";
    f.tools = f.tags = TOOLS;
    f.tool_count = f.tag_count = 1;
    q.viewer = &viewer;
    q.filter = &f;
    q.tools = TOOLS;
    q.tool_count = 2;
    q.vector = EAST;
    q.dim = DIM;
    q.environment = "{\"os\":\"linux\",\"tools\":[\"git\"]}";
    q.limit = 2;
    q.warnings = 3;
    q.snippet = 100;
    q.facets = 3;
    q.collapse = .9999999;
    q.lambda = .9;
    plurum_status status = plurum_search(&results, opened, &q, &error);
    if (status) {
        ck_assert_ptr_null(results);
        return status;
    }
    ck_assert_uint_eq(plurum_results_count(results), 2);
    ck_assert_uint_eq(plurum_results_warning_count(results), 1);
    char *json;
    status = plurum_results_json(&json, results, 1, &error);
    plurum_results_free(results);
    if (!status) plurum_text_free(json);
    return status;
}

static plurum_status do_suggest(void)
{
    plurum_query q = query("restroe the bakcup");
    plurum_results *results;
    q.mode = PLURUM_MODE_TEXT;
    plurum_status status = plurum_search(&results, opened, &q, &error);
    if (!status)
        ck_assert_str_eq(plurum_results_suggestion(results), "restore the backup");
    plurum_results_free(results);
    return status;
}

static plurum_status do_similar(void)
{
    plurum_query q;
    plurum_results *results;
    plurum_query_init(&q);
    q.like = "k1";
    plurum_status status = plurum_search(&results, opened, &q, &error);
    plurum_results_free(results);
    q.mode = PLURUM_MODE_TEXT;
    if (status) return status;
    status = plurum_search(&results, opened, &q, &error);
    plurum_results_free(results);
    return status;
}

static plurum_status do_why(void)
{
    plurum_query q = query("restore the backup");
    plurum_why *why;
    q.mode = PLURUM_MODE_TEXT;
    plurum_status status = plurum_index_why(&why, opened, "k3", &q, &error);
    ck_assert_int_eq(why == NULL, status != PLURUM_OK);
    plurum_why_free(why);
    return status;
}

static plurum_status do_list(void)
{
    plurum_filter f = PLURUM_FILTER_INIT;
    plurum_results *results;
    f.domain = "mysql";
    plurum_status status =
        plurum_index_list(&results, opened, &OPERATOR, &f, 10, 0, &error);
    if (!status) ck_assert_uint_eq(plurum_results_count(results), 6);
    plurum_results_free(results);
    return status;
}

static plurum_status do_get(void)
{
    char *json;
    plurum_status status = plurum_index_get(&json, opened, "k4", NULL, &error);
    ck_assert_int_eq(json == NULL, status != PLURUM_OK);
    plurum_text_free(json);
    return status;
}

static plurum_status do_history(void)
{
    plurum_history *history;
    plurum_status status =
        plurum_index_history(&history, opened, "k4", PLURUM_TIME_UNSET, &error);
    if (!status) ck_assert_uint_eq(plurum_history_count(history), 4);
    plurum_history_free(history);
    return status;
}

static plurum_status do_stats(void)
{
    plurum_stats s = {.struct_size = sizeof s};
    return plurum_index_stats(&s, opened, &error);
}

static plurum_status do_verify(void)
{
    plurum_verify_report r = {.struct_size = sizeof r};
    plurum_status status = plurum_index_verify(&r, opened, NULL, NULL, &error);
    ck_assert_uint_eq(r.findings, 0);
    return status;
}

static const struct reading {
    const char *name;
    plurum_status (*read)(void);
} READS[] = {{"search", do_search}, {"suggest", do_suggest}, {"similar", do_similar},
             {"why", do_why}, {"list", do_list}, {"get", do_get},
             {"history", do_history}, {"stats", do_stats}, {"verify", do_verify}};
enum { READ_COUNT = sizeof READS / sizeof *READS };

/* On a handle that has not been used yet, whose view, readers and analysers must be made. */
START_TEST(a_first_read_succeeds_or_says_that_memory_is_short)
{
    starve(READS[_i].name, READS[_i].read, reopen_index);
    verify_is_clean();
}
END_TEST

/* On one handle from beginning to end: what failed half-way must not be taken for whole. */
START_TEST(a_read_that_failed_can_be_repeated)
{
    reopen();
    starve(READS[_i].name, READS[_i].read, NULL);
    OK(READS[_i].read());
    starve("the same again", READS[_i].read, NULL);
    verify_is_clean();
}
END_TEST

static plurum_status do_weights(void)
{
    plurum_weights *weights;
    char *printed;
    plurum_status status = plurum_weights_new(&weights, &error);
    if (status) return status;
    status = plurum_weights_print(&printed, weights, &error);
    plurum_weights_free(weights);
    if (!status) plurum_text_free(printed);
    return status;
}

START_TEST(weights_are_made_and_printed_whole_or_not)
{
    starve("weights", do_weights, NULL);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("engine: out of memory");
    TCase *t = tcase_create("make");
    tcase_set_timeout(t, 300);
    tcase_add_test(t, creating_leaves_nothing_behind);
    tcase_add_test(t, embedders_are_made_whole_or_not);
    tcase_add_test(t, weights_are_made_and_printed_whole_or_not);
    suite_add_tcase(s, t);
    t = tcase_create("use");
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, opening_leaves_no_half_open_handle);
    tcase_add_test(t, a_checkpoint_is_written_and_used_whole_or_not);
    tcase_add_test(t, a_write_happens_whole_or_not);
    tcase_add_test(t, a_batch_keeps_its_content_when_its_commit_fails);
    tcase_add_test(t, applying_goes_on_where_it_was);
    tcase_add_loop_test(t, a_first_read_succeeds_or_says_that_memory_is_short, 0, READ_COUNT);
    tcase_add_loop_test(t, a_read_that_failed_can_be_repeated, 0, READ_COUNT);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
