/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a text for the model that comes with the project. Its vector must have unit length
 * or be zero, and a text with a space put anywhere must have the ids of its two halves.
 */
#include <config.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/embed.h>

#include "embed/static.h"

#ifndef DATA_DIR
#define DATA_DIR "data"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static plurum_embedder *embedder;
static pli_static_model *model;

/* Opened once, and held until the program ends. */
static void open_model(void)
{
    static unsigned char *bytes;
    const char *path = DATA_DIR "/models/static-en-256.plsm";
    const size_t len = 8573820;
    if (plurum_embedder_open_static(&embedder, path, NULL)) abort();
    FILE *file = fopen(path, "rb");
    bytes = malloc(len);
    if (!file || !bytes || fread(bytes, 1, len, file) != len) abort();
    fclose(file);
    if (pli_static_open(&model, bytes, len, 0, NULL)) abort();
}

static void check_length(const char *text)
{
    float out[256];
    if (plurum_embedder_embed(embedder, &text, 1, out, NULL)) abort();
    double squares = 0;
    for (int i = 0; i < 256; i++) squares += (double)out[i] * out[i];
    if (squares != 0 && !(fabs(squares - 1) < 1e-6)) abort();
}

/* Writes all ids of a text: at most one a byte, as no character becomes more than it has bytes. */
static size_t ids_of(uint32_t *out, const void *text, size_t len)
{
    static pli_wordpiece_run run;
    uint32_t ids[PLI_WORDPIECE_IDS];
    size_t count = 0;
    pli_wordpiece_start(&run, &model->wordpiece, text, len);
    for (size_t n; (n = pli_wordpiece_next(&run, ids)) > 0; count += n)
        memcpy(out + count, ids, n * sizeof *ids);
    return count;
}

static void check_halves(const uint8_t *data, size_t size)
{
    size_t half = size ? data[0] % size : 0;
    unsigned char *spaced = malloc(size + 1);
    uint32_t *whole = malloc((size + 1) * sizeof *whole);
    uint32_t *parts = malloc((size + 1) * sizeof *parts);
    if (!spaced || !whole || !parts) abort();
    memcpy(spaced, data, half);
    spaced[half] = ' ';
    memcpy(spaced + half + 1, data + half, size - half);
    size_t count = ids_of(parts, data, half);
    count += ids_of(parts + count, data + half, size - half);
    if (ids_of(whole, spaced, size + 1) != count) abort();
    if (memcmp(whole, parts, count * sizeof *whole) != 0) abort();
    free(spaced);
    free(whole);
    free(parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!model) open_model();
    char *text = malloc(size + 1);
    if (!text) abort();
    memcpy(text, data, size);
    text[size] = '\0';
    check_length(text);
    free(text);
    check_halves(data, size);
    return 0;
}
