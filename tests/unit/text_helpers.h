/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the text room share: random numbers from a printed seed, folders that go away,
 * and terms of short texts.
 */
#ifndef PLI_TESTS_TEXT_HELPERS_H
#define PLI_TESTS_TEXT_HELPERS_H

#include <check.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/postings.h"
#include "text/terms.h"

/* xorshift64*: the same numbers everywhere. */
static inline uint32_t rnd(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * 0x2545F4914F6CDD1DULL) >> 32);
}

static inline uint32_t rnd_below(uint64_t *state, uint32_t bound)
{
    return (uint32_t)(((uint64_t)rnd(state) * bound) >> 32);
}

/* Makes a folder under the working one; the name of an index inside it is written to path. */
static inline void make_folder(char path[64])
{
    strcpy(path, "text-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(path));
    strcat(path, "/index");
}

static inline void remove_index(const char *path)
{
    DIR *directory = opendir(path);
    if (!directory) return;
    for (struct dirent *entry; (entry = readdir(directory));) {
        char name[400];
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.') unlink(name);
    }
    closedir(directory);
    rmdir(path);
}

static inline void remove_folder(char path[64])
{
    remove_index(path);
    *strrchr(path, '/') = '\0';
    ck_assert_int_eq(rmdir(path), 0);
}

static inline pli_terms *terms_of_fields(pli_analyser *analyser, const char *title,
                                         const char *body, const char *labels, const char *code)
{
    plurum_document document = PLURUM_DOCUMENT_INIT;
    document.text[PLURUM_TEXT_TITLE] = title;
    document.text[PLURUM_TEXT_BODY] = body;
    document.text[PLURUM_TEXT_LABELS] = labels;
    document.text[PLURUM_TEXT_CODE] = code;
    pli_terms *terms = NULL;
    ck_assert_int_eq(pli_terms_of_document(&terms, analyser, &document, NULL), PLURUM_OK);
    return terms;
}

static inline pli_terms *terms_of_text(pli_analyser *analyser, const char *text)
{
    pli_terms *terms = NULL;
    ck_assert_int_eq(pli_terms_of_query(&terms, analyser, text, strlen(text), NULL), PLURUM_OK);
    return terms;
}

static inline pli_analyser *new_analyser(void)
{
    pli_analyser *analyser = NULL;
    ck_assert_int_eq(pli_analyser_new(&analyser, NULL), PLURUM_OK);
    return analyser;
}

static inline int compare_names(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return order ? order : (a_len > b_len) - (a_len < b_len);
}

#endif
