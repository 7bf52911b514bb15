/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in the sections of a PLSM file: each is checked and, where the encoder will follow its
 * numbers, copied.
 */
#include <config.h>

#include "embed/plsm_source.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/unicode.h"

/*
 * The bound of weight × scale: real ones are below .01 (the largest token vector has length .73).
 * Under it the sum of any text stays finite in single precision: 1e6 · 127 · 2^40 tokens < 1e21.
 */
static const double WEIGHT_MAX = 1e6;

static float f32_at(const unsigned char *bytes)
{
    uint32_t bits = pli_load_u32(bytes);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* One number a token: the encoder needs only the product. The fabs test refuses a NAN too. */
static plurum_status read_weights(const pli_plsm_source *in, pli_plsm *plsm)
{
    plsm->weights = pli_reallocarray(NULL, plsm->token_count, sizeof *plsm->weights);
    if (!plsm->weights) return pli_nomem(in->error);
    for (size_t i = 0; i < plsm->token_count; i++) {
        float weight = f32_at(in->weights + 4 * i), scale = f32_at(in->scales + 4 * i);
        float product = weight * scale;
        if (!(fabs((double)product) <= WEIGHT_MAX))
            return pli_plsm_fail(in, in->weights + 4 * i, PLURUM_CORRUPT,
                                 "section weight: token %zu has weight %g and scale %g, expected a "
                                 "product of at most %g",
                                 i, (double)weight, (double)scale, WEIGHT_MAX);
        plsm->weights[i] = product;
    }
    return PLURUM_OK;
}

/* Strings of whole code points, so that a match cannot end inside one. */
static plurum_status read_strings(const pli_plsm_source *in, pli_plsm *plsm)
{
    size_t n = plsm->token_count;
    plsm->text_at = pli_reallocarray(NULL, n + 1, sizeof *plsm->text_at);
    if (!plsm->text_at) return pli_nomem(in->error);
    plsm->text_at[0] = pli_load_u32(in->text_at);
    if (plsm->text_at[0] != 0)
        return pli_plsm_fail(in, in->text_at, PLURUM_CORRUPT,
                             "section stroff begins with %lu, expected 0",
                             (unsigned long)plsm->text_at[0]);
    for (size_t i = 0; i < n; i++) {
        uint32_t begin = plsm->text_at[i], end = pli_load_u32(in->text_at + 4 * (i + 1));
        if (end < begin || end > in->text_len)
            return pli_plsm_fail(in, in->text_at + 4 * (i + 1), PLURUM_CORRUPT,
                                 "section stroff: string %zu runs from %lu to %lu, of %zu bytes", i,
                                 (unsigned long)begin, (unsigned long)end, in->text_len);
        if (pli_utf8_length((const char *)plsm->text + begin, end - begin) < 0)
            return pli_plsm_fail(in, plsm->text + begin, PLURUM_CORRUPT,
                                 "section str: string %zu is not UTF-8", i);
        plsm->text_at[i + 1] = end;
    }
    return PLURUM_OK;
}

static int compare_strings(const pli_plsm *plsm, uint32_t a, uint32_t b)
{
    size_t a_len = plsm->text_at[a + 1] - plsm->text_at[a];
    size_t b_len = plsm->text_at[b + 1] - plsm->text_at[b];
    int difference = memcmp(plsm->text + plsm->text_at[a], plsm->text + plsm->text_at[b],
                            a_len < b_len ? a_len : b_len);
    return difference ? difference : (a_len > b_len) - (a_len < b_len);
}

/*
 * The encoder has a hash table of its own and does not follow `order`; it is checked because a
 * file that breaks its own rules is damaged. Ids in range whose strings ascend strictly are a
 * permutation, and no two strings are equal.
 */
static plurum_status check_order(const pli_plsm_source *in, const pli_plsm *plsm)
{
    uint32_t previous = 0;
    for (size_t i = 0; i < plsm->token_count; i++) {
        uint32_t id = pli_load_u32(in->order + 4 * i);
        if (id >= plsm->token_count)
            return pli_plsm_fail(in, in->order + 4 * i, PLURUM_CORRUPT,
                                 "section order: entry %zu is %lu, expected less than %lu", i,
                                 (unsigned long)id, (unsigned long)plsm->token_count);
        if (i > 0 && compare_strings(plsm, previous, id) >= 0)
            return pli_plsm_fail(in, in->order + 4 * i, PLURUM_CORRUPT,
                                 "section order: the string of entry %zu does not follow the one "
                                 "before it",
                                 i);
        previous = id;
    }
    return PLURUM_OK;
}

/* A replacement longer than a word could only ever be dropped; it would cost time without bound. */
static int is_record_sound(const pli_plsm *plsm, const pli_plsm_record *record, uint32_t info)
{
    if (record->first > record->last || record->last > 0x10FFFF) return 0;
    if (record->kind < PLI_PLSM_DROP || record->kind > PLI_PLSM_MAP) return 0;
    if (record->kind != PLI_PLSM_MAP) return info >> 8 == 0;
    return (info & 0xFE00) == 0 && record->count <= plsm->word_max &&
           record->at <= plsm->replacement_count &&
           record->count <= plsm->replacement_count - record->at;
}

static plurum_status read_records(const pli_plsm_source *in, pli_plsm *plsm)
{
    plsm->records = pli_reallocarray(NULL, plsm->record_count, sizeof *plsm->records);
    if (!plsm->records) return pli_nomem(in->error);
    for (size_t i = 0; i < plsm->record_count; i++) {
        const unsigned char *bytes = in->records + PLI_PLSM_RECORD * i;
        pli_plsm_record *record = &plsm->records[i];
        uint32_t info = pli_load_u32(bytes + 8);
        record->first = pli_load_u32(bytes);
        record->last = pli_load_u32(bytes + 4);
        record->kind = info & 0xFF;
        record->alone = info >> 8 & 1;
        record->count = (uint16_t)(info >> 16);
        record->at = pli_load_u32(bytes + 12);
        if (!is_record_sound(plsm, record, info))
            return pli_plsm_fail(in, bytes, PLURUM_CORRUPT,
                                 "section norm: record %zu (U+%04lX to U+%04lX, info %lx, arg %lu) "
                                 "breaks the format",
                                 i, (unsigned long)record->first, (unsigned long)record->last,
                                 (unsigned long)info, (unsigned long)record->at);
        if (i > 0 && record->first <= plsm->records[i - 1].last)
            return pli_plsm_fail(in, bytes, PLURUM_CORRUPT,
                                 "section norm: record %zu begins at U+%04lX, not behind the one "
                                 "before it",
                                 i, (unsigned long)record->first);
    }
    return PLURUM_OK;
}

static plurum_status read_replacements(const pli_plsm_source *in, pli_plsm *plsm)
{
    plsm->replacements =
        pli_reallocarray(NULL, plsm->replacement_count, sizeof *plsm->replacements);
    if (!plsm->replacements) return pli_nomem(in->error);
    for (size_t i = 0; i < plsm->replacement_count; i++) {
        uint32_t point = pli_load_u32(in->replacements + 4 * i);
        if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
            return pli_plsm_fail(in, in->replacements + 4 * i, PLURUM_CORRUPT,
                                 "section seq: entry %zu is %lx, which is no code point", i,
                                 (unsigned long)point);
        plsm->replacements[i] = point;
    }
    return PLURUM_OK;
}

plurum_status pli_plsm_read(pli_plsm *out, const void *bytes, size_t len, unsigned flags,
                            plurum_error *error)
{
    pli_plsm_source in = {.bytes = bytes, .len = len, .error = error};
    plurum_status status;
    memset(out, 0, sizeof *out);
    if ((status = pli_plsm_lay_out(&in, out, flags)) || (status = read_weights(&in, out)) ||
        (status = read_strings(&in, out)) || (status = check_order(&in, out)) ||
        (status = read_records(&in, out)) || (status = read_replacements(&in, out)))
        pli_plsm_free(out);
    return status;
}

void pli_plsm_free(pli_plsm *plsm)
{
    pli_free(plsm->text_at);
    pli_free(plsm->weights);
    pli_free(plsm->records);
    pli_free(plsm->replacements);
    memset(plsm, 0, sizeof *plsm);
}
