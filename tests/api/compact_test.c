/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compaction: the same index in less room, nothing that was deleted on the disk, and whatever a kill
 * leaves half-way put right at the next opening.
 */
#include <config.h>

#include "tests/api/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put_many(int from, int to)
{
    plurum_batch *batch;
    OK(plurum_batch_new(&batch, opened, &error));
    for (int i = from; i < to; i++) {
        char key[16], title[64], body[256];
        const float vector[DIM] = {(float)i, 1, 2, 3};
        snprintf(key, sizeof key, "k%d", i);
        snprintf(title, sizeof title, "title %d of a document", i % 17);
        snprintf(body, sizeof body, "what was tried on day %d did not work, then number %d of the "
                                    "ways to do it worked out well for all %d of us", i, i * 7, i % 9);
        plurum_document d = document(key, title);
        d.text[PLURUM_TEXT_BODY] = body;
        if (i % 4) d.vector = vector, d.dim = DIM;
        OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_REPLACE, &error));
    }
    OK(plurum_batch_commit(batch, NULL, &error));
    plurum_batch_free(batch);
}

static void setup(void)
{
    begin();
    put_many(0, 400);
    worked("k1", "anna");
    failed("k2", "ben");
    OK(vote("k3", "carl", -1, NULL));
}

/* Whether any file of the index holds these bytes. */
static int on_disk(const char *bytes)
{
    char command[256];
    snprintf(command, sizeof command, "grep -raqF '%s' %s", bytes, path);
    return system(command) == 0;
}

/* The search answers and everything else. */
static char *everything(void)
{
    char *text, *all = digest();
    size_t size;
    FILE *out = open_memstream(&text, &size);
    static const char *const QUERIES[] = {"title 3", "worked number", "document of day 7"};
    for (int i = 0; i < 3; i++) {
        const float vector[DIM] = {1, (float)i, 1, 0};
        plurum_query q = query(QUERIES[i]);
        q.vector = vector;
        q.dim = DIM;
        plurum_results *results = search(&q);
        for (size_t h = 0; h < plurum_results_count(results); h++)
            fprintf(out, "%s %.17g\n", plurum_results_hit(results, h)->key,
                    plurum_results_hit(results, h)->score);
        plurum_results_free(results);
    }
    fprintf(out, "%s", all);
    fclose(out);
    free(all);
    return text;
}

static plurum_compact_report compact(void)
{
    plurum_compact_report r = {.struct_size = sizeof r};
    close_index();
    OK(plurum_index_compact(&r, path, NULL, &error));
    reopen();
    return r;
}

START_TEST(a_compacted_index_is_the_same_in_less_room)
{
    put_many(100, 380); /* replaced */
    for (int i = 0; i < 100; i += 2) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        if (i != 2) OK(delete_document(key, NULL));
    }
    OK(plurum_index_apply(opened, &error));
    char *before = everything();
    plurum_compact_report r = compact();
    ck_assert_uint_lt(r.bytes_after, r.bytes_before * 3 / 4);
    char *after = everything();
    ck_assert_str_eq(before, after);
    verify_is_clean();
    ck_assert_str_eq(log_text, ""); /* nothing had to be made anew at opening */
    ck_assert_uint_eq(stats().tail_documents, 0);
    worked("k7", "dora");
    put_many(390, 410);
    verify_is_clean();
    r = compact(); /* and once more */
    verify_is_clean();
    free(before), free(after);
}
END_TEST

START_TEST(what_was_deleted_is_gone_from_the_disk)
{
    plurum_document d = document("secret-key", "the word is xyzzyplugh");
    d.owner = "secret-owner";
    put(&d);
    worked("secret-key", "secret-reporter");
    OK(plurum_index_apply(opened, &error));
    OK(delete_document("secret-key", NULL));
    OK(plurum_index_forget(NULL, opened, "secret-reporter", NULL, &error));
    OK(plurum_index_apply(opened, &error));
    ck_assert(on_disk("secret-owner") && on_disk("secret-reporter") && on_disk("xyzzyplugh"));
    compact();
    ck_assert(!on_disk("secret-owner"));
    ck_assert(!on_disk("secret-key"));
    ck_assert(!on_disk("secret-reporter"));
    ck_assert(!on_disk("xyzzyplugh"));
}
END_TEST

