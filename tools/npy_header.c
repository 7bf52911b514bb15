/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading .npy. The header is a Python dictionary as numpy writes it: descr, fortran_order, shape.
 * (Format: numpy.lib.format, NEP 1.)
 */
#include <config.h>

#include "tools/npy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char MAGIC[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

/* What follows "'key':" and spaces in the header, or NULL. */
static const char *member(const char *header, const char *key)
{
    char quoted[32] = "'";
    strcat(strcat(quoted, key), "':");
    const char *at = strstr(header, quoted);
    if (!at) return NULL;
    at += strlen(quoted);
    return at + strspn(at, " ");
}

static const char *parse_shape(npy *out, const char *at)
{
    size_t sizes[2] = {1, 1}, n = 0;
    if (!at || *at++ != '(') return "no shape in the header";
    while (n < 2) {
        char *end;
        errno = 0;
        at += strspn(at, " ,");
        if (*at == ')') break;
        if (*at < '0' || *at > '9') return "a malformed shape";
        unsigned long long size = strtoull(at, &end, 10);
        if (errno || size > SIZE_MAX / 8) return "a malformed shape";
        sizes[n++] = (size_t)size;
        at = end;
    }
    at += strspn(at, " ,");
    if (*at != ')' || n == 0) return "not a matrix";
    out->rows = n == 2 ? sizes[0] : 1;
    out->dim = n == 2 ? sizes[1] : sizes[0];
    return NULL;
}

static const char *parse_header(npy *out, const char *header)
{
    const char *descr = member(header, "descr"), *order = member(header, "fortran_order");
    if (!descr || strncmp(descr, "'<f4'", 5) != 0) return "not of 32-bit little-endian floats";
    if (!order || strncmp(order, "False", 5) != 0) return "not in C order";
    return parse_shape(out, member(header, "shape"));
}

const char *npy_parse(npy *out, size_t *offset, const unsigned char *bytes, size_t size)
{
    char header[4096];
    if (size < 12 || memcmp(bytes, MAGIC, sizeof MAGIC) != 0) return "not an .npy file";
    int wide = bytes[6] >= 2;
    size_t begin = wide ? 12 : 10;
    size_t len = (size_t)bytes[8] | (size_t)bytes[9] << 8;
    if (wide) len |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (bytes[6] < 1 || bytes[6] > 3) return "an unknown version of .npy";
    if (len >= sizeof header || begin + len > size) return "a header that is cut off or too long";
    memcpy(header, bytes + begin, len);
    header[len] = '\0';
    const char *wrong = parse_header(out, header);
    if (wrong) return wrong;
    *offset = begin + len;
    if (*offset % 4) return "values that are not aligned";
    if (out->dim && out->rows > (size - *offset) / 4 / out->dim)
        return "fewer values than its shape says";
    return NULL;
}
