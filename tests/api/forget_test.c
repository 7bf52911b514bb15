/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Forgetting an agent: an index in which it never was, but for the weights of the others.
 */
#include <config.h>

#include "tests/api/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENTS = 30, AGENTS = 6 };

static unsigned seed;

static int below(int bound)
{
    return rand_r(&seed) % bound;
}

/* The same history twice: with the agent that is forgotten, or with its changes left out. */
static void act(unsigned s, int without)
{
    char id[16], agent[16], title[32];
    seed = s;
    for (int i = 0; i < 500; i++) {
        int d = below(DOCUMENTS), a = below(AGENTS), kind = below(3), value = below(2), age = below(90);
        int leave_out = without && a == 0;
        snprintf(id, sizeof id, "k%d", d);
        snprintf(agent, sizeof agent, "agent%d", a);
        if (i < DOCUMENTS) {
            snprintf(id, sizeof id, "k%d", i);
            snprintf(title, sizeof title, "title %d", i);
            plurum_document made = document(id, title);
            made.owner = leave_out ? NULL : agent;
            made.confidence = (double)below(100) / 100;
            put(&made);
        } else if (!leave_out && kind == 0) {
            OK(vote(id, agent, value ? 1 : -1, NULL));
        } else if (!leave_out) {
            plurum_outcome o = outcome(id, agent, value);
            o.at = clock_now - age * DAY;
            report(&o, NULL); /* EXISTS where there is one */
        }
    }
}

/* What does not depend on the numbers of events. */
static char *state(void)
{
    char *text, id[16];
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (int i = 0; i < DOCUMENTS; i++) {
        snprintf(id, sizeof id, "k%d", i);
        json_t *got = get(id, &OPERATOR);
        char *line = json_dumps(got, JSON_SORT_KEYS | JSON_REAL_PRECISION(17));
        plurum_history *history;
        OK(plurum_index_history(&history, opened, id, PLURUM_TIME_UNSET, &error));
        const plurum_trust_score *score = plurum_history_score(history);
        fprintf(out, "%s %.17g %.17g %.17g", line, score->trust, score->low, score->high);
        for (size_t e = 0; e < plurum_history_count(history); e++) {
            const plurum_event *event = plurum_history_event(history, e);
            fprintf(out, " %s:%d:%d:%d", event->agent, event->kind, event->value, event->counted);
        }
        fputc('\n', out);
        plurum_history_free(history);
        free(line);
        json_decref(got);
    }
    plurum_stats s = stats();
    fprintf(out, "%llu %llu %llu\n", (unsigned long long)s.outcomes, (unsigned long long)s.votes,
            (unsigned long long)s.reporters);
    fclose(out);
    return text;
}

START_TEST(a_forgotten_agent_leaves_the_index_as_if_it_had_never_been)
{
    plurum_forget_report r = {.struct_size = sizeof r};
    printf("seed %d\n", _i);
    begin();
    act((unsigned)_i, 0);
    stats(); /* a view, which follows by the log */
    OK(plurum_index_forget(&r, opened, "agent0", NULL, &error));
    ck_assert_uint_gt(r.outcomes, 0);
    ck_assert_uint_gt(r.votes, 0);
    ck_assert_uint_gt(r.owned, 0);
    ck_assert_uint_gt(r.refolded, 0);
    verify_is_clean();
    char *forgotten = state();
    reopen();
    char *reopened = state();
    ck_assert_str_eq(forgotten, reopened);
    OK(plurum_index_forget(&r, opened, "agent0", NULL, &error));
    ck_assert_uint_eq(r.outcomes + r.votes + r.owned + r.refolded, 0);
    close_index();
    end_world();
    begin();
    act((unsigned)_i, 1);
    char *never = state();
    ck_assert_str_eq(forgotten, never);
    free(forgotten), free(reopened), free(never);
}
END_TEST

START_TEST(an_experience_that_others_kept_from_being_searched_is_free_again)
{
    begin();
    put_text("k", "a document");
    failed("k", "a"), failed("k", "b"), failed("k", "c");
    ck_assert_uint_eq(stats().quarantined, 1);
    ck_assert_str_eq(found("document"), "");
    OK(plurum_index_forget(NULL, opened, "b", NULL, &error));
    ck_assert_uint_eq(stats().quarantined, 0);
    ck_assert_str_eq(found("document"), "k");
    failed("k", "b"); /* it may speak again */
    ck_assert_str_eq(found("document"), "");
}
END_TEST

static int stop(void *payload, const char *step, uint64_t done, uint64_t total)
{
    (void)payload;
    (void)step;
    return done == total;
}

START_TEST(what_is_refused_or_stopped_changes_nothing)
{
    plurum_job_options options = PLURUM_JOB_OPTIONS_INIT;
    plurum_forget_report unset = {0};
    options.progress = stop;
    begin();
    put_text("k", "a document");
    worked("k", "anna");
    char *before = digest();
    FAILS(plurum_index_forget(NULL, opened, "anna", &options, &error), PLURUM_CANCELLED, "stopped");
    FAILS(plurum_index_forget(NULL, opened, "", NULL, &error), PLURUM_INVALID, "agent");
    FAILS(plurum_index_forget(NULL, opened, "näme", NULL, &error), PLURUM_INVALID, "agent");
    FAILS(plurum_index_forget(NULL, opened, NULL, NULL, &error), PLURUM_ARG, "agent: NULL");
    FAILS(plurum_index_forget(&unset, opened, "anna", NULL, &error), PLURUM_ARG, "struct_size");
    OK(plurum_index_forget(NULL, opened, "ann", NULL, &error));
    char *after = digest();
    ck_assert_str_eq(before, after);
    free(before), free(after);
    plurum_open_options reading = opening();
    reading.read_only = 1;
    close_index();
    open_with(&reading);
    FAILS(plurum_index_forget(NULL, opened, "anna", NULL, &error), PLURUM_UNSUPPORTED, "reading");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("forget");
    TCase *tests = tcase_create("forget");
    tcase_add_checked_fixture(tests, NULL, end_world);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, a_forgotten_agent_leaves_the_index_as_if_it_had_never_been, 1, 5);
    tcase_add_test(tests, an_experience_that_others_kept_from_being_searched_is_free_again);
    tcase_add_test(tests, what_is_refused_or_stopped_changes_nothing);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
