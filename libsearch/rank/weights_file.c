/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Weights as files: reading one, and printing weights so that a person sees what each means, in
 * which unit, what is allowed, and where the values are from.
 */
#include <config.h>

#include "rank/weights.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"

enum { FILE_MAX = 1 << 16 };

plurum_status plurum_weights_read(plurum_weights *weights, const char *path, plurum_error *error)
{
    FILE *file = fopen(path, "re");
    if (!file) return pli_fail_errno(error, errno, "cannot open it");
    char *text = pli_malloc(FILE_MAX);
    size_t len = text ? fread(text, 1, FILE_MAX, file) : 0;
    int failed = ferror(file), sys_errno = errno;
    fclose(file);
    plurum_status status = PLURUM_OK;
    if (!text)
        status = pli_nomem(error);
    else if (failed)
        status = pli_fail_errno(error, sys_errno, "cannot read it");
    else if (len == FILE_MAX)
        status = pli_fail(error, PLURUM_LIMIT, "too large for a weights file");
    else
        status = plurum_weights_parse(weights, text, len, error);
    pli_free(text);
    return status;
}

/* The shortest text that reads back as the same number. */
static void print_number(pli_buf *buf, double value)
{
    if (isnan(value)) {
        pli_buf_text(buf, "model");
        return;
    }
    json_t *json = json_real(value);
    char *text = NULL;
    for (size_t digits = 6; json && digits <= 17; digits++) {
        free(text);
        text = json_dumps(json, JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits));
        double back;
        if (!text || (pli_weights_number(&back, text) == 0 && back == value)) break;
    }
    if (text)
        pli_buf_text(buf, text);
    else
        buf->failed = 1;
    free(text);
    json_decref(json);
}

static void print_value(pli_buf *buf, const plurum_weight_info *info, double value)
{
    if (info->choices)
        pli_buf_text(buf, info->choices[(size_t)value]);
    else
        print_number(buf, value);
}

/* A comment with meaning, unit, range and default, and "name = value". */
static void print_weight(pli_buf *buf, const plurum_weight_info *info, double value)
{
    pli_buf_printf(buf, "# %s [%s]: ", info->meaning, info->unit);
    for (size_t c = 0; info->choices && info->choices[c]; c++)
        pli_buf_printf(buf, "%s%s", c ? ", " : "", info->choices[c]);
    if (!info->choices) {
        print_number(buf, info->min);
        pli_buf_text(buf, " to ");
        print_number(buf, info->max);
    }
    pli_buf_text(buf, "; default ");
    print_value(buf, info, info->initial);
    pli_buf_printf(buf, "\n%s = ", info->name);
    print_value(buf, info, value);
    pli_buf_text(buf, "\n");
}

static plurum_status take(char **out, pli_buf *buf, plurum_error *error)
{
    *out = pli_buf_take_text(buf);
    return *out ? PLURUM_OK : pli_nomem(error);
}

plurum_status plurum_weights_print(char **out, const plurum_weights *weights, plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT;
    for (size_t i = 0; i < PLI_WEIGHT_COUNT; i++)
        print_weight(&buf, plurum_weight_info_at(i), weights->value[i]);
    return take(out, &buf, error);
}

/* Every line of a text as a comment. */
static void print_comment(pli_buf *buf, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        pli_buf_text(buf, len ? "# " : "#");
        pli_buf_add(buf, text, len);
        pli_buf_text(buf, "\n");
        text += len + (text[len] == '\n');
    }
}

static int is_initial(const plurum_weights *weights, size_t i)
{
    double value = weights->value[i], initial = plurum_weight_info_at(i)->initial;
    return value == initial || (isnan(value) && isnan(initial));
}

plurum_status plurum_weights_print_changed(char **out, const plurum_weights *weights,
                                           const char *provenance, plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT;
    print_comment(&buf, provenance ? provenance : "");
    for (size_t i = 0; i < PLI_WEIGHT_COUNT; i++)
        if (!is_initial(weights, i)) print_weight(&buf, plurum_weight_info_at(i), weights->value[i]);
    return take(out, &buf, error);
}
