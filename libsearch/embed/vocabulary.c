/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a model file says about text: token strings, their order, and normalisation. Each section is
 * checked and, where the tokeniser will follow its numbers, copied.
 */
#include <config.h>

#include "embed/vocabulary.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/unicode.h"

/* Strings of whole code points, so that a match cannot end inside one. */
static plurum_status read_strings(const pli_vocabulary_source *in, pli_vocabulary *out)
{
    size_t n = out->token_count;
    out->text_at = pli_reallocarray(NULL, n + 1, sizeof *out->text_at);
    if (!out->text_at) return pli_nomem(in->file->error);
    out->text_at[0] = pli_load_u32(in->text_at);
    if (out->text_at[0] != 0)
        return pli_model_fail(in->file, in->text_at, PLURUM_CORRUPT,
                              "section stroff begins with %lu, expected 0",
                              (unsigned long)out->text_at[0]);
    for (size_t i = 0; i < n; i++) {
        uint32_t begin = out->text_at[i], end = pli_load_u32(in->text_at + 4 * (i + 1));
        if (end < begin || end > in->text_len)
            return pli_model_fail(in->file, in->text_at + 4 * (i + 1), PLURUM_CORRUPT,
                                  "section stroff: string %zu runs from %lu to %lu, of %zu bytes",
                                  i, (unsigned long)begin, (unsigned long)end, in->text_len);
        if (pli_utf8_length((const char *)out->text + begin, end - begin) < 0)
            return pli_model_fail(in->file, out->text + begin, PLURUM_CORRUPT,
                                  "section str: string %zu is not UTF-8", i);
        out->text_at[i + 1] = end;
    }
    return PLURUM_OK;
}

static int compare_strings(const pli_vocabulary *out, uint32_t a, uint32_t b)
{
    size_t a_len = out->text_at[a + 1] - out->text_at[a];
    size_t b_len = out->text_at[b + 1] - out->text_at[b];
    int difference = memcmp(out->text + out->text_at[a], out->text + out->text_at[b],
                            a_len < b_len ? a_len : b_len);
    return difference ? difference : (a_len > b_len) - (a_len < b_len);
}

/*
 * The encoder has a hash table of its own and does not follow `order`; it is checked because a
 * file that breaks its own rules is damaged. Ids in range whose strings ascend strictly are a
 * permutation, and no two strings are equal.
 */
static plurum_status check_order(const pli_vocabulary_source *in, const pli_vocabulary *out)
{
    uint32_t previous = 0;
    for (size_t i = 0; i < out->token_count; i++) {
        uint32_t id = pli_load_u32(in->order + 4 * i);
        if (id >= out->token_count)
            return pli_model_fail(in->file, in->order + 4 * i, PLURUM_CORRUPT,
                                  "section order: entry %zu is %lu, expected less than %lu", i,
                                  (unsigned long)id, (unsigned long)out->token_count);
        if (i > 0 && compare_strings(out, previous, id) >= 0)
            return pli_model_fail(in->file, in->order + 4 * i, PLURUM_CORRUPT,
                                  "section order: the string of entry %zu does not follow the one "
                                  "before it",
                                  i);
        previous = id;
    }
    return PLURUM_OK;
}

/* A replacement longer than a word could only ever be dropped; it would cost time without bound. */
static int is_record_sound(const pli_vocabulary *out, const pli_norm_record *record, uint32_t info)
{
    if (record->first > record->last || record->last > 0x10FFFF) return 0;
    if (record->kind < PLI_NORM_DROP || record->kind > PLI_NORM_MAP) return 0;
    if (record->kind != PLI_NORM_MAP) return info >> 8 == 0;
    return (info & 0xFE00) == 0 && record->count <= out->word_max &&
           record->at <= out->replacement_count &&
           record->count <= out->replacement_count - record->at;
}

/* Bytes of the shortest code point of a record. What is not UTF-8 is U+FFFD, a byte each. */
static unsigned shortest(const pli_norm_record *record)
{
    if (record->first < 0x80 || (record->first <= 0xFFFD && record->last >= 0xFFFD)) return 1;
    return record->first < 0x800 ? 2 : record->first < 0x10000 ? 3 : 4;
}

static plurum_status read_records(const pli_vocabulary_source *in, pli_vocabulary *out)
{
    out->records = pli_reallocarray(NULL, out->record_count, sizeof *out->records);
    if (!out->records) return pli_nomem(in->file->error);
    for (size_t i = 0; i < out->record_count; i++) {
        const unsigned char *bytes = in->records + PLI_NORM_RECORD * i;
        pli_norm_record *record = &out->records[i];
        uint32_t info = pli_load_u32(bytes + 8);
        record->first = pli_load_u32(bytes);
        record->last = pli_load_u32(bytes + 4);
        record->kind = info & 0xFF;
        record->alone = info >> 8 & 1;
        record->count = (uint16_t)(info >> 16);
        record->at = pli_load_u32(bytes + 12);
        if (!is_record_sound(out, record, info))
            return pli_model_fail(
                in->file, bytes, PLURUM_CORRUPT,
                "section norm: record %zu (U+%04lX to U+%04lX, info %lx, arg %lu) "
                "breaks the format",
                i, (unsigned long)record->first, (unsigned long)record->last, (unsigned long)info,
                (unsigned long)record->at);
        if (i > 0 && record->first <= out->records[i - 1].last)
            return pli_model_fail(in->file, bytes, PLURUM_CORRUPT,
                                  "section norm: record %zu begins at U+%04lX, not behind the one "
                                  "before it",
                                  i, (unsigned long)record->first);
        uint32_t growth = (record->count + shortest(record) - 1) / shortest(record);
        if (growth > out->growth) out->growth = growth;
    }
    return PLURUM_OK;
}

static plurum_status read_replacements(const pli_vocabulary_source *in, pli_vocabulary *out)
{
    out->replacements = pli_reallocarray(NULL, out->replacement_count, sizeof *out->replacements);
    if (!out->replacements) return pli_nomem(in->file->error);
    for (size_t i = 0; i < out->replacement_count; i++) {
        uint32_t point = pli_load_u32(in->replacements + 4 * i);
        if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
            return pli_model_fail(in->file, in->replacements + 4 * i, PLURUM_CORRUPT,
                                  "section seq: entry %zu is %lx, which is no code point", i,
                                  (unsigned long)point);
        out->replacements[i] = point;
    }
    return PLURUM_OK;
}

plurum_status pli_vocabulary_read(pli_vocabulary *out, const pli_vocabulary_source *in)
{
    plurum_status status;
    out->growth = 1;
    if ((status = read_strings(in, out)) || (status = check_order(in, out)) ||
        (status = read_records(in, out)))
        return status;
    return read_replacements(in, out);
}

void pli_vocabulary_free(pli_vocabulary *vocabulary)
{
    pli_free(vocabulary->text_at);
    pli_free(vocabulary->records);
    pli_free(vocabulary->replacements);
    memset(vocabulary, 0, sizeof *vocabulary);
}
