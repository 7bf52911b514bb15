/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a PLTM file, in this order: what says that it is one, its size and checksum, the numbers
 * of the header, and then one section after another.
 */
#include <config.h>

#include "embed/pltm.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <zlib.h>

#include <plurum/embed.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"

/* Bytes of the header, and the offsets of its fields. */
enum {
    HEADER = PLI_MODEL_HEADER,
    AT_SIZE = 8,
    AT_HIDDEN = 16,
    AT_LAYERS = 20,
    AT_HEADS = 24,
    AT_INNER = 28,
    AT_PLACES = 32,
    AT_TOKENS = 36,
    AT_WORD_MAX = 40,
    AT_UNKNOWN = 44,
    AT_FIRST = 48,
    AT_LAST = 52,
    AT_EPSILON = 56,
    AT_LICENCE_SIZE = 60,
    AT_TEXT_SIZE = 64,
    AT_RECORD_COUNT = 68,
    AT_REPLACEMENT_COUNT = 72,
    AT_PADDING = 76,
    AT_CRC = 124
};

/* Sizes of rows are multiples of what the kernels take at a time. */
enum {
    STEP = PLI_KERNEL_STEP,
    HEAD_STEP = 16,
    INNER_MAX = 16384,
    LAYERS_MAX = 64,
    PLACES_MAX = 512
};

static uint32_t u32_at(const pli_model_source *in, size_t offset)
{
    return pli_load_u32(in->bytes + offset);
}

/* ---- the frame ------------------------------------------------------------------------------- */

static const pli_model_frame FRAME = {"PLTM", "transformer", AT_SIZE};

/* Over all bytes but its own. Reads the whole file, which also brings it into memory. */
static plurum_status check_crc(const pli_model_source *in)
{
    uLong crc = crc32_z(crc32_z(0, NULL, 0), in->bytes, AT_CRC);
    crc = crc32_z(crc, in->bytes + HEADER, in->len - HEADER);
    if ((uint32_t)crc == u32_at(in, AT_CRC)) return PLURUM_OK;
    return pli_model_fail(in, in->bytes + AT_CRC, PLURUM_CORRUPT,
                          "the checksum of its %zu bytes is %08lx, the header says %08lx", in->len,
                          (unsigned long)(uint32_t)crc, (unsigned long)u32_at(in, AT_CRC));
}

static plurum_status check_sizes(const pli_model_source *in)
{
    static const struct {
        size_t at;
        uint32_t least, most, step;
        const char *name, *expected;
    } SIZES[] = {
        {AT_HIDDEN, STEP, PLURUM_DIM_MAX, STEP, "the number of dimensions",
         "a multiple of 32 up to 4096"},
        {AT_LAYERS, 1, LAYERS_MAX, 1, "the number of layers", "1 to 64"},
        {AT_HEADS, 1, PLURUM_DIM_MAX, 1, "the number of heads", "1 to 4096"},
        {AT_INNER, STEP, INNER_MAX, STEP, "the inner size", "a multiple of 32 up to 16384"},
        {AT_PLACES, 3, PLACES_MAX, 1, "the number of places", "3 to 512"},
        {AT_TOKENS, 1, UINT32_MAX - 1, 1, "the number of tokens", "1 to 2^32 - 2"},
        {AT_WORD_MAX, 1, PLI_WORD_MAX, 1, "the longest word", "1 to 256 code points"},
    };
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        uint32_t value = u32_at(in, SIZES[i].at);
        if (value < SIZES[i].least || value > SIZES[i].most || value % SIZES[i].step)
            return pli_model_bad_number(in, SIZES[i].at, SIZES[i].name, value, SIZES[i].expected);
    }
    uint32_t hidden = u32_at(in, AT_HIDDEN), heads = u32_at(in, AT_HEADS);
    if (hidden % heads || hidden / heads % HEAD_STEP)
        return pli_model_bad_number(in, AT_HEADS, "the number of heads", heads,
                                    "one that parts the dimensions by multiples of 16");
    return PLURUM_OK;
}

