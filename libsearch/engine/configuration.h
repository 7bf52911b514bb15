/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an index was created with, as a record of the store.
 */
#ifndef PLI_ENGINE_CONFIGURATION_H
#define PLI_ENGINE_CONFIGURATION_H

#include "engine/engine.h"

/* A configuration with everything that the options point to. */
typedef struct pli_configuration {
    plurum_fingerprint fingerprint;
    plurum_model_traits traits;
    plurum_trust_config trust;
    int newcomer_weights;
    uint64_t map_size;
    char embedder_url[PLURUM_URL_MAX + 1]; /* "": none */
    char identity[37]; /* a UUID drawn at creation: which store a text index belongs to */
} pli_configuration;

/* From a caller's options, checked. ARG names the member. */
plurum_status pli_configuration_from(pli_configuration *out, const plurum_create_options *options,
                                     plurum_error *error);
/* Sets the URL, or with NULL none. ARG, INVALID. */
plurum_status pli_configuration_set_url(pli_configuration *configuration, const char *url,
                                        plurum_error *error);
void pli_configuration_encode(pli_buf *buf, const pli_configuration *configuration);
plurum_status pli_configuration_save(const pli_configuration *configuration, pli_txn *txn,
                                     plurum_error *error);
plurum_status pli_configuration_load(pli_configuration *out, pli_txn *txn, plurum_error *error);
/* Reads the record's value: CORRUPT. */
plurum_status pli_configuration_decode(pli_configuration *out, pli_slice value,
                                       plurum_error *error);

/* MISMATCH naming both sides unless the two are of the same model. */
plurum_status pli_fingerprint_match(const plurum_fingerprint *index,
                                    const plurum_fingerprint *given, plurum_error *error);
/* For vectors that a caller gives: MISMATCH unless the index has a caller's model, or `named`, what
 * the caller says that they are of (or NULL), is the index's. */
plurum_status pli_fingerprint_allow(const plurum_fingerprint *index, const plurum_fingerprint *named,
                                    plurum_error *error);

#endif