START_TEST(the_dictionary_is_trained_anew)
{
    put_many(400, 1500);
    OK(plurum_index_apply(opened, &error));
    ck_assert_uint_eq(stats().dictionary_count, 1);
    put_many(0, 300);
    char *before = everything();
    plurum_compact_report r = compact();
    ck_assert_uint_ge(r.samples, 1000);
    ck_assert_uint_eq(stats().dictionary_count, 1);
    ck_assert_uint_eq(stats().dictionary_version, 1);
    char *after = everything();
    ck_assert_str_eq(before, after);
    verify_is_clean();
    free(before), free(after);
}
END_TEST

static void shell(const char *format)
{
    char command[512];
    snprintf(command, sizeof command, format, path);
    ck_assert_int_eq(system(command), 0);
}

static int there(const char *name)
{
    char file[160];
    snprintf(file, sizeof file, "%s/%s", path, name);
    return access(file, F_OK) == 0;
}

static const char *const LEFT[] = {
    "cd %s && mkdir store.new && touch store.new/building && echo half > store.new/data.mdb",
    "cd %s && mkdir store.new && touch store.new/building",
    "cd %s && cp -r store store.new",
    "cd %s && cp -r store store.new && mv store store.old",
    "cd %s && cp -r store store.old",
};

START_TEST(what_a_kill_leaves_is_put_right_at_the_next_opening)
{
    char *before = everything();
    close_index();
    shell(LEFT[_i]);
    reopen();
    char *after = everything();
    ck_assert_str_eq(before, after);
    verify_is_clean();
    ck_assert(!there("store.new") && !there("store.old"));
    free(before), free(after);
}
END_TEST

START_TEST(half_a_switch_is_told_to_a_reader)
{
    plurum_open_options reading = opening();
    reading.read_only = 1;
    close_index();
    shell("cd %s && mv store store.old");
    FAILS(plurum_index_open(&opened, path, &reading, &error), PLURUM_BUSY, "compaction");
    reopen();
    verify_is_clean();
}
END_TEST

static int stop_later(void *payload, const char *step, uint64_t done, uint64_t total)
{
    (void)step, (void)done, (void)total;
    return --*(int *)payload == 0;
}

START_TEST(a_stopped_compaction_leaves_the_index_as_it_was)
{
    plurum_job_options options = PLURUM_JOB_OPTIONS_INIT;
    options.progress = stop_later;
    char *before = everything();
    close_index();
    int stopped = 0;
    for (int after = 1; after < 100; after++) {
        int calls = after;
        options.progress_payload = &calls;
        plurum_status status = plurum_index_compact(NULL, path, &options, &error);
        reopen();
        ck_assert(!there("store.new") && !there("store.old"));
        char *now = everything();
        ck_assert_str_eq(before, now);
        free(now);
        verify_is_clean();
        close_index();
        if (!status) break;
        ck_assert_int_eq(status, PLURUM_CANCELLED);
        stopped++;
    }
    ck_assert_int_gt(stopped, 5);
    free(before);
}
END_TEST

START_TEST(what_cannot_be_compacted_is_refused)
{
    plurum_compact_report unset = {0};
    FAILS(plurum_index_compact(NULL, path, NULL, &error), PLURUM_BUSY, "open in this process");
    FAILS(plurum_index_compact(NULL, directory, NULL, &error), PLURUM_FORMAT, "not a plurum");
    FAILS(plurum_index_compact(NULL, "/nowhere", NULL, &error), PLURUM_NOTFOUND, "/nowhere");
    FAILS(plurum_index_compact(NULL, NULL, NULL, &error), PLURUM_ARG, "path");
    close_index();
    FAILS(plurum_index_compact(&unset, path, NULL, &error), PLURUM_ARG, "struct_size");
    reopen();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compact");
    TCase *tests = tcase_create("compact");
    tcase_add_checked_fixture(tests, setup, end_world);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_compacted_index_is_the_same_in_less_room);
    tcase_add_test(tests, what_was_deleted_is_gone_from_the_disk);
    tcase_add_test(tests, the_dictionary_is_trained_anew);
    tcase_add_loop_test(tests, what_a_kill_leaves_is_put_right_at_the_next_opening, 0,
                        (int)(sizeof LEFT / sizeof *LEFT));
    tcase_add_test(tests, half_a_switch_is_told_to_a_reader);
    tcase_add_test(tests, a_stopped_compaction_leaves_the_index_as_it_was);
    tcase_add_test(tests, what_cannot_be_compacted_is_refused);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
