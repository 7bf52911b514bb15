/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frame of a PLSM file, in this order: what says that it is one (magic, version), its size, the
 * numbers of the header, where the sections lie, and the checksum over them.
 */
#include <config.h>

#include "embed/plsm_source.h"

#include <string.h>

#include <zlib.h>

#include <plurum/embed.h>

#include "base/buf.h"
#include "base/error.h"

/* Bytes of the header, and the offsets of its fields. */
enum {
    HEADER = PLI_MODEL_HEADER,
    AT_DIM = 8,
    AT_TOKENS = 12,
    AT_FLAGS = 16,
    AT_WORD_MAX = 20,
    AT_UNKNOWN = 24,
    AT_RESERVED = 28,
    AT_WEIGHTS = 32,
    AT_SCALES = 40,
    AT_ROWS = 48,
    AT_TEXT_AT = 56,
    AT_ORDER = 64,
    AT_TEXT = 72,
    AT_RECORDS = 80,
    AT_REPLACEMENTS = 88,
    AT_SIZE = 96,
    AT_RECORD_COUNT = 104,
    AT_REPLACEMENT_COUNT = 108,
    AT_CRC = 112,
    AT_PADDING = 116
};

enum { ALIGNMENT = PLI_MODEL_ALIGNMENT, FLAGS_KNOWN = 7 };

static uint32_t u32_at(const pli_model_source *in, size_t offset)
{
    return pli_load_u32(in->bytes + offset);
}

static const pli_model_frame FRAME = {"PLSM", "static", AT_SIZE};

static plurum_status check_header(const pli_model_source *in)
{
    uint32_t tokens = u32_at(in, AT_TOKENS);
    if (u32_at(in, AT_DIM) < 1 || u32_at(in, AT_DIM) > PLURUM_DIM_MAX)
        return pli_model_bad_number(in, AT_DIM, "the number of dimensions", u32_at(in, AT_DIM),
                                    "1 to 4096");
    if (tokens < 1 || tokens >= UINT32_MAX)
        return pli_model_bad_number(in, AT_TOKENS, "the number of tokens", tokens, "1 to 2^32 - 2");
    if (u32_at(in, AT_FLAGS) > FLAGS_KNOWN)
        return pli_model_bad_number(in, AT_FLAGS, "the flags field", u32_at(in, AT_FLAGS),
                                    "0 to 7");
    if (u32_at(in, AT_WORD_MAX) < 1 || u32_at(in, AT_WORD_MAX) > PLI_WORD_MAX)
        return pli_model_bad_number(in, AT_WORD_MAX, "the longest word", u32_at(in, AT_WORD_MAX),
                                    "1 to 256 code points");
    if (u32_at(in, AT_UNKNOWN) >= tokens)
        return pli_model_bad_number(in, AT_UNKNOWN, "the id of the unknown token",
                                    u32_at(in, AT_UNKNOWN), "less than the number of tokens");
    if (u32_at(in, AT_RESERVED) != 0)
        return pli_model_bad_number(in, AT_RESERVED, "a reserved field", u32_at(in, AT_RESERVED),
                                    "0");
    for (size_t i = AT_PADDING; i < HEADER; i++)
        if (in->bytes[i]) return pli_model_bad_number(in, i, "a reserved byte", in->bytes[i], "0");
    return PLURUM_OK;
}

/* A part of the file: its name, which byte of the header says where it begins, and its bytes. */
typedef struct section {
    const char *name;
    size_t field;
    uint64_t size, begin;
} section;

enum { WEIGHTS, SCALES, ROWS, TEXT_AT, ORDER, RECORDS, REPLACEMENTS, TEXT, SECTIONS };

/* Finds where a section begins, and that it lies within the file. */
static plurum_status find_section(const pli_model_source *in, section *part)
{
    const unsigned char *field = in->bytes + part->field;
    part->begin = pli_load_u64(field);
    if (part->begin % ALIGNMENT || part->begin < HEADER)
        return pli_model_fail(
            in, field, PLURUM_CORRUPT,
            "section %s begins at byte %llu, expected a multiple of %d behind the "
            "header",
            part->name, (unsigned long long)part->begin, ALIGNMENT);
    if (part->begin > in->len || part->size > in->len - part->begin)
        return pli_model_fail(
            in, field, PLURUM_CORRUPT,
            "section %s of %llu bytes at byte %llu ends beyond the file's %zu bytes", part->name,
            (unsigned long long)part->size, (unsigned long long)part->begin, in->len);
    return PLURUM_OK;
}

/* The format does not fix the order of the sections; an empty one goes before its neighbour. */
static void sort_by_begin(section *parts)
{
    for (int i = 1; i < SECTIONS; i++) {
        section part = parts[i];
        int k = i;
        for (; k > 0 && (parts[k - 1].begin > part.begin ||
                         (parts[k - 1].begin == part.begin && parts[k - 1].size > part.size));
             k--)
            parts[k] = parts[k - 1];
        parts[k] = part;
    }
}

