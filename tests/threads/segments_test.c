/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segments under an index: what they find against the exact scan, with filters and without, what
 * deletions leave, what a kill at each named moment of sealing and merging leaves, and damage.
 * Graphs begin at a hundred documents here.
 */
#include <config.h>

#include <check.h>
#include <dirent.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crash.h"
#include "tests/threads/small.h"

enum { FROM = 200, SEGMENT = 100, K = 10, EF = 48, QUERIES = 60 }; /* so that graphs are searched */

static char path[PATH_SIZE];
static plurum_weights *weights;
static char last_line[4096]; /* of the log, all lines joined */

static void note_line(void *payload, const char *line)
{
    (void)payload;
    if (strlen(last_line) + strlen(line) + 2 < sizeof last_line)
        strcat(strcat(last_line, line), "\n");
}

static plurum_open_options options_of(int read_only)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.graph_from = FROM;
    options.segment_size = SEGMENT;
    options.manual_apply = 1;
    options.read_only = read_only;
    options.log = note_line;
    options.no_sync = 1;
    last_line[0] = '\0';
    return options;
}

static plurum_index *open_it(void)
{
    plurum_open_options options = options_of(0);
    return small_open(path, &options);
}

static void apply(plurum_index *index)
{
    plurum_error error = {0};
    MUST(plurum_index_apply(index, &error));
}

/* Documents "doc-<number>" with tags of which fewer and fewer have each. */
static void fill(plurum_index *index, uint32_t first, uint32_t count)
{
    static const struct {
        uint32_t every;
        const char *tag;
    } SHARES[] = {{1, "all"}, {2, "half"}, {5, "fifth"}, {10, "tenth"}, {50, "fiftieth"}, {1000, "one"}};
    plurum_batch *batch;
    plurum_error error = {0};
    MUST(plurum_batch_new(&batch, index, &error));
    for (uint32_t i = first; i < first + count; i++) {
        plurum_document d = PLURUM_DOCUMENT_INIT;
        char key[KEY_SIZE], word[WORD_SIZE];
        const char *tags[6];
        float vector[DIM];
        snprintf(key, sizeof key, "doc-%u", i);
        small_vector(vector, i);
        for (int t = 0; t < 6; t++)
            if (i % SHARES[t].every == 0) tags[d.tag_count++] = SHARES[t].tag;
        d.key = key;
        d.tags = tags;
        d.text[PLURUM_TEXT_TITLE] = small_word(word, i);
        d.vector = vector;
        d.dim = DIM;
        MUST(plurum_batch_put(batch, &d, PLURUM_CONFLICT_REPLACE, &error));
    }
    MUST(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
}

static void delete(plurum_index *index, uint32_t first, uint32_t count, uint32_t step)
{
    plurum_batch *batch;
    plurum_error error = {0};
    MUST(plurum_batch_new(&batch, index, &error));
    for (uint32_t i = first; i < first + count; i += step) {
        char key[KEY_SIZE];
        snprintf(key, sizeof key, "doc-%u", i);
        MUST(plurum_batch_delete(batch, key, NULL, &error));
    }
    MUST(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
}

/* ---- searching ---- */

static plurum_results *search(plurum_index *index, uint32_t number, const char *tag, int exact)
{
    plurum_query query;
    plurum_results *results;
    plurum_error error = {0};
    plurum_filter filter = PLURUM_FILTER_INIT;
    float vector[DIM];
    small_vector(vector, number);
    filter.tags = &tag;
    filter.tag_count = tag != NULL;
    plurum_query_init(&query);
    query.vector = vector;
    query.dim = DIM;
    query.mode = PLURUM_MODE_VECTOR;
    query.filter = &filter;
    query.exact = exact;
    query.limit = K;
    query.bodies = 0;
    query.weights = weights;
    MUST(plurum_search(&results, index, &query, &error));
    return results;
}

/* Of the exact scan's first K, how many a search finds; it finds as many, and the same cosines. */
static size_t agreement(plurum_index *index, uint32_t number, const char *tag)
{
    size_t same = 0;
    plurum_results *found = search(index, number, tag, 0), *exact = search(index, number, tag, 1);
    ck_assert_uint_eq(plurum_results_count(found), plurum_results_count(exact));
    ck_assert_uint_eq(plurum_results_total(found), plurum_results_total(exact));
    for (size_t i = 0; i < plurum_results_count(found); i++)
        for (size_t j = 0; j < plurum_results_count(exact); j++) {
            const plurum_hit *a = plurum_results_hit(found, i), *b = plurum_results_hit(exact, j);
            if (a->id != b->id) continue;
            same++;
            ck_assert(a->cosine == b->cosine);
        }
    plurum_results_free(found);
    plurum_results_free(exact);
    return same;
}

static double recall(plurum_index *index, const char *tag)
{
    size_t same = 0, wanted = 0;
    for (uint32_t i = 0; i < QUERIES; i++) {
        same += agreement(index, 900000 + i, tag);
        plurum_results *exact = search(index, 900000 + i, tag, 1);
        wanted += plurum_results_count(exact);
        plurum_results_free(exact);
    }
    return (double)same / (double)wanted;
}

/* Whether a document is the first that its own vector finds. */
static int is_found(plurum_index *index, uint32_t number)
{
    char key[KEY_SIZE];
    snprintf(key, sizeof key, "doc-%u", number);
    plurum_results *results = search(index, number, NULL, 0);
    const plurum_hit *hit = plurum_results_hit(results, 0);
    int found = hit && strcmp(hit->key, key) == 0;
    plurum_results_free(results);
    return found;
}

static void folder_of_segments(char out[2 * PATH_SIZE])
{
    DIR *dir = opendir(path);
    out[0] = '\0';
    for (struct dirent *e; (e = readdir(dir));)
        if (strncmp(e->d_name, "segments-", 9) == 0)
            snprintf(out, 2 * PATH_SIZE, "%s/%.60s", path, e->d_name);
    closedir(dir);
}

/* Files in the folder of segments; the name of one of them. */
static size_t files(char name[3 * PATH_SIZE])
{
    char folder[2 * PATH_SIZE];
    size_t count = 0;
    folder_of_segments(folder);
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir));)
        if (e->d_name[0] != '.' && ++count && name)
            snprintf(name, 3 * PATH_SIZE, "%s/%.60s", folder, e->d_name);
    if (dir) closedir(dir);
    return count;
}

