/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The index that rows are tried on, what must stay of it, and the writing of rows.
 */
#include <config.h>

#include "tests/limits/limits.h"

#include <ctype.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *kind;
static char *content;          /* the index's digest; NULL: not looked at        */
static uint64_t files;         /* sum over everything in `directory`; 0: likewise */
static char *texts[256];
static size_t text_count;

static char *keep(char *text)
{
    ck_assert(text && text_count < sizeof texts / sizeof *texts);
    return texts[text_count++] = text;
}

const char *many(size_t count, const char *unit)
{
    size_t len = strlen(unit);
    char *all = keep(malloc(count * len + 1));
    for (size_t i = 0; i < count; i++) memcpy(all + i * len, unit, len);
    all[count * len] = '\0';
    return all;
}

const char *printed(const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    ck_assert_int_ge(vasprintf(&text, format, arguments), 0);
    va_end(arguments);
    return keep(text);
}

const char *quoted(const char *text)
{
    return printed("\"%s\"", text);
}

/* ---- what must stay ---- */

static uint64_t sum; /* of the walk that is under way */

static uint64_t hash(uint64_t h, const void *bytes, size_t len)
{
    for (const unsigned char *at = bytes; len-- > 0; at++) h = (h ^ *at) * 1099511628211u;
    return h;
}

/* Claims of processes, which come and go with handles. */
static int is_claim(const char *name)
{
    return strcmp(name, "lock.mdb") == 0 || strcmp(name, "writer.lock") == 0;
}

static int add_file(const char *name, const struct stat *st, int type, struct FTW *at)
{
    static char buffer[1 << 16];
    uint64_t h = hash(14695981039346656037u, name, strlen(name) + 1);
    FILE *file = type == FTW_F && !is_claim(name + at->base) ? fopen(name, "rb") : NULL;
    (void)st;
    for (size_t n; file && (n = fread(buffer, 1, sizeof buffer, file)) > 0;) h = hash(h, buffer, n);
    if (file) fclose(file);
    sum += h;
    return 0;
}

static uint64_t sum_files(void)
{
    sum = 0;
    ck_assert_int_eq(nftw(directory, add_file, 16, FTW_PHYS), 0);
    return sum;
}

void limits_settle_files(void)
{
    free(content);
    content = NULL;
    files = sum_files();
}

void limits_settle_content(void)
{
    free(content);
    content = digest();
    files = 0;
}

void limits_settle(void)
{
    limits_settle_files();
    if (opened) content = digest();
}

void limits_begin(void)
{
    begin();
    put_experience("{\"id\":\"00000000-0000-4000-8000-000000000001\",\"short_id\":\"kept0001\","
                   "\"goal\":\"keep this as it is\",\"agent_id\":\"author\",\"confidence\":0.5}",
                   NULL);
    worked("kept0001", "user");
    OK(vote("kept0001", "user", 1, NULL));
    put_vector("plain", "a plain document", 1, 2);
    OK(plurum_index_apply(opened, &error));
    limits_settle();
}

void limits_end(void)
{
    free(content);
    content = NULL;
    kind = NULL;
    while (text_count > 0) free(texts[--text_count]);
    end_world();
}

/* ---- rows ---- */

void limits_kind(const char *name)
{
    kind = name;
}

/* Without the parentheses of a sequence, and without the variable of one letter whose member it is. */
static void print_given(FILE *out, const char *given)
{
    size_t len = strlen(given);
    int outer = given[0] == '(' && given[len - 1] == ')' && strchr(given, '=');
    for (size_t i = (size_t)outer; i < len - (size_t)outer; i++) {
        int begins = i == 0 || !(isalnum((unsigned char)given[i - 1]) || given[i - 1] == '_');
        if (begins && islower((unsigned char)given[i]) && given[i + 1] == '.')
            i++;
        else if (given[i] == '\n')
            fputs("\\n", out);
        else
            fputc(given[i], out);
    }
}

static void write_row(const char *given)
{
    const char *name = getenv("LIMITS_ROWS");
    FILE *out = name ? fopen(name, "a") : NULL;
    if (!out) return;
    fprintf(out, "%s\t", kind);
    print_given(out, given);
    fprintf(out, "\t%s\t%s\n", plurum_status_name(error.status) + strlen("PLURUM_"), error.text);
    ck_assert_int_eq(fclose(out), 0);
}

void limits_row(const char *given, int line)
{
    ck_assert_msg(kind != NULL, "line %d: a row of no kind", line);
    plurum_error refusal = error; /* looking at the index may write another */
    char *now = content && opened ? digest() : NULL;
    ck_assert_msg(!now || strcmp(content, now) == 0, "line %d: %s changed the index", line, given);
    ck_assert_msg(!files || sum_files() == files, "line %d: %s changed a file", line, given);
    free(now);
    error = refusal;
    write_row(given);
}
