/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing JSON on one line, members in the order they were put in.
 *
 * jansson's own writer takes one precision for all numbers: 17 digits turn a confidence of 0.85
 * into 0.84999999999999998, fewer lose bits of a score. Here each number gets as many digits as it
 * needs. Everything else comes out as json_dumps(JSON_COMPACT) writes it.
 */
#include <config.h>

#include "experience/json_text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "experience/content.h"

static void put_escape(pli_buf *buf, unsigned char c)
{
    static const char SHORT[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *pair = SHORT; *pair; pair += 2)
        if ((unsigned char)*pair == c) {
            const char escape[2] = {'\\', pair[1]};
            pli_buf_add(buf, escape, 2);
            return;
        }
    pli_buf_printf(buf, "\\u%04X", c);
}

/*
 * How many bytes from `at` on need no escape. Eight at a time: (x - n·01…) & ~x & 80… has a bit
 * where a byte of x is below n, and may have more only above such a byte.
 */
static size_t plain_run(const char *at, size_t len)
{
    const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    size_t i = 0;
    for (; i + 8 <= len; i += 8) {
        uint64_t x, quote, slash;
        memcpy(&x, at + i, 8);
        quote = x ^ ones * '"';
        slash = x ^ ones * '\\';
        uint64_t found = ((x - ones * 0x20) & ~x) | ((quote - ones) & ~quote) |
                         ((slash - ones) & ~slash);
        if (found & tops) break;
    }
    while (i < len && (unsigned char)at[i] >= 0x20 && at[i] != '"' && at[i] != '\\') i++;
    return i;
}

void pli_json_put_string(pli_buf *buf, const char *text, size_t len)
{
    pli_buf_add(buf, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        size_t run = plain_run(text + i, len - i);
        pli_buf_add(buf, text + i, run);
        i += run;
        if (i < len) put_escape(buf, (unsigned char)text[i]);
    }
    pli_buf_add(buf, "\"", 1);
}

/* printf writes the locale's decimal point, which may be several bytes; JSON's is a full stop. */
static void mend_point(char *number)
{
    char *point = number + strspn(number, "+-0123456789e");
    size_t len = strcspn(point, "+-0123456789e");
    if (len == 0) return;
    *point = '.';
    memmove(point + 1, point + len, strlen(point + len) + 1);
}

void pli_json_number(char out[PLI_NUMBER_SIZE], double value)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, PLI_NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(out, NULL) == value) break; /* both in the same locale */
    }
    mend_point(out);
    if (!strpbrk(out, ".e")) strcat(out, ".0");
}

static void put_value(pli_buf *buf, const json_t *value);

static void put_array(pli_buf *buf, const json_t *array)
{
    size_t count = json_array_size(array);
    pli_buf_add(buf, "[", 1);
    for (size_t i = 0; i < count; i++) {
        if (i) pli_buf_add(buf, ",", 1);
        put_value(buf, json_array_get(array, i));
    }
    pli_buf_add(buf, "]", 1);
}

static void put_object(pli_buf *buf, json_t *object)
{
    const char *separator = "{";
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const char *name = json_object_iter_key(at);
        pli_buf_add(buf, separator, 1);
        pli_json_put_string(buf, name, strlen(name));
        pli_buf_add(buf, ":", 1);
        put_value(buf, json_object_iter_value(at));
        separator = ",";
    }
    pli_buf_text(buf, *separator == '{' ? "{}" : "}");
}

static void put_real(pli_buf *buf, double value)
{
    char number[PLI_NUMBER_SIZE];
    pli_json_number(number, value);
    pli_buf_text(buf, number);
}

static void put_value(pli_buf *buf, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: put_object(buf, (json_t *)value); break; /* its iterator is not const */
    case JSON_ARRAY: put_array(buf, value); break;
    case JSON_STRING:
        pli_json_put_string(buf, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER: pli_buf_printf(buf, "%lld", (long long)json_integer_value(value)); break;
    case JSON_REAL: put_real(buf, json_real_value(value)); break;
    case JSON_TRUE: pli_buf_text(buf, "true"); break;
    case JSON_FALSE: pli_buf_text(buf, "false"); break;
    case JSON_NULL: pli_buf_text(buf, "null"); break;
    }
}

char *pli_json_text(const json_t *value)
{
    pli_buf buf = PLI_BUF_INIT;
    put_value(&buf, value);
    return pli_buf_take_text(&buf);
}
