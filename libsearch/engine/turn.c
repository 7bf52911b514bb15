/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Write transactions of the engine's own take their turn among the groups of commits.
 */
#include <config.h>

#include "engine/engine.h"

plurum_status pli_write_apart(plurum_index *index,
                              plurum_status (*write)(void *payload, pli_txn *txn,
                                                     plurum_error *error),
                              void *payload, plurum_error *error)
{
    pli_writer *writer = &index->writer;
    pthread_mutex_lock(&writer->mutex);
    while (writer->leading) pthread_cond_wait(&writer->turn, &writer->mutex);
    writer->leading = 1;
    pthread_mutex_unlock(&writer->mutex);
    pli_txn *txn;
    plurum_status status = pli_txn_write(&txn, index->store, error);
    if (!status) {
        status = write(payload, txn, error);
        if (status)
            pli_txn_end(txn);
        else
            status = pli_txn_commit(txn, error);
    }
    pthread_mutex_lock(&writer->mutex);
    writer->leading = 0;
    pthread_cond_broadcast(&writer->turn);
    pthread_mutex_unlock(&writer->mutex);
    return status;
}
