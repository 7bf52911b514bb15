/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blobs. On disk: version of the dictionary (u32), then one zstd frame. zstd's contexts are dear to
 * make (about 100 µs and 1 MB), so they are kept and lent to one thread at a time.
 */
#include <config.h>

#include "store/blob.h"

#include <pthread.h>
#include <string.h>

#include <zdict.h>
#include <zstd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/rows.h"

enum { LEVEL = 3, CONTEXTS = 16 };

typedef struct dictionary {
    uint32_t version;
    ZSTD_CDict *compress;
    ZSTD_DDict *expand;
} dictionary;

struct pli_codec {
    pthread_mutex_t mutex; /* guards everything below; held for look-ups only */
    ZSTD_CCtx *compressors[CONTEXTS];
    ZSTD_DCtx *expanders[CONTEXTS];
    size_t compressor_count, expander_count;
    dictionary *dictionaries;
    size_t dictionary_count, dictionary_cap;
    uint32_t newest;
};

static ZSTD_CCtx *borrow_compressor(pli_codec *codec)
{
    ZSTD_CCtx *context = NULL;
    pthread_mutex_lock(&codec->mutex);
    if (codec->compressor_count) context = codec->compressors[--codec->compressor_count];
    pthread_mutex_unlock(&codec->mutex);
    return context ? context : ZSTD_createCCtx();
}

static void return_compressor(pli_codec *codec, ZSTD_CCtx *context)
{
    pthread_mutex_lock(&codec->mutex);
    if (codec->compressor_count < CONTEXTS) {
        codec->compressors[codec->compressor_count++] = context;
        context = NULL;
    }
    pthread_mutex_unlock(&codec->mutex);
    ZSTD_freeCCtx(context);
}

static ZSTD_DCtx *borrow_expander(pli_codec *codec)
{
    ZSTD_DCtx *context = NULL;
    pthread_mutex_lock(&codec->mutex);
    if (codec->expander_count) context = codec->expanders[--codec->expander_count];
    pthread_mutex_unlock(&codec->mutex);
    return context ? context : ZSTD_createDCtx();
}

static void return_expander(pli_codec *codec, ZSTD_DCtx *context)
{
    pthread_mutex_lock(&codec->mutex);
    if (codec->expander_count < CONTEXTS) {
        codec->expanders[codec->expander_count++] = context;
        context = NULL;
    }
    pthread_mutex_unlock(&codec->mutex);
    ZSTD_freeDCtx(context);
}

/* Under the mutex: the entry of a version, or NULL. */
static dictionary *known(pli_codec *codec, uint32_t version)
{
    for (size_t i = 0; i < codec->dictionary_count; i++)
        if (codec->dictionaries[i].version == version) return &codec->dictionaries[i];
    return NULL;
}

static plurum_status add_dictionary(pli_codec *codec, uint32_t version, const void *bytes,
                                    size_t len, plurum_error *error)
{
    dictionary made = {version, ZSTD_createCDict(bytes, len, LEVEL), ZSTD_createDDict(bytes, len)};
    plurum_status status = made.compress && made.expand ? PLURUM_OK : pli_nomem(error);
    pthread_mutex_lock(&codec->mutex);
    int wanted = !status && !known(codec, version);
    if (wanted && pli_grow(&codec->dictionaries, &codec->dictionary_cap, codec->dictionary_count,
                           sizeof made))
        status = pli_nomem(error);
    if (wanted && !status) {
        codec->dictionaries[codec->dictionary_count++] = made;
        made.compress = NULL;
        made.expand = NULL;
    }
    pthread_mutex_unlock(&codec->mutex);
    ZSTD_freeCDict(made.compress);
    ZSTD_freeDDict(made.expand);
    return status;
}

/* Loads a version from the store when this handle has not seen it; 0 is no dictionary. */
static plurum_status need_dictionary(pli_codec *codec, pli_txn *txn, uint32_t version,
                                     plurum_error *error)
{
    if (version == 0) return PLURUM_OK;
    pthread_mutex_lock(&codec->mutex);
    int there = known(codec, version) != NULL;
    pthread_mutex_unlock(&codec->mutex);
    if (there) return PLURUM_OK;
    unsigned char key[4];
    pli_slice value;
    pli_store_be32(key, version);
    plurum_status status = pli_get(&value, txn, PLI_DICTS, key, sizeof key, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, PLURUM_CORRUPT, "dicts: dictionary %lu is missing",
                        (unsigned long)version);
    return status ? status : add_dictionary(codec, version, value.bytes, value.len, error);
}

plurum_status pli_codec_use(pli_codec *codec, uint32_t version, const void *bytes, size_t len,
                            plurum_error *error)
{
    plurum_status status = add_dictionary(codec, version, bytes, len, error);
    pthread_mutex_lock(&codec->mutex);
    if (!status && version > codec->newest) codec->newest = version;
    pthread_mutex_unlock(&codec->mutex);
    return status;
}

uint32_t pli_codec_version(const pli_codec *codec)
{
    pthread_mutex_t *mutex = (pthread_mutex_t *)(uintptr_t)&codec->mutex;
    pthread_mutex_lock(mutex);
    uint32_t newest = codec->newest;
    pthread_mutex_unlock(mutex);
    return newest;
}

plurum_status pli_codec_open(pli_codec **out, pli_txn *txn, plurum_error *error)
{
    *out = NULL;
    pli_codec *codec = pli_calloc(1, sizeof *codec);
    if (!codec) return pli_nomem(error);
    pthread_mutex_init(&codec->mutex, NULL);
    uint32_t newest = (uint32_t)pli_txn_count(txn, PLI_DICTS); /* versions are 1, 2, … */
    plurum_status status = need_dictionary(codec, txn, newest, error);
    if (status) {
        pli_codec_close(codec);
        return status;
    }
    codec->newest = newest;
    *out = codec;
    return PLURUM_OK;
}

