/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Outcomes and votes: who may report what and how often, what counts, and that a score is exactly
 * libtrust's over the history that the index shows.
 */
#include <config.h>

#include "tests/api/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void setup(void)
{
    begin();
    plurum_document d = document("doc", "restore a backup");
    d.owner = "author";
    d.confidence = 0.9;
    put(&d);
}

static plurum_history *history(const char *id, int64_t now)
{
    plurum_history *h;
    OK(plurum_index_history(&h, opened, id, now, &error));
    return h;
}

/* The score that libtrust gives to a history's counted events, folded anew. */
static plurum_trust_score refold(const plurum_history *h, double confidence, int64_t now)
{
    const plurum_trust_config *config = plurum_index_configuration(opened)->trust;
    plurum_trust_state state;
    plurum_trust_score score;
    ck_assert_int_eq(plurum_trust_init(&state, confidence), PLURUM_TRUST_OK);
    for (size_t i = 0; i < plurum_history_count(h); i++) {
        const plurum_event *e = plurum_history_event(h, i);
        if (!e->counted) continue;
        plurum_trust_status status =
            e->kind ? plurum_trust_vote(&state, 0, e->value)
                    : plurum_trust_outcome(&state, config, e->value, e->at, e->weight);
        ck_assert_int_eq(status, PLURUM_TRUST_OK);
    }
    plurum_trust_score_at(&score, &state, config, now);
    return score;
}

/* ---- outcomes ---- */

START_TEST(an_outcome_counts_at_once)
{
    plurum_receipt receipt;
    plurum_outcome o = outcome("doc", "user", 1);
    double before = trust_of("doc");
    OK(report(&o, &receipt));
    ck_assert_int_eq(receipt.changed, 1);
    ck_assert_int_eq(receipt.counted, 1);
    ck_assert_str_eq(receipt.key, "doc");
    ck_assert_double_gt(trust_of("doc"), before);
    failed("doc", "another");
    json_t *object = get("doc", NULL);
    ck_assert_double_eq(number(object, "success_count"), 1);
    ck_assert_double_eq(number(object, "failure_count"), 1);
    ck_assert_double_eq(number(object, "total_reports"), 2);
    ck_assert_double_eq(number(object, "success_rate"), 0.5);
    ck_assert_double_eq(number(object, "quality_score"), number(object, "trust_score"));
    json_decref(object);
    ck_assert_uint_eq(stats().outcomes, 2);
    ck_assert_uint_eq(stats().reporters, 2);
}
END_TEST

START_TEST(a_second_outcome_of_an_agent_is_refused_and_changes_nothing)
{
    worked("doc", "user");
    char *before = digest();
    for (int success = 0; success < 2; success++) {
        plurum_outcome o = outcome("doc", "user", success);
        FAILS(report(&o, NULL), PLURUM_EXISTS, "agent user has reported an outcome of doc already");
    }
    char *after = digest();
    ck_assert_str_eq(before, after);
    free(before);
    free(after);
    put_text("other", "another document");
    worked("other", "user"); /* one a document */
    ck_assert_uint_eq(stats().reporters, 1);
    verify_is_clean();
}
END_TEST

START_TEST(two_outcomes_of_an_agent_in_one_batch_are_refused)
{
    plurum_batch *batch;
    plurum_outcome o = outcome("doc", "user", 1);
    OK(plurum_batch_new(&batch, opened, &error));
    OK(plurum_batch_outcome(batch, &o, &error));
    OK(plurum_batch_outcome(batch, &o, &error));
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_EXISTS, "user");
    ck_assert_uint_eq(error.position, 1);
    ck_assert_uint_eq(stats().outcomes, 0);
    plurum_batch_free(batch);
}
END_TEST

START_TEST(the_authors_own_outcome_is_stored_and_not_counted)
{
    plurum_receipt receipt;
    plurum_outcome o = outcome("doc", "author", 1);
    double before = trust_of("doc");
    OK(report(&o, &receipt));
    ck_assert_int_eq(receipt.counted, 0);
    ck_assert_int_eq(receipt.changed, 1);
    ck_assert_double_eq(trust_of("doc"), before);
    plurum_stats s = stats();
    ck_assert_uint_eq(s.outcomes, 1);
    ck_assert_uint_eq(s.reporters, 0);
    FAILS(report(&o, NULL), PLURUM_EXISTS, "author");
    plurum_history *h = history("doc", PLURUM_TIME_UNSET);
    ck_assert_uint_eq(plurum_history_count(h), 1);
    ck_assert_int_eq(plurum_history_event(h, 0)->counted, 0);
    plurum_history_free(h);
    verify_is_clean();
}
END_TEST

