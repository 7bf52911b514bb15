/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json PATH…: checks that every line of standard input is one JSON document and prints what is at
 * the paths, a line each, separated by blanks. A path is member names and places separated by dots
 * ("results.0.id"); a last part # counts, a last part ? prints the member names; . is the whole.
 * Numbers have six digits after the point. Exit status 1 where a line is no JSON.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

static json_t *step(const json_t *value, const char *name)
{
    char *end;
    unsigned long place = strtoul(name, &end, 10);
    if (json_is_array(value) && end != name && !*end) return json_array_get(value, place);
    return json_object_get(value, name);
}

static void print_names(json_t *object)
{
    const char *name, *separator = "";
    json_t *value;
    json_object_foreach(object, name, value) {
        printf("%s%s", separator, name);
        separator = ",";
    }
}

static void print_value(const json_t *value)
{
    if (!value) {
        fputs("(absent)", stdout);
    } else if (json_is_string(value)) {
        fputs(json_string_value(value), stdout);
    } else if (json_is_real(value)) {
        printf("%.6f", json_real_value(value));
    } else {
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        fputs(text ? text : "(none)", stdout);
        free(text);
    }
}

static void print_path(json_t *value, const char *path)
{
    char *copy = strdup(path), *rest = NULL;
    for (char *name = strtok_r(copy, ".", &rest); name; name = strtok_r(NULL, ".", &rest)) {
        if (strcmp(name, "#") == 0) {
            printf("%zu", json_is_array(value) ? json_array_size(value) : json_object_size(value));
            break;
        }
        if (strcmp(name, "?") == 0) {
            print_names(value);
            break;
        }
        value = step(value, name);
        if (!*rest) print_value(value);
    }
    if (strcmp(path, ".") == 0) print_value(value);
    free(copy);
}

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    int code = 0;
    while ((len = getline(&line, &cap, stdin)) > 0) {
        json_error_t wrong;
        json_t *value = json_loadb(line, (size_t)len, JSON_DECODE_ANY, &wrong);
        if (!value) {
            printf("not JSON: %s\n", wrong.text);
            code = 1;
        }
        for (int i = 1; i < argc && value; i++) {
            if (i > 1) putchar(' ');
            print_path(value, argv[i]);
        }
        if (value) putchar('\n');
        json_decref(value);
    }
    free(line);
    return code;
}