/* Everything is as it must be whatever happened before. */
static void check_whole(plurum_index *index)
{
    plurum_stats stats = small_stats(index);
    small_verify(index);
    ck_assert_uint_eq(files(NULL), stats.segments);
    ck_assert_msg(recall(index, NULL) > 0.98, "recall %g", recall(index, NULL));
}

/* ---- the tests ---- */

START_TEST(no_graph_is_made_of_few_vectors)
{
    plurum_index *index = open_it();
    fill(index, 0, FROM - 1);
    apply(index);
    ck_assert_uint_eq(small_stats(index).segments, 0);
    ck_assert_uint_eq(files(NULL), 0);
    fill(index, FROM - 1, 1);
    apply(index);
    ck_assert_uint_eq(small_stats(index).segments, 1);
    ck_assert_uint_eq(small_stats(index).segment_vectors, FROM);
    check_whole(index);
    plurum_index_close(index);
}
END_TEST

START_TEST(what_is_in_no_graph_yet_is_found_as_well)
{
    plurum_index *index = open_it();
    fill(index, 0, 1000);
    apply(index);
    for (uint32_t i = 0; i < SEGMENT - 1; i++) {
        fill(index, 1000 + i, 1);
        if (i % 10 == 0) apply(index);
        ck_assert(is_found(index, 1000 + i));
    }
    ck_assert_uint_eq(small_stats(index).segment_vectors, 1000);
    check_whole(index);
    plurum_index_close(index);
}
END_TEST

START_TEST(segments_stay_few)
{
    plurum_index *index = open_it();
    uint64_t most = 0;
    for (uint32_t i = 0; i < 20; i++) {
        fill(index, i * SEGMENT, SEGMENT);
        apply(index);
        uint64_t count = small_stats(index).segments;
        ck_assert_uint_le(count, 4);
        if (count > most) most = count;
    }
    ck_assert_uint_ge(most, 3);
    ck_assert_uint_eq(small_stats(index).segment_vectors, 20 * SEGMENT);
    check_whole(index);
    plurum_index_close(index);
}
END_TEST