static plurum_status check_header(const pli_model_source *in)
{
    plurum_status status = check_sizes(in);
    if (status) return status;
    for (size_t at = AT_UNKNOWN; at <= AT_LAST; at += 4)
        if (u32_at(in, at) >= u32_at(in, AT_TOKENS))
            return pli_model_bad_number(in, at, "the id of a special token", u32_at(in, at),
                                        "less than the number of tokens");
    float epsilon = pli_model_f32(in->bytes + AT_EPSILON);
    if (!(epsilon > 0 && epsilon < 1))
        return pli_model_fail(in, in->bytes + AT_EPSILON, PLURUM_CORRUPT,
                              "epsilon is %g at byte %d, expected above 0 and below 1",
                              (double)epsilon, AT_EPSILON);
    for (size_t i = AT_PADDING; i < AT_CRC; i++)
        if (in->bytes[i]) return pli_model_bad_number(in, i, "a reserved byte", in->bytes[i], "0");
    return PLURUM_OK;
}

/* ---- sections -------------------------------------------------------------------------------- */

/* A walk through the sections. The first failure stays, and what follows it is ignored. */
typedef struct walk {
    const pli_model_source *file;
    size_t at;          /* where the next section begins */
    uint32_t layer;     /* counted from 1, for errors; 0: none */
    float *free_number; /* where the next float goes     */
    plurum_status status;
} walk;

static void fail_section(walk *w, const void *where, const char *name, const char *what)
{
    char layer[32] = "";
    if (w->layer) snprintf(layer, sizeof layer, " of layer %lu", (unsigned long)w->layer);
    w->status =
        pli_model_fail(w->file, where, PLURUM_CORRUPT, "section %s%s: %s", name, layer, what);
}

/* The next section, of this many bytes, and what fills it up to a multiple of 64. */
static const unsigned char *take(walk *w, const char *name, uint64_t size)
{
    const unsigned char *begin = w->file->bytes + w->at;
    if (w->status) return NULL;
    uint64_t left = w->file->len - w->at, whole = (size + 63) & ~(uint64_t)63;
    if (whole > left) {
        char what[80];
        snprintf(what, sizeof what, "it has %llu bytes, but the file ends after %llu",
                 (unsigned long long)whole, (unsigned long long)left);
        fail_section(w, begin, name, what);
        return NULL;
    }
    w->at += (size_t)whole;
    return begin;
}

/*
 * Real numbers are below 100. The bound is wide, and keeps the sums of a wrong model from meeting
 * infinity before the embedder looks at its vectors. Written so that a NAN is refused too.
 */
static const float NUMBER_MAX = 1e6f;

static const float *take_floats(walk *w, const char *name, size_t count)
{
    const unsigned char *from = take(w, name, 4 * (uint64_t)count);
    float *numbers = w->free_number;
    for (size_t i = 0; from && i < count; i++) {
        numbers[i] = pli_model_f32(from + 4 * i);
        if (fabsf(numbers[i]) <= NUMBER_MAX) continue;
        char what[80];
        snprintf(what, sizeof what, "number %zu is %g, expected -1e6 to 1e6", i,
                 (double)numbers[i]);
        fail_section(w, from + 4 * i, name, what);
        break;
    }
    w->free_number += count;
    return numbers;
}

static void take_linear(walk *w, pli_linear *out, uint32_t inputs, uint32_t outputs)
{
    out->in = inputs;
    out->out = outputs;
    out->smooth = take_floats(w, "smooth", inputs);
    out->scale = take_floats(w, "scale", outputs);
    out->sum = take_floats(w, "sum", outputs);
    out->bias = take_floats(w, "bias", outputs);
    out->weights = (const signed char *)take(w, "weights", (uint64_t)inputs * outputs);
}

static void take_layer(walk *w, pli_pltm_layer *out, uint32_t hidden, uint32_t inner)
{
    take_linear(w, &out->qkv, hidden, 3 * hidden);
    take_linear(w, &out->out, hidden, hidden);
    out->norm1 = take_floats(w, "norm1", 2 * (size_t)hidden);
    take_linear(w, &out->up, hidden, inner);
    take_linear(w, &out->down, inner, hidden);
    out->norm2 = take_floats(w, "norm2", 2 * (size_t)hidden);
}

static void take_vocabulary(walk *w, pli_vocabulary *words)
{
    const pli_model_source *in = w->file;
    pli_vocabulary_source source = {.file = in, .text_len = u32_at(in, AT_TEXT_SIZE)};
    uint64_t n = words->token_count;
    source.text_at = take(w, "stroff", 4 * (n + 1));
    source.order = take(w, "order", 4 * n);
    words->text = take(w, "str", source.text_len);
    source.records = take(w, "norm", (uint64_t)PLI_NORM_RECORD * words->record_count);
    source.replacements = take(w, "seq", (uint64_t)4 * words->replacement_count);
    if (!w->status) w->status = pli_vocabulary_read(words, &source);
    if (!w->status && words->text_at[n] != source.text_len)
        fail_section(w, source.text_at + 4 * n, "stroff", "it does not end where the strings do");
}

