/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON on standard output.
 *
 * jansson's own writer takes one precision for all numbers: 17 digits turn a confidence of 0.85
 * into 0.84999999999999998, 15 lose bits of a score. Here each number gets as many digits as it
 * needs. DEL and U+0080 to U+009F are escaped as the other control characters are: some terminals
 * obey them. Everything else comes out as json_dumps(JSON_COMPACT) writes it.
 */
#include <config.h>

#include "tools/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_SIZE = 32 };

static void put_string(const char *text)
{
    static const char SHORT[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    putchar('"');
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        int upper = at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0;
        const char *pair = SHORT;
        while (*pair && (unsigned char)*pair != *at) pair += 2;
        if (*pair)
            printf("\\%c", pair[1]);
        else if (*at < 0x20 || *at == 0x7F || upper)
            printf("\\u%04X", upper ? *++at : *at);
        else
            putchar(*at);
    }
    putchar('"');
}

/* The tools keep the locale "C": printf writes a full stop. */
static void put_real(double value)
{
    char number[NUMBER_SIZE];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(number, sizeof number, "%.*g", digits, value);
        if (strtod(number, NULL) == value) break;
    }
    fputs(number, stdout);
    if (!strpbrk(number, ".e")) fputs(".0", stdout);
}

static void put_value(const json_t *value);

static void put_object(const json_t *object)
{
    const char *name, *separator = "";
    json_t *member;
    putchar('{');
    json_object_foreach((json_t *)(uintptr_t)object, name, member) {
        fputs(separator, stdout);
        put_string(name);
        putchar(':');
        put_value(member);
        separator = ",";
    }
    putchar('}');
}

static void put_array(const json_t *array)
{
    size_t i;
    const json_t *item;
    putchar('[');
    json_array_foreach(array, i, item) {
        if (i) putchar(',');
        put_value(item);
    }
    putchar(']');
}

static void put_value(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: put_object(value); break;
    case JSON_ARRAY: put_array(value); break;
    case JSON_STRING: put_string(json_string_value(value)); break;
    case JSON_INTEGER: printf("%" JSON_INTEGER_FORMAT, json_integer_value(value)); break;
    case JSON_REAL: put_real(json_real_value(value)); break;
    case JSON_TRUE: fputs("true", stdout); break;
    case JSON_FALSE: fputs("false", stdout); break;
    case JSON_NULL: fputs("null", stdout); break;
    }
}

int cli_print_json(json_t *object)
{
    if (!object) return cli_no_memory();
    errno = 0;
    put_value(object);
    putchar('\n');
    json_decref(object);
    return ferror(stdout) ? cli_output_failed() : EXIT_DONE;
}
