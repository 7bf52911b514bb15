/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The embed room's test program: embed_test.c has the seam and main, embed_model_test.c the static
 * model and embed_damage_test.c files that are no sound one, embed_minilm_test.c and
 * embed_pltm_damage_test.c the same of the sentence encoder; embed_damage.h has what both
 * are put through.
 */
#ifndef TEST_EMBED_TEST_H
#define TEST_EMBED_TEST_H

#include <check.h>
#include <stddef.h>

#define MODEL_FILE DATA_DIR "/models/static-en-256.plsm"
#define MINILM_FILE DATA_DIR "/models/minilm-l6-v2.pltm"

TCase *embed_model_tests(void);
TCase *embed_damage_tests(void);
TCase *embed_minilm_tests(void);
TCase *embed_pltm_damage_tests(void);

/* A whole file, owned; fails the test when it cannot be read. */
unsigned char *read_file(const char *path, size_t *len);

/* Writes a file of its own name in the build folder and returns the name, borrowed. */
const char *write_temporary(const char *name, const void *bytes, size_t len);

#endif