void pli_codec_close(pli_codec *codec)
{
    if (!codec) return;
    for (size_t i = 0; i < codec->compressor_count; i++) ZSTD_freeCCtx(codec->compressors[i]);
    for (size_t i = 0; i < codec->expander_count; i++) ZSTD_freeDCtx(codec->expanders[i]);
    for (size_t i = 0; i < codec->dictionary_count; i++) {
        ZSTD_freeCDict(codec->dictionaries[i].compress);
        ZSTD_freeDDict(codec->dictionaries[i].expand);
    }
    pli_free(codec->dictionaries);
    pthread_mutex_destroy(&codec->mutex);
    pli_free(codec);
}

plurum_status pli_blob_pack(pli_buf *buf, pli_codec *codec, const char *content, size_t len,
                            plurum_error *error)
{
    pthread_mutex_lock(&codec->mutex);
    uint32_t version = codec->newest;
    dictionary *d = known(codec, version);
    const ZSTD_CDict *compress = d ? d->compress : NULL; /* lives until the codec is closed */
    pthread_mutex_unlock(&codec->mutex);
    ZSTD_CCtx *context = borrow_compressor(codec);
    size_t bound = ZSTD_compressBound(len);
    void *room = pli_malloc(bound);
    plurum_status status = context && room ? PLURUM_OK : pli_nomem(error);
    if (!status) {
        size_t n = compress
                       ? ZSTD_compress_usingCDict(context, room, bound, content, len, compress)
                       : ZSTD_compressCCtx(context, room, bound, content, len, LEVEL);
        if (ZSTD_isError(n))
            status = pli_fail(error, PLURUM_BACKEND, "zstd: %s", ZSTD_getErrorName(n));
        else {
            pli_buf_u32(buf, compress ? version : 0);
            pli_buf_add(buf, room, n);
            if (buf->failed) status = pli_nomem(error);
        }
    }
    pli_free(room);
    if (context) return_compressor(codec, context);
    return status;
}

static plurum_status expand(char **content, size_t *len, pli_codec *codec, uint32_t version,
                            const void *frame, size_t frame_len, plurum_error *error)
{
    unsigned long long size = ZSTD_getFrameContentSize(frame, frame_len);
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        size > PLI_CONTENT_MAX)
        return pli_fail(error, PLURUM_CORRUPT, "not a zstd frame of a possible size");
    pthread_mutex_lock(&codec->mutex);
    dictionary *d = known(codec, version);
    const ZSTD_DDict *with = d ? d->expand : NULL;
    pthread_mutex_unlock(&codec->mutex);
    ZSTD_DCtx *context = borrow_expander(codec);
    char *text = pli_malloc((size_t)size + 1);
    plurum_status status = context && text ? PLURUM_OK : pli_nomem(error);
    if (!status) {
        size_t n = with ? ZSTD_decompress_usingDDict(context, text, (size_t)size, frame, frame_len,
                                                     with)
                        : ZSTD_decompressDCtx(context, text, (size_t)size, frame, frame_len);
        if (ZSTD_isError(n) || n != size)
            status = pli_fail(error, PLURUM_CORRUPT, "zstd: %s",
                              ZSTD_isError(n) ? ZSTD_getErrorName(n) : "short frame");
    }
    if (context) return_expander(codec, context);
    if (status) {
        pli_free(text);
        return status;
    }
    text[size] = '\0';
    *content = text;
    *len = (size_t)size;
    return PLURUM_OK;
}

plurum_status pli_blob_get(char **content, size_t *len, pli_codec *codec, pli_txn *txn,
                           uint32_t id, plurum_error *error)
{
    unsigned char key[4];
    pli_slice value;
    *content = NULL;
    pli_store_be32(key, id);
    plurum_status status = pli_get(&value, txn, PLI_BLOBS, key, sizeof key, error);
    if (status == PLURUM_NOTFOUND)
        return pli_fail(error, PLURUM_CORRUPT, "blobs: the content of document %lu is missing",
                        (unsigned long)id);
    if (status) return status;
    pli_reader r = pli_reader_of(value.bytes, value.len);
    uint32_t version = pli_read_u32(&r);
    status = need_dictionary(codec, txn, version, error);
    if (!status)
        status = expand(content, len, codec, version, r.at, (size_t)(r.end - r.at), error);
    if (status) pli_error_prefix(error, "blobs: document %lu", (unsigned long)id);
    return status;
}

plurum_status pli_dict_train(pli_buf *buf, const void *samples, const size_t *sizes,
                             unsigned sample_count, plurum_error *error)
{
    void *dict = pli_malloc(PLI_DICT_SIZE);
    if (!dict) return pli_nomem(error);
    size_t n = ZDICT_trainFromBuffer(dict, PLI_DICT_SIZE, samples, sizes, sample_count);
    if (!ZDICT_isError(n)) pli_buf_add(buf, dict, n); /* samples too few or too alike: none */
    pli_free(dict);
    return buf->failed ? pli_nomem(error) : PLURUM_OK;
}

plurum_status pli_dict_put(uint32_t *version, pli_txn *txn, const void *bytes, size_t len,
                           plurum_error *error)
{
    unsigned char key[4];
    *version = (uint32_t)pli_txn_count(txn, PLI_DICTS) + 1;
    pli_store_be32(key, *version);
    return pli_put(txn, PLI_DICTS, key, sizeof key, bytes, len, error);
}
