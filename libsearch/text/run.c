/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs of a text: decoding, NFKC, classes and case folding on arrays of code points.
 *
 * utf8proc orders marks by exchanging neighbours, which takes quadratic time on a long row of
 * them, so the ordering is done here and utf8proc decomposes single code points and composes.
 */
#include <config.h>

#include "text/run.h"

#include <string.h>

#include <utf8proc.h>

#include "base/alloc.h"
#include "base/unicode.h"
#include "text/chars.h"

enum {
    DECOMPOSED_MAX = 32, /* code points that one can become; the longest is 18 */
    MARKS_MAX = 30,      /* non-starters in a row that are put in order (UAX 15, stream-safe) */
    KEPT_CODEPOINTS = 1 << 16
};

void pli_run_free(pli_run *run)
{
    pli_free(run->text.at);
    pli_free(run->class);
    pli_free(run->spare.at);
    memset(run, 0, sizeof *run);
}

void pli_run_trim(pli_run *run)
{
    if (run->text.cap > KEPT_CODEPOINTS || run->spare.cap > KEPT_CODEPOINTS) pli_run_free(run);
}

static int reserve(pli_codepoints *array, size_t more)
{
    while (array->cap - array->count < more)
        if (pli_grow(&array->at, &array->cap, array->cap, sizeof *array->at)) return -1;
    return 0;
}

static int push(pli_codepoints *array, int32_t codepoint)
{
    if (array->count == array->cap && reserve(array, 1)) return -1;
    array->at[array->count++] = codepoint;
    return 0;
}

static int decompose(pli_codepoints *out, int32_t codepoint, int options)
{
    if (codepoint < 0x80 && !(options & UTF8PROC_CASEFOLD)) return push(out, codepoint);
    if (reserve(out, DECOMPOSED_MAX)) return -1;
    int boundary = 0;
    utf8proc_ssize_t n =
        utf8proc_decompose_char(codepoint, out->at + out->count, DECOMPOSED_MAX,
                                (utf8proc_option_t)(options | UTF8PROC_STABLE | UTF8PROC_DECOMPOSE |
                                                    UTF8PROC_COMPAT | UTF8PROC_IGNORE),
                                &boundary);
    if (n > 0 && n <= DECOMPOSED_MAX) out->count += (size_t)n;
    return 0;
}

static int combining_class(int32_t codepoint)
{
    return codepoint < 0x300 ? 0 : utf8proc_get_property(codepoint)->combining_class;
}

/* Sorts marks by their combining class; equal ones keep their order. */
static void order_marks(int32_t *marks, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        int32_t mark = marks[i];
        int class = combining_class(mark);
        size_t j = i;
        for (; j > 0 && combining_class(marks[j - 1]) > class; j--) marks[j] = marks[j - 1];
        marks[j] = mark;
    }
}

/* From decomposed to composed, in place. */
static void compose(pli_codepoints *array)
{
    size_t i = 0;
    while (i < array->count) {
        size_t first = i;
        while (i < array->count && i - first < MARKS_MAX && combining_class(array->at[i])) i++;
        if (i - first > 1) order_marks(array->at + first, i - first);
        if (i == first) i++;
    }
    utf8proc_ssize_t n =
        utf8proc_normalize_utf32(array->at, (utf8proc_ssize_t)array->count,
                                 (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (n >= 0) array->count = (size_t)n;
}

/* NFKC of the run's text. */
static int normalise(pli_run *run)
{
    run->spare.count = 0;
    for (size_t i = 0; i < run->text.count; i++)
        if (decompose(&run->spare, run->text.at[i], 0)) return -1;
    compose(&run->spare);
    pli_codepoints text = run->spare;
    run->spare = run->text;
    run->text = text;
    return 0;
}

static int classify(pli_run *run)
{
    if (run->class_cap < run->text.count) {
        uint8_t *class = pli_realloc(run->class, run->text.cap);
        if (!class) return -1;
        run->class = class;
        run->class_cap = run->text.cap;
    }
    for (size_t i = 0; i < run->text.count; i++) {
        int32_t codepoint = run->text.at[i];
        run->class[i] =
            codepoint < 0x80 ? pli_ascii_class[codepoint] : (uint8_t)pli_char_of(codepoint);
        if (codepoint == 0x2019) run->text.at[i] = '\'';
        if (codepoint == 0x2010) run->text.at[i] = '-';
    }
    return 0;
}

static int is_space(const unsigned char *at)
{
    return *at < 0x80 && pli_ascii_class[*at] == PLI_CHAR_SPACE;
}

int pli_run_next(pli_run *run, const unsigned char **at, const unsigned char *end)
{
    run->text.count = 0;
    int ascii = 1;
    while (*at < end) {
        if (is_space(*at)) {
            (*at)++;
            if (run->text.count) break;
            continue;
        }
        const unsigned char *before = *at;
        int32_t codepoint = (int32_t)pli_utf8_next(at, end);
        if (codepoint == 0xFFFD && *at - before == 1) { /* no UTF-8 */
            if (run->text.count) break;
            continue;
        }
        ascii &= codepoint < 0x80;
        if (!run->text.count) run->from = before;
        if (push(&run->text, codepoint)) return -1;
        run->to = *at;
    }
    if (!run->text.count) return 0;
    run->raw_count = run->text.count;
    if (!ascii && normalise(run)) return -1;
    return classify(run) ? -1 : 1;
}

/* Room for `more` bytes behind out's content. */
static int reserve_bytes(pli_bytes *out, size_t more)
{
    if (out->cap - out->count >= more) return 0;
    size_t cap = out->count + more + out->cap / 2;
    char *at = pli_realloc(out->at, cap);
    if (!at) return -1;
    out->at = at;
    out->cap = cap;
    return 0;
}

static int fold_ascii(const int32_t *at, size_t count, pli_bytes *out)
{
    if (reserve_bytes(out, count)) return -1;
    char *to = out->at + out->count;
    for (size_t i = 0; i < count; i++)
        to[i] = (char)(at[i] >= 'A' && at[i] <= 'Z' ? at[i] + 32 : at[i]);
    out->count += count;
    return 0;
}

int pli_run_fold(pli_run *run, size_t from, size_t to, pli_bytes *out)
{
    const int32_t *at = run->text.at;
    size_t i = from;
    while (i < to && at[i] < 0x80) i++;
    if (i == to) return fold_ascii(at + from, to - from, out);
    run->spare.count = 0;
    for (i = from; i < to; i++)
        if (decompose(&run->spare, at[i], UTF8PROC_CASEFOLD)) return -1;
    compose(&run->spare);
    if (reserve_bytes(out, 4 * run->spare.count)) return -1;
    for (i = 0; i < run->spare.count; i++)
        out->count += (size_t)utf8proc_encode_char(run->spare.at[i],
                                                   (utf8proc_uint8_t *)out->at + out->count);
    return 0;
}