static plurum_status vote_at(const char *id, int64_t at)
{
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    OK(plurum_batch_vote(batch, id, "voter", 1, at, &error));
    plurum_status status = plurum_batch_commit(batch, NULL, &error);
    plurum_batch_free(batch);
    return status;
}

START_TEST(an_outcome_is_dated_by_the_clock_or_earlier)
{
    plurum_outcome o = outcome("doc", "now", 1);
    clock_now = NEW_YEAR + 90;
    OK(report(&o, NULL));
    o = outcome("doc", "earlier", 1);
    o.at = NEW_YEAR - 90 * DAY;
    OK(report(&o, NULL));
    o = outcome("doc", "later", 1);
    o.at = NEW_YEAR + 91;
    FAILS(report(&o, NULL), PLURUM_INVALID, "later than the clock");
    o.at = -INT64_MAX;
    FAILS(report(&o, NULL), PLURUM_INVALID, "years 1 to 9999");
    o.at = INT64_C(-62135596801); /* a second before the year 1 */
    FAILS(report(&o, NULL), PLURUM_INVALID, "years 1 to 9999");
    FAILS(vote_at("doc", o.at), PLURUM_INVALID, "years 1 to 9999");
    plurum_history *h = history("doc", PLURUM_TIME_UNSET);
    ck_assert_uint_eq(plurum_history_count(h), 2);
    ck_assert_int_eq(plurum_history_event(h, 0)->at, NEW_YEAR + 90);
    ck_assert_int_eq(plurum_history_event(h, 1)->at, NEW_YEAR - 90 * DAY);
    plurum_history_free(h);
}
END_TEST

/* ---- votes ---- */

START_TEST(a_vote_replaces_the_agents_earlier_one)
{
    plurum_receipt receipt;
    double before = trust_of("doc");
    OK(vote("doc", "user", 1, &receipt));
    ck_assert_int_eq(receipt.changed, 1);
    ck_assert_int_eq(receipt.counted, 1);
    double up = trust_of("doc");
    ck_assert_double_gt(up, before);
    OK(vote("doc", "user", -1, NULL));
    ck_assert_double_lt(trust_of("doc"), before);
    json_t *object = get("doc", NULL);
    ck_assert_double_eq(number(object, "upvotes"), 0);
    ck_assert_double_eq(number(object, "downvotes"), 1);
    json_decref(object);
    OK(vote("doc", "user", 1, NULL));
    ck_assert_double_eq(trust_of("doc"), up);
    ck_assert_uint_eq(stats().votes, 1);
    verify_is_clean();
}
END_TEST

START_TEST(the_same_vote_again_changes_nothing)
{
    plurum_receipt receipt;
    OK(vote("doc", "user", -1, NULL));
    char *before = digest();
    clock_now += DAY;
    OK(vote("doc", "user", -1, &receipt));
    ck_assert_int_eq(receipt.changed, 0);
    ck_assert_str_eq(receipt.key, "doc");
    char *after = digest();
    ck_assert_str_eq(before, after);
    free(before);
    free(after);
}
END_TEST

START_TEST(the_authors_own_vote_is_stored_and_not_counted)
{
    plurum_receipt receipt;
    double before = trust_of("doc");
    for (int v = 1; v >= -1; v -= 2) {
        OK(vote("doc", "author", v, &receipt));
        ck_assert_int_eq(receipt.counted, 0);
        ck_assert_int_eq(receipt.changed, 1);
        ck_assert_double_eq(trust_of("doc"), before);
    }
    ck_assert_uint_eq(stats().votes, 1);
    json_t *object = get("doc", NULL);
    ck_assert_double_eq(number(object, "upvotes") + number(object, "downvotes"), 0);
    json_decref(object);
    verify_is_clean();
}
END_TEST

START_TEST(all_votes_together_weigh_one_report_at_most)
{
    char agent[16];
    for (int i = 0; i < 5; i++) {
        snprintf(agent, sizeof agent, "voter-%d", i);
        OK(vote("doc", agent, 1, NULL));
    }
    double five = trust_of("doc");
    for (int i = 5; i < 30; i++) {
        snprintf(agent, sizeof agent, "voter-%d", i);
        OK(vote("doc", agent, 1, NULL));
    }
    ck_assert_double_eq(trust_of("doc"), five);
}
END_TEST

/* ---- histories ---- */

