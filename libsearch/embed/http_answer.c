/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An endpoint's answer. Nothing in it is taken on trust: each text has its vector once, of the
 * right dimensions and of finite numbers, or the whole answer is refused with what is wrong.
 */
#include <config.h>

#include "embed/http.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/error.h"

size_t pli_http_answer_most(size_t count, uint32_t dim)
{
    /* a number with 17 digits, sign and exponent, indented on a line of its own */
    enum { NUMBER = 64, VECTOR = 1024, REST = 1 << 16 };
    return count * ((size_t)(dim ? dim : PLURUM_DIM_MAX) * NUMBER + VECTOR) + REST;
}

static plurum_status wrong_dimension(size_t at, size_t found, uint32_t dim, plurum_error *error)
{
    if (dim)
        return pli_fail(error, PLURUM_BACKEND, "data[%zu].embedding: %zu numbers, %lu expected", at,
                        found, (unsigned long)dim);
    return pli_fail(error, PLURUM_BACKEND, "data[%zu].embedding: %zu numbers, 1 to %d expected", at,
                    found, PLURUM_DIM_MAX);
}

static plurum_status read_vector(float *row, uint32_t *dim, const json_t *vector, size_t at,
                                 plurum_error *error)
{
    size_t found = json_array_size(vector);
    if (!json_is_array(vector))
        return pli_fail(error, PLURUM_BACKEND, "data[%zu].embedding: an array of numbers expected",
                        at);
    if (found < 1 || found > PLURUM_DIM_MAX || (*dim && found != *dim))
        return wrong_dimension(at, found, *dim, error);
    *dim = (uint32_t)found;
    for (size_t i = 0; i < found; i++) {
        const json_t *number = json_array_get(vector, i);
        row[i] = (float)json_number_value(number);
        if (!json_is_number(number) || !isfinite(row[i]))
            return pli_fail(error, PLURUM_BACKEND, "data[%zu].embedding[%zu]: a finite number "
                                                   "expected", at, i);
    }
    return PLURUM_OK;
}

/* Which text a vector is of; where the endpoint does not say, they are in the order of the texts. */
static plurum_status find_index(size_t *index, const json_t *item, size_t at, size_t count,
                                unsigned char *seen, plurum_error *error)
{
    const json_t *given = json_object_get(item, "index");
    json_int_t number = given ? json_integer_value(given) : (json_int_t)at;
    if (given && !json_is_integer(given))
        return pli_fail(error, PLURUM_BACKEND, "data[%zu].index: a whole number expected", at);
    if (number < 0 || (uint64_t)number >= count)
        return pli_fail(error, PLURUM_BACKEND, "data[%zu].index: %lld, of %zu texts", at,
                        (long long)number, count);
    if (seen[number])
        return pli_fail(error, PLURUM_BACKEND, "data[%zu].index: %lld, a second time", at,
                        (long long)number);
    seen[number] = 1;
    *index = (size_t)number;
    return PLURUM_OK;
}

static plurum_status read_data(float *const *rows, size_t count, uint32_t *dim, const json_t *data,
                               plurum_error *error)
{
    if (!json_is_array(data))
        return pli_fail(error, PLURUM_BACKEND, "data: an array expected");
    if (json_array_size(data) != count)
        return pli_fail(error, PLURUM_BACKEND, "data: %zu vectors for %zu texts",
                        json_array_size(data), count);
    unsigned char *seen = pli_calloc(count, 1);
    if (!seen) return pli_nomem(error);
    plurum_status status = PLURUM_OK;
    for (size_t at = 0; at < count && !status; at++) {
        const json_t *item = json_array_get(data, at);
        size_t index = 0;
        status = find_index(&index, item, at, count, seen, error);
        if (!status)
            status = read_vector(rows[index], dim, json_object_get(item, "embedding"), at, error);
    }
    pli_free(seen);
    return status;
}

plurum_status pli_http_answer(float *const *rows, size_t count, uint32_t *dim, const char *json,
                              size_t len, plurum_error *error)
{
    json_error_t why;
    json_t *answer = json_loadb(json, len, 0, &why);
    if (!answer && json_error_code(&why) == json_error_out_of_memory) return pli_nomem(error);
    if (!answer) /* jansson's own text quotes the place: not a stranger's bytes into ours */
        return pli_fail(error, PLURUM_BACKEND, "the answer is no JSON: %s at byte %d of %zu",
                        why.position < 0 || (size_t)why.position >= len ? "it ends" : "wrong",
                        why.position, len);
    plurum_status status =
        json_is_object(answer)
            ? read_data(rows, count, dim, json_object_get(answer, "data"), error)
            : pli_fail(error, PLURUM_BACKEND, "the answer is no JSON object");
    json_decref(answer);
    return status;
}
