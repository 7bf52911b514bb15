/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents' contents, compressed with zstd and a dictionary that the store trains itself.
 *
 * A blob names the version of its dictionary (0: none); dictionaries are kept in the store for as
 * long as a blob names them. They are trained on public documents only, because a dictionary holds
 * verbatim text of what it was trained on.
 */
#ifndef PLI_STORE_BLOB_H
#define PLI_STORE_BLOB_H

#include "base/buf.h"
#include "store/store.h"

/* No content is larger: four fields of 1 MiB, escaped six to one, and labels come to 25 MiB. */
enum { PLI_CONTENT_MAX = 64 << 20 };

/* Compressor and dictionaries of an open store; any thread. */
typedef struct pli_codec pli_codec;

plurum_status pli_codec_open(pli_codec **out, pli_txn *txn, plurum_error *error);
void pli_codec_close(pli_codec *codec);

/* Version of the dictionary that new blobs get; 0 before the first is trained. */
uint32_t pli_codec_version(const pli_codec *codec);

/* Appends the blob of a content to buf. */
plurum_status pli_blob_pack(pli_buf *buf, pli_codec *codec, const char *content, size_t len,
                            plurum_error *error);
/*
 * The content of a document as a NUL-terminated text, the caller's (pli_free). txn serves to load a
 * dictionary that this handle has not seen yet. CORRUPT names the document.
 */
plurum_status pli_blob_get(char **content, size_t *len, pli_codec *codec, pli_txn *txn,
                           uint32_t id, plurum_error *error);

enum {
    PLI_DICT_SIZE = 112640,      /* bytes; zstd's own default, 110 KiB                       */
    PLI_DICT_SAMPLES_MIN = 1000, /* public documents before one is worth training            */
    PLI_DICT_SAMPLES_MAX = 4000, /* samples taken                                            */
    PLI_DICT_BYTES_MAX = 100 * PLI_DICT_SIZE /* and all of them together: as zstd advises    */
};

/*
 * Trains on samples laid end to end (sizes: sample_count of them) and appends the dictionary's
 * bytes to buf; nothing when the samples do not make one.
 */
plurum_status pli_dict_train(pli_buf *buf, const void *samples, const size_t *sizes,
                             unsigned sample_count, plurum_error *error);
/* Stores a dictionary as the next version, in a write transaction. */
plurum_status pli_dict_put(uint32_t *version, pli_txn *txn, const void *bytes, size_t len,
                           plurum_error *error);
/* After that has been committed: new blobs use it. */
plurum_status pli_codec_use(pli_codec *codec, uint32_t version, const void *bytes, size_t len,
                            plurum_error *error);

#endif
