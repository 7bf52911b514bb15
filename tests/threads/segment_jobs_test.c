/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What jobs do to an index with segments: whatever was reindexed, compacted, restored or copied,
 * graphs and the exact scan give the cosines of the model that is live, nothing finds what was
 * deleted, and verification finds nothing. Both models have as many dimensions, so that a segment of
 * the wrong one would fit.
 */
#include <config.h>

#include <check.h>
#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/view/segments.h"
#include "tests/threads/small.h"
#include "tools/remove.h"

enum { FROM = 200, SEGMENT = 100, DOCUMENTS = 1000, K = 10, QUERIES = 40 };

static char path[PATH_SIZE], other_path[PATH_SIZE + 8];
static char log_lines[4096];
static plurum_embedder *first, *second;

/* ---- two models that have nothing to do with each other ---- */

static uint32_t number_of(const char *text)
{
    uint32_t sum = 2166136261u;
    for (; *text && *text != '\n'; text++) sum = (sum ^ (unsigned char)*text) * 16777619u;
    return sum;
}

static plurum_status embed(void *payload, const char *const *texts, size_t count, float *out,
                           plurum_error *why)
{
    (void)why;
    for (size_t i = 0; i < count; i++)
        small_vector(out + i * DIM, number_of(texts[i]) ^ *(const uint32_t *)payload);
    return PLURUM_OK;
}

static plurum_embedder *model(const char *name, const uint32_t *salt)
{
    plurum_embedder *made;
    plurum_error error = {0};
    plurum_fingerprint fingerprint = {.dim = DIM, .text_template = 1, .checksum = 7};
    plurum_embedder_methods methods = {.struct_size = sizeof methods, .embed = embed};
    snprintf(fingerprint.name, sizeof fingerprint.name, "%s", name);
    MUST(plurum_embedder_create(&made, &fingerprint, NULL, &methods, (void *)(uintptr_t)salt, &error));
    return made;
}

/* ---- the index ---- */

static void note_line(void *payload, const char *line)
{
    (void)payload;
    if (strlen(log_lines) + strlen(line) + 2 < sizeof log_lines)
        strcat(strcat(log_lines, line), "\n");
}

static plurum_index *open_at(const char *where, plurum_embedder *embedder, int read_only)
{
    plurum_open_options options = PLURUM_OPEN_OPTIONS_INIT;
    options.graph_from = FROM;
    options.segment_size = SEGMENT;
    options.manual_apply = 1;
    options.read_only = read_only;
    options.embedder = embedder;
    options.no_sync = 1;
    options.log = note_line;
    log_lines[0] = '\0';
    return small_open(where, &options);
}

static void apply(plurum_index *index)
{
    plurum_error error = {0};
    MUST(plurum_index_apply(index, &error));
}

static void title_of(char out[40], uint32_t number)
{
    char word[WORD_SIZE];
    snprintf(out, 40, "%s %u", small_word(word, number), number);
}

