/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Backup and restore: of one moment while others write, refused where something is, and nothing of
 * a damaged index is taken along.
 */
#include <config.h>

#include "tests/api/world.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dest[80], back[80];

static void setup(void)
{
    begin();
    snprintf(dest, sizeof dest, "%s/backup", directory);
    snprintf(back, sizeof back, "%s/back", directory);
    for (int i = 0; i < 300; i++) {
        char key[16], title[64];
        snprintf(key, sizeof key, "k%d", i);
        snprintf(title, sizeof title, "title %d of a document", i % 17);
        if (i % 3)
            put_vector(key, title, (float)i, 1);
        else
            put_text(key, title);
    }
    worked("k1", "anna");
    failed("k2", "ben");
    OK(vote("k3", "carl", -1, NULL));
    OK(delete_document("k4", NULL));
    put_text("k5", "another title");
}

static void is_absent(const char *name)
{
    char part[160];
    snprintf(part, sizeof part, "%s.part", name);
    ck_assert_msg(access(name, F_OK) != 0, "%s is there", name);
    ck_assert_msg(access(part, F_OK) != 0, "%s is there", part);
}

/* Opens another index in the place of the one under test. */
static void go_to(const char *name)
{
    close_index();
    snprintf(path, sizeof path, "%s", name);
    reopen();
}

START_TEST(what_is_restored_is_what_was_backed_up)
{
    plurum_copy_report saved = {.struct_size = sizeof saved}, restored = saved;
    char *before = digest();
    OK(plurum_index_backup(&saved, opened, dest, NULL, &error));
    ck_assert_uint_eq(saved.documents, stats().documents);
    ck_assert_uint_eq(saved.seq, stats().seq);
    worked("k7", "too late");
    OK(plurum_index_restore(&restored, dest, back, NULL, &error));
    ck_assert_uint_eq(saved.records, restored.records);
    go_to(back);
    char *after = digest();
    ck_assert_str_eq(before, after);
    ck_assert_uint_eq(stats().tail_documents, 0); /* the text index is there */
    verify_is_clean();
    ck_assert_str_eq(log_text, "");
    worked("k7", "in time"); /* and it goes on */
    free(before), free(after);
}
END_TEST

START_TEST(a_backup_is_an_index_itself)
{
    char *before = digest();
    OK(plurum_index_backup(NULL, opened, dest, NULL, &error));
    go_to(dest);
    char *after = digest();
    ck_assert_str_eq(before, after);
    verify_is_clean();
    free(before), free(after);
}
END_TEST

static _Atomic int stopping;

/* Two documents a commit, always of the same number: a backup between two commits would show. */
static void *write_pairs(void *payload)
{
    (void)payload;
    for (int i = 0; !stopping; i++) {
        plurum_error wrong;
        plurum_batch *batch;
        char title[32];
        snprintf(title, sizeof title, "number %d", i);
        plurum_document left = document("left", title), right = document("right", title);
        if (plurum_batch_new(&batch, opened, &wrong) ||
            plurum_batch_put(batch, &left, PLURUM_CONFLICT_REPLACE, &wrong) ||
            plurum_batch_put(batch, &right, PLURUM_CONFLICT_REPLACE, &wrong) ||
            plurum_batch_commit(batch, NULL, &wrong))
            abort();
        plurum_batch_free(batch);
    }
    return NULL;
}

START_TEST(a_backup_while_others_write_is_of_one_moment)
{
    pthread_t thread;
    stopping = 0;
    ck_assert_int_eq(pthread_create(&thread, NULL, write_pairs, NULL), 0);
    while (stats().documents < 301) usleep(1000);
    for (int i = 0; i < 5; i++) {
        char name[160];
        snprintf(name, sizeof name, "%s%d", dest, i);
        OK(plurum_index_backup(NULL, opened, name, NULL, &error));
    }
    stopping = 1;
    pthread_join(thread, NULL);
    for (int i = 0; i < 5; i++) {
        char name[160];
        snprintf(name, sizeof name, "%s%d", dest, i);
        OK(plurum_index_restore(NULL, name, back, NULL, &error));
        go_to(back);
        json_t *left = get("left", &OPERATOR), *right = get("right", &OPERATOR);
        ck_assert_str_eq(text(left, "title"), text(right, "title"));
        json_decref(left), json_decref(right);
        verify_is_clean();
        close_index();
        snprintf(name, sizeof name, "rm -r %s", back);
        ck_assert_int_eq(system(name), 0);
    }
}
END_TEST

