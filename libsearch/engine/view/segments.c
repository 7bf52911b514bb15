/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record of segments in the store, and the sets that are open.
 *
 * The record is one value of the meta table, changed in one transaction, so every process sees a
 * whole set and learns of a new one by its serial. A file is removed only after the record no longer
 * names it; whoever has it mapped keeps it, and whoever comes too late to open it scans instead until
 * its next search, which sees the newer record.
 */
#include <config.h>

#include "engine/view/segments.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <xxhash.h>

#include "base/error.h"
#include "engine/engine.h"
#include "engine/files.h"

static const char KEY[] = "segments";

/* ---- the record ---- */

static int decode(pli_segments_record *out, pli_slice value)
{
    pli_reader r = pli_reader_of(value.bytes, value.len);
    out->serial = pli_read_u64(&r);
    out->next_number = pli_read_u32(&r);
    out->count = pli_read_u32(&r);
    if (r.failed || out->count > PLI_SEGMENTS_MAX) return -1;
    for (uint32_t i = 0; i < out->count; i++) {
        out->lines[i].number = pli_read_u32(&r);
        out->lines[i].count = pli_read_u32(&r);
        out->lines[i].last_id = pli_read_u32(&r);
        out->lines[i].checksum = pli_read_u64(&r);
    }
    return r.failed || r.at != r.end ? -1 : 0;
}

void pli_segments_read(pli_segments_record *out, pli_txn *txn)
{
    pli_slice value;
    if (pli_get(&value, txn, PLI_META, KEY, sizeof KEY - 1, NULL) || decode(out, value))
        memset(out, 0, sizeof *out);
}

static plurum_status save(const pli_segments_record *record, pli_txn *txn, plurum_error *error)
{
    pli_buf buf = PLI_BUF_INIT;
    pli_buf_u64(&buf, record->serial);
    pli_buf_u32(&buf, record->next_number);
    pli_buf_u32(&buf, record->count);
    for (uint32_t i = 0; i < record->count; i++) {
        pli_buf_u32(&buf, record->lines[i].number);
        pli_buf_u32(&buf, record->lines[i].count);
        pli_buf_u32(&buf, record->lines[i].last_id);
        pli_buf_u64(&buf, record->lines[i].checksum);
    }
    plurum_status status =
        buf.failed ? pli_nomem(error)
                   : pli_put(txn, PLI_META, KEY, sizeof KEY - 1, buf.bytes, buf.len, error);
    pli_buf_free(&buf);
    return status;
}

/* ---- sets ---- */

static void unref_segment(pli_shared_segment *shared)
{
    if (atomic_fetch_sub_explicit(&shared->references, 1, memory_order_acq_rel) != 1) return;
    pli_segment_close(shared->segment);
    pli_free(shared);
}

void pli_segment_set_unref(pli_segment_set *set)
{
    if (!set || atomic_fetch_sub_explicit(&set->references, 1, memory_order_acq_rel) != 1) return;
    for (size_t i = 0; i < set->count; i++) unref_segment(set->segments[i]);
    pli_free(set);
}

static pli_segment_set *newest(pli_segments *segments)
{
    pthread_mutex_lock(&segments->mutex);
    pli_segment_set *set = segments->set;
    if (set) atomic_fetch_add_explicit(&set->references, 1, memory_order_relaxed);
    pthread_mutex_unlock(&segments->mutex);
    return set;
}

static pli_shared_segment *known(const pli_segment_set *before, const pli_segment_line *line)
{
    for (size_t i = 0; before && i < before->count; i++)
        if (before->segments[i]->line.number == line->number &&
            before->segments[i]->line.checksum == line->checksum) {
            atomic_fetch_add_explicit(&before->segments[i]->references, 1, memory_order_relaxed);
            return before->segments[i];
        }
    return NULL;
}

static plurum_status open_one(pli_shared_segment **out, const plurum_index *index,
                              const pli_segment_line *line, plurum_error *error)
{
    pli_shared_segment *shared = pli_calloc(1, sizeof *shared);
    char *path = pli_segments_path(&index->segments, line->number, 1);
    plurum_status status = shared && path ? PLURUM_OK : pli_nomem(error);
    if (!status)
        status = pli_segment_open(&shared->segment, path, index->fingerprint.dim,
                                  index->segments.owner, error);
    if (!status && shared->segment->facts.checksum != line->checksum)
        status = pli_fail(error, PLURUM_CORRUPT, "%s: not the segment that the store names", path);
    pli_free(path);
    if (status) {
        if (shared) pli_segment_close(shared->segment);
        pli_free(shared);
        return status;
    }
    atomic_init(&shared->references, 1);
    shared->line = *line;
    *out = shared;
    return PLURUM_OK;
}