START_TEST(a_cap_on_memory_bounds_segments)
{
    plurum_open_options options = options_of(0);
    options.build_memory = 300 * (4 * DIM + 768);
    plurum_index *index = small_open(path, &options);
    fill(index, 0, 1500);
    apply(index);
    ck_assert_uint_eq(small_stats(index).segments, 5);
    ck_assert_uint_eq(small_stats(index).segment_vectors, 1500);
    check_whole(index);
    plurum_index_close(index);
}
END_TEST

START_TEST(many_segments_are_merged_before_more_are_made)
{
    plurum_open_options options = options_of(0);
    options.build_memory = 100 * (4 * DIM + 768);
    plurum_index *index = small_open(path, &options);
    fill(index, 0, 1000);
    apply(index);
    ck_assert_uint_eq(small_stats(index).segments, 10);
    plurum_index_close(index);
    index = open_it();
    fill(index, 1000, SEGMENT);
    apply(index);
    const char *seal = strstr(last_line, ": seal"), *merge = strstr(last_line, ": merge");
    ck_assert_msg(seal && merge && merge < seal, "%s", last_line);
    ck_assert_uint_le(small_stats(index).segments, 4);
    check_whole(index);
    plurum_index_close(index);
}
END_TEST

START_TEST(a_filter_never_finds_fewer_than_there_are)
{
    static const char *const TAGS[] = {NULL, "half", "fifth", "tenth", "fiftieth", "one"};
    plurum_index *index = open_it();
    fill(index, 0, 3000);
    apply(index);
    fill(index, 3000, 50);
    for (int t = 0; t < 6; t++) {
        double found = recall(index, TAGS[t]);
        printf("%s: recall@%d %.4f\n", TAGS[t] ? TAGS[t] : "all", K, found);
        ck_assert_msg(found >= 0.99, "%s: %g", TAGS[t], found);
    }
    plurum_index_close(index);
}
END_TEST

START_TEST(deleted_and_replaced_documents_leave_no_ghosts)
{
    plurum_index *index = open_it();
    fill(index, 0, 1000);
    apply(index);
    delete(index, 0, 150, 1);
    for (uint32_t i = 0; i < 150; i += 10) ck_assert(!is_found(index, i));
    fill(index, 150, 100); /* the same again, under new ids */
    for (uint32_t i = 150; i < 250; i += 10) ck_assert(is_found(index, i));
    ck_assert(recall(index, NULL) > 0.98);
    apply(index);
    check_whole(index);
    plurum_index_close(index);
}
END_TEST

START_TEST(many_tombstones_are_built_away)
{
    plurum_index *index = open_it();
    fill(index, 0, 1000);
    apply(index);
    delete(index, 0, 1000, 2);
    apply(index);
    plurum_stats stats = small_stats(index);
    ck_assert_uint_eq(stats.segments, 1);
    ck_assert_uint_eq(stats.segment_vectors, 500);
    check_whole(index);
    delete(index, 1, 800, 2);
    apply(index);
    ck_assert_uint_eq(small_stats(index).segments, 0); /* too few are left for a graph */
    check_whole(index);
    plurum_index_close(index);
}
END_TEST

static uint64_t bytes_of(plurum_index *index)
{
    plurum_stats stats = small_stats(index);
    return stats.store_bytes + stats.text_bytes + stats.segment_bytes;
}

START_TEST(half_deleted_and_compacted_is_as_good_as_made_of_the_rest)
{
    enum { ALL = 4000 };
    char fresh_path[PATH_SIZE + 8];
    plurum_error error = {0};
    plurum_open_options options = options_of(0);
    plurum_index *index = open_it();
    fill(index, 0, ALL);
    apply(index);
    delete(index, 0, ALL, 2);
    plurum_index_close(index);
    MUST(plurum_index_compact(NULL, path, NULL, &error));
    index = open_it();
    apply(index);
    snprintf(fresh_path, sizeof fresh_path, "%s.fresh", path);
    small_create(fresh_path);
    plurum_index *fresh = small_open(fresh_path, &options);
    for (uint32_t i = 1; i < ALL; i += 2) fill(fresh, i, 1);
    apply(fresh);
    ck_assert_uint_eq(small_stats(index).segment_vectors, ALL / 2);
    ck_assert_uint_eq(small_stats(fresh).segment_vectors, ALL / 2);
    double after = recall(index, NULL), of_fresh = recall(fresh, NULL);
    printf("half deleted: recall@%d %.4f, made of the rest %.4f; %.2f times its bytes\n", K, after, of_fresh,
           (double)bytes_of(index) / (double)bytes_of(fresh));
    ck_assert_double_ge(after, of_fresh - 0.005);
    ck_assert(bytes_of(index) * 10 <= bytes_of(fresh) * 11);
    plurum_index_close(fresh);
    plurum_index_close(index);
}
END_TEST

