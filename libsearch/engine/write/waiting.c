/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of documents that wait. Bytes in docs/format.md.
 */
#include <config.h>

#include "engine/write/waiting.h"

#include "base/error.h"
#include "store/rows.h"

enum { NO_MODEL = 0, KEY = 8, VALUE = 4 };

static void make_key(unsigned char key[KEY], uint32_t id)
{
    pli_store_be32(key, NO_MODEL);
    pli_store_be32(key + 4, id);
}

plurum_status pli_waiting_put(pli_txn *txn, uint32_t id, uint32_t model, plurum_error *error)
{
    unsigned char key[KEY], value[VALUE];
    make_key(key, id);
    pli_store_u32(value, model);
    return pli_put(txn, PLI_VECTORS, key, sizeof key, value, sizeof value, error);
}

plurum_status pli_waiting_remove(pli_txn *txn, uint32_t id, plurum_error *error)
{
    unsigned char key[KEY];
    make_key(key, id);
    plurum_status status = pli_del(txn, PLI_VECTORS, key, sizeof key, error);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

static plurum_status read_model(uint32_t *model, uint32_t id, pli_slice value, plurum_error *error)
{
    *model = value.len == VALUE ? pli_load_u32(value.bytes) : 0;
    return *model >= 1 && *model <= PLI_MODELS
               ? PLURUM_OK
               : pli_fail(error, PLURUM_CORRUPT, "vectors: the record of document %lu, which waits "
                                                 "for one, is malformed", (unsigned long)id);
}

plurum_status pli_waiting_get(uint32_t *model, pli_txn *txn, uint32_t id, plurum_error *error)
{
    unsigned char key[KEY];
    pli_slice value;
    make_key(key, id);
    *model = 0;
    plurum_status status = pli_get(&value, txn, PLI_VECTORS, key, sizeof key, error);
    if (status == PLURUM_NOTFOUND) return PLURUM_OK;
    return status ? status : read_model(model, id, value, error);
}

/* Calls take for each that waits for the model, until it returns 0. */
static plurum_status walk(uint32_t after, uint32_t model, pli_txn *txn,
                          int (*take)(void *payload, uint32_t id), void *payload,
                          plurum_error *error)
{
    unsigned char start[KEY];
    pli_walk *records;
    pli_slice key, value;
    uint32_t waits;
    int more = 1;
    if (after == UINT32_MAX) return PLURUM_OK;
    make_key(start, after + 1);
    plurum_status status = pli_walk_begin(&records, txn, PLI_VECTORS, start, sizeof start, error);
    while (!status && more && !(status = pli_walk_next(records, &key, &value, error))) {
        if (key.len != KEY || pli_load_be32(key.bytes) != NO_MODEL) break; /* the vectors themselves */
        uint32_t id = pli_load_be32(key.bytes + 4);
        status = read_model(&waits, id, value, error);
        if (!status && (!model || waits == model)) more = take(payload, id);
    }
    pli_walk_end(records);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

typedef struct list {
    uint32_t *ids;
    size_t count, most;
} list;

static int add(void *payload, uint32_t id)
{
    list *l = payload;
    l->ids[l->count++] = id;
    return l->count < l->most;
}

plurum_status pli_waiting_list(uint32_t *ids, size_t *count, size_t most, uint32_t after,
                               uint32_t model, pli_txn *txn, plurum_error *error)
{
    list l = {ids, 0, most};
    plurum_status status = walk(after, model, txn, add, &l, error);
    *count = l.count;
    return status;
}

static int count_one(void *payload, uint32_t id)
{
    (void)id;
    ++*(uint64_t *)payload;
    return 1;
}

plurum_status pli_waiting_count(uint64_t *count, uint32_t model, pli_txn *txn, plurum_error *error)
{
    *count = 0;
    return walk(0, model, txn, count_one, count, error);
}
