/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Refusals, and what they say.
 */
#include <config.h>

#include "embed_damage.h"

#include <string.h>

#include <check.h>

void cuts_are_refused(model_try *try_open, size_t size, const char *words)
{
    enum { HEADER = 128 };
    plurum_error error;
    for (size_t len = 0; len < size; len++) {
        plurum_status status = try_open(len, 0, &error);
        ck_assert_int_eq(status, len == 0 ? PLURUM_FORMAT : PLURUM_CORRUPT);
        ck_assert_int_eq(status, error.status);
        if (len >= HEADER) ck_assert_ptr_nonnull(strstr(error.text, words));
    }
}

void damage_is_named(model_try *try_open, size_t size, const damage *wrong)
{
    plurum_error error = {0};
    ck_assert_int_eq(try_open(size, 0, &error), wrong->status);
    ck_assert_msg(strstr(error.text, wrong->text) != NULL, "\"%s\" is not in: %s", wrong->text,
                  error.text);
    ck_assert_uint_eq(error.position, wrong->position);
    ck_assert_int_eq(try_open(size, 0, NULL), wrong->status);
}

void file_refused(model_open *open, const char *path, plurum_status expected, const char *text)
{
    plurum_error error;
    plurum_embedder *embedder = (plurum_embedder *)&error;
    ck_assert_int_eq(open(&embedder, path, &error), expected);
    ck_assert_ptr_null(embedder);
    ck_assert_int_eq(error.status, expected);
    ck_assert_msg(strstr(error.text, text) != NULL, "\"%s\" is not in: %s", text, error.text);
    ck_assert_int_eq(open(&embedder, path, NULL), expected);
}
