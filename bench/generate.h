/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents and queries out of a seed, for measures of speed: words by Zipf's law, vectors around
 * topics. Document k depends on seed, k and dim alone, so nothing need be kept.
 */
#ifndef BENCH_GENERATE_H
#define BENCH_GENERATE_H

#include <stddef.h>
#include <stdint.h>

#define GENERATED_DOMAINS 20
#define GENERATED_TOOLS 100

typedef struct generated {
    char key[24], title[160], body[1400], domain[16], tools[2][16];
    int64_t created_at;
} generated;

typedef struct generator {
    uint64_t seed;
    size_t dim;
    double *heads; /* share of all words up to each rank */
} generator;

/* 0, or the exit code. */
int generate_begin(generator *out, uint64_t seed, size_t dim);
void generate_end(generator *g);
/* vector: room for dim numbers; of unit length. */
void generate_document(generated *out, float *vector, const generator *g, size_t k);
/* A query that document k should answer: five words, and a vector near its own. */
void generate_query(char out[160], float *vector, const generator *g, size_t k);

#endif
