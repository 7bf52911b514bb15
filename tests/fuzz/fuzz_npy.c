/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as an .npy file: refused with a text, or a matrix all of which lies within the bytes.
 */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tools/npy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    npy matrix;
    size_t offset;
    memset(&matrix, 0, sizeof matrix);
    const char *wrong = npy_parse(&matrix, &offset, data, size);
    if (wrong) {
        if (!*wrong) abort();
        return 0;
    }
    if (offset > size || offset % sizeof(float)) abort();
    size_t room = (size - offset) / sizeof(float);
    if (matrix.dim && matrix.rows > room / matrix.dim) abort();
    if (matrix.rows && matrix.dim > room / matrix.rows) abort();
    return 0;
}
