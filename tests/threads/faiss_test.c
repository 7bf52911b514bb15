/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vectors of an index in a file of FAISS's: FAISS's own reader takes it, and FAISS's own search finds
 * in it what the exact scan and our graphs find.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <faiss/c_api/Index_c.h>
#include <faiss/c_api/index_io_c.h>

#include "tests/threads/small.h"

enum { DOCUMENTS = 3000, DELETED = 300, TWINS = 100, K = 10, QUERIES = 100 };

static char path[PATH_SIZE], file[PATH_SIZE + 16], list[PATH_SIZE + 32];
static plurum_index *opened;

static void put_twins(void)
{
    plurum_batch *batch;
    plurum_error error = {0};
    MUST(plurum_batch_new(&batch, opened, &error));
    for (int i = 0; i < TWINS; i++) {
        char key[KEY_SIZE];
        snprintf(key, sizeof key, "twin\t%d\\\n", i);
        MUST(small_put(batch, key, 5000, NULL, &error));
    }
    MUST(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
}

static void delete_some(void)
{
    plurum_batch *batch;
    plurum_error error = {0};
    MUST(plurum_batch_new(&batch, opened, &error));
    for (int i = 0; i < DELETED; i++) {
        char key[KEY_SIZE];
        snprintf(key, sizeof key, "doc-%d", 3 * i);
        MUST(plurum_batch_delete(batch, key, NULL, &error));
    }
    MUST(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
}

static void export(void)
{
    plurum_error error = {0};
    plurum_faiss_report report = {.struct_size = sizeof report};
    MUST(plurum_index_export_faiss(&report, opened, file, NULL, &error));
    ck_assert_uint_eq(report.documents, DOCUMENTS - DELETED + TWINS);
    ck_assert_uint_eq(report.vectors, DOCUMENTS - DELETED + 1);
    ck_assert_uint_eq(report.dim, DIM);
}

/* ---- both searches ---- */

static plurum_results *search(const float *vector, int exact)
{
    plurum_query query;
    plurum_results *results;
    plurum_error error = {0};
    plurum_query_init(&query);
    query.vector = vector;
    query.dim = DIM;
    query.mode = PLURUM_MODE_VECTOR;
    query.exact = exact;
    query.limit = K;
    MUST(plurum_search(&results, opened, &query, &error));
    return results;
}

/* As FAISS wants it: of unit length. */
static void query_vector(float out[DIM], uint32_t number)
{
    double sum = 0;
    small_vector(out, number);
    for (int i = 0; i < DIM; i++) sum += (double)out[i] * out[i];
    for (int i = 0; i < DIM; i++) out[i] = (float)(out[i] / sqrt(sum));
}

/* How many of a list of hits FAISS has among its own, with the same cosines. */
static size_t agreement(const plurum_results *results, const idx_t *labels, const float *distances)
{
    size_t same = 0;
    for (size_t i = 0; i < plurum_results_count(results); i++)
        for (int j = 0; j < K; j++) {
            const plurum_hit *hit = plurum_results_hit(results, i);
            if ((idx_t)hit->id != labels[j]) continue;
            ck_assert_double_le(fabs(hit->cosine - (double)distances[j]), 1e-5);
            same++;
        }
    return same;
}

START_TEST(faiss_finds_what_the_exact_scan_and_the_graphs_find)
{
    FaissIndex *faiss;
    size_t exact = 0, graph = 0;
    export();
    ck_assert_int_eq(faiss_read_index_fname(file, 0, &faiss), 0);
    ck_assert_int_eq(faiss_Index_ntotal(faiss), DOCUMENTS - DELETED + 1);
    ck_assert_int_eq(faiss_Index_d(faiss), DIM);
    ck_assert_int_eq(faiss_Index_metric_type(faiss), METRIC_INNER_PRODUCT);
    for (uint32_t i = 0; i < QUERIES; i++) {
        float vector[DIM], distances[K];
        idx_t labels[K];
        query_vector(vector, 900000 + i);
        ck_assert_int_eq(faiss_Index_search(faiss, 1, vector, K, distances, labels), 0);
        for (int j = 1; j < K; j++) ck_assert(distances[j] <= distances[j - 1]);
        for (int by_scan = 0; by_scan < 2; by_scan++) {
            plurum_results *results = search(vector, by_scan);
            *(by_scan ? &exact : &graph) += agreement(results, labels, distances);
            plurum_results_free(results);
        }
    }
    printf("of FAISS's first %d, with 16 kept: the scan has %.3f, our graphs %.3f\n", K,
           (double)exact / (QUERIES * K), (double)graph / (QUERIES * K));
    ck_assert_uint_ge(exact, QUERIES * K * 9 / 10);
    ck_assert_uint_ge(graph, QUERIES * K * 9 / 10);
    faiss_Index_free(faiss);
}
END_TEST

START_TEST(the_list_says_whose_vectors_they_are)
{
    FaissIndex *faiss;
    char line[KEY_SIZE + 16];
    int lines = 0, twins = 0;
    unsigned long id, twins_id = 0;
    export();
    ck_assert_int_eq(faiss_read_index_fname(file, 0, &faiss), 0);
    FILE *in = fopen(list, "r");
    ck_assert_ptr_nonnull(in);
    for (; fgets(line, sizeof line, in); lines++) {
        char *key;
        float vector[DIM], distance;
        idx_t label;
        id = strtoul(line, &key, 10);
        ck_assert_int_eq(*key++, '\t');
        key[strcspn(key, "\n")] = '\0';
        if (strncmp(key, "doc-", 4) == 0) {
            if (lines % 10) continue;
            query_vector(vector, (uint32_t)atoi(key + 4));
            ck_assert_int_eq(faiss_Index_search(faiss, 1, vector, 1, &distance, &label), 0);
            ck_assert_int_eq(label, (idx_t)id);
            continue;
        }
        char expected[KEY_SIZE];
        snprintf(expected, sizeof expected, "twin\\t%d\\\\\\n", twins);
        ck_assert_str_eq(key, expected);
        if (twins++) ck_assert_uint_eq(id, twins_id);
        twins_id = id;
    }
    fclose(in);
    faiss_Index_free(faiss);
    ck_assert_int_eq(lines, DOCUMENTS - DELETED + TWINS);
    ck_assert_int_eq(twins, TWINS);
}
END_TEST

static int stop_at(void *payload, const char *step, uint64_t done, uint64_t total)
{
    (void)total;
    return strcmp(step, payload) == 0 && done >= 200;
}

START_TEST(a_stopped_export_leaves_the_one_before)
{
    static char STEPS[][12] = {"documents", "vectors"};
    struct stat before, after;
    char part[sizeof list + 8];
    plurum_error error = {0};
    plurum_job_options options = PLURUM_JOB_OPTIONS_INIT;
    export();
    ck_assert_int_eq(stat(file, &before), 0);
    small_fill(opened, 10000, 100);
    options.progress = stop_at;
    options.progress_payload = STEPS[_i];
    ck_assert_int_eq(plurum_index_export_faiss(NULL, opened, file, &options, &error),
                     PLURUM_CANCELLED);
    ck_assert_msg(strstr(error.text, STEPS[_i]) != NULL, "%s", error.text);
    ck_assert_int_eq(stat(file, &after), 0);
    ck_assert(before.st_ino == after.st_ino && before.st_size == after.st_size);
    snprintf(part, sizeof part, "%s.part", file);
    ck_assert_int_ne(access(part, F_OK), 0);
    snprintf(part, sizeof part, "%s.part", list);
    ck_assert_int_ne(access(part, F_OK), 0);
}
END_TEST

START_TEST(what_cannot_be_written_is_said)
{
    plurum_error error = {0};
    ck_assert_int_eq(plurum_index_export_faiss(NULL, opened, NULL, NULL, &error), PLURUM_ARG);
    ck_assert_int_eq(plurum_index_export_faiss(NULL, opened, "/tmp/plurum-none/x", NULL, &error),
                     PLURUM_NOTFOUND);
    ck_assert_msg(strstr(error.text, "/tmp/plurum-none/x.tsv.part") != NULL, "%s", error.text);
}
END_TEST

static void setup(void)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    plurum_error error = {0};
    folder_make(path);
    snprintf(file, sizeof file, "%s.faiss", path);
    snprintf(list, sizeof list, "%s.tsv", file);
    small_create(path);
    options.graph_from = options.segment_size = 500;
    options.manual_apply = 1;
    options.no_sync = 1;
    opened = small_open(path, &options);
    small_fill(opened, 0, DOCUMENTS);
    put_twins();
    MUST(plurum_index_apply(opened, &error));
    delete_some();
    ck_assert_uint_gt(small_stats(opened).segments, 0);
}

static void teardown(void)
{
    plurum_index_close(opened);
    folder_remove(path);
}

int main(void)
{
    Suite *suite = suite_create("files of FAISS's");
    TCase *tests = tcase_create("faiss");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, faiss_finds_what_the_exact_scan_and_the_graphs_find);
    tcase_add_test(tests, the_list_says_whose_vectors_they_are);
    tcase_add_loop_test(tests, a_stopped_export_leaves_the_one_before, 0, 2);
    tcase_add_test(tests, what_cannot_be_written_is_said);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