static void fill(plurum_index *index, uint32_t from, uint32_t count)
{
    plurum_batch *batch;
    plurum_error error = {0};
    MUST(plurum_batch_new(&batch, index, &error));
    for (uint32_t i = from; i < from + count; i++) {
        plurum_document d = PLURUM_DOCUMENT_INIT;
        char key[KEY_SIZE], title[40];
        snprintf(key, sizeof key, "doc-%u", i);
        title_of(title, i);
        d.key = key;
        d.text[PLURUM_TEXT_TITLE] = title;
        MUST(plurum_batch_put(batch, &d, PLURUM_CONFLICT_REPLACE, &error));
    }
    MUST(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
}

static void delete_even(plurum_index *index, uint32_t from, uint32_t count)
{
    plurum_batch *batch;
    plurum_error error = {0};
    MUST(plurum_batch_new(&batch, index, &error));
    for (uint32_t i = from; i < from + count; i += 2) {
        char key[KEY_SIZE];
        snprintf(key, sizeof key, "doc-%u", i);
        MUST(plurum_batch_delete(batch, key, NULL, &error));
    }
    MUST(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
}

static size_t files_at(const char *where)
{
    char folder[2 * PATH_SIZE];
    size_t count = 0;
    DIR *dir = opendir(where), *segments = NULL;
    for (struct dirent *e; (e = readdir(dir));)
        if (strncmp(e->d_name, "segments-", 9) == 0) {
            snprintf(folder, sizeof folder, "%s/%.60s", where, e->d_name);
            segments = opendir(folder);
        }
    closedir(dir);
    for (struct dirent *e; segments && (e = readdir(segments));) count += e->d_name[0] != '.';
    if (segments) closedir(segments);
    return count;
}

/* ---- checking ---- */

static plurum_results *search(plurum_index *index, const char *text, int exact)
{
    plurum_query query;
    plurum_results *results;
    plurum_error error = {0};
    plurum_query_init(&query);
    query.text = text;
    query.text_len = strlen(text);
    query.mode = PLURUM_MODE_VECTOR;
    query.exact = exact;
    query.limit = K;
    query.bodies = 0;
    MUST(plurum_search(&results, index, &query, &error));
    return results;
}

/* By the model itself, of what the index was given. */
static double cosine(plurum_embedder *embedder, const char *a, const char *b)
{
    float vectors[2 * DIM];
    double ab = 0, aa = 0, bb = 0;
    plurum_error error = {0};
    const char *const texts[] = {a, b};
    MUST(plurum_embedder_embed(embedder, texts, 2, vectors, &error));
    for (int i = 0; i < DIM; i++) {
        ab += (double)vectors[i] * vectors[DIM + i];
        aa += (double)vectors[i] * vectors[i];
        bb += (double)vectors[DIM + i] * vectors[DIM + i];
    }
    return ab / sqrt(aa * bb);
}

static void check_hits(const plurum_results *results, plurum_embedder *embedder, const char *text)
{
    ck_assert_uint_eq(plurum_results_count(results), K);
    for (size_t i = 0; i < K; i++) {
        const plurum_hit *hit = plurum_results_hit(results, i);
        char title[40];
        title_of(title, (uint32_t)strtoul(hit->key + 4, NULL, 10));
        double expected = cosine(embedder, text, title);
        ck_assert_msg(fabs(hit->cosine - expected) < 1e-6, "%s: cosine %.9g, not %.9g", hit->key,
                      hit->cosine, expected);
    }
}

static size_t common(const plurum_results *a, const plurum_results *b)
{
    size_t same = 0;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            const plurum_hit *x = plurum_results_hit(a, i), *y = plurum_results_hit(b, j);
            if (x->id != y->id) continue;
            ck_assert(x->cosine == y->cosine);
            same++;
        }
    return same;
}

/* Graphs and scan give the cosines of this model, and agree; nothing is wrong with the files. */
static void check_whole(plurum_index *index, plurum_embedder *embedder)
{
    size_t same = 0;
    for (uint32_t i = 0; i < QUERIES; i++) {
        char text[40];
        title_of(text, i % 2 ? 5 + 24 * i : 900000 + i); /* of a document, or of none */
        plurum_results *found = search(index, text, 0), *exact = search(index, text, 1);
        check_hits(found, embedder, text);
        check_hits(exact, embedder, text);
        same += common(found, exact);
        plurum_results_free(found);
        plurum_results_free(exact);
    }
    ck_assert_msg(same >= 98 * QUERIES * K / 100, "%zu of %d", same, QUERIES * K);
    small_verify(index);
}

/* A job left no segment; who reads scans; who writes builds them of the live vectors. */
static void check_built_again(const char *where, plurum_embedder *embedder, uint64_t vectors)
{
    ck_assert_uint_eq(files_at(where), 0);
    plurum_index *index = open_at(where, embedder, 1);
    ck_assert_uint_eq(small_stats(index).segments, 0);
    check_whole(index, embedder);
    ck_assert_str_eq(log_lines, "");
    plurum_index_close(index);
    index = open_at(where, embedder, 0);
    check_whole(index, embedder); /* its memory has vectors of its own */
    apply(index);
    ck_assert_uint_eq(small_stats(index).segment_vectors, vectors);
    check_whole(index, embedder);
    plurum_index_close(index);
    index = open_at(where, embedder, 1); /* it borrows the segments' */
    check_whole(index, embedder);
    ck_assert_uint_eq(files_at(where), small_stats(index).segments);
    plurum_index_close(index);
}

static void reindex(plurum_embedder *embedder, int rollback, const plurum_weights *weights)
{
    plurum_error error = {0};
    plurum_reindex_options options = PLURUM_REINDEX_OPTIONS_INIT;
    options.embedder = embedder;
    options.rollback = rollback;
    options.weights = weights;
    MUST(plurum_index_reindex(NULL, path, &options, &error));
}

/* ---- the tests ---- */

START_TEST(a_reindexed_index_forgets_the_segments_of_the_other_model)
{
    reindex(second, 0, NULL);
    check_built_again(path, second, DOCUMENTS);
    reindex(first, 1, NULL);
    check_built_again(path, first, DOCUMENTS);
    reindex(second, 1, NULL);
    check_built_again(path, second, DOCUMENTS);
}
END_TEST

START_TEST(what_came_after_a_reindex_is_in_a_segment_after_rolling_back)
{
    reindex(second, 0, NULL);
    plurum_index *index = open_at(path, second, 0);
    fill(index, DOCUMENTS, 300);
    fill(index, 0, 50); /* replaced: under new ids */
    apply(index);
    check_whole(index, second);
    plurum_index_close(index);
    reindex(first, 1, NULL);
    check_built_again(path, first, DOCUMENTS + 300);
}
END_TEST

START_TEST(an_index_without_vectors_keeps_no_segment)
{
    plurum_error error = {0};
    plurum_reindex_options options = PLURUM_REINDEX_OPTIONS_INIT;
    options.without_vectors = 1;
    MUST(plurum_index_reindex(NULL, path, &options, &error));
    ck_assert_uint_eq(files_at(path), 0);
    plurum_index *index = open_at(path, NULL, 0);
    apply(index);
    small_verify(index);
    plurum_index_close(index);
    reindex(first, 1, NULL);
    check_built_again(path, first, DOCUMENTS);
}
END_TEST

START_TEST(other_weights_leave_the_segments_alone)
{
    plurum_weights *weights;
    plurum_error error = {0};
    plurum_index *index = open_at(path, first, 1);
    uint64_t before = small_stats(index).segments;
    plurum_index_close(index);
    MUST(plurum_weights_new(&weights, &error));
    reindex(NULL, 0, weights);
    plurum_weights_free(weights);
    index = open_at(path, first, 1);
    ck_assert_uint_eq(small_stats(index).segments, before);
    ck_assert_uint_eq(files_at(path), before);
    check_whole(index, first);
    plurum_index_close(index);
}
END_TEST

START_TEST(tombstones_are_built_away_while_vectors_of_two_models_are_kept)
{
    reindex(second, 0, NULL);
    plurum_index *index = open_at(path, second, 0);
    apply(index);
    ck_assert_uint_eq(small_stats(index).kept_vectors, DOCUMENTS);
    delete_even(index, 0, DOCUMENTS);
    apply(index);
    ck_assert_uint_eq(small_stats(index).segment_vectors, DOCUMENTS / 2);
    check_whole(index, second);
    delete_even(index, 1, 701);
    apply(index);
    ck_assert_uint_eq(small_stats(index).segments, 0); /* 149 are left, and 149 of the other model */
    small_verify(index);
    plurum_index_close(index);
}
END_TEST

START_TEST(a_compacted_index_keeps_no_vector_of_what_was_deleted)
{
    plurum_error error = {0};
    plurum_index *index = open_at(path, first, 0);
    delete_even(index, 0, 100); /* too few to build a segment without them */
    apply(index);
    ck_assert_uint_eq(small_stats(index).segment_vectors, DOCUMENTS);
    plurum_index_close(index);
    MUST(plurum_index_compact(NULL, path, NULL, &error));
    check_built_again(path, first, DOCUMENTS - 50);
    MUST(plurum_index_compact(NULL, path, NULL, &error));
    check_built_again(path, first, DOCUMENTS - 50);
}
END_TEST

START_TEST(a_backup_and_what_is_restored_from_it_are_whole_without_segments)
{
    char restored[PATH_SIZE + 8];
    plurum_error error = {0};
    plurum_index *index = open_at(path, first, 0);
    MUST(plurum_index_backup(NULL, index, other_path, NULL, &error));
    plurum_index_close(index);
    snprintf(restored, sizeof restored, "%s.back", path);
    index = open_at(other_path, first, 1);
    check_whole(index, first);
    ck_assert_str_eq(log_lines, "");
    plurum_index_close(index);
    MUST(plurum_index_restore(NULL, other_path, restored, NULL, &error));
    check_built_again(restored, first, DOCUMENTS);
    index = open_at(path, first, 1); /* the original has its own still */
    ck_assert_uint_gt(small_stats(index).segments, 0);
    check_whole(index, first);
    plurum_index_close(index);
}
END_TEST

START_TEST(a_copy_of_the_files_has_the_segments)
{
    plurum_error error = {0};
    MUST(plurum_index_copy_files(path, other_path, &error));
    plurum_index *index = open_at(other_path, first, 1);
    ck_assert_uint_eq(files_at(other_path), files_at(path));
    ck_assert_uint_eq(small_stats(index).segment_vectors, DOCUMENTS);
    check_whole(index, first);
    ck_assert_str_eq(log_lines, "");
    plurum_index_close(index);
}
END_TEST

/* A reading process with segments of the old model mapped, before and after: it may refuse, but it
 * must not answer with them. */
static void follow(int told, int tell)
{
    plurum_error error = {0};
    plurum_index *index = open_at(path, first, 1);
    check_whole(index, first);
    char byte = 'r';
    HOLDS(pipe_write(tell, &byte, 1) == 0 && pipe_read(told, &byte, 1) == 0, "pipe");
    plurum_query query;
    plurum_results *results;
    plurum_query_init(&query);
    query.text = "abc";
    query.text_len = 3;
    query.mode = PLURUM_MODE_VECTOR;
    HOLDS(plurum_search(&results, index, &query, &error) == PLURUM_STALE, "%s", error.text);
    plurum_index_close(index);
    index = open_at(path, second, 1);
    check_whole(index, second);
    plurum_index_close(index);
    _exit(0);
}

START_TEST(a_reader_with_old_segments_open_gives_no_answer_of_them)
{
    int to[2], from[2], code;
    char byte;
    ck_assert(pipe(to) == 0 && pipe(from) == 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) follow(to[0], from[1]);
    ck_assert_int_eq(pipe_read(from[0], &byte, 1), 0);
    reindex(second, 0, NULL);
    plurum_index *index = open_at(path, second, 0);
    apply(index);
    plurum_index_close(index);
    ck_assert_int_eq(pipe_write(to[1], &byte, 1), 0);
    ck_assert_int_eq(waitpid(child, &code, 0), child);
    ck_assert_int_eq(code, 0);
    for (int i = 0; i < 2; i++) close(to[i]), close(from[i]);
}
END_TEST

START_TEST(segments_of_another_number_of_the_same_model_are_another_owners)
{
    plurum_error error = {0};
    pli_segments one = {0}, two = {0};
    const plurum_fingerprint *model = plurum_embedder_fingerprint(first);
    pli_segments_init(&one);
    pli_segments_init(&two);
    MUST(pli_segments_open(&one, path, "identity", model, 1, &error));
    MUST(pli_segments_open(&two, path, "identity", model, 2, &error));
    ck_assert_str_eq(one.directory, two.directory);
    ck_assert_uint_ne(one.owner, two.owner);
    pli_segments_close(&one);
    pli_segments_close(&two);
}
END_TEST

/* ---- kills ---- */

static plurum_embedder *live_model(void)
{
    plurum_index *index = open_at(path, NULL, 1);
    int is_first = strcmp(plurum_index_configuration(index)->fingerprint->name, "first") == 0;
    plurum_index_close(index);
    return is_first ? first : second;
}

static void back_up_and_restore(plurum_embedder *model)
{
    char kept[2 * PATH_SIZE];
    plurum_error error = {0};
    snprintf(kept, sizeof kept, "%s.kept", path);
    plurum_index *index = open_at(path, model, 1);
    MUST(plurum_index_backup(NULL, index, kept, NULL, &error));
    plurum_index_close(index);
    MUST(plurum_index_restore(NULL, kept, other_path, NULL, &error));
}

/* What is there already is not replaced. */
static void remove_copies(void)
{
    char kept[2 * PATH_SIZE];
    snprintf(kept, sizeof kept, "%s.kept", path);
    remove_tree(kept);
    remove_tree(other_path);
}

typedef enum job_kind { COMPACT, REINDEX, BACKUP_AND_RESTORE, SEAL_AND_MERGE, JOBS } job_kind;

static void do_job(job_kind job, plurum_embedder *model)
{
    plurum_error error = {0};
    if (job == COMPACT) MUST(plurum_index_compact(NULL, path, NULL, &error));
    if (job == REINDEX) reindex(model == first ? second : first, 0, NULL);
    if (job == BACKUP_AND_RESTORE) back_up_and_restore(model);
    if (job != SEAL_AND_MERGE) return;
    plurum_index *index = open_at(path, model, 0);
    for (uint32_t i = 0; i < 8; i++) {
        fill(index, 5 + i * SEGMENT, SEGMENT); /* again, so that others die */
        apply(index);
    }
    plurum_index_close(index);
}

/* Begins a job and kills it after some time; whether it was still under way. */
static int kill_job(job_kind job, plurum_embedder *model, unsigned microseconds)
{
    int code;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        do_job(job, model);
        _exit(0);
    }
    usleep(microseconds);
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, &code, 0), child);
    ck_assert_msg(WIFSIGNALED(code) || WEXITSTATUS(code) == 0, "job %d: %#x", job, (unsigned)code);
    return WIFSIGNALED(code);
}

