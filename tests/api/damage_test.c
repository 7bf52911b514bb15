/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Damage: a text index that is lost, cut or altered comes back with the same answers; and of the
 * store nothing that was altered is ever shown, and verification names it.
 */
#include <config.h>

#include "tests/api/world.h"

#include <glob.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DOCUMENTS = 500, ANSWERS_SIZE = 1 << 17 };

static char right[ANSWERS_SIZE]; /* the answers of the sound index */

/* What a few searches and a filtered list say, to the last bit. */
static plurum_status ask(char *out)
{
    static const char *const QUERIES[] = {"restore backup", "volume of a kernel", "number 7 17 27",
                                          "database network restore"};
    size_t used = 0;
    plurum_results *results;
    for (size_t i = 0; i < sizeof QUERIES / sizeof *QUERIES; i++) {
        plurum_query q = query(QUERIES[i]);
        q.limit = 200;
        q.mode = PLURUM_MODE_TEXT;
        plurum_status status = plurum_search(&results, opened, &q, &error);
        if (status) return status;
        for (size_t h = 0; h < plurum_results_count(results); h++) {
            const plurum_hit *hit = plurum_results_hit(results, h);
            used += (size_t)snprintf(out + used, ANSWERS_SIZE - used, "%s %.17g\n", hit->key,
                                     hit->score);
        }
        plurum_results_free(results);
    }
    plurum_filter f = PLURUM_FILTER_INIT;
    f.domain = "even";
    plurum_status status = plurum_index_list(&results, opened, NULL, &f, 1000, 0, &error);
    if (status) return status;
    used += (size_t)snprintf(out + used, ANSWERS_SIZE - used, "%s\n", keys(results));
    plurum_results_free(results);
    ck_assert_uint_lt(used, ANSWERS_SIZE);
    return PLURUM_OK;
}

static void answers_are_right(void)
{
    static char now[ANSWERS_SIZE];
    OK(ask(now));
    ck_assert_str_eq(now, right);
}

/* An index with a text index of many blocks, closed; and a copy to come back to. */
static void setup(void)
{
    static const char *const WORDS[] = {"restore", "backup", "database",
                                        "volume",  "network", "kernel"};
    unsigned seed = 23;
    plurum_batch *batch;
    begin();
    OK(plurum_batch_new(&batch, opened, &error));
    for (int i = 0; i < DOCUMENTS; i++) {
        char key[16], title[128];
        snprintf(key, sizeof key, "k%d", i);
        snprintf(title, sizeof title, "%s %s number %d x%x", WORDS[rand_r(&seed) % 6],
                 WORDS[rand_r(&seed) % 6], i, (unsigned)rand_r(&seed));
        plurum_document d = document(key, title);
        d.domain = i % 2 ? "odd" : "even";
        OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
    }
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
    OK(plurum_index_apply(opened, &error));
    OK(ask(right));
    close_index();
    log_text[0] = '\0';
}

static void run_shell(const char *format)
{
    char command[256];
    snprintf(command, sizeof command, format, path, path, path);
    ck_assert_int_eq(system(command), 0);
}

static void keep_copy(void)
{
    run_shell("cp -a %s %s.sound");
}

static void restore_copy(void)
{
    close_index();
    run_shell("rm -rf %s && cp -a %s.sound %s");
    log_text[0] = '\0';
}

/* The path of a file of the text index; lives until the next call. */
static const char *text_file(const char *name)
{
    static char file[256];
    char pattern[160];
    glob_t found_;
    snprintf(pattern, sizeof pattern, "%s/text-*/%s", path, name);
    ck_assert_int_eq(glob(pattern, 0, NULL, &found_), 0);
    ck_assert_uint_eq(found_.gl_pathc, 1);
    snprintf(file, sizeof file, "%s", found_.gl_pathv[0]);
    globfree(&found_);
    return file;
}

static long size_of(const char *file)
{
    struct stat st;
    ck_assert_int_eq(stat(file, &st), 0);
    return (long)st.st_size;
}

static void flip(const char *file, long at, int bit)
{
    FILE *f = fopen(file, "r+b");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fseek(f, at, SEEK_SET), 0);
    int byte = fgetc(f);
    ck_assert_int_eq(fseek(f, at, SEEK_SET), 0);
    ck_assert_int_ne(fputc(byte ^ 1 << bit, f), EOF);
    ck_assert_int_eq(fclose(f), 0);
}

static const char *const PARTS[] = {"iamglass", "postlist.glass"};

