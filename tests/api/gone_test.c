/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text indexes that go, and that stay: one that is removed under an open handle is made anew, and
 * those of other analyses and stores are removed.
 */
#include <config.h>

#include "tests/api/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void run_shell(const char *format)
{
    char command[512];
    snprintf(command, sizeof command, format, path, path, path);
    ck_assert_int_eq(system(command), 0);
}

static void setup(void)
{
    begin();
    put_text("a", "restore a backup");
    put_text("b", "restore a database");
    OK(plurum_index_apply(opened, &error));
    ck_assert_str_eq(found("restore"), "a b");
    log_text[0] = '\0';
}

static int told(void)
{
    return strstr(log_text, "the text index is made anew: ") != NULL;
}

START_TEST(a_text_index_that_goes_under_an_open_handle_is_made_anew_at_a_search)
{
    run_shell("rm -r %s/text-*");
    ck_assert_str_eq(found("restore"), "a b");
    ck_assert_int_eq(told(), 1);
    OK(plurum_index_apply(opened, &error));
    ck_assert_uint_eq(stats().tail_documents, 0);
    run_shell("test -s %s/text-*/postlist.glass");
    verify_is_clean();
}
END_TEST

START_TEST(a_text_index_that_goes_under_an_open_handle_is_made_anew_at_an_application)
{
    run_shell("rm -r %s/text-*");
    OK(plurum_index_apply(opened, &error));
    ck_assert_int_eq(told(), 1);
    run_shell("test -s %s/text-*/postlist.glass");
    ck_assert_str_eq(found("restore"), "a b");
    verify_is_clean();
}
END_TEST

START_TEST(a_writer_removes_text_indexes_that_are_not_its_own)
{
    plurum_open_options options = opening();
    close_index();
    run_shell("mkdir %s/text-0-deadbeef %s/text-1-01234567.new && touch %s/text-0-deadbeef/iamglass");
    run_shell("mkdir %s/text-notes && touch %s/text-0-deadbee");
    options.read_only = 1;
    open_with(&options);
    close_index();
    run_shell("test -e %s/text-0-deadbeef");
    reopen();
    run_shell("! test -e %s/text-0-deadbeef && ! test -e %s/text-1-01234567.new");
    run_shell("test -e %s/text-notes && test -e %s/text-0-deadbee");
    ck_assert_str_eq(found("restore"), "a b");
    ck_assert_int_eq(told(), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("api: text indexes that go");
    TCase *t = tcase_create("text index");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, end_world);
    tcase_add_test(t, a_text_index_that_goes_under_an_open_handle_is_made_anew_at_a_search);
    tcase_add_test(t, a_text_index_that_goes_under_an_open_handle_is_made_anew_at_an_application);
    tcase_add_test(t, a_writer_removes_text_indexes_that_are_not_its_own);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
