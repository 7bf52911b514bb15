/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Export and import: a random history, exported and imported into a new index, gives the same lines
 * again, the same answers and the same trust, to the last bit and byte.
 */
#include <config.h>

#include "tests/api/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DOCUMENTS = 40, AGENTS = 9, STEPS = 600 };

static unsigned seed;

static int below(int bound)
{
    return rand_r(&seed) % bound;
}

/* ---- a random history ---- */

static const char *const WORDS[] = {"restore", "backup", "database", "volume", "network",
                                    "kernel",  "naïve",  "pg_dump",  "quote\\\"d"};

static void put_random(int i, plurum_conflict conflict)
{
    char json[1024], owner[16];
    float vector[DIM];
    for (int d = 0; d < DIM; d++) vector[d] = (float)(below(2000) - 999) / 37.0f;
    snprintf(owner, sizeof owner, "agent%d", below(AGENTS));
    snprintf(json, sizeof json,
             "{\"id\": \"00000000-0000-4000-8000-%012d\", \"goal\": \"%s the %s of a %s\","
             "\"domain\": \"D%d\", \"tags\": [\"%s\"], \"confidence\": 0.%d,"
             "\"visibility\": \"%s\", \"solution\": \"%s %s\", \"dead_ends\": [{\"what\": \"%s\"}]}",
             i, WORDS[below(9)], WORDS[below(9)], WORDS[below(9)], below(3), WORDS[below(9)],
             below(1000), below(5) ? "public" : "private", WORDS[below(9)], WORDS[below(9)],
             WORDS[below(9)]);
    plurum_experience *made = experience(json);
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    OK(plurum_batch_put_experience(batch, made, below(4) ? owner : NULL, below(6) ? vector : NULL,
                                   DIM, conflict, &error));
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    plurum_experience_free(made);
}

static void put_plain(int i)
{
    char key[32];
    snprintf(key, sizeof key, "plain \"%d\"", i);
    plurum_document d = document(key, WORDS[below(9)]);
    d.text[PLURUM_TEXT_BODY] = " Two\nlines of text ";
    d.domain = "Plain";
    d.owner = below(2) ? "agent1" : NULL;
    d.visibility = below(4) ? PLURUM_PUBLIC : PLURUM_TEAM;
    if (below(2)) d.confidence = 0.25;
    put(&d);
}

static void report_random(const char *id)
{
    char agent[16];
    snprintf(agent, sizeof agent, "agent%d", below(AGENTS));
    if (below(3) == 0) {
        vote(id, agent, below(2) ? 1 : -1, NULL);
        return;
    }
    plurum_outcome o = outcome(id, agent, below(3) > 0);
    if (below(2)) o.at = clock_now - below(400) * DAY;
    if (below(2)) o.execution_time_ms = below(100000);
    if (below(3) == 0) o.error_message = "line 1\nline \"2\"";
    if (below(3) == 0) o.env_fingerprint = below(2) ? "{\"os\":\"linux\",\"n\":5}" : "{ \"x\" : 0.1 }";
    float vector[DIM] = {(float)below(3), (float)below(3), (float)below(3), 1};
    if (below(2)) o.query = below(2) ? "a question of a \"few\" words" : WORDS[below(9)];
    if (below(2)) o.query_vector = vector, o.dim = DIM;
    report(&o, NULL); /* EXISTS where there is one */
}

static void step_randomly(void)
{
    char id[40];
    snprintf(id, sizeof id, "00000000-0000-4000-8000-%012d", below(DOCUMENTS));
    switch (below(12)) {
    case 0: put_random(below(DOCUMENTS), PLURUM_CONFLICT_REPLACE); break;
    case 1: put_plain(below(5)); break;
    case 2: if (below(4) == 0) delete_document(id, NULL); break;
    case 3: set_lifecycle(id, NULL, (plurum_lifecycle)below(4), NULL); break;
    case 4: clock_now += below(3) * HOUR; break;
    default: report_random(id);
    }
}

static void begin_with(unsigned s)
{
    plurum_create_options options = creation();
    plurum_trust_config trust;
    plurum_trust_config_init(&trust);
    trust.quarantine_margin = 0.5;
    options.trust = &trust;
    options.newcomer_weights = 1;
    begin_world();
    create(&options);
    reopen();
    seed = s;
    for (int i = 0; i < DOCUMENTS; i++) put_random(i, PLURUM_CONFLICT_ERROR);
    for (int i = 0; i < STEPS; i++) step_randomly();
}

