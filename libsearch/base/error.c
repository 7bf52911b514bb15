/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Status names and sentences from the one table, and the writing of error texts.
 */
#include <config.h>

#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <plurum/version.h>

#include "base/alloc.h"
#include "base/unicode.h"

const char *plurum_status_name(plurum_status status)
{
    switch (status) {
#define CASE(name, value, sentence)                                                                \
    case PLURUM_##name: return "PLURUM_" #name;
        PLURUM_STATUS_TABLE(CASE)
#undef CASE
    }
    return "PLURUM_UNKNOWN";
}

const char *plurum_status_text(plurum_status status)
{
    switch (status) {
#define CASE(name, value, sentence)                                                                \
    case PLURUM_##name: return sentence;
        PLURUM_STATUS_TABLE(CASE)
#undef CASE
    }
    return "unknown status";
}

const char *plurum_version_string(void)
{
    return PLURUM_PACKAGE_VERSION;
}

void plurum_text_free(char *text)
{
    pli_free(text);
}

enum { LONGEST = 8192 }; /* bytes of a text that is shortened then; a path may have 4096 */

static int is_inside(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80; /* of a code point, not its beginning */
}

/* Of a text that is too long the middle goes, between code points: it begins with a name, which may be
 * long, and ends with what is wrong. */
static void shorten(char out[PLURUM_ERROR_TEXT_SIZE], const char *text)
{
    enum { HEAD = 96, ROOM = PLURUM_ERROR_TEXT_SIZE - 1 - sizeof "…" + 1 };
    size_t len = strlen(text), head = HEAD, tail = len - (ROOM - HEAD);
    if (len < PLURUM_ERROR_TEXT_SIZE) {
        memcpy(out, text, len + 1);
        return;
    }
    while (is_inside(text[head])) head--;
    while (is_inside(text[tail])) tail++;
    snprintf(out, PLURUM_ERROR_TEXT_SIZE, "%.*s…%s", (int)head, text, text + tail);
}

void pli_one_line(char *text)
{
    unsigned char *at = (unsigned char *)text, *end = at + strlen(text);
    while (at < end) {
        const unsigned char *next = at;
        uint32_t c = pli_utf8_next(&next, end);
        if (c < 0x20 || c == 0x7F || (c == 0xFFFD && next - at == 1)) *at = '?';
        at += next - at;
    }
}

static plurum_status fill(plurum_error *error, plurum_status status, int sys_errno,
                          const char *format, va_list arguments)
{
    if (!error) return status;
    enum { REASON = 128 };
    char text[LONGEST + REASON], made[PLURUM_ERROR_TEXT_SIZE];
    vsnprintf(text, LONGEST, format, arguments);
    if (sys_errno) {
        size_t len = strlen(text);
        snprintf(text + len, sizeof text - len, ": %s", strerror(sys_errno));
    }
    shorten(made, text);
    memset(error, 0, sizeof *error);
    error->status = status;
    error->sys_errno = sys_errno;
    strcpy(error->text, made);
    pli_one_line(error->text);
    return status;
}

plurum_status pli_fail(plurum_error *error, plurum_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, status, 0, format, arguments);
    va_end(arguments);
    return status;
}

plurum_status pli_fail_errno(plurum_error *error, int sys_errno, const char *format, ...)
{
    plurum_status status = sys_errno == ENOMEM   ? PLURUM_NOMEM
                           : sys_errno == ENOENT ? PLURUM_NOTFOUND
                                                 : PLURUM_IO;
    va_list arguments;
    va_start(arguments, format);
    fill(error, status, sys_errno, format, arguments);
    va_end(arguments);
    return status;
}

plurum_status pli_nomem(plurum_error *error)
{
    return pli_fail(error, PLURUM_NOMEM, "out of memory");
}

void pli_error_prefix(plurum_error *error, const char *format, ...)
{
    if (!error) return;
    char text[LONGEST + PLURUM_ERROR_TEXT_SIZE + 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, LONGEST, format, arguments);
    va_end(arguments);
    size_t len = strlen(text);
    snprintf(text + len, sizeof text - len, ": %s", error->text);
    shorten(error->text, text);
    pli_one_line(error->text);
}

const char *pli_quote(char buffer[PLI_QUOTE_SIZE], const char *text, size_t len)
{
    enum { SHOWN = 60 };
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    size_t used = 0;
    buffer[used++] = '"';
    while (at < end) {
        const unsigned char *from = at;
        uint32_t c = pli_utf8_next(&at, end);
        size_t size = (size_t)(at - from);
        int printable = c >= 0x20 && c != 0x7F && c != '"' && (c != 0xFFFD || size == 3);
        if (used + size > SHOWN + 1) {
            at = from;
            break;
        }
        if (printable) memcpy(buffer + used, from, size);
        buffer[used] = printable ? buffer[used] : '?';
        used += printable ? size : 1;
    }
    strcpy(buffer + used, at < end ? "…\"" : "\"");
    return buffer;
}
