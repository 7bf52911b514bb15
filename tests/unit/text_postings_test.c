/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text index on disk: what is committed stays, what is not vanishes, damage is named.
 */
#include <config.h>

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "text/postings.h"
#include "text_helpers.h"

static char path[64];
static pli_analyser *analyser;

static void set_up(void)
{
    make_folder(path);
    analyser = new_analyser();
}

static void tear_down(void)
{
    pli_analyser_free(analyser);
    remove_folder(path);
}

static pli_text_writer *open_writer(void)
{
    pli_text_writer *writer = NULL;
    plurum_error error;
    if (pli_text_writer_open(&writer, path, &error)) ck_abort_msg("%s", error.text);
    return writer;
}

static pli_text_reader *open_reader(void)
{
    pli_text_reader *reader = NULL;
    plurum_error error;
    if (pli_text_reader_open(&reader, path, &error)) ck_abort_msg("%s", error.text);
    return reader;
}

static void add(pli_text_writer *writer, uint32_t id, const char *title, const char *body)
{
    pli_terms *terms = terms_of_fields(analyser, title, body, NULL, NULL);
    ck_assert_int_eq(pli_text_writer_add(writer, id, terms, NULL, NULL), PLURUM_OK);
    pli_terms_unref(terms);
}

/* A posting list as "id:tf id:tf". */
static const char *list_of(pli_text_reader *reader, const char *prefix, const char *term)
{
    static char text[2000];
    pli_postings list;
    plurum_error error;
    if (pli_text_reader_postings(&list, reader, prefix, term, strlen(term), &error))
        ck_abort_msg("%s", error.text);
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < list.count && n < sizeof text; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%u:%u", i ? " " : "", list.ids[i],
                              list.tf[i]);
    return text;
}

static void check_applied(pli_text_reader *reader, uint64_t seq, uint32_t last_id)
{
    uint64_t seq_found;
    uint32_t last_found;
    pli_text_reader_applied(reader, &seq_found, &last_found);
    ck_assert_uint_eq(seq_found, seq);
    ck_assert_uint_eq(last_found, last_id);
}

START_TEST(what_is_missing_is_not_found_and_a_writer_makes_it)
{
    plurum_error error;
    pli_text_reader *reader = NULL;
    ck_assert_int_eq(pli_text_reader_open(&reader, path, &error), PLURUM_NOTFOUND);
    ck_assert_ptr_null(reader);
    ck_assert_ptr_nonnull(strstr(error.text, path));
    ck_assert_int_eq(mkdir(path, 0777), 0);
    ck_assert_int_eq(pli_text_reader_open(&reader, path, &error), PLURUM_NOTFOUND);
    pli_text_writer *writer = open_writer();
    uint64_t seq = 9;
    uint32_t last_id = 9;
    pli_text_writer_applied(writer, &seq, &last_id);
    ck_assert(seq == 0 && last_id == 0);
    pli_text_writer_close(writer);
    reader = open_reader();
    check_applied(reader, 0, 0);
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_ALL, "nothing"), "");
    pli_text_reader_close(reader);
}
END_TEST

START_TEST(an_index_below_a_missing_folder_is_an_io_error)
{
    plurum_error error;
    pli_text_writer *writer;
    ck_assert_int_eq(pli_text_writer_open(&writer, "no-such-folder/index", &error), PLURUM_IO);
    ck_assert_ptr_null(writer);
    ck_assert_ptr_nonnull(strstr(error.text, "no-such-folder/index"));
    int file = open(path, O_CREAT | O_WRONLY, 0666);
    close(file);
    ck_assert_int_eq(pli_text_writer_open(&writer, path, &error), PLURUM_IO);
    pli_text_reader *reader;
    ck_assert_int_eq(pli_text_reader_open(&reader, path, &error), PLURUM_IO);
    unlink(path);
}
END_TEST

