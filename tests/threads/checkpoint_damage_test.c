/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checkpoints that cannot be used: damaged in any section, cut off, of another version, store or
 * moment. Each is named, the answers are the store's, and a writer makes another.
 */
#include <config.h>

#include "tests/threads/checkpointed.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xxhash.h>

#include "base/buf.h"
#include "engine/engine.h"

enum { SECTIONS = 8, HEADER = 256 };

static void copy_all(const char *from, const char *to, const char *what)
{
    char command[4 * PATH_SIZE];
    snprintf(command, sizeof command, "cp -r %s%s %s%s", from, what, to, what);
    ck_assert_int_eq(system(command), 0);
}

/* Under another inode: what is mapped stays as it was. */
static void store(const char *name, const unsigned char *bytes, size_t size)
{
    char file[PATH_SIZE + 32];
    snprintf(file, sizeof file, "%s/%s", path, name);
    unlink(file);
    FILE *f = fopen(file, "wb");
    ck_assert(f && fwrite(bytes, 1, size, f) == size && fclose(f) == 0);
}

/* A reader tells `what` and answers as before, verification names it unless it is of another version
 * or store, a writer removes the file, and makes another when one is due. */
static void check_refused(const char *name, const char *what, int is_finding)
{
    uint64_t expected = answers_of_the_store();
    plurum_verify_report report = {.struct_size = sizeof report};
    plurum_error error = {0};
    plurum_index *index = open_at(path, 1);
    ck_assert_uint_eq(answers(index), expected);
    ck_assert_msg(strstr(log_lines, what) && strstr(log_lines, name), "'%s', not '%s'", log_lines, what);
    plurum_status status = plurum_index_verify(&report, index, NULL, NULL, &error);
    ck_assert_int_eq(status, is_finding ? PLURUM_CORRUPT : PLURUM_OK);
    ck_assert_uint_eq(report.findings, (uint64_t)is_finding);
    plurum_index_close(index);
    ck_assert(exists(path, name));
    index = open_at(path, 0);
    ck_assert_uint_eq(answers(index), expected);
    ck_assert(!exists(path, name));
    apply(index);
    ck_assert_uint_eq(answers(index), expected);
    plurum_index_close(index);
    index = open_at(path, 0);
    fill(index, 0, EVERY);
    apply(index);
    plurum_index_close(index);
    index = open_at(path, 1);
    ck_assert(exists(path, "columns") && exists(path, "vectors"));
    small_verify(index);
    ck_assert_str_eq(log_lines, "");
    plurum_index_close(index);
}

START_TEST(a_flipped_bit_in_any_section_is_named_and_does_no_harm)
{
    static const char *const NAMES[] = {"facts", "fixed", "members", "rows", "name offsets", "names",
                                        "agent offsets", "agents", "facts", "ids", "rows"};
    size_t size, section = _i < SECTIONS ? (size_t)_i : (size_t)_i - SECTIONS, at = HEADER;
    const char *name = _i < SECTIONS ? "columns" : "vectors";
    char what[64];
    unsigned char *bytes = load(name, &size);
    for (size_t i = 0; i < section; i++) at += (pli_load_u64(bytes + 32 + 16 * i) + 63) / 64 * 64;
    bytes[at + pli_load_u64(bytes + 32 + 16 * section) / 2] ^= 0x10;
    store(name, bytes, size);
    free(bytes);
    snprintf(what, sizeof what, "%s: the section is damaged", NAMES[_i]);
    check_refused(name, what, 1);
}
END_TEST

START_TEST(a_damaged_or_unfinished_header_is_named_and_does_no_harm)
{
    static const struct {
        size_t at;
        const char *what;
    } PLACES[] = {{0, "unfinished"}, {20, "header is damaged"}, {40, "header is damaged"}};
    size_t size;
    unsigned char *bytes = load("columns", &size);
    bytes[PLACES[_i].at] ^= 1;
    store("columns", bytes, size);
    free(bytes);
    check_refused("columns", PLACES[_i].what, 1);
}
END_TEST

START_TEST(a_file_that_was_cut_off_is_named_and_does_no_harm)
{
    static const size_t CUTS[] = {0, 100, HEADER, 5000};
    size_t size;
    unsigned char *bytes = load("columns", &size);
    store("columns", bytes, CUTS[_i]);
    free(bytes);
    check_refused("columns", "too short", 1);
}
END_TEST