/* ---- what is compared ---- */

static int add_line(void *file, const char *text, size_t len)
{
    ck_assert_uint_eq(strlen(text), len);
    fprintf(file, "%s\n", text);
    return 0;
}

static char *exported(void)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    plurum_export_options options = PLURUM_EXPORT_OPTIONS_INIT;
    options.vectors = 1;
    OK(plurum_index_export(opened, &options, add_line, out, &error));
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

/* Every search of a few words and vectors, with scores to the last bit, and every history. */
static char *answers(void)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    unsigned kept = seed;
    seed = 4711;
    for (int i = 0; i < 30; i++) {
        char words[64];
        float vector[DIM];
        snprintf(words, sizeof words, "%s %s", WORDS[below(9)], WORDS[below(9)]);
        for (int d = 0; d < DIM; d++) vector[d] = (float)(below(2000) - 999) / 37.0f;
        plurum_query q = query(words);
        q.vector = vector;
        q.dim = DIM;
        q.limit = 50;
        if (i % 2) q.viewer = &OPERATOR;
        if (i % 3 == 0) q.environment = "{\"os\":\"linux\",\"x\":0.1}";
        plurum_results *results = search(&q);
        for (size_t h = 0; h < plurum_results_count(results); h++) {
            const plurum_hit *hit = plurum_results_hit(results, h);
            fprintf(out, "%s %.17g %s\n", hit->key, hit->score, hit->json);
        }
        fprintf(out, "of %zu\n", plurum_results_total(results));
        plurum_results_free(results);
    }
    seed = kept;
    fclose(out);
    return text;
}

/* `digest` without the number of the last event, which a new index counts anew. */
static char *histories(void)
{
    char *all = digest(), *to = all;
    for (char *line = all; *line;) {
        char *end = strchr(line, '\n');
        char *from = strncmp(line, "seq ", 4) == 0 ? strstr(line, " documents") : line;
        size_t len = (size_t)(end + 1 - from);
        memmove(to, from, len);
        to += len;
        line = end + 1;
    }
    *to = '\0';
    char *agents = strstr(all, " votes, "); /* agents count reports on deleted documents too */
    if (agents) *agents = '\0';
    return all;
}

static void import_line(const char *line, size_t len, plurum_conflict conflict)
{
    plurum_batch *batch;
    plurum_import_options options = PLURUM_IMPORT_OPTIONS_INIT;
    options.conflict = conflict;
    OK(plurum_batch_new(&batch, opened, &error));
    OK(plurum_batch_import(batch, line, len, &options, &error));
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
}

static void import_all(const char *lines, plurum_conflict conflict)
{
    for (const char *end; (end = strchr(lines, '\n')); lines = end + 1)
        import_line(lines, (size_t)(end - lines), conflict);
}

static void leave_numbers_out(char *lines)
{
    for (char *at = lines; (at = strstr(at, "\"internal_id\":"));)
        memmove(at, strchr(at, ',') + 1, strlen(strchr(at, ',') + 1) + 1);
}

static void begin_anew(void)
{
    plurum_create_options options = creation();
    plurum_trust_config trust;
    plurum_trust_config_init(&trust);
    trust.quarantine_margin = 0.5;
    options.trust = &trust;
    options.newcomer_weights = 1;
    close_index();
    snprintf(path, sizeof path, "%s/copy", directory);
    create(&options);
    reopen();
}

START_TEST(an_export_imported_into_a_new_index_is_the_same_index)
{
    printf("seed %d\n", _i);
    begin_with((unsigned)_i);
    char *lines = exported(), *said = answers(), *kept = histories();
    begin_anew();
    import_all(lines, PLURUM_CONFLICT_ERROR);
    verify_is_clean();
    char *again = exported(), *same = answers(), *histories_too = histories();
    ck_assert_msg(strcmp(lines, again) == 0, "the export differs");
    ck_assert_msg(strcmp(said, same) == 0, "the answers differ");
    ck_assert_str_eq(kept, histories_too);
    OK(plurum_index_apply(opened, &error));
    free(same);
    same = answers();
    ck_assert_msg(strcmp(said, same) == 0, "the answers differ once applied");
    put_plain(1);
    worked("plain \"1\"", "somebody new"); /* numbered above all others */
    OK(vote("plain \"1\"", "somebody new", 1, NULL));
    verify_is_clean();
    reopen();
    verify_is_clean();
    free(lines), free(said), free(kept), free(again), free(same), free(histories_too);
}
END_TEST

