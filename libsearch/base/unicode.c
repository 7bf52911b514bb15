/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UTF-8 through utf8proc, with a short way for plain ASCII, which most text is.
 */
#include <config.h>

#include "base/unicode.h"

#include <string.h>

#include <utf8proc.h>

#include "base/alloc.h"

uint32_t pli_utf8_next(const unsigned char **at, const unsigned char *end)
{
    if (**at < 0x80) return *(*at)++;
    utf8proc_int32_t codepoint;
    utf8proc_ssize_t used = utf8proc_iterate(*at, end - *at, &codepoint);
    if (used <= 0) {
        (*at)++;
        return 0xFFFD;
    }
    *at += used;
    return (uint32_t)codepoint;
}

long pli_utf8_length(const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    long count = 0;
    while (at < end) {
        utf8proc_int32_t codepoint;
        utf8proc_ssize_t used = *at < 0x80 ? 1 : utf8proc_iterate(at, end - at, &codepoint);
        if (used <= 0) return -1;
        at += used;
        count++;
    }
    return count;
}

static char *fold_ascii(const char *text, size_t len)
{
    char *folded = pli_malloc(len + 1);
    if (!folded) return NULL;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        folded[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    folded[len] = '\0';
    return folded;
}

char *pli_utf8_mend(const char *text, size_t len, size_t *out_len)
{
    char *mended = pli_malloc(3 * len + 1); /* U+FFFD has three bytes */
    if (!mended) return NULL;
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    size_t n = 0;
    while (at < end)
        n += (size_t)utf8proc_encode_char((utf8proc_int32_t)pli_utf8_next(&at, end),
                                          (utf8proc_uint8_t *)mended + n);
    mended[n] = '\0';
    *out_len = n;
    return mended;
}

enum { DECOMPOSED_MAX = 32 }; /* code points that one can become; the longest is 18 */

static const utf8proc_option_t FOLDED = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                        UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;

typedef struct codepoints {
    utf8proc_int32_t *at;
    size_t count, cap;
} codepoints;

static int decompose(codepoints *out, const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    while (at < end) {
        int boundary = 0;
        while (out->cap - out->count < DECOMPOSED_MAX)
            if (pli_grow(&out->at, &out->cap, out->cap, sizeof *out->at)) return -1;
        utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)pli_utf8_next(&at, end),
                                                     out->at + out->count, DECOMPOSED_MAX, FOLDED,
                                                     &boundary);
        if (n > 0 && n <= DECOMPOSED_MAX) out->count += (size_t)n;
    }
    return 0;
}

static int combining_class(utf8proc_int32_t codepoint)
{
    return codepoint < 0x300 ? 0 : utf8proc_get_property(codepoint)->combining_class;
}

/* Sorts marks by their combining class, of which there are 255; equal ones keep their order. */
static void order_marks(utf8proc_int32_t *marks, size_t count, utf8proc_int32_t *spare)
{
    size_t begin[257] = {0};
    for (size_t i = 0; i < count; i++) begin[combining_class(marks[i]) + 1]++;
    for (int class = 0; class < 256; class++) begin[class + 1] += begin[class];
    memcpy(spare, marks, count * sizeof *marks);
    for (size_t i = 0; i < count; i++) marks[begin[combining_class(spare[i])]++] = spare[i];
}

/* The canonical order of what was decomposed. utf8proc has it too, in a time that is quadratic in the
 * marks of a row. -1: memory is short. */
static int order(codepoints *points)
{
    utf8proc_int32_t *spare = NULL;
    size_t i = 0;
    while (i < points->count) {
        size_t first = i;
        while (i < points->count && combining_class(points->at[i])) i++;
        if (i - first > 1) {
            if (!spare) spare = pli_reallocarray(NULL, points->count, sizeof *spare);
            if (!spare) return -1;
            order_marks(points->at + first, i - first, spare);
        }
        if (i == first) i++;
    }
    pli_free(spare);
    return 0;
}

char *pli_utf8_fold(const char *text, size_t len)
{
    size_t i = 0;
    while (i < len && (unsigned char)text[i] < 0x80) i++;
    if (i == len) return fold_ascii(text, len);
    codepoints points = {NULL, 0, 0};
    char *folded = NULL;
    if (!decompose(&points, text, len) && !order(&points) &&
        /* utf8proc wants room for one more, and encodes in place */
        (points.count < points.cap || !pli_grow(&points.at, &points.cap, points.cap, sizeof *points.at))) {
        utf8proc_ssize_t n =
            utf8proc_reencode(points.at, (utf8proc_ssize_t)points.count, FOLDED);
        if (n >= 0) folded = pli_strndup((const char *)points.at, (size_t)n);
    }
    pli_free(points.at);
    return folded;
}