START_TEST(a_job_that_is_killed_leaves_an_index_whose_segments_are_right)
{
    const char *given = getenv("PLURUM_TEST_SEED");
    random_state r = {given ? strtoull(given, NULL, 10) : (uint64_t)getpid()};
    int kills = 0;
    printf("PLURUM_TEST_SEED=%llu\n", (unsigned long long)r.state);
    for (int round = 0; round < JOBS * 3 * test_scale(); round++) {
        job_kind job = (job_kind)(round % JOBS);
        plurum_index *index = open_at(path, live_model(), 0);
        apply(index);
        ck_assert_uint_gt(small_stats(index).segments, 0);
        plurum_index_close(index);
        kills += kill_job(job, live_model(), (unsigned)random_below(&r, 60000 + 60000 * (round / JOBS)));
        plurum_embedder *model = live_model();
        index = open_at(path, model, 1);
        check_whole(index, model);
        plurum_index_close(index);
        index = open_at(path, model, 0);
        check_whole(index, model);
        plurum_index_close(index);
        remove_copies();
        do_job(job, model); /* comes to its end, whatever was left */
        remove_copies();
        model = live_model();
        index = open_at(path, model, 0);
        apply(index);
        ck_assert_uint_gt(small_stats(index).segments, 0);
        check_whole(index, model);
        ck_assert_uint_eq(files_at(path), small_stats(index).segments);
        plurum_index_close(index);
    }
    printf("%d kills\n", kills);
    ck_assert_int_gt(kills, 0);
}
END_TEST

