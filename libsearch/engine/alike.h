/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Queries alike: how like the asked query one is that an outcome was reported for.
 *
 * By meaning, where both have a vector of the index's model: with c the calibrated cosine,
 *
 *     share = max(0, (c - .55) / .45)
 *
 * so that it is about how often what answers the one answers the other (docs/decisions/0016). By words
 * else: 1 where the folded texts are the same, and otherwise nothing is known.
 */
#ifndef PLI_ENGINE_ALIKE_H
#define PLI_ENGINE_ALIKE_H

#include <stdint.h>

#include "engine/engine.h"
#include "store/rows.h"

/* The asked query; zeros are none, which nothing is like. */
typedef struct pli_alike {
    uint64_t words; /* of its text folded, a hash; 0: none   */
    int8_t *code;   /* of its vector, dim bytes; NULL: none  */
    size_t dim;
    uint64_t model;
    double pivot;   /* of the model                          */
} pli_alike;

/* text: len bytes, or 0 for none. vector: dim numbers, not all zero, or NULL. NOMEM; free it either way. */
plurum_status pli_alike_ask(pli_alike *out, const plurum_index *index, const char *text, size_t len,
                            const float *vector, plurum_error *error);
void pli_alike_free(pli_alike *alike);

/* A row's query_words; 0 for no text, and for one longer than an outcome's may be. NOMEM. */
plurum_status pli_alike_words(uint64_t *hash, const char *text, size_t len, plurum_error *error);

/* How like the asked query a report's is, 0..1; NAN: the two cannot be compared. */
double pli_alike_share(const pli_alike *asked, const pli_report_row *row);

/* Sets a row's query_code: u64 number of the model, then a code. *bytes is the caller's memory of it.
 * NOMEM. */
plurum_status pli_alike_code(pli_slice *query_code, unsigned char **bytes,
                             const plurum_fingerprint *model, const float *vector,
                             plurum_error *error);
/* The same of a code with PLI_ALIKE_HEAD bytes of room before it. */
enum { PLI_ALIKE_HEAD = 8 };
pli_slice pli_alike_adopt(unsigned char *bytes, const plurum_fingerprint *model);
/* Whether a row's code is of a model. */
int pli_alike_is_of(const pli_report_row *row, const plurum_fingerprint *model);

#endif
