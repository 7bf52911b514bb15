/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parting a batch, so that what is refused does not hold up the rest.
 */
#include <config.h>

#include "tests/api/world.h"

#include <string.h>

static plurum_batch *batch;

static void setup(void)
{
    begin();
    OK(plurum_batch_new(&batch, opened, &error));
}

static void teardown(void)
{
    plurum_batch_free(batch);
    end_world();
}

static void add(const char *key)
{
    plurum_document d = document(key, "a title");
    OK(plurum_batch_put(batch, &d, PLURUM_CONFLICT_ERROR, &error));
}

START_TEST(a_batch_is_parted_at_the_change_at_fault)
{
    plurum_batch *refused, *rest;
    put_text("taken", "first");
    add("a");
    add("b");
    add("taken");
    OK(plurum_batch_vote(batch, "a", "user", 1, PLURUM_TIME_UNSET, &error));
    FAILS(plurum_batch_commit(batch, NULL, &error), PLURUM_EXISTS, "taken");
    FAILS(plurum_batch_split(&rest, batch, 5, &error), PLURUM_ARG, "at: 5, at most 4");
    ck_assert_uint_eq(plurum_batch_count(batch), 4);
    OK(plurum_batch_split(&refused, batch, 2, &error));
    OK(plurum_batch_split(&rest, refused, 1, &error));
    ck_assert_uint_eq(plurum_batch_count(batch), 2);
    ck_assert_uint_eq(plurum_batch_count(refused), 1);
    ck_assert_uint_eq(plurum_batch_count(rest), 1);
    plurum_batch_free(refused);
    FAILS(plurum_batch_commit(rest, NULL, &error), PLURUM_NOTFOUND, "a"); /* not before the others */
    OK(plurum_batch_commit(batch, NULL, &error));
    OK(plurum_batch_commit(rest, NULL, &error));
    plurum_batch_free(rest);
    OK(plurum_batch_split(&rest, batch, 0, &error)); /* an empty one of an empty one */
    ck_assert_uint_eq(plurum_batch_count(rest), 0);
    OK(plurum_batch_commit(rest, NULL, &error));
    plurum_batch_free(rest);
    ck_assert_uint_eq(stats().documents, 3);
    ck_assert_uint_eq(stats().votes, 1);
    verify_is_clean();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("api: batches");
    TCase *t = tcase_create("parting");
    suite_add_tcase(suite, t);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_batch_is_parted_at_the_change_at_fault);
    return run_suite(suite);
}
