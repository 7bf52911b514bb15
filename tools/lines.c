/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading lines, and the members of the objects on them.
 */
#include <config.h>

#include "tools/lines.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/cli.h"
#include "tools/times.h"

int lines_open(line_file *out, const char *name)
{
    memset(out, 0, sizeof *out);
    out->name = strcmp(name, "-") == 0 ? "standard input" : name;
    out->file = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");
    return out->file ? 0 : cli_error(EXIT_STORAGE, "%s: %s", name, strerror(errno));
}

long lines_next(line_file *f)
{
    for (;;) {
        errno = 0;
        ssize_t len = getline(&f->line, &f->cap, f->file);
        if (len < 0 || ferror(f->file)) {
            if (!ferror(f->file) || errno == EINTR) return -1;
            cli_error(EXIT_STORAGE, "%s: %s", f->name, strerror(errno));
            return -2;
        }
        f->number++;
        while (len > 0 && (f->line[len - 1] == '\n' || f->line[len - 1] == '\r')) len--;
        f->line[len] = '\0';
        if ((size_t)len != strspn(f->line, " \t")) return len;
    }
}

void lines_close(line_file *f)
{
    if (f->file && f->file != stdin) fclose(f->file);
    free(f->line);
    memset(f, 0, sizeof *f);
}

uint64_t lines_size(const line_file *f)
{
    struct stat st;
    return fstat(fileno(f->file), &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
}

uint64_t lines_position(const line_file *f)
{
    off_t at = ftello(f->file);
    return at > 0 ? (uint64_t)at : 0;
}

int lines_bad(const line_file *f, const char *format, ...)
{
    char what[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return cli_error(EXIT_INPUT, "%s:%llu: %s", f->name, (unsigned long long)f->number, what);
}

static const char *type_name(const json_t *value)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_OBJECT: return "an object";
    case JSON_ARRAY: return "an array";
    case JSON_STRING: return "a string";
    case JSON_INTEGER:
    case JSON_REAL: return "a number";
    case JSON_TRUE: return "true";
    case JSON_FALSE: return "false";
    case JSON_NULL: break;
    }
    return "missing";
}

int lines_object(json_t **out, const line_file *f, size_t len)
{
    json_error_t wrong;
    *out = json_loadb(f->line, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &wrong);
    if (!*out && plurum_secrets_find(f->line, len, NULL, NULL)) /* jansson quotes what it met */
        return lines_bad(f, "not JSON at byte %d; the line holds a secret and is not shown",
                         wrong.position);
    if (!*out) return lines_bad(f, "not JSON at byte %d: %s", wrong.position, wrong.text);
    if (json_is_object(*out)) return 0;
    int code = lines_bad(f, "%s, an object expected", type_name(*out));
    json_decref(*out);
    *out = NULL;
    return code;
}

/* The member, or NULL where it is absent or null. */
static const json_t *member(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_null(value) ? NULL : value;
}

int lines_text(const char **out, const line_file *f, const json_t *object, const char *name,
               int required)
{
    const json_t *value = member(object, name);
    *out = json_string_value(value);
    if (*out || (!value && !required)) return 0;
    return lines_bad(f, "%s: %s, a string expected", name, type_name(value));
}

int lines_whole(int64_t *out, const line_file *f, const json_t *object, const char *name,
                int64_t absent)
{
    const json_t *value = member(object, name);
    *out = value ? json_integer_value(value) : absent;
    if (!value || (json_is_integer(value) && *out >= 0)) return 0;
    if (json_is_number(value))
        return lines_bad(f, "%s: %g, a whole number of 0 or more expected", name,
                         json_number_value(value));
    return lines_bad(f, "%s: %s, a whole number of 0 or more expected", name, type_name(value));
}

int lines_time(int64_t *out, const line_file *f, const json_t *object, const char *name)
{
    const json_t *value = member(object, name);
    *out = PLURUM_TIME_UNSET;
    if (!value) return 0;
    if (json_is_integer(value)) {
        *out = json_integer_value(value);
        return *out >= TIMES_LEAST ? 0
                                   : lines_bad(f, "%s: %lld, " TIMES_ACCEPTED " expected", name,
                                               (long long)*out);
    }
    const char *text = json_string_value(value);
    if (!text) return lines_bad(f, "%s: %s, " TIMES_ACCEPTED " expected", name, type_name(value));
    if (times_parse(out, text) == 0) return 0;
    return lines_bad(f, "%s: \"%s\", " TIMES_ACCEPTED " expected", name, text);
}