static int told(void)
{
    return strstr(log_text, "the text index is made anew: ") != NULL;
}

/* ---- the text index ---- */

START_TEST(a_lost_text_index_is_made_anew_and_the_log_told)
{
    run_shell("rm -r %s/text-*");
    reopen();
    ck_assert_int_eq(told(), 1);
    ck_assert_ptr_nonnull(strstr(log_text, "is missing"));
    answers_are_right(); /* from the tail */
    ck_assert_uint_eq(stats().tail_documents, DOCUMENTS);
    OK(plurum_index_apply(opened, &error));
    ck_assert_uint_eq(stats().tail_documents, 0);
    answers_are_right();
    verify_is_clean();
    log_text[0] = '\0';
    reopen();
    ck_assert_int_eq(told(), 0);
}
END_TEST

START_TEST(a_text_index_without_one_of_its_files_is_made_anew)
{
    keep_copy();
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(unlink(text_file(PARTS[i])), 0);
        reopen();
        answers_are_right();
        ck_assert_int_eq(told(), 1);
        OK(plurum_index_apply(opened, &error));
        answers_are_right();
        verify_is_clean();
        restore_copy();
    }
}
END_TEST

START_TEST(a_text_index_that_was_cut_is_made_anew)
{
    keep_copy();
    for (int i = 0; i < 2; i++) {
        long size = size_of(text_file(PARTS[i]));
        const long cuts[] = {0, 1, size / 7, size / 3, size / 2};
        for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++) {
            ck_assert_int_eq(truncate(text_file(PARTS[i]), cuts[c]), 0);
            reopen();
            answers_are_right();
            ck_assert_msg(told(), "%s cut to %ld of %ld", PARTS[i], cuts[c], size);
            OK(plurum_index_apply(opened, &error));
            answers_are_right();
            verify_is_clean();
            restore_copy();
        }
    }
}
END_TEST

/* The new index is made beside the old, which goes aside; a kill may leave any part of that. */
START_TEST(the_remains_of_a_replacement_do_no_harm)
{
    static const char *const REMAINS[] = {".new", ".damaged"};
    char text[256], beside[280], command[640];
    snprintf(text, sizeof text, "%s", text_file(""));
    text[strlen(text) - 1] = '\0';
    for (int i = 0; i < 4; i++) {
        snprintf(beside, sizeof beside, "%s%s", text, REMAINS[i % 2]);
        snprintf(command, sizeof command, i < 2 ? "cp -a %s %s && rm %s/iamglass" : "mv %s %s", text,
                 beside, beside);
        ck_assert_int_eq(system(command), 0);
        reopen();
        answers_are_right();
        ck_assert_int_ne(access(beside, F_OK), 0);
        verify_is_clean();
        close_index();
    }
    reopen();
}
END_TEST

/* What a child found that asked and verified; its exit status. */
enum { AS_BEFORE = 10, REFUSED = 11, SHOWN_WRONG = 12, UNNOTICED = 13, MADE_ANEW = 14, FAILED = 15 };

/* Runs f in a process of its own: Xapian and LMDB may fall over a page that makes no sense. Its exit
 * status, or less than 0: the signal that ended it. */
static int run_apart(int (*f)(void))
{
    int result;
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        alarm(60);
        if (!freopen("/dev/null", "w", stderr)) _exit(99);
        _exit(f());
    }
    ck_assert_int_eq(waitpid(child, &result, 0), child);
    return WIFEXITED(result) ? WEXITSTATUS(result) : -WTERMSIG(result);
}

static int judge_text(void)
{
    static char now[ANSWERS_SIZE];
    plurum_open_options options = opening();
    if (plurum_index_open(&opened, path, &options, &error) || ask(now)) return FAILED;
    plurum_verify_report r = {.struct_size = sizeof r};
    plurum_status verified = plurum_index_verify(&r, opened, NULL, NULL, &error);
    if (verified) return REFUSED;
    if (strcmp(now, right) != 0) return SHOWN_WRONG;
    return told() ? MADE_ANEW : AS_BEFORE;
}