START_TEST(a_reopened_index_has_its_segments_and_uses_their_vectors)
{
    plurum_index *index = open_it();
    fill(index, 0, 3000);
    apply(index);
    plurum_stats before = small_stats(index), after;
    plurum_index_close(index);
    plurum_open_options options = options_of(1);
    index = small_open(path, &options);
    check_whole(index);
    after = small_stats(index);
    ck_assert_uint_eq(after.segment_bytes, before.segment_bytes);
    ck_assert_uint_le(after.memory_bytes + 3000 * 4 * DIM, before.memory_bytes + 3000 * 16);
    plurum_index_close(index);

    index = open_it(); /* what is lent outlives its segment */
    for (uint32_t i = 0; i < 300; i += 7) ck_assert(is_found(index, i));
    delete(index, 0, 1500, 2);
    fill(index, 3000, 200);
    apply(index);
    ck_assert_uint_eq(small_stats(index).segment_vectors, 3000 - 750 + 200);
    for (uint32_t i = 0; i < 1500; i += 7) ck_assert_int_eq(is_found(index, i), (int)(i % 2));
    for (uint32_t i = 3000; i < 3200; i += 7) ck_assert(is_found(index, i));
    check_whole(index);
    plurum_index_close(index);
}
END_TEST

/* ---- damage ---- */

static void flip(const char *name, long at)
{
    FILE *f = fopen(name, "r+b");
    ck_assert(f && fseek(f, at, SEEK_SET) == 0);
    int byte = fgetc(f);
    ck_assert(fseek(f, at, SEEK_SET) == 0 && fputc(byte ^ 4, f) != EOF);
    ck_assert_int_eq(fclose(f), 0);
}

static void damage(const char *name, int kind)
{
    struct stat st;
    ck_assert_int_eq(stat(name, &st), 0);
    if (kind == 0) flip(name, st.st_size / 2);
    if (kind == 1) flip(name, 20);
    if (kind == 2) ck_assert_int_eq(truncate(name, st.st_size / 2), 0);
    if (kind == 3) ck_assert_int_eq(unlink(name), 0);
}

START_TEST(a_damaged_segment_is_named_and_built_again)
{
    char name[3 * PATH_SIZE];
    plurum_error error = {0};
    plurum_verify_report report = {.struct_size = sizeof report};
    plurum_index *index = open_it();
    fill(index, 0, 500);
    apply(index);
    plurum_index_close(index);
    ck_assert_uint_eq(files(name), 1);
    damage(name, _i);

    plurum_open_options options = options_of(1);
    index = small_open(path, &options);
    ck_assert(recall(index, NULL) > 0.9999); /* scanned */
    ck_assert_msg(strstr(last_line, name) != NULL, "%s", last_line);
    ck_assert_int_eq(plurum_index_verify(&report, index, NULL, NULL, &error), PLURUM_CORRUPT);
    ck_assert_uint_eq(report.findings, 1);
    plurum_index_close(index);

    index = open_it();
    apply(index);
    ck_assert_msg(strstr(last_line, name) != NULL, "%s", last_line);
    ck_assert_uint_eq(small_stats(index).segments, 1);
    check_whole(index);
    plurum_index_close(index);
}
END_TEST

/* ---- kills ---- */

static const char *const MOMENTS[] = {"seal-written",   "seal-renamed",  "seal-recorded",
                                      "merge-written",  "merge-renamed", "merge-recorded",
                                      "merge-removed"};

/* Fills until segments are sealed and merged, and dies at the moment it was told. */
static void die_at(const char *moment)
{
    plurum_index *index = open_it();
    pli_crash_at(moment);
    for (uint32_t i = 0; i < 12; i++) {
        fill(index, 400 + i * SEGMENT, SEGMENT);
        apply(index);
    }
    _exit(0);
}