START_TEST(a_place_that_holds_something_is_refused_and_left_alone)
{
    char file[160];
    OK(plurum_index_backup(NULL, opened, dest, NULL, &error));
    FAILS(plurum_index_backup(NULL, opened, dest, NULL, &error), PLURUM_EXISTS, "not empty");
    FAILS(plurum_index_restore(NULL, dest, path, NULL, &error), PLURUM_EXISTS, "not empty");
    ck_assert_int_eq(mkdir(back, 0755), 0); /* an empty directory is fine */
    OK(plurum_index_restore(NULL, dest, back, NULL, &error));
    snprintf(file, sizeof file, "%s/FORMAT", dest);
    FAILS(plurum_index_backup(NULL, opened, file, NULL, &error), PLURUM_EXISTS, "a file");
    snprintf(file, sizeof file, "%s/none/backup", directory);
    FAILS(plurum_index_backup(NULL, opened, file, NULL, &error), PLURUM_NOTFOUND, "No such file");
    FAILS(plurum_index_restore(NULL, file, path, NULL, &error), PLURUM_EXISTS, "not empty");
    snprintf(back, sizeof back, "%s/again", directory);
    FAILS(plurum_index_restore(NULL, file, back, NULL, &error), PLURUM_NOTFOUND, "No such file");
    FAILS(plurum_index_restore(NULL, directory, back, NULL, &error), PLURUM_FORMAT, "not a plurum");
    FAILS(plurum_index_backup(NULL, opened, NULL, NULL, &error), PLURUM_ARG, "dest: NULL");
    FAILS(plurum_index_restore(NULL, dest, NULL, NULL, &error), PLURUM_ARG, "path: NULL");
    is_absent(back);
    verify_is_clean();
}
END_TEST

START_TEST(what_a_killed_job_left_is_swept)
{
    char command[512];
    snprintf(command, sizeof command, "mkdir -p %s.part/store && touch %s.part/store/data.mdb", dest,
             dest);
    ck_assert_int_eq(system(command), 0);
    OK(plurum_index_backup(NULL, opened, dest, NULL, &error));
    snprintf(command, sizeof command, "%s.part", dest);
    ck_assert_int_ne(access(command, F_OK), 0);
}
END_TEST

static int stop_later(void *payload, const char *step, uint64_t done, uint64_t total)
{
    (void)step;
    ck_assert_uint_le(done, total);
    return ++*(int *)payload == 4;
}

START_TEST(a_stopped_job_leaves_nothing)
{
    int calls = 0;
    plurum_job_options options = PLURUM_JOB_OPTIONS_INIT;
    options.progress = stop_later;
    options.progress_payload = &calls;
    FAILS(plurum_index_backup(NULL, opened, dest, &options, &error), PLURUM_CANCELLED, "stopped");
    is_absent(dest);
    OK(plurum_index_backup(NULL, opened, dest, NULL, &error));
    calls = 0;
    FAILS(plurum_index_restore(NULL, dest, back, &options, &error), PLURUM_CANCELLED, "stopped");
    is_absent(back);
    options.struct_size = 3;
    FAILS(plurum_index_restore(NULL, dest, back, &options, &error), PLURUM_ARG, "struct_size");
}
END_TEST

/* Alters every place of a file where these bytes are. */
static void alter(const char *file, const char *bytes)
{
    struct stat st;
    FILE *f = fopen(file, "r+b");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(stat(file, &st), 0);
    char *all = malloc((size_t)st.st_size), *end = all + st.st_size, *at = all;
    ck_assert_uint_eq(fread(all, 1, (size_t)st.st_size, f), (size_t)st.st_size);
    while ((at = memmem(at, (size_t)(end - at), bytes, strlen(bytes)))) *at++ ^= 1;
    rewind(f);
    ck_assert_uint_eq(fwrite(all, 1, (size_t)st.st_size, f), (size_t)st.st_size);
    ck_assert_int_eq(fclose(f), 0);
    free(all);
}

START_TEST(nothing_is_restored_from_a_damaged_backup)
{
    char file[160];
    plurum_document d = document("victim", "a document");
    d.owner = "whose name is altered";
    put(&d);
    OK(plurum_index_backup(NULL, opened, dest, NULL, &error));
    snprintf(file, sizeof file, "%s/store/data.mdb", dest);
    alter(file, d.owner);
    FAILS(plurum_index_restore(NULL, dest, back, NULL, &error), PLURUM_CORRUPT, "docs: the record");
    is_absent(back);
    close_index();
    snprintf(file, sizeof file, "%s/store/data.mdb", path);
    alter(file, d.owner);
    reopen();
    snprintf(dest, sizeof dest, "%s/second", directory);
    FAILS(plurum_index_backup(NULL, opened, dest, NULL, &error), PLURUM_CORRUPT, "docs: the record");
    is_absent(dest);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("backup");
    TCase *tests = tcase_create("backup");
    tcase_add_checked_fixture(tests, setup, end_world);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, what_is_restored_is_what_was_backed_up);
    tcase_add_test(tests, a_backup_is_an_index_itself);
    tcase_add_test(tests, a_backup_while_others_write_is_of_one_moment);
    tcase_add_test(tests, a_place_that_holds_something_is_refused_and_left_alone);
    tcase_add_test(tests, what_a_killed_job_left_is_swept);
    tcase_add_test(tests, a_stopped_job_leaves_nothing);
    tcase_add_test(tests, nothing_is_restored_from_a_damaged_backup);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
