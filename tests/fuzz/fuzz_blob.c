/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a stored blob, read as every blob is: out of a store whose seal says that all is
 * well. It is read, as a text that ends where its length says, or refused as CORRUPT.
 */
#include <config.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "store/blob.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char directory[64];
static pli_store *store;
static pli_codec *codec;

static void require(int holds)
{
    if (!holds) abort();
}

static void close_store(void)
{
    char command[96];
    pli_codec_close(codec);
    pli_store_close(store);
    snprintf(command, sizeof command, "rm -rf %s", directory);
    if (system(command)) perror(directory);
}

static pli_txn *begin(void)
{
    pli_txn *txn;
    require(pli_txn_write(&txn, store, NULL) == PLURUM_OK);
    return txn;
}

/* A store with a dictionary 1 of raw text, so that blobs that name one can be read too. */
static void open_store(void)
{
    static const char DICTIONARY[] = "{\"title\":\"restore a backup of the database\",\"tags\":[]}";
    pli_store_options options = {.no_sync = 1};
    uint32_t version;
    strcpy(directory, "/tmp/plurum-fuzz-XXXXXX");
    require(mkdtemp(directory) != NULL);
    require(pli_store_create(directory, 1 << 24, NULL) == PLURUM_OK);
    require(pli_store_open(&store, directory, &options, NULL) == PLURUM_OK);
    pli_txn *txn = begin();
    require(pli_dict_put(&version, txn, DICTIONARY, sizeof DICTIONARY - 1, NULL) == PLURUM_OK);
    require(pli_txn_commit(txn, NULL) == PLURUM_OK);
    txn = begin();
    require(pli_codec_open(&codec, txn, NULL) == PLURUM_OK);
    pli_txn_end(txn);
    atexit(close_store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char KEY[4] = {0, 0, 0, 7};
    char *content;
    size_t len;
    plurum_error error;
    if (!store) open_store();
    pli_txn *txn = begin();
    require(pli_put(txn, PLI_BLOBS, KEY, sizeof KEY, data, size, &error) == PLURUM_OK);
    plurum_status status = pli_blob_get(&content, &len, codec, txn, 7, &error);
    require(status == PLURUM_OK || (status == PLURUM_CORRUPT && error.text[0]));
    if (status) {
        require(content == NULL && strstr(error.text, "document 7") != NULL);
    } else {
        require(content[len] == '\0' && len <= PLI_CONTENT_MAX);
        pli_free(content);
    }
    pli_txn_end(txn);
    return 0;
}
