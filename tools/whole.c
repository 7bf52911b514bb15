/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a file into memory, standard input and pipes too, whose size nobody knows before.
 */
#include <config.h>

#include "tools/whole.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/cli.h"

enum { FIRST_SIZE = 1 << 16 };

static int read_all(whole_file *out, FILE *stream)
{
    size_t cap = FIRST_SIZE;
    out->text = malloc(cap);
    while (out->text) {
        out->len += fread(out->text + out->len, 1, cap - 1 - out->len, stream);
        if (ferror(stream)) return cli_error(EXIT_STORAGE, "%s: %s", out->name, strerror(errno));
        if (out->len < cap - 1) {
            out->text[out->len] = '\0';
            return 0;
        }
        char *larger = realloc(out->text, cap *= 2);
        if (!larger) break;
        out->text = larger;
    }
    return cli_no_memory();
}

int whole_read(whole_file *out, const char *name)
{
    int is_input = strcmp(name, "-") == 0;
    *out = (whole_file){is_input ? "standard input" : name, NULL, 0};
    FILE *stream = is_input ? stdin : fopen(name, "r");
    if (!stream) return cli_error(EXIT_STORAGE, "%s: %s", name, strerror(errno));
    int code = read_all(out, stream);
    if (!is_input) fclose(stream);
    return code;
}

void whole_free(whole_file *file)
{
    free(file->text);
    file->text = NULL;
}

unsigned long long whole_line(const whole_file *file, size_t offset)
{
    unsigned long long line = 1;
    for (size_t i = 0; i < offset && i < file->len; i++) line += file->text[i] == '\n';
    return line;
}
