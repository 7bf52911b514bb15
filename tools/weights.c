/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A weights file is small: it is read whole, the library does the rest.
 */
#include <config.h>

#include "tools/weights.h"

#include <errno.h>
#include <string.h>

#include "tools/cli.h"

int weights_read(plurum_weights *weights, const char *path)
{
    char text[1 << 16];
    plurum_error error;
    FILE *file = fopen(path, "r");
    if (!file) return cli_error(EXIT_STORAGE, "%s: %s", path, strerror(errno));
    size_t len = fread(text, 1, sizeof text, file);
    int failed = ferror(file);
    fclose(file);
    if (failed) return cli_error(EXIT_STORAGE, "%s: cannot be read", path);
    if (len == sizeof text) return cli_error(EXIT_INPUT, "%s: too large for a weights file", path);
    if (!plurum_weights_parse(weights, text, len, &error)) return 0;
    return cli_error(EXIT_INPUT, "%s:%llu: %s", path, (unsigned long long)error.position,
                     error.text);
}
