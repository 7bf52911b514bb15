/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generations of vectors. An index has vectors of at most two models: the live one's and, between a
 * reindex and the next, the previous one's or those of one in the making. Models are numbered 1 and
 * 2, and a document's header says of which it has a vector. What else belongs to a generation, its
 * model's fingerprint and traits and the weights, are records of the store, so a switch is one
 * transaction.
 */
#ifndef PLI_ENGINE_JOBS_GENERATION_H
#define PLI_ENGINE_JOBS_GENERATION_H

#include "engine/configuration.h"
#include "rank/weights.h"

/* The number of the live model. */
plurum_status pli_generation_model(uint32_t *model, pli_txn *txn, plurum_error *error);

/* The weights of searches that bring none: *have 0 where the index has none of its own. */
plurum_status pli_generation_weights(plurum_weights *weights, int *have, pli_txn *txn,
                                     plurum_error *error);

/* A generation that is not the live one. */
typedef struct pli_generation {
    uint32_t model;
    int cleared; /* of one in the making: no vector of an older one is left */
    pli_configuration configuration;
    int has_weights;
    plurum_weights weights;
} pli_generation;

/* The live one, as it would be kept. */
plurum_status pli_generation_live(pli_generation *out, pli_txn *txn, plurum_error *error);
/* "previous" or "pending": NOTFOUND without a text. */
plurum_status pli_generation_load(pli_generation *out, pli_txn *txn, const char *name,
                                  plurum_error *error);
plurum_status pli_generation_save(const pli_generation *generation, pli_txn *txn, const char *name,
                                  plurum_error *error);
plurum_status pli_generation_drop(pli_txn *txn, const char *name, plurum_error *error);

/* Makes it the live one and the live one the previous; handles that are open get STALE. */
plurum_status pli_generation_switch(const pli_generation *generation, pli_txn *txn,
                                    plurum_error *error);

#endif
