/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Training. Samples are the contents of public, published documents, spread evenly over the ids:
 * a dictionary holds verbatim text of its samples, so nothing that is not public may be among them.
 * Where contents are large, they are spread more thinly, so that memory stays bounded.
 */
#include <config.h>

#include "engine/apply/dictionary.h"

#include "base/alloc.h"
#include "base/error.h"

typedef struct sample_set {
    pli_buf text;
    size_t *sizes;
    size_t count, cap;
    uint64_t public_seen, public_bytes;
} sample_set;

static int is_public(const pli_doc_row *row)
{
    return row->visibility == PLURUM_PUBLIC &&
           (row->lifecycle == PLURUM_PUBLISHED || row->lifecycle == PLURUM_VERIFIED);
}

/* Of a content that is longer than a dictionary, the beginning will do. */
static size_t sample_size(size_t len)
{
    return len < PLI_DICT_SIZE ? len : PLI_DICT_SIZE;
}

static plurum_status take_sample(sample_set *set, plurum_index *index, pli_txn *txn, uint32_t id,
                                 plurum_error *error)
{
    char *content;
    size_t len;
    plurum_status status = pli_blob_get(&content, &len, index->codec, txn, id, error);
    if (status) return status;
    if (pli_grow(&set->sizes, &set->cap, set->count, sizeof *set->sizes)) {
        pli_free(content);
        return pli_nomem(error);
    }
    len = sample_size(len);
    set->sizes[set->count++] = len;
    pli_buf_add(&set->text, content, len);
    pli_free(content);
    return set->text.failed ? pli_nomem(error) : PLURUM_OK;
}

/* Takes every stride-th public document; or, where stride is 0, only adds up how long all are. */
static plurum_status walk_public(sample_set *set, uint64_t stride, plurum_index *index,
                                 pli_txn *txn, plurum_error *error)
{
    pli_walk *walk;
    pli_slice key, value;
    plurum_status status = pli_walk_begin(&walk, txn, PLI_DOCS, NULL, 0, error);
    set->public_seen = 0;
    while (!status && !(status = pli_walk_next(walk, &key, &value, error))) {
        pli_doc_row row;
        uint32_t id = pli_load_be32(key.bytes);
        status = pli_doc_decode(&row, id, value, error);
        if (status || !is_public(&row)) continue;
        set->public_bytes += stride ? 0 : sample_size(row.plain_len);
        if (set->public_seen++ % (stride ? stride : 1) == 0 && stride)
            status = take_sample(set, index, txn, id, error);
    }
    pli_walk_end(walk);
    return status == PLURUM_NOTFOUND ? PLURUM_OK : status;
}

static plurum_status take_samples(sample_set *set, plurum_index *index, pli_txn *txn,
                                  plurum_error *error)
{
    plurum_status status = walk_public(set, 0, index, txn, error);
    if (status || set->public_seen < PLI_DICT_SAMPLES_MIN) return status;
    uint64_t by_count = set->public_seen / PLI_DICT_SAMPLES_MAX,
             by_bytes = set->public_bytes / PLI_DICT_BYTES_MAX;
    return walk_public(set, 1 + (by_count > by_bytes ? by_count : by_bytes), index, txn, error);
}

static void free_samples(sample_set *set)
{
    pli_free(set->sizes);
    pli_buf_free(&set->text);
}

plurum_status pli_dictionary_make(pli_buf *bytes, uint64_t *samples, plurum_index *index,
                                  pli_txn *txn, plurum_error *error)
{
    sample_set set = {.text = PLI_BUF_INIT};
    plurum_status status = take_samples(&set, index, txn, error);
    if (!status && set.public_seen >= PLI_DICT_SAMPLES_MIN)
        status = pli_dict_train(bytes, set.text.bytes, set.sizes, (unsigned)set.count, error);
    *samples = bytes->len ? set.count : 0;
    free_samples(&set);
    return status;
}

typedef struct trained {
    pli_buf bytes;
    uint32_t version;
} trained;

static plurum_status store_dictionary(void *payload, pli_txn *txn, plurum_error *error)
{
    trained *made = payload;
    return pli_dict_put(&made->version, txn, made->bytes.bytes, made->bytes.len, error);
}

plurum_status pli_dictionary_consider(plurum_index *index, plurum_error *error)
{
    pli_txn *txn;
    uint64_t samples = 0;
    trained made = {PLI_BUF_INIT, 0};
    if (pli_codec_version(index->codec)) return PLURUM_OK;
    plurum_status status = pli_txn_read(&txn, index->store, error);
    if (status) return status;
    uint64_t documents = pli_txn_count(txn, PLI_DOCS);
    if (documents >= PLI_DICT_SAMPLES_MIN && documents >= 2 * index->applier.dictionary_tried) {
        index->applier.dictionary_tried = documents; /* too few public ones: wait for twice as many */
        status = pli_dictionary_make(&made.bytes, &samples, index, txn, error);
    }
    pli_txn_end(txn);
    if (!status && made.bytes.len) status = pli_write_apart(index, store_dictionary, &made, error);
    if (!status && made.version) {
        status = pli_codec_use(index->codec, made.version, made.bytes.bytes, made.bytes.len, error);
        pli_index_log(index, "compression dictionary %lu trained on %llu documents",
                      (unsigned long)made.version, (unsigned long long)samples);
    }
    pli_buf_free(&made.bytes);
    return status;
}