/*
 * The sections must fill the file with no more than padding between them. The checksum does not
 * cover the header, so this is what tells a wrong count or offset there.
 */
static plurum_status check_layout(const pli_model_source *in, section *parts)
{
    uint64_t end = HEADER;
    sort_by_begin(parts);
    for (int i = 0; i < SECTIONS; i++) {
        if (parts[i].begin < end || parts[i].begin - end >= ALIGNMENT)
            return pli_model_fail(in, in->bytes + parts[i].field, PLURUM_CORRUPT,
                                  "section %s begins at byte %llu, but what lies before it ends at "
                                  "byte %llu",
                                  parts[i].name, (unsigned long long)parts[i].begin,
                                  (unsigned long long)end);
        end = parts[i].begin + parts[i].size;
    }
    if (in->len - end < ALIGNMENT) return PLURUM_OK;
    return pli_model_fail(in, in->bytes + end, PLURUM_CORRUPT,
                          "the last section, %s, ends at byte %llu of the file's %zu",
                          parts[SECTIONS - 1].name, (unsigned long long)end, in->len);
}

static plurum_status find_sections(pli_plsm_source *out, pli_plsm *plsm)
{
    const pli_model_source *in = &out->file;
    pli_vocabulary *words = &plsm->vocabulary;
    uint64_t n = words->token_count; /* all sizes are below 2^32 · 2^12 */
    section parts[SECTIONS] = {
        [WEIGHTS] = {"weight", AT_WEIGHTS, 4 * n, 0},
        [SCALES] = {"scale", AT_SCALES, 4 * n, 0},
        [ROWS] = {"rows", AT_ROWS, n * plsm->dim, 0},
        [TEXT_AT] = {"stroff", AT_TEXT_AT, 4 * (n + 1), 0},
        [ORDER] = {"order", AT_ORDER, 4 * n, 0},
        [RECORDS] = {"norm", AT_RECORDS, (uint64_t)PLI_NORM_RECORD * words->record_count, 0},
        [REPLACEMENTS] = {"seq", AT_REPLACEMENTS, (uint64_t)4 * words->replacement_count, 0},
        [TEXT] = {"str", AT_TEXT, 0, 0},
    };
    for (int i = 0; i < SECTIONS; i++) {
        if (i == TEXT) { /* by now the offsets are known to be there; the last is the length */
            out->words.text_at = in->bytes + parts[TEXT_AT].begin;
            out->words.text_len = parts[TEXT].size = pli_load_u32(out->words.text_at + 4 * n);
        }
        plurum_status status = find_section(in, &parts[i]);
        if (status) return status;
    }
    out->weights = in->bytes + parts[WEIGHTS].begin;
    out->scales = in->bytes + parts[SCALES].begin;
    out->words.order = in->bytes + parts[ORDER].begin;
    out->words.records = in->bytes + parts[RECORDS].begin;
    out->words.replacements = in->bytes + parts[REPLACEMENTS].begin;
    words->text = in->bytes + parts[TEXT].begin;
    plsm->rows = (const signed char *)in->bytes + parts[ROWS].begin;
    return check_layout(in, parts);
}

/* Reads the whole file, 8.6 MB in 3 ms; also what brings a mapped file into memory. */
static plurum_status check_crc(const pli_model_source *in, uint32_t said)
{
    uint32_t crc = (uint32_t)crc32_z(crc32_z(0, NULL, 0), in->bytes + HEADER, in->len - HEADER);
    if (crc == said) return PLURUM_OK;
    return pli_model_fail(in, in->bytes + HEADER, PLURUM_CORRUPT,
                          "the checksum of bytes %d to %zu is %08lx, the header says %08lx", HEADER,
                          in->len, (unsigned long)crc, (unsigned long)said);
}

plurum_status pli_plsm_lay_out(pli_plsm_source *out, pli_plsm *plsm, unsigned flags)
{
    const pli_model_source *in = &out->file;
    plurum_status status;
    if ((status = pli_model_check_frame(in, &FRAME)) || (status = check_header(in)))
        return status;
    plsm->dim = u32_at(in, AT_DIM);
    plsm->crc = u32_at(in, AT_CRC);
    plsm->size = in->len;
    plsm->vocabulary.token_count = u32_at(in, AT_TOKENS);
    plsm->vocabulary.word_max = u32_at(in, AT_WORD_MAX);
    plsm->vocabulary.record_count = u32_at(in, AT_RECORD_COUNT);
    plsm->vocabulary.replacement_count = u32_at(in, AT_REPLACEMENT_COUNT);
    status = find_sections(out, plsm);
    if (!status && !(flags & PLI_MODEL_ANY_CHECKSUM)) status = check_crc(in, plsm->crc);
    return status;
}
