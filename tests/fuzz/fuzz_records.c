/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a stored record: a document's header, a report, a trust state, the configuration.
 * The first byte says which. A record is read or refused as CORRUPT; what was read lies within the
 * bytes and within what the rest of the engine relies on.
 */
#include <config.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <plurum/experience.h>

#include "engine/configuration.h"
#include "store/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds) abort();
}

/* A slice must be inside what was given; reading its ends lets a sanitizer see. */
static void check_slice(pli_slice slice, const uint8_t *data, size_t size, size_t most)
{
    if (!slice.len) return;
    require(slice.bytes >= data && slice.len <= size);
    require(slice.bytes + slice.len <= data + size && slice.len <= most);
}

static void read_document(const uint8_t *data, size_t size)
{
    pli_doc_row row;
    plurum_error error;
    plurum_status status = pli_doc_decode(&row, 7, pli_slice_of(data, size), &error);
    require(status == PLURUM_OK || (status == PLURUM_CORRUPT && error.text[0]));
    if (status) return;
    check_slice(row.key, data, size, PLURUM_KEY_MAX);
    check_slice(row.short_id, data, size, PLURUM_SHORT_ID_LEN);
    check_slice(row.owner, data, size, PLURUM_AGENT_MAX);
    check_slice(row.domain, data, size, size);
    check_slice(row.tools, data, size, size);
    check_slice(row.tags, data, size, size);
    require(row.key.len > 0 && plurum_lifecycle_name((plurum_lifecycle)row.lifecycle));
    require(plurum_visibility_name((plurum_visibility)row.visibility) != NULL);
    require(isnan(row.confidence) || (row.confidence >= 0 && row.confidence <= 1));
}

/* The key is the first 4 + n bytes, n the byte before them. */
static void read_report(const uint8_t *data, size_t size)
{
    pli_report_row row;
    plurum_error error;
    uint32_t id;
    size_t key = size ? data[0] % 80u : 0;
    if (size < 1 + key) return;
    data++, size--;
    plurum_status status = pli_report_decode(&row, &id, pli_slice_of(data, key),
                                             pli_slice_of(data + key, size - key), &error);
    require(status == PLURUM_OK || (status == PLURUM_CORRUPT && error.text[0]));
    if (status) return;
    check_slice(row.agent, data, key, PLURUM_AGENT_MAX);
    check_slice(row.error_message, data + key, size - key, size);
    check_slice(row.context_notes, data + key, size - key, size);
    check_slice(row.env_fingerprint, data + key, size - key, size);
    check_slice(row.query, data + key, size - key, size);
    check_slice(row.query_code, data + key, size - key, size);
    require(row.agent.len > 0 && row.weight > 0 && row.weight <= 1 && row.counted <= 1);
}

static void read_trust(const uint8_t *data, size_t size)
{
    plurum_trust_state trust;
    plurum_error error;
    plurum_status status = pli_trust_decode(&trust, 7, pli_slice_of(data, size), &error);
    require(status == PLURUM_OK || (status == PLURUM_CORRUPT && error.text[0]));
    if (status) return;
    plurum_trust_config config;
    plurum_trust_score score;
    plurum_trust_config_init(&config);
    plurum_trust_score_at(&score, &trust, &config, INT64_MAX);
    require(score.trust > 0 && score.trust < 1);
}

static void read_configuration(const uint8_t *data, size_t size)
{
    pli_configuration c;
    plurum_error error;
    plurum_status status = pli_configuration_decode(&c, pli_slice_of(data, size), &error);
    require(status == PLURUM_OK || (status == PLURUM_CORRUPT && error.text[0]));
    if (status) return;
    require(plurum_trust_config_check(&c.trust) == PLURUM_TRUST_OK);
    require(strnlen(c.identity, sizeof c.identity) < sizeof c.identity);
    require(strnlen(c.fingerprint.name, sizeof c.fingerprint.name) < sizeof c.fingerprint.name);
    require(c.fingerprint.dim <= PLURUM_DIM_MAX && c.map_size >= 1 << 20);
    require(c.newcomer_weights == 0 || c.newcomer_weights == 1);
    require(strnlen(c.embedder_url, sizeof c.embedder_url) < sizeof c.embedder_url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const READERS[])(const uint8_t *, size_t) = {read_document, read_report,
                                                               read_trust, read_configuration};
    if (size) READERS[data[0] % 4](data + 1, size - 1);
    return 0;
}
