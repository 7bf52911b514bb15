/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of generations, in the meta table. Bytes in docs/format.md.
 */
#include <config.h>

#include "engine/jobs/generation.h"

#include <string.h>

#include "base/error.h"
#include "engine/view/segments.h"

static plurum_status malformed(const char *name, plurum_error *error)
{
    return pli_fail(error, PLURUM_CORRUPT, "meta: the record %s is malformed", name);
}

plurum_status pli_generation_model(uint32_t *model, pli_txn *txn, plurum_error *error)
{
    pli_slice value;
    *model = 1;
    plurum_status status = pli_get(&value, txn, PLI_META, "model", 5, error);
    if (status == PLURUM_NOTFOUND) return PLURUM_OK; /* never reindexed */
    if (status) return status;
    if (value.len == 4) *model = pli_load_u32(value.bytes);
    return value.len == 4 && *model >= 1 && *model <= PLI_MODELS ? PLURUM_OK
                                                                 : malformed("model", error);
}

static void put_weights(pli_buf *buf, const plurum_weights *weights)
{
    for (int i = 0; i < PLI_WEIGHT_COUNT; i++) {
        pli_buf_string(buf, plurum_weight_info_at((size_t)i)->name);
        pli_buf_f64(buf, weights->value[i]);
    }
}

/* By name, so that a later version may have more of them; what it no longer has is passed over. */
static plurum_status read_weights(plurum_weights *weights, pli_reader *r, plurum_error *error)
{
    pli_weights_init(weights);
    while (!r->failed && r->at != r->end) {
        char name[64] = "";
        pli_slice text = pli_slice_read(r);
        double value = pli_read_f64(r);
        if (r->failed || text.len >= sizeof name) break;
        memcpy(name, text.bytes, text.len);
        plurum_error why;
        plurum_status status = plurum_weights_set(weights, name, value, &why);
        if (status && status != PLURUM_NOTFOUND) return malformed("weights", error);
    }
    return r->failed || r->at != r->end ? malformed("weights", error) : PLURUM_OK;
}

plurum_status pli_generation_weights(plurum_weights *weights, int *have, pli_txn *txn,
                                     plurum_error *error)
{
    pli_slice value;
    *have = 0;
    plurum_status status = pli_get(&value, txn, PLI_META, "weights", 7, error);
    if (status == PLURUM_NOTFOUND) return PLURUM_OK;
    if (status) return status;
    pli_reader r = pli_reader_of(value.bytes, value.len);
    *have = 1;
    return read_weights(weights, &r, error);
}

plurum_status pli_generation_live(pli_generation *out, pli_txn *txn, plurum_error *error)
{
    memset(out, 0, sizeof *out);
    out->cleared = 1;
    plurum_status status = pli_generation_model(&out->model, txn, error);
    if (!status) status = pli_configuration_load(&out->configuration, txn, error);
    return status ? status
                  : pli_generation_weights(&out->weights, &out->has_weights, txn, error);
}

plurum_status pli_generation_load(pli_generation *out, pli_txn *txn, const char *name,
                                  plurum_error *error)
{
    pli_slice value;
    plurum_status status = pli_get(&value, txn, PLI_META, name, strlen(name), error);
    if (status) return status;
    memset(out, 0, sizeof *out);
    pli_reader r = pli_reader_of(value.bytes, value.len);
    out->model = pli_read_u8(&r);
    out->cleared = (int)pli_read_u8(&r);
    out->has_weights = (int)pli_read_u8(&r);
    pli_slice configuration = pli_slice_read(&r);
    if (r.failed || out->model < 1 || out->model > PLI_MODELS || out->cleared > 1 ||
        out->has_weights > 1)
        return malformed(name, error);
    status = pli_configuration_decode(&out->configuration, configuration, error);
    if (!status && out->has_weights) status = read_weights(&out->weights, &r, error);
    return !status && r.at != r.end ? malformed(name, error) : status;
}

static plurum_status put_record(pli_txn *txn, const char *name, const pli_buf *buf,
                                plurum_error *error)
{
    return buf->failed ? pli_nomem(error)
                       : pli_put(txn, PLI_META, name, strlen(name), buf->bytes, buf->len, error);
}

plurum_status pli_generation_save(const pli_generation *g, pli_txn *txn, const char *name,
                                  plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT, configuration = PLI_BUF_INIT;
    pli_configuration_encode(&configuration, &g->configuration);
    pli_buf_u8(&buf, g->model);
    pli_buf_u8(&buf, (unsigned)g->cleared);
    pli_buf_u8(&buf, (unsigned)g->has_weights);
    pli_slice_put(&buf, pli_slice_of(configuration.bytes, configuration.len));
    if (g->has_weights) put_weights(&buf, &g->weights);
    buf.failed |= configuration.failed;
    plurum_status status = put_record(txn, name, &buf, error);
    pli_buf_free(&configuration);
    pli_buf_free(&buf);
    return status;
}

plurum_status pli_generation_drop(pli_txn *txn, const char *name, plurum_error *error)
{
    pli_slice value;
    plurum_status status = pli_get(&value, txn, PLI_META, name, strlen(name), error);
    if (status == PLURUM_NOTFOUND) return PLURUM_OK;
    return status ? status : pli_del_meta(txn, name, strlen(name), error);
}

static plurum_status save_weights(const pli_generation *g, pli_txn *txn, plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT;
    if (!g->has_weights) return pli_generation_drop(txn, "weights", error);
    put_weights(&buf, &g->weights);
    plurum_status status = put_record(txn, "weights", &buf, error);
    pli_buf_free(&buf);
    return status;
}

plurum_status pli_generation_switch(const pli_generation *g, pli_txn *txn, plurum_error *error)
{
    pli_generation before;
    unsigned char number[4];
    plurum_status status = pli_generation_live(&before, txn, error);
    if (status) return status;
    pli_store_u32(number, g->model);
    status = pli_generation_save(&before, txn, "previous", error);
    if (!status) status = pli_configuration_save(&g->configuration, txn, error);
    if (!status) status = save_weights(g, txn, error);
    if (!status) status = pli_put(txn, PLI_META, "model", 5, number, sizeof number, error);
    if (!status) status = pli_generation_drop(txn, "pending", error);
    if (!status && g->model != before.model) status = pli_segments_forget(txn, error);
    pli_txn_set_generation(txn, pli_txn_generation(txn) + 1);
    return status;
}
