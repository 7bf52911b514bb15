/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UTF-8 through utf8proc, with a short way for plain ASCII, which most text is.
 */
#include <config.h>

#include "base/unicode.h"

#include <stdlib.h>
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

char *pli_utf8_fold(const char *text, size_t len)
{
    size_t i = 0;
    while (i < len && (unsigned char)text[i] < 0x80) i++;
    if (i == len) return fold_ascii(text, len);
    size_t mended_len;
    char *mended = pli_utf8_mend(text, len, &mended_len);
    if (!mended) return NULL;
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)mended,
                                      (utf8proc_ssize_t)mended_len, &folded,
                                      UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                          UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    pli_free(mended);
    if (n < 0) return NULL;
    char *copy = pli_strndup((const char *)folded, (size_t)n);
    free(folded);
    return copy;
}