START_TEST(postings_are_read_as_they_were_added)
{
    pli_text_writer *writer = open_writer();
    add(writer, 0, "install nginx", "nginx install nginx");
    add(writer, 3, NULL, "install");
    ck_assert_int_eq(pli_text_writer_commit(writer, 17, 5, NULL), PLURUM_OK);
    pli_text_writer_close(writer);
    writer = open_writer();
    uint64_t seq;
    uint32_t last_id;
    pli_text_writer_applied(writer, &seq, &last_id);
    ck_assert(seq == 17 && last_id == 5);
    add(writer, 70000, "nginx", NULL);
    add(writer, 70001, NULL, NULL);
    add(writer, UINT32_MAX - 1, "the last", NULL);
    ck_assert_int_eq(pli_text_writer_commit(writer, 18, UINT32_MAX - 1, NULL), PLURUM_OK);
    pli_text_writer_close(writer);

    pli_text_reader *reader = open_reader();
    check_applied(reader, 18, UINT32_MAX - 1);
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_ALL, "nginx"), "0:3 70000:1");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_TITLE, "nginx"), "0:1 70000:1");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_ALL, "instal"), "0:2 3:1");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_CODE, "instal"), "");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_ALL, "last"), "4294967294:1");
    uint32_t frequency = 9;
    ck_assert_int_eq(pli_text_reader_frequency(&frequency, reader, "", "instal", 6, NULL), 0);
    ck_assert_uint_eq(frequency, 2);
    pli_postings head;
    ck_assert_int_eq(pli_text_reader_head(&head, reader, "", "instal", 6, 1, NULL), PLURUM_OK);
    ck_assert(head.count == 1 && head.ids[0] == 0 && head.tf[0] == 2);
    pli_text_reader_close(reader);
}
END_TEST

START_TEST(fields_and_labels_have_lists_of_their_own)
{
    char long_name[500];
    memset(long_name, 'k', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    const char *tools[] = {"docker", long_name}, *tags[] = {"", "UPPER"};
    pli_labels labels = {"databases", tools, 2, tags, 2};
    pli_text_writer *writer = open_writer();
    pli_terms *terms = terms_of_fields(analyser, "a1 b1", "c1 b1", "d1 b1", "e1 b1");
    ck_assert_int_eq(pli_text_writer_add(writer, 7, terms, &labels, NULL), PLURUM_OK);
    pli_terms_unref(terms);
    ck_assert_int_eq(pli_text_writer_commit(writer, 1, 7, NULL), PLURUM_OK);
    pli_text_writer_close(writer);
    pli_text_reader *reader = open_reader();
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_ALL, "b1"), "7:4");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_TITLE, "b1"), "7:1");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_LABELS, "d1"), "7:1");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_CODE, "e1"), "7:1");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_CODE, "a1"), "");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_DOMAIN, "databases"), "7:0");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_TOOL, "docker"), "7:0");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_TOOL, long_name), "7:0");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_TAG, ""), "7:0");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_TAG, "UPPER"), "7:0");
    long_name[400] = 'l';
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_TOOL, long_name), "");
    pli_text_reader_close(reader);
}
END_TEST

START_TEST(ids_only_grow)
{
    pli_text_writer *writer = open_writer();
    add(writer, 5, NULL, "five");
    pli_terms *terms = terms_of_text(analyser, "more");
    plurum_error error;
    ck_assert_int_eq(pli_text_writer_add(writer, 5, terms, NULL, &error), PLURUM_ARG);
    ck_assert_int_eq(pli_text_writer_add(writer, 4, terms, NULL, &error), PLURUM_ARG);
    ck_assert_int_eq(pli_text_writer_add(writer, UINT32_MAX, terms, NULL, &error), PLURUM_ARG);
    ck_assert_int_eq(pli_text_writer_commit(writer, 1, 4, &error), PLURUM_ARG);
    ck_assert_int_eq(pli_text_writer_commit(writer, 1, 5, &error), PLURUM_OK);
    ck_assert_int_eq(pli_text_writer_add(writer, 5, terms, NULL, &error), PLURUM_ARG);
    pli_text_writer_close(writer);
    writer = open_writer();
    ck_assert_int_eq(pli_text_writer_add(writer, 5, terms, NULL, &error), PLURUM_ARG);
    ck_assert_int_eq(pli_text_writer_add(writer, 6, terms, NULL, &error), PLURUM_OK);
    pli_terms_unref(terms);
    pli_text_writer_close(writer);
}
END_TEST