/* Whether a segment is of no use any more, where other errors may pass. */
static int is_lost(plurum_status status)
{
    return status == PLURUM_CORRUPT || status == PLURUM_FORMAT || status == PLURUM_NOTFOUND;
}

/* Opens what the record names and the set before has not. NULL: it cannot be done now. */
static pli_segment_set *load(const plurum_index *index, const pli_segments_record *record,
                             const pli_segment_set *before)
{
    plurum_error error;
    pli_segment_set *set = pli_calloc(1, sizeof *set);
    if (!set) return NULL;
    atomic_init(&set->references, 1);
    set->serial = record->serial;
    for (uint32_t i = 0; i < record->count; i++) {
        const pli_segment_line *line = &record->lines[i];
        pli_shared_segment *shared = known(before, line);
        plurum_status status = shared ? PLURUM_OK : open_one(&shared, index, line, &error);
        if (!status) {
            set->segments[set->count++] = shared;
            continue;
        }
        pli_index_log(index, "a vector segment cannot be used, its documents are scanned: %s",
                      error.text);
        if (!is_lost(status)) {
            pli_segment_set_unref(set);
            return NULL;
        }
        set->lost[set->lost_count++] = line->number;
    }
    return set;
}

static void install(pli_segments *segments, pli_segment_set *set)
{
    pthread_mutex_lock(&segments->mutex);
    pli_segment_set *before = segments->set;
    segments->set = set;
    pthread_mutex_unlock(&segments->mutex);
    pli_segment_set_unref(before);
}

/* Under the loading mutex. */
static void bring_up(plurum_index *index, const pli_segments_record *record)
{
    pli_segment_set *before = newest(&index->segments);
    if (!before || before->serial < record->serial) {
        pli_segment_set *set = load(index, record, before);
        if (set) install(&index->segments, set);
    }
    pli_segment_set_unref(before);
}

pli_segment_set *pli_segments_at(plurum_index *index, pli_txn *txn)
{
    pli_segments_record record;
    if (!index->fingerprint.dim) return NULL;
    pli_segments_read(&record, txn);
    if (!record.serial) return NULL;
    pli_segment_set *set = newest(&index->segments);
    if ((set && set->serial >= record.serial) || pthread_mutex_trylock(&index->segments.loading))
        return set;
    pli_segment_set_unref(set);
    bring_up(index, &record);
    pthread_mutex_unlock(&index->segments.loading);
    return newest(&index->segments);
}

plurum_status pli_segments_lend(plurum_index *index, pli_txn *txn, plurum_error *error)
{
    pli_segments_record record;
    pli_segments_read(&record, txn);
    if (!record.serial) return PLURUM_OK;
    pthread_mutex_lock(&index->segments.loading);
    bring_up(index, &record);
    pthread_mutex_unlock(&index->segments.loading);
    pli_segment_set *set = index->segments.lender = newest(&index->segments);
    plurum_status status = PLURUM_OK;
    for (size_t i = 0; set && i < set->count; i++) {
        const pli_segment *segment = set->segments[i]->segment;
        for (uint32_t n = 0, at = 0; at < segment->facts.count && !status; at++) {
            n += at == segment->starts[n + 1];
            const float *vector = segment->vectors + (size_t)n * segment->facts.dim;
            status = pli_flat_lend(index->vectors, segment->ids[at], vector, error);
        }
    }
    return status;
}

/* ---- changing the record ---- */

typedef struct change {
    const uint32_t *removed;
    size_t removed_count;
    const pli_segment_line *added;
    pli_segments_record record;
} change;

static plurum_status change_record(void *payload, pli_txn *txn, plurum_error *error)
{
    change *c = payload;
    pli_segments_record *record = &c->record;
    uint32_t kept = 0;
    pli_segments_read(record, txn);
    for (uint32_t i = 0; i < record->count; i++) {
        int stays = 1;
        for (size_t j = 0; j < c->removed_count; j++)
            stays &= record->lines[i].number != c->removed[j];
        if (stays) record->lines[kept++] = record->lines[i];
    }
    record->count = kept;
    record->serial++;
    if (c->added) {
        if (kept == PLI_SEGMENTS_MAX)
            return pli_fail(error, PLURUM_LIMIT, "%d vector segments, no more are recorded", kept);
        record->lines[record->count++] = *c->added;
        if (record->next_number <= c->added->number) record->next_number = c->added->number + 1;
    }
    return save(record, txn, error);
}