START_TEST(a_history_shows_every_event_in_order_with_its_texts)
{
    plurum_outcome o = outcome("doc", "first", 0);
    o.execution_time_ms = 1234;
    o.error_message = "it said \"no\"";
    o.context_notes = "on a \xE2\x82\xAC machine";
    o.env_fingerprint = "{\"os\": \"linux\"}";
    OK(report(&o, NULL));
    OK(vote("doc", "voter", -1, NULL));
    worked("doc", "author");
    OK(vote("doc", "voter", 1, NULL)); /* replaces: the earlier vote is no event any more */
    plurum_history *h = history("doc", PLURUM_TIME_UNSET);
    ck_assert_str_eq(plurum_history_key(h), "doc");
    ck_assert_uint_eq(plurum_history_count(h), 3);
    const plurum_event *e = plurum_history_event(h, 0);
    ck_assert_int_eq(e->kind, 0);
    ck_assert_int_eq(e->value, 0);
    ck_assert_int_eq(e->counted, 1);
    ck_assert_int_eq(e->execution_time_ms, 1234);
    ck_assert_double_eq(e->weight, 1.0);
    ck_assert_str_eq(e->agent, "first");
    ck_assert_str_eq(e->error_message, "it said \"no\"");
    ck_assert_str_eq(e->context_notes, "on a \xE2\x82\xAC machine");
    ck_assert_str_eq(e->env_fingerprint, "{\"os\": \"linux\"}");
    e = plurum_history_event(h, 1);
    ck_assert_str_eq(e->agent, "author");
    ck_assert_int_eq(e->counted, 0);
    ck_assert_int_eq(e->execution_time_ms, -1);
    ck_assert(!e->error_message && !e->context_notes && !e->env_fingerprint);
    e = plurum_history_event(h, 2);
    ck_assert_int_eq(e->kind, 1);
    ck_assert_int_eq(e->value, 1);
    ck_assert_str_eq(e->agent, "voter");
    for (size_t i = 1; i < 3; i++)
        ck_assert_uint_gt(plurum_history_event(h, i)->seq, plurum_history_event(h, i - 1)->seq);
    ck_assert_ptr_null(plurum_history_event(h, 3));
    plurum_history_free(h);
    plurum_history_free(NULL);
}
END_TEST

START_TEST(a_score_is_libtrusts_over_the_history_to_the_bit)
{
    unsigned seed = 11;
    char agent[16];
    for (int i = 0; i < 60; i++) {
        clock_now += rand_r(&seed) % (20 * DAY);
        snprintf(agent, sizeof agent, "agent-%d", i);
        if (rand_r(&seed) % 3) {
            plurum_outcome o = outcome("doc", agent, rand_r(&seed) % 2);
            o.at = clock_now - rand_r(&seed) % (100 * DAY);
            OK(report(&o, NULL));
        } else {
            OK(vote("doc", agent, rand_r(&seed) % 2 ? 1 : -1, NULL));
        }
    }
    const int64_t moments[] = {clock_now - clock_now % HOUR, clock_now + 400 * DAY, NEW_YEAR};
    for (int i = 0; i < 3; i++) {
        plurum_history *h = history("doc", moments[i]);
        plurum_trust_score again = refold(h, 0.9, moments[i]);
        const plurum_trust_score *score = plurum_history_score(h);
        ck_assert(score->trust == again.trust && score->low == again.low &&
                  score->high == again.high && score->alpha == again.alpha &&
                  score->beta == again.beta && score->sd == again.sd);
        ck_assert_uint_eq(score->total_reports, again.total_reports);
        if (i == 0) ck_assert(score->trust == trust_of("doc"));
        plurum_history_free(h);
    }
    verify_is_clean();
}
END_TEST

START_TEST(a_history_and_a_report_take_key_uuid_and_short_id)
{
    plurum_receipt receipt = put_experience("{\"goal\":\"reported by all its names\"}", "author");
    worked(receipt.key, "one");
    worked(receipt.short_id, "two");
    OK(vote(receipt.short_id, "one", 1, NULL));
    for (int i = 0; i < 2; i++) {
        plurum_history *h = history(i ? receipt.key : receipt.short_id, PLURUM_TIME_UNSET);
        ck_assert_str_eq(plurum_history_key(h), receipt.key);
        ck_assert_uint_eq(plurum_history_count(h), 3);
        plurum_history_free(h);
    }
    plurum_outcome o = outcome(receipt.short_id, "one", 0);
    FAILS(report(&o, NULL), PLURUM_EXISTS, receipt.key);
}
END_TEST