/* Whatever byte is altered: the answers are right, made anew if need be, or verification names it. */
START_TEST(an_altered_byte_of_the_text_index_does_not_go_unseen)
{
    unsigned seed = 31;
    keep_copy();
    int anew = 0, named = 0;
    for (int i = 0; i < 2; i++) {
        long size = size_of(text_file(PARTS[i]));
        for (long n = 0; n < (i ? 100 : size); n++) {
            long at = i ? rand_r(&seed) % size : n;
            flip(text_file(PARTS[i]), at, (int)(n % 8));
            int result = run_apart(judge_text);
            ck_assert_msg(result != FAILED && result != SHOWN_WRONG, "byte %ld of %s: %d", at,
                          PARTS[i], result);
            anew += result == MADE_ANEW;
            named += result == REFUSED;
            restore_copy();
        }
    }
    ck_assert_int_gt(anew, 10);
    ck_assert_int_gt(named, 10);
}
END_TEST

START_TEST(the_applier_makes_a_damaged_text_index_anew)
{
    reopen();
    ck_assert_int_eq(truncate(text_file("postlist.glass"), 8192), 0);
    put_text("more", "zebra");
    OK(plurum_index_apply(opened, &error));
    ck_assert_int_eq(told(), 1);
    ck_assert_uint_eq(stats().tail_documents, 0);
    ck_assert_str_eq(found("zebra"), "more");
    verify_is_clean();
    OK(delete_document("more", NULL));
    answers_are_right();
}
END_TEST

enum { SEARCHERS = 4, ROUNDS = 30 };

static void *search_on(void *payload)
{
    for (int i = 0; i < ROUNDS; i++) {
        plurum_results *results;
        plurum_query q = query("restore backup");
        q.mode = PLURUM_MODE_TEXT;
        q.limit = 200;
        if (plurum_search(&results, opened, &q, NULL)) return payload;
        size_t count = plurum_results_count(results);
        plurum_results_free(results);
        if (count != 100) return payload;
    }
    return NULL;
}

START_TEST(damage_under_running_searches_costs_time_and_no_answer)
{
    pthread_t threads[SEARCHERS];
    plurum_open_options options = opening();
    options.manual_apply = 0;
    open_with(&options);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < SEARCHERS; i++)
            ck_assert_int_eq(pthread_create(&threads[i], NULL, search_on, &opened), 0);
        ck_assert_int_eq(truncate(text_file("postlist.glass"), 0), 0);
        for (int i = 0; i < SEARCHERS; i++) {
            void *wrong;
            ck_assert_int_eq(pthread_join(threads[i], &wrong), 0);
            ck_assert_ptr_null(wrong);
        }
        OK(plurum_index_apply(opened, &error));
    }
    ck_assert_int_eq(told(), 1);
    answers_are_right();
    verify_is_clean();
}
END_TEST

START_TEST(a_reader_goes_on_without_a_text_index_that_it_cannot_read_and_says_so)
{
    plurum_open_options options = opening();
    options.read_only = 1;
    ck_assert_int_eq(truncate(text_file("postlist.glass"), 8192), 0);
    open_with(&options);
    answers_are_right(); /* from the store: it has not been used for anything yet */
    ck_assert_ptr_nonnull(strstr(log_text, "the text index cannot be read: "));
    ck_assert_int_eq(told(), 0);
    plurum_verify_report r = {.struct_size = sizeof r};
    FAILS(plurum_index_verify(&r, opened, NULL, NULL, &error), PLURUM_CORRUPT, "1 findings");
    reopen();
    answers_are_right();
    ck_assert_int_eq(told(), 1);
}
END_TEST

/* A reader that has read the text index, and then it goes bad under it. */
START_TEST(a_text_leg_that_fails_leaves_the_vector_leg)
{
    plurum_open_options options = opening();
    plurum_results *results;
    plurum_filter filter = PLURUM_FILTER_INIT;
    options.read_only = 1;
    open_with(&options);
    answers_are_right();
    ck_assert_int_eq(truncate(text_file("postlist.glass"), 0), 0);
    plurum_query q = query("restore backup");
    OK(plurum_search(&results, opened, &q, &error));
    ck_assert_str_eq(plurum_results_note(results), "the text index cannot be read");
    ck_assert_uint_eq(plurum_results_count(results), 0);
    plurum_results_free(results);
    static const float like[DIM] = {3, 4, 0, 0};
    q.vector = like;
    q.dim = DIM;
    OK(plurum_search(&results, opened, &q, &error));
    ck_assert_str_eq(plurum_results_note(results), "the text index cannot be read: vector leg only");
    plurum_results_free(results);
    filter.domain = "odd"; /* which the text index would narrow */
    OK(plurum_index_list(&results, opened, &OPERATOR, &filter, 10, 0, &error));
    ck_assert_uint_eq(plurum_results_total(results), DOCUMENTS / 2);
    plurum_results_free(results);
    reopen();
    answers_are_right();
}
END_TEST