static void setup(void)
{
    static const uint32_t SALTS[] = {0, 0x5A5A1234};
    plurum_create_options options;
    plurum_error error = {0};
    folder_make(path);
    snprintf(other_path, sizeof other_path, "%s.copy", path);
    first = model("first", &SALTS[0]);
    second = model("second", &SALTS[1]);
    plurum_create_options_init(&options);
    options.fingerprint = plurum_embedder_fingerprint(first);
    MUST(plurum_index_create(path, &options, &error));
    plurum_index *index = open_at(path, first, 0);
    fill(index, 0, DOCUMENTS);
    apply(index);
    ck_assert_uint_eq(small_stats(index).segment_vectors, DOCUMENTS);
    plurum_index_close(index);
}

static void teardown(void)
{
    plurum_embedder_free(first);
    plurum_embedder_free(second);
    folder_remove(path);
}

int main(void)
{
    Suite *suite = suite_create("segments and jobs");
    TCase *tests = tcase_create("segments and jobs");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, a_reindexed_index_forgets_the_segments_of_the_other_model);
    tcase_add_test(tests, what_came_after_a_reindex_is_in_a_segment_after_rolling_back);
    tcase_add_test(tests, an_index_without_vectors_keeps_no_segment);
    tcase_add_test(tests, other_weights_leave_the_segments_alone);
    tcase_add_test(tests, tombstones_are_built_away_while_vectors_of_two_models_are_kept);
    tcase_add_test(tests, a_compacted_index_keeps_no_vector_of_what_was_deleted);
    tcase_add_test(tests, a_backup_and_what_is_restored_from_it_are_whole_without_segments);
    tcase_add_test(tests, a_copy_of_the_files_has_the_segments);
    tcase_add_test(tests, a_reader_with_old_segments_open_gives_no_answer_of_them);
    tcase_add_test(tests, a_job_that_is_killed_leaves_an_index_whose_segments_are_right);
    tcase_add_test(tests, segments_of_another_number_of_the_same_model_are_another_owners);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
