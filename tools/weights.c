/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The library reads weights files; here its errors get the file's name and line.
 */
#include <config.h>

#include "tools/weights.h"

#include "tools/cli.h"

int weights_read(plurum_weights *weights, const char *path)
{
    plurum_error error;
    if (!plurum_weights_read(weights, path, &error)) return 0;
    int code = cli_exit_code(error.status);
    if (!error.position && error.status == PLURUM_NOTFOUND) code = EXIT_STORAGE; /* no such file */
    if (!error.position) return cli_error(code, "%s: %s", path, error.text);
    return cli_error(code, "%s:%llu: %s", path, (unsigned long long)error.position, error.text);
}

int weights_choose(plurum_weights **out, const char *path, const char *fusion)
{
    plurum_error error;
    *out = NULL;
    if (!path && !fusion) return 0;
    if (plurum_weights_new(out, &error)) return cli_failed(NULL, &error);
    int code = path ? weights_read(*out, path) : 0;
    if (!code && fusion && plurum_weights_set_text(*out, "fusion", fusion, &error))
        code = cli_error(EXIT_USAGE, "--%s", error.text); /* the text names the weight: fusion */
    return code;
}
