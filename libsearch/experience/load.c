/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading JSON through jansson, with its limits made ours: depth is bounded before it recurses,
 * its messages are made printable, and integers of any size are numbers like others.
 *
 * Stored content passes the same checks as what comes in, so that whatever happened to it, all
 * that follows may rely on the table.
 */
#include <config.h>

#include "experience/load.h"

#include <string.h>

#include "base/error.h"
#include "base/unicode.h"
#include "experience/check.h"
#include "experience/normal.h"

/* Behind the quote that ends a string: the first with an even number of backslashes before it. */
static const char *string_end(const char *start, const char *end)
{
    for (const char *at = start; at < end; at++) {
        at = memchr(at, '"', (size_t)(end - at));
        if (!at) break;
        const char *slash = at;
        while (slash > start && slash[-1] == '\\') slash--;
        if ((at - slash) % 2 == 0) return at + 1;
    }
    return end;
}

/* Brackets outside strings; what is no JSON may be miscounted, and is refused either way. */
static int too_deep(const char *json, size_t len)
{
    const char *at = json, *end = json + len;
    long depth = 0;
    while (at < end) {
        char c = *at++;
        if (c == '"') at = string_end(at, end);
        if ((c == '{' || c == '[') && ++depth > PLI_NESTING_MAX) return 1;
        if (c == '}' || c == ']') depth--;
    }
    return 0;
}

/* jansson quotes the input in its message, line breaks and half characters included. */
static void make_printable(char *text)
{
    unsigned char *at = (unsigned char *)text, *end = at + strlen(text);
    while (at < end) {
        unsigned char *before = at;
        const unsigned char *next = at;
        uint32_t c = pli_utf8_next(&next, end);
        at += next - before;
        if (c < 0x20 || c == 0x7F || (c == 0xFFFD && at - before == 1)) *before = '?';
    }
}

plurum_status pli_json_read(json_t **out, const char *json, size_t len, plurum_error *error)
{
    *out = NULL;
    if (too_deep(json, len))
        return pli_fail(error, PLURUM_INVALID, "nesting: more than %d levels, at most %d allowed",
                        PLI_NESTING_MAX, PLI_NESTING_MAX);
    json_error_t problem;
    *out = json_loadb(json, len, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &problem);
    if (*out) return PLURUM_OK;
    if (json_error_code(&problem) == json_error_out_of_memory) return pli_nomem(error);
    make_printable(problem.text);
    pli_fail(error, PLURUM_INVALID, "not JSON at byte %d: %s", problem.position, problem.text);
    if (error) error->position = (uint64_t)problem.position;
    return PLURUM_INVALID;
}

plurum_status pli_content_read(json_t **out, pli_kind kind, const char *json, size_t len,
                               plurum_error *error)
{
    *out = NULL;
    const pli_table *table = pli_content_table(kind);
    json_t *raw;
    plurum_status status = pli_json_read(&raw, json, len, error);
    if (!status) status = pli_check(table, raw, 1, error);
    if (!status && !(*out = pli_normal(table, raw))) status = pli_nomem(error);
    json_decref(raw);
    if (status != PLURUM_INVALID) return status;
    pli_error_prefix(error, "stored content");
    if (error) error->status = PLURUM_CORRUPT;
    return PLURUM_CORRUPT;
}
