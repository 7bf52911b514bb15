/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A segment that cannot be opened now, though nothing is wrong with it: as when descriptors or memory are
 * short. Its documents are scanned, and are not built into another segment beside it.
 */
#include <config.h>

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/threads/small.h"

enum { SEGMENT = 100, DOCUMENTS = 500 };

static char path[PATH_SIZE], lines[4096];

static void note_line(void *payload, const char *line)
{
    (void)payload;
    if (strlen(lines) + strlen(line) + 2 < sizeof lines) strcat(strcat(lines, line), "\n");
}

static plurum_index *open_it(void)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.graph_from = 2 * SEGMENT;
    options.segment_size = SEGMENT;
    options.manual_apply = 1;
    options.log = note_line;
    options.no_sync = 1;
    lines[0] = '\0';
    return small_open(path, &options);
}

static void apply(plurum_index *index)
{
    plurum_error error = {0};
    MUST(plurum_index_apply(index, &error));
}

/* The first entry of a folder whose name begins so. */
static void find(char out[4 * PATH_SIZE], const char *folder, const char *prefix)
{
    DIR *dir = opendir(folder);
    out[0] = '\0';
    for (struct dirent *e; (e = readdir(dir));)
        if (strncmp(e->d_name, prefix, strlen(prefix)) == 0)
            snprintf(out, 4 * PATH_SIZE, "%.200s/%.60s", folder, e->d_name);
    closedir(dir);
    ck_assert(out[0]);
}

/* Whether every tenth document is the first that its vector finds. */
static void check_found(plurum_index *index, uint32_t count)
{
    for (uint32_t i = 0; i < count; i += 10) {
        plurum_query query;
        plurum_results *results;
        plurum_error error = {0};
        float vector[DIM];
        small_vector(vector, i);
        plurum_query_init(&query);
        query.vector = vector;
        query.dim = DIM;
        query.mode = PLURUM_MODE_VECTOR;
        MUST(plurum_search(&results, index, &query, &error));
        ck_assert_uint_eq((uint32_t)atoi(plurum_results_hit(results, 0)->key + 4), i);
        plurum_results_free(results);
    }
}

START_TEST(nothing_is_built_while_a_segment_cannot_be_opened)
{
    char folder[4 * PATH_SIZE], name[4 * PATH_SIZE], kept[PATH_SIZE + 8];
    plurum_index *index = open_it();
    small_fill(index, 0, DOCUMENTS);
    apply(index);
    plurum_index_close(index);
    find(folder, path, "segments-");
    find(name, folder, "0");
    snprintf(kept, sizeof kept, "%s.kept", path);
    ck_assert_int_eq(rename(name, kept), 0);
    ck_assert_int_eq(mkdir(name, 0700), 0); /* opens, and cannot be mapped */

    index = open_it();
    small_fill(index, DOCUMENTS, 2 * SEGMENT);
    apply(index);
    ck_assert_msg(strstr(lines, name) != NULL && !strstr(lines, ": seal"), "%s", lines);
    check_found(index, DOCUMENTS + 2 * SEGMENT);
    plurum_index_close(index);

    ck_assert_int_eq(rmdir(name), 0);
    ck_assert_int_eq(rename(kept, name), 0);
    index = open_it();
    apply(index);
    ck_assert_uint_eq(small_stats(index).segments, 2);
    ck_assert_uint_eq(small_stats(index).segment_vectors, DOCUMENTS + 2 * SEGMENT);
    check_found(index, DOCUMENTS + 2 * SEGMENT);
    small_verify(index);
    plurum_index_close(index);
}
END_TEST

static void setup(void)
{
    folder_make(path);
    small_create(path);
}

static void teardown(void)
{
    folder_remove(path);
}

int main(void)
{
    Suite *suite = suite_create("segments that do not open");
    TCase *tests = tcase_create("unopened");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, nothing_is_built_while_a_segment_cannot_be_opened);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