START_TEST(a_kill_at_any_moment_leaves_a_whole_index)
{
    int code;
    plurum_index *index = open_it();
    fill(index, 0, 400);
    plurum_index_close(index);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) die_at(MOMENTS[_i]);
    ck_assert_int_eq(waitpid(child, &code, 0), child);
    ck_assert_msg(WIFSIGNALED(code) && WTERMSIG(code) == SIGKILL, "%s: %#x", MOMENTS[_i],
                  (unsigned)code);
    plurum_open_options options = options_of(1);
    index = small_open(path, &options); /* a reader sweeps nothing, and needs nothing swept */
    small_verify(index);
    ck_assert(recall(index, NULL) > 0.98);
    plurum_index_close(index);
    index = open_it();
    check_whole(index);
    apply(index);
    check_whole(index);
    ck_assert_uint_le(small_stats(index).segments, 4);
    ck_assert_uint_gt(small_stats(index).segments, 0);
    plurum_index_close(index);
}
END_TEST

START_TEST(what_no_record_names_is_swept_away)
{
    char folder[2 * PATH_SIZE], name[3 * PATH_SIZE];
    plurum_index *index = open_it();
    fill(index, 0, 500);
    apply(index);
    plurum_index_close(index);
    folder_of_segments(folder);
    static const char *const LEFT[] = {"00000007.new", "00000007.seg", "core"};
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s/%s", folder, LEFT[i]);
        FILE *f = fopen(name, "w");
        ck_assert(f && fputs("half", f) >= 0 && fclose(f) == 0);
    }
    ck_assert_uint_eq(files(NULL), 4);
    index = open_it();
    ck_assert_uint_eq(files(NULL), 1);
    check_whole(index);
    plurum_index_close(index);
}
END_TEST

/* ---- in the background ---- */

START_TEST(the_builder_works_by_itself_and_closing_does_not_wait_for_it)
{
    plurum_open_options options = options_of(0);
    options.manual_apply = 0;
    options.log = NULL;
    plurum_index *index = small_open(path, &options);
    fill(index, 0, 2000);
    for (int i = 0; i < 1200 && small_stats(index).segments == 0; i++) usleep(100000);
    ck_assert_uint_gt(small_stats(index).segments, 0);
    fill(index, 2000, 4000);
    usleep(300000);
    plurum_index_close(index);
    index = open_it();
    apply(index);
    ck_assert_uint_eq(small_stats(index).segment_vectors, 6000);
    check_whole(index);
    plurum_index_close(index);
}
END_TEST

static void setup(void)
{
    plurum_error error = {0};
    MUST(plurum_weights_new(&weights, &error));
    MUST(plurum_weights_set(weights, "candidates", K, &error));
    MUST(plurum_weights_set(weights, "ef", EF, &error));
    folder_make(path);
    small_create(path);
}

static void teardown(void)
{
    plurum_weights_free(weights);
    folder_remove(path);
}

int main(void)
{
    Suite *suite = suite_create("segments");
    TCase *tests = tcase_create("segments");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, no_graph_is_made_of_few_vectors);
    tcase_add_test(tests, what_is_in_no_graph_yet_is_found_as_well);
    tcase_add_test(tests, segments_stay_few);
    tcase_add_test(tests, a_cap_on_memory_bounds_segments);
    tcase_add_test(tests, many_segments_are_merged_before_more_are_made);
    tcase_add_test(tests, a_filter_never_finds_fewer_than_there_are);
    tcase_add_test(tests, deleted_and_replaced_documents_leave_no_ghosts);
    tcase_add_test(tests, many_tombstones_are_built_away);
    tcase_add_test(tests, half_deleted_and_compacted_is_as_good_as_made_of_the_rest);
    tcase_add_test(tests, a_reopened_index_has_its_segments_and_uses_their_vectors);
    tcase_add_loop_test(tests, a_damaged_segment_is_named_and_built_again, 0, 4);
    tcase_add_loop_test(tests, a_kill_at_any_moment_leaves_a_whole_index, 0, 7);
    tcase_add_test(tests, what_no_record_names_is_swept_away);
    tcase_add_test(tests, the_builder_works_by_itself_and_closing_does_not_wait_for_it);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