/* How many floats there are, so that one block holds them all. */
static uint64_t count_numbers(const pli_pltm *pltm)
{
    uint64_t hidden = pltm->hidden, inner = pltm->inner;
    uint64_t inputs = 3 * hidden + inner, outputs = 3 * hidden + hidden + inner + hidden;
    return pltm->vocabulary.token_count + pltm->places * hidden + 2 * hidden +
           pltm->layer_count * (inputs + 3 * outputs + 4 * hidden);
}

static plurum_status make_room(walk *w, pli_pltm *out)
{
    uint64_t count = count_numbers(out);
    if (count > w->file->len / 4)
        return pli_model_fail(w->file, w->file->bytes + AT_HIDDEN, PLURUM_CORRUPT,
                              "the file of %zu bytes is too short for %llu numbers", w->file->len,
                              (unsigned long long)count);
    out->numbers = w->free_number = pli_reallocarray(NULL, (size_t)count, sizeof *out->numbers);
    out->layers = pli_calloc(out->layer_count, sizeof *out->layers);
    return out->numbers && out->layers ? PLURUM_OK : pli_nomem(w->file->error);
}

static plurum_status read_sections(const pli_model_source *in, pli_pltm *out)
{
    walk w = {.file = in, .at = HEADER};
    uint32_t n = out->vocabulary.token_count;
    w.status = make_room(&w, out);
    if (w.status) return w.status;
    take(&w, "licence", u32_at(in, AT_LICENCE_SIZE));
    take_vocabulary(&w, &out->vocabulary);
    out->word_scales = take_floats(&w, "word scales", n);
    out->words = (const signed char *)take(&w, "words", (uint64_t)n * out->hidden);
    out->place_rows = take_floats(&w, "places", (size_t)out->places * out->hidden);
    out->norm = take_floats(&w, "norm0", 2 * (size_t)out->hidden);
    while (!w.status && w.layer < out->layer_count) {
        pli_pltm_layer *layer = &out->layers[w.layer++];
        take_layer(&w, layer, out->hidden, out->inner);
    }
    if (!w.status && w.at != in->len)
        return pli_model_fail(in, in->bytes + w.at, PLURUM_CORRUPT,
                              "the last section ends at byte %zu of the file's %zu", w.at, in->len);
    return w.status;
}

plurum_status pli_pltm_read(pli_pltm *out, const void *bytes, size_t len, unsigned flags,
                            plurum_error *error)
{
    const pli_model_source in = {bytes, len, error};
    memset(out, 0, sizeof *out);
    plurum_status status = pli_model_check_frame(&in, &FRAME);
    if (!status && !(flags & PLI_MODEL_ANY_CHECKSUM)) status = check_crc(&in);
    if (!status) status = check_header(&in);
    if (status) return status;
    out->hidden = u32_at(&in, AT_HIDDEN);
    out->inner = u32_at(&in, AT_INNER);
    out->heads = u32_at(&in, AT_HEADS);
    out->places = u32_at(&in, AT_PLACES);
    out->layer_count = u32_at(&in, AT_LAYERS);
    out->unknown = u32_at(&in, AT_UNKNOWN);
    out->first = u32_at(&in, AT_FIRST);
    out->last = u32_at(&in, AT_LAST);
    out->epsilon = pli_model_f32(in.bytes + AT_EPSILON);
    out->crc = u32_at(&in, AT_CRC);
    out->size = len;
    out->vocabulary.token_count = u32_at(&in, AT_TOKENS);
    out->vocabulary.word_max = u32_at(&in, AT_WORD_MAX);
    out->vocabulary.record_count = u32_at(&in, AT_RECORD_COUNT);
    out->vocabulary.replacement_count = u32_at(&in, AT_REPLACEMENT_COUNT);
    status = read_sections(&in, out);
    if (status) pli_pltm_free(out);
    return status;
}

void pli_pltm_free(pli_pltm *pltm)
{
    pli_vocabulary_free(&pltm->vocabulary);
    pli_free(pltm->numbers);
    pli_free(pltm->layers);
    memset(pltm, 0, sizeof *pltm);
}
