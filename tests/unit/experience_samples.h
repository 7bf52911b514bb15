/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Experiences for the tests: a full one as agents send it, and random ones.
 */
#ifndef EXPERIENCE_SAMPLES_H
#define EXPERIENCE_SAMPLES_H

#include <stdint.h>

#include <plurum/experience.h>

/* Every member of the contract, both forms of a gotcha. */
extern const char FULL_EXPERIENCE[];

/* Parses a text that must be accepted; the test fails with the error's text otherwise. */
plurum_experience *accepted(const char *json, int import);

/* A number below `bound` from a generator that gives the same ones on every machine. */
uint32_t draw(uint64_t *state, uint32_t bound);

/*
 * A random experience that must be accepted: random members present, null, empty or unknown, in
 * random order and spelling. The caller frees it.
 */
char *random_experience(uint64_t *state);

#endif
