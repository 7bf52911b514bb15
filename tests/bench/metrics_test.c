/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bench's metrics against trec_eval's values on a run with ties, scores that single precision
 * cannot tell apart, grades below 0 and above 1, documents without a judgement, few hits and more
 * than a hundred, and queries that one side lacks. (tests/data/README.md has the origin.)
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/calibration.h"
#include "bench/metrics.h"
#include "bench/qrels.h"
#include "bench/trec.h"
#include "tools/cli.h"
#include "tools/run.h"

const char cli_program[] = "metrics_test";

static qrels judged;
static run_file run;

static void setup(void)
{
    ck_assert_int_eq(qrels_read(&judged, TEST_DATA "/metrics/qrels"), 0);
    ck_assert_int_eq(run_read(&run, TEST_DATA "/metrics/run"), 0);
}

static void teardown(void)
{
    qrels_free(&judged);
    run_free(&run);
}

/* One line of the reference; returns 0 for its head. */
static int compare_line(const char *line)
{
    char query[64];
    double want[METRIC_COUNT], got[METRIC_COUNT];
    if (sscanf(line, "%63s %lf %lf %lf %lf %lf", query, &want[0], &want[1], &want[2], &want[3],
               &want[4]) != 6)
        return 0;
    size_t rows, judgements;
    const run_row *row = run_of(&run, query, &rows);
    const judgement *of_query = qrels_of(&judged, query, &judgements);
    ck_assert_msg(rows > 0 && judgements > 0, "%s: not in the run and judged", query);
    run_metrics(got, row, rows, of_query, judgements);
    for (int m = 0; m < METRIC_COUNT; m++)
        ck_assert_msg(fabs(got[m] - want[m]) < 1e-6, "%s: %s is %.9f, trec_eval says %.9f", query,
                      metric_names[m], got[m], want[m]);
    return 1;
}

START_TEST(metrics_are_those_of_trec_eval)
{
    FILE *file = fopen(TEST_DATA "/metrics/reference.tsv", "r");
    char line[512];
    int compared = 0;
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file)) compared += compare_line(line);
    fclose(file);
    ck_assert_int_eq(compared, 7);
}
END_TEST

START_TEST(a_query_that_the_run_lacks_counts_as_zero)
{
    size_t rows, judgements;
    double got[METRIC_COUNT];
    const run_row *row = run_of(&run, "missing", &rows);
    const judgement *of_query = qrels_of(&judged, "missing", &judgements);
    ck_assert_uint_eq(rows, 0);
    ck_assert_uint_eq(judgements, 2);
    run_metrics(got, row, rows, of_query, judgements);
    for (int m = 0; m < METRIC_COUNT; m++) ck_assert(got[m] == 0.0);
    qrels_of(&judged, "unjudged", &judgements);
    ck_assert_uint_eq(judgements, 0);
}
END_TEST

START_TEST(a_run_is_written_so_that_trec_eval_sees_its_order)
{
    /* equal scores, scores equal in single precision, and such at 0 */
    static const double SCORES[] = {2.0, 1.0 + 1e-9, 1.0, 1.0, 1.0 - 1e-12, 0.5, 0.0, 0.0, -1.0};
    static const char *const NAMES[] = {"b", "a", "c", "d", "e", "f", "g", "h", "i"};
    enum { COUNT = 9 };
    char path[] = "/tmp/plurum-run-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    ck_assert_ptr_nonnull(file);
    run_writer writer = run_begin(file, "q");
    for (int i = 0; i < COUNT; i++) run_write(&writer, NAMES[i], SCORES[i]);
    fclose(file);
    run_file read;
    size_t rows;
    ck_assert_int_eq(run_read(&read, path), 0);
    unlink(path);
    const run_row *row = run_of(&read, "q", &rows);
    ck_assert_uint_eq(rows, COUNT);
    for (int i = 0; i < COUNT; i++) {
        ck_assert_str_eq(row[i].document, NAMES[i]);
        ck_assert(fabs((double)row[i].score - SCORES[i]) < 1e-6);
        ck_assert(i == 0 || row[i].score < row[i - 1].score);
    }
    run_free(&read);
}
END_TEST

START_TEST(the_calibration_error_is_what_the_bins_break_of_their_promise)
{
    calibration c = {0};
    ck_assert_double_eq(calibration_error(&c), 0);
    for (int i = 0; i < 10; i++) calibration_hit(&c, 0.25, i < 3);  /* promised 2.5, kept 3 */
    for (int i = 0; i < 10; i++) calibration_hit(&c, 1.0, i < 9);   /* promised 10, kept 9  */
    ck_assert_double_eq_tol(calibration_error(&c), 1.5 / 20, 1e-12);
    json_t *json = calibration_json(&c);
    const json_t *bins = json_object_get(json, "bins");
    ck_assert_uint_eq(json_array_size(bins), 2);
    const json_t *last = json_array_get(bins, 1);
    ck_assert_double_eq_tol(json_number_value(json_array_get(last, 0)), 1.0, 1e-12);
    ck_assert_double_eq_tol(json_number_value(json_array_get(last, 1)), 0.9, 1e-12);
    ck_assert_int_eq(json_integer_value(json_array_get(last, 2)), 10);
    json_decref(json);
    calibration_free(&c);
}
END_TEST

START_TEST(prevalence_is_what_makes_the_promise_whole)
{
    calibration c = {0};
    for (int i = 0; i < 1000; i++) calibration_hit(&c, 0.2, i < 500);
    ck_assert_double_eq_tol(calibration_prevalence(&c), log(4.0), 1e-9);
    calibration_free(&c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("metrics");
    TCase *c = tcase_create("metrics");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, metrics_are_those_of_trec_eval);
    tcase_add_test(c, a_query_that_the_run_lacks_counts_as_zero);
    tcase_add_test(c, a_run_is_written_so_that_trec_eval_sees_its_order);
    tcase_add_test(c, the_calibration_error_is_what_the_bins_break_of_their_promise);
    tcase_add_test(c, prevalence_is_what_makes_the_promise_whole);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
