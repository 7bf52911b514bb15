/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Things that one thread uses at a time and that are dear to make: analysers and text readers.
 */
#include <config.h>

#include "engine/engine.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"

int64_t pli_index_clock(const plurum_index *index)
{
    return index->options.clock ? index->options.clock(index->options.clock_payload)
                                : pli_clock_system();
}

void pli_index_log(const plurum_index *index, const char *format, ...)
{
    if (!index->options.log) return;
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    pli_one_line(line);
    index->options.log(index->options.log_payload, line);
}

plurum_status pli_borrow_analyser(pli_analyser **out, plurum_index *index, plurum_error *error)
{
    *out = NULL;
    pthread_mutex_lock(&index->pool_mutex);
    if (index->analyser_count) *out = index->analysers[--index->analyser_count];
    pthread_mutex_unlock(&index->pool_mutex);
    return *out ? PLURUM_OK : pli_analyser_new(out, error);
}

void pli_return_analyser(plurum_index *index, pli_analyser *analyser)
{
    if (!analyser) return;
    pthread_mutex_lock(&index->pool_mutex);
    if (index->analyser_count < PLI_POOL) {
        index->analysers[index->analyser_count++] = analyser;
        analyser = NULL;
    }
    pthread_mutex_unlock(&index->pool_mutex);
    pli_analyser_free(analyser);
}

void pli_note_text(plurum_index *index, uint32_t last_id)
{
    uint32_t known = atomic_load(&index->text_last_id);
    while (last_id > known &&
           !atomic_compare_exchange_weak(&index->text_last_id, &known, last_id)) {
    }
}

/* Remembers how far a reader reaches, unless its index is gone. */
static void note(plurum_index *index, const pli_text_reader *reader, unsigned generation)
{
    uint64_t seq;
    uint32_t last_id;
    pli_text_reader_applied(reader, &seq, &last_id);
    pthread_mutex_lock(&index->pool_mutex);
    if (index->text_generation == generation) pli_note_text(index, last_id);
    pthread_mutex_unlock(&index->pool_mutex);
}

/* NULL where there is no index. The writing process may put another one in its place at any
 * moment, half-way through the opening too: then once more. A writing handle has made one, so that
 * there is none is damage to it. */
static plurum_status open_reader(pli_text_reader **out, const plurum_index *index,
                                 plurum_error *error)
{
    enum { ATTEMPTS = 3 };
    plurum_status status;
    int attempts = 0;
    do {
        status = pli_text_reader_open(out, index->text_path, error);
        if (status == PLURUM_NOTFOUND)
            return index->options.read_only
                       ? PLURUM_OK
                       : pli_fail(error, PLURUM_CORRUPT, "%s: it is gone", index->text_path);
    } while (status && status != PLURUM_NOMEM && ++attempts < ATTEMPTS);
    return status;
}

plurum_status pli_borrow_reader(pli_text_reader **out, unsigned *generation, plurum_index *index,
                                plurum_error *error)
{
    pli_text_reader *reader = NULL;
    *out = NULL;
    pthread_mutex_lock(&index->pool_mutex);
    *generation = index->text_generation;
    if (index->reader_count) reader = index->readers[--index->reader_count];
    pthread_mutex_unlock(&index->pool_mutex);
    if (reader && pli_text_reader_refresh(reader, NULL)) {
        pli_text_reader_close(reader); /* rebuilt under another inode, perhaps: open it anew */
        reader = NULL;
    }
    if (!reader) {
        plurum_status status = open_reader(&reader, index, error);
        if (status || !reader) return status;
    }
    note(index, reader, *generation);
    *out = reader;
    return PLURUM_OK;
}

void pli_return_reader(plurum_index *index, pli_text_reader *reader, unsigned generation)
{
    if (!reader) return;
    pthread_mutex_lock(&index->pool_mutex);
    if (generation == index->text_generation && index->reader_count < PLI_POOL) {
        index->readers[index->reader_count++] = reader;
        reader = NULL;
    }
    pthread_mutex_unlock(&index->pool_mutex);
    pli_text_reader_close(reader);
}

void pli_forget_readers(plurum_index *index)
{
    pthread_mutex_lock(&index->pool_mutex);
    index->text_generation++;
    while (index->reader_count) pli_text_reader_close(index->readers[--index->reader_count]);
    atomic_store(&index->text_last_id, 0);
    pthread_mutex_unlock(&index->pool_mutex);
}