START_TEST(confidence_leans_the_prior_a_quarter)
{
    plurum_document d = document("sure", "restore");
    d.confidence = 1;
    put(&d);
    d = document("unsure", "restore");
    d.confidence = 0;
    put(&d);
    put_text("silent", "restore");
    ck_assert_double_eq_tol(trust_of("sure"), 0.75 * 0.5 + 0.25, 1e-12);
    ck_assert_double_eq_tol(trust_of("unsure"), 0.75 * 0.5, 1e-12);
    ck_assert_double_eq_tol(trust_of("silent"), 0.5, 1e-12);
    json_t *object = get("silent", NULL);
    ck_assert_double_eq(number(object, "success_rate"), 0);
    json_decref(object);
}
END_TEST

/* ---- newcomers ---- */

static void begin_with_newcomers(void)
{
    plurum_create_options options = creation();
    begin_world();
    options.newcomer_weights = 1;
    create(&options);
    reopen();
}

START_TEST(a_newcomers_weight_grows_with_each_report_and_is_frozen)
{
    static const double WEIGHTS[] = {0.4, 0.52, 0.64, 0.76, 0.88, 1.0, 1.0, 1.0};
    enum { COUNT = sizeof WEIGHTS / sizeof *WEIGHTS };
    char key[16];
    for (int i = 0; i < COUNT; i++) {
        snprintf(key, sizeof key, "doc-%d", i);
        put_text(key, "restore");
        failed(key, "newcomer");
    }
    for (int i = 0; i < COUNT; i++) {
        snprintf(key, sizeof key, "doc-%d", i);
        plurum_history *h = history(key, PLURUM_TIME_UNSET);
        ck_assert_double_eq_tol(plurum_history_event(h, 0)->weight, WEIGHTS[i], 1e-15);
        ck_assert_double_eq(plurum_history_score(h)->trust, refold(h, NAN, clock_now).trust);
        plurum_history_free(h);
    }
    verify_is_clean();
}
END_TEST

START_TEST(reports_on_ones_own_work_make_no_one_experienced)
{
    for (int i = 0; i < 6; i++) {
        char key[16];
        snprintf(key, sizeof key, "own-%d", i);
        plurum_document d = document(key, "restore");
        d.owner = "author";
        put(&d);
        worked(key, "author");
    }
    put_text("other", "restore");
    worked("other", "author");
    plurum_history *h = history("other", PLURUM_TIME_UNSET);
    ck_assert_double_eq_tol(plurum_history_event(h, 0)->weight, 0.4, 1e-15);
    plurum_history_free(h);
}
END_TEST

START_TEST(a_refused_report_makes_no_one_experienced)
{
    put_text("a", "restore");
    put_text("b", "restore");
    worked("a", "user");
    plurum_outcome o = outcome("a", "user", 1);
    for (int i = 0; i < 5; i++) FAILS(report(&o, NULL), PLURUM_EXISTS, "user");
    worked("b", "user");
    plurum_history *h = history("b", PLURUM_TIME_UNSET);
    ck_assert_double_eq_tol(plurum_history_event(h, 0)->weight, 0.52, 1e-15);
    plurum_history_free(h);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: reports");
    TCase *t = tcase_create("reports");
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, an_outcome_counts_at_once);
    tcase_add_test(t, a_second_outcome_of_an_agent_is_refused_and_changes_nothing);
    tcase_add_test(t, two_outcomes_of_an_agent_in_one_batch_are_refused);
    tcase_add_test(t, the_authors_own_outcome_is_stored_and_not_counted);
    tcase_add_test(t, an_outcome_is_dated_by_the_clock_or_earlier);
    tcase_add_test(t, a_vote_replaces_the_agents_earlier_one);
    tcase_add_test(t, the_same_vote_again_changes_nothing);
    tcase_add_test(t, the_authors_own_vote_is_stored_and_not_counted);
    tcase_add_test(t, all_votes_together_weigh_one_report_at_most);
    tcase_add_test(t, a_history_shows_every_event_in_order_with_its_texts);
    tcase_add_test(t, a_score_is_libtrusts_over_the_history_to_the_bit);
    tcase_add_test(t, a_history_and_a_report_take_key_uuid_and_short_id);
    tcase_add_test(t, confidence_leans_the_prior_a_quarter);
    suite_add_tcase(s, t);
    t = tcase_create("newcomers");
    tcase_add_checked_fixture(t, begin_with_newcomers, end_world);
    tcase_add_test(t, a_newcomers_weight_grows_with_each_report_and_is_frozen);
    tcase_add_test(t, reports_on_ones_own_work_make_no_one_experienced);
    tcase_add_test(t, a_refused_report_makes_no_one_experienced);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