START_TEST(a_second_writer_is_refused)
{
    pli_text_writer *first = open_writer(), *second = NULL;
    plurum_error error;
    ck_assert_int_eq(pli_text_writer_open(&second, path, &error), PLURUM_BUSY);
    ck_assert_ptr_null(second);
    ck_assert_ptr_nonnull(strstr(error.text, path));
    pli_text_writer_close(first);
    second = open_writer();
    pli_text_writer_close(second);
}
END_TEST

START_TEST(what_is_not_committed_vanishes_however_much_it_is)
{
    pli_text_writer *writer = open_writer();
    add(writer, 0, NULL, "kept");
    ck_assert_int_eq(pli_text_writer_commit(writer, 1, 0, NULL), PLURUM_OK);
    for (uint32_t id = 1; id < 12000; id++) add(writer, id, NULL, "lost");
    pli_text_reader *reader = open_reader();
    check_applied(reader, 1, 0);
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_ALL, "lost"), "");
    pli_text_writer_close(writer);
    ck_assert_int_eq(pli_text_reader_refresh(reader, NULL), PLURUM_OK);
    check_applied(reader, 1, 0);
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_ALL, "lost"), "");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_ALL, "kept"), "0:1");
    pli_text_reader_close(reader);
}
END_TEST

/* Both are of the same revision, which alone says nothing to Xapian. */
START_TEST(a_reader_notices_another_index_in_the_place_of_its_own)
{
    char aside[80];
    snprintf(aside, sizeof aside, "%s.aside", path);
    pli_text_writer *writer = open_writer();
    add(writer, 0, NULL, "first");
    ck_assert_int_eq(pli_text_writer_commit(writer, 1, 0, NULL), PLURUM_OK);
    pli_text_writer_close(writer);
    pli_text_reader *reader = open_reader();
    ck_assert_int_eq(rename(path, aside), 0);
    plurum_error error;
    ck_assert_int_ne(pli_text_reader_refresh(reader, &error), PLURUM_OK);
    pli_text_reader_close(reader);

    ck_assert_int_eq(rename(aside, path), 0);
    reader = open_reader();
    ck_assert_int_eq(rename(path, aside), 0);
    writer = open_writer();
    add(writer, 0, NULL, "second");
    ck_assert_int_eq(pli_text_writer_commit(writer, 1, 0, NULL), PLURUM_OK);
    pli_text_writer_close(writer);
    ck_assert_int_eq(pli_text_reader_refresh(reader, &error), PLURUM_BUSY);
    pli_text_reader_close(reader);
    reader = open_reader();
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_ALL, "first"), "");
    ck_assert_str_eq(list_of(reader, PLI_PREFIX_ALL, "second"), "0:1");
    pli_text_reader_close(reader);
    remove_index(aside);
}
END_TEST

START_TEST(a_killed_writer_leaves_its_last_commit)
{
    for (uint32_t round = 0; round < 5; round++) {
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0) {
            pli_text_writer *writer = open_writer();
            add(writer, 2 * round, NULL, "committed");
            if (pli_text_writer_commit(writer, round + 1, 2 * round, NULL)) _exit(1);
            add(writer, 2 * round + 1, NULL, "uncommitted");
            _exit(0);
        }
        int status;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        pli_text_reader *reader = open_reader();
        check_applied(reader, round + 1, 2 * round);
        uint32_t frequency;
        pli_text_reader_frequency(&frequency, reader, "", "commit", 6, NULL);
        ck_assert_uint_eq(frequency, round + 1);
        pli_text_reader_frequency(&frequency, reader, "", "uncommit", 8, NULL);
        ck_assert_uint_eq(frequency, 0);
        pli_text_reader_close(reader);
    }
}
END_TEST