/* ---- the store ---- */

static const char NEEDLE[] = "needle-0123456789-of-the-haystack";

static void setup_store(void)
{
    begin();
    for (int i = 0; i < 20; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        put_vector(key, "restore some backup", (float)i, 1);
    }
    static const float vector[DIM] = {3, 4, 0, 0};
    plurum_document d = document(NEEDLE, "qzjxkv wrpltm bvncxz");
    d.owner = "the-needles-owner";
    d.domain = "the-needles-domain";
    d.vector = vector;
    d.dim = DIM;
    put(&d);
    plurum_outcome o = outcome(NEEDLE, "the-needles-user", 1);
    o.context_notes = "the-needles-notes";
    OK(report(&o, NULL));
    OK(vote(NEEDLE, "the-needles-user", 1, NULL));
    OK(plurum_index_apply(opened, &error));
    close_index();
    keep_copy();
}

/* Everything that a reader is shown of the index, one line a document and hit. */
static plurum_status show(char *out, size_t size)
{
    static const char *const QUERIES[] = {"qzjxkv", "restore", "bvncxz backup"};
    size_t used = 0;
    char *json;
    plurum_results *results;
    plurum_status status = plurum_index_get(&json, opened, NEEDLE, &OPERATOR, &error);
    if (status) return status;
    used += (size_t)snprintf(out, size, "%s\n", json);
    plurum_text_free(json);
    for (int i = 0; i < 4 && !status; i++) {
        static const float like[DIM] = {3, 4, 0, 0};
        plurum_query q = query(QUERIES[i % 3]);
        q.vector = like;
        q.dim = DIM;
        status = i < 3 ? plurum_search(&results, opened, &q, &error)
                       : plurum_index_list(&results, opened, &OPERATOR, NULL, 100, 0, &error);
        for (size_t h = 0; !status && h < plurum_results_count(results); h++) {
            const plurum_hit *hit = plurum_results_hit(results, h);
            used += (size_t)snprintf(out + used, size - used, "%.17g %s\n", hit->score, hit->json);
        }
        if (!status) plurum_results_free(results);
    }
    return status;
}

static char *sound; /* what is shown of the sound index */

static int judge_store(void)
{
    static char now[ANSWERS_SIZE];
    plurum_open_options options = opening();
    options.read_only = 1;
    if (plurum_index_open(&opened, path, &options, &error)) return REFUSED;
    plurum_verify_report r = {.struct_size = sizeof r};
    plurum_status shown = show(now, sizeof now);
    plurum_status verified = plurum_index_verify(&r, opened, NULL, NULL, &error);
    if (!shown && strcmp(now, sound) != 0) return SHOWN_WRONG;
    if (!verified) return shown ? UNNOTICED : AS_BEFORE;
    return REFUSED;
}

static void store_file(char *file, size_t size)
{
    snprintf(file, size, "%s/store/data.mdb", path);
}

static void show_sound(void)
{
    plurum_open_options options = opening();
    options.read_only = 1;
    open_with(&options);
    sound = malloc(ANSWERS_SIZE);
    ck_assert_ptr_nonnull(sound);
    OK(show(sound, ANSWERS_SIZE));
    verify_is_clean();
    close_index();
}

/* Alters each place where the store's file holds a pattern; at least one must have been noticed. */
static void alter_everywhere(const char *what, const void *pattern, size_t len)
{
    char file[160];
    store_file(file, sizeof file);
    size_t size = (size_t)size_of(file), refused = 0;
    char *bytes = malloc(size);
    FILE *f = fopen(file, "rb");
    ck_assert(bytes && f && fread(bytes, 1, size, f) == size);
    fclose(f);
    for (char *at = bytes; (at = memmem(at, size - (size_t)(at - bytes), pattern, len)); at++)
        for (size_t i = 0; i < len; i += len - 1) {
            long place = (long)(at - bytes) + (long)i;
            flip(file, place, (int)(place % 8));
            int result = run_apart(judge_store);
            flip(file, place, (int)(place % 8));
            /* a page of an earlier moment may be altered at will: nobody reads it */
            ck_assert_msg(result == AS_BEFORE || result == REFUSED, "%s at %ld: %d", what, place,
                          result);
            refused += result == REFUSED;
        }
    ck_assert_msg(refused > 0, "%s", what);
    free(bytes);
}