static void seal_header(unsigned char *bytes)
{
    pli_store_u64(bytes + HEADER - 8, XXH3_64bits(bytes, HEADER - 8));
}

START_TEST(a_file_of_a_newer_version_is_left_alone_by_readers)
{
    size_t size;
    unsigned char *bytes = load("columns", &size);
    pli_store_u32(bytes + 8, 99);
    seal_header(bytes);
    store("columns", bytes, size);
    free(bytes);
    check_refused("columns", "of version 99, this one reads 1", 0);
}
END_TEST

START_TEST(a_file_of_another_store_is_not_used)
{
    size_t size;
    unsigned char *bytes = load("columns", &size);
    pli_store_u64(bytes + 16, 4711);
    seal_header(bytes);
    store("columns", bytes, size);
    free(bytes);
    check_refused("columns", "of another store", 0);
}
END_TEST

START_TEST(a_file_of_a_moment_that_the_store_has_not_seen_is_not_used)
{
    copy_all(path, other_path, "");
    plurum_index *index = open_at(path, 0);
    fill(index, 1000, 2 * EVERY);
    apply(index);
    plurum_index_close(index);
    copy_all(path, other_path, "/columns");
    strcpy(path, other_path); /* for the helpers; the folder above is the same */
    check_refused("columns", "and the store has", 0);
}
END_TEST

START_TEST(a_file_that_the_log_does_not_reach_is_not_used)
{
    char directory[PATH_SIZE + 8];
    pli_store *opened;
    pli_txn *txn;
    plurum_error error = {0};
    pli_store_options options = {.no_sync = 1};
    plurum_index *index = open_at(path, 0);
    fill(index, 0, 10);
    plurum_index_close(index);
    snprintf(directory, sizeof directory, "%s/store", path);
    MUST(pli_store_open(&opened, directory, &options, &error));
    MUST(pli_txn_write(&txn, opened, &error));
    MUST(pli_log_truncate(txn, pli_txn_seq(txn) - 5, &error));
    MUST(pli_txn_commit(txn, &error));
    pli_store_close(opened);
    check_refused("columns", "further back than the log goes", 0);
}
END_TEST

START_TEST(rows_that_do_not_go_with_the_store_are_found_by_verification)
{
    static const struct {
        size_t section, row, member;
    } PLACES[] = {{1, 56, 0}, {3, 64, 62}}; /* when it was created, who sees it */
    plurum_verify_report report = {.struct_size = sizeof report};
    plurum_error error = {0};
    size_t size, section = PLACES[_i].section, at = HEADER;
    unsigned char *bytes = load("columns", &size);
    uint32_t newest = pli_load_u32(bytes + HEADER) - 1;
    for (size_t i = 0; i < section; i++) at += (pli_load_u64(bytes + 32 + 16 * i) + 63) / 64 * 64;
    bytes[at + PLACES[_i].row * newest + PLACES[_i].member] ^= 1;
    size_t len = (size_t)pli_load_u64(bytes + 32 + 16 * section);
    pli_store_u64(bytes + 40 + 16 * section, XXH3_64bits(bytes + at, len));
    seal_header(bytes);
    plurum_index *index = open_at(path, 1);
    answers(index);
    store("columns", bytes, size);
    free(bytes);
    ck_assert_int_eq(plurum_index_verify(&report, index, NULL, NULL, &error), PLURUM_CORRUPT);
    ck_assert_uint_ge(report.findings, 1);
    plurum_index_close(index);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("checkpoint damage");
    TCase *tests = tcase_create("checkpoint damage");
    tcase_add_checked_fixture(tests, checkpointed_setup, checkpointed_teardown);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, a_flipped_bit_in_any_section_is_named_and_does_no_harm, 0, SECTIONS + 3);
    tcase_add_loop_test(tests, a_damaged_or_unfinished_header_is_named_and_does_no_harm, 0, 3);
    tcase_add_loop_test(tests, a_file_that_was_cut_off_is_named_and_does_no_harm, 0, 4);
    tcase_add_test(tests, a_file_of_a_newer_version_is_left_alone_by_readers);
    tcase_add_test(tests, a_file_of_another_store_is_not_used);
    tcase_add_test(tests, a_file_of_a_moment_that_the_store_has_not_seen_is_not_used);
    tcase_add_test(tests, a_file_that_the_log_does_not_reach_is_not_used);
    tcase_add_loop_test(tests, rows_that_do_not_go_with_the_store_are_found_by_verification, 0, 2);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