START_TEST(a_reader_outlives_many_commits)
{
    pli_text_writer *writer = open_writer();
    for (uint32_t id = 0; id < 3000; id++) add(writer, id, NULL, "some words that fill blocks");
    ck_assert_int_eq(pli_text_writer_commit(writer, 1, 2999, NULL), PLURUM_OK);
    pli_text_reader *reader = open_reader();
    unsigned busy = 0;
    for (uint32_t round = 0; round < 40; round++) {
        uint32_t id = 3000 + round;
        add(writer, id, NULL, "some words that fill blocks");
        ck_assert_int_eq(pli_text_writer_commit(writer, 2 + round, id, NULL), PLURUM_OK);
        if (round % 4 != 3) continue;
        pli_postings list;
        plurum_error error;
        plurum_status status = pli_text_reader_postings(&list, reader, "", "word", 4, &error);
        if (status) {
            ck_assert_int_eq(status, PLURUM_BUSY);
            ck_assert_uint_eq(list.count, 0);
            busy++;
        }
        ck_assert_int_eq(pli_text_reader_refresh(reader, &error), PLURUM_OK);
        check_applied(reader, 2 + round, id);
        ck_assert_int_eq(pli_text_reader_postings(&list, reader, "", "word", 4, &error), 0);
        ck_assert_uint_eq(list.count, id + 1);
    }
    ck_assert_uint_gt(busy, 0);
    pli_text_reader_close(reader);
    pli_text_writer_close(writer);
}
END_TEST

static void make_some_index(void)
{
    pli_text_writer *writer = open_writer();
    for (uint32_t id = 0; id < 2000; id++) {
        char text[100];
        snprintf(text, sizeof text, "common word%u and%u again%u", id, id % 7, id % 100);
        add(writer, id, text, text);
    }
    ck_assert_int_eq(pli_text_writer_commit(writer, 1, 1999, NULL), PLURUM_OK);
    pli_text_writer_close(writer);
}

static int count_term(void *payload, const char *term, size_t len)
{
    (void)term;
    *(size_t *)payload += len > 0;
    return 0;
}

/* Opens and reads everything; the first failure, which must name the path. */
static plurum_status read_all(void)
{
    plurum_error error;
    pli_text_reader *reader;
    plurum_status status = pli_text_reader_open(&reader, path, &error);
    if (!status) {
        size_t terms = 0;
        status = pli_text_reader_all_terms(reader, "", 0, count_term, &terms, &error);
        pli_postings list;
        if (!status) status = pli_text_reader_postings(&list, reader, "", "common", 6, &error);
        pli_text_reader_close(reader);
    }
    if (status) ck_assert_ptr_nonnull(strstr(error.text, path));
    return status;
}

static const char *file_in_index(const char *name)
{
    static char file[200];
    snprintf(file, sizeof file, "%s/%s", path, name);
    return file;
}

START_TEST(damage_is_told_from_absence)
{
    make_some_index();
    ck_assert_int_eq(read_all(), PLURUM_OK);
    struct stat status;
    ck_assert_int_eq(stat(file_in_index("postlist.glass"), &status), 0);
    ck_assert_int_eq(truncate(file_in_index("postlist.glass"), status.st_size / 2), 0);
    ck_assert_int_eq(read_all(), PLURUM_CORRUPT);
    ck_assert_int_eq(unlink(file_in_index("iamglass")), 0);
    ck_assert_int_eq(read_all(), PLURUM_CORRUPT);
    pli_text_writer *writer;
    plurum_error error;
    ck_assert_int_eq(pli_text_writer_open(&writer, path, &error), PLURUM_CORRUPT);
    ck_assert_ptr_nonnull(strstr(error.text, path));
}
END_TEST

