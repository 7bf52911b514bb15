/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What damaged files of every kind of model are put through.
 */
#ifndef TEST_EMBED_DAMAGE_H
#define TEST_EMBED_DAMAGE_H

#include <stdint.h>

#include <plurum/embed.h>

/* Opens the first bytes of the small model under test, and encodes with it where it opens. */
typedef plurum_status model_try(size_t len, unsigned flags, plurum_error *error);
typedef plurum_status model_open(plurum_embedder **out, const char *path, plurum_error *error);

/* A wrong number somewhere, under a right checksum: the text, and the byte that it points to. */
typedef struct damage {
    size_t at;
    uint32_t value;
    plurum_status status;
    size_t position;
    const char *text;
} damage;

/* A model of `size` bytes is refused wherever it is cut; past the header with these words. */
void cuts_are_refused(model_try *try_open, size_t size, const char *words);
/* The model has this wrong number, and that is what is said of it. */
void damage_is_named(model_try *try_open, size_t size, const damage *wrong);
/* A file is refused, with the error's text and without. */
void file_refused(model_open *open, const char *path, plurum_status expected, const char *text);

#endif