START_TEST(a_line_that_is_there_is_an_error_or_skipped_or_replaced_with_its_trust_kept)
{
    plurum_batch *batch;
    begin_with(5);
    char *lines = exported();
    OK(plurum_batch_new(&batch, opened, &error));
    OK(plurum_batch_import(batch, lines, strcspn(lines, "\n"), NULL, &error));
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_EXISTS, "taken");
    plurum_batch_free(batch);
    import_all(lines, PLURUM_CONFLICT_SKIP);
    char *again = exported();
    ck_assert_str_eq(lines, again);
    free(again);
    import_all(lines, PLURUM_CONFLICT_REPLACE);
    verify_is_clean();
    again = exported();
    leave_numbers_out(lines), leave_numbers_out(again); /* a replaced document gets a new one */
    ck_assert_str_eq(lines, again);
    free(again), free(lines);
}
END_TEST

START_TEST(events_without_what_an_export_settles_are_settled_at_import)
{
    static const char LINE[] =
        "{\"id\": \"00000000-0000-4000-8000-0000000000aa\", \"goal\": \"Mend a bicycle tyre\","
        "\"agent_id\": \"anna\", \"events\": ["
        "{\"type\": \"outcome\", \"agent\": \"ben\", \"success\": true,"
        " \"env_fingerprint\": {\"os\": \"linux\"}},"
        "{\"type\": \"vote\", \"agent\": \"anna\", \"vote\": \"up\", \"at\": 1700000000}]}";
    begin();
    import_line(LINE, sizeof LINE - 1, PLURUM_CONFLICT_ERROR);
    json_t *got = get("00000000-0000-4000-8000-0000000000aa", &OPERATOR);
    ck_assert_int_eq((int)number(got, "success_count"), 1);
    ck_assert_int_eq((int)number(got, "upvotes"), 0); /* the author's own */
    json_decref(got);
    ck_assert_uint_eq(stats().votes, 1);
    verify_is_clean();
}
END_TEST

START_TEST(a_vector_of_another_dimension_is_a_mismatch)
{
    static const char LINE[] = "{\"goal\": \"Mend a tyre\", \"vector\": [1, 2]}";
    static const char CODE[] = "{\"goal\": \"Mend a tyre\", \"events\": [{\"type\": \"outcome\","
                               "\"agent\": \"ben\", \"success\": true, \"query_code\": [1, 2]}]}";
    plurum_batch *batch;
    begin();
    OK(plurum_batch_new(&batch, opened, &error));
    FAILS(plurum_batch_import(batch, LINE, sizeof LINE - 1, NULL, &error), PLURUM_MISMATCH,
          "2 dimensions");
    FAILS(plurum_batch_import(batch, CODE, sizeof CODE - 1, NULL, &error), PLURUM_MISMATCH,
          "events[0].query_code: 2 numbers");
    plurum_batch_free(batch);
}
END_TEST

static int stop_at_once(void *payload, const char *step, uint64_t done, uint64_t total)
{
    (void)payload;
    (void)done;
    ck_assert_str_eq(step, "documents");
    ck_assert_uint_gt(total, 0);
    return 1;
}

static int refuse_line(void *payload, const char *text, size_t len)
{
    (void)payload;
    return text && len;
}

START_TEST(an_export_can_be_stopped)
{
    plurum_export_options options = PLURUM_EXPORT_OPTIONS_INIT;
    begin();
    put_text("one", "a document");
    FAILS(plurum_index_export(opened, NULL, refuse_line, NULL, &error), PLURUM_CANCELLED, "stopped");
    options.job.progress = stop_at_once;
    FAILS(plurum_index_export(opened, &options, refuse_line, NULL, &error), PLURUM_CANCELLED, "0 of 1");
    FAILS(plurum_index_export(opened, NULL, NULL, NULL, &error), PLURUM_ARG, "line: NULL");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("export");
    TCase *tests = tcase_create("export");
    tcase_add_checked_fixture(tests, NULL, end_world);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, an_export_imported_into_a_new_index_is_the_same_index, 1, 7);
    tcase_add_test(tests, a_line_that_is_there_is_an_error_or_skipped_or_replaced_with_its_trust_kept);
    tcase_add_test(tests, events_without_what_an_export_settles_are_settled_at_import);
    tcase_add_test(tests, a_vector_of_another_dimension_is_a_mismatch);
    tcase_add_test(tests, an_export_can_be_stopped);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