START_TEST(a_damaged_root_file_is_refused)
{
    make_some_index();
    int file = open(file_in_index("iamglass"), O_WRONLY | O_TRUNC);
    ck_assert_int_eq(write(file, "no glass at all", 15), 15);
    close(file);
    plurum_status status = read_all();
    ck_assert(status == PLURUM_CORRUPT || status == PLURUM_FORMAT);
    pli_text_writer *writer;
    status = pli_text_writer_open(&writer, path, NULL);
    ck_assert(status == PLURUM_CORRUPT || status == PLURUM_FORMAT);
}
END_TEST

typedef struct walk {
    char last[300];
    size_t last_len, count, stop_at;
} walk;

static int check_order(void *payload, const char *term, size_t len)
{
    walk *w = payload;
    if (w->count++) ck_assert_int_lt(compare_names(w->last, w->last_len, term, len), 0);
    ck_assert_uint_lt(len, sizeof w->last);
    memcpy(w->last, term, len);
    w->last_len = len;
    return w->count == w->stop_at;
}

START_TEST(all_terms_come_in_order_and_can_be_stopped)
{
    make_some_index();
    pli_text_reader *reader = open_reader();
    walk w = {.count = 0};
    ck_assert_int_eq(pli_text_reader_all_terms(reader, "", 0, check_order, &w, NULL), PLURUM_OK);
    ck_assert_uint_gt(w.count, 4000);
    walk stopped = {.stop_at = 10};
    plurum_error error;
    ck_assert_int_eq(pli_text_reader_all_terms(reader, "", 0, check_order, &stopped, &error),
                     PLURUM_CANCELLED);
    ck_assert_uint_eq(stopped.count, 10);
    pli_text_reader_close(reader);
}
END_TEST

START_TEST(reading_without_memory_can_be_tried_again)
{
    make_some_index();
    pli_text_reader *reader = open_reader();
    pli_postings list;
    for (unsigned long n = 1; n <= 2; n++) {
        pli_alloc_fail_at(n);
        plurum_status status = pli_text_reader_postings(&list, reader, "", "common", 6, NULL);
        pli_alloc_fail_at(0);
        ck_assert_int_eq(status, PLURUM_NOMEM);
        ck_assert_uint_eq(list.count, 0);
    }
    ck_assert_int_eq(pli_text_reader_postings(&list, reader, "", "common", 6, NULL), PLURUM_OK);
    ck_assert_uint_eq(list.count, 2000);
    pli_text_reader_close(reader);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text postings");
    TCase *tc = tcase_create("postings");
    suite_add_tcase(suite, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, what_is_missing_is_not_found_and_a_writer_makes_it);
    tcase_add_test(tc, an_index_below_a_missing_folder_is_an_io_error);
    tcase_add_test(tc, postings_are_read_as_they_were_added);
    tcase_add_test(tc, fields_and_labels_have_lists_of_their_own);
    tcase_add_test(tc, ids_only_grow);
    tcase_add_test(tc, a_second_writer_is_refused);
    tcase_add_test(tc, what_is_not_committed_vanishes_however_much_it_is);
    tcase_add_test(tc, a_reader_notices_another_index_in_the_place_of_its_own);
    tcase_add_test(tc, a_killed_writer_leaves_its_last_commit);
    tcase_add_test(tc, a_reader_outlives_many_commits);
    tcase_add_test(tc, damage_is_told_from_absence);
    tcase_add_test(tc, a_damaged_root_file_is_refused);
    tcase_add_test(tc, all_terms_come_in_order_and_can_be_stopped);
    tcase_add_test(tc, reading_without_memory_can_be_tried_again);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