plurum_status pli_segments_forget(pli_txn *txn, plurum_error *error)
{
    pli_segments_record record;
    pli_segments_read(&record, txn);
    if (!record.count) return PLURUM_OK;
    record.count = 0;
    record.serial++;
    return save(&record, txn, error);
}

int pli_segments_is_record(pli_table table, pli_slice key)
{
    return table == PLI_META && pli_slice_is(key, KEY);
}

plurum_status pli_segments_change(plurum_index *index, const uint32_t *removed,
                                  size_t removed_count, const pli_segment_line *added,
                                  plurum_error *error)
{
    change c = {.removed = removed, .removed_count = removed_count, .added = added};
    plurum_status status = pli_write_apart(index, change_record, &c, error);
    if (status) return status;
    pthread_mutex_lock(&index->segments.loading);
    bring_up(index, &c.record);
    pthread_mutex_unlock(&index->segments.loading);
    return PLURUM_OK;
}

/* ---- files ---- */

char *pli_segments_path(const pli_segments *segments, uint32_t number, int is_finished)
{
    char name[24];
    snprintf(name, sizeof name, "%08lu.%s", (unsigned long)number, is_finished ? "seg" : "new");
    return pli_files_join(segments->directory, name);
}

static int is_recorded(const pli_segments_record *record, const char *name)
{
    for (uint32_t i = 0; i < record->count; i++) {
        char recorded[24];
        snprintf(recorded, sizeof recorded, "%08lu.seg", (unsigned long)record->lines[i].number);
        if (strcmp(recorded, name) == 0) return 1;
    }
    return 0;
}

plurum_status pli_segments_sweep(plurum_index *index, plurum_error *error)
{
    pli_txn *txn;
    pli_segments_record record;
    plurum_status status = pli_txn_read(&txn, index->store, error);
    if (status) return status;
    pli_segments_read(&record, txn);
    pli_txn_end(txn);
    DIR *dir = opendir(index->segments.directory);
    if (!dir)
        return errno == ENOENT ? PLURUM_OK
                               : pli_fail_errno(error, errno, "%s", index->segments.directory);
    for (struct dirent *e; !status && (e = readdir(dir));) {
        if (e->d_name[0] == '.' || is_recorded(&record, e->d_name)) continue;
        char *path = pli_files_join(index->segments.directory, e->d_name);
        status = path ? pli_files_remove(path, error) : pli_nomem(error);
        pli_free(path);
    }
    closedir(dir);
    return status;
}

void pli_segments_count(plurum_stats *stats, plurum_index *index, pli_txn *txn)
{
    pli_segment_set *set = pli_segments_at(index, txn);
    for (size_t i = 0; set && i < set->count; i++) {
        stats->segments++;
        stats->segment_vectors += set->segments[i]->segment->facts.count;
        stats->segment_bytes += set->segments[i]->segment->map_size;
    }
    pli_segment_set_unref(set);
}

/* ---- the handle's part ---- */

void pli_segments_init(pli_segments *segments)
{
    pthread_mutex_init(&segments->loading, NULL);
    pthread_mutex_init(&segments->mutex, NULL);
}

plurum_status pli_segments_open(pli_segments *segments, const char *path, const char *identity,
                                const plurum_fingerprint *model, uint32_t number,
                                plurum_error *error)
{
    char name[32];
    XXH64_hash_t seed = XXH3_64bits(identity, strlen(identity));
    seed = XXH3_64bits_withSeed(model->name, strlen(model->name), seed);
    seed = XXH3_64bits_withSeed(&model->checksum, sizeof model->checksum, seed);
    seed = XXH3_64bits_withSeed(&model->text_template, sizeof model->text_template, seed);
    segments->owner = XXH3_64bits_withSeed(&number, sizeof number, seed);
    snprintf(name, sizeof name, "segments-%.8s", identity);
    segments->directory = pli_files_join(path, name);
    return segments->directory ? PLURUM_OK : pli_nomem(error);
}

void pli_segments_drop(pli_segments *segments)
{
    pli_segment_set_unref(segments->set);
    pli_segment_set_unref(segments->lender);
    pli_free(segments->directory);
    segments->set = segments->lender = NULL;
    segments->directory = NULL;
}

void pli_segments_close(pli_segments *segments)
{
    pli_segments_drop(segments);
    pthread_mutex_destroy(&segments->mutex);
    pthread_mutex_destroy(&segments->loading);
}
