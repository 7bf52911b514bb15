/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The texts of tests/data/secrets, as they are meant: marks taken out, line ends put in.
 */
#ifndef SECRETS_CORPUS_H
#define SECRETS_CORPUS_H

#include <stddef.h>

typedef struct corpus_text {
    char *kind; /* of the secret; NULL in a harmless text */
    char *text;
    size_t len;
} corpus_text;

typedef struct corpus {
    corpus_text *texts;
    size_t count;
} corpus;

/* file: "secret.txt" or "harmless.txt". The test fails where it cannot be read. */
corpus corpus_read(const char *file);
void corpus_free(corpus *c);

/* The text with something before and behind; the caller frees it. */
char *corpus_embed(const char *before, const corpus_text *text, const char *behind);

#endif
