/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a segment: the sections one after the other, then the header over the place that was left
 * for it, so that a file that was not finished has none.
 */
#include <config.h>

#include "vector/segment_layout.h"

#include "base/alloc.h"
#include "base/error.h"
#include "vector/distinct.h"

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

static uint64_t write_section(pli_output *o, const void *bytes, size_t len)
{
    pli_output_add(o, bytes, len);
    return pli_output_end_section(o);
}

static void write_sections(pli_output *o, uint64_t checksums[PLI_SECTION_COUNT], const content *c)
{
    const pli_groups *g = &c->groups;
    checksums[PLI_SECTION_IDS] = write_section(o, g->ids, c->source->count * sizeof *g->ids);
    checksums[PLI_SECTION_STARTS] =
        write_section(o, g->starts, ((size_t)g->count + 1) * sizeof *g->starts);
    checksums[PLI_SECTION_LEVELS] = write_section(o, c->graph.levels.bytes, c->graph.levels.len);
    checksums[PLI_SECTION_OFFSETS] = write_section(o, c->graph.offsets.bytes, c->graph.offsets.len);
    checksums[PLI_SECTION_NEIGHBOURS] =
        write_section(o, c->graph.neighbours.bytes, c->graph.neighbours.len);
    for (uint32_t i = 0; i < g->count; i++)
        pli_output_add(o, vector_of(c, i), c->source->dim * sizeof(float));
    checksums[PLI_SECTION_VECTORS] = pli_output_end_section(o);
}

static plurum_status write_all(pli_output *o, const char *path, const content *c,
                               plurum_error *error)
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
    write_sections(o, checksums, c);
    pli_segment_header_write(header, &facts, checksums);
    return pli_output_finish(o, path, header, sizeof header, error);
}

static plurum_status write_file(const char *path, const content *c, plurum_error *error)
{
    pli_output o;
    plurum_status status = pli_output_open(&o, path, PLI_SEGMENT_HEADER, error);
    if (!status) status = write_all(&o, path, c, error);
    pli_output_close(&o);
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
