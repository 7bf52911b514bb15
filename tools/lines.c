/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading lines.
 */
#include <config.h>

#include "tools/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/cli.h"

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
        if (len < 0) {
            if (!ferror(f->file)) return -1;
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
