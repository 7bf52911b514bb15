/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as an endpoint's answer. The first two are how many texts were sent and how many
 * dimensions are expected (0: unknown). What is taken has set every row, with finite numbers, and
 * nothing is written outside of them.
 */
#include <config.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "embed/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXTS = 8, DIMS = 5 };

static void require(int holds)
{
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    size_t count = 1 + data[0] % TEXTS;
    uint32_t asked = data[1] % DIMS, dim = asked, room = asked ? asked : PLURUM_DIM_MAX;
    plurum_error error = {0};
    float *rows[TEXTS];
    for (size_t i = 0; i < count; i++) {
        rows[i] = pli_malloc(room * sizeof **rows); /* exactly: a byte beyond is seen */
        for (uint32_t k = 0; k < room; k++) rows[i][k] = NAN;
    }
    plurum_status status = pli_http_answer(rows, count, &dim, (const char *)data + 2, size - 2, &error);
    if (status) {
        require(status == PLURUM_BACKEND && error.text[0]);
    } else {
        require(dim >= 1 && dim <= room && (!asked || dim == asked));
        for (size_t i = 0; i < count; i++)
            for (uint32_t k = 0; k < dim; k++) require(isfinite(rows[i][k]));
    }
    for (size_t i = 0; i < count; i++) pli_free(rows[i]);
    return 0;
}
