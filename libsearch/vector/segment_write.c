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
#include "vector/distinct.h"

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

/* What is written: the documents by node, and the graph over the nodes. */
typedef struct content {
    const pli_segment_source *source;
    pli_groups groups;
    pli_graph graph;
} content;

/* Node i's vector is that of its first document. */
static const float *vector_of(const void *payload, uint32_t i)
{
    const content *c = payload;
    return c->source->vector(c->source->payload, c->groups.ids[c->groups.starts[i]]);
}

static uint64_t write_section(output *o, const void *bytes, size_t len)
{
    add(o, bytes, len);
    return end_section(o);
}

static void write_sections(output *o, uint64_t checksums[PLI_SECTION_COUNT], const content *c)
{
    static const unsigned char ZEROS[PLI_SEGMENT_HEADER];
    const pli_groups *g = &c->groups;
    add(o, ZEROS, sizeof ZEROS);
    XXH3_64bits_reset(o->state);
    checksums[PLI_SECTION_IDS] = write_section(o, g->ids, c->source->count * sizeof *g->ids);
    checksums[PLI_SECTION_STARTS] =
        write_section(o, g->starts, ((size_t)g->count + 1) * sizeof *g->starts);
    checksums[PLI_SECTION_LEVELS] = write_section(o, c->graph.levels.bytes, c->graph.levels.len);
    checksums[PLI_SECTION_OFFSETS] = write_section(o, c->graph.offsets.bytes, c->graph.offsets.len);
    checksums[PLI_SECTION_NEIGHBOURS] =
        write_section(o, c->graph.neighbours.bytes, c->graph.neighbours.len);
    for (uint32_t i = 0; i < g->count; i++)
        add(o, vector_of(c, i), c->source->dim * sizeof(float));
    checksums[PLI_SECTION_VECTORS] = end_section(o);
    flush(o);
}

static plurum_status write_all(output *o, const char *path, const content *c, plurum_error *error)
{
    unsigned char header[PLI_SEGMENT_HEADER];
    uint64_t checksums[PLI_SECTION_COUNT];
    const pli_segment_source *source = c->source;
    pli_segment_facts facts = {.dim = source->dim,
                               .count = source->count,
                               .nodes = c->groups.count,
                               .first_id = source->ids[0],
                               .last_id = source->ids[source->count - 1],
                               .seq = source->seq,
                               .owner = source->owner,
                               .neighbours = c->graph.neighbours.len / 4,
                               .m = PLI_GRAPH_M,
                               .max_level = (uint32_t)c->graph.max_level,
                               .entry = (uint32_t)c->graph.entry};
    XXH3_64bits_reset(o->state);
    write_sections(o, checksums, c);
    pli_segment_header_write(header, &facts, checksums);
    if (!o->failed && lseek(o->fd, 0, SEEK_SET) < 0) o->failed = errno;
    add(o, header, sizeof header);
    flush(o);
    if (!o->failed && fsync(o->fd)) o->failed = errno;
    return o->failed ? pli_fail_errno(error, o->failed, "%s", path) : PLURUM_OK;
}

static plurum_status write_file(const char *path, const content *c, plurum_error *error)
{
    output o = {.fd = -1, .state = XXH3_createState(), .buffer = pli_malloc(BUFFER)};
    plurum_status status = o.state && o.buffer ? PLURUM_OK : pli_nomem(error);
    if (!status) {
        o.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        status = o.fd < 0 ? pli_fail_errno(error, errno, "%s", path) : write_all(&o, path, c, error);
    }
    if (o.fd >= 0) close(o.fd);
    XXH3_freeState(o.state);
    pli_free(o.buffer);
    return status;
}

static int stop_of(void *payload)
{
    const pli_segment_source *source = ((const content *)payload)->source;
    return source->stop && source->stop(source->payload);
}

plurum_status pli_segment_write(const char *path, const pli_segment_source *source,
                                plurum_error *error)
{
    content c = {.source = source};
    plurum_status status = pli_groups_make(&c.groups, source, error);
    if (!status) {
        pli_graph_source from = {.dim = source->dim,
                                 .count = c.groups.count,
                                 .vector = vector_of,
                                 .stop = stop_of,
                                 .payload = &c};
        status = pli_graph_build(&c.graph, &from, error);
    }
    if (!status) status = write_file(path, &c, error);
    pli_graph_free(&c.graph);
    pli_groups_free(&c.groups);
    return status;
}
