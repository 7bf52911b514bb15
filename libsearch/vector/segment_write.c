/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a segment: the sections one after the other, then the header over the place that was left
 * for it, so that a file that was not finished has none.
 */
#include <config.h>

#include "vector/segment_layout.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <xxhash.h>

#include "base/alloc.h"
#include "base/error.h"

typedef struct output {
    int fd;
    int failed; /* errno of the first failure */
    uint64_t at;
    XXH3_state_t *state; /* of the section that is being written */
    unsigned char *buffer;
    size_t used;
} output;

enum { BUFFER = 1 << 18 };

static void flush(output *o)
{
    for (size_t done = 0; done < o->used && !o->failed;) {
        ssize_t n = write(o->fd, o->buffer + done, o->used - done);
        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            o->failed = n == 0 ? ENOSPC : errno;
    }
    o->used = 0;
}

static void add(output *o, const void *bytes, size_t len)
{
    XXH3_64bits_update(o->state, bytes, len);
    o->at += len;
    for (const unsigned char *from = bytes; len;) {
        size_t n = BUFFER - o->used < len ? BUFFER - o->used : len;
        memcpy(o->buffer + o->used, from, n);
        o->used += n;
        from += n;
        len -= n;
        if (o->used == BUFFER) flush(o);
    }
}

/* Ends a section: its checksum, and zeros up to where the next begins. */
static uint64_t end_section(output *o)
{
    static const unsigned char ZEROS[PLI_SEGMENT_ALIGN];
    uint64_t checksum = XXH3_64bits_digest(o->state);
    size_t over = o->at % PLI_SEGMENT_ALIGN;
    if (over) add(o, ZEROS, PLI_SEGMENT_ALIGN - over);
    XXH3_64bits_reset(o->state);
    return checksum;
}

static void write_sections(output *o, uint64_t checksums[PLI_SECTION_COUNT],
                           const pli_segment_source *source, const pli_graph *graph)
{
    static const unsigned char ZEROS[PLI_SEGMENT_HEADER];
    add(o, ZEROS, sizeof ZEROS);
    XXH3_64bits_reset(o->state);
    add(o, source->ids, source->count * sizeof *source->ids);
    checksums[PLI_SECTION_IDS] = end_section(o);
    add(o, graph->levels.bytes, graph->levels.len);
    checksums[PLI_SECTION_LEVELS] = end_section(o);
    add(o, graph->offsets.bytes, graph->offsets.len);
    checksums[PLI_SECTION_OFFSETS] = end_section(o);
    add(o, graph->neighbours.bytes, graph->neighbours.len);
    checksums[PLI_SECTION_NEIGHBOURS] = end_section(o);
    for (uint32_t i = 0; i < source->count; i++)
        add(o, source->vector(source->payload, source->ids[i]), source->dim * sizeof(float));
    checksums[PLI_SECTION_VECTORS] = end_section(o);
    flush(o);
}

static plurum_status write_all(output *o, const char *path, const pli_segment_source *source,
                               const pli_graph *graph, plurum_error *error)
{
    unsigned char header[PLI_SEGMENT_HEADER];
    uint64_t checksums[PLI_SECTION_COUNT];
    pli_segment_facts facts = {.dim = source->dim,
                               .count = source->count,
                               .first_id = source->ids[0],
                               .last_id = source->ids[source->count - 1],
                               .seq = source->seq,
                               .owner = source->owner,
                               .neighbours = graph->neighbours.len / 4,
                               .m = PLI_GRAPH_M,
                               .max_level = (uint32_t)graph->max_level,
                               .entry = (uint32_t)graph->entry};
    XXH3_64bits_reset(o->state);
    write_sections(o, checksums, source, graph);
    pli_segment_header_write(header, &facts, checksums);
    if (!o->failed && pwrite(o->fd, header, sizeof header, 0) != (ssize_t)sizeof header)
        o->failed = errno;
    if (!o->failed && fsync(o->fd)) o->failed = errno;
    return o->failed ? pli_fail_errno(error, o->failed, "%s", path) : PLURUM_OK;
}

static plurum_status write_file(const char *path, const pli_segment_source *source,
                                const pli_graph *graph, plurum_error *error)
{
    output o = {.fd = -1, .state = XXH3_createState(), .buffer = pli_malloc(BUFFER)};
    plurum_status status = o.state && o.buffer ? PLURUM_OK : pli_nomem(error);
    if (!status) {
        o.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        status = o.fd < 0 ? pli_fail_errno(error, errno, "%s", path)
                          : write_all(&o, path, source, graph, error);
    }
    if (o.fd >= 0) close(o.fd);
    XXH3_freeState(o.state);
    pli_free(o.buffer);
    return status;
}

/* A graph's node i is the i-th id. */
static const float *vector_of(const void *payload, uint32_t i)
{
    const pli_segment_source *source = payload;
    return source->vector(source->payload, source->ids[i]);
}

static int stop_of(void *payload)
{
    const pli_segment_source *source = payload;
    return source->stop && source->stop(source->payload);
}

plurum_status pli_segment_write(const char *path, const pli_segment_source *source,
                                plurum_error *error)
{
    pli_graph graph;
    pli_graph_source from = {.dim = source->dim,
                             .count = source->count,
                             .vector = vector_of,
                             .stop = stop_of,
                             .payload = (void *)(uintptr_t)source};
    plurum_status status = pli_graph_build(&graph, &from, error);
    if (!status) status = write_file(path, source, &graph, error);
    pli_graph_free(&graph);
    return status;
}