START_TEST(an_altered_record_is_never_shown_and_is_named)
{
    show_sound();
    const float unit[DIM] = {(float)(3 / 5.0), (float)(4 / 5.0), 0, 0};
    const uint32_t reports[2] = {1, 0}; /* successes and failures in the trust state */
    alter_everywhere("the key", NEEDLE, sizeof NEEDLE - 1);
    alter_everywhere("the content", "wrpltm", 6);
    alter_everywhere("the owner", "the-needles-owner", 17);
    alter_everywhere("the domain", "the-needles-domain", 18);
    alter_everywhere("the user", "the-needles-user", 16);
    alter_everywhere("the notes", "the-needles-notes", 17);
    alter_everywhere("the vector", unit, sizeof unit);
    alter_everywhere("the trust state", reports, sizeof reports);
    ck_assert_int_eq(run_apart(judge_store), AS_BEFORE);
    free(sound);
}
END_TEST

/* Any bit of the file. LMDB may crash on a page that makes no sense, which is why the tool verifies
 * in a process of its own; but what is answered is right. */
START_TEST(an_altered_page_leads_to_no_wrong_answer)
{
    unsigned seed = 37;
    char file[160];
    show_sound();
    store_file(file, sizeof file);
    long size = size_of(file);
    for (int i = 0; i < 200; i++) {
        long at = rand_r(&seed) % size;
        flip(file, at, i % 8);
        int result = run_apart(judge_store);
        flip(file, at, i % 8);
        ck_assert_msg(result != SHOWN_WRONG && result != UNNOTICED, "byte %ld: %d", at, result);
    }
    ck_assert_int_eq(run_apart(judge_store), AS_BEFORE);
    free(sound);
}
END_TEST

static int stop_at_once(void *payload, const char *line)
{
    ck_assert_ptr_nonnull(strstr(line, "damaged"));
    ++*(int *)payload;
    return 1;
}

START_TEST(verification_counts_its_findings_and_stops_when_told)
{
    char file[160];
    store_file(file, sizeof file);
    size_t size = (size_t)size_of(file);
    char *bytes = malloc(size);
    FILE *f = fopen(file, "rb");
    ck_assert(bytes && f && fread(bytes, 1, size, f) == size);
    fclose(f);
    for (char *at = bytes; (at = memmem(at, size - (size_t)(at - bytes), "wrpltm", 6)); at++)
        flip(file, (long)(at - bytes), 0);
    free(bytes);
    plurum_open_options options = opening();
    options.read_only = 1;
    open_with(&options);
    plurum_verify_report r = {.struct_size = sizeof r};
    int calls = 0;
    FAILS(plurum_index_verify(&r, opened, NULL, NULL, &error), PLURUM_CORRUPT, " findings");
    ck_assert_uint_ge(r.findings, 1);
    ck_assert_uint_eq(r.documents, 21);
    FAILS(plurum_index_verify(&r, opened, stop_at_once, &calls, &error), PLURUM_CANCELLED,
          "stopped");
    ck_assert_int_eq(calls, 1);
    char *json;
    FAILS(plurum_index_get(&json, opened, NEEDLE, &OPERATOR, &error), PLURUM_CORRUPT,
          "blobs: the record of key");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("api: damage");
    TCase *t = tcase_create("text index");
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, a_lost_text_index_is_made_anew_and_the_log_told);
    tcase_add_test(t, a_text_index_without_one_of_its_files_is_made_anew);
    tcase_add_test(t, a_text_index_that_was_cut_is_made_anew);
    tcase_add_test(t, the_remains_of_a_replacement_do_no_harm);
    tcase_add_test(t, an_altered_byte_of_the_text_index_does_not_go_unseen);
    tcase_add_test(t, the_applier_makes_a_damaged_text_index_anew);
    tcase_add_test(t, damage_under_running_searches_costs_time_and_no_answer);
    tcase_add_test(t, a_reader_goes_on_without_a_text_index_that_it_cannot_read_and_says_so);
    tcase_add_test(t, a_text_leg_that_fails_leaves_the_vector_leg);
    suite_add_tcase(s, t);
    t = tcase_create("store");
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, setup_store, end_world);
    tcase_add_test(t, an_altered_record_is_never_shown_and_is_named);
    tcase_add_test(t, an_altered_page_leads_to_no_wrong_answer);
    tcase_add_test(t, verification_counts_its_findings_and_stops_when_told);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(suite());
}
